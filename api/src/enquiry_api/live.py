"""Live updates: server-sent events that say what changed, never what it says.

The id of each event is the position it tells of, so that a client that comes back goes on where it
was. A stream ends when the server stops, when its token expires, or when the client goes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from msgspec import Struct
from prometheus_client import Gauge

from enquiry.runtime.terms import Change, Reset
from enquiry_api.answers import encode, verb_of
from enquiry_api.identity import LEEWAY_SECONDS
from enquiry_api.installed import STREAMS
from enquiry_api.problems import Refused

RETRY_MILLISECONDS = 2000
"""After how long a browser that lost its stream comes back."""
RETRY_AT_END_MILLISECONDS = 1000
"""The same, told to those whose stream ends because the server stops."""
HEARTBEAT_SECONDS = 15.0
"""A comment at least this often, so that nobody in between takes the silence for death."""
STREAMS_MAX = 5000
"""Inclusive: open streams of one process."""
STREAMS_EACH_MAX = 12
"""Inclusive: open streams of one person; a browser opens one a window."""

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Authorization"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_HEARTBEAT = b": still here\n\n"
Changes = AsyncIterator[Change | Reset | None]


class Notice(Struct, frozen=True, omit_defaults=True):
    """The data of one event: what to read again."""

    position: int
    stream: UUID | None = None
    """``None`` at a reset: everything is to be read again."""
    kind: str | None = None
    revision: int | None = None
    href: str | None = None


def wire(item: Change | Reset | None) -> bytes:
    """One item of the feed as an event, or a comment."""
    match item:
        case Change():
            word = STREAMS.get(item.kind)
            href = f"/v1/{word}/{item.stream}" if word else None
            notice = Notice(item.position, item.stream, item.kind, item.revision, href)
            return _event("change", notice)
        case Reset():
            return _event("reset", Notice(item.position))
        case None:
            return _HEARTBEAT


def _event(name: str, notice: Notice) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (notice.position, name.encode(), encode(notice))


class Streams:
    """Every open stream of this process: how many, whose, and how to end them all."""

    def __init__(self, gauge: Gauge) -> None:
        """``gauge`` shows how many are open."""
        self._gauge = gauge
        self._open: dict[UUID, int] = {}
        self.ending = asyncio.Event()

    def end(self) -> None:
        """Ask every stream to end; nothing opens any more."""
        self.ending.set()

    def enter(self, person: UUID) -> None:
        """Count a stream that opens.

        Raises:
            Refused: the server stops (``UNAVAILABLE``) or there are too many.
        """
        if self.ending.is_set():
            raise Refused("UNAVAILABLE", "The server stops.", retry_after=1)
        each = self._open.get(person, 0)
        if each >= STREAMS_EACH_MAX or sum(self._open.values()) >= STREAMS_MAX:
            sentence = f"A person may have {STREAMS_EACH_MAX} live streams open at once."
            raise Refused("TOO_MANY_REQUESTS", sentence, retry_after=5)
        self._open[person] = each + 1
        self._gauge.inc()

    def leave(self, person: UUID) -> None:
        """Count a stream that closed."""
        left = self._open[person] - 1
        if left:
            self._open[person] = left
        else:
            del self._open[person]
        self._gauge.dec()


def _wall_seconds() -> float:
    return datetime.now(UTC).timestamp()


class Live(ASGIResponse):
    """One open stream."""

    __slots__ = ("_changes", "_expires", "_failed", "_now", "_person", "_streams")

    def __init__(
        self,
        changes: Changes,
        streams: Streams,
        person: UUID,
        expires: int | None,
        failed: Callable[[Exception], None],
        seconds_now: Callable[[], float] = _wall_seconds,
    ) -> None:
        """Count itself in; whoever makes one must send it.

        Args:
            changes: what this person may see change.
            streams: where it is counted, and learns that it is to end.
            person: whose it is.
            expires: when the token does, in seconds since 1970.
            failed: told what went wrong, if something does; the stream then ends, and the client
                comes back to where it was.
            seconds_now: tells seconds since 1970.
        """
        super().__init__(status_code=200)
        streams.enter(person)
        self._changes = changes
        self._streams = streams
        self._person = person
        self._expires = expires
        self._failed = failed
        self._now = seconds_now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what changes, until one of the three ends comes."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._send(send, b"retry: %d\n\n" % RETRY_MILLISECONDS)
            if verb_of(scope) != "HEAD":
                await self._follow(receive, send)
            await self._send(send, b"", more=False)
        finally:
            self._streams.leave(self._person)

    async def _follow(self, receive: Receive, send: Send) -> None:
        over: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(_gone(receive)),
            asyncio.ensure_future(self._streams.ending.wait()),
        ]
        try:
            await self._forward(send, over)
        finally:
            for task in over:
                task.cancel()
            await asyncio.gather(*over, return_exceptions=True)
        if self._streams.ending.is_set():
            await self._send(send, b": goodbye\nretry: %d\n\n" % RETRY_AT_END_MILLISECONDS)

    async def _forward(self, send: Send, over: list[asyncio.Future[Any]]) -> None:
        following = asyncio.ensure_future(anext(self._changes))
        try:
            while not self._expired():
                await asyncio.wait(
                    {following, *over},
                    timeout=HEARTBEAT_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if any(task.done() for task in over):
                    return
                if not following.done():
                    await self._send(send, _HEARTBEAT)
                    continue
                await self._send(send, wire(following.result()))
                following = asyncio.ensure_future(anext(self._changes))
        except StopAsyncIteration:
            return
        except Exception as error:  # noqa: BLE001 - the answer has begun: there is no other way to tell
            self._failed(error)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await self._close()

    async def _close(self) -> None:
        """Let the feed tidy up, if it is a generator."""
        close = getattr(self._changes, "aclose", None)
        if close is not None:
            await close()

    def _expired(self) -> bool:
        return self._expires is not None and self._now() >= self._expires + LEEWAY_SECONDS

    @staticmethod
    async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        continue
