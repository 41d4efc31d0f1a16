"""The three: how they come together, what each wants to learn, who replaces whom, the look back."""

from typing import Annotated
from uuid import UUID

from enquiry import Entry, Piece, Was, ask, text
from enquiry.kernel.run.forms import PlanRun
from enquiry_peer_triads.state import Goals, Kind, Review, Triad

PEER = "peer"


PROTOCOL_VERSION = 1


PROTOCOL = (
    "What is said in the triad stays in the triad. Each takes away only what is their own.",
    "In each meeting everybody is once coach, once client, once observer.",
    "The coach listens, reflects back and asks questions. The coach gives no advice.",
    "The client chooses the topic, is honest, and decides alone what to do.",
    "The observer is silent during the conversation, and speaks after the client.",
    "Times are kept: conversation, client's feedback, observer's feedback.",
)
"""What the three adopt: confidentiality, time boxes, no advice, what leaves the room."""


class Params(Piece):
    """What the three agree on before they begin. Minutes and weeks."""

    conversation_minutes: Annotated[int, ask("Minutes of conversation", ge=10, le=30)] = 20
    client_feedback_minutes: Annotated[
        int, ask("Minutes for the client's feedback", ge=1, le=15)
    ] = 3
    observer_feedback_minutes: Annotated[
        int, ask("Minutes for the observer's feedback", ge=1, le=15)
    ] = 5
    meetings_planned: Annotated[int, ask("How many meetings?", ge=1, le=40)] = 6
    max_weeks_between_meetings: Annotated[
        int, ask("School weeks between meetings, at most", ge=1, le=26)
    ] = 6


class PlanTriad(PlanRun):
    """Plan a coaching triad"""

    params: Annotated[Params, ask("Times and meetings")] = Params()


class FormTriad(Entry):
    """Name the three members; each of them is invited and may decline"""

    members: Annotated[tuple[UUID, ...], ask("Which three?", address=True, at_most=20, ui="people")]


class TriadFormed(Entry, records="triad-formed"):
    """Three people were named as members"""

    members: tuple[UUID, ...]

    def apply(self, s: Triad, was: Was) -> Triad:
        """All three are invited; whoever named them, too."""
        return s.but(formed=True, invited={**s.invited, **dict.fromkeys(self.members, PEER)})


class TriadCompleted(Entry, records="triad-completed"):
    """All three take part"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """From now on the triad leads itself: a coordinator who formed it steps back."""
        lead = s.lead if s.lead in s.people else next(iter(s.people), None)
        return s.but(complete=True, lead=lead)


class StateGoals(Entry, records="goals-stated"):
    """State your goals, and the strengths you bring"""

    goals: Annotated[
        tuple[Annotated[str, text("A goal", upto=500, guard="private")], ...],
        ask("What do you want to learn?", at_least=1, at_most=3),
    ]
    strengths: Annotated[
        tuple[Annotated[str, text("A strength", upto=500, guard="private")], ...],
        ask("Which strengths do you bring?", at_least=1, at_most=10),
    ]

    def apply(self, s: Triad, was: Was) -> Triad:
        """What was stated last counts."""
        goals = Goals(id=was.id, goals=self.goals, strengths=self.strengths)
        return s.with_item(Kind.GOALS, was).but(goals={**s.goals, was.by: goals})


class PlaceFreed(Entry, records="place-freed"):
    """Somebody else may join"""


class TriadSuspended(Entry, records="triad-suspended"):
    """The triad is not three at the moment"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """No meetings until it is three again."""
        return s.but(suspended=True)


class ReplaceMember(Entry):
    """Suggest or support somebody as the third; everybody who remains must agree"""

    person: Annotated[UUID, ask("Whom?", address=True, ui="people")]


class ReplacementSupported(Entry, records="replacement-supported"):
    """Somebody who remains wants this person as a member"""

    person: UUID

    def apply(self, s: Triad, was: Was) -> Triad:
        """Remember who wants whom."""
        by = s.supported.get(self.person, ())
        return s.but(
            supported={**s.supported, self.person: (*(p for p in by if p != was.by), was.by)}
        )


class ReplacementInvited(Entry, records="replacement-invited"):
    """Everybody who remains wants this person, who is invited now"""

    person: UUID

    def apply(self, s: Triad, was: Was) -> Triad:
        """The invitation stands until it is answered."""
        return s.but(invited={**s.invited, self.person: PEER}, supported={})


class MemberReplaced(Entry, records="member-replaced"):
    """Somebody new takes part"""

    person: UUID


class TriadResumed(Entry, records="triad-resumed"):
    """The triad is three again"""

    def apply(self, s: Triad, was: Was) -> Triad:
        """Meetings may be held once the newcomer has stated goals and adopted the protocol."""
        return s.but(suspended=False)


class RecordTriadReview(Entry, records="triad-reviewed"):
    """Look back on your goals and on what helped"""

    progress_on_goals: Annotated[
        str, text("How far have you come with your goals?", upto=4000, lines=6, guard="private")
    ]
    what_helped: Annotated[str, text("What helped you?", upto=4000, lines=6, guard="private")]

    def apply(self, s: Triad, was: Was) -> Triad:
        """What was said last counts."""
        review = Review(id=was.id, progress=self.progress_on_goals, helped=self.what_helped)
        noted = s.with_item(Kind.REVIEW, was)
        return noted.but(reviews={**s.reviews, was.by: review}, reviewing=True)
