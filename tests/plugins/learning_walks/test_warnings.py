"""What deserves a second look: raised when it comes true, for whom it is, gone when it is not."""

import pytest
from tests.plugins.learning_walks.examples import (
    PLAN,
    adopted,
    all_speak,
    closed,
    concluded,
    in_corridor,
    in_room,
    joined,
    minute,
    note,
    outcome,
    planned,
    ready,
    roles_given,
    scheduled,
    shared,
    sharing,
    team,
    told,
    visit,
    visited,
    walked,
    walking,
    withdrawn,
)
from tests.plugins.learning_walks.school import ENQUIRY, KELLY, PETRA, TOM

from enquiry.kernel.alliance.state import Policy
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, named, person

TEAM_AND_LEAD = ("Petra", "Tom", "Amina", "Hamish")
OTHERS = ("Kelly", "Declan", "Helen", "Cora", "Corin")


def seen_by(story: Story, code: str) -> set[str]:
    """Who sees a standing warning of this code."""
    people = (*TEAM_AND_LEAD, *OTHERS, "Ines", "Stranger")
    return {name for name in people if code in story.warned(name)}


def role(name: str, walk_role: str) -> dict[str, str]:
    return {"person": str(person(name)), "walk_role": walk_role}


# The team


def three() -> Story:
    """Petra, Tom and Amina are ready to walk."""
    story = joined("Tom", "Amina").who("Petra")
    story = story.does("set-walk-focus", FOCUS_ONE)
    story = story.does("schedule-visit", visit(1, visitors=("Petra", "Tom", "Amina")))
    story = roles_given(told(story), "Petra", "Tom", "Amina")
    return adopted(story, "Petra", "Tom", "Amina").who("Petra")


FOCUS_ONE = {
    "focus": "How pupils use feedback",
    "link_to_improvement_aim": "marking policy review",
    "criteria": [{"id": "c1", "text": "time is given"}],
}


def test_a_team_that_is_not_four_is_remarked_when_it_sets_out() -> None:
    story = three().does("begin-walk").then("walk-begun", "started", warns=("TEAM_NOT_FOUR",))
    assert seen_by(story, "TEAM_NOT_FOUR") == {"Petra", "Tom", "Amina"}


def test_four_are_as_many_as_usual() -> None:
    ready().who("Petra").does("begin-walk").then("walk-begun", "started", warns=())


def test_a_school_may_find_five_usual() -> None:
    story = team(planned(plan={**PLAN, "params": {"team_normal": 5}}))
    story = ready(told(scheduled(story))).who("Petra").does("begin-walk")
    story.then("walk-begun", "started", warns=("TEAM_NOT_FOUR",))


def test_a_team_that_shrinks_on_the_way_is_remarked() -> None:
    story = walking().who("Amina").does("leave-run")
    story.then(warns=("TEAM_NOT_FOUR",))


def test_how_many_walked_does_not_change_afterwards() -> None:
    story = walked().who("Amina").does("leave-run")
    story.then("participant-left", warns=())


def test_two_who_look_at_the_same_are_remarked_until_they_do_not() -> None:
    story = roles_given(team(), "Tom").does("assign-walk-role", role("Amina", "work_scrutiny"))
    story = story.then("walk-role-assigned", warns=("DUPLICATE_WALK_ROLE",))
    assert seen_by(story, "DUPLICATE_WALK_ROLE") == set(TEAM_AND_LEAD)
    story = story.does("assign-walk-role", role("Amina", "environment"))
    story.then("walk-role-assigned", resolves=("DUPLICATE_WALK_ROLE",))


def test_roles_of_their_own_are_not_compared() -> None:
    story = team().who("Petra")
    for name in ("Tom", "Amina"):
        own = {**role(name, "custom"), "custom": "questions asked"}
        story = story.does("assign-walk-role", own).then("walk-role-assigned", warns=())


# Notice


