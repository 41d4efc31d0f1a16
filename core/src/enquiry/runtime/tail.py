"""The newest events, read once for everybody in this process who follows the log."""

import asyncio
import contextlib
from collections import deque

from enquiry.log.promise import Log, StoredEvent, Unavailable
from enquiry.runtime.streams import Streams

KEPT_MAX = 10_000
"""Events kept for those who follow; whoever is further behind reads everything again."""
PAGE = 1000
POLL_SECONDS = 1.0


class Tail:
    """Follows the log and keeps its end in memory."""

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
        self.ended = False

    async def start(self) -> None:
        """Begin at the present end of the log."""
        self.position = self._floor = await self._log.head()
        self._task = asyncio.create_task(self._follow(), name="tail")

    async def stop(self) -> None:
        """Wake everybody who waits, and end."""
        self.ended = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        async with self._news:
            self._news.notify_all()

    def reaches_back_to(self, position: int) -> bool:
        """Whether every event after this position is still here."""
        floor = self._events[0].position - 1 if self._events else self.position
        return position >= max(floor, self._floor)

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
        while True:
            try:
                events = await self._log.read_all(self.position, PAGE)
                if events:
                    await self._take(list(events))
                else:
                    await self._log.wait(self.position, POLL_SECONDS)
            except Unavailable:
                await asyncio.sleep(POLL_SECONDS)

    async def _take(self, events: list[StoredEvent]) -> None:
        for event in events:
            self._events.append(event)
            if self._streams.kept(event.stream) is not None:
                self._streams.move_on(event.stream, (event,))
        self.position = events[-1].position
        async with self._news:
            self._news.notify_all()
