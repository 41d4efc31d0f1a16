"""One's own timetable: in the time of the place, with what changed, and nothing for others."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from dateutil.tz import tzical
from icalendar import Calendar
from tests.api.circle import CIRCLE
from tests.api.visiting import VISITS
from tests.api.world import World, world

from enquiry_api.server import address, listen, serving
from enquiry_api.timetable import FEED_MOST

HERE = "/v1/me/timetable"


class Valley:
    """Two schools in two zones; Petra leads visits, Ines is host in Auckland."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.run = ""
        self.schools: dict[str, str] = {}
        self.rooms: dict[str, str] = {}

    async def settle(self) -> None:
        here = self.here
        for name, zone in (("Calder", "Europe/London"), ("Tui", "Pacific/Auckland")):
            made = await here.at_alliance("add-school", name=name, zone=zone)
            self.schools[name] = made["act"]
            room = await here.at_alliance("register-room", school=made["act"], code=f"{name} 7")
            self.rooms[name] = room["act"]
        done = await here.post(
            here.member,
            f"/v1/runs/actions/visits/open-visits?alliance={here.alliance}",
            {"title": "Secret hopes", "school": self.schools["Calder"]},
        )
        assert done.status_code == 201, done.text
        self.run = done.json()["href"]

    async def plan(self, what: str, start: str, end: str, at: str = "Calder") -> httpx.Response:
        body = {
            "what": what,
            "host": str(self.here.steward),
            "start": start,
            "end": end,
            "room": self.rooms[at],
            "school": self.schools[at],
        }
        done = await self.does("plan-visit", body)
        assert done.status_code == 201, done.text
        return done

    async def does(self, kind: str, body: Any) -> httpx.Response:
        here = self.here
        return await here.post(here.member, f"{self.run}/actions/visits/{kind}", body)

    async def slots(self, person: UUID | None = None) -> list[dict[str, Any]]:
        found = await self.here.get(person or self.here.member, HERE)
        assert found.status_code == 200, found.text
        return found.json()["items"]

    async def events(self, person: UUID | None = None) -> list[Any]:
        found = await self.here.get(person or self.here.member, f"{HERE}.ics")
        assert found.status_code == 200, found.text
        return Calendar.from_ical(found.text).events

    async def link(self, person: UUID | None = None) -> dict[str, Any]:
        wanted = {"alliance": str(self.here.alliance)}
        made = await self.here.post(person or self.here.member, f"{HERE}-links", wanted)
        assert made.status_code == 201, made.text
        return made.json()


@pytest.fixture
async def valley(tmp_path: Path) -> AsyncIterator[Valley]:
    async with world(tmp_path, methods=(CIRCLE, VISITS)) as here:
        await here.found_alliance()
        made = Valley(here)
        await made.settle()
        yield made


