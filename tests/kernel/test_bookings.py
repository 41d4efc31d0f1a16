"""Bookings: nobody is in two places, no room visited twice at once, nobody visited too often."""

from datetime import datetime

import msgspec
import pytest
from tests.kernel.diary import DIARY
from tests.kernel.valley import (
    ASHLOW,
    BECK_ROAD,
    CARRICK,
    HERE,
    NEXT_YEAR,
    VALLEY,
    YEAR,
    around_runs,
    decides,
    has_calendar,
    joins,
    manages,
    state,
    who,
)

from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Bookings, Release, Slots, visits_in_year
from enquiry.testing import given, named, person
from enquiry.testing.harness import surroundings

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
        "start": _at(start),
        "end": _at(end),
        "people": [who(name) for name in people],
        "visited": who(visited) if visited else None,
        **more,
    }
    if room is not None:
        school = CARRICK if room == C1 else BECK_ROAD
        found |= {"room": str(room), "school": str(school)}
    return found


def _at(time):
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


# Overlaps


def test_a_person_is_in_one_place_at_a_time():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly")
    told = books(told, "visit-2", "09:19", "09:30", "Kelly")
    told.refused("PERSON_DOUBLE_BOOKED", details=({"person": who("Kelly")},))


@pytest.mark.parametrize(("start", "end"), [("09:00", "09:10"), ("09:20", "09:30")])
def test_back_to_back_is_no_overlap(start, end):
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly", room=B4)
    books(told, "visit-2", start, end, "Kelly", room=B4).then()


@pytest.mark.parametrize(
    ("start", "end"),
    [("09:00", "09:11"), ("09:19", "09:30"), ("09:12", "09:15"), ("09:00", "09:30")],
)
def test_a_room_is_visited_by_one_team_at_a_time(start, end):
    told = books(diary(), "visit-1", "09:10", "09:20", room=B4)
    books(told, "visit-2", start, end, room=B4).refused("ROOM_CLASH", params={"room": str(B4)})
    books(told, "visit-2", start, end, room=B7).then()


def test_a_room_is_free_as_soon_as_people_talk_outside_it():
    told = books(diary(), "visit-1", "09:10", "09:24", "Kelly", room=B4, room_end=_at("09:18"))
    books(told, "visit-2", "09:17", "09:30", room=B4).refused("ROOM_CLASH")
    told = books(told, "visit-2", "09:18", "09:30", room=B4).then()
    books(told, "visit-3", "09:23", "09:30", "Kelly").refused("PERSON_DOUBLE_BOOKED")


def test_the_teacher_who_is_visited_is_free_with_the_room():
    visit = {"room": B4, "room_end": _at("09:18"), "visited": "Declan"}
    told = books(diary(), "visit-1", "09:10", "09:24", "Kelly", **visit)
    books(told, "lesson", "09:17", "10:00", "Declan").refused("PERSON_DOUBLE_BOOKED")
    books(told, "lesson", "09:18", "10:00", "Declan").then()


def test_a_clash_of_rooms_is_told_before_one_of_people():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly")
    told = books(told, "visit-2", "09:10", "09:20", room=B4)
    books(told, "visit-3", "09:10", "09:20", "Kelly", room=B4).refused("ROOM_CLASH")


@pytest.mark.parametrize(
    ("end", "room_end"), [("09:20", None), ("09:10", None), ("09:30", "09:20"), ("09:30", "09:31")]
)
def test_what_is_booked_lasts(end, room_end):
    more = {"room_end": _at(room_end)} if room_end else {}
    books(diary(), "visit-1", "09:20", end, **more).refused("VALIDATION_FAILED")


def test_other_runs_are_seen():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly", room=B4)
    other = beside(told)
    books(other, "visit-1", "09:15", "09:30", "Kelly").refused("PERSON_DOUBLE_BOOKED")
    books(other, "visit-1", "09:15", "09:30", room=B4).refused("ROOM_CLASH")


# One key, several at once, release


