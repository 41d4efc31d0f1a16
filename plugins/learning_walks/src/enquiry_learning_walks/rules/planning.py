"""Before the walk: focus, team, visits, hosts. LW-E01 to LW-E08, as far as plans go."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule
from enquiry_learning_walks.forms import plan
from enquiry_learning_walks.rules.booking import planned
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    STANDING,
    TAKING_PART,
    Visit,
    VisitStatus,
    WalkRole,
)

TEAM_LEAST = 2


TEAM_MOST = 6


# LW-E01: the focus


@guard("FOCUS_LOCKED", "The walk has begun: its focus and criteria stay.", source="LW-E01")
def focus_is_open(s: Walk, ctx: Ctx) -> bool:
    """Focus and criteria are frozen by BeginWalk."""
    del ctx
    return s.begun_at is None


@rule("VALIDATION_FAILED", "Each criterion is numbered once.")
def criteria_are_distinct(s: Walk, e: plan.SetWalkFocus, ctx: Ctx) -> Verdict:
    """No two criteria have the same number."""
    del s, ctx
    ids = [criterion.id for criterion in e.criteria]
    return True if len(set(ids)) == len(ids) else Unmet(pointer="/criteria")


@rule("CRITERIA_REQUIRED", "A walk looks for at least one thing.", source="LW-E01")
def criteria_are_given(s: Walk, e: plan.SetWalkFocus, ctx: Ctx) -> bool:
    """There is at least one criterion."""
    del s, ctx
    return bool(e.criteria)


@guard(
    "CRITERIA_REQUIRED",
    "Agree one focus, the aim it serves and what to look for first.",
    source="LW-E01",
)
def focus_is_set(s: Walk, ctx: Ctx) -> bool:
    """There is a focus, linked to an aim, with criteria."""
    del ctx
    return s.focus is not None and bool(s.criteria)


# LW-E02: the team


@rule("VALIDATION_FAILED", "Somebody who does not walk has no walk role.")
def person_walks(s: Walk, e: plan.AssignWalkRole, ctx: Ctx) -> Verdict:
    """Walk roles are given to walkers."""
    del ctx
    return True if e.person in s.team() else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "Say what they look at if, and only if, it is something else.")
def custom_role_is_told(s: Walk, e: plan.AssignWalkRole, ctx: Ctx) -> Verdict:
    """A custom role has words, and no other has."""
    del s, ctx
    fits = (e.walk_role == WalkRole.CUSTOM) == (e.custom is not None)
    return True if fits else Unmet(pointer="/custom")


@guard("TEAM_SIZE_OUT_OF_RANGE", "A team has two to six walkers.", source="LW-E02")
def team_size_is_right(s: Walk, ctx: Ctx) -> Verdict:
    """Two to six walk, the lead and pupils among them."""
    del ctx
    size = len(s.team())
    if TEAM_LEAST <= size <= TEAM_MOST:
        return True
    return Unmet(params={"team": size, "least": TEAM_LEAST, "most": TEAM_MOST})


@guard("ROLE_MISSING", "Every walker looks at something in particular.", source="LW-E02")
def every_walker_has_a_role(s: Walk, ctx: Ctx) -> Verdict:
    """Each walker has a walk role."""
    del ctx
    missing = tuple({"person": str(p)} for p in s.team() if p not in s.walk_roles)
    return Unmet(details=missing) if missing else True


# LW-E03 to LW-E07: visits


@rule("CONSENT_WITHDRAWN", "This room cannot be visited on this walk.", source="4.3")
def person_has_not_withdrawn(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> bool:
    """Nobody is asked again in the walk from which they withdrew."""
    del ctx
    return not s.has_withdrawn(e.host, *TAKING_PART)


@rule("WRONG_STAGE", "This visit has begun: its plan stays.", source="LW-E04")
def visit_is_ahead(s: Walk, e: Any, ctx: Ctx) -> bool:
    """A visit is planned anew only before it begins."""
    del ctx
    visit = s.visits.get(e.visit_no)
    return visit is None or visit.begun_at is None


@rule("VISIT_LENGTH_OUT_OF_RANGE", "A visit takes five to ten minutes.", source="LW-E03")
def visit_length_is_right(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The planned minutes in the room lie in the range chosen for the walk, both ends included."""
    del s
    least, most = ctx.options.visit_least, ctx.options.visit_most
    if least <= e.visit_minutes <= most:
        return True
    return Unmet(pointer="/visit_minutes", params={"least": least, "most": most})


