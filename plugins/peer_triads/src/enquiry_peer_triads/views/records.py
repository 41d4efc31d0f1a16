"""What the three read of what they said: one's own record, feedback on coaching, the meetings.

A view shows only contributions that its viewer may read (``Triad.reads``).
"""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from enquiry import Look
from enquiry_peer_triads.state import Item, Kind, Meeting, Round, Status, Triad
from enquiry_peer_triads.views.overview import RoundRow, round_row


class ActionShown(Struct, frozen=True):
    """An action as its owner sees it."""

    action: UUID
    meeting: int
    text: str | None
    due: date | None
    outcome: str | None


class MyRecord(Struct, frozen=True):
    """One's own goals, topics and actions: the owner keeps them, also after leaving."""

    goals: tuple[str, ...]
    strengths: tuple[str, ...]
    topics: tuple[str, ...]
    actions: tuple[ActionShown, ...]
    progress_on_goals: str | None
    what_helped: str | None


def my_record(s: Triad, look: Look) -> MyRecord:
    """My goals and actions."""
    me = look.viewer.person
    stated, review = s.goals.get(me), s.reviews.get(me)
    own = [item for id_, item in s.items.items() if item.by == me and id_ not in s.gone]
    return MyRecord(
        goals=stated.goals if stated else (),
        strengths=stated.strengths if stated else (),
        topics=tuple(item.text for item in own if item.kind is Kind.TOPIC),
        actions=tuple(_action(s, id_, me) for id_, a in s.actions.items() if a.owner == me),
        progress_on_goals=review.progress if review else None,
        what_helped=review.helped if review else None,
    )


def _action(s: Triad, id_: UUID, viewer: UUID) -> ActionShown:
    action = s.actions[id_]
    return ActionShown(
        action=id_,
        meeting=action.meeting,
        text=s.words(viewer, action.wording),
        due=action.due,
        outcome=s.words(viewer, action.outcome),
    )


class NoteShown(Struct, frozen=True):
    """An observer's note."""

    note: UUID
    by: UUID
    text: str


class FeedbackShown(Struct, frozen=True):
    """What a coach was told about one conversation."""

    meeting: int
    round_no: int
    day: date
    client: str | None
    observer: str | None
    notes: tuple[NoteShown, ...]


class GrowthLog(Struct, frozen=True):
    """What one was told as a coach, oldest first."""

    entries: tuple[FeedbackShown, ...]


def growth_log(s: Triad, look: Look) -> GrowthLog:
    """My received feedback as coach."""
    me = look.viewer.person
    return GrowthLog(
        tuple(
            _feedback(s, meeting, round_, me)
            for meeting in s.meetings
            for round_ in meeting.rounds
            if round_.roles.coach == me and round_.notes_open
        )
    )


def _said(s: Triad, key: str, kind: Kind, viewer: UUID) -> tuple[tuple[UUID, Item], ...]:
    return tuple(
        (id_, item)
        for id_, item in s.items.items()
        if item.round == key and item.kind is kind and s.reads(viewer, id_)
    )


def _text(s: Triad, key: str, kind: Kind, viewer: UUID) -> str | None:
    return next((item.text or None for _, item in _said(s, key, kind, viewer)), None)


def _notes(s: Triad, key: str, viewer: UUID) -> tuple[NoteShown, ...]:
    return tuple(NoteShown(i, n.by, n.text) for i, n in _said(s, key, Kind.NOTE, viewer))


def _feedback(s: Triad, meeting: Meeting, round_: Round, viewer: UUID) -> FeedbackShown:
    key = f"{meeting.number}.{round_.number}"
    return FeedbackShown(
        meeting=meeting.number,
        round_no=round_.number,
        day=meeting.day,
        client=_text(s, key, Kind.CLIENT_FEEDBACK, viewer),
        observer=_text(s, key, Kind.OBSERVER_FEEDBACK, viewer),
        notes=_notes(s, key, viewer),
    )


class RoundShown(Struct, frozen=True):
    """A round as one of the three may read it."""

    roles: RoundRow
    minutes: int | None
    topic: str | None
    goal: int | None
    notes: tuple[NoteShown, ...]
    client_feedback: str | None
    observer_feedback: str | None
    actions: tuple[ActionShown, ...]


class MeetingShown(Struct, frozen=True):
    """A meeting as one of the three may read it."""

    number: int
    day: date
    mode: str
    planned_for: datetime | None
    status: Status
    rounds: tuple[RoundShown, ...]


class Post(Struct, frozen=True):
    """Something written to the shared thread."""

    post: UUID
    by: UUID
    text: str


class Record(Struct, frozen=True):
    """The meetings one took part in or was let into, and the shared thread."""

    meetings: tuple[MeetingShown, ...]
    thread: tuple[Post, ...]


def record(s: Triad, look: Look) -> Record:
    """The record of the meetings."""
    me = look.viewer.person
    thread = tuple(
        Post(id_, item.by, item.text)
        for id_, item in s.items.items()
        if item.kind is Kind.POST and s.reads(me, id_)
    )
    mine = (meeting for meeting in s.meetings if me in meeting.members)
    return Record(tuple(_meeting(s, meeting, me) for meeting in mine), thread)


def _meeting(s: Triad, meeting: Meeting, viewer: UUID) -> MeetingShown:
    return MeetingShown(
        number=meeting.number,
        day=meeting.day,
        mode=meeting.mode,
        planned_for=meeting.planned_for,
        status=meeting.status,
        rounds=tuple(_round(s, meeting, round_, viewer) for round_ in meeting.rounds),
    )


def _round(s: Triad, meeting: Meeting, round_: Round, viewer: UUID) -> RoundShown:
    key = f"{meeting.number}.{round_.number}"
    topic = s.words(viewer, round_.topic)
    return RoundShown(
        roles=round_row(round_),
        minutes=round_.minutes,
        topic=topic,
        goal=round_.goal if topic is not None else None,
        notes=_notes(s, key, viewer),
        client_feedback=_text(s, key, Kind.CLIENT_FEEDBACK, viewer),
        observer_feedback=_text(s, key, Kind.OBSERVER_FEEDBACK, viewer),
        actions=tuple(
            _action(s, id_, viewer)
            for id_, action in s.actions.items()
            if action.round == key and s.reads(viewer, id_)
        ),
    )
