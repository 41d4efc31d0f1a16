"""The rules of a triad, each with its code, the sentence people read, and its source.

In the order of the method's rule table; ``safeguards`` has what all methods share.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry import COORDINATOR, Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel import around
from enquiry_peer_triads import forms, rounds
from enquiry_peer_triads.state import Kind, Phase, Roles, Triad

SIZE = 3
ROUNDS = 3

# PT-E01: exactly three


@rule("TRIAD_SIZE", "A triad is three different people: no fourth, no two.", source="PT-E01")
def exactly_three(s: Triad, e: forms.FormTriad, ctx: Ctx) -> Verdict:
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
def is_one_of_them_or_coordinates(s: Triad, e: forms.FormTriad, ctx: Ctx) -> bool:
    """Nobody puts three others together, unless that is their task."""
    del s
    return ctx.actor in e.members or COORDINATOR.name in ctx.circles


def _colleague(ctx: Ctx, person: UUID) -> bool:
    return around.alliance(ctx).present(person, ctx.now) and not around.is_pupil(ctx, person)


@rule("VALIDATION_FAILED", "Somebody named here is no colleague known to the alliance.")
def members_are_colleagues(s: Triad, e: forms.FormTriad, ctx: Ctx) -> Verdict:
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


# PT-E03 and PT-E04: three roles, three people, in turn


def roles_of(e: rounds.BeginRound) -> Roles:
    """The assignment that is asked for."""
    return Roles(coach=e.coach, client=e.client, observer=e.observer)


@rule(
    "ROLES_NOT_DISTINCT",
    "Coach, client and observer are three different people.",
    source="PT-E03",
)
def roles_are_distinct(s: Triad, e: rounds.BeginRound, ctx: Ctx) -> bool:
    """Nobody plays two roles in a round."""
    del s, ctx
    return len(set(roles_of(e).people)) == SIZE


@rule("NOT_IN_TRIAD", "Only the three members play roles in a round.", source="PT-E03")
def roles_are_members(s: Triad, e: rounds.BeginRound, ctx: Ctx) -> Verdict:
    """Everybody named is a member."""
    del ctx
    named = {"coach": e.coach, "client": e.client, "observer": e.observer}
    strangers = [role for role, person in named.items() if person not in s.people]
    return Unmet(pointer=f"/{strangers[0]}") if strangers else True


@rule(
    "ROLE_REPEATED",
    "In a meeting nobody has the same role twice: all three roles change, by turns.",
    source="PT-E04",
)
def roles_change(s: Triad, e: rounds.BeginRound, ctx: Ctx) -> bool:
    """Each round is a cyclic shift of the others."""
    del ctx
    rounds = s.meeting.rounds if s.meeting is not None else ()
    return not any(round_.roles.repeats(roles_of(e)) for round_ in rounds)


# PT-E05: rounds 1, 2, 3, one at a time


@guard("ROUND_ORDER", "A round is open. Close it before the next begins.", source="PT-E05")
def no_round_open(s: Triad, ctx: Ctx) -> bool:
    """One round at a time."""
    del ctx
    return s.meeting is None or s.open_round is None


@rule("ROUND_ORDER", "Rounds are held in order: first, second, third.", source="PT-E05")
def is_next_round(s: Triad, e: rounds.BeginRound, ctx: Ctx) -> Verdict:
    """The number is the one that follows; after the third there is none (``ROUND_LIMIT``)."""
    del ctx
    done = len(s.meeting.rounds) if s.meeting is not None else ROUNDS
    if done >= ROUNDS or e.round_no == done + 1:
        return True
    return Unmet(params={"next": done + 1})


@guard("ROUND_LIMIT", "A meeting has three rounds; there is no fourth.", source="PT-E05")
def rounds_are_left(s: Triad, ctx: Ctx) -> bool:
    """Fewer than three rounds have been begun."""
    del ctx
    return s.meeting is None or len(s.meeting.rounds) < ROUNDS


# PT-E06: the observer is silent during the conversation


@guard(
    "OBSERVER_SILENT",
    "During the conversation the observer says nothing. Note it for your feedback.",
    source="PT-E06",
)
def observer_is_silent(s: Triad, ctx: Ctx) -> bool:
    """The actor is not the observer of a conversation that is going on."""
    round_ = s.open_round
    silent = round_ is not None and round_.phase is Phase.CONVERSATION
    return not (silent and round_ is not None and round_.roles.observer == ctx.actor)


@rule("OBSERVER_SILENT", "An observer's notes stay private until their feedback.", source="PT-E06")
def note_is_open(s: Triad, e: Any, ctx: Ctx) -> bool:
    """Sharing is no way round: a note can be shared from the observer's turn on."""
    del ctx
    item = s.items.get(e.item)
    if item is None or item.kind is not Kind.NOTE:
        return True
    round_ = s.round_at(item.round)
    return round_ is None or not round_.open or round_.notes_open


