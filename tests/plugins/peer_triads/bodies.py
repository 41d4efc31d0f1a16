"""What chance would hardly ever fill in, or do far too often, when triads are walked at random.

A walk in which somebody leaves at every other step never sees a meeting: what ends things gets a
form that is refused, except now and then.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from tests.plugins.peer_triads.examples import CORIN, GRACE, LEWIS, PETRA, PLAN, SIAN, calder

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import World, named
from enquiry.testing.harness import Stream
from enquiry_peer_triads.rules import SIZE
from enquiry_peer_triads.state import Triad
from enquiry_peer_triads.views import legal

Hint = Callable[[Stream, UUID], Mapping[str, Any]]
Body = Mapping[str, Any] | Hint

ENQUIRY = named("the enquiry that a triad may serve")
REFUSED = {"not": "now"}
FIVE = (GRACE, PETRA, LEWIS, SIAN, CORIN)


def small() -> World:
    """The world of a triad with a replacement, a coordinator, and an enquiry it may serve."""
    here = calder()
    people = {name: id_ for name, id_ in here.people.items() if id_ in FIVE}
    enquiry = Enquiry(members=FIVE, ethics_reviewed=True)
    streams = {**here.streams, ENQUIRY: enquiry}
    return msgspec.structs.replace(here, people=people, streams=streams)


def seldom(body: Body, every: int, after: int = 0) -> Hint:
    """This body, once in so many revisions of a triad that has been going for a while."""

    def chosen(stream: Stream, who: UUID) -> Mapping[str, Any]:
        revision = stream.live.revision
        if revision < after or revision % every:
            return REFUSED
        return body(stream, who) if callable(body) else body

    return chosen


def always(body: Mapping[str, Any]) -> Hint:
    """Just this body."""

    def chosen(stream: Stream, who: UUID) -> Mapping[str, Any]:
        del stream, who
        return body

    return chosen


def _form(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del stream
    others = [person for person in (GRACE, PETRA, LEWIS) if person != who]
    members = [who, *others][:SIZE] if who != CORIN else [GRACE, PETRA, LEWIS]
    return {"members": [str(person) for person in members]}


def _begin(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state_of(stream)
    done = tuple(round_.roles for round_ in s.meeting.rounds) if s.meeting is not None else ()
    ways = legal(tuple(s.people), done) if len(s.people) == SIZE else ()
    roles = ways[stream.live.revision % len(ways)].people if ways else (who, who, who)
    named = dict(zip(("coach", "client", "observer"), map(str, roles), strict=True))
    return {"round_no": len(done) + 1, **named}


def state_of(stream: Stream) -> Triad:
    """The triad's state."""
    found = stream.live.state
    assert isinstance(found, Triad)
    return found


def _somebody_new(**more: Any) -> Hint:
    def chosen(stream: Stream, who: UUID) -> Mapping[str, Any]:
        del who
        s = state_of(stream)
        free = [one for one in FIVE if one not in s.people and one not in s.invited]
        return {"person": str(free[0] if free else GRACE), **more}

    return chosen


def _own(field: str, *kinds: str, **more: Any) -> Hint:
    """Something of the actor's own, of one of these kinds or of any."""

    def chosen(stream: Stream, who: UUID) -> Mapping[str, Any]:
        items = state_of(stream).items.items()
        mine = [id_ for id_, one in items if one.by == who and (not kinds or one.kind in kinds)]
        return {field: str(mine[-1] if mine else who), **more}

    return chosen


def _once(where: str, body: Mapping[str, Any]) -> Hint:
    """For whoever has not done it yet; then seldom."""

    def chosen(stream: Stream, who: UUID) -> Mapping[str, Any]:
        fresh = who not in getattr(state_of(stream), where)
        return body if fresh or stream.live.revision % 8 == 0 else REFUSED

    return chosen


def _evidence(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state_of(stream)
    known = [id_ for id_ in s.items if s.output_revision(id_) is not None]
    item = {
        "output": str(known[0] if known else who),
        "text": "They begin to talk when I wait.",
        "collection_method": "learning_log",
        "respondents": "implementing_teachers",
        "level": "professional",
    }
    return {"items": [item]}


def _certificate(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state_of(stream)
    earned = [person for person in s.people if s.certificate(person) is not None]
    return {"person": str(earned[0] if earned else who)}


EARLY, LATE = 30, 65
REVIEW = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "Nobody can be told from it.",
    "confirm": True,
}
CONSENT = {
    "purposes": ["participate", "share_group"],
    "basis": "consent",
    "statement_version": 1,
    "valid_until": "2027-07-31",
}
FORM = {"form": "sheet", "target": "round", "values": [{"key": "k", "value": "Three pauses"}]}

LOOK_BACK = {"progress_on_goals": "Much.", "what_helped": "Time."}


def _look_back(stream: Stream, who: UUID) -> Mapping[str, Any]:
    """Once a meeting has been completed, mostly."""
    completed = bool(state_of(stream).attended(who))
    return LOOK_BACK if completed or stream.live.revision % 6 == 0 else REFUSED


WORLD = small()
BODIES: Mapping[str, Hint] = {
    "plan-run": always(PLAN),
    "form-triad": _form,
    "begin-round": _begin,
    "replace-member": _somebody_new(),
    "amend-action": seldom(_own("action", "action", text="Wait a little longer"), 2),
    "review-action": _own("action", "action", outcome="They began to talk."),
    "issue-certificate": _certificate,
    # What makes a walk long without leading it anywhere.
    "invite-to-run": seldom(_somebody_new(role="peer"), 2),
    "link-run": seldom({"enquiry": str(ENQUIRY)}, 5),
    "give-reason": seldom({"reason": "We want to listen better."}, 7),
    "record-deviation": seldom({"rule": "PT-E06", "reason": "The observer laughed."}, 7),
    "attach-form": seldom(FORM, 7),
    "correction-note": seldom(_own("contribution", text="It was the other class."), 7),
    "share-item": seldom(_own("item", audience="group"), 5),
    "review-identifiability": seldom(REVIEW, 4),
    "publish-run-evidence": seldom(_evidence, 3),
    "record-consent": seldom(CONSENT, 6),
    "post-to-thread": seldom({"text": "See you on Tuesday."}, 4),
    "declare-advice": seldom({}, 3),
    "state-goals": _once("goals", {"goals": ["Wait longer"], "strengths": ["calm"]}),
    "adopt-protocol": _once("adopted", {"version": 1}),
    "set-topic": seldom({"topic": "Who answers in my lessons", "goal": 1}, 4),
    "record-observer-note": seldom({"kind": "listening", "text": "A long silence."}, 4),
    "commit-action": seldom({"text": "Wait five seconds", "due": "2026-12-01"}, 3),
    # What ends it.
    "decline-run-invitation": seldom({}, 3),
    "leave-run": seldom({}, 9, EARLY),
    "withdraw-consent": seldom({"purposes": ["participate"]}, 10, LATE),
    "end-meeting-early": seldom({"reason": "The bell rang."}, 11, LATE),
    "cancel-run": seldom({"reason": "The timetable has changed."}, 13, LATE),
    "record-triad-review": _look_back,
    "close-run": seldom({}, 4, LATE),
}
