"""The log on PostgreSQL: reads on a pool, appends through one group-committing appender.

Each connection takes a role of the second wall (``enquiry.log.wall``) where that is up: one
appends, those that fold the log read all of it, those that open texts are bound to an alliance.
"""

import asyncio
import functools
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Self
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
    KeyRecord,
    SealedValue,
    StoredEvent,
    Unavailable,
    WrappedKey,
)
from enquiry.log.queries import query
from enquiry.log.shape import check
from enquiry.log.tracking import Track, append_tracked
from enquiry.log.wall import APPENDER, ERASER, READER, WORKER, as_role, raise_wall

PATIENCE_SECONDS = 10.0
READERS_MAX = 8
ENDLESS = 2**63 - 1
"""Beyond every revision."""


class _ReadConnection(Connection):
    """Nobody changes the session of a reader, so that there is nothing to reset after each use."""

    def get_reset_query(self) -> str:
        """No query, and so no round trip."""
        return ""


class _Doors(NamedTuple):
    """Ways to the database, by what is done there."""

    append: Callable[[], Awaitable[Connection]]
    listen: Callable[[], Awaitable[Connection]]
    pools: Mapping[str, Pool]
    """By role."""
    wall_down: str | None


class PostgresLog:
    """A ``Log``. Any number of processes may have one open on the same schema."""

    def __init__(
        self,
        identity: UUID,
        doors: _Doors,
        schema: str,
        first_revision: int,
        patience_seconds: float,
    ) -> None:
        """Take what ``open`` has made, and start the appender."""
        self._id = identity
        self._pools = doors.pools
        self._head = Head()
        self._bell = Bell(doors.listen, schema, self._head)
        self._appender = Appender(doors.append, self._head.rise, patience_seconds)
        self.wall_down = doors.wall_down
        """``None``: the second wall is up. Otherwise why it is not."""
        self._first_revision = first_revision
        self._patience = patience_seconds

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        application_url: str | None = None,
        schema: str = "enquiry",
        first_revision: int = 1,
        readers_max: int = READERS_MAX,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Self:
        """Migrate the schema, raise the second wall, and open the log.

        Args:
            url: of a PostgreSQL database, as libpq takes it: the login that owns the tables.
            application_url: the same database as another login, which may do nothing but take the
                roles of the wall; ``None``: the owner's login takes them.
            schema: where the tables are; made when it does not exist.
            first_revision: 1; 0 only for a scratch log that the eventsourcing library numbers.
            readers_max: connections for folding, and as many again for opening texts. One more
                writes, and one more listens once somebody waits.
            patience_seconds: bound for connecting, for one batch of appends, and for one read.

        Raises:
            Unavailable: PostgreSQL cannot be reached.
            MigrationChanged: the schema was made by other files than ours.
        """
        session = _session(schema, patience_seconds)
        async with _reachable():
            connection = await asyncpg.connect(
                url, timeout=patience_seconds, server_settings=session
            )
            try:
                await migrate(connection, schema)
                down = await raise_wall(connection, schema, "log", application_url=application_url)
                identity: UUID = await connection.fetchval(query("identity"))
            finally:
                await connection.close(timeout=patience_seconds)
            address = application_url if application_url is not None and down is None else url
            doors = await _doors(address, session, readers_max, patience_seconds, down)
        return cls(identity, doors, schema, first_revision, patience_seconds)

    async def close(self) -> None:
        """Write what is queued and let go of every connection."""
        await self._appender.close()
        await self._bell.close()
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.gather(*(pool.close() for pool in self._pools.values()))
        except TimeoutError:
            for pool in self._pools.values():
                pool.terminate()

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
            self._pools[APPENDER].acquire() as connection,
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

    async def read_at(
        self, positions: Sequence[int], alliance: UUID | None = None
    ) -> Sequence[StoredEvent]:
        """The events at these positions, in order; with an alliance, none but its own."""
        if alliance is not None:
            return _events(await self._bound("read_at_bound", alliance, list(positions)))
        return _events(await self._fetch("read_at", list(positions)))

    async def read_alliance(
        self, alliance: UUID, since: int = 0, limit: int = 1000
    ) -> Sequence[StoredEvent]:
        """Up to ``limit`` events of one alliance with ``sequence >= since``, in order."""
        return _events(await self._fetch("read_alliance", alliance, since, limit))

    async def sealed(
        self, positions: Sequence[int], alliance: UUID | None = None
    ) -> Mapping[tuple[int, int], SealedValue]:
        """Ciphertexts that still exist beside these events; see ``Log.sealed``."""
        if alliance is not None:
            rows = await self._bound("sealed_bound", alliance, list(positions))
        else:
            rows = await self._fetch("sealed", list(positions))
        return {
            (position, slot): SealedValue(slot, key, ciphertext)
            for position, slot, key, ciphertext in rows
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

    async def living_in(self, stream: UUID, kind: str) -> Sequence[KeyRecord]:
        """See ``Log.living_in``."""
        return [KeyRecord(*row) for row in await self._fetch("living_in", stream, kind)]

    async def keys_of(self, alliance: UUID, subject: UUID) -> Sequence[KeyRecord]:
        """See ``Log.keys_of``."""
        return [KeyRecord(*row) for row in await self._fetch("keys_of", alliance, subject)]

    async def living_after(self, key: UUID, limit: int = 1000) -> Sequence[KeyRecord]:
        """See ``Log.living_after``."""
        return [KeyRecord(*row) for row in await self._fetch("living_after", key, limit)]

    async def destroyed_among(self, keys: Sequence[UUID]) -> frozenset[UUID]:
        """See ``Log.destroyed_among``."""
        if not keys:
            return frozenset()
        return frozenset(row[0] for row in await self._fetch("destroyed_among", list(keys)))

    async def half_shredded(self) -> Sequence[UUID]:
        """See ``Log.half_shredded``."""
        return [row[0] for row in await self._fetch("half_shredded")]

    async def existing(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """See ``Log.existing``."""
        return frozenset(row[0] for row in await self._fetch("existing", list(events)))

    async def shred(self, keys: Sequence[UUID]) -> int:
        """Destroy data keys and delete every ciphertext under them; see ``Log.shred``."""
        async with _reachable(), asyncio.timeout(self._patience):
            return await self._pools[ERASER].fetchval(query("shred"), list(keys))

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
            return await self._pools[WORKER].fetch(query(name), *arguments)

    async def _bound(self, name: str, alliance: UUID, *arguments: Any) -> list[Record]:
        """Ask as somebody of this alliance."""
        async with _reachable(), asyncio.timeout(self._patience):
            return await self._pools[READER].fetch(query(name), alliance, *arguments)


async def _doors(
    url: str, session: dict[str, str], readers_max: int, patience_seconds: float, down: str | None
) -> _Doors:
    """Ways to the database, none of which is gone yet."""

    def settings(role: str) -> dict[str, str]:
        return session | as_role(role, up=down is None)

    def connect(role: str) -> Callable[[], Awaitable[Connection]]:
        return functools.partial(
            asyncpg.connect, url, timeout=patience_seconds, server_settings=settings(role)
        )

    sizes = {WORKER: readers_max, READER: readers_max, APPENDER: 1, ERASER: 1}
    pools = {
        role: await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=size,
            timeout=patience_seconds,
            connection_class=_ReadConnection,
            server_settings=settings(role),
        )
        for role, size in sizes.items()
    }
    return _Doors(connect(APPENDER), connect(WORKER), pools, down)


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
