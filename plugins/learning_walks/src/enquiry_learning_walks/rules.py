"""Stages, windows and the rules LW-E01 to LW-E15: steps 6 and 8, in the order of the rule table.

Who may do what, and what a form must say, stands in ``checks``.
"""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule
from enquiry_learning_walks import forms, pooling
from enquiry_learning_walks.pieces import (
    OUTSIDE,
    SHARING,
    STANDING,
    VISITS_FOR_MANY,
    Audience,
    Outcome,
    Visit,
    VisitStatus,
)
from enquiry_learning_walks.plans import planned
from enquiry_learning_walks.state import Walk

TEAM_LEAST = 2
TEAM_MOST = 6


# Stages and windows (step 6)


@guard("FOCUS_LOCKED", "The walk has begun: its focus and criteria stay.", source="LW-E01")
def focus_is_open(s: Walk, ctx: Ctx) -> bool:
    """Focus and criteria are frozen by BeginWalk."""
    del ctx
    return s.begun_at is None


@rule("WRONG_STAGE", "This visit has begun: its plan stays.", source="LW-E04")
def visit_is_ahead(s: Walk, e: Any, ctx: Ctx) -> bool:
    """A visit is planned anew only before it begins."""
    del ctx
    visit = s.visits.get(e.visit_no)
    return visit is None or visit.begun_at is None


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


@rule("DEBRIEF_REQUIRED", "First comes the corridor debrief of the visit before.", source="LW-E09")
def corridors_are_closed(s: Walk, e: Any, ctx: Ctx) -> Verdict:
    """Every earlier visit is over: its corridor closed or skipped, or the visit left out."""
    del ctx
    visit = s.visits[e.visit_no]
    open_ = s.under_way()
    waiting = [v for v in s.before(visit) if v.status == VisitStatus.SCHEDULED]
    unfinished = [*([open_] if open_ is not None and open_ is not visit else []), *waiting]
    if not unfinished:
        return True
    return Unmet(details=tuple({"visit": v.number, "status": v.status} for v in unfinished))


@guard("DEBRIEF_REQUIRED", "First comes the corridor debrief of this visit.", source="LW-E09")
def no_visit_is_under_way(s: Walk, ctx: Ctx) -> Verdict:
    """Nobody is in a room or a corridor."""
    del ctx
    visit = s.under_way()
    return True if visit is None else Unmet(details=({"visit": visit.number},))


@rule("WRONG_STAGE", "This visit was left out.", source="3.1 commands")
def visit_was_not_skipped(s: Walk, e: Any, ctx: Ctx) -> bool:
    """A visit that was left out does not begin."""
    del ctx
    return s.visits[e.visit_no].status != VisitStatus.SKIPPED


