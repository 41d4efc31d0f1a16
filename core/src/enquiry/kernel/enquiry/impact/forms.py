"""Forms and facts of impact."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.impact.state import Claim, Direction
from enquiry.kernel.enquiry.overviews.state import OverviewForm, Row
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import Level, Verdict
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text

_CLAIM = ask("Which claim?", address=True, ui="choice")


class DraftImpactClaim(Entry, records="impact-claim-drafted"):
    """Claim an effect, on evidence"""

    level: Annotated[Level, ask("At which level?", ui="choice")]
    statement: Annotated[str, text("What is the effect?", upto=1000, lines=3, guard="reports")]
    direction: Annotated[Direction, ask("In which direction?", ui="choice")]
    evidence: Annotated[
        tuple[UUID, ...], ask("On which evidence or readings?", at_least=1, at_most=50)
    ]
    measures: Annotated[tuple[UUID, ...], ask("Of which measures?", at_most=20)] = ()

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The claim has the fact's id."""
        made = Claim(
            by=was.by,
            statement=self.statement,
            level=self.level,
            direction=self.direction,
            evidence=self.evidence,
            measures=self.measures,
            cycle=s.course.cycle,
        )
        return _with(s, was.id, made)


def _with(s: Enquiry, id_: UUID, claim: Claim) -> Enquiry:
    return s.but(impact=s.impact.but(claims={**s.impact.claims, id_: claim}))


_NOTE = text("What is to be said about it?", upto=500, guard="reports")


class AnswerImpactTests(Entry, records="impact-tests-answered"):
    """Answer the three tests of a claim"""

    claim: Annotated[UUID, _CLAIM]
    validity: Annotated[Verdict, ask("Does the method capture what it is meant to?", ui="choice")]
    triangulation: Annotated[Verdict, ask("Do several views or methods agree?", ui="choice")]
    reliability: Annotated[Verdict, ask("Would somebody else find the same?", ui="choice")]
    validity_note: Annotated[str, _NOTE] | None = None
    triangulation_note: Annotated[str, _NOTE] | None = None
    reliability_note: Annotated[str, _NOTE] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last answers count."""
        known = s.impact.claims[self.claim]
        answered = known.but(
            validity=self.validity,
            triangulation=self.triangulation,
            reliability=self.reliability,
        )
        return _with(s, self.claim, answered)


class SupersedeImpactClaim(Entry, records="impact-claim-superseded"):
    """Say that a claim no longer stands; it is not deleted"""

    claim: Annotated[UUID, _CLAIM]
    by: Annotated[UUID, ask("Which claim takes its place?", ui="choice")] | None = None
    reason: Annotated[str, text("Why?", upto=1000, lines=3)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It stays in the record, and weighs nothing any longer."""
        known = s.impact.claims[self.claim]
        return _with(s, self.claim, known.but(superseded=True, superseded_by=self.by))


_CAME = text("What came of it?", upto=2000, lines=3, guard="reports")
_NONE = text("Or why is there no evidence?", upto=500)


class Outcome(Piece):
    """What came of it at one level, or why that cannot be told."""

    level: Annotated[Level, ask("At which level?", ui="choice")]
    text: Annotated[str, _CAME] | None = None
    no_evidence: Annotated[str, _NONE] | None = None


_CELLS = {
    Level.STUDENT: "student_outcomes",
    Level.PROFESSIONAL: "professional_outcomes",
    Level.ORGANISATIONAL: "organisation_outcomes",
}
"""Where each level stands in a school's row of the impact overview (2.9)."""


class RecordOutcomes(Entry, records="outcomes-recorded"):
    """Record what came of it at a school, at three levels"""

    school: Annotated[UUID, ask("At which school?", address=True, ui="choice")]
    outcomes: Annotated[tuple[Outcome, ...], ask("What came of it?", at_least=1, at_most=3)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last words on each level count; they are the school's row of the overview."""
        levels = {
            **s.impact.outcomes.get(self.school, {}),
            **dict.fromkeys((outcome.level for outcome in self.outcomes), s.course.cycle),
        }
        outcomes = {**s.impact.outcomes, self.school: levels}
        row = Row(
            form=OverviewForm.IMPACT,
            school=self.school,
            cycle=s.course.cycle,
            meeting=None,
            cells={
                _CELLS[one.level]: words
                for one in self.outcomes
                if (words := one.text or one.no_evidence) is not None
            },
        )
        overviews = s.overviews.put(row)
        return s.but(impact=s.impact.but(outcomes=outcomes), overviews=overviews)


class RecordPupilFeedback(Entry, records="pupil-feedback-recorded"):
    """Record that pupils were told what came of what they said"""

    school: Annotated[UUID, ask("At which school?", ui="choice")]
    how: Annotated[str, text("How were they told?", upto=1000, guard="reports")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Results return to those who gave them."""
        return s.but(impact=s.impact.but(fed_back=s.course.cycle))
