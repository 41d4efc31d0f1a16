"""The rules of the day and what comes before it: step 8, IR-E01 to IR-E08 in their order."""

from typing import Any

from enquiry.kernel import around
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule
from enquiry_instructional_rounds.forms import day, plan
from enquiry_instructional_rounds.state.pieces import UNFINISHED, VisitStatus
from enquiry_instructional_rounds.state.rounds import Rounds

MEMBERS_LEAST = 2
MEMBERS_MOST = 6
TEAMS_LEAST = 2


@rule(
    "STAFF_INVOLVEMENT_REQUIRED",
    "Say how the staff had a part in choosing the problem.",
    source="IR-E01",
)
def staff_was_involved(s: Rounds, e: plan.PublishProblem, ctx: Ctx) -> Verdict:
    """Staff involvement is described."""
    del s, ctx
    return e.staff_involvement is not None or Unmet(pointer="/staff_involvement")


@rule("POP_TEST_UNANSWERED", "All five tests are answered first.", source="IR-E01")
def tests_are_answered(s: Rounds, e: plan.PublishProblem, ctx: Ctx) -> Verdict:
    """Each of the five tests has a verdict."""
    del s, ctx
    missing = [name for name in plan.TESTS if getattr(e, name) is None]
    if not missing:
        return True
    details = tuple({"test": name} for name in missing)
    return Unmet(pointer=f"/{missing[0]}", details=details)


@rule("HOST_NOT_NOTIFIED", "The host teacher has not been told of this visit.", source="IR-E03")
def host_was_told(s: Rounds, e: day.BeginObservation, ctx: Ctx) -> bool:
    """The host teacher knows of the visit and the problem as they are now."""
    del ctx
    visit = s.visits[e.visit_no]
    return visit.told or visit.status == VisitStatus.DECLINED


@rule("HOST_DECLINED", "This classroom is not visited.", source="IR-E03")
def host_has_not_declined(s: Rounds, e: day.BeginObservation, ctx: Ctx) -> bool:
    """The host teacher has not said no."""
    del ctx
    return s.visits[e.visit_no].status != VisitStatus.DECLINED


@rule("TEAM_SIZE_OUT_OF_RANGE", "A team has two to six members.", source="IR-E04")
def team_has_its_size(s: Rounds, e: plan.FormTeam, ctx: Ctx) -> Verdict:
    """Two to six, both included."""
    del s, ctx
    size = len(e.members)
    if MEMBERS_LEAST <= size <= MEMBERS_MOST:
        return True
    return Unmet(params={"team": size, "least": MEMBERS_LEAST, "most": MEMBERS_MOST})


@guard("TEAM_SIZE_OUT_OF_RANGE", "Rounds take at least two teams of two.", source="IR-E04")
def there_are_two_teams(s: Rounds, ctx: Ctx) -> Verdict:
    """Two teams of at least two each go out."""
    del ctx
    teams = sum(1 for team in s.teams.values() if len(team) >= MEMBERS_LEAST)
    return True if teams >= TEAMS_LEAST else Unmet(params={"teams": teams, "least": TEAMS_LEAST})


@rule("TOO_MANY_VISITORS", "That would be too many for one room.", source="IR-E04")
def rooms_hold_the_team(s: Rounds, e: plan.FormTeam, ctx: Ctx) -> Verdict:
    """The team fits into every classroom that it is yet to visit."""
    visits = [v for v in s.visits.values() if v.team == e.team_no and v.status in UNFINISHED]
    limits = {around.policy(ctx, v.school).max_visitors_per_room for v in visits}
    most = min(limits, default=len(e.members))
    return True if len(e.members) <= most else Unmet(params={"most": most})


@rule("TOO_MANY_VISITORS", "That would be too many for this room.", source="IR-E04")
def room_holds_the_team(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Verdict:
    """No more visitors than the policy of the host school allows."""
    most = around.policy(ctx, s.school).max_visitors_per_room
    return True if len(s.teams.get(e.team_no, ())) <= most else Unmet(params={"most": most})


@rule("PERSON_DOUBLE_BOOKED", "Somebody is in another team already.", source="IR-E04")
def nobody_is_in_two_teams(s: Rounds, e: plan.FormTeam, ctx: Ctx) -> Verdict:
    """Every observer is in one team."""
    del ctx
    others = {p for no, team in s.teams.items() if no != e.team_no for p in team}
    both = tuple({"person": str(p)} for p in e.members if p in others)
    return Unmet(details=both) if both else True


@rule("OBSERVER_NOT_ASSIGNED", "Only those who were in the room write of it.", source="IR-E05")
def actor_was_present(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The actor is among those present at this visit."""
    return ctx.actor in s.visits[e.visit_no].present


@guard("VISITS_OUTSTANDING", "First every visit ends or is cancelled.", source="IR-E08")
def visits_are_over(s: Rounds, ctx: Ctx) -> Verdict:
    """No scheduled visit is yet to come or under way."""
    del ctx
    left = [v for v in s.visits.values() if v.status in UNFINISHED]
    details = tuple({"visit": v.number, "status": v.status} for v in left)
    return Unmet(details=details) if details else True


@guard("TOO_FEW_CLASSROOMS", "Too few classrooms were visited to compare them.", source="IR-E08")
def enough_classrooms_were_visited(s: Rounds, ctx: Ctx) -> Verdict:
    """At least the chosen number of classrooms was visited to the end."""
    visited, least = len(s.visited()), ctx.options.min_classrooms_total
    return True if visited >= least else Unmet(params={"visited": visited, "least": least})
