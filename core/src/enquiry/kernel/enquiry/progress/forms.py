"""Forms and facts of progress assessments."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.progress.state import Round
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain, text

_ROUND = ask("Which assessment?", address=True, ui="choice")


class OpenProgressAssessment(Entry, records="progress-assessment-opened"):
    """Ask everybody where the group is now"""

    phase: Annotated[Phase, ask("Of which phase?", ui="choice")]
    closes_on: Annotated[date, ask("Until which day?", ui="date")]
    """The last day on which a response counts, where the first school is."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The round has the fact's id."""
        made = Round(phase=self.phase, cycle=s.course.cycle, closes_on=self.closes_on)
        return s.but(progress={**s.progress, was.id: made})


class Response(Piece):
    """How far somebody agrees with an item."""

    item: Annotated[str, plain("Which item?", because="the key of an item", upto=40)]
    value: Annotated[int, ask("How far do you agree?", ge=1, le=5)]
    """5: strongly agree; 1: strongly disagree."""


class SubmitProgressAssessment(Entry, records="progress-assessment-submitted"):
    """Say where you see the group"""

    assessment: Annotated[UUID, _ROUND]
    school: Annotated[UUID, ask("For which school?", ui="choice")]
    responses: Annotated[tuple[Response, ...], ask("How far do you agree?", at_least=1, at_most=5)]
    findings: Annotated[str, text("Our focus or our findings so far", upto=2000)] | None = None
    help_wanted: Annotated[str, text("We need help with", upto=2000)] | None = None
    learned: Annotated[str, text("We have learned", upto=2000)] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A second response takes the place of the first."""
        known = s.progress[self.assessment]
        answers = {response.item: response.value for response in self.responses}
        after = known.responded(was.by, self.school, answers)
        return s.but(progress={**s.progress, self.assessment: after})


class CloseProgressAssessment(Entry, records="progress-assessment-closed"):
    """Close a progress assessment before its last day"""

    assessment: Annotated[UUID, _ROUND]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """No response counts any longer."""
        known = s.progress[self.assessment].but(closed=True)
        return s.but(progress={**s.progress, self.assessment: known})
