"""In the classrooms: who enters, what is written, and for whom."""

from datetime import UTC, datetime

import pytest
from tests.plugins.instructional_rounds.examples import (
    adopted,
    at,
    begun,
    completed,
    describing,
    ended,
    in_rooms,
    informed,
    on,
    posted,
    present,
    ready,
    visited,
    withdrawn,
)
from tests.plugins.instructional_rounds.looking import kinds, readers
from tests.plugins.instructional_rounds.school import ENQUIRY, INES, NAMES, OBSERVERS

from enquiry import Reject
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, person


def note(number: int, text: str = "Six began at once; Mr Patel waited") -> dict[str, object]:
    return {"visit_no": number, "focus": "pupils", "text": text}


def noted(story: Story | None = None) -> Story:
    """Grace has written something for herself."""
    story = story if story is not None else in_rooms()
    return story.who("Grace").does("write-private-note", note(1), called="note")


def test_everybody_adopts_the_norms_first() -> None:
    story = adopted(informed(), "Freya", *OBSERVERS[:-1])
    story = story.who("Nasreen").does("begin-observation", present(1))
    story.refused("PROTOCOL_NOT_ADOPTED", details=({"person": str(person("Lewis"))},))


def test_the_host_lead_adopts_the_norms_too() -> None:
    story = adopted(informed(), *OBSERVERS).who("Nasreen").does("begin-observation", present(1))
    story.refused("PROTOCOL_NOT_ADOPTED", details=({"person": str(person("Freya"))},))


@pytest.mark.parametrize("reviewed", [False, True])
def test_rounds_of_an_enquiry_wait_for_its_ethics_review(reviewed: bool) -> None:
    enquiry = Enquiry(members=(INES,), ethics_reviewed=reviewed)
    story = ready(enquiry=enquiry).who("Ines").does("link-run", {"enquiry": str(ENQUIRY)})
    story = begun(story, 1)
    if reviewed:
        assert story.live.stage == "observing"
    else:
        story.refused("ETHICS_REVIEW_REQUIRED")


def test_the_first_team_to_enter_starts_the_run() -> None:
    story = begun(ready(), 1).then("observation-begun", "started", stage="observing")
    begun(story, 3).then("observation-begun", stage="observing")


def test_a_team_enters_its_own_classrooms() -> None:
    story = ready().who("Petra").does("begin-observation", present(1, "Nasreen"))
    story.refused("NOT_PERMITTED")


def test_only_the_team_walks_in() -> None:
    story = ready().who("Nasreen").does("begin-observation", present(1, "Nasreen", "Petra"))
    story.refused("VALIDATION_FAILED", pointer="/present/1")


def test_a_team_is_in_one_classroom_at_a_time() -> None:
    begun(in_rooms(), 2).refused("WRONG_STAGE", details=({"visit": 1},))


def test_a_classroom_is_entered_once() -> None:
    begun(ended(in_rooms(), 1), 1).refused("WRONG_STAGE")


def test_whoever_comes_later_is_named_when_the_visit_ends() -> None:
    story = begun(ready(), 1, "Nasreen", "Tom").who("Nasreen")
    story = story.does("end-observation", present(1))
    story.who("Grace").does("write-private-note", note(1)).then("private-note-written")


# Private notes: rules E05 and E06


def test_a_note_is_taken_once_the_visit_has_begun() -> None:
    in_rooms().who("Grace").does("write-private-note", note(2)).refused("VISIT_NOT_OPEN")


def test_only_those_who_were_in_the_room_write_of_it() -> None:
    story = in_rooms().who("Grace").does("write-private-note", note(3))
    story.refused("OBSERVER_NOT_ASSIGNED")


def test_a_private_note_may_name_and_judge_and_nobody_is_told() -> None:
    noted(in_rooms()).then("private-note-written", warns=())


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Grace"])
def test_a_private_note_is_nobody_elses_whatever_their_rank(name: str) -> None:
    story = noted()
    assert "private-note-written" not in kinds(story, name)
    assert _shown(story, "my-notes", name) in ("NOT_FOUND", {"notes": [], "expired": False})


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Grace"])
def test_nothing_that_anybody_is_shown_tells_that_a_note_was_written(name: str) -> None:
    before, after = in_rooms().but(now=noted().settled().now), noted()
    assert before.reads(name) == after.reads(name)
    assert before.may(name) == after.may(name)
    assert before.warned(name) == after.warned(name)
    for view in ("timetable", "my-notes", "fidelity", "debrief-board", "problem-sheet"):
        assert _shown(before, view, name) == _shown(after, view, name)


