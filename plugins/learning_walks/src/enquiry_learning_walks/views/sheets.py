"""What the walk brought, how it went, and whom it burdened: the views that sum up.

As in ``views``, texts are references, opened for whoever may read the facts they stand in.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.bookings import visits_in_year
from enquiry.kernel.schooldays import SchoolCalendar
from enquiry.method.method import Look
from enquiry.method.roles import (
    COORDINATOR,
    COVER,
    ENQUIRY,
    FACILITATOR,
    LEADERS,
    MEMBER,
    STAFF,
    Viewer,
)
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import STANDING, Audience, Outcome, OutcomeKind, ShareKind
from enquiry_learning_walks.views.notes import CriterionShown, shown_criteria, shown_room

STAFFROOM = (STAFF, LEADERS, COORDINATOR)
"""Circles that see what is shared with staff; what is shared with the alliance they see as well."""


class Item(Struct, frozen=True):
    """A line of the outcome sheet."""

    id: UUID
    text: str | None
    visits: int | None = None
    """On how many visits it rests; told to the team only."""
    supported: bool = True
    """Whether it still rests on enough; what others are shown always does."""
    shared_with: tuple[Audience, ...] = ()
    """Told to the team only."""


class Step(Struct, frozen=True):
    """A next step."""

    id: UUID
    text: str
    owner: UUID | None
    owner_role: str | None
    due: date


class OutcomeSheet(Struct, frozen=True):
    """What the walk brought. Outside the team: only what was shared, and still stands."""

    focus: str | None
    criteria: tuple[CriterionShown, ...]
    noticings: tuple[Item, ...]
    wonderings: tuple[Item, ...]
    strengths: tuple[Item, ...]
    questions: tuple[Item, ...]
    patterns: tuple[Item, ...]
    next_steps: tuple[Step, ...]
    withdrawn: int
    """How many lines the viewer was shown that have been withdrawn since; not whose."""


def audiences_of(s: Walk, viewer: Viewer) -> tuple[Audience, ...]:
    """Audiences to which somebody belongs, whether or not anything was shared with them."""
    found: list[Audience] = []
    if viewer.person in s.present_hosts():
        found.append(Audience.HOSTS)
    if viewer.person in s.pupil_walkers():
        found.append(Audience.GROUP)
    if any(circle.name in viewer.circles for circle in STAFFROOM):
        found += [Audience.STAFF, Audience.ALLIANCE]
    elif MEMBER.name in viewer.circles or ENQUIRY.name in viewer.circles:
        found.append(Audience.ALLIANCE)
    return tuple(found)


def outcome_sheet(s: Walk, look: Look) -> OutcomeSheet:
    """The team sees everything, facilitators every outcome, others what was shared with them."""
    me = look.viewer.person
    inside = me in s.adults()
    if inside or look.has(FACILITATOR):
        shown, withdrawn = tuple(s.live_outcomes()), 0
    else:
        mine = audiences_of(s, look.viewer)
        shown = tuple(dict.fromkeys(id_ for one in mine for id_ in s.shown_to(one)))
        withdrawn = sum(s.taken_back(one) for one in mine)
    items = [(s.outcomes[id_].kind, _item(s, id_, s.outcomes[id_], inside)) for id_ in shown]
    steps = tuple(
        Step(id_, step.text, step.owner, step.owner_role, step.due)
        for id_, step in s.live_steps().items()
    )
    return OutcomeSheet(
        focus=s.focus,
        criteria=shown_criteria(s),
        noticings=_said(s, ShareKind.NOTICING, me) if inside else (),
        wonderings=_said(s, ShareKind.WONDERING, me) if inside else (),
        strengths=tuple(item for kind, item in items if kind == OutcomeKind.STRENGTH),
        questions=tuple(item for kind, item in items if kind == OutcomeKind.QUESTION),
        patterns=tuple(item for kind, item in items if kind == OutcomeKind.PATTERN),
        next_steps=steps,
        withdrawn=withdrawn,
    )


def _item(s: Walk, id_: UUID, outcome: Outcome, inside: bool) -> Item:
    if not inside:
        return Item(id_, outcome.text)
    visits = len(s.visits_behind(outcome))
    return Item(id_, outcome.text, visits, s.supported(id_), outcome.shared)


def _said(s: Walk, kind: ShareKind, me: UUID) -> tuple[Item, ...]:
    """What was said in corridors rests on single visits: it stays in the team."""
    return tuple(
        Item(id_, share.text, 1)
        for id_, share in s.live_shares().items()
        if share.kind == kind and s.visits[share.visit].host != me
    )


class KeyLine(Struct, frozen=True):
    """Whose room a visit number stands for."""

    visit_no: int
    host: UUID
    room: str
    starts: datetime


class VisitKey(Struct, frozen=True):
    """Which visit is whose; gone at the end of the term after the one in which the run ended."""

    visits: tuple[KeyLine, ...]
    expired: bool


def visit_key(s: Walk, look: Look) -> VisitKey:
    """For the lead and the cover organiser, while visits and notes are kept."""
    if _is_expired(s, look):
        return VisitKey((), expired=True)
    lines = tuple(
        KeyLine(v.number, v.host, shown_room(v, look), v.start.astimezone(ZoneInfo(v.zone)))
        for v in s.visits.values()
        if v.status in STANDING and not s.hosts_withdrawn(v.number)
    )
    return VisitKey(lines, expired=False)


def _is_expired(s: Walk, look: Look) -> bool:
    if s.over_at is None:
        return False
    calendar = around.calendar(look, s.school)
    until = kept_until(calendar, around.local_date(look, s.school, s.over_at))
    return until is not None and around.local_date(look, s.school, look.now) >= until


def kept_until(calendar: SchoolCalendar | None, closed: date) -> date | None:
    """The first day on which visit notes and the key are not kept any more: the day after the
    last of the term that follows the one of this day. ``None`` while no such term is known."""
    terms = [term.days for year in (calendar.years if calendar else ()) for term in year.terms]
    present = [days for days in terms if days.first <= closed]
    following = [days for days in terms if days.first > closed]
    return following[0].until if present and following else None


class Cell(Struct, frozen=True):
    """How many notes there are for one criterion at one visit."""

    criterion: str
    visit_no: int
    notes: int


class Coverage(Struct, frozen=True):
    """Which criteria were noted at which visits."""

    criteria: tuple[CriterionShown, ...]
    visits: tuple[int, ...]
    cells: tuple[Cell, ...]


def coverage(s: Walk, look: Look) -> Coverage:
    """Criterion by visit number, for every visit that was begun."""
    del look
    visits = tuple(v.number for v in s.visits.values() if v.took_place)
    counts = Counter((note.criterion, note.visit) for note in s.live_notes().values())
    cells = tuple(
        Cell(one.id.value, visit, counts[one.id, visit]) for one in s.criteria for visit in visits
    )
    return Coverage(shown_criteria(s), visits, cells)


class VisitHeld(Struct, frozen=True):
    """How long a visit and its corridor really took, in whole minutes."""

    visit_no: int
    status: str
    minutes: int | None
    corridor_minutes: int | None


class WarningStanding(Struct, frozen=True):
    """A warning as the viewer may see it."""

    code: str
    about: str
    acknowledged: bool


class Fidelity(Struct, frozen=True):
    """How closely the walk followed its protocol. For the group's own learning only."""

    deviations: tuple[str, ...]
    """Rules that were not followed, in order; the reasons stand in the history."""
    visits: tuple[VisitHeld, ...]
    warnings: tuple[WarningStanding, ...]


