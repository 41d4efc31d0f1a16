"""Who takes part in a triad, and the stages it goes through."""

from collections.abc import Mapping
from uuid import UUID

from enquiry import Builder, Keep, Role
from enquiry.kernel.run import evidence_kept
from enquiry_peer_triads.forms.group import Params
from enquiry_peer_triads.state import Triad

LEAD = Role("lead", "whoever forms the triad, then one of the three", at_most=1)
PEER = Role("peer", "one of the three", at_least=3, at_most=3)
INVITED = Role("invited", "somebody who may join", outside=True)
FORMER = Role("former", "somebody who has left", outside=True)
COACH = Role("coach", "the coach: listens, reflects back, asks questions", at_most=1)
CLIENT = Role("client", "the client: talks, is honest, decides alone", at_most=1)
OBSERVER = Role("observer", "the observer: takes it all in, silently", at_most=1)


def cast(s: Triad) -> Mapping[str, tuple[UUID, ...]]:
    """Who holds which role now. Coach, client and observer are those of the round begun last."""
    last = s.last_round
    found = {
        "lead": () if s.lead is None else (s.lead,),
        "peer": tuple(s.people),
        "invited": tuple(s.invited),
        "former": s.former,
    }
    if last is not None:
        names = ("coach", "client", "observer")
        for name, person in zip(names, last.roles.people, strict=True):
            found[name] = (person,) if person in s.people else ()
    return found


def _gone(s: Triad) -> Mapping[UUID, int]:
    return s.gone


def _withheld(s: Triad) -> Mapping[UUID, UUID]:
    return s.withheld


triad = Builder(
    "peer-triad",
    1,
    "Peer coaching triad",
    state=Triad,
    roles=(LEAD, PEER, INVITED, FORMER, COACH, CLIENT, OBSERVER),
    cast=cast,
    source="Peer coaching in threes, as in coach-training triads",
    options=Params,
    retention=(
        Keep(kind="contribution", what="What the three wrote for each other", terms=1),
        evidence_kept(terms=1),
    ),
    gone=_gone,
    withheld=_withheld,
    acknowledgers=(PEER,),
    group=(LEAD, PEER),
)

forming, contracted, active, review, suspended, closed, cancelled = triad.stages(
    "forming", "contracted", "active", "review", "suspended", final=("closed", "cancelled")
)
meeting_open, meeting_completed, meeting_incomplete = triad.track(
    "meeting", "meeting_open", "meeting_completed", "meeting_incomplete", within=active
)
conversation, client_feedback, observer_feedback, round_closed = triad.track(
    "round",
    "conversation",
    "client_feedback",
    "observer_feedback",
    "round_closed",
    within=active,
)
IN_ROUND = (active, conversation, client_feedback, observer_feedback)
"""Stages in which a round is open."""
