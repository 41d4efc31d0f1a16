"""Asking in a run, deciding in the alliance, and what readers find afterwards: over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.gathered import Gathered, gathering
from tests.api.world import NOON

from enquiry.privacy.ledger import MemoryLedger
from enquiry.runtime.erasure.flow import Erasures

WORD = "Nine of twelve pupils asked each other first"
HIS = "I asked nobody by name"


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Gathered]:
    async with gathering(tmp_path) as made:
        await made.notes("Kelly", WORD)
        await made.notes("Hamish", HIS)
        yield made


async def erasures(told: Gathered, name: str) -> list[Any]:
    path = f"/v1/alliances/{told.here.alliance}/views/erasures"
    got = await told.here.get(told.people[name], path)
    assert got.status_code == 200, got.text
    return got.json()["erasures"]


async def carry_out(told: Gathered) -> bool:
    system = told.here.app.edge.system
    eraser = Erasures(system.log, system.registry, MemoryLedger(), system.forget)
    return [one.done for one in await eraser.round(NOON)] == [True]


async def test_what_is_asked_in_a_run_is_decided_in_the_alliance(told: Gathered) -> None:
    await told.does("Hamish", "request-erasure", scope="run")
    (asked,) = await erasures(told, "Ines")
    assert (asked["person"], asked["stand"]) == (told.who("Hamish"), "asked")
    assert asked["stream"] == told.run[-36:]
    assert await erasures(told, "Petra") == []
    assert len(await erasures(told, "Hamish")) == 1
    await told.here.at_alliance("grant-erasure", request=asked["request"])
    assert await carry_out(told)
    (done,) = await erasures(told, "Hamish")
    assert (done["stand"], done["keys"], done["copies_until"]) == ("done", 1, "2026-12-24")
    run = await told.here.get(told.people["Petra"], f"{told.run}/history")
    assert WORD in run.text
    assert HIS not in run.text
    assert '"erased"' in run.text
    directory = f"/v1/alliances/{told.here.alliance}/views/directory"
    assert "Hamish Orr" in (await told.here.get(told.people["Petra"], directory)).text


async def test_whoever_is_erased_everywhere_has_no_name_any_more(told: Gathered) -> None:
    await told.does("Hamish", "request-erasure", scope="person")
    (asked,) = await erasures(told, "Ines")
    assert asked["stream"] is None
    await told.here.at_alliance("grant-erasure", request=asked["request"])
    assert await carry_out(told)
    for path in (told.run, f"{told.run}/history", f"/v1/alliances/{told.here.alliance}"):
        for name in ("Petra", "Kelly", "Hamish"):
            got = await told.here.get(told.people[name], path)
            assert got.status_code == 200, got.text
            assert "Hamish Orr" not in got.text
            assert HIS not in got.text
    directory = f"/v1/alliances/{told.here.alliance}/views/directory"
    shown = await told.here.get(told.people["Petra"], directory)
    assert "Hamish Orr" not in shown.text
    members = {m["person"]: m["name"] for m in shown.json()["schools"][0]["members"]}
    assert members[told.who("Hamish")]["placeholder"] == "erased"


async def test_a_form_that_names_no_request_of_theirs_is_refused(told: Gathered) -> None:
    path = f"/v1/alliances/{told.here.alliance}"
    seen = await told.here.get(told.people["Petra"], path)
    got = await told.here.post(
        told.people["Petra"],
        f"{path}/actions/alliance/grant-erasure",
        {"request": told.run[-36:]},
        If_Match=seen.headers["ETag"],
    )
    assert (got.status_code, got.json()["code"]) == (404, "NOT_FOUND")
