"""Forming the group, its focus, what it finds out, and whom it chooses to look at."""

import pytest
from tests.plugins.lesson_study.examples import (
    FINDING,
    FOCUS,
    V1,
    chosen,
    draft,
    drafted,
    focused,
    invites,
    joined,
    locked,
    planned,
    state_of,
    studied,
    the,
)
from tests.plugins.lesson_study.school import DECLAN, ENQUIRY, PETRA, beck_road

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import person


def test_a_group_is_two_people_at_least() -> None:
    alone = {"members": the("Petra")}
    planned().does("form-group", alone).refused("GROUP_TOO_SMALL", params={"members": 1})
    planned().does("form-group", {"members": the("Petra", "Kelly")}).then("group-formed")


def test_nobody_is_named_twice_and_nobody_from_nowhere() -> None:
    for names in (("Petra", "Petra"), ("Petra", "Maya"), ("Petra", "Hamish", "Hamish")):
        story = planned().does("form-group", {"members": the(*names)})
        story.refused("VALIDATION_FAILED", pointer=f"/members/{len(names) - 1}")


def test_seven_are_too_many() -> None:
    seven = the("Petra", "Kelly", "Declan", "Anya", "Helen", "Corin", "Hamish")
    planned().does("form-group", {"members": seven}).refused("VALIDATION_FAILED")
    six = planned().does("form-group", {"members": seven[:6]})
    body = {"person": seven[6], "role": "member"}
    six.does("invite-to-run", body).refused("VALIDATION_FAILED", pointer="/role")


def test_the_group_is_formed_once_and_only_by_the_lead() -> None:
    joined().who("Petra").does("form-group", {"members": the("Petra", "Anya")}).refused(
        "WRONG_STAGE"
    )
    body = {"members": the("Kelly", "Declan")}
    joined().who("Kelly").does("form-group", body).refused("NOT_PERMITTED")


def test_the_class_is_that_of_a_member_at_the_school() -> None:
    for teacher in ("Anya", "Hamish"):
        body = {"members": the("Petra", "Hamish"), "class_teacher": str(person(teacher))}
        story = planned().does("form-group", body)
        story.refused("VALIDATION_FAILED", pointer="/class_teacher")


def test_taking_part_is_voluntary_and_who_declines_leaves_no_mark() -> None:
    story = planned().does("form-group", {"members": the("Petra", "Kelly", "Declan")})
    story = story.who("Declan").does("decline-run-invitation").then("participant-declined")
    assert str(DECLAN) not in str(story.view("group", "Petra"))
    assert story.warned("Petra") == []


def test_no_plan_before_two_have_joined_and_all_members_adopted_the_protocol() -> None:
    alone = planned().does("form-group", {"members": the("Petra", "Kelly")})
    alone = alone.does("adopt-protocol", V1).does("set-research-focus", FOCUS)
    alone.does("draft-plan", draft()).refused("GROUP_TOO_SMALL", params={"members": 1})
    story = joined().who("Petra").does("adopt-protocol", V1).does("set-research-focus", FOCUS)
    missing = [{"person": one} for one in sorted(the("Kelly", "Declan"))]
    story.does("draft-plan", draft()).refused("PROTOCOL_NOT_ADOPTED", details=missing)


def test_a_study_of_an_enquiry_waits_for_its_ethics_review() -> None:
    for reviewed in (False, True):
        enquiry = Enquiry(members=(PETRA,), ethics_reviewed=reviewed)
        story = focused(planned(beck_road(enquiry=enquiry))).who("Petra")
        story = story.does("link-run", {"enquiry": str(ENQUIRY)}).does("draft-plan", draft())
        if reviewed:
            story.then(stage="planning")
        else:
            story.refused("ETHICS_REVIEW_REQUIRED")


def test_a_focus_names_a_need_and_its_data() -> None:
    story = joined().who("Kelly")
    bare = {"statement": "improve how we teach fractions"}
    story.does("set-research-focus", bare).refused("FOCUS_NOT_ABOUT_LEARNING", pointer="/need")
    story.does("set-research-focus", {**bare, "need": "they count"}).refused(
        "DATA_REQUIRED", pointer="/data_refs"
    )
    story = story.does("set-research-focus", FOCUS).then(stage="focus_set")
    story.does("set-research-focus", {**FOCUS, "statement": "something else"}).then(
        "research-focus-set", stage="focus_set"
    )


def test_of_two_who_set_the_focus_at_once_the_second_looks_again() -> None:
    story = joined().who("Petra").does("set-research-focus", FOCUS)
    seen = story.live.revision - 1
    story.who("Kelly").does("set-research-focus", FOCUS, if_match=seen).refused("VERSION_CONFLICT")


