"""The enquiry as far as runs stand on it: members, a method with its reason, ethics review."""

import pytest
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, around_runs, who

from enquiry.kernel.enquiry.forms import EthicsKey, EvidenceReceived
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.kernel.reasons import VAGUE, has_reason
from enquiry.method.entry import Was
from enquiry.testing import given, named, person

OPENED = {"title": "Explaining cause and effect", "schools": [str(ASHLOW), str(BECK_ROAD)]}


def opened():
    """Grace has opened it; Petra is a member, Ines facilitates."""
    told = given(ENQUIRY, around_runs(), "2026-10-05 15:00").who("Grace")
    told = told.does("create-enquiry", OPENED).then("enquiry-created")
    told = told.does("invite-member", {"person": who("Petra")}).then("member-joined")
    told = told.does("name-facilitator", {"person": who("Ines")})
    return told.then("facilitator-named")


ENQUIRING = opened()
ANSWERS = [{"key": key, "answer": f"About {key}"} for key in EthicsKey]
FLAGS = {
    "sensitive_data_planned": False,
    "parental_consent_needed": False,
    "external_dissemination": False,
    "research_only_activities": False,
}
CONTACTS = [
    {"school": str(ASHLOW), "person": who("Judith")},
    {"school": str(BECK_ROAD), "person": who("Tom")},
]
REVIEW = {"answers": ANSWERS, "flags": FLAGS, "contacts": CONTACTS}


# Opening, joining, leaving


def test_whoever_opens_an_enquiry_is_its_first_member():
    told = given(ENQUIRY, around_runs()).who("Grace").does("create-enquiry", OPENED)
    assert told.live.state.members == (person("Grace"),)


@pytest.mark.parametrize("name", ["Amina", "Ines", "Nasreen"])
def test_governors_partners_and_stewards_open_one_too(name):
    told = given(ENQUIRY, around_runs()).who(name).does("create-enquiry", OPENED)
    told.then("enquiry-created")


@pytest.mark.parametrize("name", ["Pip", "Rosa", "Zed"])
def test_pupils_parents_and_strangers_do_not(name):
    told = given(ENQUIRY, around_runs()).who(name).does("create-enquiry", OPENED)
    told.refused("NOT_PERMITTED")


def test_its_schools_are_of_the_alliance():
    told = given(ENQUIRY, around_runs()).who("Grace")
    told = told.does("create-enquiry", {**OPENED, "schools": [str(ASHLOW), who("Grace")]})
    told.refused("VALIDATION_FAILED", pointer="/schools/1")


def test_a_school_takes_part_once():
    told = given(ENQUIRY, around_runs()).who("Grace")
    told = told.does("create-enquiry", {**OPENED, "schools": [str(ASHLOW), str(ASHLOW)]})
    assert told.live.state.schools == (ASHLOW,)


@pytest.mark.parametrize("kind", ["invite-member", "name-facilitator"])
def test_nobody_from_outside_the_alliance_is_named(kind):
    told = ENQUIRING.who("Grace").does(kind, {"person": who("Zed")})
    told.refused("VALIDATION_FAILED", pointer="/person")


def test_a_facilitator_is_a_member_and_named_once():
    told = ENQUIRING.who("Grace").does("name-facilitator", {"person": who("Ines")})
    state = told.live.state
    assert state.facilitators == (person("Ines"),)
    assert state.members.count(person("Ines")) == 1


def test_others_find_no_enquiry():
    ENQUIRING.who("Tom").does("invite-member", {"person": who("Tom")}).refused("NOT_FOUND")
    assert ENQUIRING.may("Tom") == {}


def test_whoever_joins_later_reads_what_was_agreed_before():
    told = ENQUIRING.who("Grace").does("invite-member", {"person": who("Tom")})
    titles = [f["data"]["title"] for f in told.reads("Tom") if f["kind"] == "enquiry-created"]
    assert titles == ["Explaining cause and effect"]


def test_whoever_leaves_neither_facilitates_nor_reads_any_longer():
    told = ENQUIRING.who("Ines").does("leave-enquiry").then("member-left")
    assert told.live.state.facilitators == ()
    assert told.may("Ines") == {}
    assert {fact["kind"] for fact in told.reads("Ines")} == {"member-left"}


# Choosing a method


@pytest.mark.parametrize(
    "said",
    [
        *sorted(VAGUE),
        "Not sure.",
        "  not   SURE ",
        "Don\u2019t know",
        "N/A!",
        "tbc…",
        "(unsure)",
        "\uff54\uff42\uff43",
        ".",
        "  ",
    ],
)
def test_a_reason_that_says_that_nobody_knows_is_none(said):
    assert not has_reason(said)


@pytest.mark.parametrize("said", ["We are not sure, and want to see", "Because we always do it"])
def test_a_reason_is_whatever_else_is_said(said):
    assert has_reason(said)


def test_no_reason_is_none():
    assert not has_reason(None)


CHOICE = {"method": "learning-walk"}


def test_a_method_chosen_without_a_reason_is_remarked_to_the_group():
    told = ENQUIRING.who("Petra").does("choose-method", {**CHOICE, "reason": "TBC"})
    told = told.then("method-chosen", warns=["METHOD_WITHOUT_REASON"])
    (warning,) = told.live.warnings.values()
    assert (warning.severity, warning.about) == ("gate", "method-learning-walk")
    assert told.warned("Grace") == told.warned("Ines") == ["METHOD_WITHOUT_REASON"]


