"""The alliance is a method, too: it keeps to the same checks as every other."""

from hashlib import sha256
from uuid import UUID

from enquiry.kernel.alliance.erasures import Stand
from enquiry.kernel.alliance.method import ALLIANCE
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


def record_pupil_training(stream: Stream, who: UUID) -> Body:
    """Of a pupil, if there is one."""
    s, now = stream.live.state, stream.live.updated_at
    pupils = [person for person in s.people if s.is_pupil_at(person, now)]
    return {"person": [*pupils, who][0], "content": "How to look", "on": now.date().isoformat()}


def request_erasure(stream: Stream, who: UUID) -> Body:
    """For everybody in turn."""
    people = list(stream.live.state.people) or [who]
    return {"person": people[len(stream.events) % len(people)]}


def _request(stream: Stream, who: UUID, stand: Stand) -> UUID:
    """The last request that stands so and is not about whoever acts."""
    found = stream.live.state.erasures.items()
    fit = [id_ for id_, one in found if one.stand is stand and one.person != who]
    return fit[-1] if fit else who


def grant_erasure(stream: Stream, who: UUID) -> Body:
    """One that waits for a decision."""
    return {"request": _request(stream, who, Stand.ASKED), "keeps": []}


def confirm_erasure(stream: Stream, who: UUID) -> Body:
    """One that waits for a second person."""
    return {"request": _request(stream, who, Stand.WAITING)}


def refuse_erasure(stream: Stream, who: UUID) -> Body:
    """One that waits for a decision."""
    request = _request(stream, who, Stand.ASKED)
    return {"request": request, "because": "duty", "explanation": "We must keep it."}


ALLIANCE_BODIES = {
    "add-person": add_person,
    "add-school": add_school,
    "close-timetable-link": close_timetable_link,
    "confirm-erasure": confirm_erasure,
    "grant-erasure": grant_erasure,
    "name-steward": name_steward,
    "open-timetable-link": open_timetable_link,
    "record-pupil-training": record_pupil_training,
    "refuse-erasure": refuse_erasure,
    "request-erasure": request_erasure,
    "retire-steward": retire_steward,
    "set-academic-year": set_academic_year,
}
test_alliance = conformance(ALLIANCE, bodies=ALLIANCE_BODIES, walks=20)
