"""The register of decisions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel.enquiry.agreement.rules import FIELDS
from enquiry.kernel.enquiry.agreement.state import Proposal, Status
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look, Recorded
from enquiry.method.roles import Viewer

_OF_PEOPLE = ("experience",)


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


class DecisionShown(Struct, frozen=True):
    """A decision in the words in which it was adopted."""

    id: UUID
    kind: str
    cycle: int
    adopted_at: datetime | None
    content: dict[str, Any]
    """The fields that a proposal of this kind has, but who has used a method before."""


class Adopted(Struct, frozen=True):
    """Every decision that was adopted, oldest first."""

    decisions: tuple[DecisionShown, ...]


def adopted(s: Enquiry, look: Look) -> Adopted:
    """What was adopted: not who proposed it, nor how it came about."""
    del look
    return Adopted(
        tuple(
            DecisionShown(id_, one.kind, one.cycle, one.adopted_at, _content(one, _OF_PEOPLE))
            for id_, one in s.agreement.proposals.items()
            if one.status == Status.ADOPTED
        )
    )


def is_adopted(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """It was adopted in these very words"""
    del viewer
    one = s.agreement.proposals.get(getattr(fact.entry, "proposal", fact.was.id))
    return one is not None and one.status == Status.ADOPTED and one.content == fact.entry


def register(s: Enquiry, look: Look) -> Register:
    """What was proposed, who responded how, and what was adopted."""
    del look
    shown = tuple(_shown(id_, one) for id_, one in s.agreement.proposals.items())
    return Register(s.agreement.rule, shown)


def _shown(id_: UUID, one: Proposal) -> ProposalShown:
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
        _content(one),
        responses,
    )


def _content(one: Proposal, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        name: msgspec.to_builtins(value)
        for name in FIELDS[one.kind]
        if name not in without and (value := getattr(one.content, name))
    }
