"""Who the three are: PT-E01, PT-E02 and PT-E11."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry import COORDINATOR, Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel import around
from enquiry_peer_triads.forms import group
from enquiry_peer_triads.state import Triad

SIZE = 3


# PT-E01: exactly three


@rule("TRIAD_SIZE", "A triad is three different people: no fourth, no two.", source="PT-E01")
def exactly_three(s: Triad, e: group.FormTriad, ctx: Ctx) -> Verdict:
    """Three distinct members are named."""
    del s, ctx
    three = len(e.members) == SIZE and len(set(e.members)) == SIZE
    return True if three else Unmet(pointer="/members", params={"members": len(set(e.members))})


def bound(s: Triad) -> set[UUID]:
    """Everybody who takes part or is invited."""
    return {*s.people, *s.invited}


@guard("TRIAD_SIZE", "Three people take part or are invited: no fourth.", source="PT-E01")
def place_is_free(s: Triad, ctx: Ctx) -> bool:
    """Somebody declined or left, and nobody is invited in their place."""
    del ctx
    return len(bound(s)) < SIZE


@rule("TRIAD_SIZE", "This person is already one of the triad.", source="PT-E01")
def is_somebody_else(s: Triad, e: Any, ctx: Ctx) -> Verdict:
    """Nobody counts twice."""
    del ctx
    return Unmet(pointer="/person") if e.person in bound(s) else True


@guard("WRONG_STAGE", "The triad has been formed.")
def not_formed(s: Triad, ctx: Ctx) -> bool:
    """Three members are named once; after that, single people are invited."""
    del ctx
    return not s.formed


@guard("WRONG_STAGE", "Form the triad first: name its three members.")
def is_formed(s: Triad, ctx: Ctx) -> bool:
    """Single people are invited only in place of somebody who was named."""
    del ctx
    return s.formed


@rule("NOT_PERMITTED", "A triad is formed by one of the three or by a coordinator.", source="3.3")
def is_one_of_them_or_coordinates(s: Triad, e: group.FormTriad, ctx: Ctx) -> bool:
    """Nobody puts three others together, unless that is their task."""
    del s
    return ctx.actor in e.members or COORDINATOR.name in ctx.circles


def _colleague(ctx: Ctx, person: UUID) -> bool:
    return around.alliance(ctx).present(person, ctx.now) and not around.is_pupil(ctx, person)


@rule("VALIDATION_FAILED", "Somebody named here is no colleague known to the alliance.")
def members_are_colleagues(s: Triad, e: group.FormTriad, ctx: Ctx) -> Verdict:
    """A triad is three colleagues."""
    del s
    unknown = [n for n, person in enumerate(e.members) if not _colleague(ctx, person)]
    return Unmet(pointer=f"/members/{unknown[0]}") if unknown else True


@rule("VALIDATION_FAILED", "This person is no colleague known to the alliance.")
def is_colleague(s: Triad, e: Any, ctx: Ctx) -> Verdict:
    """Nor is the third anybody else."""
    del s
    return True if _colleague(ctx, e.person) else Unmet(pointer="/person")


# PT-E02: no meeting before goals, strengths and protocol


@guard("GOALS_REQUIRED", "All three state goals and strengths before you meet.", source="PT-E02")
def goals_are_stated(s: Triad, ctx: Ctx) -> Verdict:
    """Everybody has stated goals, and with the same form their strengths."""
    del ctx
    missing = [person for person in s.people if person not in s.goals]
    return Unmet(details=_people(missing)) if missing else True


def _people(people: Iterable[UUID]) -> tuple[Any, ...]:
    return tuple({"person": str(person)} for person in people)


@guard("PROTOCOL_NOT_ADOPTED", "All three adopt the protocol before you meet.", source="PT-E02")
def protocol_is_adopted(s: Triad, ctx: Ctx) -> Verdict:
    """Everybody has adopted the same version."""
    del ctx
    adopted = {person: s.adopted.get(person, 0) for person in s.people}
    newest = max(adopted.values(), default=0)
    missing = [person for person, version in adopted.items() if version in (0, *range(1, newest))]
    return Unmet(details=_people(missing)) if missing else True


# PT-E11: a triad that is not three


@guard("TRIAD_SUSPENDED", "You are not three at the moment: no meetings.", source="PT-E11")
def not_suspended(s: Triad, ctx: Ctx) -> bool:
    """Three people take part."""
    del ctx
    return not s.suspended


@guard(
    "TRIAD_SUSPENDED",
    "Whoever replaces a member must be wanted by all who remain: suggest a replacement.",
    source="PT-E11",
)
def joins_by_agreement(s: Triad, ctx: Ctx) -> bool:
    """The lead alone invites nobody into a triad that has begun."""
    del ctx
    return not s.suspended


def everybody_wants(s: Triad, person: UUID, also: UUID) -> bool:
    """Whether all who remain want this person, counting who says so now."""
    return set(s.people) <= {*s.supported.get(person, ()), also}
