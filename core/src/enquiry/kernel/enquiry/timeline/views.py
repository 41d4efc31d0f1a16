"""What happened when. Only what the whole group may read; never what stands in a private box."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
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


class Timeline(Struct, frozen=True):
    """Everything, by its day; what is of one day by sort."""

    moments: tuple[Moment, ...]


def timeline(s: Enquiry, look: Look) -> Timeline:
    """The journey so far, told from what the group shares."""
    kinds = list(Happening)
    found = sorted(_moments(s, look), key=lambda one: (one.on, kinds.index(Happening(one.kind))))
    return Timeline(tuple(found))


def _moments(s: Enquiry, look: Look) -> Iterator[Moment]:
    def day(at: datetime) -> date:
        return around.local_date(look, s.schools[0] if s.schools else None, at)

    for turn in s.course.passages:
        yield Moment(day(turn.at), "course", turn.turn, turn.id, turn.cycle, turn.phase)
    for id_, one in s.agreement.proposals.items():
        if one.adopted_at is not None:
            title = _title(one)
            on = day(one.adopted_at)
            yield Moment(on, "decision", one.kind, id_, one.cycle, one.phase or None, title=title)
    for id_, round_ in s.progress.items():
        if round_.closed:
            what, cycle = "progress_assessment", round_.cycle
            yield Moment(round_.closes_on, "assessment", what, id_, cycle, round_.phase)
    for id_, report in s.reports.reports.items():
        yield Moment(day(report.at), "report", report.kind, id_, report.cycle, None)
    yield from _done(s)
    yield from _gathered(s)
    yield from _runs(s, look, day)


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
            s.trying.strategies[trial.strategy].cycle,
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


def _runs(s: Enquiry, look: Look, day: Any) -> Iterable[Moment]:
    for id_, method in s.runs.items():
        run = look.read(id_)
        if run is not None and run.started_at is not None:
            yield Moment(day(run.started_at), "run", method, id_, None, None, run.school)


def _title(one: Proposal) -> Any:
    return next(iter(words_of(one.kind, one.content)), None)
