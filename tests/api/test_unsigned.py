"""What is read without its author, over HTTP: on the view of today, and by no other way."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated
from uuid import UUID

import pytest
from msgspec import Struct
from tests.api.world import World, world

from enquiry import MEMBER, Builder, Entry, Look, Role, State, Was, ask, text

WORDS = "Six pupils copied the heading"


class Wall(State):
    """Slips on a wall."""

    slips: Mapping[UUID, str] = {}
    writers: tuple[UUID, ...] = ()


class PutUp(Entry, records="put-up"):
    """Put up a wall"""


class Pin(Entry, records="slip-pinned", unsigned=True, sealed=("room",)):
    """Pin a slip to it"""

    room: Annotated[int, ask("Seen in which room?", ge=1, le=9)]
    words: Annotated[str, text("What did you see?", upto=200, guard="cards")]

    def apply(self, s: Wall, was: Was) -> Wall:
        """One more."""
        return s.but(slips={**s.slips, was.id: self.words}, writers=(*s.writers, was.by))


class Slips(Struct, frozen=True):
    """What is on the wall."""

    slips: tuple[str, ...]


def slips(s: Wall, look: Look) -> Slips:
    """In the order of their ids."""
    del look
    return Slips(tuple(s.slips[id_] for id_ in sorted(s.slips)))


WRITER = Role("writer", "whoever has pinned something")


def cast(s: Wall) -> Mapping[str, tuple[UUID, ...]]:
    """Who has pinned something."""
    return {WRITER.name: s.writers}


wall = Builder("wall", 1, "Wall", state=Wall, roles=(WRITER,), cast=cast)
(up,) = wall.stages("up")
wall.move(PutUp, by=MEMBER, opens=True)
wall.move(Pin, by=MEMBER, at=up)
wall.show(PutUp, to=MEMBER)
wall.show(Pin, to=(MEMBER, WRITER))
wall.view("slips", "On the wall", to=MEMBER, build=slips, schema=Slips, past=False)
METHOD = wall.build()


class Pinned:
    """A wall with one slip, by Petra."""

    def __init__(self, here: World, href: str, position: int) -> None:
        self.here, self.href, self.position = here, href, position


@pytest.fixture
async def pinned(tmp_path: Path) -> AsyncIterator[Pinned]:
    async with world(tmp_path, methods=(METHOD,)) as here:
        await here.found_alliance()
        path = f"/v1/runs/actions/wall/put-up?alliance={here.alliance}"
        href = (await here.post(here.steward, path)).json()["href"]
        form = {"room": 7, "words": WORDS}
        done = await here.post(here.member, f"{href}/actions/wall/pin", form)
        assert done.status_code == 201, done.text
        yield Pinned(here, href, int(done.headers["Enquiry-Position"]))


async def test_a_view_tells_it_to_everybody(pinned: Pinned) -> None:
    got = await pinned.here.get(pinned.here.steward, f"{pinned.href}/views/slips")
    assert got.json() == {"slips": [WORDS]}


async def test_the_view_of_an_earlier_moment_is_absent(pinned: Pinned) -> None:
    path = f"{pinned.href}/views/slips?at={pinned.position - 1}"
    got = await pinned.here.get(pinned.here.steward, path)
    assert (got.status_code, got.json()["code"]) == (404, "NOT_FOUND")


async def test_no_history_but_the_authors_holds_it(pinned: Pinned) -> None:
    here = pinned.here
    theirs = await here.get(here.steward, f"{pinned.href}/history")
    assert "wall/put-up" in [item["kind"] for item in theirs.json()["items"]]
    assert "wall/slip-pinned" not in [item["kind"] for item in theirs.json()["items"]]
    mine = await here.get(here.member, f"{pinned.href}/history")
    [slip] = [item for item in mine.json()["items"] if item["kind"] == "wall/slip-pinned"]
    assert slip["data"] == {"words": WORDS}


async def test_records_to_take_along_leave_out_what_is_sealed(pinned: Pinned) -> None:
    got = await pinned.here.get(pinned.here.member, "/v1/me/records")
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        contents = json.loads(archive.read("data/contents.json"))
        streams = [json.loads(archive.read(one["path"])) for one in contents["streams"]]
    items = [item for stream in streams for item in stream["items"]]
    [slip] = [item for item in items if item["kind"] == "wall/slip-pinned"]
    assert slip["data"] == {"words": WORDS}
