"""What is remarked, to whom, and when it goes again."""

import pytest
from tests.plugins.lesson_study.examples import (
    CYCLE,
    PARENTS,
    about_pupils,
    again,
    agreed,
    approved,
    assigned,
    begun,
    chosen,
    completed,
    consented,
    discussed,
    discussing,
    drafted,
    focused,
    interviewed,
    lesson_of,
    locked,
    observed,
    on,
    opening,
    planned,
    predicted,
    reviewed,
    says,
    seen,
    studied,
    talk,
    taught,
    the,
    two_lessons,
    version,
)
from tests.plugins.lesson_study.school import beck_road

from enquiry.kernel.alliance.state import Policy
from enquiry.testing import Story

GROUP = ("Petra", "Kelly", "Declan", "Mei")


def test_two_case_pupils_are_remarked_at_the_lock_until_there_are_three() -> None:
    story = consented(chosen(studied(focused()), "AB", known=True), "AB", "be_observed")
    story = approved(predicted(drafted(story), labels="AB")).who("Petra")
    story = story.does("lock-plan", version(story))
    story = story.then(warns=["CASE_PUPILS_NOT_MULTIPLE_OF_THREE"])
    for name in GROUP:
        assert story.warned(name) == ["CASE_PUPILS_NOT_MULTIPLE_OF_THREE"]
    story.does("unlock-plan", {"reason": "C is back."}).then(
        resolves=["CASE_PUPILS_NOT_MULTIPLE_OF_THREE"]
    )


def _second(labels: str) -> Story:
    story = discussed().who("Kelly").does("plan-next-lesson", {"carried_forward": "say it"})
    story = story.who("Petra").does("register-pupil", {"label": "D", "real_identity": "Rhys Penn"})
    story = consented(chosen(story, labels, known=True), "D", "be_observed")
    story = approved(predicted(drafted(story, "2027-01-26T09:15:00Z"), labels=labels))
    return story.does("lock-plan", version(story))


def test_other_case_pupils_than_last_time_are_remarked() -> None:
    _second("ABD").then("plan-locked", warns=["CASE_PUPIL_CHANGED"])
    _second("ABC").then("plan-locked")


def test_a_plan_without_study_is_remarked_once_it_is_locked() -> None:
    story = consented(chosen(focused()), "ABC", "be_observed")
    story = approved(predicted(drafted(story)))
    story.does("lock-plan", version(story)).then("plan-locked", warns=["STUDY_STEP_SKIPPED"])


def test_four_pupils_are_too_many_for_one_observer() -> None:
    story = drafted(chosen(studied(), "ABC", known=True)).who("Petra")
    story = story.does("register-pupil", {"label": "D", "real_identity": "Rhys Penn"})
    story = chosen(story, "ABCD", known=True)
    body = {"person": the("Kelly")[0], "pupils": ["A", "B", "C", "D"]}
    story = story.does("assign-observer", body).then(warns=["OBSERVER_OVERLOADED"])
    story.does("assign-observer", {**body, "pupils": ["A", "B", "C"]}).then(
        resolves=["OBSERVER_OVERLOADED"]
    )


def test_each_empty_cell_is_a_gap_until_something_is_recorded() -> None:
    story = begun()
    for label in "ABC":
        story = story.who("Kelly").does("record-observation", seen(1, label))
    story = taught(story).does("open-discussion", opening()).then(warns=["OBSERVATION_GAP"] * 6)
    late = seen(2, "A")
    story.who("Kelly").does("record-observation", late).then(resolves=["OBSERVATION_GAP"])


def test_what_was_noted_as_unseen_is_no_gap() -> None:
    story = observed(begun())
    assert all(one.match == "as_predicted" for one in lesson_of(story).observations)
    unseen = begun()
    for stage in (1, 2, 3):
        for label in "ABC":
            body = seen(stage, label, match="not_seen")
            unseen = unseen.who("Kelly").does("record-observation", body)
    taught(unseen).does("open-discussion", opening()).then("discussion-opened")


@pytest.mark.parametrize(
    ("text", "remarked"),
    [
        ("The teacher asked which is more", True),
        ("Miss told them to fold", True),
        ("The teacher asked B which is more", False),
        ("Folded in four", False),
    ],
)
def test_an_observation_of_the_teacher_is_remarked_to_its_author_and_the_moderator(
    text: str, remarked: bool
) -> None:
    code = "TEACHER_FOCUSED_OBSERVATION"
    story = observed(begun()).who("Kelly")
    story = story.does("record-observation", seen(1, "B", text=text))
    story = story.then("observation-recorded", warns=[code] if remarked else [])
    for name, sees in (("Kelly", remarked), ("Petra", False), ("Mei", False)):
        assert (code in story.warned(name)) is sees
    story = discussing(interviewed(taught(story)))
    assert (code in story.warned("Declan")) is remarked


def test_language_that_judges_is_remarked_unless_a_pupil_said_it() -> None:
    judged = seen(1, "B", text="B gave an excellent answer")
    story = begun().who("Kelly").does("record-observation", judged)
    story.then(warns=["EVALUATIVE_LANGUAGE"])
    said = seen(1, "B", text='"That was excellent"', evidence_kind="said", verbatim=True)
    begun().who("Kelly").does("record-observation", said).then(warns=[])


