"""What readers see of the evidence that a run has published."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.run.state import Run
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


class Evidence(Struct, frozen=True):
    """Everything that the run has published, oldest first."""

    publications: tuple[Publication, ...]


def evidence(s: Run, look: Look) -> Evidence:
    """Published snapshots remain, and are marked when what they rest on is gone."""
    del look
    return Evidence(
        tuple(
            Publication(
                id_,
                tuple(
                    EvidenceShown(
                        item.output,
                        item.text,
                        item.collection_method,
                        item.respondents,
                        item.level,
                        s.output_revision(item.output) is not None,
                    )
                    for item in items
                ),
            )
            for id_, items in s.evidence.items()
        )
    )


def has_evidence(s: Any, viewer: Viewer) -> bool:
    """Something was published."""
    del viewer
    return bool(s.evidence)
