"""Claims of impact, with the evidence that each rests on."""

from collections import Counter
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.impact.rules import supported, triangulated
from enquiry.kernel.enquiry.impact.state import Claim
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import Respondents
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


class Voice(Struct, frozen=True):
    """A group of respondents, or a way of collecting, and how much of the evidence it gave."""

    name: str
    count: int


class Triangulated(Struct, frozen=True):
    """From how many sides a claim is seen."""

    claim: UUID
    level: str
    perspectives: tuple[Voice, ...]
    """Groups of respondents among what stands; readings count as ``none``, performance data."""
    ways: tuple[Voice, ...]
    """Ways of collection among what stands; readings are a way of their own."""
    computed: bool
    """Two groups or two ways: the claim is triangulated (2.13)."""
    verdict: str | None
    """What the group answered to this test."""
    withdrawn: int
    """Pieces that it cites and that no longer stand. What they were is not told."""


class Triangulation(Struct, frozen=True):
    """Every claim that was not superseded, oldest first."""

    claims: tuple[Triangulated, ...]


def triangulation(s: Enquiry, look: Look) -> Triangulation:
    """Where a claim rests on one side only, this is where to ask next."""
    del look
    return Triangulation(
        tuple(
            _triangulated(s, id_, claim)
            for id_, claim in s.impact.claims.items()
            if not claim.superseded
        )
    )


def _triangulated(s: Enquiry, id_: UUID, claim: Claim) -> Triangulated:
    items = [s.items[one] for one in claim.evidence if one in s.items]
    standing = [item for item in items if item.stands]
    read = len(claim.evidence) - len(items)
    groups = Counter(str(item.respondents) for item in standing)
    ways = Counter(str(item.collection_method) for item in standing)
    if read:
        groups[Respondents.NONE.value] += read
        ways["reading"] += read
    return Triangulated(
        id_,
        claim.level,
        tuple(Voice(name, count) for name, count in sorted(groups.items())),
        tuple(Voice(name, count) for name, count in sorted(ways.items())),
        triangulated(s, claim),
        claim.triangulation,
        len(items) - len(standing),
    )
