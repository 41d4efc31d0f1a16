"""What a visit binds: visitors for visit and corridor, the host and the room for the visit alone.

Scheduling anew replaces; leaving out, declining, withdrawing and cancelling release.
"""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from enquiry.kernel import around
from enquiry.kernel.bookings import Booking, Release, Slots
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.ctx import Ctx
from enquiry_learning_walks.forms import plan, visits
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import AHEAD, TAKING_PART, UNDER_WAY, Visit

Bound = Iterable[Booking | Release]


def planned(e: plan.ScheduleVisit, ctx: Ctx) -> Visit:
    """The visit as it is to be, with the school of the room and that school's zone."""
    here = around.alliance(ctx)
    school = here.rooms[e.location].school
    return Visit(
        number=e.visit_no,
        room=e.location,
        school=school,
        zone=here.schools[school].zone,
        host=e.host,
        start=e.start.astimezone(UTC),
        visit_minutes=e.visit_minutes,
        debrief_minutes=e.debrief_minutes,
        visitors=e.visitors,
        subject=e.subject,
        year=e.year,
    )


def label(number: int) -> str:
    """How a visit is called in bookings, warnings and decisions."""
    return f"visit-{number}"


def _key(number: int, ctx: Ctx) -> str:
    return f"{ctx.stream}/{label(number)}"


def _booking(visit: Visit, ctx: Ctx) -> Booking:
    return Booking(
        key=_key(visit.number, ctx),
        start=visit.start,
        end=visit.corridor_end,
        people=visit.visitors,
        room=visit.room,
        room_school=visit.school,
        room_end=visit.end,
        visited=visit.host,
    )


def _schedule(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Bound:
    del s
    yield _booking(planned(e, ctx), ctx)


def _answer(s: Walk, e: plan.RespondAsHost, ctx: Ctx) -> Bound:
    del s
    if e.answer == plan.HostAnswer.DECLINE:
        yield Release(_key(e.visit_no, ctx))


def _skip(s: Walk, e: visits.SkipVisit, ctx: Ctx) -> Bound:
    del s
    yield Release(_key(e.visit_no, ctx))


def _drop_all(s: Walk, e: Any, ctx: Ctx) -> Bound:
    del e
    for visit in s.visits.values():
        if visit.status in AHEAD:
            yield Release(_key(visit.number, ctx))


def _leave(s: Walk, e: Any, ctx: Ctx) -> Bound:
    if s.is_last(ctx.actor):
        yield from _drop_all(s, e, ctx)
        return
    for visit in s.visits.values():
        if visit.status in AHEAD and ctx.actor in visit.visitors:
            others = tuple(person for person in visit.visitors if person != ctx.actor)
            yield _booking(visit.but(visitors=others), ctx)


def _withdraw(s: Walk, e: Any, ctx: Ctx) -> Bound:
    if set(e.purposes).isdisjoint(TAKING_PART):
        return
    for visit in s.visits.values():
        if visit.host == ctx.actor and visit.status in (*AHEAD, *UNDER_WAY):
            yield Release(_key(visit.number, ctx))
    if ConsentPurpose.PARTICIPATE in e.purposes and ctx.actor in s.team():
        yield from _leave(s, e, ctx)


SCHEDULING = Slots(plan=_schedule)
ANSWERING = Slots(plan=_answer)
SKIPPING = Slots(plan=_skip)
DROPPING = Slots(plan=_drop_all)
LEAVING = Slots(plan=_leave)
WITHDRAWING = Slots(plan=_withdraw)
