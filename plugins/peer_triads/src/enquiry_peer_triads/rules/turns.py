"""How the three meet: PT-E03 to PT-E10."""

from typing import Any

from enquiry import Ctx, Unmet, Verdict, guard, rule
from enquiry_peer_triads.forms import rounds
from enquiry_peer_triads.rules.members import SIZE
from enquiry_peer_triads.state import Kind, Phase, Roles, Triad

ROUNDS = 3


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
        mine = s.author_of(note) == ctx.actor
        if item is None or not mine or item.kind is not Kind.NOTE or item.round != s.round_key:
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
