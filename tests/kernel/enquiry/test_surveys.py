"""Surveys within an enquiry: who opens them, and after what."""

import pytest
from tests.kernel.enquiry.group import REVIEW, gathered, reviewed
from tests.kernel.valley import who

from enquiry.testing import named, person

ENQUIRING = gathered()
PULSE = {"instrument": "trust-pulse", "anonymous": True, "closes_on": "2026-10-01"}
FITS = {"answers": [{"item": "gain", "value": 4}]}


@pytest.mark.parametrize("name", ["Ines", "Petra"])
def test_a_facilitator_or_a_representative_opens_a_survey(name):
    told = reviewed(ENQUIRING).who(name).does("open-survey", PULSE).then("survey-opened")
    (survey,) = told.live.state.surveys.values()
    assert len(survey.audience) == 6


def test_another_member_does_not():
    reviewed(ENQUIRING).who("Grace").does("open-survey", PULSE).refused("NOT_PERMITTED")


def test_no_survey_is_opened_before_the_ethics_review():
    ENQUIRING.who("Ines").does("open-survey", PULSE).refused("ETHICS_REVIEW_REQUIRED")


def test_no_survey_is_opened_while_the_ethics_review_is_open_again():
    told = reviewed(ENQUIRING).who("Ines")
    told = told.does("reopen-ethics-review", {"reason": "We want to film"})
    told.does("open-survey", PULSE).refused("ETHICS_REVIEW_REQUIRED")


def test_every_member_answers_and_nothing_of_it_is_in_the_fact():
    told = reviewed(ENQUIRING).who("Ines").does("open-survey", PULSE, called="pulse")
    form = {"survey": str(named("pulse")), **FITS}
    told = told.who("Grace").does("submit-survey", form).then("survey-response-submitted")
    assert told.live.state.surveys[named("pulse")].responses == ()
    told.does("submit-survey", form).refused("WRONG_STAGE")


def test_somebody_of_the_school_who_is_no_member_is_not_asked():
    form = {**PULSE, "audience": [who("Kelly")]}
    told = reviewed(ENQUIRING).who("Ines").does("open-survey", form)
    told.refused("VALIDATION_FAILED", pointer="/audience")


def owned(*owners):
    """The ethics review names who reads what is written freely."""
    form = {**REVIEW, "survey_owners": [who(name) for name in owners]}
    return ENQUIRING.who("Ines").does("complete-ethics-review", form)


def test_the_ethics_review_names_who_reads_what_is_written_freely():
    told = owned("Petra").who("Ines").does("open-survey", PULSE, called="pulse")
    assert told.live.state.surveys[named("pulse")].owner == person("Petra")
    assert told.view("ethics", "Grace")["survey_owners"] == [who("Petra")]


def test_nobody_else_reads_it_and_nobody_else_closes_the_survey():
    told = owned("Petra").who("Ines").does("open-survey", {**PULSE, "owner": who("Ines")})
    told = told.refused("VALIDATION_FAILED", pointer="/owner")
    told = told.does("open-survey", {**PULSE, "owner": who("Petra")}, called="pulse")
    told = told.does("close-survey", {"survey": str(named("pulse"))}).refused("NOT_PERMITTED")
    told.who("Petra").does("close-survey", {"survey": str(named("pulse"))}).then("survey-closed")


def test_whoever_opens_it_reads_it_where_the_review_names_them_or_nobody():
    for told in (owned("Petra", "Ines"), owned()):
        told = told.who("Ines").does("open-survey", PULSE, called="pulse")
        assert told.live.state.surveys[named("pulse")].owner == person("Ines")


def test_only_who_opens_and_closes_surveys_is_named_to_read_them():
    form = {**REVIEW, "survey_owners": [who("Petra"), who("Grace")]}
    told = ENQUIRING.who("Ines").does("complete-ethics-review", form)
    told.refused("VALIDATION_FAILED", pointer="/survey_owners/1")
