"""What standing conditions were found to be, so that nothing unchanged is judged again.

A memory of pure functions: without it the same facts are recorded, later.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.method.ctx import Ctx
from enquiry.method.rules import Warn, Watch

STREAMS_MAX = 512
"""Streams remembered at once."""


class _Found(Struct, frozen=True):
    """What was amiss, and what stood when nothing remained to be raised or resolved."""

    pieces: tuple[Any, ...]
    amiss: tuple[Warn, ...]
    settled: Mapping[UUID, Any]


class Watching:
    """The watches of one method, over all of its streams."""

    def __init__(self, watches: tuple[Watch, ...]) -> None:
        """Nothing is remembered yet."""
        self._pieces = [_pieces(watch) for watch in watches]
        self._kept: dict[UUID, dict[int, _Found]] = {}
        self.watches = tuple(enumerate(watches))
        """Every watch, with its number."""

    def settled(self, number: int, stream: UUID, s: Any, standing: Mapping[UUID, Any]) -> bool:
        """Whether neither what the watch looks at nor what stands has changed since it was judged.

        Pieces of a state are frozen: the same one says the same.
        """
        found = self._known(number, stream, s)
        return found is not None and found.settled is standing

    def amiss(self, number: int, stream: UUID, s: Any, ctx: Ctx) -> tuple[Warn, ...]:
        """What the watch names, judged only if what it looks at has changed."""
        found = self._known(number, stream, s)
        return found.amiss if found is not None else self.watches[number][1].holds(s, ctx)

    def keep(
        self,
        number: int,
        stream: UUID,
        s: Any,
        amiss: tuple[Warn, ...],
        standing: Mapping[UUID, Any],
    ) -> None:
        """Remember what was found, once it has been raised and resolved."""
        pieces = self._pieces[number]
        if pieces is None:
            return
        if stream not in self._kept and len(self._kept) >= STREAMS_MAX:
            self._kept.clear()
        self._kept.setdefault(stream, {})[number] = _Found(pieces(s), amiss, standing)

    def _known(self, number: int, stream: UUID, s: Any) -> _Found | None:
        pieces = self._pieces[number]
        found = self._kept.get(stream, {}).get(number)
        if pieces is None or found is None:
            return None
        now = pieces(s)
        same = all(one is before for one, before in zip(now, found.pieces, strict=True))
        return found if same else None


def _pieces(watch: Watch) -> Callable[[Any], tuple[Any, ...]] | None:
    """How to take the fields of a state that a watch looks at; ``None`` if it does not say."""
    if not watch.looks_at:
        return None
    # Named twice, the first field makes a tuple even of one.
    return attrgetter(watch.looks_at[0], *watch.looks_at)


__all__ = ["Watching"]
