"""A process that appends to a log: run as a script, killed at will.

    python writer.py URL SCHEMA NAME CALLERS APPENDS EVENTS

Each of so many callers makes so many appends of so many events each, in a stream of its own, with
a key. Prints the key of each append once it was acknowledged, and ``end``.
"""

import asyncio
import sys
from uuid import UUID, uuid4, uuid5

from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent

ALLIANCES = (UUID(int=0xA), UUID(int=0xB))
STREAMS = UUID(int=0x5)


async def call(log: PostgresLog, name: str, caller: int, appends: int, events: int) -> None:
    stream = uuid5(STREAMS, f"{name} {caller}")
    for number in range(appends):
        revision = number * events
        key = f"{name} {caller} {number}"
        new = (
            NewEvent(stream, revision + 1 + n, uuid4(), "test/noted", f"{key} {n}".encode())
            for n in range(events)
        )
        alliance = ALLIANCES[caller % len(ALLIANCES)]
        await log.append(Append(alliance, tuple(new), {stream: revision}, 0, key.encode()))
        tell(key)


async def main(url: str, schema: str, name: str, *sizes: str) -> None:
    callers, appends, events = map(int, sizes)
    async with await PostgresLog.open(url, schema=schema) as log:
        await asyncio.gather(*(call(log, name, n, appends, events) for n in range(callers)))
    tell("end")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
