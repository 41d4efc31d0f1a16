"""What the rules must remember of reports."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.identifiability import Audience, Reading
from enquiry.method.entry import Piece


class ReportKind(StrEnum):
    """What a report is for."""

    PHASE = "phase"
    IMPACT = "impact"
    DISSEMINATION = "dissemination"
    FUNDER = "funder"


class Report(Piece):
    """A snapshot of what was known at a revision of the enquiry."""

    kind: ReportKind
    by: UUID
    at: datetime
    revision: int
    """Of the enquiry: the snapshot holds what was recorded up to here."""
    cycle: int
    corrects: UUID | None
    items: tuple[UUID, ...]
    """Evidence that stood then."""
    claims: tuple[UUID, ...]
    readings: tuple[Reading, ...] = ()
    """Who has read it for what could identify anybody."""
    published: Audience | None = None
    commentary: Mapping[str, str] = {}
    """What was said to each question that was answered; the words are references."""


class Reports(Piece):
    """Every report, oldest first."""

    reports: Mapping[UUID, Report] = {}