@rule("VISIT_NOT_OPEN", "Notes are taken once the visit has begun.", source="LW-E11")
def visit_has_begun(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The notes window opens with BeginVisit."""
    del ctx
    return s.visits[e.visit_no].begun_at is not None


@rule(
    "NOTES_WINDOW_CLOSED",
    "The corridor debrief of this visit is over, and with it the time for notes.",
    source="LW-E11",
)
def notes_window_is_open(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The notes window closes with the corridor."""
    del ctx
    return s.visits[e.visit_no].status in (VisitStatus.OPEN, VisitStatus.CORRIDOR)


@rule(
    "NOTES_WINDOW_CLOSED",
    "The corridor debrief of that visit is over; add a note of correction instead.",
    source="4.3",
)
def note_can_be_taken_back(s: Walk, e: forms.RetractNote, ctx: Ctx) -> bool:
    """A note is taken back until its corridor closes."""
    del ctx
    note = s.notes.get(e.note)
    status = s.visits[note.visit].status if note is not None else None
    return status in (VisitStatus.OPEN, VisitStatus.CORRIDOR)


# Domain (step 8), in the order of LW-E01 to LW-E15


@rule("CRITERIA_REQUIRED", "A walk looks for at least one thing.", source="LW-E01")
def criteria_are_given(s: Walk, e: forms.SetWalkFocus, ctx: Ctx) -> bool:
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


def _beside(s: Walk, e: forms.ScheduleVisit) -> list[Visit]:
    """The team's other visits."""
    return [v for v in s.visits.values() if v.number != e.visit_no and v.status in STANDING]


@rule("VISIT_OVERLAP", "The team is in another room at that time.", source="LW-E04")
def visits_do_not_overlap(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """No two visits of a team share a moment; back to back is no overlap."""
    mine = planned(e, ctx)
    for other in _beside(s, e):
        if mine.start < other.end and other.start < mine.end:
            return Unmet(params={"visit": other.number})
    return True


@rule("DEBRIEF_SLOT_MISSING", "There must be time for the corridor in between.", source="LW-E04")
def debriefs_fit_in(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """Each corridor debrief ends by the start of the team's next visit."""
    mine = planned(e, ctx)
    for other in _beside(s, e):
        if mine.start < other.corridor_end and other.start < mine.corridor_end:
            return Unmet(params={"visit": other.number})
    return True


@rule("TOO_MANY_VISITORS", "That would be too many grown-ups for one room.", source="LW-E06")
def room_holds_visitors(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """No more visitors than the policy of the host school allows."""
    del s
    room = around.alliance(ctx).rooms.get(e.location)
    most = around.policy(ctx, room.school if room else None).max_visitors_per_room
    return True if len(e.visitors) <= most else Unmet(params={"most": most})


@rule("WALKER_HOSTS_ROOM", "Nobody visits their own room.", source="LW-E07")
def host_does_not_visit(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> bool:
    """The host is none of the visitors."""
    del s, ctx
    return e.host not in e.visitors


@guard("HOST_NOT_NOTIFIED", "Tell the hosts before you set out.", source="LW-E08")
def a_host_was_told(s: Walk, ctx: Ctx) -> bool:
    """There is at least one visit of which its host knows."""
    del ctx
    return bool(s.present_hosts())


@rule("HOST_NOT_NOTIFIED", "The host has not been told of this visit.", source="LW-E08")
def host_was_told(s: Walk, e: forms.BeginVisit, ctx: Ctx) -> bool:
    """The host knows of the visit as it is planned now."""
    del ctx
    return s.visits[e.visit_no].told


@rule("HOST_DECLINED", "This room is not visited.", source="LW-E08")
def host_has_not_declined(s: Walk, e: forms.BeginVisit, ctx: Ctx) -> bool:
    """The host has not said no."""
    del ctx
    return s.visits[e.visit_no].status != VisitStatus.DECLINED


@rule("NOT_PRESENT_AT_VISIT", "Only those who were in the room write and share.", source="LW-E10")
def actor_was_present(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The actor is among those present at this visit."""
    return ctx.actor in s.visits[e.visit_no].present


@rule("DEBRIEF_SHARE_MISSING", "Not everybody has spoken in the corridor.", source="LW-E12")
def everybody_spoke(s: Walk, e: Any, ctx: Ctx) -> Verdict:
    """Each walker who was present has shared, or said that they have nothing to add."""
    del ctx
    visit = s.visits[e.visit_no]
    silent = tuple({"person": str(p)} for p in visit.present if p not in visit.spoke)
    return Unmet(details=silent) if silent else True


@rule("OUTCOME_NEEDS_EVIDENCE", "An outcome rests on at least one note.", source="LW-E14")
def outcome_has_evidence(s: Walk, e: pooling.RecordOutcome, ctx: Ctx) -> bool:
    """At least one note is cited."""
    del s, ctx
    return bool(e.note_ids)


@guard("OUTCOME_NEEDS_EVIDENCE", "Record what the notes show before you close.", source="LW-E14")
def an_outcome_was_recorded(s: Walk, ctx: Ctx) -> bool:
    """An outcome was recorded, even if a withdrawal has since taken its support away."""
    del ctx
    return bool(s.outcomes)


@guard("NEXT_STEPS_REQUIRED", "Say what is to happen next before you close.", source="LW-E14")
def a_next_step_was_recorded(s: Walk, ctx: Ctx) -> bool:
    """There is at least one next step."""
    del ctx
    return bool(s.live_steps())


@rule("SHARE_SCOPE_EXCEEDED", "Some of this was withdrawn.", source="3.0, 4.3")
def outcomes_still_stand(s: Walk, e: pooling.ShareOutcomes, ctx: Ctx) -> Verdict:
    """Nothing is shared that lost its support, or that somebody does not want shared so far."""
    del ctx
    for number, id_ in enumerate(e.outcome_ids):
        outcome = s.live_outcomes().get(id_)
        if outcome is None or not _stands(s, outcome, e.audience):
            return Unmet(pointer=f"/outcome_ids/{number}")
    return True


def _stands(s: Walk, outcome: Outcome, audience: Audience) -> bool:
    behind = s.visits_behind(outcome)
    agreed = not s.has_withdrawn(outcome.by, SHARING[audience])
    return bool(behind) and agreed and behind == s.visits_behind(outcome, audience)


@rule(
    "SHARE_SCOPE_EXCEEDED",
    "Sharing beyond a host's school needs that host's consent.",
    source="4.2",
)
def hosts_agree_beyond_school(s: Walk, e: pooling.ShareOutcomes, ctx: Ctx) -> Verdict:
    """Every host behind an outcome consents before it is shared outside the own school."""
    if e.audience not in OUTSIDE:
        return True
    alone = len(around.alliance(ctx).schools) <= 1
    for number, id_ in enumerate(e.outcome_ids):
        for visit in s.visits_behind(s.outcomes[id_]):
            if not alone and not _host_agrees(s, s.visits[visit], e.audience, ctx):
                return Unmet(pointer=f"/outcome_ids/{number}", params={"visit": visit})
    return True


def _host_agrees(s: Walk, visit: Visit, audience: Audience, ctx: Ctx) -> bool:
    if audience == Audience.STAFF and visit.school == s.school:
        return True
    today = around.local_date(ctx, visit.school, ctx.now)
    return s.consents_to(visit.host, ConsentPurpose.SHARE_ALLIANCE, today)


@rule("OUTCOME_SINGLE_VISIT", "Shared that far, it would expose a single room.", source="LW-E15")
def outcomes_rest_on_two_visits(s: Walk, e: pooling.ShareOutcomes, ctx: Ctx) -> Verdict:
    """What staff or the alliance see rests on at least two visits."""
    del ctx
    if e.audience not in OUTSIDE:
        return True
    for number, id_ in enumerate(e.outcome_ids):
        if len(s.visits_behind(s.outcomes[id_], e.audience)) < VISITS_FOR_MANY:
            return Unmet(pointer=f"/outcome_ids/{number}")
    return True


@rule(
    "SHARE_SCOPE_EXCEEDED",
    "A note is shared with the walkers only; outcomes are shared by the lead, together.",
    source="3.1 confidentiality",
)
def item_stays_in_team(s: Walk, e: Any, ctx: Ctx) -> bool:
    """What is not yet an outcome does not leave the team."""
    del ctx
    return e.item in s.notes and e.audience == "group"
