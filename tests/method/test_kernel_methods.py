"""The alliance and the enquiry are methods too: they keep to the same checks as every other."""

from hashlib import sha256
from uuid import UUID

from enquiry.kernel.alliance.method import ALLIANCE
from enquiry.kernel.enquiry.forms import EthicsKey
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


def set_school_calendar(stream: Stream, who: UUID) -> Body:
    """A school that is never open is a calendar, too."""
    del who
    schools = list(stream.live.state.schools) or [person("no school")]
    return {"school": schools[0], "calendar": {"zone": "Europe/London"}}


def open_timetable_link(stream: Stream, who: UUID) -> Body:
    """A digest, which chance does not guess."""
    return {"digest": sha256(f"{who} {len(stream.events)}".encode()).hexdigest()}


def close_timetable_link(stream: Stream, who: UUID) -> Body:
    """One's own."""
    links = stream.live.state.timetable_links
    return {"link": next((id_ for id_, link in links.items() if link.by == who), who)}


ALLIANCE_BODIES = {
    "add-person": add_person,
    "add-school": add_school,
    "close-timetable-link": close_timetable_link,
    "name-steward": name_steward,
    "open-timetable-link": open_timetable_link,
    "retire-steward": retire_steward,
    "set-school-calendar": set_school_calendar,
}
ENQUIRY_BODIES = {"complete-ethics-review": complete_ethics_review}

test_alliance = conformance(
    ALLIANCE,
    {"M04": "a calendar has years, and years have terms: a form for programs"},
    bodies=ALLIANCE_BODIES,
    walks=8,
)
test_enquiry = conformance(
    ENQUIRY,
    {"P06": "an enquiry that everybody has left has nobody to act in it, and no end"},
    bodies=ENQUIRY_BODIES,
    walks=12,
)
