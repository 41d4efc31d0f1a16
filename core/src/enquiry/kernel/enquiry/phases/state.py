"""What the rules must remember of the course of an enquiry."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class Phase(StrEnum):
    """Which gate comes next; it forbids nothing that belongs to another phase."""

    IMPLEMENTATION = "implementation"
    INNOVATION = "innovation"
    IMPACT = "impact"


class Course(Piece):
    """Where the enquiry is, and since when."""

    cycle: int = 1
    """From 1."""
    phase: Phase | None = None
    """``None`` before it is launched."""
    launched_at: datetime | None = None
    """Of the present cycle."""
    entered_at: datetime | None = None
    """When the present phase began."""
    progressed_at: datetime | None = None
    """When something last happened that is more than planning: a run or a trial started, a
    decision was adopted."""
    targets: Mapping[Phase, date] = {}
    """By when each phase is meant to be over."""
    supports: Mapping[str, tuple[UUID, ...]] = {}
    """Representatives who have asked for a step that takes two of them."""
    paused_in: str | None = None
    """The stage to which resuming leads."""
