"""The log on PostgreSQL: reads on a pool, appends through one group-committing appender."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

import asyncpg
from asyncpg import Connection, Pool, Record

from enquiry.log.appender import Appender
from enquiry.log.bell import Bell
from enquiry.log.head import Head
from enquiry.log.migrate import migrate, quoted
from enquiry.log.promise import (
    Append,
    Appended,
    SealedValue,
    StoredEvent,
    Unavailable,
    WrappedKey,
)
from enquiry.log.queries import query
from enquiry.log.shape import check
from enquiry.log.tracking import Track, append_tracked

PATIENCE_SECONDS = 10.0
READERS_MAX = 8
ENDLESS = 2**63 - 1
"""Beyond every revision."""


class _ReadConnection(Connection):
    """Nobody changes the session of a reader, so that there is nothing to reset after each use."""

    def get_reset_query(self) -> str:
        """No query, and so no round trip."""
        return ""


class PostgresLog:
    """A ``Log``. Any number of processes may have one open on the same schema."""

    def __init__(
        self,
        identity: UUID,
        pool: Pool,
        connect: Callable[[], Awaitable[Connection]],
        schema: str,
        first_revision: int,
        patience_seconds: float,
    ) -> None:
        """Take what ``open`` has made, and start the appender."""
        self._id = identity
        self._pool = pool
        self._head = Head()
        self._bell = Bell(connect, schema, self._head)
        self._appender = Appender(connect, self._head.rise, patience_seconds)
        self._first_revision = first_revision
        self._patience = patience_seconds

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        schema: str = "enquiry",
        first_revision: int = 1,
        readers_max: int = READERS_MAX,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Self:
        """Migrate the schema and open the log.

        Args:
            url: of a PostgreSQL database, as libpq takes it.
            schema: where the tables are; made when it does not exist.
            first_revision: 1; 0 only for a scratch log that the eventsourcing library numbers.
            readers_max: connections for reading. One more writes, and one more listens once
                somebody waits.
            patience_seconds: bound for connecting, for one batch of appends, and for one read.

        Raises:
            Unavailable: PostgreSQL cannot be reached.
            MigrationChanged: the schema was made by other files than ours.
        """
        connect = functools.partial(
            asyncpg.connect,
            url,
            timeout=patience_seconds,
            server_settings=_session(schema, patience_seconds),
        )
        async with _reachable():
            connection = await connect()
            try:
                await migrate(connection, schema)
                identity: UUID = await connection.fetchval(query("identity"))
            finally:
                await connection.close(timeout=patience_seconds)
            pool = await asyncpg.create_pool(
                url,
                min_size=0,
                max_size=readers_max,
                timeout=patience_seconds,
                connection_class=_ReadConnection,
                server_settings=_session(schema, patience_seconds),
            )
        return cls(identity, pool, connect, schema, first_revision, patience_seconds)

    async def close(self) -> None:
        """Write what is queued and let go of every connection."""
        await self._appender.close()
        await self._bell.close()
        try:
            async with asyncio.timeout(self._patience):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def __aenter__(self) -> Self:
        """Give the open log."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()

    @property
    def id(self) -> UUID:
        """What names this log, and no other."""
        return self._id

    async def append(self, append: Append) -> Appended:
        """Record, and return once it is on disk; see ``Log.append``."""
        check(append, self._first_revision)
        return await self._appender.submit(append)

    async def append_tracked(self, track: Track, append: Append | None) -> Appended | None:
        """Record what was processed of an upstream and what came of it, both or neither.

        Args:
            track: what was processed.
            append: what came of it; ``None`` if nothing did.

        Raises:
            AlreadyTracked: it is not beyond what was processed.
            Conflict, KeyReused, KeyGone, Malformed, Unavailable: as ``Log.append``.
        """
        if append is not None:
            check(append, self._first_revision)
        async with (
            _reachable(),
            asyncio.timeout(self._patience),
            self._pool.acquire() as connection,
            connection.transaction(),
        ):
            return await append_tracked(connection, track, append)

    async def tracked(self, upstream: str) -> int | None:
        """How far an upstream was processed; ``None``: it is not known."""
        for (position,) in await self._fetch("tracked", upstream):
            return position
        return None

    async def find(self, alliance: UUID, key: bytes) -> tuple[Appended, bytes] | None:
        """Where the append with this key went, and its fingerprint; ``None`` if there is none."""
        for first, last, recorded_at, fingerprint in await self._fetch("find", alliance, key):
            return Appended(first, last, recorded_at, replayed=True), fingerprint
        return None

    async def head(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        known = self._head.position
        ((head,),) = await self._fetch("head")
        self._head.learn(head, known)
        return head

    async def revisions(self, streams: Sequence[UUID]) -> Mapping[UUID, int]:
        """Present revision of each stream; 0 for one that does not exist."""
        return {row[0]: row[1] for row in await self._fetch("revisions", list(streams))}

    async def read_stream(
        self, stream: UUID, after: int = 0, upto: int | None = None
    ) -> Sequence[StoredEvent]:
        """Events of one stream with ``after < revision <= upto``, in order."""
        last = ENDLESS if upto is None else upto
        return _events(await self._fetch("read_stream", stream, after, last))

    async def read_all(self, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """Up to ``limit`` events with ``position > after``, in order of position."""
        return _events(await self._fetch("read_all", after, limit))

    async def read_at(self, positions: Sequence[int]) -> Sequence[StoredEvent]:
        """The events at these positions, in order."""
        return _events(await self._fetch("read_at", list(positions)))

    async def read_alliance(
        self, alliance: UUID, since: int = 0, limit: int = 1000
    ) -> Sequence[StoredEvent]:
        """Up to ``limit`` events of one alliance with ``sequence >= since``, in order."""
        return _events(await self._fetch("read_alliance", alliance, since, limit))

    async def sealed(self, positions: Sequence[int]) -> Mapping[tuple[int, int], SealedValue]:
        """Ciphertexts that still exist beside these events, by (position, slot)."""
        return {
            (position, slot): SealedValue(slot, key, ciphertext)
            for position, slot, key, ciphertext in await self._fetch("sealed", list(positions))
        }

    async def wrapped_key(self, key: UUID) -> WrappedKey | None:
        """A data key by id, its ``wrapped`` empty if destroyed; ``None``: unknown."""
        rows = await self._fetch("wrapped_key", key)
        return WrappedKey(*rows[0]) if rows else None

    async def find_key(self, stream: UUID, subject: UUID, kind: str) -> WrappedKey | None:
        """The data key made for these, its ``wrapped`` empty if destroyed; ``None``: never made."""
        rows = await self._fetch("find_key", stream, subject, kind)
        return WrappedKey(*rows[0]) if rows else None

    async def living(self) -> Sequence[tuple[UUID, UUID, str]]:
        """Alliance, stream and kind of every data key that lives, each once, in order."""
        return [(row[0], row[1], row[2]) for row in await self._fetch("living")]

    async def keys_of(self, stream: UUID, kind: str) -> Sequence[UUID]:
        """Ids of the data keys of one kind in a stream, whosever; destroyed ones, too."""
        return [id_ for (id_,) in await self._fetch("keys_of", stream, kind)]

    async def shred(self, keys: Sequence[UUID]) -> int:
        """Destroy data keys and delete every ciphertext under them; see ``Log.shred``."""
        ((gone,),) = await self._fetch("shred", list(keys))
        return gone

    async def wait(self, after: int, seconds: float) -> int:
        """Return the head as soon as it is beyond ``after``, or after so many seconds.

        Raises:
            Unavailable: PostgreSQL could not be asked at the start; lost later, it is only late.
        """
        head = await self.head()  # also what is known here: it may be of a history that is lost
        if head <= after and seconds > 0:
            self._bell.listen()
            return await self._head.beyond(after, seconds)
        return head

    async def _fetch(self, name: str, *arguments: Any) -> list[Record]:
        async with _reachable(), asyncio.timeout(self._patience):
            return await self._pool.fetch(query(name), *arguments)


def _events(rows: Sequence[Record]) -> list[StoredEvent]:
    return [StoredEvent(*row) for row in rows]


def _session(schema: str, patience_seconds: float) -> dict[str, str]:
    """What the log relies on in every session, whatever the database's own settings are."""
    return {
        "application_name": "enquiry-log",
        "search_path": quoted(schema),
        "synchronous_commit": "on",
        "default_transaction_isolation": "read committed",
        "jit": "off",
        # Every query goes by an index; a plan made while a table was small must not scan it later.
        "enable_seqscan": "off",
        # Shorter than the bound of a batch: a writer that never gets its turn has recorded nothing.
        "lock_timeout": f"{int(patience_seconds * 500)}ms",
    }


@asynccontextmanager
async def _reachable() -> AsyncGenerator[None]:
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as failure:
        raise Unavailable(f"the log could not be reached: {failure}") from failure
