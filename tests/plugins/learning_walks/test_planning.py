"""Planning a walk: focus, walk roles, visits, notice, the hosts' answers."""

import pytest
from tests.plugins.learning_walks.examples import (
    FOCUS,
    PLAN,
    V1,
    adopted,
    in_room,
    joined,
    planned,
    ready,
    roles_given,
    scheduled,
    team,
    told,
    visit,
    walking,
)
from tests.plugins.learning_walks.looking import held
from tests.plugins.learning_walks.school import (
    AMINA,
    B9,
    BECK_ROAD,
    C1,
    CARRICK,
    HAMISH,
    KELLY,
    PETRA,
    TEAM,
    TOM,
)

from enquiry import Reject
from enquiry.testing import Story, person


def criteria(*keys: str) -> dict[str, object]:
    return {**FOCUS, "criteria": [{"id": key, "text": "a change follows"} for key in keys]}


# Who plans


def test_whoever_plans_a_walk_leads_it_and_walks_too() -> None:
    state = planned().live.state
    assert (state.lead, state.adults()) == (PETRA, (PETRA,))


def test_a_pupil_plans_no_walk() -> None:
    planned("Maya").refused("NOT_PERMITTED")


def test_a_walk_is_planned_for_the_own_school() -> None:
    plan = {**PLAN, "school": str(CARRICK)}
    planned(plan=plan).refused("NOT_PERMITTED")


def test_ranges_that_hold_nothing_are_refused() -> None:
    plan = {**PLAN, "params": {"visit_least": 9, "visit_most": 6}}
    planned(plan=plan).refused("VALIDATION_FAILED", pointer="/params")


def test_a_parameter_stays_in_its_allowed_range() -> None:
    planned(plan={**PLAN, "params": {"team_normal": 7}}).refused(
        "VALIDATION_FAILED", pointer="/params/team_normal"
    )


def test_a_pupil_is_invited_as_a_pupil() -> None:
    invitation = {"person": str(person("Maya")), "role": "walker"}
    story = planned().does("invite-to-run", invitation)
    story = story.refused("VALIDATION_FAILED", pointer="/role")
    story = story.does("invite-to-run", {**invitation, "role": "pupil-walker"})
    story.then("participant-invited")


def test_a_colleague_is_not_invited_as_a_pupil() -> None:
    invitation = {"person": str(TOM), "role": "pupil-walker"}
    planned().does("invite-to-run", invitation).refused("VALIDATION_FAILED", pointer="/role")


def test_nobody_is_invited_to_be_a_host() -> None:
    invitation = {"person": str(KELLY), "role": "host"}
    planned().does("invite-to-run", invitation).refused("VALIDATION_FAILED", pointer="/role")


def test_declining_an_invitation_needs_no_reason_and_raises_no_warning() -> None:
    story = planned().does("invite-to-run", {"person": str(TOM), "role": "walker"})
    story = story.who("Tom").does("decline-run-invitation").then("participant-declined", warns=())
    assert story.live.state.invited == {}


# LW-E01: one focus, linked to an aim, with criteria


def test_a_focus_needs_at_least_one_criterion() -> None:
    planned().does("set-walk-focus", criteria()).refused("CRITERIA_REQUIRED")


def test_a_focus_needs_the_aim_it_serves() -> None:
    focus = {key: value for key, value in FOCUS.items() if key != "link_to_improvement_aim"}
    planned().does("set-walk-focus", focus).refused("VALIDATION_FAILED")


def test_a_walk_has_seven_criteria_at_most() -> None:
    every = ("c1", "c2", "c3", "c4", "c5", "c6", "c7")
    story = planned().does("set-walk-focus", criteria(*every)).then("walk-focus-set")
    eight = criteria(*every, "c1")
    story.does("set-walk-focus", eight).refused("VALIDATION_FAILED", pointer="/criteria")


def test_each_criterion_is_numbered_once() -> None:
    story = planned().does("set-walk-focus", criteria("c1", "c1"))
    story.refused("VALIDATION_FAILED", pointer="/criteria")


def test_a_focus_names_nobody() -> None:
    story = planned().does("set-walk-focus", {**FOCUS, "focus": "Feedback in 3R"})
    story.refused("IDENTIFYING_TEXT", pointer="/focus")


