"""Consent for a case pupil is withdrawn: in planning, when the plan is locked, after the end."""

from typing import Any

import pytest
from tests.plugins.lesson_study.examples import (
    CYCLE,
    JUDGED,
    PARENTS,
    agreed,
    approved,
    begun,
    chosen,
    consented,
    discussed,
    discussing,
    everybody,
    lesson_of,
    locked,
    on,
    opening,
    prediction,
    reviewed,
    says,
    seen,
    state_of,
    studied,
    talk,
    talked,
    taught,
    two_lessons,
    version,
)

from enquiry.testing import Story, named

SECRET = "B matched the halves"


def without(story: Story, label: str, *purposes: str, by: str = "Petra") -> Story:
    """Somebody records that a pupil's consent is withdrawn."""
    body = {"purposes": list(purposes or ("be_observed",)), "pupil_label": label}
    return story.who(by).does("withdraw-consent", body)


def told(story: Story, name: str = "Kelly") -> str:
    """Everything that somebody is shown."""
    views = ("plans", "matrix", "interviews", "discussions", "progress", "observer-sheet", "group")
    return str([story.view(view, name) for view in views]) + str(story.reads(name))


def eventful() -> Story:
    """Whatever can be recorded of B has been recorded."""
    story = begun().who("Kelly").does("record-observation", seen(1, "B", text=SECRET), called="b")
    for label in "AC":
        story = story.does("record-observation", seen(1, label), called=f"seen-1-1-{label}")
    story = agreed(taught(story), "B").who("Kelly")
    story = story.does("record-interview", talk("B", learned=SECRET), called="heard")
    story = on(discussing(story), "pupils").who("Kelly")
    body = says("pupils", "B", observations=[str(named("b"))], text=SECRET)
    return story.does("contribute", body)


def test_in_planning_a_withdrawal_makes_a_new_version_that_nobody_has_approved() -> None:
    story = approved()
    before = version(story)["version"]
    story = without(story, "B").then("consent-withdrawn")
    assert version(story)["version"] == before + 1
    assert lesson_of(story).approvals == {}
    assert state_of(story).chosen == ("A", "C")
    assert {one["pupil"] for one in story.view("plans", "Mei")["lessons"][0]["predictions"]} == {
        "A",
        "C",
    }
    story = everybody(story, "approve-plan", version(story))
    story.does("lock-plan", version(story)).then(
        "plan-locked", warns=["CASE_PUPILS_NOT_MULTIPLE_OF_THREE"]
    )


def test_a_locked_plan_stays_locked_without_those_cells_and_the_lesson_goes_on() -> None:
    story = locked()
    before = version(story)
    story = without(story, "C").then("consent-withdrawn")
    assert (version(story), story.live.stage) == (before, "plan_locked")
    assert story.warned("Petra") == []
    assert {one["pupil"] for one in story.view("plans", "Kelly")["lessons"][0]["predictions"]} == {
        "A",
        "B",
    }
    story = begun(story).then("lesson-begun")
    for label in "AB":
        story = story.who("Kelly").does("record-observation", seen(1, label))
    taught(story).does("open-discussion", opening()).then(
        "discussion-opened", warns=["OBSERVATION_GAP"] * 4
    )


def test_who_comes_instead_needs_the_plan_unlocked_and_another_label() -> None:
    story = without(locked(), "C").who("Petra")
    other = {"label": "D", "learner_group": "counts", "real_identity": "Rhys Penn"}
    known = [{"label": label, "learner_group": "secure"} for label in "AB"]
    story.does("choose-case-pupils", {"pupils": [*known, other]}).refused("PLAN_LOCKED")
    story = story.does("unlock-plan", {"reason": "Somebody new."})
    same = {**other, "label": "C"}
    story.does("choose-case-pupils", {"pupils": [*known, same]}).refused("CONSENT_WITHDRAWN")
    story = story.does("choose-case-pupils", {"pupils": [*known, other]}).then()
    assert lesson_of(story).approvals == {}


def test_everything_about_the_pupil_vanishes_for_everybody() -> None:
    story = eventful()
    assert SECRET in told(story)
    story = without(story, "B")
    for name in ("Petra", "Kelly", "Declan", "Mei"):
        assert SECRET not in told(story, name), name
    cells = story.view("matrix", "Kelly")["lessons"][0]["cells"]
    assert {cell["pupil"] for cell in cells} == {"A", "C"}
    assert story.view("interviews", "Petra") == {"interviews": [], "declined": []}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("record-observation", seen(1, "B")),
        ("record-interview", talk("B")),
        ("record-pupil-declined", {"lesson_no": 1, "pupil_label": "B"}),
        ("contribute", says("pupils", "B")),
        ("mark-case-pupil-absent", {"pupil_label": "B"}),
        ("set-prediction", prediction(1, "B")),
        ("set-success-criterion", {"pupil_label": "B", "text": "more"}),
    ],
)
def test_nothing_new_about_the_pupil_is_accepted(kind: str, body: dict[str, Any]) -> None:
    story = without(discussing(), "B").who("Kelly")
    if kind == "mark-case-pupil-absent":
        story = without(begun(), "B").who("Kelly")
    story.does(kind, body).refused("CONSENT_WITHDRAWN")


