"""What protects the three: consent, line management, what may leave the triad.

Rules that all methods share, as they apply to triads.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry import Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel import around
from enquiry_peer_triads.forms import group
from enquiry_peer_triads.rules.members import bound
from enquiry_peer_triads.state import SHARING, Triad


def _withdrew(s: Triad, person: UUID) -> bool:
    return s.has_withdrawn(person, *SHARING)


@rule("CONSENT_WITHDRAWN", "This person takes no part in this triad.", source="4.3")
def person_consents(s: Triad, e: Any, ctx: Ctx) -> bool:
    """Nobody is invited who has withdrawn."""
    del ctx
    return not _withdrew(s, e.person)


@guard("CONSENT_WITHDRAWN", "You have withdrawn your consent to take part.", source="4.3")
def actor_consents(s: Triad, ctx: Ctx) -> bool:
    """Whoever has withdrawn consents again before joining again."""
    return not _withdrew(s, ctx.actor)


def managed_pairs(ctx: Ctx, people: Iterable[UUID]) -> tuple[tuple[UUID, UUID], ...]:
    """Everybody who manages somebody else of these, with that somebody."""
    here, all_ = around.alliance(ctx), tuple(people)
    return tuple((a, b) for a in all_ for b in all_ if a != b and here.manager_of(a, b))


def _forbidden(ctx: Ctx, people: Iterable[UUID]) -> bool:
    return any(
        around.policy(ctx, around.home(ctx, managed)).line_manager_forbidden
        for _, managed in managed_pairs(ctx, people)
    )


_MANAGES = "This school does not put a line manager into a triad with somebody they manage."


@rule("LINE_MANAGER_FORBIDDEN", _MANAGES, source="3.0 common rules")
def no_manager_among(s: Triad, e: group.FormTriad, ctx: Ctx) -> bool:
    """The school's policy allows these three together."""
    del s
    return not _forbidden(ctx, e.members)


@rule("LINE_MANAGER_FORBIDDEN", _MANAGES, source="3.0 common rules")
def no_manager_joins(s: Triad, e: Any, ctx: Ctx) -> bool:
    """The policy allows this person with those who are there."""
    return not _forbidden(ctx, {*bound(s), e.person})


@guard("LINE_MANAGER_FORBIDDEN", _MANAGES, source="3.0 common rules")
def joins_no_manager(s: Triad, ctx: Ctx) -> bool:
    """The policy allows the actor with those who take part."""
    return not _forbidden(ctx, {*s.people, ctx.actor})


@rule("SHARE_SCOPE_EXCEEDED", "What is said in the triad stays in the triad.", source="PT-E12")
def shared_with_triad(s: Triad, e: Any, ctx: Ctx) -> Verdict:
    """Sharing reaches the three, or one of them such as a newcomer, and nobody else."""
    del ctx
    inside = e.audience == "group" or e.person in s.people
    return True if inside else Unmet(pointer="/audience")


@rule(
    "SHARE_SCOPE_EXCEEDED",
    "Each proposes only what is about their own learning; the second person confirms it.",
    source="3.3 confidentiality",
)
def about_own_learning(s: Triad, e: Any, ctx: Ctx) -> Verdict:
    """Whoever proposes it learned all of it themselves."""
    owners = {s.author_of(item.output) for item in e.items}
    return True if owners <= {ctx.actor} else Unmet(pointer="/items")
