"""What the tests of the feed share: relays that run meanwhile, and what they have published."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
from nats.js.errors import NotFoundError
from tests.log.examples import notes

from enquiry.engines.folder import open_data_folder
from enquiry.engines.nats import Nats
from enquiry.engines.progress import silence
from enquiry.log.memory import MemoryLog
from enquiry.runtime.feed.reference import Reference, decoded, subjects_of

SECONDS = 20.0
"""Longest that anything here may take."""


NOWHERE = "nats://127.0.0.1:9"


@asynccontextmanager
async def going(*runners) -> AsyncIterator[None]:
    """Let relays and listeners run meanwhile; none may end by itself."""
    tasks = [asyncio.create_task(runner.run()) for runner in runners]
    try:
        yield
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(question, seconds: float = SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not question():  # noqa: ASYNC110 - a question rings no bell
            await asyncio.sleep(0.01)


async def stream_name(js, log) -> str:
    return await js.find_stream_name_by_subject(subjects_of(log.id))


async def published(js, log) -> list[tuple[int, Reference]]:
    """Sequence and reference of every message, as the stream holds them."""
    return [(m.seq, decoded(m.data)) for m in await messages(js, log)]


async def messages(js, log) -> list:
    name = await stream_name(js, log)
    state = (await js.stream_info(name)).state
    wanted = range(state.first_seq, state.last_seq + 1) if state.messages else ()
    return [await js.get_msg(name, seq) for seq in wanted]


async def fill(log, number: int, at_once: int = 500):
    """A stream with so many notes."""
    walk = uuid4()
    for after in range(0, number, at_once):
        await log.append(notes(walk, after, min(at_once, number - after)))
    return walk


async def read_in_order(js, log, number: int) -> list[tuple]:
    """(sequence, position, event) of everything that a consumer is given."""
    found: list[tuple] = []
    consumer = await js.subscribe(
        subjects_of(log.id), stream=await stream_name(js, log), ordered_consumer=True
    )
    while len(found) < number:
        message = await consumer.next_msg(SECONDS)
        reference = decoded(message.data)
        found.append((message.metadata.sequence.stream, reference.position, reference.event))
    await consumer.unsubscribe()
    return found


async def until_rung(log, rung: list[int]) -> None:
    """Record until the listener, which hears nothing of what was before it, has heard one."""
    async with asyncio.timeout(SECONDS):
        while not rung:
            await log.append(notes(uuid4()))
            await asyncio.sleep(0.05)


async def until_there(js, log) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                await stream_name(js, log)
            except NotFoundError:
                await asyncio.sleep(0.02)
            else:
                return


@asynccontextmanager
async def nats_server(data) -> AsyncIterator[SimpleNamespace]:
    """A server that can be stopped and started again, and is found where it was."""
    server = Nats(open_data_folder(data), silence)
    child = await server.start()
    await server.stop(child)
    running: list = []

    async def start() -> None:
        running.append(await server.start())

    async def stop() -> None:
        await server.stop(running.pop())

    def kill() -> None:
        os.kill(running[0].pid, signal.SIGKILL)

    try:
        yield SimpleNamespace(url=server.url, start=start, stop=stop, kill=kill)
    finally:
        while running:
            await stop()


@asynccontextmanager
async def restored_copy(database: str) -> AsyncIterator[tuple[str, list]]:
    """Take a copy of a database now; gives the address under which it can be put back later."""
    name = f"{urlsplit(database).path[1:]}_copy"
    source = urlsplit(database).path[1:]
    connection = await asyncpg.connect(urlunsplit(urlsplit(database)._replace(path="/postgres")))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    try:
        yield urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


class Rewound(MemoryLog):
    """A log whose database is restored underneath a running process."""

    def rewind(self, to: int) -> None:
        kept = self._events[:to]
        self.__dict__.update({**MemoryLog().__dict__, "_id": self.id, "_head": self._head})
        for stored in kept:
            self._events.append(stored)
            self._alliances.setdefault(stored.alliance, []).append(stored)
            self._streams.setdefault(stored.stream, []).append(stored)
