"""What a form must say: step 7."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.run import forms as run
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule
from enquiry_instructional_rounds.forms import debrief, plan, results
from enquiry_instructional_rounds.rules.order import EARLY
from enquiry_instructional_rounds.state.pieces import VisitStatus
from enquiry_instructional_rounds.state.rounds import Rounds

FACILITATORS_MOST = 3
HOST_SIDE = ("host-lead", "host-team")


@rule("VALIDATION_FAILED", "This is not a school of the alliance.")
def host_school_is_known(s: Rounds, e: plan.PlanRun, ctx: Ctx) -> Verdict:
    """Rounds are hosted by a school of the alliance."""
    del s
    known = around.school(ctx, e.host_school) is not None
    return True if known else Unmet(pointer="/host_school")


@rule("VALIDATION_FAILED", "There are as many of these as there can be.", source="3.2 roles")
def role_is_free(s: Rounds, e: run.InviteToRun, ctx: Ctx) -> Verdict:
    """One host lead, at most three network facilitators, invitations counted."""
    del ctx
    asked = sum(1 for who, role in s.invited.items() if role == e.role and who != e.person)
    held = len(s.network()) if e.role == "network-facilitator" else len(s.holders(e.role))
    most = {"host-lead": 1, "network-facilitator": FACILITATORS_MOST}.get(e.role)
    return True if most is None or held + asked < most else Unmet(pointer="/role")


@rule("VALIDATION_FAILED", "The host side works at the host school.", source="3.2 roles")
def host_side_works_there(s: Rounds, e: run.InviteToRun, ctx: Ctx) -> Verdict:
    """Host lead and host team are on the staff of the host school."""
    if e.role not in HOST_SIDE or s.school is None:
        return True
    day = around.local_date(ctx, s.school, ctx.now)
    works = around.alliance(ctx).is_staff(e.person, s.school, day)
    return True if works else Unmet(pointer="/person")


@rule(
    "VALIDATION_FAILED",
    "Nobody is on both sides: who leads the host school or is of its team reads no cards.",
    source="3.2 confidentiality",
)
def is_on_one_side(s: Rounds, e: run.InviteToRun, ctx: Ctx) -> Verdict:
    """The host side is not of the network, and no leader of the host school observes in it."""
    if e.role in HOST_SIDE:
        return Unmet(pointer="/role") if s.inside(e.person) else True
    if e.person in s.host_side():
        return Unmet(pointer="/role")
    day = around.local_date(ctx, s.school, ctx.now)
    leads = s.school is not None and around.alliance(ctx).leads(e.person, s.school, day)
    return Unmet(pointer="/person") if leads else True


@rule("VALIDATION_FAILED", "The teams are formed: nobody is asked to observe any more.")
def observers_are_asked_in_time(s: Rounds, e: run.InviteToRun, ctx: Ctx) -> Verdict:
    """Observers are invited before the teams are in the classrooms."""
    del s
    fits = e.role != "observer" or ctx.stage in EARLY
    return True if fits else Unmet(pointer="/role")


@rule("VALIDATION_FAILED", "A team is formed of observers, each once.")
def members_observe(s: Rounds, e: plan.FormTeam, ctx: Ctx) -> Verdict:
    """Every member has joined as an observer."""
    del ctx
    return _all_in("/members", e.members, s.observers())


@rule("VALIDATION_FAILED", "There is no such team.")
def team_is_known(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Verdict:
    """The team was formed, and somebody is in it."""
    del ctx
    return True if s.teams.get(e.team_no) else Unmet(pointer="/team_no")


@rule("VALIDATION_FAILED", "This is not a room of the host school.")
def room_is_the_hosts(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Verdict:
    """Rounds visit classrooms of one school."""
    room = around.alliance(ctx).rooms.get(e.location)
    fits = room is not None and room.school == s.school
    return True if fits else Unmet(pointer="/location")


@rule("VALIDATION_FAILED", "The host teacher is somebody on the staff of the host school.")
def host_teacher_works_there(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Verdict:
    """Whoever is visited belongs to the staff of the host school on that day."""
    day = around.local_date(ctx, s.school, e.start)
    works = s.school is not None and around.alliance(ctx).is_staff(e.host_teacher, s.school, day)
    return True if works else Unmet(pointer="/host_teacher")


@rule("VALIDATION_FAILED", "Nobody observes their own classroom.")
def host_teacher_does_not_visit(s: Rounds, e: plan.ScheduleClassroom, ctx: Ctx) -> Verdict:
    """The host teacher is not of the team that visits."""
    del ctx
    visits = e.host_teacher in s.teams.get(e.team_no, ())
    return Unmet(pointer="/host_teacher") if visits else True


@rule("VALIDATION_FAILED", "There is no such visit to come.")
def visits_are_ahead(s: Rounds, e: plan.InformHostTeachers, ctx: Ctx) -> Verdict:
    """Host teachers are told of visits that are yet to come."""
    del ctx
    for number, visit_no in enumerate(e.visit_nos):
        visit = s.visits.get(visit_no)
        if visit is None or visit.status != VisitStatus.SCHEDULED:
            return Unmet(pointer=f"/visit_nos/{number}")
    return True


@rule("VALIDATION_FAILED", "Only the team of whom the host teacher was told walks in.")
def present_are_of_the_team(s: Rounds, e: Any, ctx: Ctx) -> Verdict:
    """Everybody present is of the team, and named once."""
    del ctx
    return _all_in("/present", e.present or (), s.teams.get(s.visits[e.visit_no].team, ()))


@rule("VALIDATION_FAILED", "This is not a card on the board.")
def cards_are_there(s: Rounds, e: Any, ctx: Ctx) -> Verdict:
    """A pattern rests on cards that anybody can read, each named once."""
    del ctx
    return _all_in("/card_ids", e.card_ids or (), tuple(s.live_cards()))


@rule("VALIDATION_FAILED", "Say what is to change: the statement, the cards, or both.")
def edit_changes_something(s: Rounds, e: debrief.EditPattern, ctx: Ctx) -> bool:
    """An edit that changes nothing would clear agreements for nothing."""
    del s, ctx
    return e.statement is not None or e.card_ids is not None


@rule("VALIDATION_FAILED", "An example is a card on which a pattern that is shared rests.")
def examples_may_be_shown(s: Rounds, e: results.ShareWithHost, ctx: Ctx) -> Verdict:
    """An example supports a pattern that stands, and so no single classroom (confidentiality)."""
    del ctx
    cited = {id_ for one, p in s.patterns.items() if s.carries(one) for id_ in p.cards}
    fit = tuple(
        id_ for id_, card in s.live_cards().items() if id_ in cited and not card.needs_rewording
    )
    return _all_in("/examples", e.examples, fit)


_FOR_NOBODY = "Nothing about a classroom, a visit or a teacher goes to anybody."


@rule("INDIVIDUAL_FEEDBACK_FORBIDDEN", _FOR_NOBODY, source="IR-E16")
def form_is_about_what_all_found(s: Rounds, e: run.AttachForm, ctx: Ctx) -> Verdict:
    """A form is attached to a pattern, a prediction, an option or the rounds as a whole."""
    try:
        target = UUID(e.target)
    except ValueError:
        return Unmet(pointer="/target")
    known = target == ctx.stream or s.item(target) is not None
    return True if known else Unmet(pointer="/target")


def _all_in(pointer: str, named: tuple[UUID, ...], known: tuple[UUID, ...]) -> Verdict:
    among, seen = frozenset(known), set[UUID]()
    for number, one in enumerate(named):
        if one not in among or one in seen:
            return Unmet(pointer=f"{pointer}/{number}")
        seen.add(one)
    return True
