"""The research lesson, and what is recorded of it: by whom, of whom, until when."""

import pytest
from tests.plugins.lesson_study.examples import (
    PARENTS,
    about_pupils,
    agreed,
    approved,
    begun,
    consented,
    discussed,
    discussing,
    drafted,
    interviewed,
    lesson_of,
    locked,
    observed,
    on,
    predicted,
    seen,
    studied,
    talk,
    talked,
    taught,
    the,
    two_lessons,
    version,
)

from enquiry.testing import Story


def test_a_lesson_needs_somebody_who_teaches_it() -> None:
    story = approved(predicted(drafted(studied()))).who("Petra")
    body = {"person": the("Kelly")[0], "pupils": ["A", "B", "C"]}
    story = story.does("assign-observer", body).does("lock-plan", version(story)).who("Kelly")
    story.does("begin-lesson").refused("ONE_TEACHER_PER_LESSON")


def test_every_case_pupil_who_is_there_is_observed() -> None:
    body = {"person": the("Declan")[0], "pupils": list[str]()}
    story = locked().who("Petra").does("assign-observer", body)
    story.does("begin-lesson").refused("OBSERVER_COVERAGE", details=[{"pupil": "C"}])
    away = story.does("mark-case-pupil-absent", {"pupil_label": "C"}).then("case-pupil-absent")
    away.does("begin-lesson").then("lesson-begun", stage="teaching")


def test_the_teacher_or_any_observer_begins_and_ends_the_lesson() -> None:
    for name in ("Petra", "Kelly", "Declan"):
        story = locked().who(name).does("begin-lesson").then(stage="teaching")
        story.does("end-lesson").then(stage="taught")
    locked().who("Mei").does("begin-lesson").refused("NOT_PERMITTED")


def test_of_two_who_begin_at_once_one_is_told_it_has_begun() -> None:
    story = locked()
    looked = story.live.revision
    story = story.who("Petra").does("begin-lesson", if_match=looked)
    story.who("Kelly").does("begin-lesson", if_match=looked).refused("WRONG_STAGE")


def test_whoever_teaches_records_no_observation() -> None:
    begun().who("Petra").does("record-observation", seen(1, "A")).refused("TEACHER_CANNOT_OBSERVE")


def test_only_who_was_assigned_records_observations() -> None:
    begun().who("Mei").does("record-observation", seen(1, "A")).refused("OBSERVER_NOT_ASSIGNED")
    begun().who("Kelly").does("record-observation", seen(1, "C")).then("observation-recorded")


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"stage_no": 4}, "/stage_no"),
        ({"pupil_label": "D"}, "/pupil_label"),
        ({"match": "brilliant"}, "/match"),
        ({"text": " "}, "/text"),
    ],
)
def test_an_observation_fits_the_plan(more: dict[str, object], pointer: str) -> None:
    story = begun().who("Kelly").does("record-observation", {**seen(1, "A"), **more})
    story.refused("VALIDATION_FAILED", pointer=pointer)


def test_nobody_is_observed_who_was_away() -> None:
    story = begun().who("Kelly").does("mark-case-pupil-absent", {"pupil_label": "A"})
    story.does("record-observation", seen(1, "A")).refused(
        "VALIDATION_FAILED", pointer="/pupil_label"
    )


def observing(story: Story) -> str | None:
    """With which code an observation is refused."""
    try:
        story.who("Kelly").does("record-observation", seen(1, "B")).then("observation-recorded")
    except AssertionError as refused:
        return str(refused).split(":")[1].strip()
    return None


def test_observations_are_recorded_from_the_lesson_until_the_group_talks_about_pupils() -> None:
    assert observing(locked()) == "OBSERVATION_WINDOW_CLOSED"
    for moment in (begun(), taught(), discussing()):
        assert observing(moment) is None
    assert observing(on(discussing(), "pupils")) == "OBSERVATION_WINDOW_CLOSED"
    assert observing(talked()) == "OBSERVATION_WINDOW_CLOSED"
    assert observing(discussed()) == "DISCUSSION_CLOSED"


def test_the_order_of_events_counts_and_no_clock() -> None:
    late = on(discussing(), "pupils").who("Kelly")
    body = seen(3, "B", at="2027-01-12T09:40:00Z")
    late.does("record-observation", body).at("2027-01-12 09:41").refused(
        "OBSERVATION_WINDOW_CLOSED"
    )


