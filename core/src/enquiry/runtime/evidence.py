"""Facts that somebody was shown, as the tree of their alliance has them: what a proof needs."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.log.leaf import entry
from enquiry.log.promise import Log, StoredEvent
from enquiry.runtime.streams import Streams
from enquiry.runtime.terms import HistoryItem


class Evidence(Struct, frozen=True):
    """Where a fact stands among the leaves, and what its leaf is made of."""

    sequence: int
    """Number of the leaf in the tree of the alliance, from 0."""
    leaf: bytes
    """32 bytes."""
    entry: bytes | None
    """What is hashed into the leaf: ids, numbers and digests. ``None`` where something of the fact
    is hidden from the viewer: the ids of its keys would tell which facts are of one person."""


class Evidences:
    """Looks up facts in the log, for those who were shown them."""

    def __init__(self, log: Log, streams: Streams) -> None:
        """Events come from ``log``; ``streams`` knows the method that reads them."""
        self._log = log
        self._streams = streams

    async def of(self, stream: UUID, items: Sequence[HistoryItem]) -> dict[int, Evidence]:
        """Evidence by revision.

        Args:
            stream: to which the facts belong.
            items: facts of its history exactly as the viewer was shown them.
        """
        shown = {item.position: item for item in items}
        loaded = await self._streams.get(stream)
        if loaded is None or loaded.compiled is None:
            return {}
        facts = loaded.compiled.facts
        found: dict[int, Evidence] = {}
        for event in await self._log.read_at(sorted(shown)):
            recorded = facts.recorded(event)
            if event.stream != stream or recorded is None:
                continue
            fields = set(msgspec.to_builtins(recorded.entry, str_keys=True))
            found[event.revision] = _evidence(event, shown[event.position], fields)
        return found


def _evidence(event: StoredEvent, item: HistoryItem, fields: set[str]) -> Evidence:
    whole = item.by is not None and fields <= set(item.data)
    return Evidence(event.sequence, event.leaf, entry(event) if whole else None)
