"""Folding the whole log: events per second, beside reading and decoding it and doing nothing else.

    python -m benchmarks.fold [--events 100000] [--streams 200] [--repeats 3]

The log lies in PostgreSQL. Each event is a note of about 350 stored bytes; a stream's state keeps
all of its notes, as a real run does. Three readings of the same log, in turns: rows only; rows with
the envelope and the fact decoded (the limit); folded into the state of every stream, as a replay.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
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
from enquiry.method.live import Envelope, Live, envelope_of, evolve
from enquiry.method.record import separated
from enquiry.method.roles import Role

PAGE = 5000
BATCH = 500
WRITER = Role("writer")


class Pad(State):
    """Every note, by its id."""

    notes: Mapping[UUID, tuple[int, str]] = {}


class Note(Entry, records="note"):
    """Write a note"""

    visit: Annotated[int, ask("Which visit?", ge=1)]
    words: Annotated[str, text("What?", upto=500)]

    def apply(self, s: Pad, was: Was) -> Pad:
        """Keep it."""
        return s.but(notes={**s.notes, was.id: (self.visit, self.words)})


def _pad() -> Compiled:
    pad = Builder("pad", 1, "Pad", state=Pad, roles=(WRITER,), cast=lambda _: {"writer": ()})
    (open_,) = pad.stages("open")
    pad.move(Note, by=WRITER, at=open_)
    return Compiled(pad.build())


def _body(entry: Entry, author: UUID, colleagues: tuple[UUID, ...]) -> bytes:
    data, _ = separated(entry, author)
    envelope = Envelope(
        by=author,
        data=msgspec.Raw(data),
        act=uuid4(),
        cast={"walker": colleagues},
        lang="en",
        salt=os.urandom(16),
    )
    return msgspec.json.encode(envelope)


async def _fill(log: PostgresLog, compiled: Compiled, events: int, streams: int) -> None:
    alliance, author = uuid4(), uuid4()
    colleagues = (author, uuid4())
    for stream in (uuid4() for _ in range(streams)):
        revision = 0
        while revision < events // streams:
            count = min(BATCH, events // streams - revision)
            batch: list[NewEvent] = []
            for number in range(revision + 1, revision + count + 1):
                opened = Opened(method="pad", method_version=1, digest=compiled.digest)
                note = Note(visit=number % 9 + 1, words="Nine of twelve books show a change")
                kind, entry = ("core/opened", opened) if number == 1 else ("pad/note", note)
                body = _body(entry, author, colleagues)
                batch.append(NewEvent(stream, number, uuid7(), kind, body))
            now = time.time_ns() // 1000
            await log.append(Append(alliance, tuple(batch), {stream: revision}, now))
            revision += count


async def _pages(log: PostgresLog) -> Any:
    position = 0
    while events := await log.read_all(position, PAGE):
        position = events[-1].position
        yield events


async def _rows(log: PostgresLog, compiled: Compiled) -> int:
    del compiled
    return sum([len(events) async for events in _pages(log)])


async def _decoded(log: PostgresLog, compiled: Compiled) -> int:
    count = 0
    async for events in _pages(log):
        for event in events:
            compiled.facts.decode(event, envelope_of(event.body))
            count += 1
    return count


async def _folded(log: PostgresLog, compiled: Compiled) -> int:
    kept: dict[UUID, Live] = {}
    count = 0
    async for events in _pages(log):
        for event in events:
            live = kept.get(event.stream) or compiled.blank(event.stream, event.alliance)
            kept[event.stream] = evolve(compiled.facts, live, event)
            count += 1
    if sum(len(live.state.notes) for live in kept.values()) != count - len(kept):  # pyright: ignore[reportAttributeAccessIssue]
        raise AssertionError("the fold lost a note")
    return count


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    compiled = _pad()
    ways: dict[str, Callable[[PostgresLog, Compiled], Awaitable[int]]] = {
        "rows": _rows,
        "decoded": _decoded,
        "folded": _folded,
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory(prefix="fold") as folder:
        os.chmod(folder, 0o755)  # engines that root starts run as somebody else
        async with (
            engines(Path(folder) / "data") as running,
            await PostgresLog.open(running.database_url) as log,
        ):
            await _fill(log, compiled, options.events, options.streams)
            for _ in range(options.repeats):
                for name, way in ways.items():
                    began = time.perf_counter()
                    count = await way(log, compiled)
                    took[name].append(count / (time.perf_counter() - began))
    figures: dict[str, Any] = {"events": options.events, "streams": options.streams}
    for name, rates in took.items():
        figures[f"{name}_per_second"] = statistics.median(rates)
    figures["folded_of_decoded"] = figures["folded_per_second"] / figures["decoded_per_second"]
    return figures


def main(argv: list[str]) -> dict[str, Any]:
    """Measure; the aim is that folding keeps at least half the rate of decoding."""
    parser = argparse.ArgumentParser(prog="benchmarks.fold")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    return asyncio.run(_measure(parser.parse_args(argv)))


if __name__ == "__main__":
    import sys

    print(main(sys.argv[1:]))
