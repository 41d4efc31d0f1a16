"""A connection to NATS for as long as it holds, and then the next: for ever, in measured steps."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import nats.errors
import structlog
from nats.aio.client import Client

from enquiry.log.promise import Unavailable

CONNECT_SECONDS = 5.0
PAUSE_SECONDS = 0.1
"""Before the second attempt to connect; doubles each time, up to the next bound."""
PAUSE_SECONDS_MAX = 5.0
STEADY_SECONDS = 10.0
"""A connection that held for longer is followed by a quick attempt."""
PING_SECONDS = 10
"""A server that has answered nothing for twice as long is taken for gone."""


class Taken(Exception):
    """Somebody's own stream takes the subjects of ours."""


AWAY = (Taken, nats.errors.Error, OSError, TimeoutError, Unavailable)
"""What is tried again: NATS, or the log behind it, cannot be reached or refuses for now."""

Work = Callable[[Client, asyncio.Event], Awaitable[None]]
"""What is done on a connection, until it is lost (the event is set) or fails."""

_log = structlog.get_logger()


async def for_ever(url: str, name: str, work: Work) -> None:
    """Do the work on one connection after the other; returns only by being cancelled.

    The client's own way to reconnect is not used: this one is the same at the start, when there may
    be no NATS yet, and later; and each connection begins by looking how things stand.

    Args:
        url: of the server, credentials included; it is never logged.
        name: under which the connection is listed by the server.
        work: returns once the connection is lost, or raises one of ``AWAY``.
    """
    clock = asyncio.get_running_loop().time
    pause, told = PAUSE_SECONDS, ""
    while True:
        began, failure = clock(), "connection lost"
        try:
            async with session(url, name) as (client, lost):
                await work(client, lost)
        except AWAY as away:
            failure = _named(away)
        heed()
        if clock() - began > STEADY_SECONDS:
            pause, told = PAUSE_SECONDS, ""
        if failure != told:  # once, and not at every attempt
            _log.warning("nats interrupted", client=name, failure=failure)
            told = failure
        await asyncio.sleep(pause)
        pause = min(2 * pause, PAUSE_SECONDS_MAX)


def heed() -> None:
    """Honour a cancellation that was swallowed: by the client while it flushes, or by the
    ``wait_for`` of Python 3.11, on which it relies, when an answer comes at the same moment.

    To be called where a task would go on for ever, and outside of any timeout of its own.

    Raises:
        CancelledError: somebody wants this task to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@asynccontextmanager
async def session(url: str, name: str) -> AsyncGenerator[tuple[Client, asyncio.Event]]:
    """One connection, and an event that is set when it is lost.

    Raises:
        nats.errors.Error, OSError, TimeoutError: no server could be reached.
    """
    client, lost = Client(), asyncio.Event()

    async def closed() -> None:
        lost.set()

    async def failed(failure: Exception) -> None:
        _log.debug("nats", client=name, failure=_named(failure))

    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await client.connect(
                url,
                name=name,
                error_cb=failed,
                closed_cb=closed,
                allow_reconnect=False,
                # Not 0, with which the client would try the same server for ever.
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                ping_interval=PING_SECONDS,
                flush_timeout=CONNECT_SECONDS,
            )
        yield client, lost
    finally:
        with suppress(*AWAY):
            await client.close()


def _named(failure: BaseException) -> str:
    """Which failure it was; its own words may hold an address."""
    code = getattr(failure, "err_code", None)
    return type(failure).__name__ if code is None else f"{type(failure).__name__} {code}"
