"""How agreement works: versions, responses, decision rules, and who never decides."""

import pytest
from tests.kernel.enquiry.group import (
    CHOICE,
    FOCUS,
    MEMBERS,
    SCHOOLS,
    adopts,
    agreed,
    launched,
    proposes,
    responds,
)
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, around_runs, who

from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.testing import given, named

STATED = {"statement": "Plan the talk before the writing"}


def proposed():
    return proposes(launched(), "recommendation", **STATED).then("decision-proposed")


def revises(told, name="Grace", **more):
    form = {"proposal": str(named("recommendation")), "statement": "Plan talk first"}
    return told.who(name).does("revise-proposal", form, **more)


def test_what_every_school_can_live_with_is_adopted():
    told = responds(proposed(), "Judith", "recommendation")
    told = responds(told, "Petra", "recommendation", "can_live_with")
    told = responds(told, "Hamish", "recommendation")
    told = adopts(told, "recommendation", "Tom").then("decision-adopted")
    (shown,) = told.view("decisions", "Grace")["proposals"]
    assert (shown["status"], shown["content"]) == ("adopted", STATED)
    assert [said["answer"] for said in shown["responses"]] == ["agree", "can_live_with", "agree"]


def test_a_school_that_has_not_responded_or_objects_is_not_passed_over():
    told = responds(proposed(), "Judith", "recommendation")
    told = responds(told, "Petra", "recommendation", "object", note="Too early for us")
    told = adopts(told, "recommendation")
    missing = (
        {"school": str(BECK_ROAD), "answer": "object"},
        {"school": str(CARRICK), "answer": None},
    )
    told.refused("NOT_ALL_AGREED", details=missing)


def test_an_objection_says_what_stands_against_it():
    told = responds(proposed(), "Petra", "recommendation", "object")
    told.refused("VALIDATION_FAILED", pointer="/note")


def test_facilitators_and_critical_friends_never_decide():
    responds(proposed(), "Ines", "recommendation").refused("FACILITATOR_CANNOT_DECIDE")
    told = proposed().who("Grace").does("name-critical-friend", {"person": who("Amina")})
    responds(told, "Amina", "recommendation").refused("FACILITATOR_CANNOT_DECIDE")


def test_an_internal_facilitator_responds_only_as_the_representative():
    told = proposed().who("Ines").does("name-facilitator", {"person": who("Tom")})
    told = responds(told, "Tom", "recommendation").refused("FACILITATOR_CANNOT_DECIDE")
    told = told.who("Ines").does("name-facilitator", {"person": who("Petra")})
    responds(told, "Petra", "recommendation").then("proposal-responded")


def test_a_critical_friend_never_responds_not_even_as_the_representative():
    told = proposed().who("Ines").does("name-critical-friend", {"person": who("Petra")})
    responds(told, "Petra", "recommendation").refused("FACILITATOR_CANNOT_DECIDE")


def test_other_members_are_not_the_voice_of_a_school():
    responds(proposed(), "Grace", "recommendation").refused("NOT_PERMITTED")


def test_a_deputy_responds_in_place_of_the_representative():
    form = {"school": str(BECK_ROAD), "person": who("Tom"), "deputy": True}
    told = proposed().who("Ines").does("name-decision-rep", form)
    responds(told, "Tom", "recommendation").then("proposal-responded")


def test_a_revision_clears_every_response():
    told = proposed()
    for name in SCHOOLS:
        told = responds(told, name, "recommendation")
    told = revises(told).then("proposal-revised")
    adopts(told, "recommendation").refused("NOT_ALL_AGREED")


def test_nobody_responds_to_a_version_that_no_longer_stands():
    told = responds(revises(proposed()), "Hamish", "recommendation", version=1)
    told = told.refused("PROPOSAL_SUPERSEDED")
    responds(told, "Hamish", "recommendation", version=2).then("proposal-responded")


def test_of_two_who_revise_at_the_same_time_the_second_looks_again():
    told = proposed()
    seen = told.live.revision
    told = revises(told).then("proposal-revised")
    revises(told, "Petra", if_match=seen).refused("VERSION_CONFLICT")


def test_what_was_adopted_or_withdrawn_is_not_decided_again():
    told = agreed(launched(), "recommendation", **STATED)
    adopts(told, "recommendation").refused("WRONG_STAGE")
    told = (
        proposed()
        .who("Grace")
        .does("withdraw-proposal", {"proposal": str(named("recommendation"))})
    )
    told = told.then("proposal-withdrawn")
    responds(told, "Petra", "recommendation").refused("WRONG_STAGE")


def test_only_whoever_proposed_it_or_a_facilitator_withdraws():
    form = {"proposal": str(named("recommendation"))}
    proposed().who("Petra").does("withdraw-proposal", form).refused("NOT_PERMITTED")
    proposed().who("Ines").does("withdraw-proposal", form).then("proposal-withdrawn")


def test_a_proposal_holds_what_its_kind_needs_and_nothing_else():
    told = proposes(launched(), "recommendation")
    told = told.refused("VALIDATION_FAILED", pointer="/statement")
    told = proposes(told, "recommendation", **STATED, focus=FOCUS)
    told.refused("VALIDATION_FAILED", pointer="/focus")


def test_what_was_never_proposed_is_not_there():
    responds(launched(), "Petra", "nothing").refused("NOT_FOUND")
    adopts(launched(), "nothing").refused("NOT_FOUND")


def test_a_majority_of_schools_is_enough_where_that_is_the_rule():
    told = agreed(launched(), "policy_change", decision_rule="majority_by_school")
    told = told.then("decision-adopted", "policy-changed")
    told = proposes(told, "recommendation", **STATED)
    told = responds(told, "Judith", "recommendation")
    told = adopts(told, "recommendation").refused("NOT_ALL_AGREED")
    told = responds(told, "Petra", "recommendation")
    adopts(told, "recommendation").then("decision-adopted")


def test_within_one_school_each_member_responds_but_the_facilitator():
    told = given(ENQUIRY, around_runs()).who("Grace")
    told = told.does("create-enquiry", {"title": "Ours", "schools": [str(ASHLOW)]})
    told = told.does("invite-member", {"person": who("Judith")}).who("Judith")
    told = told.does("accept-invitation").does("name-facilitator", {"person": who("Ines")})
    told = proposes(told.does("launch-enquiry"), "recommendation", **STATED)
    responds(told, "Ines", "recommendation").refused("FACILITATOR_CANNOT_DECIDE")
    told = responds(told, "Grace", "recommendation")
    told = adopts(told, "recommendation")
    told = told.refused("NOT_ALL_AGREED", details=({"person": who("Judith"), "answer": None},))
    told = responds(told, "Judith", "recommendation")
    adopts(told, "recommendation").then("decision-adopted")


@pytest.mark.parametrize("name", MEMBERS)
def test_every_member_reads_the_register_with_its_responses(name):
    told = responds(proposed(), "Petra", "recommendation", "object", note="Too early for us")
    (shown,) = told.view("decisions", name)["proposals"]
    assert shown["responses"][0]["note"] == "Too early for us"


def test_a_critical_friend_reads_what_was_decided():
    told = proposed().who("Grace").does("name-critical-friend", {"person": who("Amina")})
    assert told.view("decisions", "Amina")["proposals"][0]["content"] == STATED


def test_an_adopted_choice_does_not_wait_for_a_policy_of_its_own():
    told = agreed(launched(), "method_choice", method_choice=CHOICE)
    assert told.live.state.choices[0].method == "learning-walk"
