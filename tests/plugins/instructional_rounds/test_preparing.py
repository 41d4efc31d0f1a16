"""Before the day: the problem of practice, who takes part, teams, classrooms, consent."""

import pytest
from tests.plugins.instructional_rounds.examples import (
    PLAN,
    PROBLEM,
    TEAMS,
    adopted,
    at,
    classroom,
    drafting,
    ids,
    informed,
    joined,
    planned,
    present,
    published,
    ready,
    scheduled,
    team,
    teamed,
    withdrawn,
)
from tests.plugins.instructional_rounds.school import A1, CARRICK, H5, M12, OBSERVERS, carrick

from enquiry import Reject
from enquiry.kernel.alliance.state import Policy
from enquiry.testing import given, named, person
from enquiry_instructional_rounds import METHOD


def test_rounds_are_planned_for_a_host_school_by_whoever_comes_from_elsewhere() -> None:
    story = planned()
    assert story.live.stage == "planned"
    [fact] = [one for one in story.reads("Ines") if one["kind"] == "planned"]
    assert fact["data"]["school"] == str(CARRICK)


def test_the_host_school_is_one_of_the_alliance() -> None:
    story = given(METHOD, carrick(), at="2027-01-04 09:00").who("Ines")
    story = story.does("plan-run", {**PLAN, "host_school": str(named("nowhere"))})
    story.refused("VALIDATION_FAILED", pointer="/host_school")


def test_the_work_on_the_problem_begins_with_the_host_lead() -> None:
    story = joined(planned(), "observer", "Tom")
    assert story.live.stage == "planned"
    assert joined(story, "host-lead", "Freya").live.stage == "pop_drafting"


@pytest.mark.parametrize("role", ["host-lead", "host-team"])
def test_the_host_side_works_at_the_host_school(role: str) -> None:
    form = {"person": str(person("Judith")), "role": role}
    story = planned().who("Ines").does("invite-to-run", form)
    story.refused("VALIDATION_FAILED", pointer="/person")


def test_there_is_one_host_lead() -> None:
    form = {"person": str(person("Olufemi")), "role": "host-lead"}
    drafting().who("Ines").does("invite-to-run", form).refused("VALIDATION_FAILED", pointer="/role")


def test_there_are_three_network_facilitators_at_most() -> None:
    story = joined(planned(), "network-facilitator", "Mei", "Judith")
    form = {"person": str(person("Tom")), "role": "network-facilitator"}
    story = story.who("Ines").does("invite-to-run", form)
    story.refused("VALIDATION_FAILED", pointer="/role")


def test_nobody_is_on_both_sides() -> None:
    story = drafting().who("Ines")
    both = {"person": str(person("Hamish")), "role": "observer"}
    story.does("invite-to-run", both).refused("VALIDATION_FAILED", pointer="/role")
    other = {"person": str(person("Olufemi")), "role": "observer"}
    story.does("invite-to-run", other).refused("VALIDATION_FAILED", pointer="/person")


def test_a_pupil_does_not_observe() -> None:
    form = {"person": str(person("Maya")), "role": "observer"}
    planned().who("Ines").does("invite-to-run", form).refused("VALIDATION_FAILED")


def test_nobody_joins_as_an_observer_on_the_day() -> None:
    invitation = {"person": str(person("Judith")), "role": "observer"}
    story = ready().who("Ines").does("invite-to-run", invitation)
    story = story.who("Nasreen").does("begin-observation", present(1)).at(at("09:00"))
    story.who("Judith").does("accept-run-invitation").refused("WRONG_STAGE")
    late = {"person": str(person("Mei")), "role": "observer"}
    story.who("Ines").does("invite-to-run", late).refused("VALIDATION_FAILED", pointer="/role")


# The problem: rule E01


@pytest.mark.parametrize("name", ["Ines", "Tom", "Hamish"])
def test_only_the_host_lead_publishes_the_problem(name: str) -> None:
    drafting().who(name).does("publish-problem", PROBLEM).refused("POP_NOT_HOST_OWNED")


def test_the_staff_had_a_part_in_the_problem() -> None:
    form = {name: value for name, value in PROBLEM.items() if name != "staff_involvement"}
    story = drafting().who("Freya").does("publish-problem", form)
    story.refused("STAFF_INVOLVEMENT_REQUIRED", pointer="/staff_involvement")


