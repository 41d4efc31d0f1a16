"""A stream whose method is not installed: what is the same in every run, and nothing else.

Who takes part in a run is said by facts that all runs share, so it is known without the method. It
is read by them alone: rows of visibility that nobody has cannot let anybody else in.
"""

from uuid import UUID

from enquiry.kernel.run import forms
from enquiry.kernel.run.state import Run
from enquiry.method.live import Facts
from enquiry.method.method import Method

_SHARED = (
    forms.RunPlanned,
    forms.InviteToRun,
    forms.AcceptRunInvitation,
    forms.LeaveRun,
    forms.RecordPupilDeclined,
)
"""Who comes and goes."""

OPAQUE = Facts(
    Method(
        id="opaque",
        version=0,
        title="",
        state=Run,
        roles=(),
        stages=(),
        moves=(),
        facts={str(fact.__records__): fact for fact in _SHARED},
        cast=lambda s: {},  # noqa: ARG005 - nobody may do anything in what cannot be folded
    )
)
"""Folds what core itself and all runs record."""


def blank() -> Run:
    """Before anything was recorded."""
    return Run()


def takes_part(state: object, person: UUID) -> bool:
    """Whether this person takes part in a dormant run, or leads it; whoever left does not."""
    return isinstance(state, Run) and (person in state.people or person == state.lead)
