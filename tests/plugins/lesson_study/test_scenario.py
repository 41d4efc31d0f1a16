"""Equivalent fractions in Year 4: a lesson study from its forming to what others see of it."""

from tests.plugins.lesson_study.examples import (
    CARRIED,
    CHANGE,
    CYCLE,
    FINDING,
    FOCUS,
    JUDGED,
    NAMED,
    NOTICE,
    PARENTS,
    REVIEW,
    V1,
    again,
    assigned,
    chosen,
    consented,
    discussing,
    draft,
    everybody,
    invites,
    joined,
    on,
    opening,
    prediction,
    says,
    seen,
    talk,
    version,
)
from tests.plugins.lesson_study.school import DECLAN, PETRA

from enquiry.testing import Story, named

THIRD_C = "Will fold again and say the pieces are the same size but call them two quarters"
B_SAID = '"It is half because both bits match"'


def forming() -> Story:
    """Rows 1 to 3."""
    story = joined()
    for name in ("Petra", "Kelly"):
        story = story.who(name).does("adopt-protocol", V1)
    story = story.who("Petra").does("set-research-focus", FOCUS)
    story = story.then("research-focus-set", stage="focus_set")
    story.does("draft-plan", draft()).refused(
        "PROTOCOL_NOT_ADOPTED", details=[{"person": str(DECLAN)}]
    )
    story = story.who("Declan").does("adopt-protocol", V1).then("protocol-adopted")
    story = invites(story, "Mei", "knowledgeable-other").at("2026-11-24 15:00")
    story = story.who("Mei").does("record-study-finding", FINDING).then(stage="studying")
    return story.does("record-study-finding", FINDING).then("study-finding-recorded")


def planning() -> Story:
    """Rows 4 to 11."""
    story = chosen(forming()).at("2026-12-01 15:00")
    story = consented(story, "AC", "be_observed")
    story = story.who("Petra").does("draft-plan", draft()).at("2026-12-08 15:00").then()
    for stage in (1, 2, 3):
        for label in "ABC":
            if (stage, label) != (3, "C"):
                story = story.does("set-prediction", prediction(stage, label)).then()
    for label in "ABC":
        story = story.does("set-success-criterion", {"pupil_label": label, "text": "says why"})
    story.does("lock-plan", version(story)).refused("CONSENT_REQUIRED")
    story = consented(story, "B", "be_observed", **NOTICE)
    story = consented(story, "ABC", "be_interviewed", **PARENTS)
    missing = [{"stage_no": 3, "pupil": "C"}]
    story.does("lock-plan", version(story)).refused("PREDICTION_MISSING", details=missing)
    story = story.who("Kelly").does("set-prediction", prediction(3, "C", THIRD_C)).then()
    before = version(story)
    for name in ("Petra", "Kelly"):
        story = story.who(name).does("approve-plan", before).then("plan-approved")
    story.who("Petra").does("lock-plan", before).refused(
        "PLAN_NOT_APPROVED", details=[{"person": str(DECLAN)}]
    )
    story = story.who("Declan").does("edit-plan", draft(10, 20, 30)).then("plan-edited")
    assert version(story)["version"] == before["version"] + 1
    story.who("Kelly").does("approve-plan", before).refused("VERSION_CONFLICT")
    story = everybody(story, "approve-plan", version(story))
    story = assigned(story, "Petra", Kelly="AB").who("Petra")
    return story.does("lock-plan", version(story)).then(
        "plan-locked", "booked", stage="plan_locked"
    )


def teaching() -> Story:
    """Rows 12 to 19."""
    story = planning().who("Petra")
    story.does("begin-lesson").refused("OBSERVER_COVERAGE", details=[{"pupil": "C"}])
    body = {"person": str(DECLAN), "pupils": ["C"]}
    story = story.who("Declan").does("assign-observer", body).at("2027-01-12 09:14").then()
    story = story.who("Petra").does("begin-lesson").then("lesson-begun", stage="teaching")
    story.who("Declan").does("set-prediction", prediction(1, "C")).refused("PLAN_LOCKED")
    c_did = seen(2, "C", text="Folded in four, coloured two parts, counted 1, 2; wrote 2/4")
    story = story.who("Declan").does("record-observation", c_did, called="c").then()
    story.who("Petra").does("record-observation", seen(2, "A")).refused("TEACHER_CANNOT_OBSERVE")
    b_said = seen(2, "B", text=B_SAID, evidence_kind="said", match="different", verbatim=True)
    story = story.who("Kelly").does("record-observation", b_said, called="b").then()
    real = seen(3, "B", evidence_kind="wrote", text="Maisie wrote 1/2 = 2/4 twice")
    story.does("record-observation", real).refused("IDENTIFYING_TEXT", pointer="/text")
    story = story.who("Petra").does("end-lesson").at("2027-01-12 10:15")
    return story.then("lesson-ended", stage="taught")