def test_all_tests_of_the_problem_are_answered() -> None:
    form = {name: value for name, value in PROBLEM.items() if name not in ("observable",)}
    story = drafting().who("Freya").does("publish-problem", form)
    story.refused("POP_TEST_UNANSWERED", details=({"test": "observable"},))


def test_the_problem_names_nobody() -> None:
    form = {**PROBLEM, "context": "It began in the lessons of Mr Patel"}
    drafting().who("Freya").does("publish-problem", form).refused("IDENTIFYING_TEXT")


def test_a_problem_that_changes_is_told_to_host_teachers_again() -> None:
    story = ready().who("Freya").does("publish-problem", PROBLEM)
    assert story.live.stage == "scheduled"
    story.who("Nasreen").does("begin-observation", present(1)).refused("HOST_NOT_NOTIFIED")


def test_of_two_problems_published_at_once_the_second_is_looked_at_again() -> None:
    story = published().who("Freya")
    seen = story.live.revision
    story = story.does("publish-problem", PROBLEM, if_match=seen)
    story.does("publish-problem", PROBLEM, if_match=seen).refused("VERSION_CONFLICT")


# Teams: rule E04


@pytest.mark.parametrize("size", [1, 7])
def test_a_team_has_two_to_six(size: int) -> None:
    more = ("Ada", "Bo")
    names = (*OBSERVERS, *more)[:size]
    story = joined(published(drafting(more=more)), "observer", *more)
    story = story.who("Ines").does("form-team", team(1, *names))
    story.refused("TEAM_SIZE_OUT_OF_RANGE", params={"team": size, "least": 2, "most": 6})


def test_a_team_of_six_is_formed() -> None:
    published().who("Ines").does("form-team", team(1, *OBSERVERS)).then(
        "team-formed", warns=("TEAM_NOT_THREE_TO_FIVE",)
    )


def test_a_team_is_formed_of_observers() -> None:
    story = published().who("Ines").does("form-team", team(1, "Nasreen", "Hamish"))
    story.refused("VALIDATION_FAILED", pointer="/members/1")
    twice = published().who("Ines").does("form-team", team(1, "Nasreen", "Nasreen"))
    twice.refused("VALIDATION_FAILED", pointer="/members/1")


def test_nobody_is_in_two_teams() -> None:
    story = published().who("Ines").does("form-team", team(1))
    story = story.does("form-team", team(2, "Petra", "Grace"))
    story.refused("PERSON_DOUBLE_BOOKED", details=({"person": str(person("Grace"))},))


def test_one_team_alone_does_not_set_out() -> None:
    story = published().who("Ines").does("form-team", team(1))
    story = story.does("schedule-classroom", classroom(1))
    story = story.does("inform-host-teachers", {"visit_nos": [1]})
    story = adopted(story, "Freya", *OBSERVERS)
    story = story.who("Nasreen").does("begin-observation", present(1))
    story.refused("TEAM_SIZE_OUT_OF_RANGE", params={"teams": 1, "least": 2})


def test_a_team_fits_into_the_rooms() -> None:
    small = Policy(max_visitors_per_room=2)
    story = published(policy=small).who("Ines").does("form-team", team(1))
    story = story.does("schedule-classroom", classroom(1))
    story.refused("TOO_MANY_VISITORS", params={"most": 2})


def test_a_team_does_not_outgrow_the_rooms_it_is_to_visit() -> None:
    story = scheduled(teamed()).who("Ines").does("form-team", team(2, "Petra", "Siân"))
    story = joined(story, "observer", "Judith", "Mei").who("Ines")
    names = ("Nasreen", "Tom", "Grace", "Lewis", "Judith")
    story.does("form-team", team(1, *names)).refused("TOO_MANY_VISITORS", params={"most": 4})


# Classrooms: rules E03 and E04


def test_the_room_is_one_of_the_host_school() -> None:
    story = teamed().who("Ines").does("schedule-classroom", classroom(1, room=A1))
    story.refused("VALIDATION_FAILED", pointer="/location")


def test_the_host_teacher_works_at_the_host_school() -> None:
    story = teamed().who("Ines").does("schedule-classroom", classroom(1, host="Judith"))
    story.refused("VALIDATION_FAILED", pointer="/host_teacher")


