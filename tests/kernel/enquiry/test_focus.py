"""The focus, and the question with its six tests."""

import pytest
from tests.kernel.enquiry.group import (
    FOCUS,
    QUESTION,
    SCHOOLS,
    adopts,
    agreed,
    launched,
    proposes,
    questioned,
    responds,
    with_tests,
)

from enquiry.kernel.enquiry.focus.state import Test
from enquiry.kernel.propositions import keys, shipped
from enquiry.testing import named


def question(**changes):
    told = proposes(launched(), "question", question={**QUESTION, **changes})
    for name in SCHOOLS:
        told = responds(told, name, "question")
    return told


def test_a_focus_says_what_about_pupils_learning_is_at_stake():
    activity = {"title": "Coaching for all staff", "data_sources": ["Staff survey"]}
    told = proposes(launched(), "focus", focus=activity)
    told.refused("FOCUS_NOT_ABOUT_LEARNING", pointer="/focus/student_learning_link")


def test_a_focus_rests_on_data():
    told = proposes(launched(), "focus", focus={**FOCUS, "data_sources": []})
    told.refused("DATA_REQUIRED", pointer="/focus/data_sources")


def test_what_research_says_is_no_focus_by_itself():
    told = proposes(
        launched(),
        "focus",
        focus={"title": "Pupil voice", "propositions": ["pupil-voice"], "data_sources": ["Survey"]},
    )
    told.refused("FOCUS_NOT_ABOUT_LEARNING", pointer="/focus/student_learning_link")


@pytest.mark.parametrize("named", [["fairness"], ["scaffolding", "scaffolding"]])
def test_a_focus_returns_to_propositions_of_the_checklist_each_once(named):
    told = proposes(launched(), "focus", focus={**FOCUS, "propositions": named})
    told.refused("VALIDATION_FAILED", pointer=f"/focus/propositions/{len(named) - 1}")


def test_the_checklist_tells_to_what_the_adopted_focus_returns():
    told = proposes(launched(), "focus", focus={**FOCUS, "propositions": ["scaffolding"]})
    assert _returned_to(told) == []
    for name in SCHOOLS:
        told = responds(told, name, "focus")
    told = adopts(told, "focus").then("decision-adopted", "focus-adopted")
    assert _returned_to(told) == ["scaffolding"]
    lists = told.view("propositions", "Petra")["lists"]
    assert [(one["key"], len(one["items"])) for one in lists] == [
        ("pedagogy", 9),
        ("professional-learning", 9),
        ("partnership", 8),
    ]


def _returned_to(told):
    lists = told.view("propositions", "Petra")["lists"]
    return [one["key"] for some in lists for one in some["items"] if one["in_focus"]]


def test_no_two_propositions_have_one_key():
    assert len(keys()) == sum(len(some.items) for some in shipped())


def test_the_same_holds_for_a_revision():
    told = proposes(launched(), "focus", focus=FOCUS).who("Grace")
    form = {"proposal": str(named("focus")), "focus": {"title": "Coaching"}}
    told.does("revise-proposal", form).refused("FOCUS_NOT_ABOUT_LEARNING")


def test_a_focus_that_is_agreed_to_is_the_groups():
    told = agreed(launched(), "focus", focus=FOCUS).then("decision-adopted", "focus-adopted")
    assert told.live.state.focused.focus == named("focus")


def test_a_focus_that_is_not_specific_enough_is_remarked():
    told = proposes(launched(), "focus", focus={**FOCUS, "specific_enough": "no"})
    told = told.then(warns=["FOCUS_TOO_BROAD"])
    for name in SCHOOLS:
        told = responds(told, name, "focus")
    told = adopts(told, "focus").then("decision-adopted", "focus-adopted")
    again = agreed(told, "focus", called="sharper", focus=FOCUS)
    again.then(resolves=["FOCUS_TOO_BROAD"])


def test_more_than_two_questions_are_too_broad():
    told = launched()
    for number in range(3):
        called = f"question {number}"
        told = proposes(told, "question", called=called, question=QUESTION)
        for name in SCHOOLS:
            told = responds(told, name, called)
        told = adopts(with_tests(told, called), called)
    told.then(warns=["FOCUS_TOO_BROAD"])


def test_a_question_is_adopted_when_its_six_tests_are_answered():
    told = question()
    missing = tuple({"test": str(test)} for test in Test)
    told = adopts(told, "question").refused("QUESTION_TEST_UNANSWERED", details=missing)
    adopts(with_tests(told), "question").then("decision-adopted", "question-adopted", warns=[])


def test_one_unanswered_test_is_enough_to_wait():
    tests = [{"test": test, "verdict": "yes"} for test in list(Test)[1:]]
    form = {"proposal": str(named("question")), "tests": tests}
    told = question().who("Petra").does("answer-question-tests", form)
    told = adopts(told, "question")
    told.refused("QUESTION_TEST_UNANSWERED", details=({"test": "data_informed"},))


def test_a_question_that_data_does_not_inform_is_not_adopted():
    told = adopts(with_tests(question(), data_informed="no"), "question")
    told.refused("QUESTION_NOT_DATA_INFORMED")
    told = adopts(with_tests(question(data_used=[])), "question")
    told.refused("QUESTION_NOT_DATA_INFORMED")


@pytest.mark.parametrize("test", list(Test)[1:])
def test_each_other_test_that_fails_is_remarked_and_blocks_the_gate(test):
    told = questioned(launched(), **{test: "no"})
    told = told.then(warns=["QUESTION_TEST_FAILED"])
    (warning,) = told.live.warnings.values()
    assert (warning.severity, warning.params) == ("gate", {"test": test})
    with_tests(told).then(resolves=["QUESTION_TEST_FAILED"])


def test_a_test_that_holds_partly_is_no_failure():
    questioned(launched(), specific="partly").then(warns=[])


def test_tests_are_those_of_a_question():
    told = with_tests(proposes(launched(), "focus", focus=FOCUS), "focus")
    told.refused("NOT_FOUND")
