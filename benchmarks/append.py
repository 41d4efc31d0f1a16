"""Appends per second, beside the PostgreSQL recorder of the ``eventsourcing`` library.

    python -m benchmarks.append [--seconds 1] [--repeats 3] [--callers 1,16,64,256] [--url URL]

Both write to the same PostgreSQL in the same run, in turns: single events of about 350 bytes, each
with the version it must have, over 200 streams (one for each caller, when there are more callers).
The library's callers are threads; ours are tasks of one event loop, uvloop as under the server.
Latency is what a caller waits. Aims: 2 times the library at 1 caller, 10 at 16, 20 at 64.

With ``psycopg[binary]`` the library is faster by half than with the psycopg that it asks for; the
heading says which it was.
"""

import argparse
import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from uuid_utils.compat import uuid7

from benchmarks._peer import BODY, KIND, PSYCOPG, database, recorder
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent

STREAMS = 200
PEER_CONNECTIONS = 4
"""The library orders its writers by a table lock: more connections only make it slower."""

Waits = list[float]
"""Milliseconds of each append."""


def main(argv: Sequence[str]) -> dict[str, Any]:
    """Measure; medians over the repeats."""
    parser = argparse.ArgumentParser(prog="benchmarks.append")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--callers", type=lambda s: [int(n) for n in s.split(",")], default=[1, 16, 64, 256]
    )
    parser.add_argument("--url", help="a PostgreSQL of yours; otherwise one is started")
    return uvloop.run(_measure(parser.parse_args(argv)))


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {"psycopg": PSYCOPG}
    schemas = [f"bench_{uuid4().hex}" for _ in range(2)]
    _tell(f"{'':7} |{'enquiry':>29} |{f'eventsourcing, psycopg {PSYCOPG}':>29} |")
    columns = f"{'per second':>11} {'p50 ms':>8} {'p99 ms':>8}"
    _tell(f"callers |{columns} |{columns} |  ratio")
    async with database(options.url) as url:
        connection = await asyncpg.connect(url)
        await connection.execute(f"CREATE SCHEMA {schemas[1]}")
        async with await PostgresLog.open(url, schema=schemas[0]) as log:
            with recorder(url, schemas[1], PEER_CONNECTIONS, create=True) as peer:
                for callers in options.callers:
                    figures |= await _compare(log, peer, callers, options)
        for schema in schemas:
            await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await connection.close()
    return figures


async def _compare(
    log: PostgresLog,
    peer: PostgresApplicationRecorder,
    callers: int,
    options: argparse.Namespace,
) -> dict[str, float]:
    ours: list[Waits] = []
    theirs: list[Waits] = []
    for _ in range(options.repeats):
        ours.append(await _append(log, callers, options.seconds))
        theirs.append(await asyncio.to_thread(_insert, peer, callers, options.seconds))
    ratio = statistics.median(len(a) / len(b) for a, b in zip(ours, theirs, strict=True))
    one, two = _summary(ours, options.seconds), _summary(theirs, options.seconds)
    cells = (f"{rate:>11,.0f} {p50:>8.2f} {p99:>8.2f}" for rate, p50, p99 in (one, two))
    _tell(f"{callers:>7} |{' |'.join(cells)} | {ratio:>6.1f}")
    names = ("per_second", "p50_ms", "p99_ms")
    told = {f"append_{callers}_{name}": value for name, value in zip(names, one, strict=True)}
    told |= {f"library_{callers}_{name}": value for name, value in zip(names, two, strict=True)}
    return told | {f"ratio_{callers}": ratio}


async def _append(log: PostgresLog, callers: int, seconds: float) -> Waits:
    alliance = uuid4()
    waits: Waits = []

    async def call(streams: Sequence[UUID]) -> None:
        for stream, revision in _places(streams):
            began = time.perf_counter()
            if began > until:
                return
            event = NewEvent(stream, revision, uuid7(), KIND, BODY)
            now = time.time_ns() // 1_000
            await log.append(Append(alliance, (event,), {stream: revision - 1}, now))
            waits.append((time.perf_counter() - began) * 1_000)

    until = time.perf_counter() + seconds
    await asyncio.gather(*map(call, _shares(callers)))
    return waits


def _insert(peer: PostgresApplicationRecorder, callers: int, seconds: float) -> Waits:
    waits: Waits = []

    def call(streams: Sequence[UUID]) -> None:
        for stream, version in _places(streams):
            began = time.perf_counter()
            if began > until:
                return
            peer.insert_events([StoredEvent(stream, version, KIND, BODY)])
            waits.append((time.perf_counter() - began) * 1_000)

    threads = [threading.Thread(target=call, args=(streams,)) for streams in _shares(callers)]
    until = time.perf_counter() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def _shares(callers: int) -> list[list[UUID]]:
    """The streams of each caller; nobody else writes to them."""
    streams = [uuid4() for _ in range(max(STREAMS, callers))]
    return [streams[n::callers] for n in range(callers)]


def _places(streams: Sequence[UUID]) -> Iterator[tuple[UUID, int]]:
    """Stream and version of one event after the other, for ever."""
    version = 0
    while True:
        version += 1
        for stream in streams:
            yield stream, version


def _summary(repeats: Sequence[Waits], seconds: float) -> tuple[float, float, float]:
    """Appends per second, p50 and p99: the median of each over the repeats."""
    ordered = [sorted(waits) for waits in repeats]
    return (
        statistics.median(len(waits) / seconds for waits in ordered),
        statistics.median(waits[len(waits) // 2] for waits in ordered),
        statistics.median(waits[len(waits) * 99 // 100] for waits in ordered),
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
