"""Planning a research lesson: versions, predictions, approval, the lock, tasks."""

from datetime import UTC, datetime

import pytest
from tests.plugins.lesson_study.examples import (
    V1,
    approved,
    assigned,
    begun,
    chosen,
    consented,
    discussed,
    draft,
    drafted,
    everybody,
    focused,
    invites,
    lesson_of,
    locked,
    planned,
    predicted,
    prediction,
    seen,
    state_of,
    studied,
    talked,
    taught,
    the,
    version,
)
from tests.plugins.lesson_study.school import (
    DECLAN,
    HAMISH,
    KELLY,
    PETRA,
    beck_road,
)

from enquiry.kernel.alliance.state import Policy
from enquiry.kernel.bookings import Booking
from enquiry.testing import named, person


def test_a_plan_is_drafted_once_and_then_edited() -> None:
    studied().who("Kelly").does("edit-plan", draft()).refused("WRONG_STAGE")
    story = drafted().then("plan-drafted", "started", stage="planning")
    story.does("draft-plan", draft()).refused("WRONG_STAGE")
    story.who("Kelly").does("edit-plan", draft(5, 5, 5)).then("plan-edited")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("edit-plan", draft(5, 5, 5)),
        ("set-prediction", prediction(1, "A", "Will wait")),
        ("set-success-criterion", {"pupil_label": "A", "text": "says more"}),
    ],
)
def test_whatever_is_changed_makes_a_version_that_nobody_has_approved(
    kind: str, body: dict[str, object]
) -> None:
    story = approved()
    before = version(story)
    story = story.who("Kelly").does(kind, body).then()
    assert version(story)["version"] == before["version"] + 1
    assert story.view("plans", "Petra")["lessons"][0]["approved_by"] == []
    late = story.who("Petra").does("approve-plan", before)
    late.refused("VERSION_CONFLICT", params={"current_version": version(story)["version"]})
    story.does("lock-plan", before).refused("VERSION_CONFLICT")


def test_other_case_pupils_make_a_version_too() -> None:
    story = approved()
    before = version(story)["version"]
    story = chosen(story, "AB", known=True)
    assert version(story)["version"] == before + 1
    assert lesson_of(story).approvals == {}


def test_who_edits_a_text_that_changed_since_looks_again() -> None:
    story = drafted()
    looked = story.live.revision
    story = story.who("Kelly").does("edit-plan", draft(5, 5, 5), if_match=looked).then()
    story.who("Declan").does("edit-plan", draft(6, 6, 6), if_match=looked).refused(
        "VERSION_CONFLICT"
    )


def test_who_predict_different_cells_are_in_nobodys_way() -> None:
    story = drafted()
    looked = story.live.revision
    story = story.who("Kelly").does("set-prediction", prediction(1, "A"), if_match=looked).then()
    declan = story.who("Declan")
    declan.does("set-prediction", prediction(1, "B"), if_match=looked).then()
    declan.does("edit-plan", draft(5, 5, 5), if_match=looked).then()
    declan.does("set-prediction", prediction(1, "A"), if_match=looked).refused("VERSION_CONFLICT")


def test_a_prediction_is_of_a_stage_and_a_case_pupil_that_there_are() -> None:
    story = drafted().who("Kelly")
    story.does("set-prediction", prediction(4, "A")).refused(
        "VALIDATION_FAILED", pointer="/stage_no"
    )
    story.does("set-prediction", prediction(1, "D")).refused(
        "VALIDATION_FAILED", pointer="/pupil_label"
    )
    studied().who("Kelly").does("set-prediction", prediction(1, "A")).refused("WRONG_STAGE")


def test_a_lock_lists_every_cell_that_is_missing() -> None:
    story = predicted(drafted(), (1, "A"), (2, "B"), (3, "C")).who("Petra")
    missing = [{"stage_no": n, "pupil": label} for n, label in ((1, "A"), (2, "B"), (3, "C"))]
    story.does("lock-plan", version(story)).refused("PREDICTION_MISSING", details=missing)
    assert story.may("Petra")["lock-plan"].code == "PREDICTION_MISSING"
    assert story.view("plans", "Mei")["lessons"][0]["missing"] == [[1, "A"], [2, "B"], [3, "C"]]


