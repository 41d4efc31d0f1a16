"""What the rules must remember of the ethics review."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class Use(StrEnum):
    """A use of data that a change may affect."""

    SENSITIVE = "sensitive"
    IDENTIFIABLE = "identifiable"
    RESEARCH_ONLY = "research_only"


class Ethics(Piece):
    """The machine-readable part of the last review that was completed."""

    sensitive_data_planned: bool = False
    safeguarded: bool = False
    parental_consent_needed: bool = False
    external_dissemination: bool = False
    research_only_activities: bool = False
    contacts: Mapping[UUID, UUID] = {}
    """Who answers for data protection, by school."""
    survey_owners: tuple[UUID, ...] = ()
    """Who reads what is written freely in surveys."""
    halted: tuple[Use, ...] = ()
    """Uses for which nothing is brought while the review is open again."""
