"""What the rules must remember of an enquiry: what runs look at, and a piece for each idea."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from enquiry.kernel.enquiry.agreement.state import Agreement
from enquiry.kernel.enquiry.choices.state import Choice
from enquiry.kernel.enquiry.dissemination.state import Told
from enquiry.kernel.enquiry.ethics.state import Ethics
from enquiry.kernel.enquiry.evidence.state import Consent, Item
from enquiry.kernel.enquiry.focus.state import Focused
from enquiry.kernel.enquiry.guide.state import Guide
from enquiry.kernel.enquiry.impact.state import Impact
from enquiry.kernel.enquiry.learning.state import Card
from enquiry.kernel.enquiry.maturity.state import Placements
from enquiry.kernel.enquiry.measures.state import Measure
from enquiry.kernel.enquiry.meetings.state import Meetings
from enquiry.kernel.enquiry.norms.state import Norms
from enquiry.kernel.enquiry.overviews.state import Overviews
from enquiry.kernel.enquiry.people.state import Scope
from enquiry.kernel.enquiry.phases.state import Course
from enquiry.kernel.enquiry.progress.state import Round
from enquiry.kernel.enquiry.reports.state import Reports
from enquiry.kernel.enquiry.strategies.state import Trying
from enquiry.kernel.enquiry.trials.state import Trials
from enquiry.kernel.surveys.state import WithSurveys


class Enquiry(WithSurveys):
    """A group of people and schools with a question.

    The first fields are what runs and other streams look at. Each of the others belongs to one of
    the packages beside this module, and is changed by that package's facts only.
    """

    title: str = ""
    scope: Scope = Scope.ALLIANCE
    schools: tuple[UUID, ...] = ()
    """Schools that take part."""
    members: tuple[UUID, ...] = ()
    facilitators: tuple[UUID, ...] = ()
    friends: tuple[UUID, ...] = ()
    """Critical friends: they read what the group agreed, and are no members."""
    invited: tuple[UUID, ...] = ()
    former: tuple[UUID, ...] = ()
    """People who left: their right to withdraw consent stays."""
    representatives: Mapping[UUID, UUID] = {}
    """Who responds for each school."""
    deputies: Mapping[UUID, UUID] = {}
    """Who responds for a school in place of its representative."""
    reasons: Mapping[str, bool] = {}
    """By method: whether the group can say why it chose it."""
    ethics_reviewed: bool = False
    evidence: Mapping[UUID, UUID] = {}
    """Run by which evidence was published, by the id of the act by which it was."""

    gone: Mapping[UUID, int] = {}
    """Facts that nobody sees any more, with the revision at which they were withdrawn."""
    consents: Mapping[UUID, tuple[Consent, ...]] = {}
    """What people consented to for this enquiry."""

    runs: Mapping[UUID, str] = {}
    """Method of each run that serves this enquiry."""

    course: Course = Course()
    norms: Norms = Norms()
    agreement: Agreement = Agreement()
    focused: Focused = Focused()
    choices: tuple[Choice, ...] = ()
    trying: Trying = Trying()
    ethics: Ethics = Ethics()
    measures: Mapping[UUID, Measure] = {}
    items: Mapping[UUID, Item] = {}
    """Evidence, by the id of the fact that added it."""
    trials: Trials = Trials()
    meetings: Meetings = Meetings()
    overviews: Overviews = Overviews()
    guide: Guide = Guide()
    impact: Impact = Impact()
    progress: Mapping[UUID, Round] = {}
    """Rounds of progress assessments."""
    reports: Reports = Reports()
    cards: Mapping[UUID, Card] = {}
    """What each member says they are learning."""
    maturity: Placements = Placements()
    corrections: Mapping[UUID, UUID] = {}
    """What each note of correction is about."""
    told: tuple[Told, ...] = ()
    """What was told to others, oldest first."""

    @property
    def reasoned_methods(self) -> tuple[str, ...]:
        """Methods chosen with a reason."""
        return tuple(method for method, reasoned in self.reasons.items() if reasoned)

    def without(self, lost: Iterable[UUID], revision: int) -> Mapping[UUID, int]:
        """``gone``, once these facts and the notes of correction to them are withdrawn, too."""
        facts = frozenset(lost)
        notes = (note for note, about in self.corrections.items() if about in facts)
        return {**self.gone, **dict.fromkeys((*facts, *notes), revision)}

    def speaks_for(self, person: UUID) -> tuple[UUID, ...]:
        """Schools for which this person may respond, as representative or deputy."""
        return tuple(
            school
            for school in self.schools
            if person in (self.representatives.get(school), self.deputies.get(school))
        )
