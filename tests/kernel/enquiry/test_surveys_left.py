"""A survey whose owner has left or lost their role: who closes it, and who reads its comments."""

import pytest
from tests.kernel.enquiry.group import REVIEW, gathered, reviewed
from tests.kernel.valley import BECK_ROAD, who

from enquiry.kernel.surveys.forms import SurveyClosed
from enquiry.testing import named, person

PULSE = {"instrument": "trust-pulse", "anonymous": True, "closes_on": "2026-10-01"}
THIS = {"survey": str(named("pulse"))}


def owned(*owners):
    """The ethics review names who reads; the first of them owns a survey."""
    form = {**REVIEW, "survey_owners": [who(name) for name in owners]}
    told = gathered().who("Ines").does("complete-ethics-review", form)
    return told.does("open-survey", {**PULSE, "owner": who(owners[0])}, called="pulse")


def leaves(told, name="Petra"):
    return told.who(name).does("leave-enquiry")


def commented(told):
    """Words came out of the box: they are recorded by whoever closes."""
    said = told.live.state.surveys[named("pulse")].but(comments=("We talk too little",))
    return told.live.state.with_survey(named("pulse"), said)


def reads(told, name):
    """Whether somebody is shown what was written freely."""
    told = told.settled()
    live = told.stream.live
    changed = told.but(stream=told.stream.but(live=live.but(state=commented(told))))
    (shown,) = changed.view("surveys", name)["surveys"]
    return shown["comments"] != []


def test_whoever_else_the_review_names_closes_it_and_that_is_on_record():
    told = leaves(owned("Petra", "Hamish")).who("Hamish").does("close-survey", THIS)
    told = told.then(SurveyClosed(survey=named("pulse"), owner=person("Hamish")))
    assert told.live.state.surveys[named("pulse")].owner == person("Hamish")
    assert (reads(told, "Hamish"), reads(told, "Ines")) == (True, False)


def test_a_facilitator_does_not_where_the_review_names_somebody_else():
    told = leaves(owned("Petra", "Hamish"))
    told.who("Ines").does("close-survey", THIS).refused("NOT_PERMITTED")


def test_a_facilitator_does_where_the_review_names_nobody_else():
    told = leaves(owned("Petra"))
    told.who("Hamish").does("close-survey", THIS).refused("NOT_PERMITTED")
    told = told.who("Ines").does("close-survey", THIS).then("survey-closed")
    assert told.live.state.surveys[named("pulse")].owner == person("Ines")
    assert reads(told, "Ines")


def test_a_facilitator_does_after_somebody_who_only_opened_it():
    told = reviewed(gathered()).who("Petra").does("open-survey", PULSE, called="pulse")
    told.who("Ines").does("close-survey", THIS).refused("NOT_PERMITTED")
    leaves(told).who("Ines").does("close-survey", THIS).then("survey-closed")


def test_whoever_no_longer_responds_for_a_school_has_lost_the_role():
    told = owned("Petra", "Hamish").who("Grace").does("invite-member", {"person": who("Kelly")})
    told = told.who("Kelly").does("accept-invitation")
    other = {"school": str(BECK_ROAD), "person": who("Kelly")}
    told = told.who("Ines").does("name-decision-rep", other)
    told.who("Petra").does("close-survey", THIS).refused("NOT_PERMITTED")
    told.who("Hamish").does("close-survey", THIS).then("survey-closed")


def test_an_owner_who_closes_it_hands_over_nothing():
    told = owned("Petra", "Hamish").who("Petra").does("close-survey", THIS)
    told = told.then(SurveyClosed(survey=named("pulse")))
    assert (reads(told, "Petra"), reads(told, "Hamish")) == (True, False)


@pytest.mark.parametrize(
    ("owners", "follows"), [(("Petra", "Hamish"), "Hamish"), (("Petra",), "Ines")]
)
def test_what_was_written_is_still_read_after_its_owner_has_left(owners, follows):
    told = owned(*owners).who("Petra").does("close-survey", THIS)
    assert not reads(told, follows)
    told = leaves(told)
    assert [name for name in ("Hamish", "Ines", "Grace") if reads(told, name)] == [follows]


def test_nobody_who_has_left_is_given_a_new_survey_to_read():
    told = leaves(owned("Petra", "Hamish")).who("Ines").does("open-survey", PULSE, called="next")
    assert told.live.state.surveys[named("next")].owner == person("Hamish")


def test_what_was_signed_stays_with_the_one_to_whom_it_was_given():
    told = reviewed(gathered()).who("Petra")
    signed = {**PULSE, "instrument": "jpd-health-check", "anonymous": False}
    told = told.does("open-survey", signed, called="pulse")
    told = leaves(told).who("Ines").does("close-survey", THIS).then("survey-closed")
    assert not reads(told, "Ines")
