"""Group commit: whatever queued up while the last commit was in flight, the next one writes.

One task, one connection, one call at a time. There is no timer: a lone append is written at once,
and the busier the log, the larger the batches.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import asyncpg
from asyncpg import Connection
from asyncpg.prepared_stmt import PreparedStatement

from enquiry.log.batch import Batch
from enquiry.log.promise import Append, Appended, Malformed, Unavailable
from enquiry.log.queries import query

APPENDS_MAX = 512
"""Appends in one batch."""
BYTES_MAX = 8 * 1024 * 1024
"""Bodies and ciphertexts in one batch; a single append may be larger."""
RETRY_SECONDS = 0.05
"""Pause before the second attempt to connect; doubles each time, up to the next bound."""
RETRY_SECONDS_MAX = 1.0

# PostgreSQL refused the content, so nothing of the batch was recorded: class 22, 23, 54 and P0001.
_REFUSED = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    asyncpg.RaiseError,
)
_FAILED = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class _Waiting(NamedTuple):
    append: Append
    size: int
    result: asyncio.Future[Appended]


class Appender:
    """Writes appends in the order in which they were submitted, each with a result of its own."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        committed: Callable[[int], None],
        patience_seconds: float,
    ) -> None:
        """Start the task.

        Args:
            connect: opens a connection to write on.
            committed: told the head of the log after each commit.
            patience_seconds: bound for connecting anew, and for one batch.
        """
        self._connect = connect
        self._committed = committed
        self._patience = patience_seconds
        self._queue: deque[_Waiting] = deque()
        self._work = asyncio.Event()
        self._closing = False
        self._connection: Connection | None = None
        self._statement: PreparedStatement | None = None
        self._task = asyncio.create_task(self._run(), name="enquiry-log-appender")

    def submit(self, append: Append) -> asyncio.Future[Appended]:
        """Queue an append that has been checked.

        A result that is cancelled before its batch was sent is not written; one cancelled later is
        written all the same.

        Raises:
            Unavailable: the appender was closed.
        """
        if self._closing:
            raise Unavailable("the log is closed")
        result: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(append, _size(append), result))
        self._work.set()
        return result

    async def close(self) -> None:
        """Take nothing more, write what is queued, and end."""
        self._closing = True
        self._work.set()
        await self._task
        if self._connection is not None:
            await _end(self._connection, self._patience)
            self._connection = None

    async def _run(self) -> None:
        while self._queue or not self._closing:
            await self._work.wait()
            self._work.clear()
            while batch := self._take():
                await self._write(batch)

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._queue and len(batch) < APPENDS_MAX and size < BYTES_MAX:
            waiting = self._queue.popleft()
            if not waiting.result.cancelled():
                batch.append(waiting)
                size += waiting.size
        return batch

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch and settle every result in it; never raises but when it is cancelled."""
        try:
            columns = Batch(waiting.append for waiting in batch)
            arguments = columns.arguments()
        except (TypeError, AttributeError) as refusal:  # not the types that it promises to have
            await self._write_singly(batch, refusal)
            return
        try:
            row = await self._call(arguments)
            outcomes = columns.outcomes(row)
        except _REFUSED as refusal:
            await self._write_singly(batch, refusal)
        except Exception as failure:  # noqa: BLE001  # whatever it is, nobody may wait for ever
            self._give_up(batch, failure)
        else:
            self._settle(batch, outcomes)

    async def _call(self, arguments: Sequence[object]) -> list[list[int]]:
        statement = self._statement
        if statement is None or self._connection is None or self._connection.is_closed():
            statement = await self._prepare()
        (row,) = await statement.fetch(*arguments, timeout=self._patience)
        return list(row)

    async def _write_singly(self, batch: Sequence[_Waiting], refusal: Exception) -> None:
        """One bad append must not fail its neighbours: nothing was recorded, so try each alone."""
        if len(batch) > 1:
            for waiting in batch:
                await self._write([waiting])
            return
        self._settle(batch, [Malformed(f"it was refused: {refusal}")])

    def _give_up(self, batch: Sequence[_Waiting], failure: Exception) -> None:
        """Whether the batch was recorded is unknown: say so, and begin with a fresh connection."""
        if self._connection is not None:
            self._connection.terminate()
        self._connection = self._statement = None
        reason = f"the log could not be reached: {failure or type(failure).__name__}"
        self._settle(batch, [Unavailable(reason) for _ in batch])

    def _settle(self, batch: Sequence[_Waiting], outcomes: Sequence[Appended | Exception]) -> None:
        head = 0
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Appended):
                head = max(head, outcome.last)
                if not waiting.result.done():
                    waiting.result.set_result(outcome)
            elif not waiting.result.done():
                waiting.result.set_exception(outcome)
        if head:
            self._committed(head)

    async def _prepare(self) -> PreparedStatement:
        """Connect, again and again until patience ends; nothing of the batch has been sent yet."""
        clock = asyncio.get_running_loop().time
        patience_ends = clock() + self._patience
        pause = RETRY_SECONDS
        while True:
            try:
                self._connection = await self._connect()
                self._statement = await self._connection.prepare(query("append"))
            except _FAILED:
                if clock() + pause > patience_ends:
                    raise
                await asyncio.sleep(pause)
                pause = min(2 * pause, RETRY_SECONDS_MAX)
            else:
                return self._statement


def _size(append: Append) -> int:
    size = 0
    for event in append.events:
        size += len(event.body)
        for value in event.sealed:
            size += len(value.ciphertext)
    return size


async def _end(connection: Connection, seconds: float) -> None:
    try:
        await connection.close(timeout=seconds)
    except _FAILED:
        connection.terminate()
