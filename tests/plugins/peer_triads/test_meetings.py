"""Meetings: opened when all is ready, one at a time, complete after three rounds."""

import msgspec
import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    GOALS,
    GRACE,
    LEWIS,
    SECOND,
    V1,
    accepted,
    calder,
    completed,
    everybody,
    meeting,
    observer,
    ready,
    reviewed,
    roles,
    rounds_done,
    talking,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import named

ONLINE = {"mode": "online"}


def test_goals_are_asked_for_before_the_protocol() -> None:
    story = accepted()
    for name in ("Grace", "Petra"):
        story = story.who(name).does("state-goals", GOALS)
    story = story.does("open-meeting", ONLINE)
    story.refused("GOALS_REQUIRED", details=({"person": str(LEWIS)},))


@pytest.mark.parametrize("reviewed_", [False, True])
def test_a_triad_of_an_enquiry_waits_for_its_ethics_review(reviewed_: bool) -> None:
    enquiry, here = named("an enquiry"), calder()
    served = Enquiry(members=(GRACE,), ethics_reviewed=reviewed_, reasons={"peer-triad": True})
    world = msgspec.structs.replace(here, streams={**here.streams, enquiry: served})
    story = ready(world=world).who("Grace").does("link-run", {"enquiry": str(enquiry)})
    story = story.does("open-meeting", ONLINE)
    if reviewed_:
        assert story.live.stage == "active"
    else:
        story.refused("ETHICS_REVIEW_REQUIRED")


def test_all_three_adopt_the_protocol_before_they_meet() -> None:
    story = everybody(accepted(), "state-goals", GOALS)
    for name in ("Grace", "Petra"):
        story = story.who(name).does("adopt-protocol", V1)
    story = story.does("open-meeting", ONLINE)
    story.refused("PROTOCOL_NOT_ADOPTED", details=({"person": str(LEWIS)},))


def test_any_of_the_three_opens_a_meeting_and_the_first_starts_the_run() -> None:
    story = ready().who("Lewis").does("open-meeting", ONLINE)
    story = story.then("meeting-opened", "started", stage="active")
    assert story.live.tracks == {"1": "meeting_open"}
    again = completed().who("Petra").does("open-meeting", ONLINE).at("2026-11-20 16:00")
    assert again.then(warns=["ACTIONS_NOT_REVIEWED"]).live.tracks["2"] == "meeting_open"


def test_an_outsider_finds_nothing() -> None:
    for name in ("Tom", "Judith", "Siân", "Stranger"):
        ready().who(name).does("open-meeting", ONLINE).refused("NOT_FOUND")
    # A coordinator knows that there is a triad, and may do nothing in it.
    ready().who("Corin").does("open-meeting", ONLINE).refused("NOT_PERMITTED")


def test_a_meeting_says_how_the_three_meet() -> None:
    ready().who("Grace").does("open-meeting", {}).refused("VALIDATION_FAILED")
    ready().who("Grace").does("open-meeting", {"mode": "by_letter"}).refused(
        "VALIDATION_FAILED", pointer="/mode"
    )
    naive = {"mode": "online", "planned_for": "2026-11-03T16:00:00"}
    ready().who("Grace").does("open-meeting", naive).refused(
        "VALIDATION_FAILED", pointer="/planned_for"
    )


def test_one_meeting_is_open_at_a_time() -> None:
    meeting().who("Petra").does("open-meeting", ONLINE).refused("MEETING_OPEN")


def test_a_round_needs_an_open_meeting() -> None:
    ready().who("Grace").does("begin-round", FIRST).refused("WRONG_STAGE")
    completed().who("Grace").does("begin-round", FIRST).refused("WRONG_STAGE")


def test_a_meeting_is_complete_after_three_closed_rounds() -> None:
    story = meeting().who("Grace").does("complete-meeting").refused("INCOMPLETE_ROTATION")
    story = rounds_done(story, FIRST, SECOND).who("Grace").does("complete-meeting")
    story = story.refused("INCOMPLETE_ROTATION", params={"closed": 2})
    story = rounds_done(story, roles(3, "Lewis", "Petra", "Grace"))
    story.who("Petra").does("complete-meeting").then("meeting-completed")
    talking().who("Grace").does("complete-meeting").refused("INCOMPLETE_ROTATION")


