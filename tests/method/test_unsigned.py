"""What is read without its author: in views alone, with no place in any history."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from enquiry import Builder, Entry, Finding, Look, Role, State, Was, ask, text
from enquiry.method import core_facts as core
from enquiry.method.describe import audience
from enquiry.method.roles import FACILITATOR
from enquiry.testing import Story, conformance, given, named, person, world

WRITER = Role("writer", "everybody who writes")


class Wall(State):
    """Slips on a wall."""

    slips: Mapping[UUID, str] = {}
    rooms: Mapping[UUID, int] = {}


class Pin(Entry, records="slip-pinned", unsigned=True, sealed=("room",)):
    """Pin a slip to the wall"""

    room: Annotated[int, ask("Seen in which room?", ge=1, le=9)]
    words: Annotated[str, text("What did you see?", upto=200, guard="cards")]

    def apply(self, s: Wall, was: Was) -> Wall:
        """One more."""
        return s.but(slips={**s.slips, was.id: self.words}, rooms={**s.rooms, was.id: self.room})


class Slips(Struct, frozen=True):
    """What is on the wall."""

    slips: tuple[str, ...]


def slips(s: Wall, look: Look) -> Slips:
    """In the order of their ids, which says nothing."""
    del look
    return Slips(tuple(s.slips[id_] for id_ in sorted(s.slips)))


def _everybody(s: Wall) -> Mapping[str, tuple[UUID, ...]]:
    del s
    return {"writer": (person("Petra"), person("Nia"), person("Omar"))}


wall = Builder(
    "wall", 1, "Wall", state=Wall, roles=(WRITER,), cast=_everybody, moderators=(WRITER,)
)
(open_, over) = wall.stages("open", final=("over",))


class TakeDown(Entry, records="taken-down"):
    """Take everything down"""


wall.move(Pin, by=WRITER, at=open_)
wall.move(TakeDown, by=WRITER, at=open_, to=over)
wall.show(Pin, to=WRITER)
wall.show(TakeDown, to=WRITER)
wall.view("slips", "On the wall", to=WRITER, build=slips, schema=Slips, past=False)
METHOD = wall.build()


def _remarks(words: str, profile: str, verbatim: bool, about: str) -> tuple[Finding, ...]:
    del words, profile, verbatim, about
    return (Finding("EVALUATIVE_LANGUAGE", 0, 1, "evaluative"),)


WORLD = world(
    "Petra", "Nia", "Omar", "Ines", texts=_remarks, circles={FACILITATOR: ("Ines", "Omar")}
)
SEEN = {"room": 3, "words": "Six copied the heading"}


def _pinned() -> Story:
    return given(METHOD, world=WORLD).who("Nia").does("pin", SEEN, called="slip")


def _kinds(story: Story, name: str) -> list[str]:
    return [fact["kind"] for fact in story.reads(name)]


def test_a_view_tells_what_is_unsigned() -> None:
    assert _pinned().view("slips", by="Petra") == {"slips": [SEEN["words"]]}


def test_no_history_but_the_authors_holds_what_is_unsigned() -> None:
    story = _pinned()
    assert "slip-pinned" in _kinds(story, "Nia")
    assert "slip-pinned" not in _kinds(story, "Petra")


def test_not_even_the_author_reads_a_sealed_field_again() -> None:
    [mine] = [fact for fact in _pinned().reads("Nia") if fact["kind"] == "slip-pinned"]
    assert mine["data"] == {"words": SEEN["words"]}


def test_what_text_guard_remarks_of_it_is_its_authors_alone() -> None:
    story = _pinned()
    assert story.warned("Nia") == ["EVALUATIVE_LANGUAGE"]
    for name in ("Petra", "Omar"):
        assert story.warned(name) == [], f"{name} moderates or facilitates, and is told who wrote"
        assert "warning-raised" not in _kinds(story, name)


def test_the_remark_names_its_author_to_find_it_again() -> None:
    story = _pinned().settled()
    [raised] = [
        fact.entry for fact in story.stream.recorded() if isinstance(fact.entry, core.WarningRaised)
    ]
    assert (raised.person, raised.about) == (person("Nia"), str(named("slip")))


def test_whoever_writes_is_told_how_it_is_read() -> None:
    [_, row] = audience(METHOD, Pin)
    assert row == (
        "Everybody who writes, without “Seen in which room?” and the author's name and "
        "when or in which order it came."
    )


test_conformance = conformance(METHOD, world=WORLD, walks=6, moves=10)
