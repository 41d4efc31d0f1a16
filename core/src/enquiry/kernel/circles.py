"""Which circles around a stream somebody belongs to today: from memberships, never from a token."""

from datetime import datetime
from typing import Any
from uuid import UUID

from enquiry.kernel.alliance.safeguarding import readers
from enquiry.kernel.alliance.state import STAFF_STANDINGS, Alliance, Capacity
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run.state import Run
from enquiry.kernel.safeguarding.concern import Concerns
from enquiry.method.roles import (
    ANYONE,
    COORDINATOR,
    COVER,
    ENQUIRY,
    FACILITATOR,
    LEADERS,
    MEMBER,
    PUPILS_STAFF,
    SAFEGUARDING,
    STAFF,
    STEWARD,
    Role,
    staff_of,
)


def circles(
    alliance: Alliance, person: UUID, now: datetime, state: Any = None, enquiry: Any = None
) -> frozenset[str]:
    """Names of the circles to which this person belongs, as seen from one stream.

    Args:
        alliance: the stream's alliance.
        person: who asks.
        now: the injected time; a membership counts on the day it is at its school.
        state: the stream's own state, which tells its school and people; an enquiry's own circles
            are its members and facilitators, and the leaders and coordinators of its schools.
        enquiry: state of the enquiry that the stream serves, if any.
    """
    held = alliance.held(person, now)
    if not held and person not in alliance.stewards:
        # Whoever belongs nowhere any more belongs to no circle, whatever they once joined.
        return frozenset()
    found = {MEMBER.name, ANYONE.name, *(f"school:{m.school}" for m in held)}
    found |= {staff_of(m.school) for m in held if not STAFF_STANDINGS.isdisjoint(m.standings)}
    if person in alliance.stewards:
        found.add(STEWARD.name)
    if isinstance(state, Run):
        found |= _around_run(alliance, person, now, state)
    if isinstance(state, Concerns) and _answers(alliance, person, now, state.school):
        found.add(SAFEGUARDING.name)
    served = state if isinstance(state, Enquiry) else enquiry
    if isinstance(served, Enquiry):
        found |= _around_enquiry(served, person)
    if isinstance(state, Enquiry):
        found |= _at_its_schools(alliance, person, now, state)
    return frozenset(found)


def _answers(alliance: Alliance, person: UUID, now: datetime, school: UUID | None) -> bool:
    return school is not None and person in readers(alliance, school, now)


def _around_run(alliance: Alliance, person: UUID, now: datetime, run: Run) -> set[str]:
    found: set[str] = set()
    if run.school is not None:
        day = alliance.day_at(run.school, now)
        if alliance.is_staff(person, run.school, day):
            found.add(STAFF.name)
        if alliance.leads(person, run.school, day):
            found.add(LEADERS.name)
        found |= _capacity(alliance, person, run.school, Capacity.COVER_ORGANISER, COVER, now)
    of_pupils = {pupil.school for pupil in run.pupils.values()}
    if any(alliance.is_staff(person, one, alliance.day_at(one, now)) for one in of_pupils):
        found.add(PUPILS_STAFF.name)
    for school in _schools(alliance, run, now):
        found |= _capacity(alliance, person, school, Capacity.CPD_LEAD, COORDINATOR, now)
    return found


def _capacity(
    alliance: Alliance,
    person: UUID,
    school: UUID,
    capacity: Capacity,
    circle: Role,
    now: datetime,
) -> set[str]:
    day = alliance.day_at(school, now)
    return {circle.name} if alliance.has_capacity(person, school, capacity, day) else set()


def _schools(alliance: Alliance, run: Run, now: datetime) -> set[UUID]:
    """The run's school, and the first school of everybody who takes part."""
    people = (*run.people, *(() if run.lead is None else (run.lead,)))
    homes = {held[0].school for person in people if (held := alliance.held(person, now))}
    return homes if run.school is None else {*homes, run.school}


def _around_enquiry(enquiry: Enquiry, person: UUID) -> set[str]:
    found: set[str] = set()
    if person in enquiry.members:
        found.add(ENQUIRY.name)
    if person in enquiry.facilitators:
        found.add(FACILITATOR.name)
    return found


def _at_its_schools(alliance: Alliance, person: UUID, now: datetime, enquiry: Enquiry) -> set[str]:
    """Who leads a school that takes part, or coordinates professional learning there; in the
    enquiry alone, never in a run that serves it."""
    found: set[str] = set()
    for school in enquiry.schools:
        if alliance.leads(person, school, alliance.day_at(school, now)):
            found.add(LEADERS.name)
        found |= _capacity(alliance, person, school, Capacity.CPD_LEAD, COORDINATOR, now)
    return found