def test_only_the_lead_sets_the_focus() -> None:
    team().who("Tom").does("set-walk-focus", FOCUS).refused("NOT_PERMITTED")


def test_the_focus_is_locked_once_the_walk_has_begun() -> None:
    walking().does("set-walk-focus", FOCUS).refused("FOCUS_LOCKED")


def test_a_walk_does_not_begin_without_a_focus() -> None:
    story = adopted(roles_given(team(), *TEAM), *TEAM).who("Petra").does("begin-walk")
    story.refused("CRITERIA_REQUIRED")


def test_hosts_are_told_anew_when_the_focus_changes() -> None:
    story = told().does("set-walk-focus", criteria("c1")).then("walk-focus-set")
    assert not any(one.told for one in story.live.state.visits.values())
    story = adopted(roles_given(story, *TEAM), *TEAM).who("Petra").does("begin-walk")
    story.refused("HOST_NOT_NOTIFIED")


def test_a_focus_that_has_changed_since_is_not_overwritten() -> None:
    story = planned().does("set-walk-focus", FOCUS).then()
    seen = story.live.revision
    story = story.does("set-walk-focus", criteria("c1"), if_match=seen).then()
    story.does("set-walk-focus", criteria("c2"), if_match=seen).refused("VERSION_CONFLICT")


# LW-E02: the team and its walk roles


def test_a_walk_needs_two_walkers() -> None:
    story = told(scheduled_alone(planned()))
    story = adopted(roles_given(story, "Petra"), "Petra").who("Petra").does("begin-walk")
    story.refused("TEAM_SIZE_OUT_OF_RANGE", params={"team": 1, "least": 2, "most": 6})


def scheduled_alone(story: Story) -> Story:
    story = story.who("Petra").does("set-walk-focus", FOCUS)
    return story.does("schedule-visit", visit(1, visitors=("Petra",)))


def test_six_walk_and_seven_do_not() -> None:
    others = ("Tom", "Amina", "Hamish", "Nora", "Helen", "Corin")
    story = told(scheduled_alone(joined(*others)))
    for name in others:
        role = {"person": str(person(name)), "walk_role": "environment"}
        story = story.who("Petra").does("assign-walk-role", role)
    story = adopted(roles_given(story, "Petra"), "Petra", *others)
    story = story.who("Petra").does("begin-walk").refused("TEAM_SIZE_OUT_OF_RANGE")
    story = story.who("Corin").does("leave-run").who("Petra").does("begin-walk")
    story.then("walk-begun", "started", warns=("TEAM_NOT_FOUR",))


def test_every_walker_has_a_role_when_the_walk_begins() -> None:
    story = adopted(roles_given(told(), "Petra", "Tom"), *TEAM)
    missing = ({"person": str(AMINA)}, {"person": str(HAMISH)})
    story.who("Petra").does("begin-walk").refused("ROLE_MISSING", details=missing)


def test_a_new_walk_role_replaces_the_old() -> None:
    story = roles_given(team(), "Tom")
    role = {"person": str(TOM), "walk_role": "environment"}
    story = story.does("assign-walk-role", role).then("walk-role-assigned")
    assert story.live.state.walk_roles[TOM] == "environment"


def test_a_role_of_ones_own_says_what_it_is() -> None:
    role = {"person": str(TOM), "walk_role": "custom"}
    story = team().who("Petra").does("assign-walk-role", role)
    story = story.refused("VALIDATION_FAILED", pointer="/custom")
    story.does("assign-walk-role", {**role, "custom": "questions"}).then("walk-role-assigned")


def test_no_other_role_comes_with_words_of_ones_own() -> None:
    role = {"person": str(TOM), "walk_role": "environment", "custom": "questions"}
    story = team().who("Petra").does("assign-walk-role", role)
    story.refused("VALIDATION_FAILED", pointer="/custom")


def test_walk_roles_are_for_walkers() -> None:
    role = {"person": str(KELLY), "walk_role": "environment"}
    story = team().who("Petra").does("assign-walk-role", role)
    story.refused("VALIDATION_FAILED", pointer="/person")


def test_a_decision_about_one_walker_leaves_the_others_alone() -> None:
    story = roles_given(team(), "Tom").settled()
    seen = story.live.revision
    story = roles_given(story, "Amina")
    role = {"person": str(TOM), "walk_role": "pupil_talk"}
    story.does("assign-walk-role", role, if_match=seen).then("walk-role-assigned")