def test_a_stage_more_has_to_be_predicted_too() -> None:
    longer = draft()
    longer["stages"].append({"title": "look back", "minutes": 5, "teacher_activity": "listens"})
    story = predicted().who("Petra").does("edit-plan", longer)
    missing = [{"stage_no": 4, "pupil": label} for label in "ABC"]
    story.does("lock-plan", version(story)).refused("PREDICTION_MISSING", details=missing)


def test_a_lock_needs_a_success_criterion_for_each_case_pupil() -> None:
    story = drafted().who("Kelly")
    for stage in (1, 2, 3):
        for label in "ABC":
            story = story.does("set-prediction", prediction(stage, label))
    story = story.does("set-success-criterion", {"pupil_label": "B", "text": "says why"})
    story.does("lock-plan", version(story)).refused(
        "SUCCESS_CRITERION_MISSING", details=[{"pupil": "A"}, {"pupil": "C"}]
    )


def test_a_lock_needs_case_pupils_and_consent_to_observe_each() -> None:
    bare = drafted(focused()).who("Petra")
    bare.does("lock-plan", version(bare)).refused("CASE_PUPILS_REQUIRED")
    story = consented(chosen(focused()), "AC", "be_observed")
    story = drafted(story).who("Petra")
    wanted = [{"pupil": "B", "purpose": "be_observed"}]
    story.does("lock-plan", version(story)).refused("CONSENT_REQUIRED", details=wanted)


def test_every_member_approves_before_the_lock() -> None:
    story = predicted()
    for name in ("Petra", "Kelly"):
        story = story.who(name).does("approve-plan", version(story)).then("plan-approved")
    story.does("lock-plan", version(story)).refused(
        "PLAN_NOT_APPROVED", details=[{"person": str(DECLAN)}]
    )
    story.who("Mei").does("approve-plan", version(story)).refused("NOT_PERMITTED")
    story = story.who("Declan").does("approve-plan", version(story))
    story.does("lock-plan", version(story)).then("plan-locked", stage="plan_locked")


def test_approvals_are_in_nobodys_way() -> None:
    story = predicted()
    looked = story.live.revision
    for name in ("Petra", "Kelly", "Declan"):
        story = story.who(name).does("approve-plan", version(story), if_match=looked).then()


def test_one_member_teaches_and_nobody_pushes_them_aside_unsaid() -> None:
    story = drafted().does("assign-teacher", {"person": str(PETRA)}).then("teacher-assigned")
    kelly = {"person": str(KELLY)}
    story.does("assign-teacher", kelly).refused("ONE_TEACHER_PER_LESSON")
    story = story.does("assign-teacher", {**kelly, "replace": True}).then()
    assert lesson_of(story).teacher == KELLY
    for name in ("Mei", "Anya"):
        body = {"person": str(person(name)), "replace": True}
        story.does("assign-teacher", body).refused("VALIDATION_FAILED", pointer="/person")


def test_whoever_teaches_does_not_observe() -> None:
    story = assigned(drafted())
    petra = {"person": str(PETRA), "pupils": ["A"]}
    story.does("assign-observer", petra).refused("TEACHER_CANNOT_OBSERVE")
    story = story.does("assign-teacher", {"person": str(KELLY), "replace": True})
    assert KELLY not in lesson_of(story).observers


def test_nobody_who_withdrew_is_given_a_task_in_a_lesson() -> None:
    story = drafted().who("Declan").does("withdraw-consent", {"purposes": ["be_observed"]})
    story = story.who("Petra")
    story.does("assign-teacher", {"person": str(DECLAN)}).refused("CONSENT_WITHDRAWN")
    body = {"person": str(DECLAN), "pupils": ["A"]}
    story.does("assign-observer", body).refused("CONSENT_WITHDRAWN")


