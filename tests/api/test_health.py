"""Machines that watch learn whether it runs, whether it can be used, and how much it does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.api.world import World, world

from enquiry.log.promise import Unavailable
from enquiry.method.live import instant
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.system import System


async def test_it_is_alive_and_ready(here: World) -> None:
    assert (await here.client.get("/livez")).text == "alive\n"
    ready = await here.client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert ready.json()["head"] == ready.json()["views"] > 0


class Unreachable(System):
    """Its log cannot be reached."""

    async def health(self) -> dict[str, Any]:
        raise Unavailable("host db.internal refused")


def unreachable(real: System) -> System:
    real.__class__ = Unreachable
    return real


async def test_without_its_log_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    async with world(tmp_path, system=unreachable) as here:
        ready = await here.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"ready": False, "error": "Unavailable"})
        assert (await here.client.get("/livez")).status_code == 200
        assert "enquiry_ready 0.0" in (await here.client.get("/metrics")).text


async def test_numbers_tell_addresses_and_codes_and_nothing_of_anybody(here: World) -> None:
    run = await here.open_circle()
    await here.get(here.stranger, run)
    text = (await here.client.get("/metrics")).text
    route = 'route="/v1/runs/{id}",status="404",verb="GET"'
    assert f"enquiry_http_answers_total{{{route}}} 1.0" in text
    assert 'enquiry_refusals_total{code="NOT_FOUND"} 1.0' in text
    assert 'enquiry_lag_events{what="views"} 0.0' in text
    assert "enquiry_ready 1.0" in text
    assert run.rpartition("/")[2] not in text
    assert str(here.member) not in text


class Behind(Scan):
    """Lists that have not yet followed the newest two events."""

    async def position(self) -> int:
        return await super().position() - 2


async def test_lag_is_told_in_events_and_in_seconds(here: World) -> None:
    await here.open_circle()
    system = here.app.edge.system
    system.listing.__class__ = Behind
    head = await system.log.head()
    oldest = instant((await system.log.read_all(head - 2, 1))[0].recorded_at)
    system.clock = lambda: oldest + timedelta(seconds=90)
    text = (await here.client.get("/metrics")).text
    assert 'enquiry_lag_events{what="views"} 2.0' in text
    assert 'enquiry_lag_seconds{what="views"} 90.0' in text


async def test_two_applications_in_one_process_count_apart(here: World, tmp_path: Path) -> None:
    await here.client.get("/livez")
    folder = tmp_path / "other"
    folder.mkdir()
    async with world(folder) as other:
        text = (await other.client.get("/metrics")).text
    assert "/livez" not in text


async def test_a_broken_header_does_not_hide_that_it_is_alive(here: World) -> None:
    headers = {"Enquiry-Now": "noon", "Enquiry-Purpose": "pay"}
    assert (await here.client.get("/livez", headers=headers)).status_code == 200
