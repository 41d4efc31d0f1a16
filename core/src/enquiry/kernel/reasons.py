"""Whether somebody said why a method was chosen."""

VAGUE = frozenset({"not sure", "unsure", "don't know", "n/a", "tbc", "because we always do"})
"""Reasons that are none, in lower case, without a closing full stop. Source: 2.5."""


def has_reason(reason: str | None) -> bool:
    """Whether this says why, rather than that nobody knows."""
    return reason is not None and reason.strip().rstrip(".").casefold() not in VAGUE
