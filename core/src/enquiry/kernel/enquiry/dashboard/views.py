"""Where the enquiry stands: phase and cycle, the next gate, targets, warnings."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.gates import AFTER
from enquiry.kernel.enquiry.phases.gates import Gate, unanswered
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.timing.rules import USUAL
from enquiry.method.method import Look


class ConditionShown(Struct, frozen=True):
    """A condition of a gate."""

    letter: str
    sentence: str
    met: bool
    missing: tuple[dict[str, str], ...]
    """What stands against it, such as the school that it is about; empty items say no more."""


class GateShown(Struct, frozen=True):
    """The next gate."""

    name: str
    open: bool
    """Every condition is met, and no warning blocks it."""
    conditions: tuple[ConditionShown, ...]
    """All of them, in the order of their letters."""
    blocking: tuple[str, ...]
    """Codes of warnings that nobody has answered. What one says is told to its audience."""


class TargetShown(Struct, frozen=True):
    """By when a phase is meant to be over."""

    phase: str
    by: date | None
    """``None``: nobody has set a day."""
    usual_school_days: int
    """How long it usually takes; counted where no day was set."""


class WarningOnBoard(Struct, frozen=True):
    """A warning that you may see."""

    id: UUID
    code: str
    severity: str
    state: str
    """``open`` or ``acknowledged``."""
    raised_at: datetime


class Dashboard(Struct, frozen=True):
    """Where the enquiry stands now."""

    stage: str
    phase: str | None
    """``None`` before it is launched."""
    cycle: int
    trial_cycle: int
    """The present one, or the last; 0 before the first."""
    launched_at: datetime | None
    """Of the present cycle."""
    entered_at: datetime | None
    """When the present phase began."""
    gate: GateShown | None
    """``None`` where no gate is next: before the launch, after the end."""
    targets: tuple[TargetShown, ...]
    warnings: tuple[WarningOnBoard, ...]
    """Those that you may see, oldest first."""


def dashboard(s: Enquiry, look: Look) -> Dashboard:
    """The same conditions that refuse a step show the way to it."""
    course = s.course
    running = course.phase is not None and look.stage == course.phase
    gate = AFTER[course.phase] if course.phase is not None and running else None
    return Dashboard(
        look.stage,
        course.phase,
        course.cycle,
        s.trials.cycle,
        course.launched_at,
        course.entered_at,
        _gate(gate, s, look) if gate is not None else None,
        tuple(TargetShown(phase, course.targets.get(phase), USUAL[phase]) for phase in Phase),
        tuple(_warning(one) for one in look.warnings),
    )


def _gate(gate: Gate, s: Enquiry, look: Look) -> GateShown:
    conditions = tuple(
        ConditionShown(one.letter, one.sentence, not missing, missing)
        for one in gate.conditions
        for missing in (one.unmet(s, look),)
    )
    told = unanswered(look.raised.values(), gate.warnings)
    blocking = tuple(item["condition"].partition(":")[2] for item in told)
    is_open = not blocking and all(one.met for one in conditions)
    return GateShown(gate.name, is_open, conditions, blocking)


def _warning(one: Any) -> WarningOnBoard:
    return WarningOnBoard(one.id, one.code, one.severity, one.state, one.raised_at)
