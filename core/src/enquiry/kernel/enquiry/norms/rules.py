"""Rules of the norms, and their share in the gates."""

from typing import Any

from enquiry.kernel.enquiry.phases.gates import Condition
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Warn, Watch, rule


@rule("PROPOSAL_SUPERSEDED", "There is another version of the norms by now: read it first.")
def version_is_current(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Nobody adopts what no longer stands."""
    del ctx
    return e.version == s.norms.version


def _unadopted(s: Enquiry, ctx: Ctx) -> tuple[dict[str, str], ...]:
    del ctx
    return tuple(
        {"school": str(school), "code": "NORMS_NOT_ADOPTED"}
        for school in s.schools
        if not (rep := s.representatives.get(school)) or not s.norms.adopted_by(rep)
    )


def _left_out(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """From the first gate on: ordinary members who have not adopted the norms. Nobody is named."""
    del ctx
    speaking = {*s.representatives.values(), *s.facilitators}
    missing = [p for p in s.members if p not in speaking and not s.norms.adopted_by(p)]
    if not s.course.passed(Phase.INNOVATION) or not missing:
        return ()
    return (Warn("NORMS_NOT_ADOPTED_BY_ALL", about="norms", params={"members": len(missing)}),)


WATCHES = (
    Watch(
        "NORMS_NOT_ADOPTED_BY_ALL",
        _left_out,
        source="2.10",
        looks_at=("norms", "members", "facilitators", "representatives", "course"),
    ),
)
ADOPTED = Condition("b", "Every school's representative has adopted the norms.", _unadopted)