def test_five_whole_school_days_are_notice_enough() -> None:
    scheduled().does("notify-hosts").at("2026-11-11 12:00").then("hosts-notified", warns=())


def test_fewer_school_days_are_short_notice_for_each_visit() -> None:
    story = scheduled().does("notify-hosts").at("2026-11-12 12:00")
    story = story.then("hosts-notified", warns=("SHORT_NOTICE",) * 3)
    assert seen_by(story, "SHORT_NOTICE") == set(TEAM_AND_LEAD)
    first = next(w for w in story.live.warnings.values() if w.code == "SHORT_NOTICE")
    assert dict(first.params) == {"school_days": 4, "wanted": 5}


def test_holidays_are_no_notice() -> None:
    story = team().who("Petra").does("set-walk-focus", FOCUS_ONE)
    story = story.does("schedule-visit", visit(1, day="2026-11-02"))
    story = story.does("notify-hosts").at("2026-10-23 09:00")
    story.then("hosts-notified", warns=("SHORT_NOTICE",))


def test_short_notice_is_over_when_the_visit_is_moved_away() -> None:
    story = team().who("Petra").does("set-walk-focus", FOCUS_ONE)
    story = story.does("schedule-visit", visit(1))
    story = story.does("notify-hosts").at("2026-11-18 12:00")
    story = story.then("hosts-notified", warns=("SHORT_NOTICE",))
    story = story.does("schedule-visit", visit(1, day="2026-11-30"))
    story = story.then(warns=(), resolves=("SHORT_NOTICE",))
    story.does("notify-hosts").at("2026-11-18 12:10").then("hosts-notified", warns=())


def test_nothing_is_remarked_about_a_visit_that_does_not_take_place() -> None:
    story = scheduled().does("notify-hosts").at("2026-11-18 12:00")
    story = story.then("hosts-notified", warns=("SHORT_NOTICE",) * 3)
    story = story.does("skip-visit", {"visit_no": 1, "reason": "A trip"})
    story = story.then(resolves=("SHORT_NOTICE",))
    story = story.who("Declan").does("respond-as-host", {"visit_no": 2, "answer": "decline"})
    story.then(resolves=("SHORT_NOTICE",))


# How long it really took


@pytest.mark.parametrize("minutes", [4, 11, 13])
def test_what_really_took_too_long_or_short_is_recorded_and_remarked(minutes: int) -> None:
    story = in_room(1)
    story = story.does("end-visit", {"visit_no": 1}).at(minute(story, 1, minutes))
    story = story.then("visit-ended", warns=("VISIT_LENGTH_ACTUAL",))
    assert seen_by(story, "VISIT_LENGTH_ACTUAL") == set(TEAM_AND_LEAD)
    remark = next(iter(story.live.warnings.values()))
    assert (remark.about, dict(remark.params)) == ("visit-1", {"minutes": minutes})


@pytest.mark.parametrize("minutes", [5, 10])
def test_five_to_ten_minutes_in_a_room_are_fine(minutes: int) -> None:
    story = in_room(1)
    story = story.does("end-visit", {"visit_no": 1}).at(minute(story, 1, minutes))
    story.then("visit-ended", warns=())


@pytest.mark.parametrize("minutes", [4, 11])
def test_a_debrief_that_took_too_long_or_short_is_remarked(minutes: int) -> None:
    story = all_speak(in_corridor(1), 1, *TEAM_AND_LEAD).who("Petra")
    story = story.does("close-corridor", {"visit_no": 1}).at(minute(story, 1, 8 + minutes))
    story.then("corridor-closed", warns=("DEBRIEF_LENGTH_ACTUAL",))


def test_a_skipped_corridor_had_no_length() -> None:
    story = in_corridor(1).does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story.at(minute(story, 1, 30)).then(warns=())


# Words


def test_judging_words_are_remarked_to_the_author_and_the_lead() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, text="An excellent display"))
    story = story.then("note-recorded", warns=("EVALUATIVE_LANGUAGE",))
    assert seen_by(story, "EVALUATIVE_LANGUAGE") == {"Tom", "Petra"}