def test_completing_needs_an_open_meeting() -> None:
    ready().who("Grace").does("complete-meeting").refused("WRONG_STAGE")
    completed().who("Grace").does("complete-meeting").refused("WRONG_STAGE")


def test_a_meeting_may_end_early_with_a_reason() -> None:
    story = talking().who("Petra").does("end-meeting-early").refused("VALIDATION_FAILED")
    story = story.does("end-meeting-early", {"reason": "The fire bell rang."})
    story = story.then("meeting-incomplete", "deviation-recorded")
    assert story.live.tracks == {"1": "meeting_incomplete", "1.1": "round_closed"}
    assert list(story.live.state.deviations.values()) == ["PT-E09"]
    note = {"kind": "other", "text": "…"}
    story.who("Lewis").does("record-observer-note", note).refused("WRONG_STAGE")
    story.who("Grace").does("open-meeting", ONLINE).then("meeting-opened")


def test_a_meeting_without_a_round_may_end_early_too() -> None:
    story = meeting().who("Petra").does("end-meeting-early", {"reason": "No time."})
    assert story.then().live.tracks == {"1": "meeting_incomplete"}


def test_a_decision_on_what_has_changed_is_a_conflict() -> None:
    story = rounds_done(meeting(), FIRST)
    seen = story.live.revision
    story = rounds_done(story, SECOND)
    stale = roles(3, "Lewis", "Petra", "Grace")
    story.who("Grace").does("begin-round", stale, if_match=seen).refused("VERSION_CONFLICT")
    story.who("Grace").does("begin-round", stale, if_match=story.live.revision).then()


def test_a_colleagues_note_never_stands_in_the_way_of_a_decision() -> None:
    story = talking()
    seen = story.live.revision
    note = {"kind": "listening", "text": "A long silence."}
    story = story.who(observer(FIRST)).does("record-observer-note", note).then()
    story = story.who("Petra").does("end-conversation", if_match=seen)
    story.then("conversation-ended")


def test_two_who_end_a_conversation_at_once_end_it_once() -> None:
    story = talking()
    seen = story.live.revision
    story = story.who("Petra").does("end-conversation", if_match=seen).then()
    story.who("Lewis").does("end-conversation", if_match=seen).refused("WRONG_STAGE")


def test_the_first_look_back_begins_the_review_and_the_lead_closes() -> None:
    story = completed()
    said = {"progress_on_goals": "Much.", "what_helped": "Time."}
    story = story.who("Lewis").does("record-triad-review", said)
    story = story.then("triad-reviewed", stage="review")
    story = story.who("Petra").does("record-triad-review", said).then(stage="review")
    story.who("Petra").does("close-run").refused("NOT_PERMITTED")
    story = story.who("Grace").does("close-run", {"reflections": "We listen now."})
    story = story.then("closed", stage="closed")
    story.does("state-goals", GOALS).refused("RECORD_CLOSED")


def test_nobody_looks_back_while_a_meeting_is_open() -> None:
    said = {"progress_on_goals": "Much.", "what_helped": "Time."}
    meeting().who("Grace").does("record-triad-review", said).refused("MEETING_OPEN")


def test_an_active_triad_is_not_closed_without_a_look_back() -> None:
    completed().who("Grace").does("close-run").refused("WRONG_STAGE")


def test_a_triad_that_looked_back_may_still_go_on_meeting() -> None:
    story = reviewed(completed()).who("Petra").does("open-meeting", ONLINE)
    story.at("2026-11-20 16:00").then(warns=["ACTIONS_NOT_REVIEWED"], stage="active")


def test_the_lead_cancels_a_run_with_a_reason() -> None:
    story = ready().who("Grace").does("cancel-run", {"reason": "The timetable has changed."})
    story = story.then("cancelled", stage="cancelled")
    story.does("open-meeting", ONLINE).refused("RECORD_CLOSED")
