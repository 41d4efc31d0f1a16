"""Rules of the norms, and their share in the gates."""

from typing import Any

from enquiry.kernel.enquiry.phases.gates import Condition
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import rule


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


ADOPTED = Condition("b", "Every school's representative has adopted the norms.", _unadopted)
