"""What the rules must remember of dissemination."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class ConsentBasis(StrEnum):
    """On what it rests that this may be told."""

    NOBODY_IDENTIFIABLE = "nobody_identifiable"
    CONSENT = "consent"


class Told(Piece):
    """That others were told, as was agreed."""

    id: UUID
    proposal: UUID
    on: date
    artefact: str | None
    basis: ConsentBasis
