"""Forms and facts of the course of an enquiry."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from enquiry.kernel.enquiry.phases.state import Course, Phase, Turn
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain, text

_REASON = text("Why?", upto=1000, lines=3)


class LaunchEnquiry(Entry, records="enquiry-launched"):
    """Launch the enquiry"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The first phase begins."""
        launched = s.course.but(launched_at=was.at)
        return s.but(course=_entered(launched, Phase.IMPLEMENTATION, Turn.LAUNCHED, was))


def _entered(course: Course, phase: Phase, turn: Turn, was: Was) -> Course:
    there = course.but(phase=phase, entered_at=was.at, progressed_at=None, supports={})
    return there.turned(turn, was.id, was.at)


def _rested(s: Enquiry, turn: Turn, was: Was, **changes: Any) -> Enquiry:
    return s.but(course=s.course.but(supports={}, **changes).turned(turn, was.id, was.at))


class StepSupported(Entry, records="step-supported"):
    """One of the two representatives it takes asked for a step"""

    step: Annotated[str, plain("Which step?", because="a step and where it leads")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It waits for a second representative."""
        asked = tuple(dict.fromkeys((*s.course.supports.get(self.step, ()), was.by)))
        return s.but(course=s.course.but(supports={**s.course.supports, self.step: asked}))


class AdvancePhase(Entry):
    """Go on to the next phase"""

    to: Annotated[Phase, ask("Which phase?", address=True, ui="choice")]


class PhaseAdvanced(Entry, records="phase-advanced"):
    """The next phase began"""

    to: Phase

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What was recorded stays; another gate is the next."""
        return s.but(course=_entered(s.course, self.to, Turn.ADVANCED, was))


class ReturnToPhase(Entry):
    """Go back to an earlier phase: mistakes and dead ends are part of it"""

    to: Annotated[Phase, ask("Which phase?", address=True, ui="choice")]
    reason: Annotated[str, _REASON]


class PhaseReturned(Entry, records="phase-returned"):
    """The group went back to an earlier phase"""

    to: Phase
    reason: Annotated[str, _REASON]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Nothing that was recorded is lost."""
        return s.but(course=_entered(s.course, self.to, Turn.RETURNED, was))


class SetPhaseTarget(Entry, records="phase-target-set"):
    """Set by when a phase is meant to be over"""

    phase: Annotated[Phase, ask("Which phase?", address=True, ui="choice")]
    by: Annotated[date, ask("By which day?", ui="date")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last one counts."""
        targets = {**s.course.targets, self.phase: self.by}
        return s.but(course=s.course.but(targets=targets))


class PauseEnquiry(Entry):
    """Pause the enquiry"""

    reason: Annotated[str, _REASON] | None = None


class EnquiryPaused(Entry, records="enquiry-paused"):
    """The enquiry rests"""

    stage: Annotated[str, plain("Where it was", because="a stage of the enquiry")]
    reason: Annotated[str, _REASON] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Remember where it was."""
        return _rested(s, Turn.PAUSED, was, paused_in=self.stage)


class ResumeEnquiry(Entry):
    """Go on where it was paused"""


class EnquiryResumed(Entry, records="enquiry-resumed"):
    """The enquiry goes on"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What time has passed meanwhile counts as rest."""
        return _rested(s, Turn.RESUMED, was, paused_in=None)


class AbandonEnquiry(Entry):
    """Abandon the enquiry"""

    reason: Annotated[str, _REASON]


class EnquiryAbandoned(Entry, records="enquiry-abandoned"):
    """The enquiry was abandoned"""

    reason: Annotated[str, _REASON]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What was recorded stays, to be read."""
        return _rested(s, Turn.ABANDONED, was)


class CloseCycle(Entry):
    """Close this cycle"""


class CycleClosed(Entry, records="cycle-closed"):
    """A cycle was closed"""

    cycle: int

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The group decides whether another follows."""
        return _rested(s, Turn.CYCLE_CLOSED, was)


class EntryPhase(StrEnum):
    """Where another cycle may begin."""

    IMPLEMENTATION = "implementation"
    INNOVATION = "innovation"


class StartNextCycle(Entry):
    """Start another cycle"""

    entry_phase: Annotated[EntryPhase, ask("In which phase does it begin?", ui="choice")]
    focus: Annotated[bool, ask("Is the focus carried over?")] = False
    question: Annotated[bool, ask("Is the question carried over, with its focus?")] = False
    norms: Annotated[bool, ask("Are the norms carried over?")] = True
    measures: Annotated[tuple[UUID, ...], ask("Which measures are carried over?", at_most=100)] = ()
    strategies: Annotated[
        tuple[UUID, ...], ask("Which strategies are carried over?", at_most=40)
    ] = ()


class CycleStarted(Entry, records="cycle-started"):
    """Another cycle began"""

    entry_phase: EntryPhase
    focus: bool
    question: bool
    norms: bool
    measures: tuple[UUID, ...]
    strategies: tuple[UUID, ...]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What is carried over stays in use; all else stays in the record."""
        cycle = s.course.cycle + 1
        began = s.course.but(cycle=cycle, launched_at=was.at, targets={})
        strategies = {
            id_: one.but(cycle=cycle) if id_ in self.strategies else one
            for id_, one in s.trying.strategies.items()
        }
        measures = {
            id_: one.but(cycle=cycle) if id_ in self.measures else one
            for id_, one in s.measures.items()
        }
        focused = s.focused.but(
            focus=s.focused.focus if self.focus else None,
            questions=s.focused.questions if self.question else (),
        )
        return s.but(
            course=_entered(began, Phase(self.entry_phase), Turn.CYCLE_STARTED, was),
            focused=focused,
            choices=(),
            norms=s.norms if self.norms else s.norms.but(adopted={}),
            trying=s.trying.but(strategies=strategies),
            measures=measures,
            trials=s.trials.but(since=s.trials.cycle + 1, completed=s.trials.cycle),
        )


class CloseEnquiry(Entry):
    """Close the enquiry"""


class EnquiryClosed(Entry, records="enquiry-closed"):
    """The enquiry was closed"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What was recorded stays, to be read."""
        return _rested(s, Turn.CLOSED, was)
