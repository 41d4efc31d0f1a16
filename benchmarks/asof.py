"""Past states of short and long streams: milliseconds for the first look, and for a later moment.

    python -m benchmarks.asof [--sizes 10 1000 100000] [--repeats 5]

The log lies in PostgreSQL; a state is folded by the function that serves ``GET …?at=``. First looks
are at the end, the middle and after a tenth of a stream, by a process that knows nothing of it;
then one a little later than the middle, where the middle was looked at before. The state is a
number: what a method keeps of each event comes on top (`benchmarks.fold`).
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, cast
from uuid import UUID, uuid4

import msgspec
from uuid_utils.compat import uuid7

from enquiry.engines import engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.method.builder import Builder
from enquiry.method.compiled import Compiled
from enquiry.method.core_facts import Opened
from enquiry.method.entry import Entry, State, Was
from enquiry.method.fields import ask, text
from enquiry.method.live import Envelope
from enquiry.method.record import separated
from enquiry.method.registry import Registry
from enquiry.method.roles import Role
from enquiry.runtime.streams import Streams

BATCH = 500
LATER = 20
"""Events between one look and the next."""
CLERK = Role("clerk")


class Count(State):
    """How many notes there are."""

    notes: int = 0


class Note(Entry, records="note"):
    """Write a note"""

    visit: Annotated[int, ask("Which visit?", ge=1)]
    words: Annotated[str, text("What?", upto=500)]

    def apply(self, s: Count, was: Was) -> Count:
        """Count it."""
        return s.but(notes=s.notes + 1)


def _tally() -> Compiled:
    made = Builder("count", 1, "Count", state=Count, roles=(CLERK,), cast=lambda _: {"clerk": ()})
    (open_,) = made.stages("open")
    made.move(Note, by=CLERK, at=open_)
    return Compiled(made.build())


async def _fill(log: PostgresLog, compiled: Compiled, events: int) -> UUID:
    stream, alliance, author = uuid4(), uuid4(), uuid4()
    for first in range(1, events + 1, BATCH):
        batch: list[NewEvent] = []
        for number in range(first, min(first + BATCH, events + 1)):
            opened = Opened(method="count", method_version=1, digest=compiled.digest)
            note = Note(visit=number % 9 + 1, words="Nine of twelve books show a change")
            kind, entry = ("core/opened", opened) if number == 1 else ("count/note", note)
            data, _ = separated(entry, author)
            envelope = Envelope(author, msgspec.Raw(data), uuid4(), salt=os.urandom(16))
            body = msgspec.json.encode(envelope)
            batch.append(NewEvent(stream, number, uuid7(), kind, body))
        now = time.time_ns() // 1000
        await log.append(Append(alliance, tuple(batch), {stream: first - 1}, now))
    return stream


async def _look(streams: Streams, stream: UUID, at: int, revision: int) -> float:
    began = time.perf_counter()
    found = await streams.at(stream, at)
    took = (time.perf_counter() - began) * 1_000
    if found is None or found.live.revision != revision:
        raise AssertionError("it is another state")
    return took


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    compiled = _tally()
    registry = cast("Registry", SimpleNamespace(methods={("count", 1): compiled}))
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="asof") as folder:
        os.chmod(folder, 0o755)  # engines that root starts run as somebody else
        async with (
            engines(Path(folder) / "data") as running,
            await PostgresLog.open(running.database_url) as log,
        ):
            for size in options.sizes:
                before = await log.head()
                stream = await _fill(log, compiled, size)
                places = {"end": size, "middle": size // 2, "tenth": max(1, size // 10)}
                took: dict[str, list[float]] = {}
                for _ in range(options.repeats):
                    for name, at in places.items():
                        streams = Streams(log, registry)
                        once = await _look(streams, stream, before + at, at)
                        took.setdefault(name, []).append(once)
                        if name == "middle":
                            later = min(size, at + LATER)
                            again = await _look(streams, stream, before + later, later)
                            took.setdefault("later", []).append(again)
                for name, times in took.items():
                    figures[f"as_of_{size}_{name}_ms"] = statistics.median(times)
    return figures


def main(argv: list[str]) -> dict[str, Any]:
    """Measure; medians."""
    parser = argparse.ArgumentParser(prog="benchmarks.asof")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1_000, 100_000])
    parser.add_argument("--repeats", type=int, default=5)
    return asyncio.run(_measure(parser.parse_args(argv)))


if __name__ == "__main__":
    import sys

    print(main(sys.argv[1:]))
