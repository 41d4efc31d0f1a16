"""What happened when. Only what the whole group may read; never what stands in a private box."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal
from enquiry.kernel.enquiry.overviews.views import words_of
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class Happening(StrEnum):
    """What sort of thing happened."""

    COURSE = "course"
    DECISION = "decision"
    MEETING = "meeting"
    TRIAL = "trial"
    RUN = "run"
    READING = "reading"
    EVIDENCE = "evidence"
    ASSESSMENT = "assessment"
    REPORT = "report"
    DISSEMINATION = "dissemination"


class Moment(Struct, frozen=True):
    """Something that happened."""

    on: date
    """Where the first school is."""
    kind: str
    what: str
    """More closely, as a code: the turn of the course, the kind of decision, the method ..."""
    id: UUID
    cycle: int | None
    phase: str | None
    """In which phase; ``None`` where that is not known."""
    school: UUID | None = None
    title: Any = None
    """Words of the group, where it has adopted or named any."""


class SchoolNamed(Struct, frozen=True):
    """A school, and what it is called."""

    school: UUID
    name: Any


class Timeline(Struct, frozen=True):
    """Everything, by its day."""

    moments: tuple[Moment, ...]
    schools: tuple[SchoolNamed, ...]
    """Those that take part."""


def timeline(s: Enquiry, look: Look) -> Timeline:
    """The journey so far, told from what the group shares."""
    found = sorted(_moments(s, look), key=lambda pair: (pair[0].on, pair[1]))
    known = around.alliance(look).schools
    return Timeline(
        tuple(one for one, _ in found),
        tuple(SchoolNamed(id_, known[id_].name) for id_ in s.schools if id_ in known),
    )


_Timed = tuple[Moment, datetime]
"""With the instant, where one is known: what is of one day stands in the order of the instants."""
_EARLY = datetime.min.replace(tzinfo=UTC)
"""Where only the day is known: before everything else of it."""


def _moments(s: Enquiry, look: Look) -> Iterator[_Timed]:
    def day(at: datetime) -> date:
        return around.local_date(look, s.schools[0] if s.schools else None, at)

    for turn in s.course.passages:
        made = Moment(day(turn.at), "course", turn.turn, turn.id, turn.cycle, turn.phase)
        yield made, turn.at
    for id_, one in s.agreement.proposals.items():
        if one.adopted_at is not None:
            title = _title(one)
            on = day(one.adopted_at)
            phase = one.phase or None
            made = Moment(on, "decision", one.kind, id_, one.cycle, phase, title=title)
            yield made, one.adopted_at
    for id_, report in s.reports.reports.items():
        yield Moment(day(report.at), "report", report.kind, id_, report.cycle, None), report.at
    yield from _runs(s, look, day)
    yield from ((one, _EARLY) for one in (*_assessed(s), *_done(s), *_gathered(s)))


def _assessed(s: Enquiry) -> Iterator[Moment]:
    for id_, round_ in s.progress.items():
        if round_.closed:
            what, cycle = "progress_assessment", round_.cycle
            yield Moment(round_.closes_on, "assessment", what, id_, cycle, round_.phase)


def _done(s: Enquiry) -> Iterator[Moment]:
    for id_, meeting in s.meetings.meetings.items():
        if meeting.closed:
            yield Moment(meeting.on, "meeting", "meeting", id_, meeting.cycle, meeting.phase)
    for id_, trial in s.trials.trials.items():
        yield Moment(
            trial.begins,
            "trial",
            trial.status,
            id_,
            trial.enquiry_cycle,
            "innovation",
            trial.school,
        )
    for told in s.told:
        known = s.agreement.proposals[told.proposal]
        yield Moment(
            told.on,
            "dissemination",
            told.basis,
            told.id,
            known.cycle,
            None,
            title=next(iter(words_of(Kind.DISSEMINATION, known.content)), None),
        )


def _gathered(s: Enquiry) -> Iterator[Moment]:
    for measure in s.measures.values():
        for what, readings in (("baseline", measure.baselines), ("reading", measure.readings)):
            for one in readings:
                yield Moment(one.on, "reading", what, one.id, one.cycle, None, title=measure.name)
    for id_, item in s.items.items():
        if item.stands and item.on is not None:
            yield Moment(item.on, "evidence", item.level, id_, item.cycle, item.phase or None)


def _runs(s: Enquiry, look: Look, day: Callable[[datetime], date]) -> Iterator[_Timed]:
    for id_, method in s.runs.items():
        run = look.read(id_)
        if run is not None and run.started_at is not None:
            on, at = day(run.started_at), run.started_at
            yield Moment(on, "run", method, id_, None, None, run.school), at


def _title(one: Proposal) -> Any:
    return next(iter(words_of(one.kind, one.content)), None)
