"""What readers see of the evidence that a run has published, or is about to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.run.state import EvidenceItem, Proposal, Run
from enquiry.method.method import Look
from enquiry.method.roles import Viewer


class EvidenceShown(Struct, frozen=True):
    """A piece of evidence, and whether it still rests on something."""

    output: UUID
    text: Any
    """Text, or a placeholder where it was erased."""
    collection_method: str
    respondents: str
    level: str
    stands: bool
    """``False``: what it rests on was withdrawn, or is no longer supported. Do not cite it."""


class Publication(Struct, frozen=True):
    """What two people published together."""

    id: UUID
    items: tuple[EvidenceShown, ...]
    audience: str
    """For whom at most."""


class Evidence(Struct, frozen=True):
    """Everything that the run has published, oldest first."""

    publications: tuple[Publication, ...]


class Waiting(Struct, frozen=True):
    """What one of the two people it takes has proposed."""

    id: UUID
    """To be confirmed by."""
    by: UUID
    items: tuple[EvidenceShown, ...]
    audience: str
    """For whom at most."""


class ProposedEvidence(Struct, frozen=True):
    """Everything that waits for a second person, oldest first."""

    proposals: tuple[Waiting, ...]


def evidence(s: Run, look: Look) -> Evidence:
    """Published snapshots remain, and are marked when what they rest on is gone."""
    del look
    return Evidence(
        tuple(Publication(id_, _shown(s, of), s.reach(id_)) for id_, of in s.evidence().items())
    )


def _shown(s: Run, items: tuple[EvidenceItem, ...]) -> tuple[EvidenceShown, ...]:
    return tuple(
        EvidenceShown(
            item.output,
            item.text,
            item.collection_method,
            item.respondents,
            item.level,
            s.output_revision(item.output) is not None,
        )
        for item in items
    )


def has_evidence(s: Any, viewer: Viewer) -> bool:
    """Something was published."""
    del viewer
    return bool(s.published)


def proposed(s: Run, look: Look) -> ProposedEvidence:
    """What can be confirmed, or could be if it still rested on something."""
    del look
    return ProposedEvidence(
        tuple(
            Waiting(id_, proposal.by, _shown(s, proposal.items), proposal.audience)
            for id_, proposal in _open(s).items()
        )
    )


def _open(s: Run) -> Mapping[UUID, Proposal]:
    done = set(s.published.values())
    return {id_: proposal for id_, proposal in s.proposals.items() if id_ not in done}


def has_proposals(s: Any, viewer: Viewer) -> bool:
    """Something waits for a second person."""
    del viewer
    return bool(_open(s))
