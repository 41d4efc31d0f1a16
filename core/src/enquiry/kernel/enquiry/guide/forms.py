"""Forms and facts of the guide."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.guide.questions import Dimension
from enquiry.kernel.enquiry.guide.state import Answer, Placement, Skill
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain, text

_KEY = plain("Which question?", because="the key of a question", upto=80)
_CHOICE = plain("What do you choose?", because="one of the answers to choose from", upto=40)
_WORDS = text("What is the answer?", upto=4000, lines=4)


class Answered(Piece):
    """One question of a box, answered in words or by a choice."""

    key: Annotated[str, _KEY]
    text: Annotated[str, _WORDS] | None = None
    choice: Annotated[str, _CHOICE] | None = None


class RecordFormEntry(Entry):
    """Record a box of the facilitator's guide"""

    phase: Annotated[Phase, ask("Of which phase?", address=True, ui="choice")]
    dimension: Annotated[Dimension, ask("Of which dimension?", address=True, ui="choice")]
    school: Annotated[UUID, ask("For which school?", address=True, ui="choice")]
    box: Annotated[int, ask("Which box?", address=True, ge=1, le=3)]
    """1: what is asked; 2: what the facilitator assesses; 3: the aide-memoire."""
    answers: Annotated[tuple[Answered, ...], ask("Which answers?", at_least=1, at_most=20)]
    evidence: Annotated[tuple[UUID, ...], ask("On which evidence?", at_most=20)] = ()


class FormEntryRecorded(Entry, records="form-entry-recorded"):
    """A question of the guide was answered for a school"""

    phase: Phase
    dimension: Dimension
    school: UUID
    box: int
    key: Annotated[str, _KEY]
    text: Annotated[str, _WORDS] | None = None
    choice: Annotated[str, _CHOICE] | None = None
    evidence: tuple[UUID, ...] = ()

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last answer counts."""
        answer = Answer(
            id=was.id,
            phase=self.phase,
            dimension=self.dimension,
            box=self.box,
            school=self.school,
            key=self.key,
            text=self.text,
            choice=self.choice,
            cycle=s.course.cycle,
        )
        return s.but(guide=s.guide.put(answer))


_SHARED = text("In which words?", upto=2000, lines=3, guard="reports")


class ShareFormEntry(Entry, records="form-entry-shared"):
    """Tell a school something of the guide about it, in words of your own"""

    school: Annotated[UUID, ask("Which school?", address=True, ui="choice")]
    phase: Annotated[Phase, ask("Of which phase?", ui="choice")]
    dimension: Annotated[Dimension, ask("Of which dimension?", ui="choice")]
    text: Annotated[str, _SHARED]


class PlaceGroup(Entry, records="group-placed"):
    """Place the group on the grid of skill and participation"""

    on: Annotated[date, ask("On which day?", ui="date")]
    skill: Annotated[Skill, ask("How skilled is it at working together?", ui="choice")]
    participation: Annotated[Skill, ask("How much does it take part?", ui="choice")]
    evidence: Annotated[str, text("From what can that be seen?", upto=2000, lines=3)]
    next_step: Annotated[str, text("What is next?", upto=1000, lines=2)] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Only facilitators see it until it is shared."""
        made = Placement(
            id=was.id,
            on=self.on,
            skill=self.skill,
            participation=self.participation,
            evidence=self.evidence,
            next_step=self.next_step,
        )
        return s.but(guide=s.guide.but(placements=(*s.guide.placements, made)))


class SharePlacement(Entry, records="placement-shared"):
    """Share with the group where you see it"""

    placement: Annotated[UUID, ask("Which placement?", address=True, ui="choice")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """From now on the group reads it."""
        shared = tuple(
            one.but(shared=True) if one.id == self.placement else one for one in s.guide.placements
        )
        return s.but(guide=s.guide.but(placements=shared))