@pytest.mark.parametrize(
    ("policy", "params", "at", "late"),
    [
        (24, {}, "2027-01-13 10:15", False),
        (24, {}, "2027-01-13 10:16", True),
        (36, {}, "2027-01-13 22:15", False),
        (36, {}, "2027-01-13 22:16", True),
        (36, {"discussion_within_hours": 2}, "2027-01-12 12:16", True),
    ],
)
def test_a_discussion_is_late_after_as_many_hours_as_school_or_group_decided(
    policy: int, params: dict[str, int], at: str, late: bool
) -> None:
    world = beck_road(policy=Policy(discussion_within_hours=policy))
    story = studied(focused(planned(world, **params)))
    story = interviewed(taught(observed(begun(locked(approved(predicted(drafted(story))))))))
    story = story.who("Petra").does("open-discussion", opening()).at(at)
    story.then("discussion-opened", warns=["DISCUSSION_LATE"] if late else [])


@pytest.mark.parametrize(("at", "short"), [("16:31", True), ("16:32", False)])
def test_a_discussion_of_less_than_45_minutes_is_short(at: str, short: bool) -> None:
    story = discussed(at=f"2027-01-12 {at}")
    assert ("DISCUSSION_SHORT" in story.warned("Mei")) is short


@pytest.mark.parametrize(("minutes", "long"), [(5, False), (6, True)])
def test_an_interview_of_more_than_five_minutes_is_long(minutes: int, long: bool) -> None:
    story = agreed(taught(), "B").who("Kelly")
    story = story.does("record-interview", talk("B", minutes=minutes))
    story.then("interview-recorded", warns=["INTERVIEW_LONG"] if long else [])


def _closed(story: Story, *present: str) -> Story:
    story = story.who("Petra").does("open-discussion", opening("Declan", "Kelly", *present))
    story = about_pupils(on(story.at("2027-01-12 15:00"), "pupils"))
    story = on(story, "progress", "patterns", "teaching", "next", "final").who("Declan")
    return story.does("close-discussion").at("2027-01-12 16:00")


def test_a_lesson_without_pupils_voices_or_anybody_from_outside_is_remarked() -> None:
    story = _closed(taught(), "Petra", "Kelly", "Declan").settled()
    remarked = ["NO_KNOWLEDGEABLE_OTHER", "NO_PUPIL_VOICE"]
    assert sorted(set(story.warned("Mei"))) == remarked
    both = _closed(interviewed(), "Petra", "Kelly", "Declan", "Mei").settled()
    assert both.warned("Mei") == []


def test_who_said_nothing_alone_hears_of_it() -> None:
    story = _closed(interviewed(), "Petra", "Kelly", "Declan", "Mei").settled()
    for name, told in (("Petra", True), ("Declan", True), ("Kelly", False), ("Mei", False)):
        assert ("UNEQUAL_CONTRIBUTION" in story.warned(name)) is told
    assert "UNEQUAL_CONTRIBUTION" not in str(story.view("fidelity", "Kelly"))


def test_the_moderator_who_spoke_in_the_opening_or_the_teacher_is_not_remarked() -> None:
    story = discussing().who("Petra").does("contribute", says("opening"))
    story = about_pupils(on(story, "pupils"))
    story = on(story, "progress", "patterns", "teaching", "next", "final").who("Declan")
    story = story.does("close-discussion").settled()
    assert "UNEQUAL_CONTRIBUTION" not in story.warned("Petra")


def test_a_cycle_of_two_lessons_is_remarked_and_three_are_not() -> None:
    assert "CYCLE_OF_TWO" in completed().warned("Mei")
    three = completed(again(two_lessons(), 3, "Declan"))
    assert {"CYCLE_OF_TWO", "SAME_TEACHER_THROUGHOUT"} & set(three.warned("Mei")) == set()


def test_one_teacher_throughout_is_remarked() -> None:
    story = completed(again(discussed(), 2, "Petra"))
    assert "SAME_TEACHER_THROUGHOUT" in story.warned("Kelly")


def test_a_study_that_nobody_shares_is_remarked_after_twenty_school_days() -> None:
    story = two_lessons().who("Petra").does("complete-cycle", CYCLE).at("2027-02-23 15:00")
    story = story.does("review-identifiability", _REVIEW)
    due = story.time_passes("2027-03-23 20:00").then()
    assert "NOT_SHARED" not in due.warned("Petra")
    late = story.time_passes("2027-03-24 08:00").then(warns=["NOT_SHARED"])
    body = {"audience": "alliance", "artefacts": ["matrix"]}
    late.who("Petra").does("share-study", body).then("study-shared", resolves=["NOT_SHARED"])


_REVIEW = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "Labels only.",
    "confirm": True,
}


def test_a_lesson_on_a_day_without_school_is_remarked() -> None:
    story = assigned(approved(predicted(drafted(studied(), "2027-02-16T09:15:00Z"))))
    story.who("Petra").does("lock-plan", version(story)).then(warns=["OUTSIDE_TERM"])


def test_a_warning_is_acknowledged_by_a_member_with_a_note() -> None:
    story = completed()
    [warning] = [w for w in story.live.warnings.values() if w.code == "CYCLE_OF_TWO"]
    body = {"warning": str(warning.id), "note": "The term was short."}
    story = story.who("Kelly").does("acknowledge-warning", body).then()
    shown = story.view("fidelity", "Mei")["warnings"]
    assert [one["acknowledged"] for one in shown if one["code"] == "CYCLE_OF_TWO"] == [True]


def test_no_remark_reaches_anybody_outside_the_group() -> None:
    story = consented(reviewed(), "A", "share_school", **PARENTS)
    for name in ("Helen", "Anya", "Hamish", "Corin"):
        assert story.warned(name) == []