def test_the_same_key_again_replaces_the_booking():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly", room=B4)
    told = books(told, "visit-1", "09:15", "09:25", "Kelly", room=B4).then()
    books(told, "visit-2", "09:10", "09:15", "Kelly", room=B4).then()
    assert held(told) == {"Beck Road": ["visit-1"]}


def test_the_same_name_in_another_run_is_another_booking():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly")
    other = books(beside(told), "visit-1", "09:20", "09:30", "Kelly")
    assert held(other) == {"Beck Road": ["visit-1", "visit-1"]}


def test_what_is_released_is_free():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly", room=B4)
    told = changes(told, without=["visit-1"])
    assert held(told) == {}
    books(beside(told), "visit-1", "09:10", "09:20", "Kelly", room=B4).then()


def test_releasing_what_is_not_booked_changes_nothing():
    assert held(changes(diary(), without=["visit-9"])) == {}


def test_bookings_of_one_act_clash_with_each_other():
    two = [slot(f"visit-{n}", "09:10", "09:20", "Kelly") for n in (1, 2)]
    changes(diary(), *two).refused("PERSON_DOUBLE_BOOKED")


def test_two_bookings_change_places_in_one_act():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly")
    told = books(told, "visit-2", "09:30", "09:40", "Kelly")
    swapped = [
        slot("visit-1", "09:30", "09:40", "Kelly"),
        slot("visit-2", "09:10", "09:20", "Kelly"),
    ]
    changes(told, *swapped).then()


def test_what_is_released_in_the_same_act_is_free():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly")
    changes(told, slot("visit-2", "09:10", "09:20", "Kelly"), without=["visit-1"]).then()


def test_what_is_over_books_nothing_again():
    told = books(diary(), "visit-1", "09:10", "09:20", "Kelly").does("close-run")
    assert held(told) == {"Beck Road": ["visit-1"]}
    again = [slot(f"visit-{n}", "09:10", "09:20", "Declan") for n in (1, 2)]
    told = told.does("insist", {"slots": again})
    assert held(told) == {}


def test_no_method_reaches_into_another_run():
    told = diary().then()
    ctx = surroundings(told.stream, person("Petra"), told.now, named("reaching"))
    reaching = Slots(lambda s, e, ctx: [Release(f"{named('another diary')}/visit-1")])
    with pytest.raises(ValueError, match="begins with the run's id"):
        list(reaching.book(told.live.state, None, ctx))


# Schools of the alliance


def test_people_of_other_schools_are_booked_at_theirs():
    told = books(diary(), "visit-1", "09:10", "09:20", "Hamish", "Kelly", room=B4)
    assert held(told) == {"Beck Road": ["visit-1"], "Carrick": ["visit-1"]}
    other = beside(told, school=CARRICK)
    books(other, "visit-1", "09:15", "09:30", "Hamish").refused("PERSON_DOUBLE_BOOKED")


def test_people_of_no_school_are_booked_all_the_same():
    told = books(diary(), "visit-1", "09:10", "09:20", "Nasreen")
    assert held(told) == {"Beck Road": ["visit-1"], "none": ["visit-1"]}
    other = beside(told, school=CARRICK)
    books(other, "visit-1", "09:15", "09:30", "Nasreen").refused("PERSON_DOUBLE_BOOKED")
    joined = joins(VALLEY, "Nasreen", ASHLOW, "teacher")
    other = beside(told, school=CARRICK, around=joined)
    books(other, "visit-1", "09:15", "09:30", "Nasreen").refused("PERSON_DOUBLE_BOOKED")


def test_whoever_is_left_out_is_free_at_their_own_school():
    told = books(diary(), "visit-1", "09:10", "09:20", "Hamish", "Kelly", room=B4)
    told = books(told, "visit-1", "09:10", "09:20", "Kelly", room=B4)
    assert held(told) == {"Beck Road": ["visit-1"]}
    books(beside(told, school=CARRICK), "visit-1", "09:10", "09:20", "Hamish").then()


def test_a_booking_that_moves_to_another_school_leaves_nothing_behind():
    told = books(diary(school=ASHLOW), "visit-1", "09:10", "09:20", "Kelly", room=B4)
    told = books(told, "visit-1", "09:10", "09:20", "Hamish", room=C1)
    assert held(told) == {"Ashlow": ["visit-1"], "Carrick": ["visit-1"]}
    assert held(changes(told, without=["visit-1"])) == {}


