"""On the day: entering and leaving classrooms, and notes for nobody else."""

from typing import Annotated
from uuid import UUID

from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry_instructional_rounds.forms.plan import VISIT
from enquiry_instructional_rounds.state.pieces import Focus, PrivateNote, VisitStatus
from enquiry_instructional_rounds.state.rounds import Rounds

KEPT_FOR_DAYS = "raw-note"
"""Kind of key that seals private notes: it expires a number of days after the close (4.6)."""

_PRESENT = ask("Who is in the room?", address=True, at_least=1, at_most=6, ui="people")


class BeginObservation(Entry, records="observation-begun"):
    """Enter the classroom"""

    visit_no: Annotated[int, VISIT]
    present: Annotated[tuple[UUID, ...], _PRESENT]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """From now on those present may write for themselves."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        present = tuple(dict.fromkeys(self.present))
        return s.with_visit(visit.but(status=VisitStatus.OPEN, present=present, begun_at=was.at))


class EndObservation(Entry, records="observation-ended"):
    """Leave the classroom, in silence"""

    visit_no: Annotated[int, VISIT]
    present: Annotated[tuple[UUID, ...], _PRESENT] | None = None
    """Who was there by the end, if somebody came later."""

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Whoever was there at all was present."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        present = tuple(dict.fromkeys((*visit.present, *(self.present or ()))))
        return s.with_visit(visit.but(status=VisitStatus.DONE, present=present, ended_at=was.at))


class WritePrivateNote(Entry, records="private-note-written"):
    """Write down, for yourself alone, what you see and hear"""

    visit_no: Annotated[int, VISIT]
    focus: Annotated[Focus, ask("At what do you look?", ui="choice")]
    text: Annotated[
        str,
        text("What do you see and hear?", upto=2000, lines=6, kind=KEPT_FOR_DAYS, guard="private"),
    ]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """The note has the fact's id. No row and no view shows it to anybody else."""
        note = PrivateNote(visit=self.visit_no, by=was.by, focus=self.focus, text=self.text)
        return s.but(notes={**s.notes, was.id: note})
