"""What people see of surveys."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.surveys.instrument import Item
from enquiry.kernel.surveys.rules import instrument_of
from enquiry.kernel.surveys.scoring import Results
from enquiry.kernel.surveys.state import Survey, WithSurveys
from enquiry.method.method import Look


class NoteShown(Struct, frozen=True):
    """What somebody wrote about one item."""

    item: str
    note: Any


class SurveyShown(Struct, frozen=True):
    """A survey, as one viewer may see it."""

    survey: UUID
    instrument: str
    version: int
    title: str
    source: str
    anonymous: bool
    closes_on: date
    closed: bool
    min_n: int
    least: int
    most: int
    words: dict[str, str]
    items: tuple[Item, ...]
    takes_comment: bool
    """Something may be written freely about the whole of it."""
    takes_notes: bool
    """Something may be written freely about each item."""
    may_answer: bool
    """It is open, the viewer was asked, and has not answered."""
    results: Results | None
    """Once it is closed, if enough people have answered."""
    comments: tuple[Any, ...]
    """For whoever reads what was written freely, once it is closed."""
    notes: tuple[NoteShown, ...]
    """The same about single items, of which enough people have answered each."""


class Surveys(Struct, frozen=True):
    """Every survey, oldest first."""

    surveys: tuple[SurveyShown, ...]


def surveys_shown(
    s: WithSurveys, look: Look, readers: Callable[[Survey], tuple[UUID, ...]]
) -> Surveys:
    """Nothing is told before a survey is closed, and never how many have answered until then.

    ``readers``: who reads what was written freely in a survey.
    """
    return Surveys(
        tuple(
            _shown(id_, one, look, reads=look.viewer.person in readers(one))
            for id_, one in s.surveys.items()
        )
    )


def _shown(id_: UUID, survey: Survey, look: Look, *, reads: bool) -> SurveyShown:
    of, me = instrument_of(survey), look.viewer.person
    reads = reads and survey.closed
    mine = me in survey.audience and me not in survey.answered
    return SurveyShown(
        survey=id_,
        instrument=survey.instrument,
        version=survey.version,
        title=of.title,
        source=of.source,
        anonymous=survey.anonymous,
        closes_on=survey.closes_on,
        closed=survey.closed,
        min_n=survey.min_n,
        least=of.least,
        most=of.most,
        words=dict(of.words),
        items=of.items,
        takes_comment=of.comment,
        takes_notes=of.notes,
        may_answer=mine and not survey.closed,
        results=survey.results,
        comments=survey.comments if reads else (),
        notes=tuple(NoteShown(*one) for one in survey.notes) if reads else (),
    )
