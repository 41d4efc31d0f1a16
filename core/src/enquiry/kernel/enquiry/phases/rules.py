"""When the enquiry may move on, and who may say so."""

from typing import Any

from enquiry.kernel.enquiry.people.state import Scope
from enquiry.kernel.enquiry.phases.gates import Condition, Gate
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Rule, Unmet, Verdict, rule

_ORDER = (Phase.IMPLEMENTATION, Phase.INNOVATION, Phase.IMPACT)


@rule("WRONG_STAGE", "The phases follow each other: this is not the next one.", source="2.1")
def is_next_phase(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """One phase at a time, forwards."""
    del ctx
    return s.course.phase is not None and e.to in _ORDER[_ORDER.index(s.course.phase) + 1 :][:1]


@rule("WRONG_STAGE", "This is not an earlier phase.", source="2.1")
def is_earlier_phase(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Back to any phase before the present one."""
    del ctx
    return s.course.phase is not None and e.to in _ORDER[: _ORDER.index(s.course.phase)]


_SENTENCE = "Not everything is in place yet."


def through(gates: dict[Phase, Gate]) -> Rule:
    """The gate before the phase that is asked for is open."""

    @rule("GATE_NOT_MET", _SENTENCE, source="2.16")
    def gate_is_open(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
        missing = gates[e.to].details(s, ctx)
        return Unmet(details=missing) if missing else True

    return gate_is_open


def closing(gate: Gate) -> Rule:
    """The gate before the end of a cycle is open."""

    @rule("GATE_NOT_MET", _SENTENCE, source="2.16")
    def cycle_is_complete(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
        del e
        missing = gate.details(s, ctx)
        return Unmet(details=missing) if missing else True

    return cycle_is_complete


@rule(
    "GATE_NOT_MET",
    "A cycle that begins with innovation carries a focus, a question, a measure and a strategy.",
    source="2.16",
)
def carries_enough(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """What implementation would have brought is carried over. A question brings its focus."""
    del ctx
    if e.entry_phase != Phase.INNOVATION:
        return True
    has = {
        "focus": (e.focus or e.question) and s.focused.focus is not None,
        "question": e.question and bool(s.focused.questions),
        "measures": bool(e.measures),
        "strategies": bool(e.strategies),
    }
    missing = tuple({"condition": name} for name, held in has.items() if not held)
    return Unmet(details=missing) if missing else True


@rule("VALIDATION_FAILED", "This is no strategy of the group.")
def carried_strategies_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Only what there is can be carried over."""
    del ctx
    for index, id_ in enumerate(e.strategies):
        if id_ not in s.trying.strategies:
            return Unmet(pointer=f"/strategies/{index}")
    return True


@rule("VALIDATION_FAILED", "This is no measure of the group.")
def carried_measures_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Only what there is can be carried over."""
    del ctx
    for index, id_ in enumerate(e.measures):
        if id_ not in s.measures:
            return Unmet(pointer=f"/measures/{index}")
    return True


def _too_few(s: Enquiry, around: Any) -> tuple[dict[str, str], ...]:
    del around
    enough = len(s.schools) >= 2 if s.scope == Scope.ALLIANCE else len(s.members) >= 3
    return () if enough else ({},)


ENOUGH_TAKE_PART = Condition(
    "a", "Two schools take part; within one school, three members.", _too_few
)
