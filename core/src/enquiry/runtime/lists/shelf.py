"""Where the versions of every projection lie, which of them is read, and how far each has come."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Pool, Record
from msgspec import Struct

from enquiry.log.head import Head
from enquiry.log.migrate import migrate, quoted
from enquiry.log.promise import Log, Unavailable
from enquiry.log.wall import raise_wall
from enquiry.runtime.lag import Lag, lag
from enquiry.runtime.lists.projection import Projection, Session
from enquiry.runtime.lists.queries import SQL, query
from enquiry.runtime.terms import Behind

SCHEMA = "enquiry_views"
POLL_SECONDS = 0.05
"""How often whoever waits for a position looks, where the projector is in another process."""
PATIENCE_SECONDS = 10.0
"""Bound for every query of a reader."""

_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_DROPPED = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


class Standing(Struct, frozen=True):
    """A version of a projection, as it stands."""

    name: str
    version: int
    schema: str
    """Where its tables are."""
    position: int
    """Every event up to here is in its rows, but for those of parked streams."""
    active: bool
    """Whether it is the one that is read."""


class Parked(Struct, frozen=True):
    """A stream that could not be folded."""

    stream: UUID
    position: int
    """Of the first of its events that is not in the rows."""
    kind: str
    """Of that event."""
    reason: str
    """What went wrong, and where in the code; no content."""


class NotBuilt(Behind):
    """No version of this projection has been built yet: there is nothing to read."""


class Contradiction(Exception):
    """Tables of this version were made by other statements, or from another log: a defect."""


class Shelf:
    """The versions of every projection, in one database."""

    def __init__(self, pool: Pool, schema: str = SCHEMA, works: Pool | None = None) -> None:
        """Describe it; ``prepare`` must come before everything else.

        Args:
            pool: connections to the database as the owner of the tables, who makes and drops them.
            works: connections as a role that folds and reads, and can do neither; a running
                projector holds one for itself. ``None``: those of the owner.
            schema: for the list of versions; the tables of each lie in a schema of their own, whose
                name begins with this. At most 20 characters.
        """
        self.pool = pool
        self._works = works or pool
        self._wall_down: str | None = None
        self.schema = schema
        self._heads: dict[str, Head] = {}
        self._looks: dict[str, asyncio.Task[Standing | None]] = {}

    async def prepare(self) -> None:
        """Make or migrate the list of versions; may be called by several processes at once.

        Raises:
            MigrationChanged: it was made by other files than ours.
        """
        async with self.pool.acquire(timeout=PATIENCE_SECONDS) as connection:
            plain: Any = connection
            await migrate(plain, self.schema, SQL / "migrations", "views")
            wall = (SQL / "walls" / "views.sql").read_text("utf-8")
            self._wall_down = await raise_wall(plain, self.schema, "views", wall)

    def sql(self, name: str) -> str:
        """A named query about the list of versions."""
        return query(name, shelf=quoted(self.schema))

    def schema_of(self, projection: Projection) -> str:
        """Where the tables of a projection are."""
        return f"{self.schema}_{projection.label}"

    async def add(self, projection: Projection, log: UUID) -> None:
        """Make the tables of a projection, if there are none.

        Args:
            projection: whose.
            log: id of the log that it is to fold.

        Raises:
            Contradiction: there are some, made otherwise.
        """
        name, version, schema = projection.name, projection.version, self.schema_of(projection)
        async with self.pool.acquire(timeout=PATIENCE_SECONDS) as connection:
            async with connection.transaction():
                await connection.execute(self.sql("version_lock"), self.schema)
                added = await connection.fetchval(
                    self.sql("version_add"), name, version, schema, log, projection.digest
                )
                if added is not None:
                    await make_tables(connection, projection, schema)
                    await self._fence(connection, schema)
                    return
                await self._fence(connection, schema)
            known = await connection.fetchrow(self.sql("version_known"), name, version)
        if known is None or tuple(known) != (log, projection.digest):
            raise Contradiction(
                f"{projection.label} was made by other statements or from another log; "
                "give what has changed another version"
            )

    async def _fence(self, connection: Session, schema: str) -> None:
        """Say who may see and do what in a projection's schema; within a transaction."""
        await connection.execute(query("batch_begin"), schema)
        await connection.execute(query("tables_forced"))
        if self._wall_down is None:
            await connection.execute(query("tables_wall"))

    @asynccontextmanager
    async def turn(self, projection: Projection) -> AsyncGenerator[Session | None]:
        """A connection as the only one, over all processes, that projects this.

        Yields:
            ``None`` while somebody else does.
        """
        label = f"{self.schema} {projection.label}"
        async with self._works.acquire(timeout=PATIENCE_SECONDS) as connection:
            if not await connection.fetchval(self.sql("version_turn"), label):
                yield None
                return
            try:
                yield connection
            finally:
                with suppress(*_LOST):  # then the lock has gone with the connection
                    await connection.execute(self.sql("version_yield"), label)

    async def active(self, name: str) -> Standing | None:
        """The version that is read; ``None`` while none has been built."""
        for row in await self._ask(self.sql("version_active"), name):
            return Standing(*row)
        return None

    async def all(self) -> tuple[Standing, ...]:
        """Every version of every projection, by name and version."""
        return tuple(Standing(*row) for row in await self._ask(self.sql("version_all")))

    async def parked(self, name: str, version: int) -> tuple[Parked, ...]:
        """Streams that could not be folded."""
        rows = await self._ask(self.sql("parked_all"), name, version)
        return tuple(Parked(*row) for row in rows)

    async def activate(self, name: str, version: int, *, even_older: bool = False) -> bool:
        """Let a version be read from now on; whether that was a change.

        Nothing changes while the one that is read is newer, or has come further.

        Args:
            name: of the projection.
            version: one that has been added.
            even_older: than the one that is read, or behind it: to go back by hand.
        """
        try:
            async with (
                self._works.acquire(timeout=PATIENCE_SECONDS) as connection,
                connection.transaction(),
            ):
                # One at a time, or two that find none active would both take its place.
                await connection.execute(self.sql("version_lock"), self.schema)
                row = await connection.fetchrow(
                    self.sql("version_activate"),
                    name,
                    version,
                    even_older,
                    timeout=PATIENCE_SECONDS,
                )
        except _LOST as failure:
            raise _unreachable(failure) from failure
        return row is not None

    async def retire(self, name: str) -> tuple[int, ...]:
        """Drop every version older than the one that is read; gives their numbers.

        One that is still being projected (by a process of the older code) is left alone.
        """
        dropped: list[int] = []
        async with self.pool.acquire(timeout=PATIENCE_SECONDS) as connection:
            for version, schema in await connection.fetch(self.sql("version_older"), name):
                async with connection.transaction():
                    label = f"{self.schema} {name}_v{version}"
                    if not await connection.fetchval(self.sql("version_free"), label):
                        continue
                    await connection.execute(self.sql("version_lock"), self.schema)
                    await connection.execute(self.sql("version_remove"), name, version)
                    await connection.execute(f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE")
                    dropped.append(version)
        return tuple(dropped)

    async def fetch(self, name: str, read: str, *arguments: Any) -> list[Record]:
        """Ask the version that is read, looked up afresh, so that a switch goes unnoticed.

        Args:
            name: of the projection.
            read: name of a query in which ``{tables}`` stands for its schema.
            arguments: of the query.

        Raises:
            NotBuilt: no version has been built.
            Unavailable: the database could not be reached.
        """
        while True:
            standing = await self.active(name)
            if standing is None:
                raise NotBuilt(name)
            sql = query(read, tables=quoted(standing.schema))
            try:
                return await self._ask(sql, *arguments)
            except _DROPPED:
                again = await self.active(name)
                if again is None or again.version == standing.version:
                    raise  # it was not dropped meanwhile: the query is wrong

    async def reached(self, name: str, position: int, seconds: float) -> bool:
        """Whether the version that is read has come to a position, waiting so long at most."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        head = self._head(name)
        while True:
            pause = min(max(until - clock(), 0.0), POLL_SECONDS)
            waits_here = 0 < head.position < position
            if (
                waits_here
            ):  # the projector of this process tells; it may not be that of what is read
                await head.beyond(position - 1, pause)
            if await self._has(name, position):
                return True
            if clock() >= until:
                return False
            if not waits_here:
                await asyncio.sleep(pause)

    async def _has(self, name: str, position: int) -> bool:
        """Ask the database, once for all who ask at the same time."""
        for _ in range(2):  # the first look may have begun before we asked
            look = self._looks.get(name)
            if look is None or look.done():
                look = self._looks[name] = asyncio.create_task(self.active(name))
            standing = await asyncio.shield(look)
            if standing is not None and standing.position >= position:
                return True
        return False

    def moved(self, name: str, position: int) -> None:
        """Wake those in this process who wait for a position; called after the commit."""
        self._head(name).rise(position)

    def _head(self, name: str) -> Head:
        return self._heads.setdefault(name, Head())

    async def lag(self, log: Log, name: str, now: datetime) -> Lag:
        """How far the version that is read is behind.

        Args:
            log: that it folds.
            name: of the projection.
            now: by the clock that the log is written by.

        Raises:
            NotBuilt: no version has been built.
        """
        standing = await self.active(name)
        if standing is None:
            raise NotBuilt(name)
        return await lag(log, standing.position, now)

    async def _ask(self, sql: str, *arguments: Any) -> list[Record]:
        try:
            return await self._works.fetch(sql, *arguments, timeout=PATIENCE_SECONDS)
        except _DROPPED:
            raise
        except _LOST as failure:
            raise _unreachable(failure) from failure


def _unreachable(failure: Exception) -> Unavailable:
    return Unavailable(f"the views could not be reached: {failure}")


async def make_tables(connection: Session, projection: Projection, schema: str) -> None:
    """Make a schema and a projection's tables in it; within a transaction.

    Raises:
        DuplicateSchemaError: there is such a schema.
    """
    await connection.execute(f"CREATE SCHEMA {quoted(schema)}")
    await connection.execute(query("batch_begin"), schema)
    await connection.execute(projection.ddl)
