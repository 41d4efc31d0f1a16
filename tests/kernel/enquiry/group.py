"""Three schools that enquire together, and how far they have come."""

from typing import Any

from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, around_runs, who

from enquiry.kernel.enquiry.ethics.forms import EthicsKey
from enquiry.kernel.enquiry.focus.state import Test
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.testing import Story, given, named

SCHOOLS = {"Judith": ASHLOW, "Petra": BECK_ROAD, "Hamish": CARRICK}
"""Who responds for which school. Grace and Tom are members, too; Ines facilitates."""
MEMBERS = ("Judith", "Grace", "Petra", "Tom", "Hamish")
OPENED = {
    "title": "Explaining cause and effect",
    "schools": [str(ASHLOW), str(BECK_ROAD), str(CARRICK)],
}
NORMS = {
    "items": [
        {"principle": "rotating_lead", "text": "Another of us leads each meeting"},
        {"principle": "confidentiality", "text": "What is said here stays here"},
    ]
}
FOCUS = {
    "title": "Explaining cause and effect",
    "student_learning_link": "Pupils name a result but not why it follows",
    "data_sources": ["Reading tests 2026", "Science baseline"],
}
QUESTION = {
    "wording": "Does spoken rehearsal raise the share of full explanations?",
    "data_used": ["Reading tests 2026"],
}
CHOICE = {"method": "learning-walk", "purpose": "explore", "reason": "Many rooms in a morning"}
TRIED = [{"school": str(ASHLOW), "used": "tried"}]
STRATEGY = {"title": "Say it before you write it", "distance": "near", "extent": "minor"}
ANSWERS = [{"key": key, "answer": f"About {key}"} for key in EthicsKey]
FLAGS = {
    "sensitive_data_planned": False,
    "parental_consent_needed": False,
    "external_dissemination": False,
    "research_only_activities": False,
}
CONTACTS = [{"school": str(school), "person": who(name)} for name, school in SCHOOLS.items()]
REVIEW = {"answers": ANSWERS, "flags": FLAGS, "contacts": CONTACTS}


def opened() -> Story:
    """Grace has opened it, and asked the others; nobody has answered."""
    told = given(ENQUIRY, around_runs(), "2026-09-14 10:00").who("Grace")
    told = told.does("create-enquiry", OPENED).does("name-facilitator", {"person": who("Ines")})
    for name in MEMBERS:
        if name != "Grace":
            told = told.does("invite-member", {"person": who(name)})
    return told


def gathered() -> Story:
    """Everybody has joined, and each school has somebody who responds for it."""
    told = opened()
    for name in MEMBERS:
        if name != "Grace":
            told = told.who(name).does("accept-invitation")
    for name, school in SCHOOLS.items():
        told = told.who("Ines").does(
            "name-decision-rep", {"school": str(school), "person": who(name)}
        )
    return told


def launched() -> Story:
    """The first phase has begun."""
    return gathered().who("Ines").does("launch-enquiry").then()


def proposes(
    told: Story, kind: str, name: str = "Grace", called: str | None = None, **content: Any
) -> Story:
    """Somebody proposes something; it is called like its kind, unless said otherwise."""
    form = {"kind": kind, **content}
    return told.who(name).does("propose-decision", form, called=called or kind)


def responds(
    told: Story, name: str, proposal: str, answer: str = "agree", version: int = 1, **more: Any
) -> Story:
    """Somebody responds to a version of a proposal."""
    form = {"proposal": str(named(proposal)), "version": version, "answer": answer, **more}
    return told.who(name).does("respond-to-proposal", form)


def adopts(told: Story, proposal: str, name: str = "Ines") -> Story:
    """Somebody says that it is agreed."""
    return told.who(name).does("adopt-proposal", {"proposal": str(named(proposal))})


def agreed(told: Story, kind: str, called: str | None = None, **content: Any) -> Story:
    """Proposed, agreed to by every school, adopted."""
    told = proposes(told, kind, called=called, **content)
    for name in SCHOOLS:
        told = responds(told, name, called or kind)
    return adopts(told, called or kind)


def with_tests(told: Story, proposal: str = "question", **verdicts: str) -> Story:
    """The six tests of a question are answered: yes, unless said otherwise."""
    tests = [{"test": test, "verdict": verdicts.get(test, "yes")} for test in Test]
    form = {"proposal": str(named(proposal)), "tests": tests}
    return told.who("Petra").does("answer-question-tests", form)


def normed(told: Story) -> Story:
    """The norms are proposed, and each representative has adopted them."""
    told = told.who("Judith").does("propose-norms", NORMS)
    for name in SCHOOLS:
        told = told.who(name).does("adopt-norms", {"version": 1})
    return told


def questioned(told: Story, **verdicts: str) -> Story:
    """A focus and a question are adopted."""
    told = agreed(told, "focus", focus=FOCUS)
    told = proposes(told, "question", question=QUESTION)
    for name in SCHOOLS:
        told = responds(told, name, "question")
    return adopts(with_tests(told, **verdicts), "question")


def reviewed(told: Story) -> Story:
    """The ethics review is complete."""
    return told.who("Ines").does("complete-ethics-review", REVIEW)


def prepared(told: Story | None = None) -> Story:
    """Everything before the first gate that these parts know of is done."""
    told = reviewed(questioned(normed(told or launched())))
    told = agreed(told, "method_choice", method_choice=CHOICE, experience=TRIED)
    return agreed(told, "strategy", strategy=STRATEGY)
