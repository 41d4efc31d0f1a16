"""Fold the log afresh into a scratch schema, beside the live tables and never into them.

Whoever folds holds a lock named like the schema. A replay that was killed has lost its lock, and
the next one drops what it left behind.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from asyncpg import Pool
from msgspec import Struct

from enquiry.log.leaf import leaf
from enquiry.log.migrate import quoted
from enquiry.log.promise import Log
from enquiry.runtime.lists.projection import Projection, Session
from enquiry.runtime.lists.projector import BATCH, fold
from enquiry.runtime.lists.queries import query
from enquiry.runtime.lists.shelf import Contradiction, Parked, Shelf, make_tables

Progress = Callable[[int, int], None]
"""Hears how many of how many events were folded."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""


class Table(Struct, frozen=True):
    """A table of a projection."""

    name: str
    keys: tuple[str, ...]
    """Columns of its primary key."""


class Scratch:
    """A projection that is being folded afresh."""

    def __init__(self, log: Log, projection: Projection, schema: str) -> None:
        """``schema`` is made by ``make``, and dropped by whoever made it."""
        self.schema = schema
        self.position = 0
        """Everything up to here is folded."""
        self.batches: list[tuple[int, int]] = []
        """First and last position of what was folded at once."""
        self.altered: int | None = None
        """Position of the first event that has another digest than its bytes."""
        self._log = log
        self._projection = projection
        self._parked: dict[UUID, Parked] = {}

    @property
    def parked(self) -> tuple[Parked, ...]:
        """Streams that could not be folded."""
        return tuple(self._parked.values())

    async def make(self, connection: Session) -> tuple[Table, ...]:
        """Make the schema and its tables, and watch which event touches which row.

        Raises:
            DuplicateSchemaError: the schema exists.
            Contradiction: a table has no primary key, so that its rows cannot be told apart.
        """
        async with connection.transaction():
            await make_tables(connection, self._projection, self.schema)
            rows = await connection.fetch(query("replay_tables"), self.schema)
            tables = tuple(Table(name, tuple(keys)) for name, keys in rows)
            await connection.execute(query("replay_watch"))
            for table in tables:
                if not table.keys:
                    raise Contradiction(f"table {table.name} has no primary key")
                names = ", ".join(_literal(key) for key in table.keys)
                await connection.execute(
                    query("replay_touch", table=quoted(table.name), keys=names)
                )
        return tables

    async def fold(
        self,
        connection: Session,
        upto: int,
        batch: int = BATCH,
        progress: Progress = silent,
    ) -> None:
        """Fold on, up to a position, inclusive; one transaction for each batch."""
        while self.position < upto:
            events = await self._log.read_all(self.position, min(batch, upto - self.position))
            if not events:
                return
            for event in events:
                if self.altered is None and leaf(event) != event.leaf:
                    self.altered = event.position
            async with connection.transaction():
                await connection.execute(query("batch_begin"), self.schema)
                last = events[-1].position
                await connection.execute(query("replay_folding"), str(last))
                flowing = [event for event in events if event.stream not in self._parked]
                for one in await fold(connection, self._projection, flowing):
                    self._parked[one.stream] = one
            self.batches.append((self.position + 1, last))
            self.position = last
            progress(last, upto)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@asynccontextmanager
async def scratch(log: Log, shelf: Shelf, projection: Projection) -> AsyncGenerator[Scratch]:
    """A scratch schema for one projection; dropped in the end, whatever happens.

    Also drops what replays have left that were killed.
    """
    prefix = f"{shelf.schema}-replay-"  # no name of a projection has a hyphen
    schema = f"{prefix}{uuid4().hex[:12]}"
    label = f"{shelf.schema} {schema}"
    async with shelf.pool.acquire() as keeper:
        await keeper.fetchval(query("version_turn"), label)
        try:
            for (stale,) in await keeper.fetch(query("replay_stale"), prefix):
                async with keeper.transaction():
                    if await keeper.fetchval(query("version_free"), f"{shelf.schema} {stale}"):
                        await keeper.execute(f"DROP SCHEMA IF EXISTS {quoted(stale)} CASCADE")
            yield Scratch(log, projection, schema)
        finally:
            await keeper.execute(f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE")
            await keeper.execute(query("version_yield"), label)


async def rebuild(
    log: Log, pool: Pool, projection: Projection, schema: str, upto: int, *, batch: int = BATCH
) -> tuple[Parked, ...]:
    """Fold the log afresh into a schema that must not exist; dropping it is up to the caller.

    Args:
        log: that is folded.
        pool: to where the schema is made.
        projection: not in use elsewhere.
        schema: its name.
        upto: position of the last event, inclusive.
        batch: events in one transaction, at most.

    Returns:
        Streams that could not be folded.

    Raises:
        DuplicateSchemaError: the schema exists.
    """
    fresh = Scratch(log, projection, schema)
    async with pool.acquire() as connection:
        await fresh.make(connection)
        await fresh.fold(connection, upto, batch)
    return fresh.parked
