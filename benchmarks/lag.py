"""How late what follows the log is: from the acknowledgement of an append, in milliseconds.

    python3 run.py bench lag [-- --seconds 5 --rate 200]

* ``projection``: until the rows of the stream index are committed;
* ``waiting``: until whoever asked for at least that position may read on;
* ``bell``: until a listener has heard of it through NATS.

And how many events a second the index takes in when it is built anew.

Appends come one by one at a steady rate, each to one of many runs; the engines are our own, started
for this in a temporary folder.
"""

import argparse
import asyncio
import logging
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import structlog

from enquiry.engines import Engines, engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.method.builder import Builder
from enquiry.method.compiled import Compiled
from enquiry.method.core_facts import Opened
from enquiry.method.entry import Entry, State, Was
from enquiry.method.live import Envelope
from enquiry.method.registry import Registry
from enquiry.method.roles import Role
from enquiry.runtime.feed.relay import Listener, Relay
from enquiry.runtime.lists.index import NAME, VERSION, stream_index
from enquiry.runtime.lists.projector import project
from enquiry.runtime.lists.scratch import rebuild
from enquiry.runtime.lists.shelf import Shelf

STREAMS = 100
WAIT_SECONDS = 30.0
ALLIANCE = UUID(int=1)
LEAD = Role("lead", "opened it")


class Log(State):
    """Who wrote, and how often."""

    people: tuple[UUID, ...] = ()
    count: int = 0


class Noted(Entry, records="noted"):
    """Something was noted"""

    number: int

    def apply(self, s: Log, was: Was) -> Log:
        return s.but(people=(*s.people[:9], was.by), count=s.count + 1)


def method() -> Any:
    made = Builder("bench", 1, "Bench", state=Log, roles=(LEAD,), cast=lambda s: {"lead": s.people})
    made.stages("open")
    made.fact(Noted)
    return made.build()


BENCH = Compiled(method())
# Without the static checks: nobody can do anything in this method.
REGISTRY = Registry({("bench", 1): BENCH}, ())


def event(stream: UUID, revision: int) -> NewEvent:
    opened = Opened(method="bench", method_version=1, digest=BENCH.digest)
    fact: Entry = opened if revision == 1 else Noted(number=revision)
    kind = "core/opened" if revision == 1 else "bench/noted"
    data = msgspec.Raw(msgspec.json.encode(fact))
    body = msgspec.json.encode(Envelope(by=uuid4(), data=data, act=uuid4()))
    return NewEvent(stream, revision, uuid4(), kind, body)


class Heard:
    """When a position was reached for the first time, for each kind of follower."""

    def __init__(self) -> None:
        self.upto = 0
        self.at: dict[int, float] = {}
        self._wanted = 0
        self._there = asyncio.Event()

    async def reached(self, position: int) -> None:
        self._wanted = position
        if self.upto < position:
            await self._there.wait()

    def rise(self, position: int) -> None:
        now = time.perf_counter()
        for reached in range(self.upto + 1, position + 1):
            self.at[reached] = now
        self.upto = max(self.upto, position)
        if 0 < self._wanted <= self.upto:
            self._there.set()


def percentiles(name: str, seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"{name}_p{share}_ms": 1000 * ordered[min(len(ordered) * share // 100, len(ordered) - 1)]
        for share in (50, 99)
    }


@asynccontextmanager
async def started() -> AsyncIterator[Engines]:
    folder = tempfile.mkdtemp(prefix="enquiry-")
    os.chmod(folder, 0o711)  # under root the engines run as somebody else
    try:
        async with engines(Path(folder) / "data") as running:
            yield running
    finally:
        shutil.rmtree(folder)


async def measure(rate: float, seconds: float) -> dict[str, Any]:
    async with (
        started() as running,
        await PostgresLog.open(running.database_url) as log,
        asyncpg.create_pool(running.database_url, min_size=0, max_size=8) as pool,
    ):
        shelf, projected, rung = Shelf(pool), Heard(), Heard()
        await shelf.prepare()
        wake = shelf.moved

        def moved(name: str, position: int) -> None:
            projected.rise(position)
            wake(name, position)

        shelf.moved = moved
        relay = Relay(log, running.nats_url)
        tasks = [
            asyncio.create_task(project(log, shelf, stream_index(log, REGISTRY))),
            asyncio.create_task(relay.run()),
            asyncio.create_task(Listener(log.id, running.nats_url, rung.rise).run()),
        ]
        try:
            acknowledged, waited = await write(log, shelf, rate, seconds)
            head = await log.head()
            await shelf.reached(NAME, head, WAIT_SECONDS)
            async with asyncio.timeout(WAIT_SECONDS):
                await rung.reached(head)
            if await shelf.parked(NAME, VERSION):
                raise RuntimeError("what could not be folded says nothing of how long it takes")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        began = time.perf_counter()
        await rebuild(log, pool, stream_index(log, REGISTRY), "scratch", head)
        return {
            "rebuild_events_per_second": head / (time.perf_counter() - began),
            "appends": len(acknowledged),
            "appends_per_second": rate,
            **percentiles("projection", since(acknowledged, projected)),
            **percentiles("waiting", waited),
            **percentiles("bell", since(acknowledged, rung)),
        }


def since(acknowledged: dict[int, float], heard: Heard) -> list[float]:
    """What came before the writer itself had heard counts as no lag."""
    return [max(heard.at[position] - at, 0.0) for position, at in acknowledged.items()]


async def write(
    log: PostgresLog, shelf: Shelf, rate: float, seconds: float
) -> tuple[dict[int, float], list[float]]:
    """Append at a steady rate; when each was acknowledged, and how long readers then waited."""
    streams = {uuid4(): 0 for _ in range(STREAMS)}
    acknowledged: dict[int, float] = {}
    waited: list[float] = []

    async def one(stream: UUID) -> None:
        streams[stream] += 1
        new = event(stream, streams[stream])
        append = Append(ALLIANCE, (new,), {stream: new.revision - 1}, time.time_ns() // 1000)
        appended = await log.append(append)
        at = acknowledged[appended.last] = time.perf_counter()
        if await shelf.reached(NAME, appended.last, WAIT_SECONDS):
            waited.append(time.perf_counter() - at)

    for stream in streams:  # opened, and everybody connected, before anything is measured
        await one(stream)
    acknowledged.clear()
    waited.clear()
    began, number = time.perf_counter(), 0
    async with asyncio.TaskGroup() as group:
        while (now := time.perf_counter() - began) < seconds:
            while number < now * rate:
                group.create_task(one(list(streams)[number % STREAMS]))
                number += 1
            await asyncio.sleep(0.002)
    return acknowledged, waited


def main(argv: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="run.py bench lag")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rate", type=float, default=200.0, help="appends a second")
    options = parser.parse_args(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return asyncio.run(measure(options.rate, options.seconds))
