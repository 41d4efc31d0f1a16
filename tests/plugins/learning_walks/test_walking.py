"""On the walk: who may enter which room when, what is written down, the corridor."""

import pytest
from tests.plugins.learning_walks.examples import (
    ids,
    in_corridor,
    in_room,
    minute,
    note,
    ready,
    roles_given,
    scheduled,
    told,
    visit,
    visited,
    walked,
    walking,
    with_pupils,
    withdrawn,
)
from tests.plugins.learning_walks.school import MAYA, TEAM, TOM

from enquiry.testing import Story, named


def begin(number: int, *names: str) -> dict[str, object]:
    return {"visit_no": number, "present": ids(*(names or TEAM))}


def share(number: int, kind: str = "noticing", **more: object) -> dict[str, object]:
    words = {} if kind == "nothing_to_add" else {"text": "Most began at once"}
    return {"visit_no": number, "kind": kind, **words, **more}


def facts(story: Story, kind: str, by: str = "Tom") -> list[object]:
    """What somebody reads of the facts of this kind."""
    return [fact["data"] for fact in story.reads(by) if fact["kind"] == kind]


# LW-E08: the host was told and has not declined


def test_no_visit_begins_before_its_host_was_told() -> None:
    story = walking().does("schedule-visit", visit(4, host="Nora"))
    for number in (1, 2, 3):
        story = story.does("skip-visit", {"visit_no": number, "reason": "A trip"})
    story = story.does("begin-visit", begin(4)).refused("HOST_NOT_NOTIFIED")
    story.does("notify-hosts").does("begin-visit", begin(4)).then("visit-begun")


def test_a_host_is_told_again_when_the_visit_is_moved() -> None:
    story = walking().does("schedule-visit", visit(1, at="09:05"))
    story.does("begin-visit", begin(1)).refused("HOST_NOT_NOTIFIED")


def test_a_declined_visit_does_not_begin() -> None:
    story = walking().who("Kelly").does("respond-as-host", {"visit_no": 1, "answer": "decline"})
    story = story.who("Petra").does("begin-visit", begin(1)).refused("HOST_DECLINED")
    story.does("begin-visit", begin(2)).then("visit-begun")


def test_a_visit_of_somebody_who_withdrew_does_not_begin() -> None:
    story = withdrawn(walking(), "Kelly").who("Petra").does("begin-visit", begin(1))
    story.refused("CONSENT_WITHDRAWN")


def test_a_visit_that_was_left_out_does_not_begin() -> None:
    story = walking().does("skip-visit", {"visit_no": 1, "reason": "A trip"})
    story.does("begin-visit", begin(1)).refused("WRONG_STAGE")


def test_a_visit_that_has_begun_is_not_left_out() -> None:
    in_room(1).does("skip-visit", {"visit_no": 1, "reason": "A trip"}).refused("WRONG_STAGE")


def test_a_visit_begins_once() -> None:
    in_room(1).does("begin-visit", begin(1)).refused("WRONG_STAGE")


def test_no_visit_begins_before_the_walk() -> None:
    ready().who("Petra").does("begin-visit", begin(1)).refused("WRONG_STAGE")


def test_there_is_no_visit_without_a_plan() -> None:
    walking().does("begin-visit", begin(9)).refused("NOT_FOUND")


FORMS: dict[str, dict[str, object]] = {
    "begin-visit": {"present": ids("Petra")},
    "end-visit": {},
    "record-note": {"criterion_id": "c1", "kind": "saw", "text": "Six read aloud"},
    "share-in-corridor": {"kind": "nothing_to_add"},
    "close-corridor": {},
    "skip-corridor": {"reason": "The bell rang"},
    "skip-visit": {"reason": "A trip"},
    "respond-as-host": {"answer": "accept"},
    "agree-to-be-named": {"agreed": True},
}


@pytest.mark.parametrize("kind", FORMS)
def test_nothing_is_done_about_a_visit_that_is_not_there(kind: str) -> None:
    in_room(1).does(kind, {"visit_no": 9, **FORMS[kind]}).refused("NOT_FOUND")


