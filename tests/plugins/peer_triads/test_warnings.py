"""What deserves a second look: raised when it is true, seen by whom it concerns, gone when not."""

from datetime import timedelta

import pytest
from tests.plugins.peer_triads.examples import (
    CYCLE,
    FIRST,
    GRACE,
    JUDITH,
    PETRA,
    SECOND,
    THE_THREE,
    THIRD,
    accepted,
    completed,
    ended,
    everybody,
    invited,
    meeting,
    planned,
    ready,
    reviewed,
    roles,
    rounds_done,
    talking,
)

from enquiry.testing import Story, named

ONLINE = {"mode": "online"}
OTHERS = ("Judith", "Corin", "Tom", "Stranger")


def seen_by_the_three_alone(story: Story, code: str) -> None:
    for name in ("Grace", "Petra", "Lewis"):
        assert code in story.warned(name)
    for name in OTHERS:
        assert story.warned(name) == []


@pytest.mark.parametrize(("minutes", "warns"), [(20, []), (21, ["TIMEBOX_OVERRUN"])])
def test_a_conversation_that_takes_longer_than_agreed(minutes: int, warns: list[str]) -> None:
    story = talking().who("Petra").does("end-conversation", {"actual_minutes": minutes})
    story = story.then(warns=warns)
    if warns:
        seen_by_the_three_alone(story, "TIMEBOX_OVERRUN")


def test_the_time_box_is_the_one_that_was_agreed() -> None:
    story = planned({"conversation_minutes": 10}).does("form-triad", {"members": THE_THREE})
    story = everybody(story, "accept-run-invitation")
    goals = {"goals": ["Listen"], "strengths": ["calm"]}
    story = everybody(everybody(story, "state-goals", goals), "adopt-protocol", {"version": 1})
    story = talking(meeting(story)).who("Petra").does("end-conversation", {"actual_minutes": 11})
    story.then(warns=["TIMEBOX_OVERRUN"])


def test_feedback_has_its_time_boxes_too() -> None:
    story = ended(talking())
    turn = story.live.updated_at
    client = story.who("Grace").does("give-client-feedback")
    client.at(turn + timedelta(minutes=3)).then(warns=[])
    story = client.at(turn + timedelta(minutes=4)).then(warns=["TIMEBOX_OVERRUN"])
    turn = story.live.updated_at
    observer = story.who("Lewis").does("give-observer-feedback")
    observer.at(turn + timedelta(minutes=5)).then(warns=[])
    observer.at(turn + timedelta(minutes=6)).then(warns=["TIMEBOX_OVERRUN"])


@pytest.mark.parametrize(("longest", "warns"), [(15, []), (16, ["UNEQUAL_TIME"])])
def test_conversations_of_unequal_length(longest: int, warns: list[str]) -> None:
    story = meeting()
    for form, minutes in zip(CYCLE, (12, longest, 13), strict=True):
        story = story.who("Grace").does("begin-round", form)
        story = rounds_from(story, form, minutes)
    story = story.who("Petra").does("complete-meeting").then(warns=warns)
    if warns:
        seen_by_the_three_alone(story, "UNEQUAL_TIME")


def rounds_from(story: Story, form: dict[str, object], minutes: int) -> Story:
    names = {"Petra": FIRST, "Grace": SECOND, "Lewis": THIRD}
    coach = next(name for name, own in names.items() if own is form)
    client = {"Petra": "Grace", "Grace": "Lewis", "Lewis": "Petra"}[coach]
    observer = {"Petra": "Lewis", "Grace": "Petra", "Lewis": "Grace"}[coach]
    story = story.who(coach).does("end-conversation", {"actual_minutes": minutes})
    story = story.who(client).does("give-client-feedback")
    story = story.who(client).does("commit-action", {"text": "Try"})
    story = story.who(observer).does("give-observer-feedback")
    return story.who(coach).does("close-round")


def test_a_round_without_an_action() -> None:
    story = rounds_done(meeting(), FIRST, action=False)
    seen_by_the_three_alone(story, "NO_ACTION_COMMITTED")
    assert "NO_ACTION_COMMITTED" not in rounds_done(meeting(), FIRST).warned("Grace")


def test_actions_nobody_has_looked_back_on_until_all_are_reviewed() -> None:
    story = completed().who("Lewis").does("open-meeting", ONLINE).at("2026-11-20 16:00")
    story = story.then(warns=["ACTIONS_NOT_REVIEWED"])
    seen_by_the_three_alone(story, "ACTIONS_NOT_REVIEWED")
    for name in ("Grace", "Petra"):
        outcome = {"action": str(named(f"1-{name}")), "outcome": "It worked."}
        story = story.who(name).does("review-action", outcome).then(resolves=[])
    outcome = {"action": str(named("1-Lewis")), "outcome": "It did not."}
    story.who("Lewis").does("review-action", outcome).then(resolves=["ACTIONS_NOT_REVIEWED"])


def test_reviewed_actions_raise_nothing() -> None:
    story = completed()
    for name in ("Grace", "Petra", "Lewis"):
        outcome = {"action": str(named(f"1-{name}")), "outcome": "It worked."}
        story = story.who(name).does("review-action", outcome)
    story.who("Grace").does("open-meeting", ONLINE).at("2026-11-20 16:00").then(warns=[])


def test_actions_of_somebody_who_left_wait_for_nobody() -> None:
    story = meeting(
        rounds_done(meeting(), FIRST)
        .who("Grace")
        .does("end-meeting-early", {"reason": "The bell."}),
        at="2026-11-10 16:00",
    ).then(warns=["ACTIONS_NOT_REVIEWED"])
    story.who("Grace").does("leave-run").then(resolves=["ACTIONS_NOT_REVIEWED"])


