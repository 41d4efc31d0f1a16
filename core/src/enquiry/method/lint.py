"""What can be said of a method without running it: the static checks of the conformance kit.

They take milliseconds; the registry runs them on every plug-in that it loads.
"""

from collections.abc import Callable, Iterable

from msgspec import Struct

from enquiry.method import lint_flow, lint_forms, lint_retention, lint_rules
from enquiry.method.flaw import Flaw
from enquiry.method.method import Method


class StaticCheck(Struct, frozen=True):
    """A check with its stable id and the reason for it."""

    id: str
    title: str
    why: str
    look: Callable[[Method], Iterable[Flaw]]


STATIC = (
    StaticCheck(
        "M01",
        "stages hang together",
        "Nobody may get stuck in a stage, and every stage must be reachable.",
        lint_flow.stages,
    ),
    StaticCheck(
        "M02",
        "roles are declared and used",
        "A role that nobody can hold locks people out without a word.",
        lint_flow.roles,
    ),
    StaticCheck(
        "M03",
        "state and facts hold plain values",
        "Whatever can be changed in place, or has no fixed order, cannot be replayed.",
        lint_forms.values,
    ),
    StaticCheck(
        "M04",
        "forms say what they ask",
        "A form must be usable by somebody who has never seen the method.",
        lint_forms.wording,
    ),
    StaticCheck(
        "M05",
        "rules can see what they judge",
        "Before the fields only addresses are read: a rule without one would never be asked.",
        lint_rules.addresses,
    ),
    StaticCheck(
        "M06",
        "every text says whose it is",
        "A personal value outside its seal can never be erased.",
        lint_forms.marked,
    ),
    StaticCheck(
        "M07",
        "codes are known",
        "Programs test for codes; one that is not in the catalogue must name its step.",
        lint_rules.codes,
    ),
    StaticCheck(
        "M08",
        "rows of visibility name what exists",
        "A misspelt field in a row hides nothing.",
        lint_rules.rows,
    ),
    StaticCheck(
        "M09",
        "rows of retention are whole",
        "What nobody says is kept for ever, without a reason.",
        lint_retention.kept,
    ),
    StaticCheck(
        "P07",
        "old shapes can be lifted",
        "A fact of an old shape without its step can never be read again.",
        lint_rules.upcasts,
    ),
)
"""Every static check, in the order in which they are reported."""


def lint(method: Method) -> tuple[Flaw, ...]:
    """Everything that is wrong with the method as a value."""
    return tuple(flaw for check in STATIC for flaw in check.look(method))


def explain(flaws: Iterable[Flaw]) -> str:
    """Flaws as one sentence each, for a list or a log."""
    return " ".join(str(flaw) for flaw in flaws)


__all__ = ["STATIC", "Flaw", "StaticCheck", "explain", "lint"]
