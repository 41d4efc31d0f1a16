"""On the way: rooms, notes, corridors, until the walk ends."""

from typing import Annotated
from uuid import UUID

from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry_learning_walks.forms.plan import KEPT_FOR_A_TERM, VISIT
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    CriterionKey,
    Note,
    NoteKind,
    Share,
    ShareKind,
    VisitStatus,
)

NOTES = ask("On which notes does it rest?", at_most=100)


_PRESENT = ask("Who is in the room?", address=True, at_least=1, at_most=6, ui="people")


_SAID = text(
    "I noticed …, or I wonder …",
    upto=1000,
    lines=3,
    kind=KEPT_FOR_A_TERM,
    guard="notes_shared",
)


_WHY = text("Why?", upto=1000, lines=3, guard="contributions")


class BeginWalk(Entry, records="walk-begun"):
    """Begin the walk"""

    def apply(self, s: Walk, was: Was) -> Walk:
        """Focus and criteria are frozen."""
        return s.but(begun_at=was.at)


class BeginVisit(Entry, records="visit-begun"):
    """Enter the room"""

    visit_no: Annotated[int, VISIT]
    present: Annotated[tuple[UUID, ...], _PRESENT]

    def apply(self, s: Walk, was: Was) -> Walk:
        """From now on those present may take notes."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        present = tuple(dict.fromkeys(self.present))
        return s.with_visit(visit.but(status=VisitStatus.OPEN, present=present, begun_at=was.at))


class EndVisit(Entry, records="visit-ended"):
    """Leave the room; the corridor debrief opens"""

    visit_no: Annotated[int, VISIT]
    present: Annotated[tuple[UUID, ...], _PRESENT] | None = None
    """Who was there by the end, if somebody came later."""

    def apply(self, s: Walk, was: Was) -> Walk:
        """Whoever was there at all was present."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        present = tuple(dict.fromkeys((*visit.present, *(self.present or ()))))
        return s.with_visit(
            visit.but(status=VisitStatus.CORRIDOR, present=present, ended_at=was.at)
        )


class RecordNote(Entry, records="note-recorded"):
    """Write down what you see and hear: evidence, never a judgement"""

    visit_no: Annotated[int, VISIT]
    criterion_id: Annotated[CriterionKey, ask("For which criterion?", ui="choice")]
    kind: Annotated[NoteKind, ask("How do you know?", ui="choice")]
    text: Annotated[
        str,
        text(
            "What did you see or hear?",
            upto=1000,
            lines=4,
            kind=KEPT_FOR_A_TERM,
            guard="notes_shared",
            verbatim="verbatim",
            about="kind",
        ),
    ]
    count: Annotated[int, ask("How many?", ge=0, le=1000)] | None = None
    verbatim: Annotated[bool, ask("Are the words in quotation marks somebody's own?")] = False

    def apply(self, s: Walk, was: Was) -> Walk:
        """The note has the fact's id."""
        note = Note(
            visit=self.visit_no,
            criterion=self.criterion_id,
            by=was.by,
            kind=self.kind,
            text=self.text,
            count=self.count,
            verbatim=self.verbatim,
        )
        return s.but(notes={**s.notes, was.id: note})


class RetractNote(Entry, records="note-retracted"):
    """Take back a note of yours"""

    note: Annotated[UUID, ask("Which note?", address=True)]

    def apply(self, s: Walk, was: Was) -> Walk:
        """Nobody sees it any more."""
        return s.hide((self.note,), was)


class ShareInCorridor(Entry, records="corridor-share-recorded"):
    """Share a noticing or a wondering, or say that you have nothing to add"""

    visit_no: Annotated[int, VISIT]
    kind: Annotated[ShareKind, ask("What do you share?", ui="choice")]
    text: Annotated[str, _SAID] | None = None
    note_ids: Annotated[tuple[UUID, ...], NOTES] = ()

    def apply(self, s: Walk, was: Was) -> Walk:
        """The corridor has heard from them."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        share = Share(
            visit=self.visit_no, by=was.by, kind=self.kind, text=self.text, notes=self.note_ids
        )
        spoke = tuple(dict.fromkeys((*visit.spoke, was.by)))
        return s.with_visit(visit.but(spoke=spoke)).but(shares={**s.shares, was.id: share})


class CloseCorridor(Entry, records="corridor-closed"):
    """Close the corridor debrief"""

    visit_no: Annotated[int, VISIT]

    def apply(self, s: Walk, was: Was) -> Walk:
        """No more notes on this visit."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        return s.with_visit(visit.but(status=VisitStatus.DONE, corridor_at=was.at))


class SkipCorridor(Entry):
    """Go on without a corridor debrief, and say why"""

    visit_no: Annotated[int, VISIT]
    reason: Annotated[str, _WHY]


class CorridorSkipped(Entry, records="corridor-skipped"):
    """There was no corridor debrief after this visit"""

    visit_no: int

    def apply(self, s: Walk, was: Was) -> Walk:
        """No more notes on this visit."""
        visit = s.visits.get(self.visit_no)
        return s if visit is None else s.with_visit(visit.but(status=VisitStatus.DONE))


class SkipVisit(Entry, records="visit-skipped"):
    """Leave a visit out, and say why"""

    visit_no: Annotated[int, VISIT]
    reason: Annotated[str, _WHY]

    def apply(self, s: Walk, was: Was) -> Walk:
        """It does not take place."""
        visit = s.visits.get(self.visit_no)
        return s if visit is None else s.with_visit(visit.but(status=VisitStatus.SKIPPED))


class EndWalk(Entry, records="walk-ended"):
    """End the walk; visits that were not begun do not take place"""

    def apply(self, s: Walk, was: Was) -> Walk:
        """From now on the team pools its notes."""
        for visit in s.visits.values():
            if visit.status == VisitStatus.SCHEDULED:
                s = s.with_visit(visit.but(status=VisitStatus.SKIPPED))
        covered = {note.criterion for note in s.live_notes().values()}
        uncovered = tuple(c.id for c in s.criteria if c.id not in covered)
        return s.but(ended_at=was.at, uncovered=uncovered, walked=len(s.team()))