def fidelity(s: Walk, look: Look) -> Fidelity:
    """Deviations, real lengths, and the standing warnings that the viewer may see."""
    visits = tuple(
        VisitHeld(
            v.number,
            v.status.value if v.status in STANDING else "not_held",
            v.minutes() if v.took_place else None,
            v.corridor_minutes() if v.took_place else None,
        )
        for v in s.visits.values()
    )
    standing = tuple(
        WarningStanding(w.code, w.about, w.state == "acknowledged") for w in look.warnings
    )
    return Fidelity(tuple(s.deviations.values()), visits, standing)


class TeacherLoad(Struct, frozen=True):
    """How often a teacher is visited in this academic year: a number, for their protection."""

    teacher: UUID
    visits: int
    """Done and scheduled, in every run of the school."""
    budget: int


class ObservationBudget(Struct, frozen=True):
    """Observation load: one's own, or for the cover organiser that of the school's hosts."""

    teachers: tuple[TeacherLoad, ...]


def observation_budget(s: Walk, look: Look) -> ObservationBudget:
    """That teacher and the school's cover organiser, nobody else."""
    me = look.viewer.person
    return ObservationBudget(
        tuple(
            _load(teacher, look)
            for teacher in s.present_hosts()
            if teacher == me or (look.has(COVER) and around.home(look, teacher) == s.school)
        )
    )


def _load(teacher: UUID, look: Look) -> TeacherLoad:
    school = around.home(look, teacher)
    now: Any = look.now
    count = visits_in_year(look, teacher, now, besides="")
    return TeacherLoad(teacher, count, around.policy(look, school).observation_budget)
