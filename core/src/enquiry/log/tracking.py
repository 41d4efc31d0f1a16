"""Tracking: which event of an upstream was processed, recorded with what came of it.

For applications of the ``eventsourcing`` library. An append that tracks has a transaction of its
own, beside the group commit of all others, and takes its turn under the same lock.
"""

from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy
from msgspec import Struct

from enquiry.log.batch import Batch
from enquiry.log.promise import Append, Appended
from enquiry.log.queries import query


class Track(Struct, frozen=True):
    """An event of an upstream that was processed."""

    upstream: str
    """Name of the application whose event it is."""
    position: int
    """Its position there; each that is recorded is beyond the last."""


class AlreadyTracked(Exception):
    """The upstream was processed as far as this already. Nothing was recorded."""

    def __init__(self, track: Track) -> None:
        """Name what was not recorded."""
        super().__init__(f"{track.upstream} was processed as far as {track.position} already")


async def append_tracked(
    connection: Connection | PoolConnectionProxy, track: Track, append: Append | None
) -> Appended | None:
    """Record an append and what it came from, both or neither.

    The row of the upstream is taken first, so that the lock of the log is held for the append only.

    Args:
        connection: in a transaction, which is to be rolled back if this raises.
        track: what was processed.
        append: checked (``enquiry.log.shape``); ``None`` if nothing came of it.

    Raises:
        AlreadyTracked: it is not beyond what was processed.
        Conflict, KeyReused, KeyGone, Malformed: as ``Log.append``.
    """
    if await connection.fetchval(query("track"), track.upstream, track.position) is None:
        raise AlreadyTracked(track)
    if append is None:
        return None
    batch = Batch([append])
    [row] = await connection.fetch(query("append"), *batch.arguments())
    [outcome] = batch.outcomes(list(row))
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