# PT-E07: first the client, then the observer, then the round is closed


@guard("FEEDBACK_ORDER", "First the client speaks, then the observer.", source="PT-E07")
def client_has_spoken(s: Triad, ctx: Ctx) -> bool:
    """In an open round the client has given feedback, if only that there is nothing to add."""
    del ctx
    return s.open_round is None or s.open_round.notes_open


@guard("WRONG_STAGE", "The observer's feedback has been given.", source="PT-E07")
def observer_has_not_spoken(s: Triad, ctx: Ctx) -> bool:
    """Each speaks once."""
    del ctx
    return s.open_round is None or not s.open_round.observer_spoke


@guard(
    "FEEDBACK_ORDER",
    "The round is closed when both have spoken, if only to say that there is nothing to add.",
    source="PT-E07",
)
def both_have_spoken(s: Triad, ctx: Ctx) -> bool:
    """In an open round client and observer have given feedback."""
    del ctx
    return s.open_round is None or s.open_round.observer_spoke


@rule("VALIDATION_FAILED", "This is not one of your notes of this round.", source="PT-E07")
def notes_are_own(s: Triad, e: rounds.GiveObserverFeedback, ctx: Ctx) -> Verdict:
    """Feedback rests on the observer's own notes of the round."""
    for n, note in enumerate(e.notes):
        item = s.items.get(note)
        mine = item is not None and item.kind is Kind.NOTE and item.by == ctx.actor
        if item is None or not mine or item.round != s.round_key:
            return Unmet(pointer=f"/notes/{n}")
    return True


# PT-E08: topic and actions belong to the client


@guard("NOT_CLIENT", "Topic and actions are the client's alone.", source="PT-E08")
def is_client(s: Triad, ctx: Ctx) -> bool:
    """While a round is open, the actor is its client."""
    return s.open_round is None or s.is_client(ctx.actor)


@rule("NOT_FOUND", "There is no such action.", source="PT-E11")
def action_is_known(s: Triad, e: Any, ctx: Ctx) -> bool:
    """The actor may read it: nobody learns of an action from before they joined."""
    return e.action in s.actions and s.reads(ctx.actor, e.action)


@rule("NOT_CLIENT", "Only whose action it is may say that.", source="PT-E08")
def action_is_own(s: Triad, e: Any, ctx: Ctx) -> bool:
    """Whoever committed to it reviews it."""
    return s.actions[e.action].owner == ctx.actor if e.action in s.actions else True


@rule("VALIDATION_FAILED", "You have no goal of this number.")
def goal_is_own(s: Triad, e: rounds.SetTopic, ctx: Ctx) -> Verdict:
    """A topic may point to one of the client's goals as they stand."""
    goals = s.goals.get(ctx.actor)
    known = len(goals.goals) if goals is not None else 0
    return True if e.goal is None or e.goal <= known else Unmet(pointer="/goal")


# PT-E09 and PT-E10: meetings


@guard(
    "INCOMPLETE_ROTATION",
    "A meeting is complete after three closed rounds. Or end it early, and say why.",
    source="PT-E09",
)
def rotation_is_complete(s: Triad, ctx: Ctx) -> Verdict:
    """Three rounds are closed."""
    del ctx
    closed = s.meeting.closed_rounds() if s.meeting is not None else ROUNDS
    return True if closed == ROUNDS else Unmet(params={"closed": closed})


@guard("MEETING_OPEN", "A meeting is open. Complete it, or end it early.", source="PT-E10")
def no_meeting_open(s: Triad, ctx: Ctx) -> bool:
    """One meeting at a time."""
    del ctx
    return s.meeting is None


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
