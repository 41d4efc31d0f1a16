"""The bell: hears from the database that the log has grown. It only hints, so it also polls."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import asyncpg
from asyncpg import Connection

from enquiry.log.head import Head
from enquiry.log.queries import query

CHANNEL = "stored_events"
"""The channel on which the eventsourcing library's own recorder listens too."""
POLL_SECONDS = 1.0
"""How late a ring that was missed is noticed, and how often a lost connection is tried anew."""
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class Bell:
    """One listening connection for all who wait in this process."""

    def __init__(
        self, connect: Callable[[], Awaitable[Connection]], schema: str, head: Head
    ) -> None:
        """Remember what to do; ``schema`` tells our rings from those of other logs nearby."""
        self._connect = connect
        self._schema = schema
        self._head = head
        self._task: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Keep the head up to date from now on; to ask again changes nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name="enquiry-log-bell")

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(*_LOST):
                connection = await self._connect()
                try:
                    await self._follow(connection)
                finally:
                    connection.terminate()
            await asyncio.sleep(POLL_SECONDS)

    async def _follow(self, connection: Connection) -> None:
        await connection.add_listener(CHANNEL, self._heard)
        while True:
            head = await connection.fetchval(query("head"), timeout=POLL_SECONDS)
            self._head.rise(head)
            await asyncio.sleep(POLL_SECONDS)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        schema, _, head = str(payload).rpartition(" ")
        if schema == self._schema and head.isdecimal():
            self._head.rise(int(head))
