"""Three enquiries of one school at once, over HTTP: said to it, taken back, found again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.api.enquiring import Enquiring
from tests.api.world import NOON, World, world

from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System

OVERLOAD = "INITIATIVE_OVERLOAD"


class Busy:
    """A school, and the enquiries that it takes part in."""

    def __init__(self, here: World, system: System) -> None:
        self.here = here
        self.system = system

    async def begins(self) -> Enquiring:
        """Another enquiry of the school, launched."""
        here, made = self.here, Enquiring(self.here)
        shown = await here.get(here.steward, f"/v1/alliances/{here.alliance}/views/directory")
        school = shown.json()["schools"][0]["school"]
        path = f"/v1/enquiries/actions/enquiry/create-enquiry?alliance={here.alliance}"
        opened = await here.post(here.member, path, {"title": "Talk", "schools": [school]})
        made.enquiry = opened.json()["href"]
        await made.does("name-facilitator", person=str(here.member))
        await made.does("launch-enquiry")
        return made

    async def ticks(self) -> None:
        """What is timed is looked at, in every enquiry."""
        await self.system.tick(NOON)

    async def said(self, one: Enquiring) -> list[dict[str, Any]]:
        """What its member reads of it there."""
        shown = (await one.get("")).json()
        return [warning for warning in shown["warnings"] if warning["code"] == OVERLOAD]


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Busy]:
    kept: list[System] = []

    def keep(system: System) -> System:
        kept.append(system)
        return system

    async with world(tmp_path, system=keep) as here:
        await here.found_alliance()
        yield Busy(here, kept[0])


async def test_the_third_enquiry_says_so_and_the_others_follow_with_the_time(busy: Busy) -> None:
    enquiries = [await busy.begins() for _ in range(3)]
    assert [len(await busy.said(one)) for one in enquiries] == [0, 0, 1]
    await busy.ticks()
    assert [len(await busy.said(one)) for one in enquiries] == [1, 1, 1]
    (remark,) = await busy.said(enquiries[2])
    assert (remark["severity"], remark["state"]) == ("info", "open")


async def test_when_one_is_paused_all_remarks_are_taken_back(busy: Busy) -> None:
    enquiries = [await busy.begins() for _ in range(3)]
    await busy.ticks()
    await enquiries[0].does("pause-enquiry")
    await busy.ticks()
    assert [len(await busy.said(one)) for one in enquiries] == [0, 0, 0]


async def test_a_process_that_folds_the_log_afresh_finds_the_same(busy: Busy) -> None:
    enquiries = [await busy.begins() for _ in range(3)]
    (remark,) = await busy.said(enquiries[2])
    stream = UUID(enquiries[2].enquiry.rpartition("/")[2])
    afresh = await Streams(busy.system.log, busy.system.registry).get(stream)
    assert afresh is not None
    found = [str(one.id) for one in afresh.live.standing.values() if one.code == OVERLOAD]
    assert found == [remark["id"]]
