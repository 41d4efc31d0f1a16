"""The learning walk walked at random: a small world, moments to go on from, and bodies that chance
would never find (times and rooms that fit together, notes that exist)."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from tests.plugins.learning_walks.examples import (
    FOCUS,
    TRIAL,
    concluded,
    ids,
    in_corridor,
    in_room,
    planned,
    ready,
    scheduled,
    shared,
    team,
    told,
    walked,
    walking,
    with_pupils,
)
from tests.plugins.learning_walks.examples import note as case
from tests.plugins.learning_walks.school import (
    AMINA,
    ANYA,
    B4,
    B7,
    B9,
    BECK_ROAD,
    DECLAN,
    ENQUIRY,
    HELEN,
    INES,
    KELLY,
    PETRA,
    TEAM,
    TOM,
    beck_road,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, World
from enquiry.testing.harness import Stream
from enquiry_learning_walks.state import Walk

Body = Mapping[str, Any]


def _walk(stream: Stream) -> Walk:
    assert isinstance(stream.live.state, Walk)
    return stream.live.state


def plan(stream: Stream, actor: UUID) -> Body:
    return {"purpose": "explore", "title": "Feedback", "school": str(BECK_ROAD)}


def link(stream: Stream, actor: UUID) -> Body:
    return {"enquiry": str(ENQUIRY)}


def focus(stream: Stream, actor: UUID) -> Body:
    return FOCUS


def schedule(stream: Stream, actor: UUID) -> Body:
    """The next visit, half an hour after the last, in one of three rooms."""
    s = _walk(stream)
    number = len(s.visits) % 8 + 1
    room, host = ((B4, KELLY), (B7, DECLAN), (B9, ANYA))[number % 3]
    start = stream.live.updated_at + timedelta(days=10, minutes=30 * number)
    return {
        "visit_no": number,
        "location": str(room),
        "host": str(host),
        "start": start.isoformat(),
        "visit_minutes": 8,
        "debrief_minutes": 6,
        "visitors": [str(person) for person in s.team()[:4]],
    }


def begin(stream: Stream, actor: UUID) -> Body:
    """The first visit that has not begun, with everybody who may come."""
    s = _walk(stream)
    ahead = [v for v in s.visits.values() if v.begun_at is None and v.visitors]
    first = min(ahead, key=lambda v: (v.start, v.number), default=None)
    if first is None:
        return {"visit_no": 1, "present": [str(actor)]}
    return {"visit_no": first.number, "present": [str(one) for one in first.visitors]}


def note(stream: Stream, actor: UUID) -> Body:
    s = _walk(stream)
    here = s.under_way()
    criterion = s.criteria[0].id.value if s.criteria else "c1"
    return {
        "visit_no": here.number if here else 1,
        "criterion_id": criterion,
        "kind": "saw",
        "text": "Six of ten began at once",
    }


def own_note(stream: Stream, actor: UUID) -> Body:
    s = _walk(stream)
    mine = [str(id_) for id_, one in s.live_notes().items() if one.by == actor]
    return {"note": mine[-1] if mine else str(actor)}


def share(stream: Stream, actor: UUID) -> Body:
    here = _walk(stream).under_way()
    return {"visit_no": here.number if here else 1, "kind": "noticing", "text": "Most began"}


def naming(stream: Stream, actor: UUID) -> Body:
    s = _walk(stream)
    was_in = [v.number for v in s.visits.values() if actor in v.present]
    return {"visit_no": was_in[0] if was_in else 1, "agreed": True}


def outcome(stream: Stream, actor: UUID) -> Body:
    s = _walk(stream)
    notes = [str(id_) for id_ in s.live_notes() if s.may_cite(actor, id_)]
    return {"kind": "pattern", "text": "Most begin at once", "note_ids": notes[:20]}


def sharing(stream: Stream, actor: UUID) -> Body:
    outcomes = [str(id_) for id_ in _walk(stream).live_outcomes()]
    return {"audience": "staff", "outcome_ids": outcomes[:1] or [str(actor)]}


def step(stream: Stream, actor: UUID) -> Body:
    return TRIAL


def item(stream: Stream, actor: UUID) -> Body:
    return {"item": own_note(stream, actor)["note"], "audience": "group"}


def evidence(stream: Stream, actor: UUID) -> Body:
    walk = _walk(stream)
    for id_, proposal in walk.proposals.items():
        if proposal.by != actor and id_ not in walk.published.values():
            return {"confirms": str(id_)}
    outcomes = [str(id_) for id_ in walk.live_outcomes()]
    return {
        "items": [
            {
                "output": outcomes[0] if outcomes else str(actor),
                "text": "Most begin at once",
                "collection_method": "observation",
                "respondents": "pupils",
                "level": "student",
            }
        ]
    }


def stopping(stream: Stream, actor: UUID) -> Body:
    s = _walk(stream)
    pupils = (*s.pupil_walkers(), *(p for p, role in s.invited.items() if role == "pupil-walker"))
    return {"person": str(pupils[0] if pupils else actor)}


BODIES = {
    "record-pupil-declined": stopping,
    "plan-run": plan,
    "link-run": link,
    "set-walk-focus": focus,
    "schedule-visit": schedule,
    "begin-visit": begin,
    "record-note": note,
    "retract-note": own_note,
    "share-in-corridor": share,
    "agree-to-be-named": naming,
    "record-outcome": outcome,
    "share-outcomes": sharing,
    "record-next-step": step,
    "share-item": item,
    "publish-run-evidence": evidence,
}


def small() -> World:
    """Beck Road with as few people as show every part: walkers, hosts, a pupil, and onlookers."""
    enquiry = Enquiry(members=(PETRA, TOM, AMINA), facilitators=(INES,), ethics_reviewed=True)
    whole = beck_road(enquiry=enquiry)
    names = (*TEAM, "Kelly", "Declan", "Anya", "Maya", "Helen", "Cora", "Freya", "Ines")
    people = {name: id_ for name, id_ in whole.people.items() if name in names}
    return msgspec.structs.replace(whole, people=people)


WORLD = small()


@cache
def start() -> Story:
    """The walk has begun."""
    return walking(ready(told(scheduled(team(planned(world=WORLD))))))


@cache
def prepared() -> Story:
    """The hosts are told, and somebody else is invited."""
    story = told(scheduled(team(planned(world=WORLD)))).who("Petra")
    return story.does("invite-to-run", {"person": str(HELEN), "role": "walker"})


@cache
def ready_to_go() -> Story:
    """Everything is there to begin."""
    return ready(told(scheduled(team(planned(world=WORLD)))))


@cache
def writing() -> Story:
    """Four are in a room."""
    return in_room(1, start())


@cache
def talking() -> Story:
    """Four are in the corridor, and two notes are there."""
    return in_corridor(1, start())


@cache
def with_a_pupil() -> Story:
    """Petra, Tom and Maya are in a room; each has written something."""
    story = with_pupils("Maya", story=planned(world=WORLD))
    present = {"visit_no": 1, "present": ids("Petra", "Tom", "Maya")}
    story = story.does("begin-visit", present).at("2026-11-19 09:10")
    for name in ("Petra", "Tom", "Maya"):
        story = story.who(name).does("record-note", case(1), called=f"{name}-writes")
    return story


@cache
def pooled() -> Story:
    """Three visits are over."""
    return walked(start())


@cache
def found() -> Story:
    """There are outcomes and a next step."""
    return concluded(pooled())


@cache
def told_to_staff() -> Story:
    """Staff have seen the pattern, and somebody has reviewed it."""
    review = {
        "names_removed": True,
        "roles_unclear": True,
        "no_unique_events": True,
        "findings": "Nothing points to one room",
        "confirm": True,
    }
    return shared(found()).who("Tom").does("review-identifiability", review)


STARTS = (
    prepared,
    ready_to_go,
    writing,
    talking,
    with_a_pupil,
    pooled,
    found,
    told_to_staff,
)
