"""The newest events, read once for everybody in this process who follows the log."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from enquiry.log.promise import Log, StoredEvent, Unavailable
from enquiry.runtime.streams import Streams

KEPT_MAX = 10_000
"""Events kept for those who follow; whoever is further behind reads everything again."""
PAGE = 1000
POLL_SECONDS = 1.0


class Tail:
    """Follows the log and keeps its end in memory, while somebody wants to know."""

    def __init__(self, log: Log, streams: Streams) -> None:
        """Whatever is read also moves the folded streams of this process on."""
        self._log = log
        self._streams = streams
        self._events: deque[StoredEvent] = deque(maxlen=KEPT_MAX)
        self._news = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self.position = 0
        """Position of the newest event that was read."""
        self._floor = 0
        self._followers = 0
        self._wanted = asyncio.Event()
        self._rung = asyncio.Event()
        self.ended = False
        self.history = 0
        """Counts how often the log turned out to have another history (a restored database)."""

    async def start(self) -> None:
        """Begin at the present end of the log."""
        self.position = self._floor = await self._log.head()
        self._task = asyncio.create_task(self._follow(), name="tail")

    def ring(self) -> None:
        """Look at once: somebody says that there is news."""
        self._rung.set()

    def restart(self, head: int) -> None:
        """The log's history is another than the one that was followed: everybody starts afresh."""
        self._events.clear()
        self.position = self._floor = head
        self.history += 1
        self.ring()

    async def stop(self) -> None:
        """Wake everybody who waits, and end."""
        self.ended = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        async with self._news:
            self._news.notify_all()

    @asynccontextmanager
    async def followed(self, after: int | None = None) -> AsyncGenerator[None]:
        """Read the log while this block runs. While nobody follows, an event costs nothing here.

        The first who comes back is served from where they were, if that is not too long ago.
        """
        self._followers += 1
        if not self._wanted.is_set():
            head = await self._log.head()
            recent = after is not None and head - KEPT_MAX <= after <= head
            self._events.clear()
            self.position = self._floor = after if recent and after is not None else head
            self._wanted.set()
        try:
            yield
        finally:
            self._followers -= 1
            if self._followers == 0:
                self._wanted.clear()

    def reaches_back_to(self, position: int) -> bool:
        """Whether every event after this position is still here."""
        floor = self._events[0].position - 1 if self._events else self.position
        return position >= max(floor, self._floor)

    async def head(self) -> int:
        """The present end of the log."""
        return await self._log.head()

    def after(self, position: int) -> list[StoredEvent]:
        """Events after this position, oldest first."""
        if position >= self.position:
            return []
        newest_first: list[StoredEvent] = []
        for event in reversed(self._events):
            if event.position <= position:
                break
            newest_first.append(event)
        return newest_first[::-1]

    async def wait(self, position: int, seconds: float) -> None:
        """Return when something after this position is here, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.position > position or self.ended)

    async def _follow(self) -> None:
        promised = False
        while True:
            await self._wanted.wait()
            try:
                events = await self._log.read_all(self.position, PAGE)
                if events:
                    await self._take(list(events))
                    promised = False
                elif promised:
                    # News that cannot be read: the head we heard of belongs to a lost history.
                    promised = False
                    await asyncio.sleep(POLL_SECONDS)
                else:
                    promised = await self._rest()
            except Unavailable:
                await asyncio.sleep(POLL_SECONDS)

    async def _rest(self) -> bool:
        """Until a bell rings, PostgreSQL's or the feed's, or it is time to look anyway.

        Returns:
            Whether PostgreSQL's bell says that there is something to read.
        """
        waiting = asyncio.ensure_future(self._log.wait(self.position, POLL_SECONDS))
        rung = asyncio.ensure_future(self._rung.wait())
        try:
            await asyncio.wait({waiting, rung}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._rung.clear()
            rung.cancel()
            if not waiting.done():
                waiting.cancel()
        if not waiting.done() or waiting.cancelled():
            return False
        return waiting.result() > self.position

    async def _take(self, events: list[StoredEvent]) -> None:
        for event in events:
            self._events.append(event)
            if self._streams.kept(event.stream) is not None:
                self._streams.move_on(event.stream, (event,))
        self.position = events[-1].position
        async with self._news:
            self._news.notify_all()