def test_the_recorder_and_the_cycle_say_nothing_new_either() -> None:
    judged = {**JUDGED, "pupil_label": "B"}
    without(talked(), "B").who("Kelly").does("record-progress-judgement", judged).refused(
        "CONSENT_WITHDRAWN"
    )
    without(two_lessons(), "B").who("Petra").does("complete-cycle", CYCLE).refused(
        "CONSENT_WITHDRAWN"
    )


def test_of_a_note_and_a_withdrawal_at_once_whichever_comes_second_loses() -> None:
    first = begun().who("Kelly").does("record-observation", seen(1, "B", text=SECRET), called="b")
    assert SECRET in told(first)
    assert SECRET not in told(without(first, "B", by="Declan"))
    second = without(begun(), "B", by="Declan").who("Kelly")
    second.does("record-observation", seen(1, "B", text=SECRET)).refused("CONSENT_WITHDRAWN")


def test_the_discussion_is_not_held_up_by_who_was_withdrawn() -> None:
    story = on(discussing(), "pupils")
    for label in "AC":
        cited = [str(named(f"seen-1-1-{label}"))]
        story = story.who("Kelly").does("contribute", says("pupils", label, observations=cited))
    story.who("Declan").does("advance-discussion", {"to": "progress"}).refused("DISCUSSION_ORDER")
    story = without(story, "B").who("Declan")
    story.does("advance-discussion", {"to": "progress"}).then("discussion-advanced")


def test_gaps_of_who_was_withdrawn_are_no_longer_remarked() -> None:
    story = begun()
    for label in "ABC":
        story = story.who("Kelly").does("record-observation", seen(1, label))
    story = taught(story).does("open-discussion", opening()).then(warns=["OBSERVATION_GAP"] * 6)
    without(story, "B").then("consent-withdrawn", resolves=["OBSERVATION_GAP"] * 2)


def test_after_the_end_it_is_allowed_and_takes_effect_at_once() -> None:
    story = consented(reviewed(), "ABC", "share_school", **PARENTS).who("Petra")
    share = {"audience": "staff", "artefacts": ["matrix", "observations", "progress"]}
    story = story.does("share-study", share).does("close-run").then(stage="closed")
    assert "B folded in four" in str(story.view("study", "Anya"))
    story = without(story, "B", by="Helen").then("consent-withdrawn", stage="closed")
    shown = story.view("study", "Anya")
    assert "B folded in four" not in str(shown)
    assert [len(lesson["matrix"]) for lesson in shown["lessons"]] == [6, 6]
    assert {row["pupil"] for lesson in shown["lessons"] for row in lesson["progress"]} == {"A", "C"}
    assert [row["pupil"] for row in shown["overall"]] == ["A", "C"]


def test_an_audience_alone_can_be_withdrawn() -> None:
    story = consented(reviewed(), "ABC", "share_school", **PARENTS).who("Petra")
    share = {"audience": "staff", "artefacts": ["matrix", "observations"]}
    story = without(story.does("share-study", share), "B", "share_school")
    assert "B folded in four" not in str(story.view("study", "Anya"))
    assert "B folded in four" in str(story.view("matrix", "Kelly"))


def test_interviews_alone_can_be_withdrawn() -> None:
    story = agreed(taught(), "BC").who("Kelly").does("record-interview", talk("B", "C"))
    story = without(story, "B", "be_interviewed")
    assert story.view("interviews", "Petra")["interviews"] == []
    assert len(story.view("matrix", "Petra")["lessons"][0]["cells"]) == 9
    story.who("Kelly").does("record-interview", talk("B")).refused("CONSENT_WITHDRAWN")
    story.does("record-interview", talk("C")).then("interview-recorded")


def test_evidence_that_rests_on_the_pupil_no_longer_stands() -> None:
    story = on(discussing(), "pupils")
    for label in "ABC":
        cited = [str(named(f"seen-1-1-{label}"))]
        story = story.who("Kelly").does("contribute", says("pupils", label, observations=cited))
    judged = {**JUDGED, "pupil_label": "B"}
    story = on(story, "progress").who("Kelly")
    story = story.does("record-progress-judgement", judged, called="judged")
    assert state_of(story).output_revision(named("judged")) is not None
    assert state_of(without(story, "B")).output_revision(named("judged")) is None


def test_a_withdrawn_pupil_is_not_said_to_have_changed_or_to_be_missing() -> None:
    story = without(discussed(), "C").then(resolves=[])
    assert set(story.warned("Petra")) <= {"UNEQUAL_CONTRIBUTION"}


def test_the_label_stays_with_the_pupil_for_good() -> None:
    story = without(studied(), "B").who("Petra")
    story.does("register-pupil", {"label": "B", "real_identity": "Rhys Penn"}).refused(
        "PSEUDONYM_REUSED"
    )
    chosen(story, "AC", known=True).then("case-pupils-chosen", *("case-pupil-described",) * 2)
