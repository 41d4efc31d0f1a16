"""The access log: what was given with care and what was refused, written before the answer goes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.test_refusals import SECRET, is_problem
from tests.api.world import World, world

from enquiry.log.promise import Unavailable
from enquiry.runtime.entrance import MemoryEntrance


class Closed(MemoryEntrance):
    """Cannot be written any more."""

    async def record(self, access: Any) -> None:
        raise Unavailable


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.found_alliance()
        yield made


async def told(here: World) -> Any:
    path = f"/v1/alliances/{here.alliance}/accesses"
    return (await here.get(here.steward, path)).json()["items"]


async def test_that_somebody_takes_their_records_along_is_written_down(site: World) -> None:
    run = await site.open_circle()
    await site.choose_book(run)
    await site.act(run, "record-thought", {"page": 1, "thought": SECRET})
    assert (await site.get(site.member, "/v1/me/records")).status_code == 200
    [one] = (await site.get(site.member, "/v1/me/accesses")).json()["items"]
    assert (one["kind"], one["route"], one["outcome"]) == ("records", "take-records", "allowed")
    assert one["person"] == str(site.member)
    assert SECRET not in str(one)


async def test_what_cannot_be_written_down_is_not_given(tmp_path: Path) -> None:
    async with world(tmp_path, entrance=Closed()) as here:
        await here.found_alliance()
        answer = await here.get(here.member, "/v1/me/records")
        is_problem(answer, 503, "UNAVAILABLE")
        token = await here.post(here.tokens.operator, "/v1/tokens", {"person": str(here.member)})
        is_problem(token, 503, "UNAVAILABLE")
        assert (await here.get(here.member, "/v1/runs")).status_code == 200


async def test_what_somebody_may_not_do_is_written_down_with_its_code(site: World) -> None:
    run = await site.open_circle()
    path = f"/v1/alliances/{site.alliance}/actions/alliance/add-school"
    refused = await site.post(site.member, path, {"name": "x", "zone": "Europe/London"})
    is_problem(refused, 403, "NOT_PERMITTED")
    [one] = await told(site)
    assert (one["kind"], one["outcome"]) == ("refused", "NOT_PERMITTED")
    assert one["trace_id"] == refused.json()["trace_id"]
    is_problem(await site.get(site.stranger, run), 404, "NOT_FOUND")
    assert len(await told(site)) == 1


async def test_nobody_writes_into_the_log_of_an_alliance_they_may_not_know(site: World) -> None:
    picture = f"/v1/enquiries/{site.alliance}/views/dashboard/picture.svg"
    is_problem(await site.get(site.stranger, picture), 404, "NOT_FOUND")
    assert await told(site) == []
    [one] = (await site.get(site.stranger, "/v1/me/accesses")).json()["items"]
    assert (one["outcome"], one["stream"]) == ("NOT_FOUND", None)


async def test_stewards_alone_read_the_log_of_an_alliance(site: World) -> None:
    path = f"/v1/alliances/{site.alliance}/accesses"
    is_problem(await site.get(site.member, path), 403, "NOT_PERMITTED")
    is_problem(await site.get(site.stranger, path), 404, "NOT_FOUND")


async def test_ordinary_reads_leave_no_trace_of_who_read_what(site: World) -> None:
    run = await site.open_circle()
    await site.get(site.member, run)
    await site.get(site.member, f"{run}/history")
    assert (await site.get(site.member, "/v1/me/accesses")).json()["items"] == []
