"""What deserves a second look: remarks about single moments, and conditions that stand.

None of them tells what was said, and none about one person is seen by anybody else.
"""

from datetime import date

from enquiry import Ctx, Warn, Watch
from enquiry.kernel import around
from enquiry.kernel.schooldays import days_strictly_between, is_school_day
from enquiry_peer_triads.forms import group, meetings, rounds
from enquiry_peer_triads.rules.safeguards import managed_pairs
from enquiry_peer_triads.state import Meeting, Round, Triad, minutes_between

SCHOOL_DAYS_A_WEEK = 5
STARTS_IN_A_ROW = 3


def params(ctx: Ctx) -> group.Params:
    """What the three agreed on when the triad was planned."""
    return ctx.options if isinstance(ctx.options, group.Params) else group.Params()


def conversation_minutes(s: Triad, e: rounds.EndConversation, ctx: Ctx) -> int:
    """How long it took: as whoever ended it says, or else by the clock."""
    begun = s.open_round.begun_at if s.open_round is not None else ctx.now
    return e.actual_minutes or minutes_between(begun, ctx.now)


def conversation_overruns(s: Triad, e: rounds.EndConversation, ctx: Ctx) -> tuple[Warn, ...]:
    """``TIMEBOX_OVERRUN``: the conversation took longer than agreed."""
    took = conversation_minutes(s, e, ctx)
    return _overrun(s, "conversation", took, params(ctx).conversation_minutes)


def client_overruns(s: Triad, e: rounds.GiveClientFeedback, ctx: Ctx) -> tuple[Warn, ...]:
    """``TIMEBOX_OVERRUN``: the client's feedback took longer than agreed."""
    del e
    took = _since_turn(s.open_round, ctx)
    return _overrun(s, "client_feedback", took, params(ctx).client_feedback_minutes)


def observer_overruns(s: Triad, e: rounds.GiveObserverFeedback, ctx: Ctx) -> tuple[Warn, ...]:
    """``TIMEBOX_OVERRUN``: the observer's feedback took longer than agreed."""
    del e
    took = _since_turn(s.open_round, ctx)
    return _overrun(s, "observer_feedback", took, params(ctx).observer_feedback_minutes)


def _since_turn(round_: Round | None, ctx: Ctx) -> int:
    return minutes_between(round_.turned_at, ctx.now) if round_ is not None else 0


def _overrun(s: Triad, phase: str, took: int, agreed: int) -> tuple[Warn, ...]:
    if took <= agreed:
        return ()
    about = f"round-{s.round_key}-{phase}"
    return (Warn("TIMEBOX_OVERRUN", about=about, params={"minutes": took, "agreed": agreed}),)


def no_action(s: Triad, e: rounds.CloseRound, ctx: Ctx) -> tuple[Warn, ...]:
    """``NO_ACTION_COMMITTED``: the client leaves the round without an action."""
    del e, ctx
    committed = any(action.round == s.round_key for action in s.actions.values())
    return () if committed else (Warn("NO_ACTION_COMMITTED", about=f"round-{s.round_key}"),)


def unequal_time(s: Triad, e: meetings.CompleteMeeting, ctx: Ctx) -> tuple[Warn, ...]:
    """``UNEQUAL_TIME``: the longest conversation took more than 1.25 times the shortest."""
    del e, ctx
    rounds = s.meeting.rounds if s.meeting is not None else ()
    minutes = [round_.minutes for round_ in rounds if round_.minutes is not None]
    if not minutes or 4 * max(minutes) <= 5 * min(minutes):
        return ()
    times = {"longest": max(minutes), "shortest": min(minutes)}
    return (Warn("UNEQUAL_TIME", about=f"meeting-{s.meeting_key}", params=times),)


def same_starter(s: Triad, e: rounds.BeginRound, ctx: Ctx) -> tuple[Warn, ...]:
    """``SAME_STARTER``: the same person is client first in three successive meetings."""
    del ctx
    if e.round_no != 1:
        return ()
    before = s.meetings[-STARTS_IN_A_ROW:-1]
    starters = [meeting.rounds[0].roles.client for meeting in before if meeting.rounds]
    if starters != [e.client] * (STARTS_IN_A_ROW - 1):
        return ()
    return (Warn("SAME_STARTER", about=f"meeting-{s.meeting_key}"),)


def advice_given(s: Triad, e: rounds.DeclareAdvice, ctx: Ctx) -> tuple[Warn, ...]:
    """``ADVICE_GIVEN``: the coach says so of themselves, and nobody else hears of it."""
    del e
    return (Warn("ADVICE_GIVEN", about=f"round-{s.round_key}", person=ctx.actor),)


def outside_term(s: Triad, e: meetings.OpenMeeting, ctx: Ctx) -> tuple[Warn, ...]:
    """``OUTSIDE_TERM``: the meeting was planned for a day without school."""
    calendar = around.calendar(ctx, s.school)
    if e.planned_for is None or calendar is None:
        return ()
    day = around.local_date(ctx, s.school, e.planned_for)
    if is_school_day(calendar, day):
        return ()
    about = f"meeting-{len(s.meetings) + 1}"
    return (Warn("OUTSIDE_TERM", about=about, params={"day": day.isoformat()}),)


def _unreviewed(s: Triad, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    warns: list[Warn] = []
    for meeting in s.meetings[1:]:
        count = sum(
            1
            for id_, action in s.actions.items()
            if action.meeting < meeting.number
            and action.outcome is None
            and action.owner in s.people
            and id_ not in s.withheld
        )
        if count:
            about = f"meeting-{meeting.number}"
            warns.append(Warn("ACTIONS_NOT_REVIEWED", about=about, params={"actions": count}))
    return tuple(warns)


def _managers(s: Triad, ctx: Ctx) -> tuple[Warn, ...]:
    concerned = {person for pair in managed_pairs(ctx, s.people) for person in pair}
    return tuple(
        Warn("LINE_MANAGER_CONFLICT", about=str(person), person=person)
        for person in sorted(concerned)
    )


def _gap(s: Triad, ctx: Ctx) -> tuple[Warn, ...]:
    held = [meeting for meeting in s.meetings if meeting.ended_at is not None]
    over = s.suspended or s.reviewing or s.over_at is not None or s.meeting is not None
    if not held or over or len(held) >= params(ctx).meetings_planned:
        return ()
    weeks = params(ctx).max_weeks_between_meetings
    if not _longer_ago(s, held[-1], weeks, ctx):
        return ()
    return (Warn("MEETING_GAP", about=f"meeting-{held[-1].number}", params={"weeks": weeks}),)


def _longer_ago(s: Triad, last: Meeting, weeks: int, ctx: Ctx) -> bool:
    calendar = around.calendar(ctx, s.school)
    today: date = around.local_date(ctx, s.school, ctx.now)
    if calendar is None:
        return (today - last.day).days > 7 * weeks
    # So many whole school days in between: the same weekday so many weeks later is still in time.
    return days_strictly_between(calendar, last.day, today) >= SCHOOL_DAYS_A_WEEK * weeks


WATCHES = (
    Watch("ACTIONS_NOT_REVIEWED", _unreviewed, source="3.3"),
    Watch("LINE_MANAGER_CONFLICT", _managers, source="3.0 common rules"),
    Watch("MEETING_GAP", _gap, source="3.3", timed=True),
)
"""What stands until it no longer holds."""