@pytest.mark.parametrize("kind", FORMS)
def test_a_host_knows_of_no_other_visit(kind: str) -> None:
    story = in_room(1).who("Kelly").does(kind, {"visit_no": 2, **FORMS[kind]})
    story.refused("NOT_FOUND")


# LW-E09: one corridor after each visit


def test_the_next_visit_waits_for_the_corridor() -> None:
    story = in_room(1).does("begin-visit", begin(2))
    story.refused("DEBRIEF_REQUIRED", details=({"visit": 1, "status": "open"},))
    story = in_corridor(1).does("begin-visit", begin(2))
    story.refused("DEBRIEF_REQUIRED", details=({"visit": 1, "status": "corridor"},))


def test_the_next_visit_waits_for_the_visit_before_it() -> None:
    story = walking().does("begin-visit", begin(2))
    story = story.refused("DEBRIEF_REQUIRED", details=({"visit": 1, "status": "scheduled"},))
    story = story.does("skip-visit", {"visit_no": 1, "reason": "A trip"})
    story.does("begin-visit", begin(2)).then("visit-begun")


def test_the_order_of_visits_is_that_of_their_times() -> None:
    story = scheduled().does("schedule-visit", visit(1, at="11:00"))
    story = walking(ready(told(story)))
    story.does("begin-visit", begin(2)).then("visit-begun")


def test_a_corridor_that_was_skipped_is_a_deviation_with_its_reason() -> None:
    story = in_corridor(1).does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story = story.then("corridor-skipped", "deviation-recorded", warns=())
    assert story.live.tracks["1"] == "done"
    assert {"rule": "LW-E09", "reason": "The bell rang"} in facts(story, "deviation-recorded")
    story.does("begin-visit", begin(2)).then("visit-begun")


def test_skipping_a_corridor_needs_a_reason() -> None:
    story = in_corridor(1).does("skip-corridor", {"visit_no": 1})
    story = story.refused("VALIDATION_FAILED")
    story.does("skip-corridor", {"visit_no": 1, "reason": "  "}).refused("VALIDATION_FAILED")


def test_a_reason_names_nobody() -> None:
    reason = {"visit_no": 1, "reason": "Ms Rowe was upset"}
    in_corridor(1).does("skip-corridor", reason).refused("IDENTIFYING_TEXT", pointer="/reason")


def test_the_walk_does_not_end_in_a_room_or_a_corridor() -> None:
    in_room(1).does("end-walk").refused("DEBRIEF_REQUIRED")
    in_corridor(1).does("end-walk").refused("DEBRIEF_REQUIRED")


def test_visits_that_were_not_begun_do_not_take_place() -> None:
    story = visited(1).does("end-walk")
    story = story.then(
        "walk-ended",
        "released",
        "released",
        "released",
        "released",
        warns=("CRITERION_WITHOUT_NOTES",),
    )
    assert story.live.tracks == {"1": "done", "2": "dropped", "3": "dropped"}


# Who acts


def test_the_scribe_may_begin_and_end_a_visit() -> None:
    story = roles_given(walking(), "Petra")
    role = {"person": str(TOM), "walk_role": "timekeeper_scribe"}
    story = story.does("assign-walk-role", role)
    story = story.who("Tom").does("begin-visit", begin(1)).at("2026-11-19 09:10").then()
    story = story.does("end-visit", {"visit_no": 1}).at(minute(story, 1, 8)).then("visit-ended")
    story.does("close-corridor", {"visit_no": 1}).refused("NOT_PERMITTED")


def test_another_walker_begins_no_visit() -> None:
    walking().who("Tom").does("begin-visit", begin(1)).refused("NOT_PERMITTED")


def test_only_those_of_whom_the_host_was_told_walk_in() -> None:
    story = scheduled().does("schedule-visit", visit(1, visitors=("Petra", "Tom")))
    story = walking(ready(told(story))).does("begin-visit", begin(1))
    story.refused("VALIDATION_FAILED", pointer="/present/2")


