"""Which circles around a stream somebody belongs to today: from memberships, never from a token."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from enquiry.kernel.alliance.state import Alliance, Capacity
from enquiry.kernel.run.state import Run
from enquiry.method.roles import (
    ANYONE,
    COORDINATOR,
    COVER,
    ENQUIRY,
    FACILITATOR,
    LEADERS,
    MEMBER,
    STAFF,
    STEWARD,
    Role,
)


def circles(
    alliance: Alliance, person: UUID, now: datetime, state: Any = None, enquiry: Any = None
) -> frozenset[str]:
    """Names of the circles to which this person belongs, as seen from one stream.

    Args:
        alliance: the stream's alliance.
        person: who asks.
        now: the injected time; a membership counts on the day it is at its school.
        state: the stream's own state, which tells its school and people.
        enquiry: state of the enquiry that the stream serves, if any.
    """
    found: set[str] = set()
    standing = alliance.active(person, now.date())
    if standing:
        found |= {MEMBER.name, ANYONE.name}
        found |= {f"school:{m.school}" for m in alliance.memberships(person, now.date())}
    if person in alliance.stewards:
        found.add(STEWARD.name)
    if isinstance(state, Run) and standing:
        found |= _around_run(alliance, person, now, state)
    if enquiry is not None:
        found |= _around_enquiry(enquiry, person)
    return frozenset(found)


def _today(alliance: Alliance, school: UUID, now: datetime) -> date:
    known = alliance.schools.get(school)
    return now.astimezone(ZoneInfo(known.zone)).date() if known else now.date()


def _around_run(alliance: Alliance, person: UUID, now: datetime, run: Run) -> set[str]:
    found: set[str] = set()
    if run.school is not None:
        day = _today(alliance, run.school, now)
        if alliance.is_staff(person, run.school, day):
            found.add(STAFF.name)
        if alliance.leads(person, run.school, day):
            found.add(LEADERS.name)
        found |= _capacity(alliance, person, run.school, Capacity.COVER_ORGANISER, COVER)
    for school in _schools(alliance, run, now):
        found |= _capacity(alliance, person, school, Capacity.CPD_LEAD, COORDINATOR)
    return found


def _capacity(
    alliance: Alliance, person: UUID, school: UUID, capacity: Capacity, circle: Role
) -> set[str]:
    known = alliance.schools.get(school)
    return {circle.name} if known and person in known.capacities.get(capacity, ()) else set()


def _schools(alliance: Alliance, run: Run, now: datetime) -> set[UUID]:
    homes = {alliance.home(person, now.date()) for person in run.people}
    return {school for school in (*homes, run.school) if school is not None}


def _around_enquiry(enquiry: Any, person: UUID) -> set[str]:
    found: set[str] = set()
    if person in getattr(enquiry, "members", ()):
        found.add(ENQUIRY.name)
    if person in getattr(enquiry, "facilitators", ()):
        found.add(FACILITATOR.name)
    return found