def test_changing_schools_hides_no_booking():
    told = books(diary(school=CARRICK), "visit-1", "09:10", "09:20", "Kelly")
    moved = joins(VALLEY, "Kelly", ASHLOW, "teacher")
    moved = joins(moved, "Kelly", BECK_ROAD, "teacher", until="2026-11-01")
    other = beside(told, school=ASHLOW, around=moved)
    books(other, "visit-1", "09:15", "09:30", "Kelly").refused("PERSON_DOUBLE_BOOKED")


# The observation budget


DAYS = ("2026-11-19", "2026-11-20", "2026-11-23", "2027-01-05")


def visited(told, *days, teacher="Declan", kind="book"):
    for number, day in enumerate(days, 1):
        times = (f"{day}T09:10", f"{day}T09:20")
        told = books(told.then(), f"visit-{number}", *times, visited=teacher, kind=kind)
    return told


CALENDAR = has_calendar(VALLEY, BECK_ROAD, YEAR, NEXT_YEAR)


def test_the_fourth_visit_of_the_year_is_warned_about():
    told = visited(diary(CALENDAR), *DAYS).then(warns=["OBSERVATION_BUDGET_EXCEEDED"])
    (warning,) = told.live.warnings.values()
    assert warning.person == person("Declan")
    assert warning.params == {"visits": 4, "budget": 3}
    assert warning.about == "visit-4"


@pytest.mark.parametrize(("name", "sees"), [("Declan", True), ("Petra", False), ("Tom", False)])
def test_only_the_teacher_sees_it(name, sees):
    told = visited(diary(CALENDAR), *DAYS)
    assert told.warned(name) == (["OBSERVATION_BUDGET_EXCEEDED"] if sees else [])


def test_the_budget_starts_anew_with_the_schools_year():
    # The last day of the one year, and the first of the next.
    told = visited(diary(CALENDAR), *DAYS[:3]).then(warns=[])
    before = books(told, "visit-4", "2027-08-31T22:50", "2027-08-31T22:59", visited="Declan")
    before.then(warns=["OBSERVATION_BUDGET_EXCEEDED", "OUTSIDE_TERM"])
    after = books(told, "visit-4", "2027-08-31T23:00", "2027-08-31T23:10", visited="Declan")
    after.then(warns=[])


def test_a_year_that_nobody_has_recorded_yet_is_not_this_one():
    told = visited(diary(has_calendar(VALLEY, BECK_ROAD, YEAR)), *DAYS[:3])
    later = books(told, "visit-4", "2027-09-02T09:10", "2027-09-02T09:20", visited="Declan")
    later.then(warns=["OUTSIDE_TERM"])


def test_without_a_calendar_every_visit_counts():
    told = visited(diary(), *DAYS[:3])
    later = books(told, "visit-4", "2029-01-08T09:10", "2029-01-08T09:20", visited="Declan")
    later.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])


def test_what_was_replaced_or_released_does_not_count():
    told = visited(diary(CALENDAR), *DAYS[:3])
    told = books(told, "visit-3", "2026-11-24T09:10", "2026-11-24T09:20", visited="Declan")
    told = told.then(warns=[])
    told = changes(told, without=["visit-1"]).then(warns=[])
    told = books(told, "visit-4", "2026-11-25T09:10", "2026-11-25T09:20", visited="Declan")
    told.then(warns=[])


def test_visits_of_other_runs_and_schools_count():
    told = visited(diary(CALENDAR), *DAYS[:3])
    away = beside(told, around=CALENDAR, school=CARRICK)
    visit = books(away, "visit-1", "09:30", "09:40", visited="Declan", room=C1)
    visit.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])


