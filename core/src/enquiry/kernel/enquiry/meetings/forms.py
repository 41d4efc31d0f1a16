"""Forms and facts of meetings."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.meetings.state import Contribution, Meeting
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text

_MEETING = ask("Which meeting?", address=True, ui="choice")
_ITEM = Annotated[str, text("Item", upto=300)]


class OpenMeeting(Entry, records="meeting-opened"):
    """Open a meeting"""

    on: Annotated[date, ask("On which day?", ui="date")]
    chair: Annotated[UUID, ask("Who chairs?", ui="people")]
    recorder: Annotated[UUID, ask("Who records?", ui="people")]
    attendance: Annotated[
        tuple[UUID, ...], ask("Who is here?", at_least=1, at_most=400, ui="people")
    ]
    agenda: Annotated[tuple[_ITEM, ...], ask("What is on the agenda?", at_most=40)] = ()

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The meeting has the fact's id."""
        made = Meeting(
            on=self.on,
            chair=self.chair,
            recorder=self.recorder,
            phase=s.course.phase,
            cycle=s.course.cycle,
            attended=tuple(dict.fromkeys((*self.attendance, self.chair, self.recorder))),
        )
        return _with(s, was.id, made)


def _with(s: Enquiry, id_: UUID, meeting: Meeting) -> Enquiry:
    meetings = {**s.meetings.meetings, id_: meeting}
    return s.but(meetings=s.meetings.but(meetings=meetings))


class RecordContribution(Entry, records="contribution-recorded"):
    """Record that somebody brought something to the meeting"""

    meeting: Annotated[UUID, _MEETING]
    person: Annotated[UUID, ask("Who?", ui="people")]
    kind: Annotated[Contribution, ask("What did they do?", ui="choice")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """How often is not counted: there is no league table."""
        known = s.meetings.meetings[self.meeting]
        contributed = tuple(dict.fromkeys((*known.contributed, self.person)))
        return _with(s, self.meeting, known.but(contributed=contributed))


class AssignNextRoles(Entry, records="next-roles-assigned"):
    """Agree who does what until the next meeting"""

    meeting: Annotated[UUID, _MEETING]
    organiser: Annotated[UUID, ask("Who organises the next meeting?", ui="people")]
    enquiry_lead: Annotated[UUID, ask("Who leads the next phase of the enquiry?", ui="people")]
    broker: Annotated[UUID, ask("Who finds what we need?", ui="people")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The three tasks are renegotiated at every meeting."""
        known = s.meetings.meetings[self.meeting]
        roles = known.but(
            organiser=self.organiser, enquiry_lead=self.enquiry_lead, broker=self.broker
        )
        return _with(s, self.meeting, roles)


class Agreed(Piece):
    """Something that was agreed to be done."""

    text: Annotated[str, text("What is to be done?", upto=500)]
    owner: Annotated[UUID, ask("Who sees to it?", ui="people")] | None = None
    due: Annotated[date, ask("Until which day?", ui="date")] | None = None


class CloseMeeting(Entry, records="meeting-closed"):
    """Close the meeting"""

    meeting: Annotated[UUID, _MEETING]
    next_steps: Annotated[tuple[Agreed, ...], ask("Which next steps?", at_most=40)] = ()
    norms_reviewed: Annotated[bool, ask("Did you look at your norms?")] = False

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Nothing more is added to it."""
        known = s.meetings.meetings[self.meeting]
        over = known.but(closed=True, norms_reviewed=self.norms_reviewed)
        return _with(s, self.meeting, over)
