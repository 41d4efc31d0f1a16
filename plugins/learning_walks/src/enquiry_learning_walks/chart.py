"""Who takes part in a walk, and the stages it goes through."""

from collections.abc import Mapping
from uuid import UUID

from enquiry import Builder, Keep, Role
from enquiry.kernel.run import evidence_kept
from enquiry_learning_walks.forms.plan import KEPT_FOR_A_TERM
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import Params
from enquiry_learning_walks.warnings import moot

LEAD = Role("lead", "the walk lead, who walks too", at_most=1)
WALKER = Role("walker", "walkers, the lead among them", at_most=6)
PUPIL = Role("pupil-walker", "pupils who walk", at_most=5)
SCRIBE = Role("scribe", "whoever keeps the time and the record")
HOST = Role("host", "teachers whose rooms are visited", outside=True)
TOLD = Role("told", "everybody who was told of a visit", outside=True)
FORMER = Role("former", "somebody who walked and has left", outside=True)
INVITED = Role("invited", "somebody who may join", outside=True)


def cast(s: Walk) -> Mapping[str, tuple[UUID, ...]]:
    """Who holds which role now."""
    return {
        LEAD.name: (s.lead,) if s.lead is not None else (),
        WALKER.name: s.adults(),
        PUPIL.name: s.pupil_walkers(),
        SCRIBE.name: s.scribes(),
        HOST.name: s.present_hosts(),
        TOLD.name: s.told,
        FORMER.name: s.former,
        INVITED.name: tuple(s.invited),
    }


def _gone(s: Walk) -> Mapping[UUID, int]:
    return s.gone


walk = Builder(
    "learning-walk",
    1,
    "Learning walk",
    state=Walk,
    roles=(LEAD, WALKER, PUPIL, SCRIBE, HOST, TOLD, FORMER, INVITED),
    cast=cast,
    source="Institute for Learning, Pittsburgh; Connect to Learn (2012)",
    options=Params,
    retention=(
        Keep(kind=KEPT_FOR_A_TERM, what="Notes from visits, and what was said to hosts", terms=1),
        Keep(
            kind="contribution",
            what="The focus, outcomes and next steps",
            because="they name nobody, and are what the walk leaves to others",
        ),
        evidence_kept(because="it names nobody, and is what the walk leaves to others"),
    ),
    gone=_gone,
    moot=moot,
    moderators=(LEAD,),
    acknowledgers=(LEAD,),
    group=(LEAD, WALKER),
)

PLANNED, READY, WALKING, POOLING, OUTCOMES_RECORDED, SHARED, CLOSED, CANCELLED = walk.stages(
    "planned",
    "ready",
    "walking",
    "pooling",
    "outcomes_recorded",
    "shared",
    final=("closed", "cancelled"),
)
SCHEDULED, OPEN, CORRIDOR, DONE, DROPPED = walk.track(
    "visit", "scheduled", "open", "corridor", "done", "dropped", within=WALKING, title="Visit"
)
"""``dropped`` is all that anybody sees of a visit that does not take place, whoever decided it."""
