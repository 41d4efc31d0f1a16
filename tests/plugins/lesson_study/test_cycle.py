"""From one lesson to the next, to the end of the cycle, and beyond the group."""

import pytest
from tests.plugins.lesson_study.examples import (
    CARRIED,
    CYCLE,
    PARENTS,
    REVIEW,
    begun,
    completed,
    consented,
    discussed,
    discussing,
    drafted,
    focused,
    locked,
    planned,
    prediction,
    reviewed,
    state_of,
    taught,
    two_lessons,
    version,
)
from tests.plugins.lesson_study.school import ENQUIRY, PETRA, beck_road

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import named


def test_the_next_lesson_is_planned_only_when_this_one_is_discussed() -> None:
    for story in (locked(), begun(), taught(), discussing()):
        story.who("Kelly").does("plan-next-lesson", CARRIED).refused("PREVIOUS_LESSON_OPEN")
        story.who("Kelly").does("complete-cycle", CYCLE).refused("PREVIOUS_LESSON_OPEN")


def test_a_lesson_that_is_being_planned_is_open_too() -> None:
    drafted().who("Kelly").does("plan-next-lesson", CARRIED).refused("PREVIOUS_LESSON_OPEN")
    drafted().who("Kelly").does("complete-cycle", CYCLE).refused("CYCLE_TOO_SHORT")
    focused().who("Kelly").does("complete-cycle", CYCLE).refused("WRONG_STAGE")


def test_the_next_lesson_says_what_is_carried_forward() -> None:
    story = discussed().who("Kelly")
    story.does("plan-next-lesson").refused("CARRY_FORWARD_REQUIRED", pointer="/carried_forward")
    story = story.does("plan-next-lesson", CARRIED).then("next-lesson-planned", stage="planning")
    shown = story.view("plans", "Mei")["lessons"]
    assert [one["carried_forward"] for one in shown] == [None, CARRIED["carried_forward"]]


def test_every_lesson_is_predicted_anew() -> None:
    story = drafted(discussed().who("Kelly").does("plan-next-lesson", CARRIED)).who("Petra")
    missing = [{"stage_no": stage, "pupil": label} for stage in (1, 2, 3) for label in "ABC"]
    story.does("lock-plan", version(story)).refused("PREDICTION_MISSING", details=missing)
    story = story.does("set-prediction", prediction(1, "A", "Will say it first"))
    [first, second] = story.view("plans", "Kelly")["lessons"]
    assert len(first["predictions"]) == 9
    assert [one["text"] for one in second["predictions"]] == ["Will say it first"]


def test_a_cycle_has_two_discussed_lessons_at_least() -> None:
    discussed().who("Petra").does("complete-cycle", CYCLE).refused(
        "CYCLE_TOO_SHORT", params={"lessons": 1}
    )
    story = two_lessons().who("Petra").does("complete-cycle", CYCLE)
    story.then(
        "cycle-completed",
        *("overall-progress-recorded",) * 3,
        warns=["CYCLE_OF_TWO"],
        stage="consolidating",
    )


def test_a_lesson_that_was_only_being_planned_is_discarded() -> None:
    story = drafted(two_lessons().who("Kelly").does("plan-next-lesson", CARRIED))
    story = (
        story.who("Petra")
        .does("complete-cycle", CYCLE)
        .then(
            "cycle-completed",
            *("overall-progress-recorded",) * 3,
            "draft-discarded",
            warns=["CYCLE_OF_TWO"],
            stage="consolidating",
        )
    )
    assert [one["lesson_no"] for one in story.view("plans", "Mei")["lessons"]] == [1, 2]
    story.who("Kelly").does("plan-next-lesson", CARRIED).refused("WRONG_STAGE")


@pytest.mark.parametrize(
    "row",
    [
        {"text": "more"},
        {"pupil_label": "A", "learner_group": "secure", "text": "more"},
        {"pupil_label": "D", "text": "more"},
    ],
    ids=["nobody", "both", "unknown"],
)
def test_overall_progress_is_of_a_pupil_or_a_group(row: dict[str, str]) -> None:
    body = {**CYCLE, "overall_progress": [row]}
    two_lessons().who("Petra").does("complete-cycle", body).refused(
        "VALIDATION_FAILED", pointer="/overall_progress/0"
    )


MATRIX = {"audience": "alliance", "artefacts": ["matrix", "technique"]}


def test_a_study_is_shared_only_after_a_review() -> None:
    completed().who("Kelly").does("share-study", MATRIX).refused("IDENTIFIABILITY_NOT_REVIEWED")
    early = two_lessons().who("Petra").does("review-identifiability", REVIEW)
    completed(early).does("share-study", MATRIX).refused("IDENTIFIABILITY_NOT_REVIEWED")
    reviewed().who("Kelly").does("share-study", MATRIX).then("study-shared", stage="sharing")
    two_lessons().who("Petra").does("share-study", MATRIX).refused("WRONG_STAGE")


