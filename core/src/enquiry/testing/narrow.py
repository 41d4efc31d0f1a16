"""A watch that says what it looks at is shown that, and nothing else."""

from typing import Any

from enquiry.method.rules import Watch


class _Only:
    """A state, or surroundings, of which only these fields are there."""

    def __init__(self, of: Any, fields: tuple[str, ...]) -> None:
        self._of = of
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if name not in self._fields:
            raise _Elsewhere(name)
        return getattr(self._of, name)


class _Elsewhere(Exception):
    """Something was looked at that the watch does not name."""


def looked_elsewhere(watch: Watch, state: Any) -> str | None:
    """What a watch looks at beyond its ``looks_at``, as a sentence; ``None`` if it keeps to it."""
    nothing: Any = _Only(None, ())
    try:
        watch.holds(_Only(state, watch.looks_at), nothing)
    except _Elsewhere as name:
        return f"the watch {watch.code} looks at {name}, which is not in its looks_at."
    return None


__all__ = ["looked_elsewhere"]