def test_what_was_written_offline_never_counts_for_the_next_lesson() -> None:
    story = two_lessons()
    story.who("Declan").does("record-observation", seen(1, "A", 1)).refused("DISCUSSION_CLOSED")
    story.who("Declan").does("record-observation", seen(1, "A", 3)).refused("NOT_FOUND")
    story.who("Kelly").does("record-interview", talk("B", lesson_no=1)).refused("DISCUSSION_CLOSED")


def interviewing(story: Story) -> str | None:
    """With which code an interview is refused."""
    try:
        story.who("Kelly").does("record-interview", talk("B")).then("interview-recorded")
    except AssertionError as refused:
        return str(refused).split(":")[1].strip()
    return None


def test_interviews_are_recorded_from_the_end_of_it_until_pupils_were_talked_about() -> None:
    assert interviewing(agreed(observed())) == "OBSERVATION_WINDOW_CLOSED"
    opened = discussing(agreed(taught()))
    for moment in (agreed(taught()), opened, on(opened, "pupils")):
        assert interviewing(moment) is None
    assert interviewing(on(about_pupils(on(opened, "pupils")), "progress")) == (
        "OBSERVATION_WINDOW_CLOSED"
    )
    assert interviewing(discussed()) == "DISCUSSION_CLOSED"


def test_an_interview_needs_consent_and_the_pupils_own_word() -> None:
    story = taught().who("Kelly")
    asked = [{"pupil": "B", "purpose": "be_interviewed"}]
    story.does("record-interview", talk("B")).refused("ASSENT_REQUIRED", details=asked)
    no = {"pupil_label": "B", "purpose": "be_interviewed", "agrees": False}
    story.does("record-assent", no).does("record-interview", talk("B")).refused("ASSENT_REQUIRED")
    agreed(story, "B").does("record-interview", talk("B")).then("interview-recorded")
    agreed(story, "B").does("record-interview", talk("B", "C")).refused("ASSENT_REQUIRED")


def test_notice_is_not_enough_for_an_interview() -> None:
    story = agreed(taught(), "A").who("Petra")
    story = story.does("withdraw-consent", {"purposes": ["be_interviewed"], "pupil_label": "A"})
    story.who("Kelly").does("record-interview", talk("A")).refused("CONSENT_WITHDRAWN")
    notice = {
        "purposes": ["be_interviewed"],
        "basis": "school_task_with_notice",
        "statement_version": 1,
        "pupil_label": "A",
    }
    story.who("Petra").does("record-consent", notice).refused("VALIDATION_FAILED", pointer="/basis")


def test_a_recording_needs_a_consent_of_its_own() -> None:
    story = agreed(taught(), "B").who("Kelly")
    body = talk("B", recording="audio")
    wanted = [{"pupil": "B", "purpose": "be_audio_recorded"}]
    story.does("record-interview", body).refused("CONSENT_REQUIRED", details=wanted)
    story = consented(story, "B", "be_audio_recorded", **PARENTS).who("Kelly")
    story.does("record-interview", body).then("interview-recorded")
    story.does("record-interview", talk("B", recording="video")).refused("CONSENT_REQUIRED")


def test_a_pupil_may_decline_and_no_more_is_made_of_it() -> None:
    story = agreed(taught(), "A").who("Kelly")
    body = {"lesson_no": 1, "pupil_label": "A"}
    story = story.does("record-pupil-declined", body).then("pupil-declined")
    assert story.view("interviews", "Petra") == {"interviews": [], "declined": [[1, "A"]]}
    story.does("record-interview", talk("A")).refused("ASSENT_REQUIRED")
    discussed().who("Kelly").does("record-pupil-declined", body).refused("DISCUSSION_CLOSED")


def test_only_those_who_were_interviewed_are_quoted() -> None:
    story = agreed(taught(), "B").who("Kelly")
    quotes = [{"pupil_label": "C", "text": '"It is half"'}]
    story.does("record-interview", talk("B", quotes=quotes)).refused(
        "VALIDATION_FAILED", pointer="/quotes/0/pupil_label"
    )
    story.does("record-interview", talk("B", "B")).refused("VALIDATION_FAILED", pointer="/pupils/1")


def test_members_interview_and_nobody_else() -> None:
    agreed(taught(), "B").who("Mei").does("record-interview", talk("B")).refused("NOT_PERMITTED")
    assert len(lesson_of(interviewed()).interviews) == 1
