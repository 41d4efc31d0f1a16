"""What the moves of a triad bring about beyond the form itself."""

from collections.abc import Iterable
from typing import Any

from enquiry import Ctx, Enter, Entry
from enquiry.kernel import around
from enquiry.kernel.run import forms as run
from enquiry_peer_triads import warnings
from enquiry_peer_triads.chart import (
    active,
    cancelled,
    client_feedback,
    contracted,
    conversation,
    meeting_incomplete,
    meeting_open,
    review,
    round_closed,
    suspended,
)
from enquiry_peer_triads.forms import group, meetings, rounds
from enquiry_peer_triads.rules import members
from enquiry_peer_triads.state import SHARING, Triad


def join(s: Triad, e: run.AcceptRunInvitation, ctx: Ctx) -> Iterable[Any]:
    """The third who accepts makes it a triad; a newcomer makes it one again."""
    three = len({*s.people, ctx.actor}) == members.SIZE
    yield e
    if s.suspended:
        yield group.MemberReplaced(person=ctx.actor)
        if three:
            yield group.TriadResumed()
            yield active if s.started else contracted
    elif three:
        yield group.TriadCompleted()
        yield contracted


def leave(s: Triad, e: Entry, ctx: Ctx) -> Iterable[Any]:
    """Leaving is always possible. A triad that is no longer three rests until it is again."""
    yield e
    goes = ctx.actor in s.people and s.over_at is None
    if goes and s.complete:
        yield from _no_longer_three(s, last=len(s.people) == 1)


def withdraw(s: Triad, e: run.WithdrawConsent, ctx: Ctx) -> Iterable[Any]:
    """Whoever withdraws from taking part, or from sharing with the others, leaves by it."""
    if not set(e.purposes) & set(SHARING):
        yield e
        return
    yield from leave(s, e, ctx)
    if ctx.actor in s.people and not s.complete:
        yield group.PlaceFreed()


def _no_longer_three(s: Triad, *, last: bool) -> Iterable[Any]:
    """A neutral standing; who left, and why, is no part of it."""
    if s.meeting is not None:
        yield from _broken_off(s)
    if not s.suspended:
        yield group.TriadSuspended()
        yield suspended
    if last:
        yield cancelled


def _broken_off(s: Triad) -> Iterable[Any]:
    yield meetings.MeetingIncomplete()
    if s.open_round is not None:
        yield Enter(round_closed, s.round_key)
    yield Enter(meeting_incomplete, s.meeting_key)


def form_triad(s: Triad, e: group.FormTriad, ctx: Ctx) -> Iterable[Any]:
    """All three are invited."""
    del s, ctx
    yield group.TriadFormed(members=e.members)


def open_meeting(s: Triad, e: meetings.OpenMeeting, ctx: Ctx) -> Iterable[Any]:
    """The first meeting starts the run, if nobody has started it before."""
    number = len(s.meetings) + 1
    yield meetings.MeetingOpened(
        number=number,
        day=around.local_date(ctx, s.school, ctx.now),
        mode=e.mode,
        planned_for=e.planned_for,
    )
    if not s.started:
        yield run.StartRun()
    yield active
    yield Enter(meeting_open, str(number))


def this_meeting(s: Triad, e: Any) -> str:
    """Key of the last meeting."""
    del e
    return s.meeting_key


def end_early(s: Triad, e: meetings.EndMeetingEarly, ctx: Ctx) -> Iterable[Any]:
    """The meeting is incomplete, and why is recorded as a deviation."""
    del ctx
    yield from _broken_off(s)
    yield run.RecordDeviation(rule="PT-E09", reason=e.reason)


def begin_round(s: Triad, e: rounds.BeginRound, ctx: Ctx) -> Iterable[Any]:
    """The conversation of this round begins."""
    del ctx
    yield e
    yield Enter(conversation, f"{s.meeting_key}.{e.round_no}")


def end_conversation(s: Triad, e: rounds.EndConversation, ctx: Ctx) -> Iterable[Any]:
    """How long it took is recorded with it."""
    yield rounds.ConversationEnded(minutes=warnings.conversation_minutes(s, e, ctx))
    yield Enter(client_feedback, s.round_key)


def this_round(s: Triad, e: Any) -> str:
    """Key of the round begun last."""
    del e
    return s.round_key


def round_of_action(s: Triad, e: Any) -> str:
    """Key of the round in which the action was committed."""
    action = s.actions.get(e.action) if e is not None else None
    return action.round if action is not None else s.round_key


def support(s: Triad, e: group.ReplaceMember, ctx: Ctx) -> Iterable[Any]:
    """When the last who remains agrees, the newcomer is invited."""
    yield group.ReplacementSupported(person=e.person)
    if members.everybody_wants(s, e.person, ctx.actor):
        yield group.ReplacementInvited(person=e.person)


def look_back(s: Triad, e: group.RecordTriadReview, ctx: Ctx) -> Iterable[Any]:
    """The first look back begins the review."""
    del s
    yield e
    if ctx.stage == active.name:
        yield review