# LW-E03: how long


@pytest.mark.parametrize("minutes", [4, 11, 12])
def test_a_visit_is_planned_for_five_to_ten_minutes(minutes: int) -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, minutes=minutes))
    story.refused("VISIT_LENGTH_OUT_OF_RANGE", params={"least": 5, "most": 10})


@pytest.mark.parametrize("minutes", [4, 11])
def test_a_debrief_is_planned_for_five_to_ten_minutes(minutes: int) -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, debrief=minutes))
    story.refused("DEBRIEF_LENGTH_OUT_OF_RANGE", pointer="/debrief_minutes")


@pytest.mark.parametrize("minutes", [5, 10])
def test_both_ends_of_the_range_are_allowed(minutes: int) -> None:
    story = team().who("Petra")
    story.does("schedule-visit", visit(1, minutes=minutes, debrief=minutes)).then()


def test_a_school_may_choose_another_range() -> None:
    story = team(planned(plan={**PLAN, "params": {"visit_most": 12}})).who("Petra")
    story.does("schedule-visit", visit(1, minutes=12)).then()


def test_a_time_needs_its_zone() -> None:
    form = {**visit(1), "start": "2026-11-19T09:10:00"}
    story = team().who("Petra").does("schedule-visit", form)
    story.refused("VALIDATION_FAILED", pointer="/start")


# LW-E04: visits and debriefs of one team


def test_visits_of_a_team_do_not_overlap() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1))
    story = story.does("schedule-visit", visit(2, at="09:17"))
    story.refused("VISIT_OVERLAP", params={"visit": 1})


def test_there_is_time_for_the_corridor_before_the_next_visit() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1))
    story = story.does("schedule-visit", visit(2, at="09:23")).refused("DEBRIEF_SLOT_MISSING")
    story.does("schedule-visit", visit(2, at="09:24")).then()


def test_an_earlier_visit_leaves_time_for_its_corridor_too() -> None:
    story = team().who("Petra").does("schedule-visit", visit(2))
    story = story.does("schedule-visit", visit(1, at="09:15"))
    story.refused("DEBRIEF_SLOT_MISSING", params={"visit": 2})


def test_a_visit_that_was_left_out_is_in_nobodys_way() -> None:
    story = scheduled().does("skip-visit", {"visit_no": 1, "reason": "A trip"})
    story.does("schedule-visit", visit(4, room=B9, host="Anya", at="09:10")).then()


def test_a_visit_that_has_begun_is_not_planned_anew() -> None:
    in_room(1).does("schedule-visit", visit(1, at="11:00")).refused("WRONG_STAGE")


# Telling the hosts, and their answers


def test_hosts_are_told_once_there_is_something_to_tell() -> None:
    story = team().who("Petra").does("notify-hosts").refused("WRONG_STAGE")
    story = story.does("schedule-visit", visit(1)).does("notify-hosts")
    story = story.refused("CRITERIA_REQUIRED")
    story = story.does("set-walk-focus", FOCUS).does("notify-hosts").then("hosts-notified")
    story.does("notify-hosts").refused("WRONG_STAGE")


def test_only_those_who_do_not_know_yet_are_told() -> None:
    story = told().does("schedule-visit", visit(2, at="11:00")).does("notify-hosts")
    story = story.then("hosts-notified")
    notices = story.reads("Petra")[-1]["data"]["notices"]
    assert [one["visit_no"] for one in notices] == [2]


def test_a_walk_is_ready_when_hosts_are_told_and_everybody_adopted_the_protocol() -> None:
    story = adopted(told(), "Petra", "Tom", "Amina").settled()
    assert story.live.stage == "planned"
    story.who("Hamish").does("adopt-protocol", V1).then("protocol-adopted", stage="ready")


def test_a_walk_is_ready_when_the_last_host_is_told() -> None:
    story = adopted(scheduled(), *TEAM).who("Petra").does("notify-hosts")
    story.then("hosts-notified", stage="ready")


def test_a_walk_does_not_begin_before_everybody_adopted_the_protocol() -> None:
    story = adopted(roles_given(told(), *TEAM), "Petra", "Tom", "Hamish")
    story = story.who("Petra").does("begin-walk")
    story.refused("PROTOCOL_NOT_ADOPTED", details=({"person": str(AMINA)},))