def test_the_team_was_formed() -> None:
    story = teamed().who("Ines").does("schedule-classroom", classroom(1, team=7))
    story.refused("VALIDATION_FAILED", pointer="/team_no")


def test_nobody_observes_their_own_classroom() -> None:
    story = published().who("Ines")
    story = (
        joined(story, "observer", "Bella").who("Ines").does("form-team", team(1, "Bella", "Tom"))
    )
    story = story.does("schedule-classroom", classroom(1, host="Bella"))
    story.refused("VALIDATION_FAILED", pointer="/host_teacher")


def test_the_host_lead_schedules_too() -> None:
    story = teamed().who("Freya").does("schedule-classroom", classroom(1))
    story.then("classroom-scheduled", *["booked"] * 3, stage="scheduled")


def test_a_visit_is_as_long_as_visits_usually_are() -> None:
    story = teamed().who("Ines").does("schedule-classroom", classroom(1))
    assert story.view("timetable", by="Tom")["visits"][0]["ends"].startswith("2027-02-02T09:20")


def test_host_teachers_are_told_of_visits_to_come() -> None:
    story = scheduled().who("Ines").does("inform-host-teachers", {"visit_nos": [1, 9]})
    story.refused("VALIDATION_FAILED", pointer="/visit_nos/1")


def test_nobody_enters_a_room_whose_teacher_was_not_told() -> None:
    story = ready(scheduled()).who("Nasreen").does("begin-observation", present(1))
    story.refused("HOST_NOT_NOTIFIED")


def test_a_visit_that_is_moved_is_told_again() -> None:
    story = ready().who("Ines").does("schedule-classroom", classroom(1, start="11:00"))
    story.who("Nasreen").does("begin-observation", present(1)).refused("HOST_NOT_NOTIFIED")


def test_a_visit_that_was_cancelled_does_not_begin() -> None:
    cancel = {"visit_no": 1, "reason": "A trip"}
    story = ready().who("Ines").does("cancel-classroom", cancel)
    story = story.who("Nasreen").does("begin-observation", present(1))
    story = story.refused("WRONG_STAGE")
    with pytest.raises(Reject):
        story.view("timetable", by="Patel")


# Consent: rule E03


def _answer(number: int, answer: str) -> dict[str, object]:
    return {"visit_no": number, "answer": answer}


def test_a_host_teacher_who_was_told_accepts() -> None:
    story = informed().who("Patel").does("consent-as-host-teacher", _answer(1, "accept"))
    story.then("host-teacher-consented")


def test_a_host_teacher_who_was_not_told_knows_of_nothing() -> None:
    story = scheduled()
    assert story.may("Patel") == {}
    story.who("Patel").does("consent-as-host-teacher", _answer(1, "accept")).refused("NOT_FOUND")


def test_the_classroom_of_a_teacher_who_declines_is_not_visited() -> None:
    story = ready().who("Patel").does("consent-as-host-teacher", _answer(1, "decline"))
    assert story.live.tracks["1"] == "not_held"
    story.who("Nasreen").does("begin-observation", present(1)).refused("HOST_DECLINED")


def test_a_host_teacher_answers_for_no_other_classroom() -> None:
    story = informed().who("Patel").does("consent-as-host-teacher", _answer(2, "decline"))
    story = story.refused("NOT_FOUND")
    assert story.may("Patel")["consent-as-host-teacher"].keys == ("1",)


def test_nobody_answers_for_a_host_teacher() -> None:
    story = informed().who("Freya").does("consent-as-host-teacher", _answer(1, "accept"))
    story.refused("NOT_PERMITTED")


def test_whoever_withdrew_is_not_asked_again() -> None:
    story = withdrawn(informed(), "Patel").who("Ines")
    story = story.does("schedule-classroom", classroom(5, room=H5, host="Patel"))
    story = story.refused("CONSENT_WITHDRAWN")
    story.who("Nasreen").does("begin-observation", present(1)).refused("CONSENT_WITHDRAWN")


def test_a_team_is_shown_with_whom_it_goes() -> None:
    story = informed()
    mine = story.view("timetable", by="Tom")["visits"]
    assert [one["visit_no"] for one in mine] == [1, 2]
    assert mine[0]["visitors"] == ids(*TEAMS[1])
    assert mine[0]["room"] == "M12"
    assert str(M12) not in str(mine)
