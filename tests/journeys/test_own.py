"""After a whole learning walk, on real engines: what everybody can take along is theirs alone."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal
from icalendar import Calendar
from tests.journeys.test_journeys import HERE, read, served

from enquiry_api.journeys.player import Player


class Walked:
    """The story has been played; everybody can ask for what is theirs."""

    def __init__(self, url: str, token: str) -> None:
        player = Player(url, token)
        try:
            assert player.play(read(HERE / "learning_walk.yaml")) > 10
            self.people = player.people()
        finally:
            player.close()
        self.client = httpx.Client(base_url=url, timeout=60)

    def get(self, name: str, path: str, **headers: str) -> httpx.Response:
        _, token = self.people[name]
        said = {"Authorization": f"Bearer {token}", **headers}
        got = self.client.get(path, headers=said)
        assert got.status_code == 200, got.text
        return got

    def bag(self, name: str) -> dict[str, Any]:
        """Every JSON file of the person's records, by path."""
        with zipfile.ZipFile(io.BytesIO(self.get(name, "/v1/me/records").content)) as archive:
            names = [one for one in archive.namelist() if one.endswith(".json")]
            return {one: json.loads(archive.read(one)) for one in names}


@pytest.fixture
def walked(portal: BlockingPortal, tmp_path: Path, database: str) -> Iterator[Walked]:
    with portal.wrap_async_context_manager(served(tmp_path, database)) as told:
        made = Walked(*told)
        yield made
        made.client.close()


def test_everybody_takes_their_own_along_and_nobody_elses(walked: Walked) -> None:
    found: list[str] = []
    booked = 0
    bags = {name: walked.bag(name) for name in walked.people}
    ids = {bag["data/contents.json"]["person"] for bag in bags.values()}
    assert len(ids) > 5
    for name, bag in bags.items():
        own = bag["data/contents.json"]["person"]
        paths = [one["path"] for one in bag["data/contents.json"]["streams"]]
        found += [item["id"] for path in paths for item in bag[path]["items"]]
        said = json.dumps([one for path, one in bag.items() if "certificates" not in path])
        assert {id_ for id_ in ids if id_ in said} <= {own}
        slots = walked.get(name, "/v1/me/timetable").json()["items"]
        text = walked.get(name, "/v1/me/timetable.ics", **{"Accept-Language": "de"}).text
        events = Calendar.from_ical(text).events
        assert len(events) == len(slots)
        titles = [str(one["SUMMARY"]) for one in events]
        assert all(title.startswith(("Lernrundgang", "Erkundung")) for title in titles)
        called = {one.partition(" ")[0] for one, _ in walked.people.values()}
        assert [one for one in called if one in text] == []
        booked += len(slots)
    assert booked > 5
    # Each fact has one author: it is in the records of one person and of nobody else.
    assert len(found) == len(set(found)) > 30
