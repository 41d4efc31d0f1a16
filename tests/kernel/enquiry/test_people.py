"""Who takes part in an enquiry, who speaks for a school, and who is nobody here."""

import pytest
from tests.kernel.enquiry.group import MEMBERS, OPENED, gathered, opened
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, around_runs, who

from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.kernel.enquiry.received import EvidenceReceived
from enquiry.method.entry import Was
from enquiry.testing import given, named, person


def opening(name, **changes):
    return given(ENQUIRY, around_runs()).who(name).does("create-enquiry", {**OPENED, **changes})


def test_whoever_opens_an_enquiry_is_its_first_member():
    assert opening("Grace").live.state.members == (person("Grace"),)


@pytest.mark.parametrize("name", ["Amina", "Ines", "Nasreen"])
def test_governors_partners_and_stewards_open_one_too(name):
    opening(name).then("enquiry-created")


@pytest.mark.parametrize("name", ["Pip", "Rosa", "Zed"])
def test_pupils_parents_and_strangers_do_not(name):
    opening(name).refused("NOT_PERMITTED")


def test_its_schools_are_of_the_alliance():
    told = opening("Grace", schools=[str(ASHLOW), who("Grace")])
    told.refused("VALIDATION_FAILED", pointer="/schools/1")


def test_a_school_takes_part_once():
    told = opening("Grace", schools=[str(ASHLOW), str(ASHLOW)])
    assert told.live.state.schools == (ASHLOW,)


def test_one_school_enquires_alone_and_its_members_agree():
    state = opening("Grace", schools=[str(ASHLOW)]).live.state
    assert (state.scope, state.agreement.rule) == ("school", "unanimous_by_member")
    told = opening("Grace", scope="school")
    told.refused("VALIDATION_FAILED", pointer="/scope")


@pytest.mark.parametrize("kind", ["invite-member", "name-facilitator", "name-critical-friend"])
def test_nobody_from_outside_the_alliance_is_named(kind):
    told = gathered().who("Ines").does(kind, {"person": who("Zed")})
    told.refused("VALIDATION_FAILED", pointer="/person")


def test_a_facilitator_is_a_member_and_named_once():
    told = gathered().who("Ines").does("name-facilitator", {"person": who("Ines")})
    state = told.live.state
    assert state.facilitators == (person("Ines"),)
    assert state.members.count(person("Ines")) == 1


def names_facilitator(told, name, other):
    return told.who(name).does("name-facilitator", {"person": who(other)})


def test_any_member_names_the_first_facilitator():
    names_facilitator(opening("Grace"), "Grace", "Tom").then("facilitator-named")


def test_nobody_makes_themselves_a_facilitator_beside_those_there_are():
    names_facilitator(gathered(), "Grace", "Grace").refused("NOT_PERMITTED")
    names_facilitator(gathered(), "Petra", "Grace").refused("NOT_PERMITTED")


def test_a_leader_names_a_facilitator_of_their_own_school_only():
    told = names_facilitator(gathered(), "Judith", "Petra").refused("NOT_PERMITTED")
    names_facilitator(told, "Judith", "Grace").then("facilitator-named")


def test_whoever_is_invited_joins_or_declines_without_a_reason():
    told = opened().who("Tom").does("decline-invitation").then("member-declined")
    assert person("Tom") not in told.live.state.members
    told = told.who("Petra").does("accept-invitation").then("member-joined")
    assert person("Petra") in told.live.state.members
    told.who("Kelly").does("accept-invitation").refused("NOT_FOUND")


def test_whoever_declines_was_for_the_others_never_asked():
    told = opened().who("Tom").does("decline-invitation").who("Petra").does("accept-invitation")
    asked = [f["data"]["person"] for f in told.reads("Petra") if f["kind"] == "member-invited"]
    assert asked == [who("Petra")]
    assert "member-declined" not in {f["kind"] for f in told.reads("Petra")}