def test_guessing_words_are_remarked_to_the_author_and_the_lead() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, text="Two seemed bored"))
    story = story.then("note-recorded", warns=("INFERENCE_LANGUAGE",))
    assert seen_by(story, "INFERENCE_LANGUAGE") == {"Tom", "Petra"}


def test_a_remark_about_words_goes_when_they_are_taken_back() -> None:
    praise = note(1, text="An excellent display")
    story = in_room(1).who("Tom").does("record-note", praise, called="praise")
    story = story.does("retract-note", {"note": str(named("praise"))})
    story.then("note-retracted", resolves=("EVALUATIVE_LANGUAGE",))


def test_pupils_are_asked_about_learning_and_not_about_teachers() -> None:
    sir = note(1, kind="pupil_said", text='"Sir tells us"', verbatim=True)
    story = in_room(1).who("Hamish").does("record-note", sir)
    story = story.then("note-recorded", warns=("PUPIL_ASKED_ABOUT_TEACHER",))
    assert seen_by(story, "PUPIL_ASKED_ABOUT_TEACHER") == set(TEAM_AND_LEAD)
    seen = note(1, kind="saw", text="A teacher tells them")
    story.does("record-note", seen).then("note-recorded", warns=())


def test_an_outcome_that_judges_is_remarked_too() -> None:
    praise = {**outcome(1, 3), "text": "Feedback is excellent"}
    story = walked().who("Tom").does("record-outcome", praise)
    story.then("outcome-recorded", warns=("EVALUATIVE_LANGUAGE",))


# Criteria, feedback, hosts


def test_a_criterion_without_notes_is_remarked_when_the_walk_ends() -> None:
    story = visited(1).does("end-walk")
    story = story.then(warns=("CRITERION_WITHOUT_NOTES",))
    assert seen_by(story, "CRITERION_WITHOUT_NOTES") == set(TEAM_AND_LEAD)
    remark = next(iter(story.live.warnings.values()))
    assert remark.about == "c3"


def test_a_withdrawal_uncovers_no_criterion() -> None:
    story = withdrawn(walked(), "Kelly")
    story = withdrawn(withdrawn(story, "Declan"), "Anya")
    story.then("consent-withdrawn", warns=())


def test_feedback_is_late_when_five_school_days_have_passed() -> None:
    story = walked().settled().time_passes(until="2026-11-26 23:59").then(warns=())
    story = story.time_passes(until="2026-11-27 00:01").then(warns=("FEEDBACK_LATE",))
    assert seen_by(story, "FEEDBACK_LATE") == set(TEAM_AND_LEAD)
    story = concluded(story)
    story = story.who("Petra").does("share-outcomes", sharing("hosts", "pattern"))
    story.then("outcomes-shared", resolves=("FEEDBACK_LATE",))


def test_feedback_in_good_time_is_never_late() -> None:
    shared(audience="hosts").settled().time_passes(until="2026-12-10 12:00").then(warns=())


def test_feedback_of_a_cancelled_walk_is_not_awaited() -> None:
    story = walked().does("cancel-run", {"reason": "Snow"})
    story.settled().time_passes(until="2026-12-10 12:00").then(warns=())


def test_late_feedback_may_be_acknowledged_by_the_lead() -> None:
    story = walked().settled().time_passes(until="2026-11-27 00:01").settled()
    remark = next(w for w in story.live.warnings.values() if w.code == "FEEDBACK_LATE")
    answer = {"warning": str(remark.id), "note": "We meet on Monday."}
    story = story.who("Tom").does("acknowledge-warning", answer).refused("NOT_PERMITTED")
    story = story.who("Kelly").does("acknowledge-warning", answer).refused("NOT_FOUND")
    story.who("Petra").does("acknowledge-warning", answer).then()


