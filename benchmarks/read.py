"""Events per second, reading the whole log page by page, beside a bare SELECT and the library.

    python -m benchmarks.read [--events 50000] [--repeats 5] [--pages 1000,5000] [--url URL]

Three ways to read the same events of about 350 bytes from the same table, in turns: ``read_all``,
which gives Structs; a bare ``SELECT`` of the same columns that makes nothing of them (the limit);
and the PostgreSQL recorder of the ``eventsourcing`` library, which is several times faster with
``psycopg[binary]`` than with the psycopg that it asks for; the figures say which it was.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvloop
from uuid_utils.compat import uuid7

from benchmarks._peer import BODY, KIND, PSYCOPG, database, recorder
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.log.queries import query

STREAMS = 200
APPEND_EVENTS = 500

Page = Callable[[int, int], Awaitable[int]]
"""Reads up to so many events after a position, and gives the position of the last."""


def main(argv: Sequence[str]) -> dict[str, Any]:
    """Measure; medians over the repeats."""
    parser = argparse.ArgumentParser(prog="benchmarks.read")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--pages", type=lambda s: [int(n) for n in s.split(",")], default=[1000, 5000]
    )
    parser.add_argument("--url", help="a PostgreSQL of yours; otherwise one is started")
    return uvloop.run(_measure(parser.parse_args(argv)))


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {"psycopg": PSYCOPG}
    schema = f"bench_{uuid4().hex}"
    async with database(options.url) as url, await PostgresLog.open(url, schema=schema) as log:
        await _fill(log, options.events)
        connection = await asyncpg.connect(url, server_settings={"search_path": schema})
        await connection.execute("VACUUM (ANALYZE) stored_events")
        with recorder(url, schema) as peer:
            select = await connection.prepare(query("read_all"))

            async def structs(after: int, limit: int) -> int:
                return (await log.read_all(after, limit))[-1].position

            async def bare(after: int, limit: int) -> int:
                return (await select.fetch(after, limit))[-1][0]

            async def library(after: int, limit: int) -> int:
                return peer.select_notifications(after + 1, limit)[-1].id

            ways = {"read_all": structs, "select": bare, "library": library}
            for limit in options.pages:
                figures |= await _compare(ways, limit, options)
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await connection.close()
    return figures


async def _compare(
    ways: dict[str, Page], limit: int, options: argparse.Namespace
) -> dict[str, float]:
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.repeats):
        for name, page in ways.items():
            began = time.perf_counter()
            after = 0
            while after < options.events:
                after = await page(after, limit)
            rates[name].append(options.events / (time.perf_counter() - began))
    return {
        f"{name}_pages_of_{limit}_per_second": statistics.median(each)
        for name, each in rates.items()
    }


async def _fill(log: PostgresLog, events: int) -> None:
    alliance = uuid4()
    streams = [uuid4() for _ in range(STREAMS)]
    revisions = dict.fromkeys(streams, 0)
    for start in range(0, events, APPEND_EVENTS):
        expected: dict[UUID, int] = {}
        new: list[NewEvent] = []
        for n in range(start, min(start + APPEND_EVENTS, events)):
            stream = streams[n % STREAMS]
            expected.setdefault(stream, revisions[stream])
            revisions[stream] += 1
            new.append(NewEvent(stream, revisions[stream], uuid7(), KIND, BODY))
        await log.append(Append(alliance, tuple(new), expected, 0))


if __name__ == "__main__":
    for key, value in main(sys.argv[1:]).items():
        print(f"{key:36} {value:>12,.0f}" if isinstance(value, float) else f"{key:36} {value:>12}")
