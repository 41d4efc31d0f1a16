"""The register of decisions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel.enquiry.agreement.rules import FIELDS
from enquiry.kernel.enquiry.agreement.state import Proposal
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class ResponseShown(Struct, frozen=True):
    """What a school, or a member, said to the present version."""

    voice: UUID
    """The school; the member, where each responds."""
    by: UUID
    answer: str
    note: Any = None


class ProposalShown(Struct, frozen=True):
    """A proposal as it stands."""

    id: UUID
    kind: str
    version: int
    status: str
    cycle: int
    proposed_by: UUID
    proposed_at: datetime
    adopted_at: datetime | None
    content: dict[str, Any]
    """The fields that a proposal of this kind has."""
    responses: tuple[ResponseShown, ...]


class Register(Struct, frozen=True):
    """Every proposal, oldest first."""

    rule: str
    proposals: tuple[ProposalShown, ...]


def register(s: Enquiry, look: Look) -> Register:
    """What was proposed, who responded how, and what was adopted."""
    del look
    shown = tuple(_shown(id_, one) for id_, one in s.agreement.proposals.items())
    return Register(s.agreement.rule, shown)


def _shown(id_: UUID, one: Proposal) -> ProposalShown:
    content = {
        name: msgspec.to_builtins(value)
        for name in FIELDS[one.kind]
        if (value := getattr(one.content, name))
    }
    responses = tuple(
        ResponseShown(voice, said.by, said.answer, said.note)
        for voice, said in one.responses.items()
    )
    return ProposalShown(
        id_,
        one.kind,
        one.version,
        one.status,
        one.cycle,
        one.by,
        one.at,
        one.adopted_at,
        content,
        responses,
    )
