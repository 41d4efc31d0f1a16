"""Over HTTP, a safeguarding concern leaves nothing that anybody else could notice."""

import json
from typing import Any
from uuid import UUID

import pytest
from tests.api.test_live import following
from tests.api.world import World

from enquiry.kernel.safeguarding.concern import concerns_stream

WORRY = {"description": "A pupil told me something that I cannot keep to myself."}


async def school_with_lead(here: World) -> str:
    """The steward answers for safeguarding at the one school; its address."""
    seen = (await here.get(here.steward, f"/v1/alliances/{here.alliance}/views/directory")).json()
    school = seen["schools"][0]["school"]
    lead = {"capacity": "safeguarding_lead", "people": [str(here.steward)]}
    await here.at_alliance("name-capacity", school=school, **lead)
    return f"/v1/concerns/{concerns_stream(UUID(school))}"


async def raised(here: World, **more: str) -> Any:
    path = f"/v1/alliances/{here.alliance}/actions/alliance/raise-safeguarding-concern"
    return await here.post(here.member, path, WORRY | more)


async def test_a_concern_is_raised_with_one_request_and_read_by_its_lead(here: World) -> None:
    place = await school_with_lead(here)
    done = await raised(here)
    assert done.status_code == 201
    assert done.json()["events"] == []
    read = await here.get(here.steward, f"{place}/views/concerns")
    assert [one["description"] for one in read.json()["concerns"]] == [WORRY["description"]]
    listed = (await here.get(here.steward, "/v1/concerns")).json()
    assert len(listed["items"]) == 1


@pytest.mark.parametrize("rest", ["", "/history", "/views/concerns"])
async def test_whoever_raised_it_finds_nothing_there(here: World, rest: str) -> None:
    place = await school_with_lead(here)
    await raised(here)
    assert (await here.get(here.member, place + rest)).status_code == 404
    assert (await here.get(here.tokens.operator, place + rest)).status_code == 404
    assert (await here.get(here.member, "/v1/concerns")).json()["items"] == []


async def test_that_a_concern_was_raised_is_neither_written_down_nor_counted(here: World) -> None:
    await school_with_lead(here)
    written, counted = here.written.tell(), (await here.client.get("/metrics")).text
    await raised(here)
    assert b"concern" not in here.written.getvalue()[written:]
    assert "raise-safeguarding" not in (await here.client.get("/metrics")).text
    assert "raise-safeguarding" not in counted


async def test_the_lead_hears_of_it_live_and_nobody_else_does(here: World) -> None:
    place = await school_with_lead(here)
    async with following(here, here.member) as theirs, following(here, here.steward) as lead:
        await raised(here)
        heard = await lead.event()
        told = [theirs.chunks.get_nowait() for _ in range(theirs.chunks.qsize())]
    assert json.loads(heard["data"])["href"] == place
    assert all(chunk.startswith(b":") for chunk in told)


async def test_it_is_raised_as_well_when_everything_one_takes_part_in_is_over(here: World) -> None:
    place = await school_with_lead(here)
    circle = await here.open_circle()
    await here.choose_book(circle)
    tag = (await here.get(here.member, circle)).headers["ETag"]
    assert (await here.act(circle, "close-circle", {}, If_Match=tag)).status_code == 201
    before = (await here.get(here.member, circle)).json()
    assert (await raised(here, about_ref=circle)).status_code == 201
    read = (await here.get(here.steward, f"{place}/views/concerns")).json()
    assert read["concerns"][0]["about"] == circle
    assert (await here.get(here.member, circle)).json() == before


async def test_every_screen_leads_to_it(here: World) -> None:
    circle = await here.open_circle()
    for path in (circle, f"/v1/alliances/{here.alliance}"):
        links = (await here.get(here.member, path)).json()["links"]
        done = await here.post(here.member, links["safeguarding"]["href"], WORRY)
        assert done.status_code == 201
        told = await here.get(here.member, links["safeguarding-contacts"]["href"])
        assert told.status_code == 200
