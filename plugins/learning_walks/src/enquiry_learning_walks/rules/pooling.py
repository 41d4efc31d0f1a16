"""After the walk: outcomes, next steps, and with whom they are shared. LW-E14 and LW-E15."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule
from enquiry_learning_walks.forms import outcomes
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    OUTSIDE,
    SHARING,
    VISITS_FOR_MANY,
    Audience,
    Outcome,
    Visit,
)

# LW-E14: outcomes and next steps


@rule("VALIDATION_FAILED", "This is not a note that you can read.")
def cited_notes_are_readable(s: Walk, e: outcomes.RecordOutcome, ctx: Ctx) -> Verdict:
    """An outcome rests on notes that the actor may read."""
    for number, id_ in enumerate(e.note_ids):
        if not s.may_cite(ctx.actor, id_) or id_ in e.note_ids[:number]:
            return Unmet(pointer=f"/note_ids/{number}")
    return True


@rule("OUTCOME_NEEDS_EVIDENCE", "An outcome rests on at least one note.", source="LW-E14")
def outcome_has_evidence(s: Walk, e: outcomes.RecordOutcome, ctx: Ctx) -> bool:
    """At least one note is cited."""
    del s, ctx
    return bool(e.note_ids)


@rule("VALIDATION_FAILED", "Somebody, or some role, sees to it: one of the two.")
def step_has_an_owner(s: Walk, e: outcomes.RecordNextStep, ctx: Ctx) -> Verdict:
    """A next step has one owner: a role, or a person of the alliance."""
    del s
    if (e.owner is None) == (e.owner_role is None):
        return Unmet(pointer="/owner_role")
    if e.owner is not None and not around.alliance(ctx).present(e.owner, ctx.now):
        return Unmet(pointer="/owner")
    return True


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


# LW-E15: sharing


@rule(
    "SHARE_SCOPE_EXCEEDED",
    "A note is shared with the walkers only; outcomes are shared by the lead, together.",
    source="3.1 confidentiality",
)
def item_stays_in_team(s: Walk, e: Any, ctx: Ctx) -> bool:
    """What is not yet an outcome does not leave the team."""
    del ctx
    return e.item in s.notes and e.audience == "group"


@rule("VALIDATION_FAILED", "This is not an outcome of this walk.")
def outcomes_are_known(s: Walk, e: outcomes.ShareOutcomes, ctx: Ctx) -> Verdict:
    """What is shared was recorded."""
    del ctx
    for number, id_ in enumerate(e.outcome_ids):
        if id_ not in s.outcomes or id_ in e.outcome_ids[:number]:
            return Unmet(pointer=f"/outcome_ids/{number}")
    return True


@rule("SHARE_SCOPE_EXCEEDED", "Some of this was withdrawn.", source="3.0, 4.3")
def outcomes_still_stand(s: Walk, e: outcomes.ShareOutcomes, ctx: Ctx) -> Verdict:
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
def hosts_agree_beyond_school(s: Walk, e: outcomes.ShareOutcomes, ctx: Ctx) -> Verdict:
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
def outcomes_rest_on_two_visits(s: Walk, e: outcomes.ShareOutcomes, ctx: Ctx) -> Verdict:
    """What staff or the alliance see rests on at least two visits."""
    del ctx
    if e.audience not in OUTSIDE:
        return True
    for number, id_ in enumerate(e.outcome_ids):
        if len(s.visits_behind(s.outcomes[id_], e.audience)) < VISITS_FOR_MANY:
            return Unmet(pointer=f"/outcome_ids/{number}")
    return True