def test_findings_lead_to_study_and_never_stand_in_each_others_way() -> None:
    story = focused().who("Mei").does("record-study-finding", FINDING).then(stage="studying")
    story.who("Kelly").does("record-study-finding", FINDING).then("study-finding-recorded")
    drafted().who("Mei").does("record-study-finding", FINDING).then(stage="planning")
    locked().who("Mei").does("record-study-finding", FINDING).refused("WRONG_STAGE")


def test_guests_come_to_public_lessons_only() -> None:
    body = {"person": str(person("Hamish")), "role": "guest"}
    focused().who("Petra").does("invite-to-run", body).refused("VALIDATION_FAILED", pointer="/role")
    invites(focused(public_lesson=True), "Hamish", "guest").then("participant-joined")


def test_the_class_teacher_chooses_and_registers_case_pupils_in_one_act() -> None:
    story = chosen(focused(), "AB").then(
        "case-pupils-chosen",
        "pupil-registered",
        "case-pupil-described",
        "pupil-registered",
        "case-pupil-described",
    )
    assert state_of(story).chosen == ("A", "B")
    pupils = [{"label": "C", "learner_group": "secure", "real_identity": "Amir Haddad"}]
    story.who("Kelly").does("choose-case-pupils", {"pupils": pupils}).refused("NOT_PERMITTED")


def test_a_label_never_stands_for_somebody_else() -> None:
    story = chosen(focused(), "AB").who("Petra")
    other = {"label": "A", "learner_group": "secure", "real_identity": "Amir Haddad"}
    story.does("choose-case-pupils", {"pupils": [other]}).refused(
        "PSEUDONYM_REUSED", details=[{"label": "A"}]
    )
    gone = story.does("withdraw-consent", {"purposes": ["be_observed"], "pupil_label": "A"})
    gone.does("choose-case-pupils", {"pupils": [{**other, "label": "A"}]}).refused(
        "CONSENT_WITHDRAWN"
    )
    body = {"label": "B", "real_identity": "Amir Haddad"}
    story.does("register-pupil", body).refused("PSEUDONYM_REUSED")


@pytest.mark.parametrize(
    ("labels", "pointer"),
    [("AA", "/pupils/1/label"), ("D", "/pupils/0/real_identity")],
    ids=["twice", "nobody"],
)
def test_every_label_stands_for_one_registered_pupil(labels: str, pointer: str) -> None:
    story = chosen(chosen(focused()), labels, known=True)
    story.refused("VALIDATION_FAILED", pointer=pointer)


def test_who_they_are_is_for_the_schools_own_colleagues_alone() -> None:
    story = chosen(focused())
    for name, knows in (("Petra", True), ("Kelly", True), ("Mei", False)):
        told = str(story.view("pupils", name)) + str(story.reads(name))
        assert ("Maisie Okoro" in told) is knows, name
        assert "middle" in str(story.view("group", name))
    assert "Maisie Okoro" not in str(story.reads("Helen"))


def test_no_text_says_who_a_case_pupil_is() -> None:
    body = {"pupils": [{"label": "A", "learner_group": "like Maisie", "real_identity": "J. Webb"}]}
    story = focused().who("Petra").does("choose-case-pupils", body)
    story.refused("IDENTIFYING_TEXT", pointer="/pupils/0/learner_group")


def test_nor_does_any_name_a_pupil_who_is_entered_by_the_same_act() -> None:
    body = {"pupils": [{"label": "A", "learner_group": "like Rhys", "real_identity": "Rhys Penn"}]}
    story = focused().who("Petra").does("choose-case-pupils", body)
    story.refused("IDENTIFYING_TEXT", pointer="/pupils/0/learner_group")


def test_anybody_may_leave_and_somebody_else_leads() -> None:
    story = studied().who("Petra").does("leave-run").then("participant-left")
    state = state_of(story)
    assert state.lead == person("Kelly")
    assert state.class_teacher is None
    assert "choose-case-pupils" in story.may("Declan")


def test_a_study_that_nobody_is_left_to_lead_is_cancelled() -> None:
    story = joined()
    for name in ("Kelly", "Declan"):
        story = story.who(name).does("leave-run").then(stage="forming")
    story.who("Petra").does("leave-run").then(stage="cancelled")


def test_who_withdraws_from_taking_part_leaves_with_what_they_alone_wrote() -> None:
    story = studied().who("Kelly").does("record-study-finding", FINDING, called="kellys")
    story = story.does("withdraw-consent", {"purposes": ["participate"]}).then()
    assert len(story.view("group", "Petra")["findings"]) == 1
    assert str(person("Kelly")) not in str(story.view("group", "Petra"))
