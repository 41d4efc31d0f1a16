"""Rounds walked at random: a small world, moments to go on from, and bodies that chance would never
find (rooms and times that fit together, cards and patterns that exist)."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from tests.plugins.instructional_rounds.examples import (
    CLASSROOMS,
    PLAN,
    PROBLEM,
    REVIEW,
    adopted,
    completed,
    describing,
    drafting,
    found,
    in_rooms,
    informed,
    patterned,
    planned,
    posted,
    predicted,
    published,
    ready,
    reviewed_by,
    scheduled,
    shared,
    teamed,
    visited,
)
from tests.plugins.instructional_rounds.school import (
    ENQUIRY,
    FREYA,
    HOSTS,
    INES,
    OBSERVERS,
    carrick,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, World, person
from enquiry.testing.harness import Stream
from enquiry_instructional_rounds.state import Rounds
from enquiry_instructional_rounds.state.pieces import STEPS, VisitStatus

Body = Mapping[str, Any]


def _rounds(stream: Stream) -> Rounds:
    assert isinstance(stream.live.state, Rounds)
    return stream.live.state


def plan(stream: Stream, actor: UUID) -> Body:
    return PLAN


def link(stream: Stream, actor: UUID) -> Body:
    return {"enquiry": str(ENQUIRY)}


def invite(stream: Stream, actor: UUID) -> Body:
    """Whoever does not take part yet, in a role that fits them."""
    s = _rounds(stream)
    for name, role in (("Freya", "host-lead"), ("Hamish", "host-team")):
        if person(name) not in s.people:
            return {"person": str(person(name)), "role": role}
    away = [person(n) for n in ("Mei", *OBSERVERS) if person(n) not in s.people]
    return {"person": str(away[0] if away else person("Bella")), "role": "observer"}


def problem(stream: Stream, actor: UUID) -> Body:
    return PROBLEM


def team(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    free = [p for p in s.observers() if s.team_of(p) is None or s.team_of(p) == 1]
    return {"team_no": 1, "members": [str(p) for p in free[:3]]}


def schedule(stream: Stream, actor: UUID) -> Body:
    """The next visit, half an hour after the last, in one of four rooms."""
    s = _rounds(stream)
    number = len(s.visits) + 1
    room, host, *_ = CLASSROOMS[number % 4 + 1]
    start = stream.live.updated_at + timedelta(days=10, minutes=30 * number)
    teams = s.standing_teams() or (1,)
    return {
        "visit_no": number,
        "team_no": teams[number % len(teams)],
        "location": str(room),
        "host_teacher": str(person(host)),
        "start": start.isoformat(),
    }


def _ahead(s: Rounds) -> list[int]:
    return [n for n, v in s.visits.items() if v.status == VisitStatus.SCHEDULED]


def inform(stream: Stream, actor: UUID) -> Body:
    return {"visit_nos": _ahead(_rounds(stream)) or [1]}


def begin(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    mine = [n for n in _ahead(s) if s.visits[n].team == s.team_of(actor)]
    number = mine[0] if mine else 1
    members = s.teams.get(s.visits[number].team, ()) if number in s.visits else (actor,)
    return {"visit_no": number, "present": [str(p) for p in members or (actor,)]}


def _present(s: Rounds, actor: UUID) -> int:
    return next((n for n, v in s.visits.items() if actor in v.present), 1)


def note(stream: Stream, actor: UUID) -> Body:
    number = _present(_rounds(stream), actor)
    return {"visit_no": number, "focus": "task", "text": "Six of ten began at once"}


def card(stream: Stream, actor: UUID) -> Body:
    return {**note(stream, actor), "focus": "pupils"}


def _cards(s: Rounds) -> list[UUID]:
    return list(s.live_cards())


def challenge(stream: Stream, actor: UUID) -> Body:
    cards = _cards(_rounds(stream))
    return {"card": str(cards[-1] if cards else actor), "prompt": "more_specific"}


def confirm(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    others = [id_ for id_, one in s.live_cards().items() if one.by != actor]
    return {"card": str(others[-1] if others else actor)}


def own_card(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    mine = [id_ for id_, one in s.live_cards().items() if one.by == actor]
    return {"card": str(mine[-1] if mine else actor)}


def reword(stream: Stream, actor: UUID) -> Body:
    return {**own_card(stream, actor), "text": "Four pupils noted each step"}


def advance(stream: Stream, actor: UUID) -> Body:
    step = _rounds(stream).step
    place = STEPS.index(step) + 1 if step is not None else 0
    return {"to": STEPS[min(place, len(STEPS) - 1)]}


def reopen(stream: Stream, actor: UUID) -> Body:
    return {"to": "describe", "reason": "Some cards were missing"}


def pattern(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    usable = [str(id_) for id_, one in s.live_cards().items() if not one.needs_rewording]
    return {"statement": "Tasks ask for completion", "card_ids": usable}


def _patterns(s: Rounds) -> list[UUID]:
    return [id_ for id_ in s.patterns if s.pattern(id_) is not None]


def edit(stream: Stream, actor: UUID) -> Body:
    known = _patterns(_rounds(stream))
    return {"pattern": str(known[0] if known else actor), "statement": "Most tasks are to be done"}


def agree(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    known = _patterns(s)
    version = s.patterns[known[0]].version if known else 1
    return {"pattern": str(known[0] if known else actor), "version": version}


def _carried(s: Rounds) -> list[str]:
    return [str(id_) for id_ in s.patterns if s.carries(id_)]


def prediction(stream: Stream, actor: UUID) -> Body:
    statement = "A pupil here would follow a procedure"
    return {"statement": statement, "pattern_ids": _carried(_rounds(stream))}


def option(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    horizons = ("next_week", "next_month", "end_of_year")
    return {
        "horizon": horizons[len(s.options) % 3],
        "actor_level": "network",
        "statement": "Exchange tasks each term",
        "pattern_ids": _carried(s),
    }


def share(stream: Stream, actor: UUID) -> Body:
    return {}


def decide(stream: Stream, actor: UUID) -> Body:
    options = list(_rounds(stream).live_options())
    return {"option": str(options[0] if options else actor), "decision": "adopt"}


def _standing(s: Rounds, actor: UUID) -> str:
    pack = s.pack()
    return str(pack[0] if pack else actor)


def item(stream: Stream, actor: UUID) -> Body:
    return {"item": _standing(_rounds(stream), actor), "audience": "staff"}


def form(stream: Stream, actor: UUID) -> Body:
    values = [{"key": "helpful", "value": "It helped"}]
    return {"form": "look-back", "target": str(stream.live.stream), "values": values}


def review(stream: Stream, actor: UUID) -> Body:
    return REVIEW


def evidence(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    waiting = [str(id_) for id_, one in s.proposals.items() if one.by != actor]
    done = {str(id_) for id_ in s.published.values()}
    waiting = [id_ for id_ in waiting if id_ not in done]
    if waiting:
        return {"confirms": waiting[0]}
    made = {
        "output": _standing(s, actor),
        "text": "Tasks ask for completion",
        "collection_method": "observation",
        "respondents": "peers",
        "level": "professional",
    }
    return {"items": [made]}


def correction(stream: Stream, actor: UUID) -> Body:
    s = _rounds(stream)
    every = (*s.patterns, *s.predictions, *s.options, *s.follow_ups)
    mine = [str(id_) for id_ in every if s.author_of(id_) == actor]
    return {"contribution": mine[0] if mine else str(actor), "text": "I meant most tasks"}


def take_back(stream: Stream, actor: UUID) -> Body:
    mine = [str(id_) for id_ in _rounds(stream).notes if _rounds(stream).wrote(id_, actor)]
    return {"contribution": mine[0] if mine else str(actor)}


BODIES = {
    "plan-run": plan,
    "link-run": link,
    "invite-to-run": invite,
    "publish-problem": problem,
    "form-team": team,
    "schedule-classroom": schedule,
    "inform-host-teachers": inform,
    "begin-observation": begin,
    "write-private-note": note,
    "post-card": card,
    "challenge-card": challenge,
    "reword-card": reword,
    "withdraw-card": own_card,
    "confirm-descriptive": confirm,
    "advance-debrief": advance,
    "reopen-debrief-step": reopen,
    "create-pattern": pattern,
    "edit-pattern": edit,
    "agree-pattern": agree,
    "add-prediction": prediction,
    "add-next-level-option": option,
    "share-with-host": share,
    "decide-option": decide,
    "share-item": item,
    "attach-form": form,
    "review-identifiability": review,
    "publish-run-evidence": evidence,
    "correction-note": correction,
    "retract-contribution": take_back,
}


def small() -> World:
    """Carrick with as few people as show every part, and onlookers."""
    members = (INES, FREYA, *(person(name) for name in OBSERVERS))
    enquiry = Enquiry(members=members, facilitators=(person("Mei"),), ethics_reviewed=True)
    whole = carrick(enquiry=enquiry)
    names = (*OBSERVERS, *HOSTS[:2], "Ines", "Mei", "Freya", "Hamish", "Olufemi", "Bella")
    people = {name: id_ for name, id_ in whole.people.items() if name in names}
    return msgspec.structs.replace(whole, people=people)


WORLD = small()


def _told() -> Story:
    return drafting(planned(world=WORLD))


@cache
def asked() -> Story:
    """The host lead is yet to answer."""
    story = planned(world=WORLD).who("Ines")
    return story.does("invite-to-run", {"person": str(FREYA), "role": "host-lead"})


@cache
def prepared() -> Story:
    """Nothing is missing but that the norms are adopted by the last."""
    story = informed(scheduled(teamed(published(_told()))))
    return adopted(story, "Freya", *OBSERVERS[:-1])


@cache
def entering() -> Story:
    """It is the morning of the day."""
    return ready(informed(scheduled(teamed(published(_told())))))


@cache
def watching() -> Story:
    """Both teams are in classrooms."""
    return in_rooms(entering())


@cache
def silent() -> Story:
    """The visits are over."""
    return visited(entering())


@cache
def telling() -> Story:
    """A few cards are on the board."""
    return posted(describing(entering()), "copied", "sheet")


@cache
def comparing() -> Story:
    """A pattern is on the wall."""
    return patterned(entering())


@cache
def foreseeing() -> Story:
    """A prediction is there."""
    return predicted(entering())


@cache
def proposing() -> Story:
    """Options are there."""
    return found(entering())


@cache
def reviewing() -> Story:
    """One of two has reviewed it."""
    return reviewed_by(completed(entering()), "Hamish")


@cache
def given_to_host() -> Story:
    """The host has it."""
    return shared(entering())


STARTS = (
    asked,
    prepared,
    entering,
    watching,
    silent,
    telling,
    comparing,
    foreseeing,
    proposing,
    reviewing,
    given_to_host,
)
