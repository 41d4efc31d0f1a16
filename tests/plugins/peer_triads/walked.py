"""How triads are walked at random: in which world, from which moments, and with which forms."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from tests.plugins.peer_triads.examples import (
    CORIN,
    GRACE,
    LEWIS,
    PETRA,
    PLAN,
    SIAN,
    calder,
    completed,
    ended,
    invited,
    meeting,
    ready,
    reviewed,
    talking,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, World, named
from enquiry.testing.harness import Stream
from enquiry_peer_triads.rules.members import SIZE
from enquiry_peer_triads.state import SHARING, Triad
from enquiry_peer_triads.views.overview import legal

Hint = Callable[[Stream, UUID], Mapping[str, Any]]

FIVE = (GRACE, PETRA, LEWIS, SIAN, CORIN)
ENQUIRY = named("the enquiry that a triad may serve")


def _world() -> World:
    """The three, one more, a coordinator, and an enquiry that the triad may serve."""
    here = calder()
    people = {name: id_ for name, id_ in here.people.items() if id_ in FIVE}
    enquiry = Enquiry(members=FIVE, ethics_reviewed=True)
    return msgspec.structs.replace(here, people=people, streams={**here.streams, ENQUIRY: enquiry})


WORLD = _world()


def one_declined() -> Story:
    """Lewis has declined; the others have not answered."""
    return invited(world=WORLD).who("Lewis").does("decline-run-invitation")


def before_the_first_meeting() -> Story:
    """Goals are stated, the protocol is adopted."""
    return ready(world=WORLD)


def in_conversation() -> Story:
    """The first round has begun; Grace has committed to an action."""
    return talking(world=WORLD).does("commit-action", {"text": "Wait five seconds"})


def before_feedback() -> Story:
    """The first conversation has ended."""
    return ended(in_conversation())


def between_meetings() -> Story:
    """One meeting was completed."""
    return completed(meeting(world=WORLD))


def at_the_end() -> Story:
    """Everybody has looked back."""
    return reviewed(between_meetings())


def one_missing() -> Story:
    """Lewis has left."""
    return between_meetings().who("Lewis").does("leave-run")


STARTS = (
    one_declined,
    before_the_first_meeting,
    in_conversation,
    before_feedback,
    between_meetings,
    at_the_end,
    one_missing,
)


def _state(stream: Stream) -> Triad:
    found = stream.live.state
    assert isinstance(found, Triad)
    return found


def _plan(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del stream, who
    return PLAN


def _form(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del stream
    others = [person for person in (GRACE, PETRA, LEWIS) if person != who]
    members = [who, *others][:SIZE] if who != CORIN else [GRACE, PETRA, LEWIS]
    return {"members": [str(person) for person in members]}


def _begin(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = _state(stream)
    done = tuple(round_.roles for round_ in s.meeting.rounds) if s.meeting is not None else ()
    ways = legal(tuple(s.people), done) if len(s.people) == SIZE else ()
    roles = ways[stream.live.revision % len(ways)].people if ways else (who, who, who)
    called = dict(zip(("coach", "client", "observer"), map(str, roles), strict=True))
    return {"round_no": len(done) + 1, **called}


def _somebody_new(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = _state(stream)
    away = {*s.people, *s.invited, *(one for one in FIVE if s.has_withdrawn(one, *SHARING))}
    free = [one for one in FIVE if one not in away]
    return {"person": str(free[0] if free else who)}


def _invite(stream: Stream, who: UUID) -> Mapping[str, Any]:
    return {**_somebody_new(stream, who), "role": "peer"}


def _own_action(**more: str) -> Hint:
    def chosen(stream: Stream, who: UUID) -> Mapping[str, Any]:
        mine = [id_ for id_, one in _state(stream).actions.items() if one.owner == who]
        return {"action": str(mine[-1] if mine else who), **more}

    return chosen


def _share(stream: Stream, who: UUID) -> Mapping[str, Any]:
    mine = [id_ for id_, one in _state(stream).items.items() if one.by == who]
    return {"item": str(mine[-1] if mine else who), "audience": "group"}


def _take_back(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = _state(stream)
    mine = [id_ for id_ in s.items if s.wrote(id_, who) and s.may_retract(id_)]
    return {"contribution": str(mine[-1] if mine else who)}


def _evidence(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = _state(stream)
    for id_, proposal in s.proposals.items():
        if proposal.by != who and id_ not in s.published.values():
            return {"confirms": str(id_)}
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
    s = _state(stream)
    earned = [person for person in s.people if s.certificate(person) is not None]
    return {"person": str(earned[0] if earned else who)}


def _link(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del stream, who
    return {"enquiry": str(ENQUIRY)}


BODIES: Mapping[str, Hint] = {
    "plan-run": _plan,
    "form-triad": _form,
    "invite-to-run": _invite,
    "begin-round": _begin,
    "replace-member": _somebody_new,
    "amend-action": _own_action(text="Wait a little longer"),
    "review-action": _own_action(outcome="They began to talk."),
    "share-item": _share,
    "retract-contribution": _take_back,
    "publish-run-evidence": _evidence,
    "issue-certificate": _certificate,
    "link-run": _link,
}