def _shown(story: Story, view: str, name: str) -> object:
    try:
        return story.view(view, by=name)
    except Reject as refusal:
        return refusal.code


def test_a_private_note_is_neither_shared_nor_corrected() -> None:
    share = {"item": on("note")[0], "audience": "group"}
    story = noted().who("Grace").does("share-item", share).refused("NOT_FOUND")
    correct = {"contribution": on("note")[0], "text": "It was seven"}
    story.does("correction-note", correct).refused("NOT_FOUND")


def test_private_notes_are_written_until_the_debrief_is_complete() -> None:
    noted(describing()).then("private-note-written")
    noted(completed()).refused("WRONG_STAGE")


def test_nothing_is_written_of_a_classroom_whose_teacher_withdrew() -> None:
    noted(withdrawn(in_rooms(), "Patel")).refused("CONSENT_WITHDRAWN")


def test_a_note_that_comes_before_the_withdrawal_vanishes_with_it() -> None:
    story = withdrawn(noted(), "Patel")
    assert story.view("my-notes", by="Grace")["notes"] == []
    assert "private-note-written" not in kinds(story, "Grace")


def test_somebody_who_leaves_keeps_their_notes() -> None:
    story = noted().who("Grace").does("leave-run")
    assert len(story.view("my-notes", by="Grace")["notes"]) == 1


def test_private_notes_are_kept_for_thirty_days_after_the_end() -> None:
    story = noted().who("Ines").does("cancel-run", {"reason": "Snow"}).at(at("12:00"))
    story = story.settled()
    kept = story.but(now=datetime(2027, 3, 4, 11, 59, tzinfo=UTC))
    assert len(kept.view("my-notes", by="Grace")["notes"]) == 1
    gone = story.but(now=datetime(2027, 3, 4, 12, 0, tzinfo=UTC))
    assert gone.view("my-notes", by="Grace") == {"notes": [], "expired": True}


# Opening the debrief: rules E07 and E08


def test_there_is_no_conclusion_in_the_corridor() -> None:
    posted(ended(in_rooms(), 1), "copied").refused("DEBRIEF_ORDER")


def test_the_debrief_waits_for_every_visit() -> None:
    story = ended(in_rooms(), 1).who("Ines").does("open-debrief")
    story.refused(
        "VISITS_OUTSTANDING",
        details=(
            {"visit": 2, "status": "scheduled"},
            {"visit": 3, "status": "open"},
            {"visit": 4, "status": "scheduled"},
        ),
    )


def test_the_debrief_needs_three_classrooms() -> None:
    story = ended(ended(in_rooms(), 1), 3).who("Ines")
    for number in (2, 4):
        story = story.does("cancel-classroom", {"visit_no": number, "reason": "A trip"})
    story.does("open-debrief").refused("TOO_FEW_CLASSROOMS", params={"visited": 2, "least": 3})


def test_the_debrief_is_opened_by_a_facilitator() -> None:
    visited().who("Nasreen").does("open-debrief").refused("NOT_PERMITTED")


def test_who_was_where_is_told_to_the_network_until_the_debrief() -> None:
    story = in_rooms()
    assert {"Ines", *OBSERVERS} <= readers(story, "observation-begun")
    assert "Freya" not in readers(story, "observation-begun")
    assert readers(describing(), "observation-begun") == {"Nasreen", "Petra"}
    assert describing().view("timetable", by="Ines")["visits"] == []


def test_whoever_did_not_adopt_the_norms_gets_no_certificate() -> None:
    form = {"person": str(person("Ines"))}
    story = completed().who("Ines").does("issue-certificate", form)
    story.refused("CERTIFICATE_CRITERIA_NOT_MET")


def test_whoever_was_present_gets_a_certificate_once_the_debrief_is_complete() -> None:
    form = {"person": str(person("Tom"))}
    early = describing().who("Ines").does("issue-certificate", form)
    early.refused("CERTIFICATE_CRITERIA_NOT_MET")
    story = completed().who("Ines").does("issue-certificate", form).then("certificate-issued")
    [issued] = [fact for fact in story.reads("Tom") if fact["kind"] == "certificate-issued"]
    assert issued["data"]["minutes"] == 40
    assert issued["data"]["dates"] == ["2027-02-02"]
