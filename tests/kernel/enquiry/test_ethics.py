"""The ethics review: eleven answers, contacts, and what reopens it."""

import pytest
from tests.kernel.enquiry.group import ANSWERS, CONTACTS, FLAGS, REVIEW, brings, gathered
from tests.kernel.valley import who

from enquiry.kernel.enquiry.ethics.forms import EthicsKey

ENQUIRING = gathered()


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
        (CONTACTS[:2], "/contacts"),
        ([*CONTACTS, {"school": who("Tom"), "person": who("Tom")}], "/contacts/3/school"),
        ([CONTACTS[0], {**CONTACTS[1], "person": who("Zed")}, CONTACTS[2]], "/contacts/1/person"),
    ],
)
def test_each_school_names_who_answers_for_data_protection(contacts, pointer):
    told = ENQUIRING.who("Ines").does("complete-ethics-review", {**REVIEW, "contacts": contacts})
    told.refused("VALIDATION_FAILED", pointer=pointer)


def test_a_member_who_neither_facilitates_nor_represents_does_not_reopen_it():
    form = {"reason": "We want to film"}
    told = gathered().who("Ines").does("complete-ethics-review", REVIEW)
    told = told.who("Grace").does("reopen-ethics-review", form)
    told.refused("NOT_PERMITTED")


def test_a_change_of_use_reopens_the_review():
    told = ENQUIRING.who("Ines").does("complete-ethics-review", REVIEW)
    told = told.who("Petra").does("reopen-ethics-review", {"reason": "We want to film"})
    assert not told.then("ethics-review-reopened").live.state.ethics_reviewed


def test_while_a_change_of_use_is_reviewed_nothing_of_that_kind_is_brought():
    told = ENQUIRING.who("Ines").does("launch-enquiry").does("complete-ethics-review", REVIEW)
    own = {"identifiability": "identifiable", "subject": who("Petra")}
    reopened = {"reason": "We want to film", "affects": ["identifiable"]}
    told = told.who("Petra").does("reopen-ethics-review", reopened)
    told = brings(told, "Petra", **own).refused("ETHICS_REVIEW_REQUIRED")
    told = brings(told, "Petra", called="other").then("evidence-added")
    told = told.who("Ines").does("complete-ethics-review", REVIEW)
    brings(told, "Petra", **own).then("evidence-added")