def test_a_walk_does_not_begin_before_any_host_was_told() -> None:
    story = adopted(roles_given(scheduled(), *TEAM), *TEAM).who("Petra").does("begin-walk")
    story.refused("HOST_NOT_NOTIFIED")


def test_a_run_may_be_started_before_the_walk_begins() -> None:
    story = ready().who("Petra").does("start-run").then("started")
    story.does("begin-walk").then("walk-begun")


def test_a_host_does_not_know_of_the_walk_before_being_told() -> None:
    accept = {"visit_no": 1, "answer": "accept"}
    scheduled().who("Kelly").does("respond-as-host", accept).refused("NOT_FOUND")


def test_a_host_answers_for_the_own_room_only() -> None:
    accept = {"visit_no": 2, "answer": "accept"}
    told().who("Kelly").does("respond-as-host", accept).refused("NOT_FOUND")


def test_a_host_is_offered_the_own_visit_alone() -> None:
    assert told().may("Declan")["respond-as-host"].keys == ("2",)


def test_no_text_names_a_school_that_is_visited() -> None:
    story = scheduled().does("schedule-visit", visit(3, room=C1, host="Freya"))
    assert story.live.state.schools_entered() == (BECK_ROAD, CARRICK)
    assert person("Freya") in story.live.state.hosts()


def test_a_walker_does_not_answer_for_a_host() -> None:
    accept = {"visit_no": 1, "answer": "accept"}
    told().who("Tom").does("respond-as-host", accept).refused("NOT_PERMITTED")


def test_a_host_who_walks_answers_for_the_own_room_only() -> None:
    others = ("Petra", "Amina", "Hamish")
    story = scheduled().does("schedule-visit", visit(1, host="Tom", visitors=others))
    story = told(story).who("Tom").does("respond-as-host", {"visit_no": 2, "answer": "accept"})
    story = story.refused("NOT_PERMITTED")
    story.does("respond-as-host", {"visit_no": 1, "answer": "accept"}).then("host-accepted")


def test_a_host_who_accepted_may_still_decline() -> None:
    story = told().who("Kelly").does("respond-as-host", {"visit_no": 1, "answer": "accept"})
    story = story.does("respond-as-host", {"visit_no": 1, "answer": "decline"})
    story = story.then("host-declined", "released", "released", warns=())
    assert story.live.tracks["1"] == "dropped"
    assert "visit-1" not in held(story)


def test_a_declined_visit_may_be_offered_to_somebody_else() -> None:
    story = told().who("Kelly").does("respond-as-host", {"visit_no": 1, "answer": "decline"})
    story = story.who("Petra").does("schedule-visit", visit(1, host="Nora"))
    story = story.then("visit-scheduled", "booked", "booked")
    assert story.live.tracks["1"] == "scheduled"
    story = story.does("notify-hosts").who("Nora")
    story.does("respond-as-host", {"visit_no": 1, "answer": "accept"}).then("host-accepted")


def test_only_the_lead_plans_visits_and_tells_hosts() -> None:
    story = scheduled()
    story = story.who("Tom").does("schedule-visit", visit(4)).refused("NOT_PERMITTED")
    story = story.does("notify-hosts").refused("NOT_PERMITTED")
    story.does("skip-visit", {"visit_no": 1, "reason": "A trip"}).refused("NOT_PERMITTED")


def test_another_visit_does_not_make_a_decision_stale() -> None:
    story = scheduled().settled()
    seen = story.live.revision
    story = story.does("schedule-visit", visit(3, at="10:00"))
    story.does("schedule-visit", visit(1, at="09:11"), if_match=seen).then()


def test_a_visit_that_has_changed_since_is_not_overwritten() -> None:
    story = scheduled().settled()
    seen = story.live.revision
    story = story.does("schedule-visit", visit(3, at="10:00"))
    story.does("schedule-visit", visit(3, at="10:30"), if_match=seen).refused("VERSION_CONFLICT")


def test_somebody_from_nowhere_finds_nothing() -> None:
    scheduled().who("Stranger").does("begin-walk").refused("NOT_FOUND")
    with pytest.raises(Reject):
        scheduled().view("timetable", by="Stranger")