def test_somebody_has_to_be_present() -> None:
    story = walking().does("begin-visit", {"visit_no": 1, "present": []})
    story.refused("VALIDATION_FAILED", pointer="/present")


def test_whoever_comes_later_is_present_too() -> None:
    story = walking().does("begin-visit", begin(1, "Petra", "Tom")).at("2026-11-19 09:10")
    story = story.does("end-visit", begin(1, "Amina")).at(minute(story, 1, 8)).then("visit-ended")
    assert len(story.live.state.visits[1].present) == 3
    story.who("Amina").does("record-note", note(1)).then("note-recorded")


def test_nobody_comes_later_of_whom_the_host_was_not_told() -> None:
    story = scheduled().does("schedule-visit", visit(1, visitors=("Petra", "Tom")))
    story = walking(ready(told(story))).does("begin-visit", begin(1, "Petra", "Tom"))
    story = story.does("end-visit", begin(1, "Amina"))
    story.refused("VALIDATION_FAILED", pointer="/present/0")


# 4.7: pupils


def test_a_pupil_who_comes_later_was_trained_too() -> None:
    story = with_pupils("Zoe").does("begin-visit", begin(1, "Petra", "Tom"))
    story.does("end-visit", begin(1, "Zoe")).refused("TRAINING_REQUIRED")


def test_a_pupil_who_was_trained_walks_and_writes() -> None:
    story = with_pupils("Maya").does("begin-visit", begin(1, "Petra", "Maya")).then("visit-begun")
    story = story.who("Maya").does("record-note", note(1)).then("note-recorded")
    assert story.live.state.notes[story.stream.events[-1].id].by == MAYA


def test_a_pupil_who_was_not_trained_does_not() -> None:
    story = with_pupils("Zoe").does("begin-visit", begin(1, "Petra", "Zoe"))
    story.refused("TRAINING_REQUIRED")


def test_pupils_are_never_alone_with_a_teacher() -> None:
    story = with_pupils("Maya").does("begin-visit", begin(1, "Maya"))
    story = story.refused("NOT_PERMITTED")
    story = story.does("begin-visit", begin(1, "Tom", "Maya"))
    story.then("visit-begun")


def test_a_pupil_may_stop_at_any_moment() -> None:
    story = with_pupils("Maya").does("begin-visit", begin(1, "Tom", "Maya"))
    story = story.who("Maya").does("leave-run").then("participant-left", warns=())
    assert MAYA not in story.live.state.visits[1].present


# LW-E10 and LW-E11: notes


def test_notes_wait_until_the_visit_begins() -> None:
    walking().who("Tom").does("record-note", note(1)).refused("VISIT_NOT_OPEN")
    ready().who("Tom").does("record-note", note(1)).refused("VISIT_NOT_OPEN")


def test_notes_are_taken_until_the_corridor_closes() -> None:
    in_corridor(1).who("Tom").does("record-note", note(1)).then("note-recorded")
    visited(1).who("Tom").does("record-note", note(1)).refused("NOTES_WINDOW_CLOSED")
    walked().who("Tom").does("record-note", note(1)).refused("NOTES_WINDOW_CLOSED")


def test_notes_end_with_a_skipped_corridor_too() -> None:
    story = in_corridor(1).does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story.who("Tom").does("record-note", note(1)).refused("NOTES_WINDOW_CLOSED")


def test_only_those_present_write() -> None:
    story = walking().does("begin-visit", begin(1, "Petra", "Tom"))
    story.who("Amina").does("record-note", note(1)).refused("NOT_PRESENT_AT_VISIT")


def test_a_host_writes_nothing() -> None:
    in_room(1).who("Kelly").does("record-note", note(1)).refused("NOT_PERMITTED")


def test_a_note_is_about_an_agreed_criterion() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, "c4"))
    story = story.refused("VALIDATION_FAILED", pointer="/criterion_id")
    story.does("record-note", note(1, "c9")).refused("VALIDATION_FAILED")


def test_a_count_says_how_many() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, kind="count"))
    story = story.refused("VALIDATION_FAILED", pointer="/count")
    story.does("record-note", note(1, kind="count", count=9)).then("note-recorded")


