"""Who takes part in rounds, and the stages they go through."""

from collections.abc import Mapping
from uuid import UUID

from enquiry import Builder, Keep, Role
from enquiry.kernel.run import evidence_kept
from enquiry_instructional_rounds.forms.day import KEPT_FOR_DAYS
from enquiry_instructional_rounds.state.pieces import Params
from enquiry_instructional_rounds.state.rounds import Rounds
from enquiry_instructional_rounds.warnings import moot

LEAD = Role("lead", "the network facilitator who leads", at_most=1)
NETWORK = Role("network-facilitator", "network facilitators, the lead among them", at_most=3)
OBSERVER = Role("observer", "members of the network who observe", at_least=4)
HOST_LEAD = Role("host-lead", "the head of the host school", at_most=1)
HOST_TEAM = Role("host-team", "colleagues of the host school who prepare, propose and review")
HOST = Role("host", "teachers whose classrooms are visited", outside=True)
TOLD = Role("told", "everybody who was told of a visit", outside=True)
FORMER = Role("former", "somebody who took part and has left", outside=True)
INVITED = Role("invited", "somebody who may join", outside=True)


def cast(s: Rounds) -> Mapping[str, tuple[UUID, ...]]:
    """Who holds which role now."""
    return {
        LEAD.name: (s.lead,) if s.lead is not None else (),
        NETWORK.name: s.network(),
        OBSERVER.name: s.observers(),
        HOST_LEAD.name: s.host_leads(),
        HOST_TEAM.name: s.holders("host-team"),
        HOST.name: s.present_hosts(),
        TOLD.name: s.told,
        FORMER.name: s.former,
        INVITED.name: tuple(s.invited),
    }


def _gone(s: Rounds) -> Mapping[UUID, int]:
    return s.gone


rounds = Builder(
    "instructional-rounds",
    1,
    "Instructional rounds",
    state=Rounds,
    roles=(LEAD, NETWORK, OBSERVER, HOST_LEAD, HOST_TEAM, HOST, TOLD, FORMER, INVITED),
    cast=cast,
    source="City, Elmore, Fiarman and Teitel: Instructional Rounds in Education (2009)",
    options=Params,
    retention=(
        Keep(kind=KEPT_FOR_DAYS, what="Private notes from the classrooms", days=30),
        Keep(
            kind="contribution",
            what="The problem of practice, cards, patterns and what came of them",
            because="they name nobody, and are what the rounds leave to others",
        ),
        evidence_kept(because="it names nobody, and is what the rounds leave to others"),
    ),
    gone=_gone,
    moot=moot,
    moderators=(NETWORK,),
    acknowledgers=(NETWORK,),
    group=(NETWORK, OBSERVER),
)

(
    PLANNED,
    POP_DRAFTING,
    POP_PUBLISHED,
    SCHEDULED,
    OBSERVING,
    DESCRIBING,
    ANALYSING,
    PREDICTING,
    NEXT_LEVEL,
    DEBRIEF_DONE,
    REVIEWED,
    SHARED,
    RESPONDED,
    CLOSED,
    CANCELLED,
) = rounds.stages(
    "planned",
    "pop_drafting",
    "pop_published",
    "scheduled",
    "observing",
    "debrief_describe",
    "debrief_analyse",
    "debrief_predict",
    "debrief_next_level",
    "debrief_done",
    "identifiability_reviewed",
    "shared_with_host",
    "responded",
    final=("closed", "cancelled"),
)
AHEAD, IN_ROOM, SEEN, NOT_HELD = rounds.track(
    "visit", "ahead", "in_room", "seen", "not_held", within=OBSERVING, title="Visit"
)
"""``not_held`` is all that is seen of a visit that does not take place, whoever decided it."""
