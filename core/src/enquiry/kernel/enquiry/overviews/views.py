"""The four overviews: rows of the schools, and parts that follow from decisions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.overviews.state import OverviewForm
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class RowShown(Struct, frozen=True):
    """A school's row."""

    school: UUID
    name: Any
    """What the school is called."""
    meeting: UUID | None
    cells: dict[str, Any]


class OverviewShown(Struct, frozen=True):
    """An overview of one phase."""

    form: str
    rows: tuple[RowShown, ...]
    group: dict[str, tuple[Any, ...]]
    """What the group decided, by the name of the cell: the words of adopted proposals and of closed
    syntheses."""


class Overviews(Struct, frozen=True):
    """The overviews of the present cycle."""

    cycle: int
    overviews: tuple[OverviewShown, ...]
    """Implementation, innovation, impact, overall; the last has every row of the others."""


def overviews(s: Enquiry, look: Look) -> Overviews:
    """Rows are about schools, never about anybody; the overall one is a pure projection."""
    phases = [form for form in OverviewForm if form != OverviewForm.OVERALL]
    shown = [OverviewShown(form, _rows(s, form, look), _group(s, form)) for form in phases]
    every = tuple(row for one in shown for row in one.rows)
    overall = OverviewShown(OverviewForm.OVERALL, every, _overall(s))
    return Overviews(s.course.cycle, (*shown, overall))


def _rows(s: Enquiry, form: OverviewForm, look: Look) -> tuple[RowShown, ...]:
    known = around.alliance(look).schools
    return tuple(
        RowShown(
            row.school,
            known[row.school].name if row.school in known else None,
            row.meeting,
            dict(row.cells),
        )
        for row in s.overviews.of(form, s.course.cycle)
    )


def _group(s: Enquiry, form: OverviewForm) -> dict[str, tuple[Any, ...]]:
    if form == OverviewForm.IMPLEMENTATION:
        return {
            "agreed_collective_focus": _said(s, Kind.FOCUS),
            "collective_question": _said(s, Kind.QUESTION),
        }
    steps = tuple(_said(s, Kind.NEXT_STEPS, str(form)))
    if form == OverviewForm.INNOVATION:
        return {**_feedback(s), "agreed_next_steps": steps}
    decided = (*_said(s, Kind.RECOMMENDATION), *_said(s, Kind.DISSEMINATION))
    return {"agreed_recommendations_and_dissemination": decided, "agreed_next_steps": steps}


def _feedback(s: Enquiry) -> dict[str, tuple[Any, ...]]:
    """What the group made of the trials of this cycle together, in the syntheses it has closed."""
    read = [
        one
        for number, one in sorted(s.trials.syntheses.items())
        if one.closed and number >= s.trials.since
    ]
    return {
        "working_well": tuple(words for one in read for words in one.strengths),
        "needs_revisiting": tuple(words for one in read for words in one.weaknesses),
    }


def _overall(s: Enquiry) -> dict[str, tuple[Any, ...]]:
    return {
        "agreed_collective_focus": _said(s, Kind.FOCUS),
        "collective_questions": _said(s, Kind.QUESTION),
        "agreed_methods": tuple(dict.fromkeys(choice.method for choice in s.choices)),
        "agreed_strategy": _said(s, Kind.STRATEGY),
        **_feedback(s),
        "agreed_next_steps": _said(s, Kind.NEXT_STEPS),
        "agreed_recommendations_and_dissemination": (
            *_said(s, Kind.RECOMMENDATION),
            *_said(s, Kind.DISSEMINATION),
        ),
    }


def _said(s: Enquiry, kind: Kind, phase: str | None = None) -> tuple[Any, ...]:
    adopted = s.agreement.adopted(kind, s.course.cycle, phase)
    contents = (s.agreement.proposals[id_].content for id_ in adopted)
    return tuple(words for content in contents for words in words_of(kind, content))


def words_of(kind: Kind, content: Any) -> Iterable[Any]:
    """The words of a proposal that stand for it in an overview."""
    match kind:
        case Kind.FOCUS:
            yield content.focus.title
        case Kind.QUESTION:
            yield content.question.wording
        case Kind.STRATEGY:
            yield content.strategy.title
        case Kind.NEXT_STEPS:
            yield from (step.text for step in content.steps)
        case Kind.DISSEMINATION:
            yield content.dissemination.audience
            yield content.dissemination.channel
        case _:
            yield content.statement
