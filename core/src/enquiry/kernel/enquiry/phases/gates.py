"""Gates: conditions that are all told at once, and warnings that must not stand unanswered."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

Unmet = Callable[[Any, Any], tuple[dict[str, str], ...]]
"""(state, surroundings) -> what is missing, an item each; empty where the condition holds.

The surroundings are a ``Ctx`` or a ``Look``: the same conditions refuse a step and show the way."""


class Condition(Struct, frozen=True):
    """One condition of a gate."""

    letter: str
    """Its letter in the list of the gate (2.16)."""
    sentence: str
    unmet: Unmet


class Gate(Struct, frozen=True):
    """What must hold before the next phase."""

    name: str
    conditions: tuple[Condition, ...]
    warnings: tuple[str, ...]
    """Codes that block it while they are open."""

    def details(self, s: Any, around: Any) -> tuple[dict[str, str], ...]:
        """Everything that is missing, in the order of the letters; then what is unanswered."""
        missing = tuple(
            {"condition": condition.letter, "sentence": condition.sentence, **item}
            for condition in self.conditions
            for item in condition.unmet(s, around)
        )
        return missing + tuple(unanswered(around.raised.values(), self.warnings))


def unanswered(raised: Iterable[Any], codes: tuple[str, ...]) -> Iterable[dict[str, str]]:
    """Open warnings with these codes, each code once."""
    open_ = {warning.code for warning in raised if warning.state == "open"}
    for code in codes:
        if code in open_:
            yield {"condition": f"WARNING_UNACKNOWLEDGED:{code}"}


def unless(holds: Callable[[Any], bool]) -> Unmet:
    """A condition on the state alone."""

    def unmet(s: Any, around: Any) -> tuple[dict[str, str], ...]:
        del around
        return () if holds(s) else ({},)

    return unmet