async def test_everybody_who_is_booked_finds_it_in_their_timetable(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    [lead], [host] = await valley.slots(), await valley.slots(valley.here.steward)
    assert (lead["role"], host["role"]) == ("visit-lead", "visit-host")
    assert (lead["visited"], host["visited"]) == (False, True)
    assert (lead["school"], lead["room"], lead["status"]) == ("Calder", "Calder 7", "confirmed")
    assert lead["href"] == valley.run


async def test_nobody_finds_there_what_is_not_theirs(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    assert await valley.slots(valley.here.stranger) == []
    assert await valley.events(valley.here.stranger) == []


async def test_a_slot_stands_in_the_time_of_the_school_where_it_is_held(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-25T20:00:00Z", "2026-11-25T21:00:00Z", at="Tui")
    [slot] = await valley.slots()
    assert (slot["start"], slot["zone"]) == ("2026-11-26T09:00:00+13:00", "Pacific/Auckland")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-03-27T23:30:00Z", "2027-03-28T02:30:00Z"),
        ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"),
        ("2026-12-20T09:00:00Z", "2026-12-20T10:00:00Z"),
    ],
    ids=["clocks go forward", "clocks go back", "winter"],
)
@pytest.mark.parametrize("at", ["Calder", "Tui"])
async def test_another_program_reads_the_same_instants(
    valley: Valley, start: str, end: str, at: str
) -> None:
    await valley.plan("visit-1", start, end, at=at)
    text = (await valley.here.get(valley.here.member, f"{HERE}.ics")).text
    [event] = Calendar.from_ical(text).events
    tzid = event["DTSTART"].params["TZID"]
    # The zone as the calendar itself defines it, read by a library that did not write it.
    zone = tzical(StringIO(text)).get(tzid)
    for name, said in (("DTSTART", start), ("DTEND", end)):
        wall = event.decoded(name).replace(tzinfo=zone, fold=event.decoded(name).fold)
        instant = datetime.fromisoformat(said)
        ambiguous = {wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
        assert instant in ambiguous
    assert tzid == {"Calder": "Europe/London", "Tui": "Pacific/Auckland"}[at]


async def test_a_slot_that_is_moved_keeps_its_id_and_counts_the_changes(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    [before] = await valley.events(valley.here.steward)
    await valley.plan("visit-1", "2026-11-26T11:00:00Z", "2026-11-26T11:40:00Z", at="Tui")
    [after] = await valley.events(valley.here.steward)
    assert before["UID"] == after["UID"]
    assert 0 == before["SEQUENCE"] < after["SEQUENCE"]
    assert before.decoded("DTSTART") != after.decoded("DTSTART")


async def test_what_is_said_again_unchanged_is_no_change(valley: Valley) -> None:
    for _ in range(2):
        await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    [slot] = await valley.slots()
    assert slot["changes"] == 0


async def test_a_visit_that_is_called_off_is_said_to_be_cancelled(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    done = await valley.does("call-off-visit", {"what": "visit-1"})
    assert done.status_code == 201, done.text
    [mine], [slot] = await valley.events(), await valley.slots()
    assert (mine["STATUS"], mine["SEQUENCE"], mine["TRANSP"]) == ("CANCELLED", 1, "TRANSPARENT")
    assert slot["status"] == "cancelled"
    # The host has no part in the run any more: they learn that it is off, and no more than that.
    [host] = await valley.slots(valley.here.steward)
    assert (host["status"], host["title"], host["room"], host["href"]) == (
        "cancelled",
        None,
        None,
        None,
    )
    [told] = await valley.events(valley.here.steward)
    assert (told["STATUS"], str(told["SUMMARY"])) == ("CANCELLED", "Enquiry")


async def test_a_shared_calendar_shows_the_method_and_ones_own_part_alone(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    text = (await valley.here.get(valley.here.member, f"{HERE}.ics")).text
    [event] = Calendar.from_ical(text).events
    assert str(event["SUMMARY"]) == "Quiet visits: visit lead"
    for secret in ("Ines", "Calder 7", "Secret hopes", valley.run[-36:], "Petra"):
        assert secret not in text
    assert event["CLASS"] == "PRIVATE"


async def test_a_link_opens_the_timetable_without_a_token(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    made = await valley.link()
    read = await valley.here.get(None, made["href"])
    assert read.status_code == 200
    assert read.headers["Content-Type"].startswith("text/calendar")
    own = await valley.here.get(valley.here.member, f"{HERE}.ics")
    assert read.content == own.content
    again = await valley.here.get(None, made["href"], If_None_Match=read.headers["ETag"])
    assert again.status_code == 304


async def test_a_link_opens_nothing_but_the_timetable(valley: Valley) -> None:
    made = await valley.link()
    secret = made["href"].split("/")[-2]
    seen = await valley.here.client.get(HERE, headers={"Authorization": f"Bearer {secret}"})
    assert seen.status_code == 401
    for other in (uuid4(), UUID(made["id"])):
        wrong = await valley.here.get(None, made["href"].replace(made["alliance"], str(other)))
        assert (wrong.status_code, wrong.json()["code"]) == (404, "NOT_FOUND")


async def test_nothing_that_is_kept_or_written_down_holds_the_secret(valley: Valley) -> None:
    made = await valley.link()
    secret = made["href"].split("/")[-2]
    await valley.here.get(None, made["href"])
    await valley.here.get(None, made["href"].replace(secret, f"{secret}x"))
    stored = await valley.here.app.edge.system.log.read_all()
    assert not any(secret.encode() in event.body for event in stored)
    assert secret.encode() not in valley.here.written.getvalue()


async def test_a_link_that_is_closed_opens_nothing_any_more(valley: Valley) -> None:
    made = await valley.link()
    listed = (await valley.here.get(valley.here.member, f"{HERE}-links")).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]
    done = await valley.here.post(valley.here.member, made["close"], {"link": made["id"]})
    assert done.status_code == 201, done.text
    gone = await valley.here.get(None, made["href"])
    assert (gone.status_code, gone.json()["code"]) == (404, "NOT_FOUND")
    assert (await valley.here.get(valley.here.member, f"{HERE}-links")).json()["items"] == []


async def test_nobody_lists_or_closes_the_link_of_somebody_else(valley: Valley) -> None:
    made, here = await valley.link(), valley.here
    assert (await here.get(here.steward, f"{HERE}-links")).json()["items"] == []
    refused = await here.post(here.steward, made["close"], {"link": made["id"]})
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    read = await here.get(here.steward, f"/v1/alliances/{here.alliance}/history")
    assert "timetable-link" not in read.text
    assert (await here.get(None, made["href"])).status_code == 200


async def test_a_link_dies_with_the_membership(valley: Valley) -> None:
    made, here = await valley.link(), valley.here
    school = (await here.get(here.steward, f"/v1/alliances/{here.alliance}/views/directory")).json()
    beck = next(s["school"] for s in school["schools"] if s["name"] == "Beck Road")
    await here.at_alliance(
        "end-membership", person=str(here.member), school=beck, until="2026-11-01"
    )
    assert (await here.get(None, made["href"])).status_code == 404


async def test_nobody_has_links_without_end(valley: Valley) -> None:
    for _ in range(10):
        await valley.link()
    wanted = {"alliance": str(valley.here.alliance)}
    refused = await valley.here.post(valley.here.member, f"{HERE}-links", wanted)
    assert refused.status_code == 422
    assert refused.json()["code"] == "VALIDATION_FAILED"


async def test_a_stranger_opens_no_link(valley: Valley) -> None:
    wanted = {"alliance": str(valley.here.alliance)}
    refused = await valley.here.post(valley.here.stranger, f"{HERE}-links", wanted)
    assert refused.status_code == 404


async def test_a_link_is_read_so_many_times_an_hour_and_no_more(valley: Valley) -> None:
    made = await valley.link()
    for _ in range(FEED_MOST):
        assert (await valley.here.get(None, made["href"])).status_code == 200
    late = await valley.here.get(None, made["href"])
    assert (late.status_code, late.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(late.headers["Retry-After"]) <= 3600
    assert (await valley.here.get(None, (await valley.link())["href"])).status_code == 200


async def test_a_calendar_on_the_network_reads_the_link(valley: Valley) -> None:
    await valley.plan("visit-1", "2026-11-26T09:00:00Z", "2026-11-26T09:40:00Z")
    made = await valley.link()
    bound = listen("127.0.0.1", 0)
    async with serving(valley.here.app, bound), httpx.AsyncClient(timeout=10) as client:
        read = await client.get(address(bound) + made["href"])
    assert read.status_code == 200
    assert len(Calendar.from_ical(read.text).events) == 1