def test_the_count_of_visits_can_be_asked_for():
    told = visited(diary(CALENDAR), *DAYS[:2]).then()
    ctx = surroundings(told.stream, person("Petra"), told.now, named("asking"))
    at = datetime.fromisoformat("2027-01-05T09:00Z")
    assert visits_in_year(ctx, person("Declan"), at, "") == 2
    assert visits_in_year(ctx, person("Declan"), at, f"{told.live.stream}/visit-2") == 1
    assert visits_in_year(ctx, person("Kelly"), at, "") == 0


def test_a_hard_budget_refuses():
    told = visited(diary(decides(CALENDAR, BECK_ROAD, budget_is_hard=True)), *DAYS)
    told.refused("OBSERVATION_CAP_REACHED", params={"visits": 4, "cap": 3})


def test_a_hard_budget_counts_what_one_act_books():
    told = diary(decides(CALENDAR, BECK_ROAD, budget_is_hard=True, observation_budget=1))
    two = [slot(f"v{n}", f"09:{n}0", f"09:{n}5", visited="Declan") for n in (1, 2)]
    changes(told, *two).refused("OBSERVATION_CAP_REACHED")


def test_it_is_the_teachers_own_school_that_sets_the_budget():
    told = diary(decides(CALENDAR, CARRICK, observation_budget=0))
    books(told, "visit-1", "09:10", "09:20", visited="Declan").then(warns=[])
    visit = books(told, "visit-1", "09:10", "09:20", visited="Hamish")
    visit.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])


def test_a_decision_taken_again_takes_back_its_warning():
    told = visited(diary(CALENDAR), *DAYS, kind="rebook")
    told = told.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])
    again = ("visit-4", "2027-09-06T09:10", "2027-09-06T09:20")
    books(told, *again, visited="Declan", kind="rebook").then(
        resolves=["OBSERVATION_BUDGET_EXCEEDED"]
    )


# Line managers


MANAGED = manages(VALLEY, "Tom", "Declan")


def test_a_visit_by_a_line_manager_is_remarked_to_the_two_alone():
    visit = books(diary(MANAGED), "visit-1", "09:10", "09:20", "Tom", "Kelly", visited="Declan")
    told = visit.then(warns=["LINE_MANAGER_CONFLICT", "LINE_MANAGER_CONFLICT"])
    seen = {name: told.warned(name) for name in ("Tom", "Declan", "Petra", "Kelly", "Nasreen")}
    assert {name for name, codes in seen.items() if codes} == {"Tom", "Declan"}
    assert seen["Tom"] == seen["Declan"] == ["LINE_MANAGER_CONFLICT"]


@pytest.mark.parametrize(
    ("people", "teacher"), [(("Declan",), "Tom"), (("Tom", "Declan"), None), (("Kelly",), "Declan")]
)
def test_only_visiting_whom_one_manages_is_a_conflict(people, teacher):
    books(diary(MANAGED), "visit-1", "09:10", "09:20", *people, visited=teacher).then(warns=[])


def test_a_school_may_refuse_it_without_saying_who_manages_whom():
    told = diary(decides(MANAGED, BECK_ROAD, line_manager_forbidden=True))
    visit = books(told, "visit-1", "09:10", "09:20", "Tom", "Kelly", visited="Declan")
    visit.refused("LINE_MANAGER_FORBIDDEN", details=(), params={})
    books(told, "visit-1", "09:10", "09:20", "Kelly", visited="Declan").then()


# Terms


@pytest.mark.parametrize(
    ("day", "outside"),
    [("2026-12-18", []), ("2026-12-19", ["OUTSIDE_TERM"]), ("2026-11-21", ["OUTSIDE_TERM"])],
)
def test_a_day_without_school_is_remarked(day, outside):
    told = books(diary(CALENDAR), "visit-1", f"{day}T23:30", f"{day}T23:40", room=B4)
    told.then(warns=outside)


def test_it_is_the_rooms_school_that_counts_or_else_the_runs():
    told = diary(has_calendar(CALENDAR, CARRICK))
    books(told, "visit-1", "09:10", "09:20", room=C1).then(warns=["OUTSIDE_TERM"])
    saturday = ("2026-11-21T09:10", "2026-11-21T09:20")
    books(told, "visit-1", *saturday).then(warns=["OUTSIDE_TERM"])
