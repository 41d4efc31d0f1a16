"""Rules of the norms, and their share in the gates."""

from typing import Any

from enquiry.kernel.enquiry.phases.gates import Condition
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Warn, rule


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


def left_out(s: Enquiry, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """Said when the first gate is passed: ordinary members who have not adopted the norms."""
    del ctx
    speaking = {*s.representatives.values(), *s.facilitators}
    missing = [p for p in s.members if p not in speaking and not s.norms.adopted_by(p)]
    if e.to != Phase.INNOVATION or not missing:
        return ()
    return (Warn("NORMS_NOT_ADOPTED_BY_ALL", about="norms", params={"members": len(missing)}),)


ADOPTED = Condition("b", "Every school's representative has adopted the norms.", _unadopted)
