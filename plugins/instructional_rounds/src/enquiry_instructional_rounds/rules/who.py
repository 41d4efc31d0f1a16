"""What may be seen (step 3), who may act (step 4), and consent (step 5)."""

from typing import Any

from enquiry.kernel import around
from enquiry.method.ctx import Ctx
from enquiry.method.rules import guard, rule
from enquiry_instructional_rounds.state.pieces import SHOWING, TAKING_PART
from enquiry_instructional_rounds.state.rounds import Rounds

# What may be seen (step 3)


@rule("NOT_FOUND", "There is no such visit here for you.", source="3.2 confidentiality")
def visit_is_visible(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The visit exists, and the actor takes part or hosts this very visit."""
    visit = s.visits.get(e.visit_no)
    if visit is None:
        return False
    takes_part = s.inside(ctx.actor) or ctx.actor in s.host_leads()
    return takes_part or (visit.host == ctx.actor and visit.told)


@rule("NOT_FOUND", "There is no such card on the board.", source="4.3")
def card_is_there(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """It was posted, and neither taken back nor withdrawn; the board is for the network alone."""
    return s.inside(ctx.actor) and s.card(e.card) is not None


@rule("NOT_FOUND", "There is no such pattern.", source="4.3")
def pattern_is_there(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The pattern is on the wall, and the actor may read it."""
    return s.pattern(e.pattern) is not None and s.may_read(e.pattern, ctx.actor)


@rule("NOT_FOUND", "There is no such option.", source="IR-E13b")
def option_is_there(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The option stands: what lost its support has left the host's pack."""
    del ctx
    return e.option in s.options and s.stands(e.option)


def is_own_visit(s: Rounds, key: str, ctx: Ctx) -> bool:
    """A host teacher is offered the own visits alone: there are no others, as far as they know."""
    visit = s.visits.get(int(key))
    return visit is not None and visit.told and visit.host == ctx.actor


def is_own_teams(s: Rounds, key: str, ctx: Ctx) -> bool:
    """An observer is offered the visits of the own team."""
    visit = s.visits.get(int(key))
    return visit is not None and ctx.actor in s.teams.get(visit.team, ())


# Who may act (step 4)


@guard("POP_NOT_HOST_OWNED", "The host school alone chooses its problem.", source="IR-E01")
def is_host_lead(s: Rounds, ctx: Ctx) -> bool:
    """The actor leads the host school in these rounds."""
    return ctx.actor in s.host_leads()


@rule("NOT_PERMITTED", "Only the teacher of this classroom answers for it.", source="3.2 roles")
def hosts_this_visit(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """A host teacher answers for the own classroom only."""
    return s.visits[e.visit_no].host == ctx.actor


@rule("NOT_PERMITTED", "Another team visits this classroom.", source="3.2 commands")
def is_in_its_team(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The actor is of the team that visits."""
    return ctx.actor in s.teams.get(s.visits[e.visit_no].team, ())


@rule("NOT_PERMITTED", "Only who wrote a card words it anew or takes it back.", source="IR-E11")
def wrote_the_card(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The card is the actor's own."""
    return s.cards[e.card].by == ctx.actor


@rule("NOT_PERMITTED", "Somebody else must find your card descriptive.", source="IR-E11")
def did_not_write_the_card(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """The card is somebody else's."""
    return s.cards[e.card].by != ctx.actor


@guard("NOT_PERMITTED", "You are in no team that could agree.", source="3.2 commands")
def speaks_for_a_team(s: Rounds, ctx: Ctx) -> bool:
    """The actor is in a team."""
    return s.team_of(ctx.actor) is not None


@guard(
    "NOT_PERMITTED",
    "A facilitator reviews this, and a teacher of the host school who leads nobody there.",
    source="IR-E17",
)
def may_review(s: Rounds, ctx: Ctx) -> bool:
    """The actor is a network facilitator, or of the host team, on the staff and no leader."""
    if ctx.actor in s.network():
        return True
    if s.school is None or ctx.actor not in s.holders("host-team"):
        return False
    here, day = around.alliance(ctx), around.local_date(ctx, s.school, ctx.now)
    works_there = here.is_staff(ctx.actor, s.school, day)
    return works_there and not here.leads(ctx.actor, s.school, day)


# Consent (step 5)


@rule("CONSENT_WITHDRAWN", "This classroom is not part of the rounds any more.", source="4.3")
def host_has_not_withdrawn(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """Nothing new is recorded about somebody who withdrew."""
    del ctx
    return not s.host_withdrew(s.visits[e.visit_no])


@rule("CONSENT_WITHDRAWN", "This classroom is not part of the rounds any more.", source="4.3")
def classroom_may_be_shown(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """Nothing is posted of a classroom whose teacher takes it back; only who was there is told."""
    visit = s.visits[e.visit_no]
    return ctx.actor not in visit.present or not s.has_withdrawn(visit.host, *SHOWING)


@rule("CONSENT_WITHDRAWN", "This classroom cannot be visited in these rounds.", source="4.3")
def person_has_not_withdrawn(s: Rounds, e: Any, ctx: Ctx) -> bool:
    """Nobody is asked again in the rounds from which they withdrew."""
    del ctx
    return not s.has_withdrawn(e.host_teacher, *TAKING_PART)
