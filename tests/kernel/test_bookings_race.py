"""Whoever is faster has the room: schedulers that know nothing of each other, on one log."""

import asyncio
import itertools
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.kernel.systems import methods, over
from tests.runtime.scenes import NOON, Scene

from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import CALENDAR, Booked, Booking, Released
from enquiry.log.postgres import PostgresLog
from enquiry.method.live import Facts, envelope_of
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile

PROCESSES = 3
DIARIES = ("Petra", "Kelly", "Judith")
PEOPLE = ("Petra", "Kelly", "Judith", "Nasreen")
ROOMS = ("B4", "B7")
FACTS = Facts(CALENDAR)
WEEKS = itertools.count(1)
"""Each example takes place in a week of its own."""

slots = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["visit-1", "visit-2"]),
        "start": st.integers(0, 4),
        "lasts": st.integers(1, 3),
        "people": st.sets(st.sampled_from(PEOPLE), max_size=2),
        "room": st.sampled_from([None, *ROOMS]),
        "corridor": st.integers(0, 1),
        "visited": st.sampled_from([None, None, *PEOPLE]),
    }
)
acts = st.tuples(
    st.integers(0, PROCESSES - 1),
    st.sampled_from(DIARIES),
    st.fixed_dictionaries(
        {
            "slots": st.lists(slots, max_size=2, unique_by=lambda slot: slot["what"]),
            "without": st.sets(st.sampled_from(["visit-1", "visit-2"]), max_size=1),
        }
    ),
)
stories = st.lists(st.lists(acts, min_size=2, max_size=4), min_size=1, max_size=5)
"""What is asked at the same moment, again and again."""


@pytest.fixture
async def furnished(postgres_url, tmp_path):
    """One alliance, as several processes see it, with rooms and diaries."""
    registry = methods()
    source, schema = KeyFile.create(tmp_path / "keys"), f"log_{uuid4().hex}"
    async with AsyncExitStack() as stack:
        systems = []
        for _ in range(PROCESSES):
            opened = await PostgresLog.open(postgres_url, schema=schema)
            systems.append(over(await stack.enter_async_context(opened), registry, source))
        first = Scene(systems[0])
        await first.settle()
        rooms, diaries = await _furnished(first)
        yield [first, *(replace(first, system=one) for one in systems[1:])], rooms, diaries


async def _furnished(scene):
    """Ids of the rooms and of the diaries."""
    school = str(scene.schools["Beck Road"])
    rooms = {}
    for code in ROOMS:
        added = await scene.ally("Nasreen", "register-room", {"school": school, "code": code})
        rooms[code] = added.events[0].id
    diaries = {}
    for name in DIARIES:
        home = scene.schools["Ashlow" if name == "Judith" else "Beck Road"]
        opened = await scene.do(name, "open-diary", {"school": str(home)}, method="diary")
        diaries[name] = opened.stream
    return rooms, diaries


def form(scene, asked, rooms, monday):
    found = []
    for slot in asked["slots"]:
        start = monday + timedelta(minutes=10 * slot["start"])
        end = start + timedelta(minutes=10 * slot["lasts"])
        room = rooms.get(slot["room"])
        found.append(
            {
                "what": slot["what"],
                "start": start.isoformat(),
                "end": end.isoformat(),
                "people": [str(scene.people[name]) for name in sorted(slot["people"])],
                "room": str(room) if room else None,
                "school": str(scene.schools["Beck Road"]) if room else None,
                "room_end": (end - timedelta(minutes=5 * slot["corridor"])).isoformat(),
                "visited": str(scene.people[slot["visited"]]) if slot["visited"] else None,
            }
        )
    return {"slots": found, "without": sorted(asked["without"])}


async def ask(scene, name, stream, body):
    try:
        await scene.do(name, "change", body, stream, method="diary", key=uuid4().hex)
    except Reject as refused:
        return refused.code
    return "ok"


def clashing(held: dict[str, Booking]) -> list[tuple[str, str]]:
    """Keys of two bookings that bind the same person or room at the same time, judged afresh."""
    found = []
    for (one, a), (other, b) in itertools.combinations(held.items(), 2):
        free_a, free_b = a.room_end or a.end, b.room_end or b.end
        in_room = a.room and a.room == b.room and a.start < free_b and b.start < free_a
        both = {*a.people, a.visited} & {*b.people, b.visited} - {None}
        meet = any(
            a.start < (free_b if who == b.visited else b.end)
            and b.start < (free_a if who == a.visited else a.end)
            for who in both
        )
        if in_room or meet:
            found.append((one, other))
    return found


async def after_each_act(scene, since):
    """By calendar, what is booked after each act since a position."""
    calendars = [bookings_stream(s) for s in (*scene.schools.values(), scene.alliance)]
    kept = {calendar: {} for calendar in calendars}
    events = await scene.system.log.read_all(0, 100_000)
    for _, act in itertools.groupby(events, key=lambda event: envelope_of(event.body).act):
        for event in act:
            last = event.position
            match event.stream in kept and FACTS.recorded(event).entry:
                case Booked(booking=booking):
                    kept[event.stream][booking.key] = booking
                case Released(key=key):
                    kept[event.stream].pop(key, None)
        if last > since:
            yield kept


@settings(
    max_examples=25,
    deadline=None,
    # A race is not the same twice: there is nothing to make smaller or to keep.
    phases=(Phase.generate,),
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories)
async def test_no_race_leaves_two_bookings_of_one_person_or_room(furnished, story):
    scenes, rooms, diaries = furnished
    first = scenes[0]
    monday = NOON + timedelta(weeks=next(WEEKS))
    since = await first.system.log.head()
    for moment in story:
        answers = await asyncio.gather(
            *(
                ask(scenes[process], name, diaries[name], form(first, asked, rooms, monday))
                for process, name, asked in moment
            )
        )
        assert set(answers) <= {"ok", "ROOM_CLASH", "PERSON_DOUBLE_BOOKED"}
    async for kept in after_each_act(first, since):
        standing = {key: one for held in kept.values() for key, one in held.items()}
        assert clashing(standing) == []
        # Wherever a booking is kept, it is the same one.
        for held in kept.values():
            assert {key: standing[key] for key in held} == held
