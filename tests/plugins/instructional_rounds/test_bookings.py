"""What visits bind, in the calendars of all the schools that people come from."""

from datetime import UTC, datetime, timedelta

from tests.plugins.instructional_rounds.examples import (
    classroom,
    in_rooms,
    informed,
    ready,
    scheduled,
    team,
    teamed,
    withdrawn,
)
from tests.plugins.instructional_rounds.looking import held
from tests.plugins.instructional_rounds.school import (
    ASHLOW,
    BECK,
    CARRICK,
    DUNMERE,
    H5,
    M12,
    TEAM_1,
)

from enquiry.kernel.alliance.state import Policy
from enquiry.kernel.bookings import Booking
from enquiry.testing import person

NINE = datetime(2027, 2, 2, 9, 0, tzinfo=UTC)
TWENTY = timedelta(minutes=20)


def _elsewhere(name: str, start: datetime = NINE) -> Booking:
    return Booking(key="other/1", start=start, end=start + TWENTY, people=(person(name),))


def test_every_school_that_an_observer_comes_from_knows_when_they_are_away() -> None:
    story = scheduled()
    assert set(held(story, CARRICK)) == {f"visit-{n}" for n in (1, 2, 3, 4)}
    assert set(held(story, ASHLOW)) == {"visit-1", "visit-2"}
    assert set(held(story, BECK)) == {f"visit-{n}" for n in (1, 2, 3, 4)}
    assert set(held(story, DUNMERE)) == {"visit-3", "visit-4"}


def test_an_observer_who_is_bound_at_another_school_is_not_booked_twice() -> None:
    story = teamed(booked={ASHLOW: (_elsewhere("Grace"),)}).who("Ines")
    story = story.does("schedule-classroom", classroom(1))
    story.refused("PERSON_DOUBLE_BOOKED", details=({"person": str(person("Grace"))},))


def test_back_to_back_is_no_overlap() -> None:
    before = _elsewhere("Grace", start=NINE - TWENTY)
    story = teamed(booked={ASHLOW: (before,)}).who("Ines")
    story.does("schedule-classroom", classroom(1)).then()


def test_a_team_is_not_in_two_rooms_at_once() -> None:
    story = scheduled().who("Ines")
    story = story.does("schedule-classroom", classroom(5, room=H5, host="Bella", start="09:50"))
    story.refused("PERSON_DOUBLE_BOOKED")


def test_two_teams_do_not_visit_one_room_at_once() -> None:
    story = teamed().who("Ines").does("schedule-classroom", classroom(1))
    again = classroom(3, room=M12, host="Young", start="09:10")
    story.does("schedule-classroom", again).refused("ROOM_CLASH")


def test_forming_a_team_anew_moves_its_bookings() -> None:
    story = scheduled().who("Ines").does("form-team", team(1, "Nasreen", "Tom"))
    assert person("Grace") not in held(story)["visit-1"].people
    assert set(held(story, ASHLOW)) == {"visit-1", "visit-2"}


def test_whoever_is_bound_elsewhere_is_not_put_into_a_team_that_goes_then() -> None:
    story = teamed(booked={DUNMERE: (_elsewhere("Lewis"),)}).who("Ines")
    story = story.does("form-team", team(2, "Petra", "Siân"))
    story = story.does("schedule-classroom", classroom(3))
    story.does("form-team", team(2)).refused("PERSON_DOUBLE_BOOKED")


def test_cancelling_a_classroom_frees_everybody() -> None:
    cancel = {"visit_no": 1, "reason": "A trip"}
    story = scheduled().who("Ines").does("cancel-classroom", cancel)
    assert "visit-1" not in held(story)
    assert "visit-1" not in held(story, ASHLOW)


def test_declining_frees_everybody() -> None:
    answer = {"visit_no": 1, "answer": "decline"}
    story = informed().who("Patel").does("consent-as-host-teacher", answer)
    assert "visit-1" not in held(story)


def test_withdrawing_frees_everybody() -> None:
    story = withdrawn(informed(), "Patel")
    assert "visit-1" not in held(story)
    assert "visit-2" in held(story)


def test_an_observer_who_leaves_is_free() -> None:
    story = scheduled().who("Grace").does("leave-run")
    assert held(story)["visit-1"].people == tuple(person(name) for name in TEAM_1[:2])
    assert set(held(story, ASHLOW)) == {"visit-1", "visit-2"}


def test_cancelling_the_rounds_frees_everybody() -> None:
    story = scheduled().who("Ines").does("cancel-run", {"reason": "Snow"})
    assert held(story) == {}


def test_visits_under_way_stay_booked_when_the_rounds_are_cancelled() -> None:
    story = in_rooms().who("Ines").does("cancel-run", {"reason": "Fire alarm"})
    assert set(held(story)) == {"visit-1", "visit-3"}


def test_a_teacher_is_not_visited_beyond_a_hard_budget() -> None:
    story = teamed(policy=Policy(observation_budget=0, budget_is_hard=True)).who("Ines")
    story.does("schedule-classroom", classroom(1)).refused("OBSERVATION_CAP_REACHED")


def test_a_school_may_refuse_visits_by_a_line_manager() -> None:
    manages = {person("Tom"): (person("Patel"),)}
    story = teamed(policy=Policy(line_manager_forbidden=True), manages=manages).who("Ines")
    story.does("schedule-classroom", classroom(1)).refused("LINE_MANAGER_FORBIDDEN")


def test_rounds_that_nobody_is_left_to_lead_free_everybody() -> None:
    story = ready()
    for name in ("Nasreen", "Tom", "Grace", "Petra", "Siân", "Lewis"):
        story = story.who(name).does("leave-run")
    story = story.who("Ines").does("leave-run").then(stage="cancelled")
    assert held(story) == {}
