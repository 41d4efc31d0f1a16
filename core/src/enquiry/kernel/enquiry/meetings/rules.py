"""Rules of meetings, and what is remarked about the way the lead is shared."""

from collections import Counter
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.meetings.state import Meeting
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.codes import Audience
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Rule, Unmet, Verdict, Warn, Watch, rule

WINDOW = 4
"""Closed meetings over which the lead is looked at (`dominanceWindow`)."""
ENOUGH = 3
"""Closed meetings before anything is said about it."""
RUNNING = 3
"""Times running that one person may not organise."""


@rule("NOT_FOUND", "There is no such meeting.")
def meeting_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was opened here."""
    del ctx
    return e.meeting in s.meetings.meetings


@rule("RECORD_CLOSED", "This meeting is closed.")
def meeting_is_open(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Nothing is added to a meeting that is over."""
    del ctx
    return not s.meetings.meetings[e.meeting].closed


def are_members(*fields: str) -> Rule:
    """Whoever is named in these fields takes part in the enquiry."""

    @rule("VALIDATION_FAILED", "Whoever is named takes part in the enquiry.")
    def named_are_members(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
        del ctx
        known = {*s.members, *s.friends}
        for field in fields:
            value: Any = getattr(e, field)
            people: set[UUID] = {value} if isinstance(value, UUID) else set(value)
            if not people <= known:
                return Unmet(pointer=f"/{field}")
        return True

    return named_are_members


def without_roles(s: Enquiry, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """Said when an innovation meeting is closed without the three tasks."""
    del ctx
    meeting = s.meetings.meetings[e.meeting]
    if meeting.phase != Phase.INNOVATION or None not in meeting.roles:
        return ()
    return (Warn("ROLES_NOT_RENEGOTIATED", about=f"meeting-{e.meeting}"),)


def dominating(closed: tuple[Meeting, ...]) -> UUID | None:
    """Who held more than half of all slots lately, or organised three times running.

    Source: 2.10. Four slots for each meeting, whether or not somebody was found for them.
    """
    if len(closed) < ENOUGH:
        return None
    recent = closed[-WINDOW:]
    held = Counter(person for meeting in recent for person in meeting.leads)
    for person, slots in held.most_common(1):
        if slots * 2 > 4 * len(recent):
            return person
    organisers = {meeting.organiser for meeting in closed[-RUNNING:]}
    return organisers.pop() if len(organisers) == 1 else None


def _concentrated(s: Enquiry) -> UUID | None:
    return dominating(s.meetings.closed)


def _dominated(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    person = _concentrated(s)
    if person is None or person in s.facilitators:
        return ()
    return (Warn("LEADERSHIP_DOMINATED", about="leadership", person=person),)


def _dependent(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    person = _concentrated(s)
    if person is None or person not in s.facilitators:
        return ()
    return (Warn("FACILITATOR_DEPENDENCY", about="leadership", audience=Audience.GROUP),)


def _passengers(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Without a contribution in the last two meetings that they attended."""
    del ctx
    heard: dict[UUID, list[bool]] = {p: [] for p in s.members if p not in s.facilitators}
    sought = set(heard)
    for meeting in reversed(s.meetings.closed):
        contributed = frozenset(meeting.contributed)
        for person in sought.intersection(meeting.attended):
            heard[person].append(person in contributed)
            if len(heard[person]) == 2:
                sought.remove(person)
        if not sought:
            break
    return tuple(
        Warn("PASSENGER_RISK", about="participation", person=person)
        for person, lately in heard.items()
        if lately == [False, False]
    )


def _unreviewed(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    last = s.meetings.closed[-2:]
    stale = len(last) == 2 and not any(m.norms_reviewed for m in last)
    return (Warn("NORMS_NOT_REVIEWED", about="norms"),) if stale and s.norms.version else ()


_LED = ("meetings", "facilitators")
WATCHES = (
    Watch("LEADERSHIP_DOMINATED", _dominated, source="2.10", looks_at=_LED),
    Watch("FACILITATOR_DEPENDENCY", _dependent, source="2.10", looks_at=_LED),
    Watch("PASSENGER_RISK", _passengers, source="2.10", looks_at=("members", *_LED)),
    Watch("NORMS_NOT_REVIEWED", _unreviewed, source="2.10", looks_at=("norms", "meetings")),
)


def answers(s: Enquiry, warning: Any, ctx: Ctx) -> bool | None:
    """Who answers for a warning where that is not left to the usual; ``None``: the usual.

    That the group depends on its facilitator is answered by a representative who does not
    facilitate. Source: 2.10.
    """
    if warning.code != "FACILITATOR_DEPENDENCY":
        return None
    return bool(s.speaks_for(ctx.actor)) and ctx.actor not in s.facilitators
