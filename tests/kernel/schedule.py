"""Short words for booking in the diaries of Calder Valley."""

import msgspec
from tests.kernel.diary import DIARY
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, HERE, VALLEY, around_runs, state, who

from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Bookings
from enquiry.testing import given, named

B4, B7, C1 = named("B4"), named("B7"), named("C1")
CALENDARS = {"Ashlow": ASHLOW, "Beck Road": BECK_ROAD, "Carrick": CARRICK, "none": HERE}


def diary(told=VALLEY, school=BECK_ROAD, run="a diary", others=None):
    """Petra's diary in this alliance, with what other runs have booked."""
    world = around_runs(told)
    fresh = {bookings_stream(school): Bookings() for school in CALENDARS.values()}
    streams = {**fresh, **(others or {}), HERE: state(told)}
    world = msgspec.structs.replace(world, streams=streams, stream=named(run))
    begun = given(DIARY, world, "2026-11-02 08:00").who("Petra")
    return begun.does("open-diary", {"school": str(school)})


def beside(told, around=VALLEY, **settings):
    """Another run's diary, which finds what this one has booked."""
    return diary(around, run="another diary", others=told.then().stream.others, **settings)


def slot(what, start, end, *people, room=None, visited=None, **more):
    """A slot as it stands in a form; times are of 19 November 2026 unless they say the day."""
    found = {
        "what": what,
        "start": at(start),
        "end": at(end),
        "people": [who(name) for name in people],
        "visited": who(visited) if visited else None,
        **more,
    }
    if room is not None:
        found |= {"room": str(room), "school": str(CARRICK if room == C1 else BECK_ROAD)}
    return found


def at(time):
    return f"{time if 'T' in time else f'2026-11-19T{time}'}:00Z"


def books(told, *args, kind="book", **more):
    found = slot(*args, **more)
    return told.does(kind, {"what": found["what"], "slot": found})


def changes(told, *slots, without=()):
    return told.does("change", {"slots": list(slots), "without": list(without)})


def held(told):
    """By calendar: what is kept there, without the run's id."""
    others = told.settled().stream.others
    calendars = {name: others[bookings_stream(school)] for name, school in CALENDARS.items()}
    return {
        name: sorted(key.partition("/")[2] for key in one.held)
        for name, one in calendars.items()
        if one.held
    }
