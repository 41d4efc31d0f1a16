"""What was agreed to be told to others, and what has been told."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.agreement.state import Kind, Status
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class ToldShown(Struct, frozen=True):
    """That others were told."""

    id: UUID
    on: date
    artefact: Any
    consent_basis: str


class DisseminationShown(Struct, frozen=True):
    """An adopted dissemination, and when it took place."""

    proposal: UUID
    cycle: int
    audience: Any
    channel: Any
    planned: date | None
    told: tuple[ToldShown, ...]


class DisseminationRegister(Struct, frozen=True):
    """Every dissemination that was adopted, oldest first."""

    items: tuple[DisseminationShown, ...]


def register(s: Enquiry, look: Look) -> DisseminationRegister:
    """Audience, channel, artefact, date and basis of consent, for each."""
    del look
    return DisseminationRegister(
        tuple(
            DisseminationShown(
                id_,
                one.cycle,
                one.content.dissemination.audience,
                one.content.dissemination.channel,
                one.content.dissemination.on,
                tuple(
                    ToldShown(told.id, told.on, told.artefact, told.basis)
                    for told in s.told
                    if told.proposal == id_
                ),
            )
            for id_, one in s.agreement.proposals.items()
            if (one.kind, one.status) == (Kind.DISSEMINATION, Status.ADOPTED)
            and one.content.dissemination is not None
        )
    )
