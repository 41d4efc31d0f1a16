"""What a visit binds: the team, the host teacher and the room, while it lasts.

Observers come from many schools: the kernel writes each booking to the calendars of all of them.
Scheduling or forming a team anew replaces; cancelling, declining and withdrawing release.
"""

from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.bookings import Booking, Release, Slots
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.ctx import Ctx
from enquiry_instructional_rounds.forms import plan
from enquiry_instructional_rounds.state.pieces import TAKING_PART, UNFINISHED, Visit, VisitStatus
from enquiry_instructional_rounds.state.rounds import Rounds

Bound = Iterable[Booking | Release]


def visit_label(number: int) -> str:
    """How a visit is called in bookings, warnings and decisions."""
    return f"visit-{number}"


def team_label(number: int) -> str:
    """How a team is called in warnings and decisions."""
    return f"team-{number}"


def planned(e: plan.ScheduleClassroom, ctx: Ctx) -> Visit:
    """The visit as it is to be, with the school of the room and that school's zone."""
    here = around.alliance(ctx)
    school = here.rooms[e.location].school
    return Visit(
        number=e.visit_no,
        team=e.team_no,
        room=e.location,
        school=school,
        zone=here.schools[school].zone,
        host=e.host_teacher,
        start=e.start.astimezone(UTC),
        minutes=e.minutes or ctx.options.visit_minutes,
        subject=e.subject,
        year=e.year,
    )


def _key(number: int, ctx: Ctx) -> str:
    return f"{ctx.stream}/{visit_label(number)}"


def _booking(visit: Visit, team: tuple[UUID, ...], ctx: Ctx) -> Booking:
    return Booking(
        key=_key(visit.number, ctx),
        start=visit.start,
        end=visit.end,
        people=team,
        room=visit.room,
        room_school=visit.school,
        visited=visit.host,
    )


def _ahead(s: Rounds) -> Iterable[Visit]:
    return (visit for visit in s.visits.values() if visit.status == VisitStatus.SCHEDULED)


def _schedule(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Bound:
    yield _booking(planned(e, ctx), s.teams.get(e.team_no, ()), ctx)


def _team(s: Rounds, e: plan.FormTeam, ctx: Ctx) -> Bound:
    for visit in _ahead(s):
        if visit.team == e.team_no:
            yield _booking(visit, e.members, ctx)


def _answer(s: Rounds, e: plan.ConsentAsHostTeacher, ctx: Ctx) -> Bound:
    del s
    if e.answer == plan.HostAnswer.DECLINE:
        yield Release(_key(e.visit_no, ctx))


def _cancel(s: Rounds, e: plan.CancelClassroom, ctx: Ctx) -> Bound:
    del s
    yield Release(_key(e.visit_no, ctx))


def _drop_all(s: Rounds, e: Any, ctx: Ctx) -> Bound:
    del e
    for visit in _ahead(s):
        yield Release(_key(visit.number, ctx))


def _leave(s: Rounds, e: Any, ctx: Ctx) -> Bound:
    if is_last(s, ctx):
        yield from _drop_all(s, e, ctx)
        return
    for visit in _ahead(s):
        team = s.teams.get(visit.team, ())
        if ctx.actor in team:
            yield _booking(visit, tuple(p for p in team if p != ctx.actor), ctx)


def is_last(s: Rounds, ctx: Ctx) -> bool:
    """Whether nobody could lead the rounds without the actor."""
    return ctx.actor == s.lead and s.successor() is None


def _withdraw(s: Rounds, e: Any, ctx: Ctx) -> Bound:
    if set(e.purposes).isdisjoint(TAKING_PART):
        return
    for visit in s.visits.values():
        if visit.host == ctx.actor and visit.status in UNFINISHED:
            yield Release(_key(visit.number, ctx))
    takes_part = ctx.actor in s.people or ctx.actor == s.lead
    if ConsentPurpose.PARTICIPATE in e.purposes and takes_part:
        yield from _leave(s, e, ctx)


SCHEDULING = Slots(plan=_schedule)
FORMING = Slots(plan=_team)
ANSWERING = Slots(plan=_answer)
CANCELLING = Slots(plan=_cancel)
DROPPING = Slots(plan=_drop_all)
LEAVING = Slots(plan=_leave)
WITHDRAWING = Slots(plan=_withdraw)