def test_a_cancelled_study_binds_nobody() -> None:
    story = locked().who("Petra").does("cancel-run", {"reason": "The term ends."})
    story.then("cancelled", "released", stage="cancelled")


def test_observers_are_given_case_pupils_of_the_lesson() -> None:
    story = drafted()
    strange = {"person": str(KELLY), "pupils": ["A", "D"]}
    story.does("assign-observer", strange).refused("VALIDATION_FAILED", pointer="/pupils/1")
    anya = {"person": the("Anya")[0], "pupils": ["A"]}
    story.does("assign-observer", anya).refused("VALIDATION_FAILED", pointer="/person")
    story = story.does("assign-observer", {"person": str(KELLY), "pupils": ["A"]})
    story = story.does("assign-observer", {"person": str(KELLY), "pupils": []}).then()
    assert lesson_of(story).observers == {}


LATE = ("edit-plan", "set-prediction", "set-success-criterion", "choose-case-pupils", "unlock-plan")
BODIES = {
    "edit-plan": draft(),
    "set-prediction": prediction(1, "A"),
    "set-success-criterion": {"pupil_label": "A", "text": "says more"},
    "choose-case-pupils": {"pupils": [{"label": "A", "learner_group": "secure"}]},
    "unlock-plan": {"reason": "Something came up."},
}


@pytest.mark.parametrize("kind", LATE)
def test_from_the_lesson_on_plan_and_predictions_stand_for_good(kind: str) -> None:
    for moment in (begun(), taught(), talked(), discussed()):
        moment.who("Petra").does(kind, BODIES[kind]).refused("PLAN_LOCKED")


@pytest.mark.parametrize("kind", LATE[:-1])
def test_a_locked_plan_changes_only_after_it_was_unlocked(kind: str) -> None:
    story = locked().who("Petra")
    story.does(kind, BODIES[kind]).refused("PLAN_LOCKED")
    story.does("approve-plan", version(story)).refused("PLAN_LOCKED")
    story = story.does("unlock-plan", BODIES["unlock-plan"]).then(
        "plan-unlocked", "released", stage="planning"
    )
    story.does(kind, BODIES[kind]).then()


def test_an_unlocked_plan_that_was_not_changed_is_locked_again_as_it_is() -> None:
    story = locked().who("Petra").does("unlock-plan", BODIES["unlock-plan"])
    story.does("lock-plan", version(story)).then("plan-locked", "booked", stage="plan_locked")


def test_a_substitute_needs_the_plan_unlocked_and_a_new_label() -> None:
    story = locked().who("Petra")
    story = story.does("register-pupil", {"label": "D", "real_identity": "Rhys Penn"})
    swap = {"pupil_label": "C", "substitute": "D"}
    story.does("mark-case-pupil-absent", swap).refused("PLAN_LOCKED")
    story = story.does("unlock-plan", BODIES["unlock-plan"])
    for label in ("A", "E"):
        taken = {"pupil_label": "C", "substitute": label}
        story.does("mark-case-pupil-absent", taken).refused(
            "VALIDATION_FAILED", pointer="/substitute"
        )
    story = story.does("mark-case-pupil-absent", swap).then("case-pupil-absent")
    assert state_of(story).chosen == ("A", "B", "D")
    story = consented(story, "D", "be_observed").who("Petra")
    story.does("lock-plan", version(story)).refused(
        "CASE_PUPILS_REQUIRED", details=[{"pupil": "D"}]
    )
    story = chosen(story, "ABD", known=True)
    missing = [{"stage_no": stage, "pupil": "D"} for stage in (1, 2, 3)]
    story.does("lock-plan", version(story)).refused("PREDICTION_MISSING", details=missing)


def test_no_text_names_who_or_which_class_it_is() -> None:
    for text in ("Maisie will fold", "4N will fold", "Ms Rowe will ask"):
        story = drafted().who("Kelly").does("set-prediction", prediction(1, "A", text))
        story.refused("IDENTIFYING_TEXT", pointer="/text")


