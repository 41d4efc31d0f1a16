"""The projector: folds the log into the tables of a projection, rows and cursor in one transaction.

One process does it at a time; the others stand by. A stream that cannot be folded is parked with
the reason, and the rest flows. A new version is built beside the one that is read, and takes its
place once it has caught up.
"""

import asyncio
from collections.abc import Sequence
from pathlib import PurePath
from traceback import extract_tb
from uuid import UUID

import asyncpg
import msgspec
import structlog

from enquiry.log.promise import Log, StoredEvent, Unavailable
from enquiry.runtime.lists.projection import Projection, Session
from enquiry.runtime.lists.queries import query
from enquiry.runtime.lists.shelf import Contradiction, Parked, Shelf

BATCH = 500
"""Events in one transaction, at most."""
POLL_SECONDS = 1.0
"""How late a missed bell is noticed, how soon whoever stands by takes over, and how long to wait
after a failure."""

_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, Unavailable)
# PostgreSQL refused the content of a row: class 22, 23 and 54.
_REFUSED = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)

_log = structlog.get_logger()


class Overtaken(Exception):
    """The cursor is not where we left it: somebody else projects this."""


async def project(log: Log, shelf: Shelf, projection: Projection, *, batch: int = BATCH) -> None:
    """Keep a projection up to date, for ever; ends by being cancelled.

    Args:
        log: that is folded.
        shelf: prepared.
        projection: not in use elsewhere; what it remembers belongs to this projector.
        batch: events in one transaction, at most.

    Raises:
        Contradiction: its tables were made by other statements, or from another log.
    """
    told = ""
    while True:
        try:
            await shelf.add(projection, log.id)
            async with shelf.turn(projection) as connection:
                if connection is not None:
                    await _Turn(log, shelf, projection, connection, batch).run()
        except (*_AWAY, Overtaken) as failure:
            if reason_of(failure) != told:  # once, and not at every attempt
                told = reason_of(failure)
                _log.warning("projection interrupted", projection=projection.label, failure=told)
        await asyncio.sleep(POLL_SECONDS)


class _Turn:
    """What one process does from when it gets the turn until it loses it."""

    def __init__(
        self, log: Log, shelf: Shelf, projection: Projection, connection: Session, batch: int
    ) -> None:
        self._source = log
        self._shelf = shelf
        self._projection = projection
        self._connection = connection
        self._batch = batch
        self._schema = shelf.schema_of(projection)
        self._key = projection.name, projection.version
        self._parked: set[UUID] = set()
        """Nobody else parks a stream while it is our turn."""
        self._settled = False
        """This version is read, or a newer one is."""

    async def run(self) -> None:
        position = await self._begin()
        promised = False
        while True:
            events = await self._source.read_all(position, self._batch)
            if events:
                promised = False
                await self._take(position, events)
                position = events[-1].position
                self._shelf.moved(self._projection.name, position)
            if len(events) < self._batch:
                await self._caught_up()
            if promised:
                # News that cannot be read: the head we heard of belongs to a lost history.
                await asyncio.sleep(POLL_SECONDS)
            promised = not events and await self._news(position)

    async def _news(self, position: int) -> bool:
        """Wait for an event, for a moment; whether there is said to be one."""
        return await self._source.wait(position, POLL_SECONDS) > position

    async def _begin(self) -> int:
        """Pick up what was left: rows of what is installed by now, and streams that were parked."""
        position: int = await self._connection.fetchval(
            self._shelf.sql("version_position"), *self._key
        )
        if position > await self._source.head():
            raise Contradiction(
                f"{self._projection.label} has folded events that the log does not hold"
            )
        _log.info("projection begins", projection=self._projection.label, position=position)
        if self._projection.mend is not None:
            async with self._connection.transaction():
                await self._connection.execute(query("batch_begin"), self._schema)
                await self._projection.mend(self._connection, position)
        for parked in await self._shelf.parked(*self._key):
            self._parked.add(parked.stream)
            await self._try_again(parked, position)
        self._shelf.moved(self._projection.name, position)
        return position

    async def _try_again(self, parked: Parked, position: int) -> None:
        """Fold what has been waiting, all of it or nothing."""
        every = await self._source.read_stream(parked.stream)
        missing = [event for event in every if parked.position <= event.position <= position]
        try:
            async with self._connection.transaction():
                await self._connection.execute(query("batch_begin"), self._schema)
                await self._projection.apply(self._connection, missing)
                await self._connection.execute(
                    self._shelf.sql("parked_remove"), *self._key, parked.stream
                )
        except Exception as failure:
            if not is_the_events(failure):
                raise
        else:
            self._parked.discard(parked.stream)
            _log.info("stream folded again", projection=self._projection.label)

    async def _take(self, position: int, events: Sequence[StoredEvent]) -> None:
        """Fold a batch: rows, what had to be parked, and the cursor, or nothing of it."""
        async with self._connection.transaction():
            await self._connection.execute(query("batch_begin"), self._schema)
            flowing = [event for event in events if event.stream not in self._parked]
            for one in await fold(self._connection, self._projection, flowing):
                await self._park(one)
            moved = await self._connection.fetchval(
                self._shelf.sql("version_advance"), *self._key, position, events[-1].position
            )
            if moved is None:
                raise Overtaken

    async def _park(self, parked: Parked) -> None:
        self._parked.add(parked.stream)
        _log.error(
            "stream parked",
            projection=self._projection.label,
            position=parked.position,
            kind=parked.kind,
            reason=parked.reason,
        )
        await self._connection.execute(
            self._shelf.sql("parked_add"),
            *self._key,
            parked.stream,
            parked.position,
            parked.kind,
            parked.reason,
        )

    async def _caught_up(self) -> None:
        """Take the place of an older version, or the empty one."""
        if self._settled:
            return
        if await self._shelf.activate(*self._key):
            _log.info("projection is read", projection=self._projection.label)
        standing = await self._shelf.active(self._projection.name)
        self._settled = standing is not None and standing.version >= self._projection.version


async def fold(
    connection: Session, projection: Projection, events: Sequence[StoredEvent]
) -> list[Parked]:
    """Apply events; where that fails one by one, leaving out streams from their first bad event.

    Returns:
        The streams that were left out.

    Raises:
        Exception: one that is no event's fault (the connection, a missing table).
    """
    if not events:
        return []
    try:
        async with connection.transaction():
            await projection.apply(connection, events)
    except Exception as failure:
        if not is_the_events(failure):
            raise
    else:
        return []
    parked: dict[UUID, Parked] = {}
    for event in events:
        if event.stream in parked:
            continue
        try:
            async with connection.transaction():
                await projection.apply(connection, (event,))
        except Exception as failure:
            if not is_the_events(failure):
                raise
            parked[event.stream] = Parked(
                event.stream, event.position, event.kind, reason_of(failure)
            )
    return list(parked.values())


def is_the_events(failure: Exception) -> bool:
    """Whether an event is to blame, and not what stands between us and the tables."""
    if isinstance(failure, asyncpg.InterfaceError):
        return isinstance(failure, ValueError)  # an argument that cannot be sent
    return isinstance(failure, _REFUSED) or not isinstance(failure, _AWAY)


def reason_of(failure: Exception) -> str:
    """The sort of failure and where it arose; not its words: they may quote what was written."""
    path = ""
    if isinstance(failure, msgspec.ValidationError):
        path = str(failure).partition(" - at `")[2].rstrip("`")
    frames = extract_tb(failure.__traceback__)
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return " ".join(part for part in (type(failure).__name__, path, place) if part)
