"""Withdrawing in everything at once, over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.gathered import Gathered, gathering
from tests.api.test_records import MINE, meanwhile

from enquiry_api import records
from enquiry_api.server import address, listen, serving

PATH = "/v1/me/consent-withdrawals"


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Gathered]:
    async with gathering(tmp_path) as made:
        await made.notes("Kelly", "Nine of twelve pupils asked each other first")
        yield made


def withdraws(told: Gathered, name: str, body: Any, **headers: str) -> Any:
    path = f"{PATH}?alliance={told.here.alliance}"
    return told.here.post(told.people[name], path, body, **headers)


def refused(got: httpx.Response) -> tuple[int, str]:
    return got.status_code, got.json()["code"]


async def test_it_withdraws_and_says_where(told: Gathered) -> None:
    done = await withdraws(told, "Declan", {"purposes": ["be_observed", "research_only"]})
    assert done.status_code == 201, done.text
    assert done.json()["streams"] == [told.run[-36:]]
    assert done.headers["Enquiry-Position"] == str(done.json()["position"])
    history = await told.here.get(told.people["Petra"], f"{told.run}/history")
    assert "gathering/noted" not in {item["kind"] for item in history.json()["items"]}


async def test_sent_again_it_answers_the_same_and_says_so(told: Gathered) -> None:
    form = {"purposes": ["be_observed"]}
    first = await withdraws(told, "Declan", form, Idempotency_Key="once")
    again = await withdraws(told, "Declan", form, Idempotency_Key="once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_a_purpose_that_nobody_knows_is_refused(told: Gathered) -> None:
    got = await withdraws(told, "Declan", {"purposes": ["be_observed", "be_quiet"]})
    assert refused(got) == (422, "VALIDATION_FAILED")
    assert refused(await withdraws(told, "Declan", {"purposes": []})) == (422, "VALIDATION_FAILED")


async def test_where_there_is_nothing_of_theirs_there_is_nothing(told: Gathered) -> None:
    got = await withdraws(told, "Ines", {"purposes": ["be_observed"]})
    assert refused(got) == (404, "NOT_FOUND")


async def test_it_cuts_an_open_download_off(told: Gathered, monkeypatch: Any) -> None:
    async def withdrawn() -> None:
        done = await withdraws(told, "Declan", {"purposes": ["participate", "be_observed"]})
        assert done.status_code == 201, done.text

    monkeypatch.setattr(records, "PIECE_BYTES", 512)
    meanwhile(monkeypatch, 4, withdrawn)
    bound = listen("127.0.0.1", 0)
    async with serving(told.here.app, bound), httpx.AsyncClient(timeout=10) as client:
        headers = told.here.headers(told.people["Kelly"])
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(address(bound) + MINE, headers=headers)
