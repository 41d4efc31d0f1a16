"""Claims of impact, with the evidence that each rests on."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.impact.rules import supported, triangulated
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class ClaimShown(Struct, frozen=True):
    """A claim as it stands."""

    id: UUID
    statement: Any
    level: str
    direction: str
    cycle: int
    evidence: tuple[UUID, ...]
    measures: tuple[UUID, ...]
    supported: bool
    """``False``: everything it cites was withdrawn or retracted."""
    triangulated: bool
    """Computed: two groups of respondents or two ways of collection among what stands."""
    validity: str | None
    triangulation: str | None
    reliability: str | None
    superseded: bool
    superseded_by: UUID | None


class Claims(Struct, frozen=True):
    """Every claim, oldest first."""

    claims: tuple[ClaimShown, ...]


def claims(s: Enquiry, look: Look) -> Claims:
    """What is claimed, and how far it can be trusted."""
    del look
    return Claims(
        tuple(
            ClaimShown(
                id_,
                claim.statement,
                claim.level,
                claim.direction,
                claim.cycle,
                claim.evidence,
                claim.measures,
                supported(s, claim),
                triangulated(s, claim),
                claim.validity,
                claim.triangulation,
                claim.reliability,
                claim.superseded,
                claim.superseded_by,
            )
            for id_, claim in s.impact.claims.items()
        )
    )
