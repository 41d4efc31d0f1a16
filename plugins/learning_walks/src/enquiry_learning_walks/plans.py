"""What a visit binds: visitors for visit and corridor, the host and the room for the visit alone.

Scheduling anew replaces; leaving out, declining, withdrawing and cancelling release.
"""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from enquiry.kernel import around
from enquiry.kernel.bookings import Booking, Release, Slots, schools_of
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.ctx import Ctx
from enquiry_learning_walks import forms
from enquiry_learning_walks.pieces import AHEAD, TAKING_PART, UNDER_WAY, Visit
from enquiry_learning_walks.state import Walk

Bound = Iterable[Booking | Release]


def planned(e: forms.ScheduleVisit, ctx: Ctx) -> Visit:
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
    )


def label(number: int) -> str:
    """How a visit is called in bookings, warnings and decisions."""
    return f"visit-{number}"


def _booking(visit: Visit, ctx: Ctx) -> Booking:
    return Booking(
        key=f"{ctx.stream}/{label(visit.number)}",
        start=visit.start,
        end=visit.corridor_end,
        people=(*visit.visitors, visit.host),
        room=visit.room,
        room_school=visit.school,
        room_end=visit.end,
        visited=visit.host,
    )


def _replaced(before: Visit | None, after: Visit | None, ctx: Ctx) -> Bound:
    """Bookings that make the one plan out of the other, in every school that is concerned."""
    old = _booking(before, ctx) if before is not None else None
    new = _booking(after, ctx) if after is not None else None
    kept = schools_of(new, ctx) if new is not None else ()
    if old is not None:
        left = tuple(school for school in schools_of(old, ctx) if school not in kept)
        if left:
            yield Release(old.key, left)
    if new is not None:
        yield new


def _schedule(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Bound:
    return _replaced(s.visits.get(e.visit_no), planned(e, ctx), ctx)


def _answer(s: Walk, e: forms.RespondAsHost, ctx: Ctx) -> Bound:
    declined = e.answer == forms.HostAnswer.DECLINE
    return _replaced(s.visits[e.visit_no], None, ctx) if declined else ()


def _skip(s: Walk, e: forms.SkipVisit, ctx: Ctx) -> Bound:
    return _replaced(s.visits[e.visit_no], None, ctx)


def _drop_all(s: Walk, e: Any, ctx: Ctx) -> Bound:
    del e
    for visit in s.visits.values():
        if visit.status in AHEAD:
            yield from _replaced(visit, None, ctx)


def _leave(s: Walk, e: Any, ctx: Ctx) -> Bound:
    if s.is_last(ctx.actor):
        yield from _drop_all(s, e, ctx)
        return
    for visit in s.visits.values():
        if visit.status in AHEAD and ctx.actor in visit.visitors:
            others = tuple(person for person in visit.visitors if person != ctx.actor)
            yield from _replaced(visit, visit.but(visitors=others), ctx)


def _withdraw(s: Walk, e: Any, ctx: Ctx) -> Bound:
    if set(e.purposes).isdisjoint(TAKING_PART):
        return
    for visit in s.visits.values():
        if visit.host == ctx.actor and visit.status in (*AHEAD, *UNDER_WAY):
            yield from _replaced(visit, None, ctx)
    if ConsentPurpose.PARTICIPATE in e.purposes and ctx.actor in s.team():
        yield from _leave(s, e, ctx)


SCHEDULING = Slots(plan=_schedule)
ANSWERING = Slots(plan=_answer)
SKIPPING = Slots(plan=_skip)
DROPPING = Slots(plan=_drop_all)
LEAVING = Slots(plan=_leave)
WITHDRAWING = Slots(plan=_withdraw)