def test_a_method_chosen_with_a_reason_is_not():
    told = ENQUIRING.who("Petra").does("choose-method", {**CHOICE, "reason": "Many rooms"})
    assert told.then("method-chosen", warns=[]).live.state.reasoned_methods == ("learning-walk",)


def test_any_member_may_give_the_reason_later_without_choosing_anew():
    told = ENQUIRING.who("Petra").does("choose-method", CHOICE)
    told = told.does("amend-method-reason", {**CHOICE, "reason": "unsure"}).then(warns=[])
    told = told.does("amend-method-reason", {**CHOICE, "reason": "We see many rooms"})
    told = told.then("method-reason-amended", resolves=["METHOD_WITHOUT_REASON"])
    assert told.live.state.reasoned_methods == ("learning-walk",)


def test_a_reason_is_not_lost_by_choosing_again():
    told = ENQUIRING.who("Petra").does("choose-method", {**CHOICE, "reason": "Many rooms"})
    assert told.does("choose-method", CHOICE).then(warns=[]).live.state.reasons == {
        "learning-walk": True
    }


def test_a_reason_is_for_a_method_that_was_chosen():
    told = ENQUIRING.who("Petra").does("amend-method-reason", {**CHOICE, "reason": "Rooms"})
    told.refused("NOT_FOUND")


def test_choosing_is_a_decision_about_that_method():
    told = ENQUIRING.who("Petra").does("choose-method", CHOICE)
    seen = told.live.revision
    again = told.who("Grace").does("choose-method", CHOICE, if_match=seen - 2)
    again.refused("VERSION_CONFLICT")
    other = told.who("Grace").does("choose-method", {"method": "peer-triad"}, if_match=seen - 2)
    other.then("method-chosen", warns=["METHOD_WITHOUT_REASON"])


# Ethics review


def test_a_facilitator_completes_the_review():
    told = ENQUIRING.who("Ines").does("complete-ethics-review", REVIEW)
    assert told.then("ethics-review-completed").live.state.ethics_reviewed


def test_a_member_does_not():
    ENQUIRING.who("Grace").does("complete-ethics-review", REVIEW).refused("NOT_PERMITTED")


def test_each_of_the_eleven_questions_is_answered_once():
    twice = [*ANSWERS[:-1], {**ANSWERS[0], "answer": "Again"}]
    told = ENQUIRING.who("Ines").does("complete-ethics-review", {**REVIEW, "answers": twice})
    last = str(list(EthicsKey)[-1])
    told.refused("VALIDATION_FAILED", pointer="/answers", details=(last,))


@pytest.mark.parametrize("answers", [ANSWERS[:-1], [*ANSWERS, ANSWERS[0]]])
def test_there_are_eleven_answers(answers):
    told = ENQUIRING.who("Ines").does("complete-ethics-review", {**REVIEW, "answers": answers})
    told.refused("VALIDATION_FAILED", pointer="/answers")


def test_no_answer_is_blank():
    blank = [*ANSWERS[:-1], {**ANSWERS[-1], "answer": " "}]
    told = ENQUIRING.who("Ines").does("complete-ethics-review", {**REVIEW, "answers": blank})
    told.refused("VALIDATION_FAILED", pointer="/answers/10/answer")


def test_sensitive_data_needs_a_safeguard():
    sensitive = {**FLAGS, "sensitive_data_planned": True}
    told = ENQUIRING.who("Ines").does("complete-ethics-review", {**REVIEW, "flags": sensitive})
    told = told.refused("VALIDATION_FAILED", pointer="/flags/safeguard")
    safe = {**sensitive, "safeguard": "Two people hold the key"}
    told = told.does("complete-ethics-review", {**REVIEW, "flags": safe})
    told.then("ethics-review-completed")


@pytest.mark.parametrize(
    ("contacts", "pointer"),
    [
        (CONTACTS[:1], "/contacts"),
        ([*CONTACTS, {"school": str(CARRICK), "person": who("Tom")}], "/contacts/2/school"),
        ([CONTACTS[0], {**CONTACTS[1], "person": who("Zed")}], "/contacts/1/person"),
    ],
)
def test_each_school_names_who_answers_for_data_protection(contacts, pointer):
    told = ENQUIRING.who("Ines").does("complete-ethics-review", {**REVIEW, "contacts": contacts})
    told.refused("VALIDATION_FAILED", pointer=pointer)


def test_a_change_of_use_reopens_the_review():
    told = ENQUIRING.who("Ines").does("complete-ethics-review", REVIEW)
    told = told.who("Petra").does("reopen-ethics-review", {"reason": "We want to film"})
    assert not told.then("ethics-review-reopened").live.state.ethics_reviewed


def test_an_enquiry_remembers_which_run_published_what():
    received = EvidenceReceived(run=named("a run"), publication=named("a publication"))
    was = Was(named("a fact"), 5, ENQUIRING.now, person("Petra"))
    after = received.apply(ENQUIRING.live.state, was)
    assert after.evidence == {named("a publication"): named("a run")}
