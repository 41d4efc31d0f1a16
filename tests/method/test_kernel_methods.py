"""The alliance and the enquiry are methods too: they keep to the same checks as every other."""

from hashlib import sha256
from uuid import UUID

import msgspec
from tests.kernel.enquiry.group import CHOICE, FOCUS, QUESTION, STRATEGY

from enquiry.kernel.alliance.method import ALLIANCE
from enquiry.kernel.enquiry.agreement.rules import FIELDS
from enquiry.kernel.enquiry.ethics.forms import EthicsKey
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.testing import VILLAGE, conformance, person
from enquiry.testing.harness import Stream

Body = dict[str, object]


def add_school(stream: Stream, who: UUID) -> Body:
    """Chance does not guess a time zone."""
    del stream, who
    return {"name": "Hillside", "zone": "Europe/London"}


def add_person(stream: Stream, who: UUID) -> Body:
    """Somebody of the village, each in turn: others could not act in it."""
    del who
    names = list(VILLAGE.people)
    name = names[len(stream.events) % len(names)]
    return {"name": f"{name} of the village", "person": person(name)}


def name_steward(stream: Stream, who: UUID) -> Body:
    """Whoever was added last."""
    del who
    return {"person": list(stream.live.state.people)[-1]}


def retire_steward(stream: Stream, who: UUID) -> Body:
    """The steward who was named first."""
    del who
    return {"person": stream.live.state.stewards[0]}


def complete_ethics_review(stream: Stream, who: UUID) -> Body:
    """Eleven different questions, and a contact at every school."""
    del who
    return {
        "answers": [{"key": key, "answer": "as the school has it"} for key in EthicsKey],
        "flags": dict.fromkeys(
            (
                "sensitive_data_planned",
                "parental_consent_needed",
                "external_dissemination",
                "research_only_activities",
            ),
            False,
        ),
        "contacts": [
            {"school": school, "person": person("Nia")} for school in stream.live.state.schools
        ],
    }


def set_academic_year(stream: Stream, who: UUID) -> Body:
    """A year with a term, after all the others."""
    del who
    schools = list(stream.live.state.schools) or [person("no school")]
    year = 2026 + len(stream.events)
    return {
        "school": schools[0],
        "label": str(year),
        "first": f"{year}-09-01",
        "until": f"{year + 1}-09-01",
        "terms": [{"label": "Autumn", "first": f"{year}-09-01", "until": f"{year}-12-19"}],
        "breaks": [{"kind": "half_term", "first": f"{year}-10-26", "until": f"{year}-10-31"}],
        "short_days": [{"day": f"{year}-12-18", "opens": "09:00:00", "closes": "12:00:00"}],
    }


def open_timetable_link(stream: Stream, who: UUID) -> Body:
    """A digest, which chance does not guess."""
    return {"digest": sha256(f"{who} {len(stream.events)}".encode()).hexdigest()}


def close_timetable_link(stream: Stream, who: UUID) -> Body:
    """One's own."""
    links = stream.live.state.timetable_links
    return {"link": next((id_ for id_, link in links.items() if link.by == who), who)}


def set_school_words(stream: Stream, who: UUID) -> Body:
    """Words are made of letters."""
    del who
    schools = list(stream.live.state.schools) or [person("no school")]
    word = {"concept": "pupil", "one": "learner", "many": "learners"}
    return {"school": schools[0], "words": [word]}


ALLIANCE_BODIES = {
    "add-person": add_person,
    "add-school": add_school,
    "close-timetable-link": close_timetable_link,
    "name-steward": name_steward,
    "open-timetable-link": open_timetable_link,
    "retire-steward": retire_steward,
    "set-academic-year": set_academic_year,
}
def propose_decision(stream: Stream, who: UUID) -> Body:
    """Each kind of decision, in turn, with what it needs."""
    del who
    contents: list[Body] = [
        {"kind": "focus", "focus": FOCUS},
        {"kind": "question", "question": QUESTION},
        {"kind": "method_choice", "method_choice": CHOICE},
        {"kind": "strategy", "strategy": STRATEGY},
        {"kind": "recommendation", "statement": "Talk first"},
        {"kind": "policy_change", "decision_rule": "majority_by_school"},
    ]
    return contents[len(stream.events) % len(contents)]


def revise_proposal(stream: Stream, who: UUID) -> Body:
    """The last one that is open, with the content of its kind."""
    proposals = stream.live.state.agreement.proposals
    open_ = [(id_, one) for id_, one in proposals.items() if one.status == "open"]
    if not open_:
        return {"proposal": who}
    id_, proposal = open_[-1]
    names = FIELDS[proposal.kind][:1]
    content = {name: msgspec.to_builtins(getattr(proposal.content, name)) for name in names}
    return {"proposal": id_, **content}


def respond_to_proposal(stream: Stream, who: UUID) -> Body:
    """The last one that is open."""
    proposals = stream.live.state.agreement.proposals
    open_ = [(id_, one) for id_, one in proposals.items() if one.status == "open"]
    id_, version = (open_[-1][0], open_[-1][1].version) if open_ else (who, 1)
    return {"proposal": id_, "version": version, "answer": "agree"}


ENQUIRY_BODIES = {
    "complete-ethics-review": complete_ethics_review,
    "propose-decision": propose_decision,
    "respond-to-proposal": respond_to_proposal,
    "revise-proposal": revise_proposal,
}

test_alliance = conformance(
    ALLIANCE,
    bodies=ALLIANCE_BODIES,
    walks=8,
)
test_enquiry = conformance(
    ENQUIRY,
    {"P06": "an enquiry that everybody has left has nobody to act in it, and no end"},
    bodies=ENQUIRY_BODIES,
    walks=12,
)