def test_the_same_person_first_in_three_successive_meetings() -> None:
    story = ready()
    for day in (3, 10):
        story = rounds_done(meeting(story, at=f"2026-11-{day:02} 16:00"), *CYCLE)
        story = story.who("Grace").does("complete-meeting").then()
    story = meeting(story, at="2026-11-17 16:00").then(warns=["ACTIONS_NOT_REVIEWED"])
    begun = story.who("Grace").does("begin-round", FIRST).then(warns=["SAME_STARTER"])
    seen_by_the_three_alone(begun, "SAME_STARTER")
    other = roles(1, "Grace", "Lewis", "Petra")
    story.who("Grace").does("begin-round", other).then(warns=[])


def test_twice_the_same_starter_is_no_matter() -> None:
    story = meeting(completed(), at="2026-11-10 16:00").then(warns=["ACTIONS_NOT_REVIEWED"])
    story.who("Grace").does("begin-round", FIRST).then(warns=[])


def test_a_coach_who_gave_advice_says_so_and_nobody_else_hears_of_it() -> None:
    story = talking().who("Lewis").does("declare-advice").refused("NOT_PERMITTED")
    story = (
        story.who("Petra").does("declare-advice").then("advice-declared", warns=["ADVICE_GIVEN"])
    )
    assert story.warned("Petra") == ["ADVICE_GIVEN"]
    for name in ("Grace", "Lewis", *OTHERS):
        assert story.warned(name) == []
        assert not any(fact["kind"] == "advice-declared" for fact in story.reads(name))


def test_a_manager_and_whom_they_manage_are_each_told_alone() -> None:
    story = planned(manages={GRACE: (PETRA,)}).does("form-triad", {"members": THE_THREE}).then()
    story = story.who("Grace").does("accept-run-invitation").then(warns=[])
    story = story.who("Petra").does("accept-run-invitation")
    story = story.then(warns=["LINE_MANAGER_CONFLICT", "LINE_MANAGER_CONFLICT"])
    assert story.warned("Grace") == story.warned("Petra") == ["LINE_MANAGER_CONFLICT"]
    story = story.who("Lewis").does("accept-run-invitation").then(warns=[])
    assert story.warned("Lewis") == []
    shown = [f["data"] for f in story.reads("Grace") if f["kind"] == "warning-raised"]
    assert [data["person"] for data in shown] == [str(GRACE)]
    gone = story.who("Petra").does("leave-run")
    gone.then(resolves=["LINE_MANAGER_CONFLICT", "LINE_MANAGER_CONFLICT"])


def test_a_manager_outside_the_triad_is_no_matter() -> None:
    story = invited(manages={JUDITH: (GRACE,)})
    everybody(story, "accept-run-invitation").then(warns=[])


def test_weeks_between_meetings_are_counted_in_school_days() -> None:
    story = completed(meeting(at="2026-11-03 16:00"))
    # Four Tuesdays of November, three weeks of December until the 18th, two weeks of holiday, and
    # 33 school days in November and December: the 30th after 3 November is Tuesday 15 December.
    story = story.time_passes("2026-12-15 18:00").then(warns=[])
    story = story.time_passes("2026-12-16 08:00").then(warns=["MEETING_GAP"])
    seen_by_the_three_alone(story, "MEETING_GAP")
    story = story.who("Grace").does("open-meeting", ONLINE).at("2026-12-17 16:00")
    story.then(warns=["ACTIONS_NOT_REVIEWED"], resolves=["MEETING_GAP"])


def test_holidays_are_no_gap() -> None:
    story = completed(meeting(at="2026-12-08 16:00"))
    # The same weekday six weeks of school later: two of the weeks between were a holiday.
    story = story.time_passes("2027-02-02 18:00").then(warns=[])
    story.time_passes("2027-02-09 08:00").then(warns=["MEETING_GAP"])


def test_no_gap_is_remarked_before_the_first_meeting_or_after_the_last() -> None:
    ready().time_passes("2027-06-01 08:00").then(warns=[])
    reviewed(completed()).time_passes("2027-06-01 08:00").then(warns=[])
    completed().who("Lewis").does("leave-run").time_passes("2027-06-01 08:00").then(warns=[])
    open_one = meeting().time_passes("2027-06-01 08:00")
    open_one.then(warns=[])


def test_a_meeting_planned_for_a_day_without_school() -> None:
    half_term = {**ONLINE, "planned_for": "2026-10-28T16:00:00Z"}
    story = ready().who("Grace").does("open-meeting", half_term).then(warns=["OUTSIDE_TERM"])
    seen_by_the_three_alone(story, "OUTSIDE_TERM")
    school_day = {**ONLINE, "planned_for": "2026-11-03T16:00:00Z"}
    ready().who("Grace").does("open-meeting", school_day).then(warns=[])


def test_any_of_the_three_acknowledges_a_warning_of_the_group() -> None:
    story = rounds_done(meeting(), FIRST, action=False)
    warning = next(iter(story.live.warnings))
    note = {"warning": str(warning), "note": "Grace needed the time to think."}
    story.who("Tom").does("acknowledge-warning", note).refused("NOT_FOUND")
    story = story.who("Lewis").does("acknowledge-warning", note).then()
    assert story.live.warnings[warning].state == "acknowledged"


def test_a_run_without_an_enquiry_needs_no_reason_for_its_method() -> None:
    assert accepted().warned("Grace") == []