def test_hosts_have_a_voice_before_staff_see_outcomes() -> None:
    story = concluded().who("Petra").does("share-outcomes", sharing("staff", "pattern"))
    story = story.then("outcomes-shared", warns=("NO_HOST_VOICE",))
    assert seen_by(story, "NO_HOST_VOICE") == set(TEAM_AND_LEAD)
    story = shared(audience="hosts").does("share-outcomes", sharing("staff", "pattern"))
    story.then("outcomes-shared", warns=())


def test_a_host_who_walks_has_a_voice() -> None:
    others = ("Petra", "Amina", "Hamish")
    story = scheduled().does("schedule-visit", visit(2, host="Tom", visitors=others))
    story = walking(ready(told(story)))
    story = visited(1, story).does("begin-visit", {"visit_no": 2, "present": ids_of(*others)})
    story = story.who("Hamish").does("record-note", note(2, "c3"), called="hamish-2")
    story = story.who("Petra").does("end-visit", {"visit_no": 2})
    story = story.does("skip-corridor", {"visit_no": 2, "reason": "The bell rang"})
    story = story.does("end-walk")
    both = {**outcome(), "note_ids": [str(named("hamish-1")), str(named("hamish-2"))]}
    story = story.does("record-outcome", both, called="pattern")
    story.does("share-outcomes", sharing("staff", "pattern")).then(warns=())


def ids_of(*names: str) -> list[str]:
    return [str(person(name)) for name in names]


def test_closing_without_sharing_is_remarked() -> None:
    story = concluded().who("Petra").does("close-run")
    story = story.then("closed", warns=("NOT_SHARED",), stage="closed")
    assert seen_by(story, "NOT_SHARED") == set(TEAM_AND_LEAD)


def test_closing_after_sharing_is_not() -> None:
    assert "NOT_SHARED" not in closed().warned("Petra")


# Bookings


def test_a_budget_that_is_exceeded_is_told_to_the_teacher_alone() -> None:
    story = team(policy=Policy(observation_budget=0)).who("Petra")
    story = story.does("schedule-visit", visit(1))
    story = story.then(warns=("OBSERVATION_BUDGET_EXCEEDED",))
    assert seen_by(story, "OBSERVATION_BUDGET_EXCEEDED") == {"Kelly"}
    story = story.does("skip-visit", {"visit_no": 1, "reason": "Enough"})
    story.then(resolves=("OBSERVATION_BUDGET_EXCEEDED",))


def test_a_visit_of_the_own_manager_is_told_to_both_and_nobody_else() -> None:
    story = team(manages={TOM: (KELLY,)}).who("Petra").does("schedule-visit", visit(1))
    story = story.then(warns=("LINE_MANAGER_CONFLICT",) * 2)
    assert seen_by(story, "LINE_MANAGER_CONFLICT") == {"Tom", "Kelly"}
    three = ("Petra", "Amina", "Hamish")
    story = story.does("schedule-visit", visit(1, visitors=three))
    story.then(resolves=("LINE_MANAGER_CONFLICT",) * 2)


def test_a_day_without_school_is_remarked_until_the_visit_is_moved() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, day="2026-12-21"))
    story = story.then(warns=("OUTSIDE_TERM",))
    assert seen_by(story, "OUTSIDE_TERM") == set(TEAM_AND_LEAD)
    story = story.does("schedule-visit", visit(1, day="2026-12-17"))
    story.then(resolves=("OUTSIDE_TERM",))


def test_a_walk_in_an_enquiry_says_why_this_method() -> None:
    enquiry = Enquiry(members=(PETRA,), ethics_reviewed=True)
    story = planned(plan={**PLAN, "enquiry": str(ENQUIRY)}, enquiry=enquiry)
    story = story.then("planned", "run-joined", warns=("METHOD_WITHOUT_REASON",))
    story = story.does("give-reason", {"reason": "It shows practice across rooms"})
    story.then("reason-given", resolves=("METHOD_WITHOUT_REASON",))