def test_others_find_no_enquiry():
    told = gathered().who("Kelly").does("invite-member", {"person": who("Kelly")})
    told.refused("NOT_FOUND")
    assert gathered().may("Kelly") == {}


def test_whoever_joins_later_reads_what_was_agreed_before():
    titles = [f["data"]["title"] for f in gathered().reads("Tom") if f["kind"] == "enquiry-created"]
    assert titles == ["Explaining cause and effect"]


def test_whoever_leaves_neither_facilitates_nor_responds_nor_reads_any_longer():
    told = gathered().who("Ines").does("leave-enquiry").then("member-left")
    assert told.live.state.facilitators == ()
    assert [kind for kind, action in told.may("Ines").items() if action.allowed] == [
        "withdraw-consent"
    ]
    told = told.who("Petra").does("leave-enquiry")
    assert BECK_ROAD not in told.live.state.representatives


def test_an_enquiry_that_everybody_has_left_is_taken_over_by_a_steward():
    told = gathered().who("Nasreen").does("take-over-enquiry").refused("NOT_FOUND")
    for name in (*MEMBERS, "Ines"):
        told = told.who(name).does("leave-enquiry")
    told.who("Amina").does("take-over-enquiry").refused("NOT_FOUND")
    told = told.who("Nasreen").does("take-over-enquiry").then("enquiry-taken-over")
    told.does("abandon-enquiry", {"reason": "Nobody is left"}).then("enquiry-abandoned")


# Speaking for a school


def names(told, name, school, speaker, **more):
    form = {"school": str(school), "person": who(speaker), **more}
    return told.who(name).does("name-decision-rep", form)


def test_a_leader_names_who_responds_for_their_school():
    told = names(gathered(), "Tom", BECK_ROAD, "Tom").then("decision-rep-named")
    assert told.live.state.representatives[BECK_ROAD] == person("Tom")


def test_nobody_else_does_nor_does_a_leader_for_another_school():
    names(gathered(), "Grace", ASHLOW, "Grace").refused("NOT_PERMITTED")
    names(gathered(), "Tom", ASHLOW, "Grace").refused("NOT_PERMITTED")


def test_whoever_responds_for_a_school_is_a_member_who_works_there():
    told = names(gathered(), "Ines", BECK_ROAD, "Grace")
    told.refused("VALIDATION_FAILED", pointer="/person")
    told = names(gathered(), "Ines", BECK_ROAD, "Kelly")
    told.refused("VALIDATION_FAILED", pointer="/person")


def test_a_representative_may_have_a_deputy():
    told = names(gathered(), "Ines", BECK_ROAD, "Tom", deputy=True)
    state = told.live.state
    assert (state.representatives[BECK_ROAD], state.deputies[BECK_ROAD]) == (
        person("Petra"),
        person("Tom"),
    )
    assert state.speaks_for(person("Tom")) == (BECK_ROAD,)


def test_a_school_that_does_not_take_part_has_nobody_to_respond():
    told = opened().who("Ines")
    form = {"school": who("Grace"), "person": who("Grace")}
    told.does("name-decision-rep", form).refused("VALIDATION_FAILED", pointer="/school")


def test_a_school_joins_later_by_its_leader_or_a_facilitator():
    told = opening("Judith", schools=[str(ASHLOW), str(BECK_ROAD)])
    told = told.does("add-school", {"school": str(CARRICK)}).refused("NOT_PERMITTED")
    told = told.does("name-facilitator", {"person": who("Ines")}).who("Ines")
    told = told.does("add-school", {"school": str(CARRICK)}).then("school-joined")
    assert CARRICK in told.live.state.schools


def test_an_enquiry_remembers_which_run_published_what():
    told = gathered()
    received = EvidenceReceived(run=named("a run"), publication=named("a publication"))
    was = Was(named("a fact"), 5, told.now, person("Petra"))
    after = received.apply(told.live.state, was)
    assert after.evidence == {named("a publication"): named("a run")}
