"""Surveys within an enquiry: who opens them, and after what."""

import pytest
from tests.kernel.enquiry.group import gathered, reviewed
from tests.kernel.valley import who

from enquiry.testing import named

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
