"""Forms and facts of surveys."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.kernel.smallnumbers import SMALL
from enquiry.kernel.surveys.scoring import KEY, Given, Noted, Results
from enquiry.kernel.surveys.state import Survey, WithSurveys
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain, text

_SURVEY = ask("Which survey?", address=True)
_COMMENT = text(
    "Anything else? Name nobody.", upto=2000, lines=3, kind="research", guard="contributions"
)


class OpenSurvey(Entry):
    """Open a survey"""

    instrument: Annotated[
        str, plain("Which instrument?", because="the id of an instrument", upto=64, address=True)
    ]
    version: Annotated[int, ask("Which version of it?", ge=1, address=True)] | None = None
    """The newest, if not said."""
    anonymous: Annotated[bool, ask("Is it anonymous?")]
    audience: Annotated[tuple[UUID, ...], ask("Who is asked?", at_most=1000, ui="people")] = ()
    """Empty: everybody who is a member now."""
    closes_on: Annotated[date, ask("Until which day, that day included?", ui="date")]
    min_n: Annotated[int, ask("Below how many people is nothing told?", ge=2, le=50)] = SMALL
    owner: Annotated[UUID, ask("Who reads what is written freely?", ui="people")] | None = None
    """Whoever opens it, if not said."""


class SurveyOpened(Entry, records="survey-opened"):
    """A survey was opened"""

    instrument: Annotated[str, KEY]
    version: int
    anonymous: bool
    audience: tuple[UUID, ...]
    closes_on: date
    min_n: int
    owner: UUID

    def apply(self, s: WithSurveys, was: Was) -> WithSurveys:
        """The survey has the fact's id."""
        opened = Survey(
            instrument=self.instrument,
            version=self.version,
            anonymous=self.anonymous,
            audience=self.audience,
            owner=self.owner,
            closes_on=self.closes_on,
            min_n=self.min_n,
        )
        return s.with_survey(was.id, opened)


class SubmitSurvey(Entry):
    """Answer a survey, once; what is answered anonymously cannot be found again to take it back"""

    survey: Annotated[UUID, _SURVEY]
    answers: Annotated[tuple[Given, ...], ask("Answers", at_least=1, at_most=100)]
    comment: Annotated[str, _COMMENT] | None = None


class SurveyResponseSubmitted(Entry, records="survey-response-submitted"):
    """Somebody answered a survey"""

    survey: UUID
    answers: tuple[Given, ...] | None = None
    """Never of an anonymous survey."""
    comment: Annotated[str, _COMMENT] | None = None
    """Never of an anonymous survey."""

    def apply(self, s: WithSurveys, was: Was) -> WithSurveys:
        """Remember who has answered; of an anonymous survey nothing else is known."""
        known = s.surveys.get(self.survey)
        if known is None:
            return s
        who = tuple(sorted({*known.answered, was.by}))
        given = () if self.answers is None else (self.answers,)
        said = () if self.comment is None else (self.comment,)
        responses, comments = (*known.responses, *given), (*known.comments, *said)
        noted = [(one.item, one.note) for one in self.answers or () if one.note is not None]
        survey = known.but(
            answered=who, responses=responses, comments=comments, notes=(*known.notes, *noted)
        )
        return s.with_survey(self.survey, survey)


class CloseSurvey(Entry):
    """Close a survey; its results are told at once, and nobody can answer any more"""

    survey: Annotated[UUID, _SURVEY]


class SurveyClosed(Entry, records="survey-closed"):
    """A survey was closed"""

    survey: UUID
    results: Results | None = None
    """``None``: too few answered for anything to be told; their answers are gone."""
    owner: UUID | None = None
    """Who reads from now on in place of an owner who has left or lost their role; ``None``: it is
    as it was."""

    def apply(self, s: WithSurveys, was: Was) -> WithSurveys:
        """Keep what may be told. Whoever was asked is asked no longer."""
        known = s.surveys.get(self.survey)
        if known is None:
            return s
        owner = self.owner or known.owner
        closed = known.but(closed=True, results=self.results, owner=owner)
        return s.with_survey(self.survey, closed)


class CommentsReceived(Entry, records="survey-comments-received"):
    """What was written freely in an anonymous survey"""

    survey: UUID
    comments: tuple[
        Annotated[str, text("Comment", upto=2000, subject="survey", kind="research")], ...
    ]
    """In alphabetical order. They are the survey's own: whose they were is not known."""
    notes: tuple[Noted, ...] = ()
    """By item, each item's in alphabetical order; only about items that enough people answered."""

    def apply(self, s: WithSurveys, was: Was) -> WithSurveys:
        """Keep references."""
        known = s.surveys.get(self.survey)
        if known is None:
            return s
        notes = tuple((one.item, one.note) for one in self.notes)
        return s.with_survey(self.survey, known.but(comments=self.comments, notes=notes))
