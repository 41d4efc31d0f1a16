"""The debrief: its steps, patterns, predictions and the next level of work."""

from typing import Annotated
from uuid import UUID

from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry_instructional_rounds.state.pieces import (
    ActorLevel,
    DebriefStep,
    Focus,
    Horizon,
    Option,
    Pattern,
    Prediction,
)
from enquiry_instructional_rounds.state.rounds import Rounds

PATTERN = ask("Which pattern?", address=True)
_CARDS = ask("On which cards does it rest?", at_most=100)
_PATTERNS = ask("On which patterns does it rest?", at_most=50)
_STATEMENT = text("What do the cards show, across classrooms?", upto=600, lines=3, guard="patterns")


class OpenDebrief(Entry, records="debrief-opened"):
    """Open the debrief; it begins with describing"""

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Cards can be put on the board."""
        return s.but(debriefed_at=was.at, step=DebriefStep.DESCRIBE)


class AdvanceDebrief(Entry, records="debrief-advanced"):
    """Go on to the next step of the debrief"""

    to: Annotated[DebriefStep, ask("To which step?", address=True, ui="choice")]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Leaving a step fixes what it brought, so that nothing later tells what changed it."""
        match self.to:
            case DebriefStep.ANALYSE:
                seen = {card.focus for card in s.live_cards().values()}
                s = s.but(only_teacher=seen == {Focus.TEACHER})
            case DebriefStep.PREDICT:
                s = s.but(carried=s.agreed_by_all())
            case _:
                pass
        return s.but(step=self.to)


class ReopenDebriefStep(Entry):
    """Go back to an earlier step, and say why"""

    to: Annotated[DebriefStep, ask("To which step?", address=True, ui="choice")]
    reason: Annotated[str, text("Why?", upto=1000, lines=3, guard="contributions")]


class DebriefReopened(Entry, records="debrief-reopened"):
    """An earlier step of the debrief was opened again"""

    to: DebriefStep

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """What leaving that step had fixed is open again."""
        s = s.but(step=self.to, completed_at=None, unanimous=False)
        if self.to in (DebriefStep.DESCRIBE, DebriefStep.ANALYSE):
            s = s.but(carried=())
        return s.but(only_teacher=False) if self.to == DebriefStep.DESCRIBE else s


class CreatePattern(Entry, records="pattern-created"):
    """Say what several cards have in common"""

    statement: Annotated[str, _STATEMENT]
    card_ids: Annotated[tuple[UUID, ...], _CARDS] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """The pattern has the fact's id; no team has agreed to it."""
        pattern = Pattern(
            by=was.by,
            text=self.statement,
            cards=self.card_ids,
            version=1,
            revision=was.revision,
            acts=(was.id,),
        )
        return s.but(patterns={**s.patterns, was.id: pattern})


class EditPattern(Entry, records="pattern-edited"):
    """Put a pattern in other words, or rest it on other cards; teams agree anew"""

    pattern: Annotated[UUID, PATTERN]
    statement: Annotated[str, _STATEMENT] | None = None
    card_ids: Annotated[tuple[UUID, ...], _CARDS] | None = None

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """A new version, to which nobody has agreed."""
        known = s.pattern(self.pattern)
        if known is None:
            return s
        edited = known.but(
            version=known.version + 1,
            revision=was.revision,
            agreed=(),
            acts=(*known.acts, was.id),
        )
        if self.statement is not None:
            edited = edited.but(text=self.statement, by=was.by)
        if self.card_ids is not None:
            edited = edited.but(cards=self.card_ids)
        return s.but(patterns={**s.patterns, self.pattern: edited})


class AgreePattern(Entry, records="pattern-agreed-by-team"):
    """Agree to a pattern, for your team"""

    pattern: Annotated[UUID, PATTERN]
    version: Annotated[int, ask("To which version?", address=True, ge=1)]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """The team of whoever says so has agreed to this version."""
        known, team = s.pattern(self.pattern), s.team_of(was.by)
        if known is None or team is None or team in known.agreed:
            return s
        agreed = known.but(agreed=(*known.agreed, team))
        return s.but(patterns={**s.patterns, self.pattern: agreed})


class AddPrediction(Entry, records="prediction-added"):
    """Say what a pupil here who did all that was asked would know, or be able to do"""

    statement: Annotated[
        str,
        text("A pupil here would …", upto=600, lines=3, guard="patterns"),
    ]
    pattern_ids: Annotated[tuple[UUID, ...], _PATTERNS] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """The prediction has the fact's id."""
        made = Prediction(
            by=was.by, text=self.statement, patterns=self.pattern_ids, revision=was.revision
        )
        return s.but(predictions={**s.predictions, was.id: made})


class AddNextLevelOption(Entry, records="next-level-option-added"):
    """Propose a next level of work"""

    horizon: Annotated[Horizon, ask("By when?", ui="choice")]
    actor_level: Annotated[ActorLevel, ask("Who does it?", ui="choice")]
    statement: Annotated[str, text("What?", upto=600, lines=3, guard="patterns")]
    support_needed: (
        Annotated[str, text("What would it need?", upto=600, guard="patterns")] | None
    ) = None
    pattern_ids: Annotated[tuple[UUID, ...], _PATTERNS] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """The option has the fact's id."""
        option = Option(
            by=was.by,
            horizon=self.horizon,
            actor_level=self.actor_level,
            text=self.statement,
            support=self.support_needed,
            patterns=self.pattern_ids,
            revision=was.revision,
        )
        return s.but(options={**s.options, was.id: option})


class CompleteDebrief(Entry, records="debrief-completed"):
    """Complete the debrief"""

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Nothing is added any more."""
        parked = any(id_ not in s.carried for id_ in s.patterns if id_ not in s.gone)
        return s.but(step=None, completed_at=was.at, unanimous=s.challenges == 0 and not parked)