def after_the_lesson() -> Story:
    """Rows 20 to 23."""
    story = teaching().who("Kelly")
    story.does("record-interview", talk("B")).refused("ASSENT_REQUIRED")
    for label, agrees in (("B", True), ("C", True), ("A", False)):
        body = {"pupil_label": label, "purpose": "be_interviewed", "agrees": agrees}
        story = story.does("record-assent", body)
    story = story.does("record-pupil-declined", {"lesson_no": 1, "pupil_label": "A"}).then()
    story = story.does("record-interview", talk("B"), called="talk-b").then("interview-recorded")
    story = story.does("record-interview", talk("C", minutes=6)).then(warns=["INTERVIEW_LONG"])
    story = story.who("Petra")
    story.does("open-discussion", opening()).at("2027-01-12 15:45").refused(
        "OBSERVATION_MISSING", details=[{"pupil": "A"}]
    )
    a_wrote = seen(1, "A", text="Wrote 4/8 before folding", match="different")
    story = story.who("Kelly").does("record-observation", a_wrote, called="a")
    story = discussing(story)
    return story.then(warns=["OBSERVATION_GAP"] * 6, stage="discussing")


def talking() -> Story:
    """Rows 24 to 32b."""
    story = after_the_lesson().who("Petra")
    noticed = says("opening", text="I noticed C looking at B's strip before folding")
    story = on(story.does("contribute", noticed).then("contribution-recorded"), "pupils")
    too_soon = says("teaching", text="We launched too fast")
    story.does("contribute", too_soon).refused("DISCUSSION_ORDER", params={"section": "pupils"})
    story = story.who("Kelly")
    story.does("contribute", says("pupils")).refused(
        "PUPIL_REFERENCE_REQUIRED", pointer="/pupil_label"
    )
    for name, label in (("Kelly", "A"), ("Declan", "B"), ("Petra", "C")):
        cited = [str(named(label.lower()))]
        story = story.who(name).does("contribute", says("pupils", label, observations=cited))
    story = on(story, "progress").who("Kelly")
    story.does("record-observation", seen(3, "C")).refused("OBSERVATION_WINDOW_CLOSED")
    for label in "ABC":
        story = story.does("record-progress-judgement", {**JUDGED, "pupil_label": label})
    story = on(story, "patterns", "teaching", "next")
    story = story.who("Kelly").does("record-change-for-next", CHANGE)
    story = on(story, "final").at("2027-01-12 16:38").who("Mei")
    story = story.does("give-final-comment", {"text": "Say it before you write it."}).then()
    story.who("Petra").does("contribute", says("teaching")).refused("FINAL_COMMENT_LAST")
    story = story.who("Declan").does("close-discussion").at("2027-01-12 16:41")
    story = story.then("discussion-closed", stage="discussed")
    story.who("Petra").does("complete-cycle", CYCLE).refused("CYCLE_TOO_SHORT")
    return story


def three_lessons() -> Story:
    """Rows 33 to 36."""
    story = talking().who("Kelly")
    story.does("plan-next-lesson").refused("CARRY_FORWARD_REQUIRED")
    story.does("plan-next-lesson", CARRIED).then("next-lesson-planned", stage="planning")
    story = again(story, 2, "Kelly")
    assert "DISCUSSION_LATE" not in story.warned("Petra")
    story = again(story, 3, "Declan", discussed_on="2027-02-11")
    assert story.warned("Petra").count("DISCUSSION_LATE") == 1
    return story


def test_the_group_forms_and_plans_only_when_all_have_adopted_the_protocol() -> None:
    forming()


def test_a_plan_is_locked_when_all_is_predicted_and_all_approve_of_it() -> None:
    planning()


def test_pupils_are_observed_by_those_who_do_not_teach() -> None:
    teaching()


def test_pupils_say_what_they_learned_if_they_agree() -> None:
    after_the_lesson()


def test_the_discussion_goes_from_pupils_to_teaching() -> None:
    talking()


def test_the_study_is_shared_under_labels_without_the_words_of_who_did_not_agree() -> None:
    story = three_lessons().who("Petra").does("complete-cycle", CYCLE)
    story = story.at("2027-02-23 15:00").then(stage="consolidating")
    quotes = {
        "audience": "alliance",
        "artefacts": ["matrix", "technique", "quotes"],
        "quotes_of": ["B"],
    }
    story.does("share-study", quotes).refused("IDENTIFIABILITY_NOT_REVIEWED")
    story = story.does("review-identifiability", REVIEW)
    story = consented(story, "B", "quote_verbatim", "share_school", **PARENTS).who("Petra")
    story.does("share-study", quotes).refused(
        "SHARE_SCOPE_EXCEEDED", details=[{"pupil": "B", "purpose": "share_alliance"}]
    )
    story = story.does(
        "share-study", {"audience": "alliance", "artefacts": ["matrix", "technique"]}
    )
    story = story.then("study-shared", stage="sharing")
    shown = story.view("study", "Hamish")
    assert [len(lesson["matrix"]) for lesson in shown["lessons"]] == [9, 9, 9]
    cells = [cell for lesson in shown["lessons"] for cell in lesson["matrix"]]
    assert {cell["pupil"] for cell in cells} == set("ABC")
    told = str(shown) + str(story.reads("Hamish"))
    never = [
        *NAMED.values(),
        "4N",
        B_SAID,
        "Two quarters are a half",
        str(PETRA),
    ]
    assert [word for word in never if word in told] == []
