"""What the rules must remember of meetings."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.method.entry import Piece


class Contribution(StrEnum):
    """What somebody brought to a meeting."""

    SHARED_DATA = "shared_data"
    SHARED_PRACTICE = "shared_practice"
    LED_ITEM = "led_item"
    CHALLENGED = "challenged"
    SUPPORTED = "supported"
    RECORDED = "recorded"


class Meeting(Piece):
    """A dated gathering of the group."""

    on: date
    chair: UUID
    recorder: UUID
    phase: Phase | None
    cycle: int
    attended: tuple[UUID, ...]
    contributed: tuple[UUID, ...] = ()
    """Who brought something; each once."""
    organiser: UUID | None = None
    enquiry_lead: UUID | None = None
    broker: UUID | None = None
    norms_reviewed: bool = False
    closed: bool = False

    @property
    def roles(self) -> tuple[UUID | None, ...]:
        """The three tasks until the next meeting."""
        return (self.organiser, self.enquiry_lead, self.broker)

    @property
    def leads(self) -> tuple[UUID, ...]:
        """Who held one of the four slots of leadership."""
        return tuple(person for person in (self.chair, *self.roles) if person is not None)


class Meetings(Piece):
    """Every meeting, oldest first."""

    meetings: Mapping[UUID, Meeting] = {}

    @property
    def closed(self) -> tuple[Meeting, ...]:
        """The meetings that are over, in the order in which they were opened."""
        return tuple(one for one in self.meetings.values() if one.closed)