@pytest.mark.parametrize(
    ("read_for", "shared_with", "may"),
    [
        ("group", "staff", False),
        ("school", "staff", True),
        ("alliance", "staff", True),
        ("group", "alliance", False),
        ("school", "alliance", False),
        ("alliance", "alliance", True),
    ],
)
def test_a_study_is_shared_with_nobody_for_whom_it_was_not_reviewed(
    read_for: str, shared_with: str, may: bool
) -> None:
    story = (
        completed().who("Petra").does("review-identifiability", {**REVIEW, "audience": read_for})
    )
    story = story.who("Kelly").does("share-study", {**MATRIX, "audience": shared_with})
    if may:
        story.then("study-shared", stage="sharing")
    else:
        story.refused("IDENTIFIABILITY_NOT_REVIEWED")


@pytest.mark.parametrize("artefact", ["observations", "progress"])
@pytest.mark.parametrize(
    ("audience", "purpose"), [("staff", "share_school"), ("alliance", "share_alliance")]
)
def test_what_tells_of_pupils_needs_their_consent_for_that_audience(
    artefact: str, audience: str, purpose: str
) -> None:
    body = {"audience": audience, "artefacts": [artefact]}
    story = consented(reviewed(), "AB", purpose, **PARENTS).who("Petra")
    wanted = [{"pupil": "C", "purpose": purpose}]
    story.does("share-study", body).refused("SHARE_SCOPE_EXCEEDED", details=wanted)
    consented(story, "C", purpose, **PARENTS).who("Petra").does("share-study", body).then()


def test_literal_words_need_consent_to_being_quoted() -> None:
    body = {"audience": "staff", "artefacts": ["quotes"], "quotes_of": ["B"]}
    story = consented(reviewed(), "B", "share_school", **PARENTS).who("Petra")
    wanted = [{"pupil": "B", "purpose": "quote_verbatim"}]
    story.does("share-study", body).refused("SHARE_SCOPE_EXCEEDED", details=wanted)
    story = consented(story, "B", "quote_verbatim", **PARENTS).who("Petra")
    story = story.does("share-study", body).then()
    quotes = [one["quotes"] for one in story.view("study", "Anya")["lessons"]]
    assert quotes == [[{"pupil": "B", "text": '"both bits match"'}]] * 2


@pytest.mark.parametrize(
    "body",
    [
        {"audience": "staff", "artefacts": ["quotes"]},
        {"audience": "staff", "artefacts": ["matrix"], "quotes_of": ["B"]},
        {"audience": "staff", "artefacts": ["quotes"], "quotes_of": ["D"]},
    ],
    ids=["nobody", "no quotes", "no case pupil"],
)
def test_who_is_quoted_is_said_exactly_where_quotes_are_shared(body: dict[str, object]) -> None:
    reviewed().who("Petra").does("share-study", body).refused("VALIDATION_FAILED")


def test_the_run_is_closed_after_the_cycle() -> None:
    two_lessons().who("Petra").does("close-run").refused("WRONG_STAGE")
    story = completed().who("Petra").does("close-run").then("closed", stage="closed")
    story.does("share-study", MATRIX).refused("RECORD_CLOSED")


def test_what_the_group_agreed_can_become_evidence() -> None:
    enquiry = Enquiry(members=(PETRA,), ethics_reviewed=True)
    story = focused(planned(beck_road(enquiry=enquiry))).who("Petra")
    story = story.does("link-run", {"enquiry": str(ENQUIRY)})
    assert state_of(story).enquiry == ENQUIRY
    item = {
        "output": str(named("change-1")),
        "text": "Pupils fold before they count.",
        "collection_method": "observation",
        "respondents": "pupils",
        "level": "student",
    }
    story = reviewed().who("Kelly").does("publish-run-evidence", {"items": [item]}, called="e")
    story = story.who("Petra").does("publish-run-evidence", {"confirms": str(named("e"))})
    story.then("evidence-published")
    seen = {**item, "output": str(named("seen-1-1-A"))}
    reviewed().who("Kelly").does("publish-run-evidence", {"items": [seen]}).refused(
        "SHARE_SCOPE_EXCEEDED"
    )


def test_evidence_on_a_pupil_needs_consent_for_whoever_will_read_it() -> None:
    [first, *_] = state_of(reviewed()).overall
    item = {
        "output": str(first.id),
        "text": "They fold before they count.",
        "collection_method": "observation",
        "respondents": "pupils",
        "level": "student",
    }
    story = reviewed().who("Kelly")
    wanted = [{"pupil": "A", "purpose": "share_school"}]
    story.does("publish-run-evidence", {"items": [item]}).refused(
        "SHARE_SCOPE_EXCEEDED", details=wanted
    )
    story = consented(story, "A", "share_school", **PARENTS).who("Kelly")
    story.does("publish-run-evidence", {"items": [item]}).then("evidence-proposed")


def test_a_certificate_tells_of_two_discussed_lessons_and_nothing_of_quality() -> None:
    body = {"person": str(PETRA)}
    two_lessons().who("Petra").does("issue-certificate", body).refused(
        "CERTIFICATE_CRITERIA_NOT_MET"
    )
    story = completed().who("Petra")
    shown = story.view("certificate", "Petra")
    assert shown["dates"] == ["2027-01-12", "2027-01-26"]
    assert shown["minutes"] == 60 + 54 + 60 + 55
    assert [one["met"] for one in shown["criteria"]] == [True, True]
    story.does("issue-certificate", body).then("certificate-issued")
