"""Meetings of the three: opened, completed, ended early."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from enquiry import Entry, Was, ask, text
from enquiry_peer_triads.state import Meeting, Mode, Phase, Status, Triad


class OpenMeeting(Entry):
    """Open a meeting"""

    mode: Annotated[Mode, ask("How do you meet?", ui="choice")]
    planned_for: Annotated[datetime, ask("For when was it planned?"), Meta(tz=True)] | None = None


class MeetingOpened(Entry, records="meeting-opened"):
    """A meeting was opened"""

    number: int
    day: date
    mode: Mode
    planned_for: datetime | None = None

    def apply(self, s: Triad, was: Was) -> Triad:
        """The meeting is of the three who are members now."""
        meeting = Meeting(
            id=was.id,
            number=self.number,
            day=self.day,
            opened_at=was.at,
            mode=self.mode,
            planned_for=self.planned_for,
            members=tuple(s.people),
        )
        return s.but(meetings=(*s.meetings, meeting), reviewing=False)


class CompleteMeeting(Entry, records="meeting-completed"):
    """Complete the meeting"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """Everybody has been in every role."""
        meeting = s.meeting
        if meeting is None:
            return s
        return s.with_meeting(meeting.but(status=Status.COMPLETED, ended_at=was.at))


class EndMeetingEarly(Entry):
    """End the meeting before everybody has been in every role, and say why"""

    reason: Annotated[str, text("Why does it end now?", upto=1000, lines=3, guard="private")]


class MeetingIncomplete(Entry, records="meeting-incomplete"):
    """The meeting ended before everybody had been in every role"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """A round that was going on goes no further."""
        ended = s.with_round(phase=Phase.CLOSED, turned_at=was.at)
        meeting = ended.meeting
        if meeting is None:
            return s
        return ended.with_meeting(meeting.but(status=Status.INCOMPLETE, ended_at=was.at))
