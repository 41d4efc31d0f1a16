"""Kelly hosted a room of a walk and observed in a study; she withdraws from everything at once."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal
from tests.journeys.test_journeys import HERE, read, served

from enquiry_api.journeys.player import Player

LATER = "2027-03-15T09:00:00Z"
"""After the end of both stories: closing never blocks rights."""


class Played:
    """Both stories have been played, together; who can ask for what, and where."""

    def __init__(self, url: str, token: str) -> None:
        player = Player(url, token)
        try:
            player.play(read(HERE / "learning_walk.yaml"), read(HERE / "lesson_study.yaml"))
            self.people = player.people()
        finally:
            player.close()
        self.client = httpx.Client(base_url=url, timeout=60)
        self.runs: dict[str, str] = {}
        self.alliance = ""

    def headers(self, name: str, **more: str) -> dict[str, str]:
        _, token = self.people[name]
        return {"Authorization": f"Bearer {token}", "Enquiry-Now": LATER, **more}

    def find(self) -> None:
        """Where the runs are, by method: what Kelly has written stands in both."""
        got = self.client.get("/v1/me/records", headers=self.headers("kelly"))
        with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
            contents = json.loads(archive.read("data/contents.json"))
        self.runs = {one["method"]: f"/v1/runs/{one['stream']}" for one in contents["streams"]}
        shown = self.client.get(self.runs["learning-walk"], headers=self.headers("kelly"))
        self.alliance = shown.json()["alliance"]

    def withdraws(self, name: str, key: str) -> httpx.Response:
        path = f"/v1/me/consent-withdrawals?alliance={self.alliance}"
        form = {"purposes": ["participate", "be_observed"]}
        headers = self.headers(name, **{"Idempotency-Key": key})
        return self.client.post(path, json=form, headers=headers)

    def person(self, name: str) -> str:
        """Somebody's id."""
        return str(self.client.get("/v1/me", headers=self.headers(name)).json()["person"])

    def view(self, method: str, view: str, name: str) -> Any:
        got = self.client.get(f"{self.runs[method]}/views/{view}", headers=self.headers(name))
        assert got.status_code == 200, got.text
        return got.json()


@pytest.fixture
def played(portal: BlockingPortal, tmp_path: Path, database: str) -> Iterator[Played]:
    with portal.wrap_async_context_manager(served(tmp_path, database)) as told:
        made = Played(*told)
        made.find()
        yield made
        made.client.close()


MATRIX = ("lesson-study", "matrix", "petra")


def shared(played: Played) -> Any:
    """The study as the alliance reads it."""
    return played.view("lesson-study", "study", "hamish")


def contributions(played: Played) -> list[Any]:
    """What was said in all discussions, as the group reads it."""
    held = played.view("lesson-study", "discussions", "petra")["discussions"]
    return [one for discussion in held for one in discussion["contributions"]]


def shared_matches(study: Any) -> list[int]:
    """How many observations the alliance is told of in each lesson."""
    lessons = study["lessons"]
    return [sum(len(cell["matches"]) for cell in one["matrix"]) for one in lessons]


def test_what_rested_on_her_is_computed_afresh_in_both_at_once(played: Played) -> None:
    [before] = played.view("learning-walk", "outcome-sheet", "helen")["patterns"]
    assert before["supported"]
    assert len(played.view("learning-walk", "own-visit", "kelly")["visits"]) == 1
    told = shared_matches(shared(played))
    said = contributions(played)
    done = played.withdraws("kelly", "once")
    assert done.status_code == 201, done.text
    assert {f"/v1/runs/{id_}" for id_ in done.json()["streams"]} == {*played.runs.values()}

    # The pattern rested on two rooms; one is left, and that is not for the staff to see.
    for_staff = played.view("learning-walk", "outcome-sheet", "helen")
    assert (for_staff["patterns"], for_staff["withdrawn"]) == ([], 1)
    [within] = played.view("learning-walk", "outcome-sheet", "petra")["patterns"]
    assert (within["visits"], within["supported"]) == (1, False)
    [published] = played.view("learning-walk", "evidence", "tom")["publications"]
    assert {item["stands"] for item in published["items"]} == {False}

    # What she saw is gone; whether predictions came true is counted without it.
    across = {one["pupil"]: one["lessons"] for one in played.view(*MATRIX)["across"]}
    assert (across["A"][0], across["C"][0]) == ([1, 0, 0], [1, 1, 1])
    assert [a - b for a, b in zip(told, shared_matches(shared(played)), strict=True)] == [1, 0, 3]
    kelly = played.person("kelly")
    assert kelly in {one["by"] for one in said}
    assert kelly not in {one["by"] for one in contributions(played)}


def test_sent_again_it_withdraws_nothing_again_and_of_her_nothing_is_told(played: Played) -> None:
    first, again = (played.withdraws("kelly", "once") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    history = f"{played.runs['learning-walk']}/history"
    for name in ("tom", "petra"):
        got = played.client.get(history, headers=played.headers(name))
        assert got.status_code == 200
        assert played.person("kelly") not in got.text


def test_whoever_has_nothing_there_withdraws_from_nothing(played: Played) -> None:
    refused = played.withdraws("helen", "once")
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
