"""What a visit binds: rooms and people, and how many may come."""

import msgspec
from tests.plugins.learning_walks.examples import scheduled, team, told, visit, withdrawn
from tests.plugins.learning_walks.looking import held
from tests.plugins.learning_walks.school import (
    B4,
    BECK_ROAD,
    C1,
    CARRICK,
    HAMISH,
    KELLY,
    PETRA,
    TOM,
)

from enquiry.kernel.alliance.state import Policy
from enquiry.kernel.bookings import Booking
from enquiry.testing import person

# LW-E05: rooms and people


def busy(
    start: str, end: str, *people: object, room: object = None, visited: object = None
) -> Booking:
    def at(time: str) -> str:
        return f"2026-11-19T{time}:00Z"

    return msgspec.convert(
        {
            "key": "another-run/visit-1",
            "start": at(start),
            "end": at(end),
            "people": [str(one) for one in people],
            "room": str(room) if room else None,
            "room_school": str(BECK_ROAD),
            "visited": str(visited) if visited else None,
        },
        Booking,
    )


def test_a_room_is_visited_by_one_team_at_a_time() -> None:
    booked = (busy("09:00", "09:11", person("Helen"), room=B4),)
    story = team(booked=booked).who("Petra").does("schedule-visit", visit(1))
    story.refused("ROOM_CLASH")


def test_a_room_is_free_again_when_the_visit_ends() -> None:
    booked = (busy("09:00", "09:10", person("Helen"), room=B4),)
    team(booked=booked).who("Petra").does("schedule-visit", visit(1)).then()


def test_a_walker_is_bound_until_the_corridor_is_over() -> None:
    booked = (busy("09:23", "09:40", TOM),)
    story = team(booked=booked).who("Petra").does("schedule-visit", visit(1))
    story.refused("PERSON_DOUBLE_BOOKED", details=({"person": str(TOM)},))


def test_a_host_is_free_again_when_the_visit_ends() -> None:
    booked = (busy("09:18", "09:40", KELLY),)
    team(booked=booked).who("Petra").does("schedule-visit", visit(1)).then()


def test_a_host_is_not_in_two_places() -> None:
    booked = (busy("09:17", "09:40", KELLY),)
    story = team(booked=booked).who("Petra").does("schedule-visit", visit(1))
    story.refused("PERSON_DOUBLE_BOOKED", details=({"person": str(KELLY)},))


def test_a_visitor_is_booked_at_the_own_school_as_well() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1))
    assert set(held(story)) == {"visit-1"}
    assert set(held(story, CARRICK)) == {"visit-1"}


def test_scheduling_anew_replaces_the_booking_everywhere() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1))
    three = ("Petra", "Tom", "Amina")
    story = story.does("schedule-visit", visit(1, at="10:00", visitors=three))
    story = story.then("visit-scheduled", "released", "booked")
    assert held(story)["visit-1"].start.hour == 10
    assert held(story, CARRICK) == {}


def test_scheduling_anew_does_not_clash_with_itself() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1))
    story.does("schedule-visit", visit(1, at="09:12")).then()


def test_leaving_out_a_visit_releases_the_booking() -> None:
    story = scheduled().does("skip-visit", {"visit_no": 2, "reason": "A trip"})
    story = story.then("visit-skipped", "released", "released")
    assert set(held(story)) == {"visit-1", "visit-3"}


def test_cancelling_the_run_releases_every_booking() -> None:
    story = scheduled().does("cancel-run", {"reason": "Snow"})
    assert held(story) == {}
    assert held(story, CARRICK) == {}


def test_a_walker_who_leaves_is_released_and_the_others_are_not() -> None:
    story = scheduled().who("Hamish").does("leave-run")
    assert held(story, CARRICK) == {}
    assert HAMISH not in held(story)["visit-1"].people
    assert TOM in held(story)["visit-1"].people


# LW-E06 and LW-E07: who visits


def test_no_more_visitors_than_the_host_school_allows() -> None:
    around = {"policy": Policy(max_visitors_per_room=2)}
    story = team(**around).who("Petra").does("schedule-visit", visit(1))
    story = story.refused("TOO_MANY_VISITORS", params={"most": 2})
    story.does("schedule-visit", visit(1, visitors=("Petra", "Tom"))).then()


def test_the_policy_that_counts_is_that_of_the_room() -> None:
    around = {"policy": Policy(max_visitors_per_room=2)}
    story = team(**around).who("Petra")
    story.does("schedule-visit", visit(1, room=C1, host="Freya")).then()


def test_nobody_visits_their_own_room() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, host="Tom"))
    story.refused("WALKER_HOSTS_ROOM")


def test_a_walker_may_host_a_visit_of_the_others() -> None:
    others = ("Petra", "Amina", "Hamish")
    story = team().who("Petra")
    story.does("schedule-visit", visit(1, host="Tom", visitors=others)).then()


def test_only_walkers_of_the_team_visit() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, visitors=("Petra", "Helen")))
    story.refused("VALIDATION_FAILED", pointer="/visitors/1")


def test_each_visitor_is_named_once() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, visitors=("Petra", "Petra")))
    story.refused("VALIDATION_FAILED", pointer="/visitors/1")


def test_a_host_works_at_the_school_of_the_room() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, host="Freya"))
    story.refused("VALIDATION_FAILED", pointer="/host")


def test_a_room_is_one_of_the_alliance() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, room=PETRA))
    story.refused("VALIDATION_FAILED", pointer="/location")


def test_a_hard_budget_refuses_one_visit_too_many() -> None:
    around = {"policy": Policy(observation_budget=0, budget_is_hard=True)}
    story = team(**around).who("Petra").does("schedule-visit", visit(1))
    story.refused("OBSERVATION_CAP_REACHED", params={"visits": 1, "cap": 0})


def test_a_school_may_forbid_that_a_manager_visits() -> None:
    around = {"policy": Policy(line_manager_forbidden=True), "manages": {TOM: (KELLY,)}}
    story = team(**around).who("Petra").does("schedule-visit", visit(1))
    story.refused("LINE_MANAGER_FORBIDDEN")


def test_nobody_is_asked_again_in_the_walk_they_withdrew_from() -> None:
    story = withdrawn(told(), "Kelly")
    story = story.who("Petra").does("schedule-visit", visit(4, at="11:00"))
    story.refused("CONSENT_WITHDRAWN")