def test_the_class_is_for_the_schools_own_colleagues_alone() -> None:
    story = drafted()
    for name, knows in (("Petra", True), ("Kelly", True), ("Mei", False)):
        assert (story.view("plans", name)["lessons"][0]["class_name"] == "4N") is knows
        assert ("4N" in str(story.reads(name))) is knows


# What it binds


def _elsewhere() -> Booking:
    start = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
    return Booking(key="another/visit-1", start=start, end=start.replace(hour=11), people=(KELLY,))


def test_whoever_is_bound_elsewhere_cannot_teach_or_observe_then() -> None:
    story = drafted(studied(focused(planned(beck_road(booked=(_elsewhere(),))))))
    story = assigned(approved(predicted(story))).who("Petra")
    story.does("lock-plan", version(story)).refused(
        "PERSON_DOUBLE_BOOKED", details=[{"person": str(KELLY)}]
    )


def test_the_lesson_counts_as_a_visit_only_where_the_school_says_so() -> None:
    for counts in (False, True):
        world = beck_road(policy=Policy(lesson_study_counts=counts, observation_budget=0))
        story = assigned(approved(predicted(drafted(studied(focused(planned(world)))))))
        story = story.who("Petra").does("lock-plan", version(story))
        story.then(warns=["OBSERVATION_BUDGET_EXCEEDED"] if counts else [])


def test_nobody_observes_whom_they_manage_where_the_school_says_so() -> None:
    managed = {KELLY: (PETRA,)}
    world = beck_road(policy=Policy(line_manager_forbidden=True), manages=managed)
    story = drafted(studied(focused(planned(world)))).does("assign-teacher", {"person": str(PETRA)})
    body = {"person": str(KELLY), "pupils": ["A"]}
    story.does("assign-observer", body).refused("LINE_MANAGER_FORBIDDEN")
    story = drafted(studied(focused(planned(world)))).does("assign-observer", body)
    story.does("assign-teacher", {"person": str(PETRA)}).refused("LINE_MANAGER_FORBIDDEN")


def test_otherwise_the_two_are_told_and_nobody_else() -> None:
    world = beck_road(manages={KELLY: (PETRA,)})
    story = assigned(drafted(studied(focused(planned(world)))))
    for name, told in (("Petra", True), ("Kelly", True), ("Declan", False)):
        assert ("LINE_MANAGER_CONFLICT" in story.warned(name)) is told


def test_whoever_leaves_frees_what_they_were_to_do() -> None:
    story = locked().who("Kelly").does("leave-run").then("participant-left", "booked")
    assert KELLY not in lesson_of(story).observers
    story.who("Petra").does("begin-lesson").refused("OBSERVER_COVERAGE")


def test_a_guest_is_given_pupils_and_reads_the_plan_once_it_is_locked() -> None:
    story = approved(
        predicted(drafted(invites(studied(focused(public_lesson=True)), "Hamish", "guest")))
    )
    assert "plan-drafted" not in {fact["kind"] for fact in story.reads("Hamish")}
    story = assigned(story).does("assign-observer", {"person": str(HAMISH), "pupils": ["B"]})
    story = story.who("Petra").does("lock-plan", version(story))
    sheet = story.view("observer-sheet", "Hamish")["sheet"]
    assert [one["pupil"] for one in sheet["predictions"]] == ["B", "B", "B"]
    assert "4N" not in str(story.reads("Hamish"))
    story = begun(story).who("Hamish").does("record-observation", seen(1, "B"), called="his")
    story.then("observation-recorded")
    assert named("his") in {one.id for one in lesson_of(story).observations}


def test_a_newcomer_approves_as_well() -> None:
    story = invites(predicted(), "Anya", "member").who("Anya").does("adopt-protocol", V1)
    story = everybody(story, "approve-plan", version(story))
    story.does("lock-plan", version(story)).refused(
        "PLAN_NOT_APPROVED", details=[{"person": the("Anya")[0]}]
    )