@rule("DEBRIEF_LENGTH_OUT_OF_RANGE", "A debrief takes five to ten minutes.", source="LW-E03")
def debrief_length_is_right(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The planned minutes in the corridor lie in the range chosen, both ends included."""
    del s
    least, most = ctx.options.debrief_least, ctx.options.debrief_most
    if least <= e.debrief_minutes <= most:
        return True
    return Unmet(pointer="/debrief_minutes", params={"least": least, "most": most})


@rule("VALIDATION_FAILED", "This is not a room of the alliance.")
def room_is_known(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The room is registered."""
    del s
    return True if e.location in around.alliance(ctx).rooms else Unmet(pointer="/location")


@rule("VALIDATION_FAILED", "The host is somebody on the staff of the school of that room.")
def host_works_there(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The host belongs to the staff of the room's school on the day of the visit."""
    del s
    here = around.alliance(ctx)
    room = here.rooms.get(e.location)
    if room is None or here.is_staff(e.host, room.school, planned(e, ctx).day()):
        return True
    return Unmet(pointer="/host")


@rule("VALIDATION_FAILED", "Only walkers of this team visit.")
def visitors_are_walkers(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """Every visitor has joined the team, and is named once."""
    del ctx
    return all_in("/visitors", e.visitors, s.team())


def all_in(pointer: str, people: tuple[UUID, ...], known: tuple[UUID, ...]) -> Verdict:
    """Whether all of these people are among those known, each once."""
    for number, person in enumerate(people):
        if person not in known or person in people[:number]:
            return Unmet(pointer=f"{pointer}/{number}")
    return True


def _beside(s: Walk, e: plan.ScheduleVisit) -> list[Visit]:
    """The team's other visits."""
    return [v for v in s.visits.values() if v.number != e.visit_no and v.status in STANDING]


@rule("VISIT_OVERLAP", "The team is in another room at that time.", source="LW-E04")
def visits_do_not_overlap(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """No two visits of a team share a moment; back to back is no overlap."""
    mine = planned(e, ctx)
    for other in _beside(s, e):
        if mine.start < other.end and other.start < mine.end:
            return Unmet(params={"visit": other.number})
    return True


@rule("DEBRIEF_SLOT_MISSING", "There must be time for the corridor in between.", source="LW-E04")
def debriefs_fit_in(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """Each corridor debrief ends by the start of the team's next visit."""
    mine = planned(e, ctx)
    for other in _beside(s, e):
        if mine.start < other.corridor_end and other.start < mine.corridor_end:
            return Unmet(params={"visit": other.number})
    return True


@rule("TOO_MANY_VISITORS", "That would be too many grown-ups for one room.", source="LW-E06")
def room_holds_visitors(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> Verdict:
    """No more visitors than the policy of the host school allows."""
    del s
    room = around.alliance(ctx).rooms.get(e.location)
    most = around.policy(ctx, room.school if room else None).max_visitors_per_room
    return True if len(e.visitors) <= most else Unmet(params={"most": most})


@rule("WALKER_HOSTS_ROOM", "Nobody visits their own room.", source="LW-E07")
def host_does_not_visit(s: Walk, e: plan.ScheduleVisit, ctx: Ctx) -> bool:
    """The host is none of the visitors."""
    del s, ctx
    return e.host not in e.visitors


# LW-E08: hosts


@guard("WRONG_STAGE", "Every host has been told; schedule a visit first.", source="3.1 commands")
def somebody_is_to_be_told(s: Walk, ctx: Ctx) -> bool:
    """There is a visit whose host does not know of it yet."""
    del ctx
    return any(_to_be_told(visit) for visit in s.visits.values())


def _to_be_told(visit: Visit) -> bool:
    return visit.status == VisitStatus.SCHEDULED and not visit.told


def to_be_told(s: Walk) -> tuple[Visit, ...]:
    """Visits whose hosts do not know of them yet, or of what has changed."""
    return tuple(visit for visit in s.visits.values() if _to_be_told(visit))


@guard("HOST_NOT_NOTIFIED", "Tell the hosts before you set out.", source="LW-E08")
def a_host_was_told(s: Walk, ctx: Ctx) -> bool:
    """There is at least one visit of which its host knows."""
    del ctx
    return bool(s.present_hosts())


def is_own_visit(s: Walk, key: str, ctx: Ctx) -> bool:
    """A host is offered the own visits alone: there are no others, as far as they know."""
    visit = s.visits.get(int(key))
    return visit is not None and visit.told and visit.host == ctx.actor


@rule("NOT_PERMITTED", "Only the host of this visit answers for it.", source="3.1 roles")
def hosts_this_visit(s: Walk, e: Any, ctx: Ctx) -> bool:
    """A host answers for the own room only."""
    return s.visits[e.visit_no].host == ctx.actor
