"""Bookings: nobody is in two places, no room is visited twice at once."""

import pytest
from tests.kernel.schedule import B4, B7, C1, at, beside, books, changes, diary, held, slot
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, VALLEY, joins, who

from enquiry.kernel.bookings import Release, Slots
from enquiry.testing import named, person
from enquiry.testing.harness import surroundings

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
    told = books(diary(), "visit-1", "09:10", "09:24", "Kelly", room=B4, room_end=at("09:18"))
    books(told, "visit-2", "09:17", "09:30", room=B4).refused("ROOM_CLASH")
    told = books(told, "visit-2", "09:18", "09:30", room=B4).then()
    books(told, "visit-3", "09:23", "09:30", "Kelly").refused("PERSON_DOUBLE_BOOKED")


def test_the_teacher_who_is_visited_is_free_with_the_room():
    visit = {"room": B4, "room_end": at("09:18"), "visited": "Declan"}
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
    more = {"room_end": at(room_end)} if room_end else {}
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
