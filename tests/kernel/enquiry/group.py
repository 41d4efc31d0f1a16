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


MEASURE = {
    "name": "Share of full explanations",
    "level": "student",
    "kind": "proportion",
    "unit": "%",
    "population": "Year 6 and Year 7",
    "population_size": 214,
    "target": 60,
    "recognise": "Because is followed by a cause",
    "data_needed": "The task, marked by two",
    "exists": "The task is to be set",
    "method_and_why": "Work samples: they show the reasoning",
    "appropriate": "It is ordinary practice",
}


def measured(told: Story, baseline: float | None = 41, **changes: Any) -> Story:
    """A measure is defined, with a baseline of 8 October."""
    told = told.who("Grace").does("define-measure", {**MEASURE, **changes}, called="measure")
    if baseline is None:
        return told
    form = {"measure": str(named("measure")), "on": "2026-10-08", "value": baseline}
    return told.does("record-baseline", form, called="baseline")


def trying(told: Story | None = None) -> Story:
    """The first gate is behind them, and each school tries the strategy."""
    told = (told or prepared()).who("Ines").does("advance-phase", {"to": "innovation"})
    return tries(told)


def tries(told: Story, number: int = 1) -> Story:
    """Each school begins a trial; it is called like the school's voice and the trial cycle."""
    for name, school in SCHOOLS.items():
        form = {
            "strategy": str(named("strategy")),
            "school": str(school),
            "begins": f"2026-11-{number + 2:02}",
        }
        told = told.who(name).does("start-trial", form, called=f"trial {name} {number}")
    return told


def reports(told: Story, name: str, status: str = "deployed", number: int = 1) -> Story:
    """A school says how far it has come."""
    form = {"trial": str(named(f"trial {name} {number}")), "status": status}
    if status != "deployed":
        form["reason"] = "Two weeks of supply teaching"
    return told.who(name).does("report-trial-status", form)


def accounts(told: Story, name: str, number: int = 1) -> Story:
    """Somebody tells what they did and experienced."""
    form = {
        "trial": str(named(f"trial {name} {number}")),
        "what_i_did": "We rehearsed aloud on Tuesdays",
        "what_i_experienced": "They began to ask each other why",
    }
    return told.who(name).does("submit-account", form, called=f"account {name} {number}")


SYNTHESIS = {
    "patterns": ["More pupils say why"],
    "themes": ["Talk before writing"],
    "prompts": {
        "evidence_tells": "Talk helps",
        "adjustment_needed": "Partners first",
        "fits_expectation": "Mostly",
        "shared_view_reached": "yes",
        "way_forward_agreed": "yes",
    },
}


def reads(told: Story, outlook: str = "retrial_refined", number: int = 1) -> Story:
    """The group's joint reading, closed."""
    form = {"trial_cycle": number, **SYNTHESIS, "decision": outlook}
    told = told.who("Grace").does("record-synthesis", form)
    return told.does("close-synthesis", {"trial_cycle": number})


def completes(told: Story, number: int = 1) -> Story:
    """A trial cycle is over."""
    return told.who("Ines").does("complete-trial-cycle", {"trial_cycle": number})


def cycled(told: Story | None = None, outlook: str = "retrial_refined", number: int = 1) -> Story:
    """A whole trial cycle in which every school deployed the strategy."""
    told = told or trying()
    for name in SCHOOLS:
        told = accounts(reports(told, name, number=number), name, number)
    return completes(reads(told, outlook, number), number)


EVIDENCE = {
    "level": "student",
    "type": "pre_post_test",
    "collection_method": "work_sample",
    "respondents": "pupils",
    "collected_on": "2027-01-21",
    "text": "Nine of twelve name a cause",
}


def brings(told: Story, name: str = "Grace", called: str = "evidence", **changes: Any) -> Story:
    """Somebody adds a piece of evidence."""
    return told.who(name).does("add-evidence", {**EVIDENCE, **changes}, called=called)


def claims(told: Story, *evidence: str, called: str = "claim", **changes: Any) -> Story:
    """Somebody claims an effect."""
    form = {
        "level": "student",
        "statement": "More pupils explain fully",
        "direction": "positive",
        "evidence": [str(named(one)) for one in evidence],
    }
    return told.who("Grace").does("draft-impact-claim", {**form, **changes}, called=called)


def answers(told: Story, called: str = "claim", **verdicts: str) -> Story:
    """The three tests of a claim are answered: yes, unless said otherwise."""
    tests = dict.fromkeys(("validity", "triangulation", "reliability"), "yes")
    form = {"claim": str(named(called)), **tests, **verdicts}
    return told.who("Grace").does("answer-impact-tests", form)


def rows(told: Story, name: str, form: str = "implementation", **cells: Any) -> Story:
    """A school fills in its row of an overview."""
    row = {"form": form, "school": str(SCHOOLS[name]), **cells}
    return told.who(name).does("record-overview-row", row)


def impacted() -> Story:
    """Two trial cycles with data, an overview with next steps: the impact is being judged."""
    told = cycled()
    refine = {"strategy": str(named("strategy")), "change": "Partners first"}
    told = brings(tries(told.who("Petra").does("refine-strategy", refine), 2))
    told = cycled(told, "ready_for_impact", 2)
    told = rows(told, "Petra", "innovation", school_feedback="Works with partners")
    told = agreed(told, "next_steps", called="steps", steps=[{"text": "Read again in March"}])
    return told.who("Ines").does("advance-phase", {"to": "impact"})


OUTCOMES = [
    {"level": "student", "text": "More explain why"},
    {"level": "professional", "text": "We plan the talk"},
    {"level": "organisational", "no_evidence": "Too early"},
]


def concluded(told: Story | None = None) -> Story:
    """Everything before the last gate is done."""
    told = told or impacted()
    told = brings(told, called="interview", collection_method="interview", type="pupil_feedback")
    told = answers(claims(told, "evidence", "interview"))
    told = agreed(told, "impact_statement", claims=[str(named("claim"))])
    told = agreed(told, "recommendation", statement="Plan the talk first")
    told = agreed(
        told, "dissemination", dissemination={"audience": "Dunmere", "channel": "A twilight"}
    )
    told = agreed(told, "next_steps", steps=[{"text": "Train the new colleagues"}])
    told = agreed(told, "cycle_decision", cycle="another_cycle")
    for name, school in SCHOOLS.items():
        form = {"school": str(school), "outcomes": OUTCOMES}
        told = told.who(name).does("record-outcomes", form)
    return told


def prepared(told: Story | None = None) -> Story:
    """Everything before the first gate that these parts know of is done."""
    told = measured(reviewed(questioned(normed(told or launched()))))
    for name in SCHOOLS:
        told = rows(told, name, individual_priority="Explanations stay short")
    told = agreed(told, "method_choice", method_choice=CHOICE, experience=TRIED)
    return agreed(told, "strategy", strategy=STRATEGY)
