"""Forms and facts of a round: conversation, the client's feedback, the observer's feedback."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from enquiry import Entry, Was, ask, text
from enquiry_peer_triads.state import Action, Kind, Phase, Roles, Round, Triad


class BeginRound(Entry, records="round-begun"):
    """Begin a round: say who is coach, client and observer"""

    round_no: Annotated[int, ask("Which round of the meeting?", address=True, ge=1)]
    coach: Annotated[UUID, ask("Who is coach?", ui="people")]
    client: Annotated[UUID, ask("Who is client?", ui="people")]
    observer: Annotated[UUID, ask("Who is observer?", ui="people")]

    def apply(self, s: Triad, was: Was) -> Triad:
        """The conversation begins."""
        meeting = s.meeting
        if meeting is None:
            return s
        roles = Roles(coach=self.coach, client=self.client, observer=self.observer)
        begun = Round(number=self.round_no, roles=roles, begun_at=was.at, turned_at=was.at)
        return s.with_meeting(meeting.but(rounds=(*meeting.rounds, begun)))


class SetTopic(Entry, records="topic-set"):
    """Say what you want to think about"""

    topic: Annotated[
        str, text("What do you want to think about?", upto=1000, lines=3, guard="private")
    ]
    goal: (
        Annotated[int, ask("Towards which of your goals? Its number in your list", ge=1, le=3)]
        | None
    ) = None

    def apply(self, s: Triad, was: Was) -> Triad:
        """The topic of the round; set again, it replaces the earlier one."""
        noted = s.with_item(Kind.TOPIC, was, self.topic)
        return noted.with_round(topic=was.id, goal=self.goal)


class NoteKind(StrEnum):
    """What an observer noticed."""

    OPENING_QUESTION = "opening_question"
    MISSED_QUESTION = "missed_question"
    LISTENING = "listening"
    REFLECTING_BACK = "reflecting_back"
    OTHER = "other"


class RecordObserverNote(Entry, records="observer-note-recorded"):
    """Note what you notice; it is yours alone until your feedback"""

    kind: Annotated[NoteKind, ask("What did you notice?", ui="choice")]
    text: Annotated[str, text("What did you see or hear?", upto=2000, lines=3, guard="private")]

    def apply(self, s: Triad, was: Was) -> Triad:
        """A note of the round."""
        return s.with_item(Kind.NOTE, was, self.text)


class PostToThread(Entry, records="posted-to-thread"):
    """Write to the shared thread"""

    text: Annotated[str, text("What do you want to say?", upto=2000, lines=3, guard="private")]

    def apply(self, s: Triad, was: Was) -> Triad:
        """The three read it."""
        return s.with_item(Kind.POST, was, self.text)


class DeclareAdvice(Entry, records="advice-declared"):
    """Say that you gave advice; only you are reminded of it"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """Nobody else learns of it."""
        return s.with_item(Kind.ADVICE, was)


class EndConversation(Entry):
    """End the conversation"""

    actual_minutes: (
        Annotated[
            int, ask("How many minutes did it take? Left out, the clock says it", ge=1, le=600)
        ]
        | None
    ) = None


class ConversationEnded(Entry, records="conversation-ended"):
    """The conversation ended"""

    minutes: int
    """As said by whoever ended it, or from the beginning of the round until now."""

    def apply(self, s: Triad, was: Was) -> Triad:
        """The client has the first word about it."""
        return s.with_round(minutes=self.minutes, phase=Phase.CLIENT_FEEDBACK, turned_at=was.at)


_HELPED = text("What helped you think, and what did not?", upto=2000, lines=3, guard="private")
_NOTICED = text(
    "Where did a question open something up? Which was missed?",
    upto=2000,
    lines=3,
    guard="private",
)


class GiveClientFeedback(Entry, records="client-feedback-given"):
    """Tell the coach what helped; you may have nothing to add"""

    text: Annotated[str, _HELPED] | None = None

    def apply(self, s: Triad, was: Was) -> Triad:
        """Now the observer speaks, and their notes are open to the three."""
        given = s.with_item(Kind.CLIENT_FEEDBACK, was, self.text)
        return given.with_round(phase=Phase.OBSERVER_FEEDBACK, turned_at=was.at, notes_open=True)


class GiveObserverFeedback(Entry, records="observer-feedback-given"):
    """Tell the coach what you noticed; you may have nothing to add"""

    text: Annotated[str, _NOTICED] | None = None
    notes: Annotated[tuple[UUID, ...], ask("Which of your notes is it about?", at_most=100)] = ()

    def apply(self, s: Triad, was: Was) -> Triad:
        """Both have spoken: the round may be closed."""
        given = s.with_item(Kind.OBSERVER_FEEDBACK, was, self.text)
        return given.with_round(observer_spoke=True)


_ACTION = ask("Which action?", address=True)
_WORDING = text("What will you try?", upto=1000, lines=3, guard="private")
_DUE = ask("By when?", ui="date")


class CommitAction(Entry, records="action-committed"):
    """Commit to something you will try"""

    text: Annotated[str, _WORDING]
    due: Annotated[date, _DUE] | None = None

    def apply(self, s: Triad, was: Was) -> Triad:
        """It belongs to the client."""
        action = Action(
            owner=was.by,
            meeting=len(s.meetings),
            round=s.round_key,
            wording=was.id,
            due=self.due,
        )
        noted = s.with_item(Kind.ACTION, was, self.text)
        return noted.but(actions={**s.actions, was.id: action})


class AmendAction(Entry, records="action-amended"):
    """Put your action differently"""

    action: Annotated[UUID, _ACTION]
    text: Annotated[str, _WORDING]
    due: Annotated[date, _DUE] | None = None

    def apply(self, s: Triad, was: Was) -> Triad:
        """The new wording counts; the action as an output has changed now."""
        known, item = s.actions.get(self.action), s.items.get(self.action)
        if known is None or item is None:
            return s
        noted = s.with_item(Kind.AMENDMENT, was, self.text)
        return noted.but(
            actions={**s.actions, self.action: known.but(wording=was.id, due=self.due)},
            items={**noted.items, self.action: item.but(revision=was.revision)},
        )


class ReviewAction(Entry, records="action-reviewed"):
    """Say what came of your action"""

    action: Annotated[UUID, _ACTION]
    outcome: Annotated[str, text("What came of it?", upto=2000, lines=3, guard="private")]

    def apply(self, s: Triad, was: Was) -> Triad:
        """What was said last counts."""
        known = s.actions.get(self.action)
        noted = s.with_item(Kind.OUTCOME, was, self.outcome)
        if known is None:
            return noted
        return noted.but(actions={**s.actions, self.action: known.but(outcome=was.id)})


class CloseRound(Entry, records="round-closed"):
    """Close the round"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """The roles may change now."""
        return s.with_round(phase=Phase.CLOSED, turned_at=was.at)
