"""Live updates: milliseconds from the acknowledgement of a note to the notice of it.

    python -m benchmarks.sse [--notes 200] [--rate 50]

A walker writes notes over HTTP at a steady rate and follows ``/v1/events`` on another connection
(the others see a note only in the corridor). Both ends are in one process, so one clock times both:
when the answer arrived, and when the notice did.
"""

import argparse
import asyncio
import json
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

from benchmarks._client import Connection, Walks, server
from benchmarks.http import NOTE
from enquiry_api.commands import Ready


async def _follow(ready: Ready, token: str, heard: dict[int, float], up: asyncio.Event) -> None:
    parts = urlsplit(ready.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(
        b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
        + f"Authorization: Bearer {token}\r\n\r\n".encode()
    )
    while line := await reader.readline():
        if line.startswith((b"retry:", b":")):
            up.set()
        if line.startswith(b"id:"):
            heard.setdefault(int(line[3:]), time.perf_counter())


async def _measure(ready: Ready, options: argparse.Namespace) -> dict[str, Any]:
    connection = await Connection(ready.url).open()
    walks = Walks(ready, connection)
    await walks.settle()
    run = await walks.walk(0)
    heard: dict[int, float] = {}
    up = asyncio.Event()
    follower = asyncio.create_task(_follow(ready, walks.tokens["Tom"], heard, up))
    await asyncio.wait_for(up.wait(), 20)
    acknowledged: dict[int, float] = {}
    path = f"/v1/runs/{run}/actions/learning-walk/record-note"
    body = json.dumps(NOTE).encode()
    for _ in range(options.notes):
        began = time.perf_counter()
        status, answer = await connection.post(path, body, walks.headers("Tom"))
        if status != 201:
            raise RuntimeError(answer.decode())
        first = json.loads(answer)["events"][0]["position"]
        acknowledged[first] = time.perf_counter()
        await asyncio.sleep(max(0.0, 1 / options.rate - (time.perf_counter() - began)))
    await asyncio.sleep(1)
    follower.cancel()
    lags = [(heard[p] - at) * 1000 for p, at in acknowledged.items() if p in heard]
    quantiles = statistics.quantiles(lags, n=100)
    return {
        "notes": len(acknowledged),
        "heard": len(lags),
        "notice_p50_ms": quantiles[49],
        "notice_p99_ms": quantiles[98],
    }


def main(argv: list[str]) -> dict[str, Any]:
    """Measure."""
    parser = argparse.ArgumentParser(prog="benchmarks.sse")
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50, help="notes a second")
    options = parser.parse_args(argv)
    with server() as ready:
        return asyncio.run(_measure(ready, options))


if __name__ == "__main__":
    import sys

    for key, value in main(sys.argv[1:]).items():
        print(f"{key:16} {value:,.2f}")