def test_a_note_holds_no_grade() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, score=3))
    story.refused("VALIDATION_FAILED")


def test_no_scored_form_is_attached_to_a_visit() -> None:
    values = [{"key": "pace", "value": "3", "scored": True}]
    form = {"form": "checklist", "target": "visit-1", "values": values}
    in_room(1).who("Tom").does("attach-form", form).refused("GRADING_FORBIDDEN")


def test_a_note_names_neither_host_nor_room_nor_class() -> None:
    story = in_room(1).who("Tom")
    for words in ("Ms Rowe ticked", "Pupils in B4 wrote", "Half of 3R wrote", "Kelly asked"):
        story = story.does("record-note", note(1, text=words))
        story = story.refused("IDENTIFYING_TEXT", pointer="/text")


def test_the_author_hears_which_words_name_somebody() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, text="Ms Rowe had ticked 9 of 12"))
    story.refused(
        "IDENTIFYING_TEXT",
        details=({"start": 0, "end": 7, "span": "Ms Rowe", "why": "title_and_name"},),
    )


def test_quoted_words_may_judge_and_may_not_name() -> None:
    story = in_room(1).who("Tom")
    praise = note(1, kind="pupil_said", text='"It is excellent"', verbatim=True)
    story = story.does("record-note", praise).then("note-recorded", warns=())
    names = note(1, kind="pupil_said", text='"Ms Rowe tells us"', verbatim=True)
    story.does("record-note", names).refused("IDENTIFYING_TEXT")


def test_a_note_about_somebody_who_withdrew_is_refused() -> None:
    story = withdrawn(in_room(1), "Kelly").who("Tom").does("record-note", note(1))
    story.refused("CONSENT_WITHDRAWN")


def test_a_note_may_be_sent_later_and_still_meets_the_window() -> None:
    moves = {move.kind: move for move in in_room(1).stream.compiled.method.moves}
    assert moves["record-note"].offline
    assert moves["share-in-corridor"].offline


def test_a_colleagues_note_never_blocks_the_lead() -> None:
    story = in_room(1).settled()
    seen = story.live.revision
    story = story.who("Tom").does("record-note", note(1))
    story = story.who("Petra").does("end-visit", {"visit_no": 1}, if_match=seen)
    story.at(minute(story, 1, 8)).then("visit-ended")


def test_a_visit_is_not_ended_twice_by_two_people() -> None:
    story = in_room(1).settled()
    seen = story.live.revision
    story = story.does("end-visit", {"visit_no": 1}, if_match=seen).at(minute(story, 1, 8))
    story.does("end-visit", {"visit_no": 1}, if_match=seen).refused("WRONG_STAGE")


# Taking a note back


def test_a_note_is_taken_back_until_the_corridor_closes() -> None:
    mine = {"note": str(named("tom-1"))}
    story = in_corridor(1).who("Tom").does("retract-note", mine).then("note-retracted")
    assert story.live.state.live_notes().keys() == {named("hamish-1")}
    assert all(fact["kind"] != "note-recorded" or fact["by"] != TOM for fact in story.reads("Tom"))
    visited(1).who("Tom").does("retract-note", mine).refused("NOTES_WINDOW_CLOSED")


def test_nobody_takes_back_what_somebody_else_wrote() -> None:
    theirs = {"note": str(named("hamish-1"))}
    in_corridor(1).who("Tom").does("retract-note", theirs).refused("NOT_FOUND")


def test_a_note_is_taken_back_once() -> None:
    mine = {"note": str(named("tom-1"))}
    story = in_corridor(1).who("Tom").does("retract-note", mine)
    story.does("retract-note", mine).refused("NOT_FOUND")


def test_after_the_window_a_note_is_corrected_beside_the_record() -> None:
    correction = {"contribution": str(named("tom-1")), "text": "It was seven"}
    story = walked().who("Tom").does("correction-note", correction).then("correction-noted")
    theirs = {"contribution": str(named("hamish-1")), "text": "It was seven"}
    story.does("correction-note", theirs).refused("NOT_FOUND")
