"""An action over HTTP from end to end, beside an empty POST to the same server.

    python -m benchmarks.http [--seconds 4] [--connections 1,16,64] [--walks 64]

The action is a note on a learning walk: decoded, judged (text guard and all), sealed, appended to
PostgreSQL with default durability, answered. The empty POST reads its body and answers. Processor
time is the server process's own; latency is what the client waits.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks._client import Connection, Walks, cpu_seconds, server
from enquiry_api.commands import Ready

NOTE = {
    "visit_no": 1,
    "criterion_id": "c1",
    "kind": "work_seen",
    "text": "Nine of twelve books opened show a change in green pen; three show the comment only",
    "verbatim": False,
}
Request = Callable[[int], tuple[str, dict[str, str]]]


async def _load(url: str, count: int, seconds: float, request: Request, body: bytes) -> Any:
    """(latencies in ms, statuses that were no success)."""
    took: list[float] = []
    bad: list[int] = []
    until = time.perf_counter() + seconds

    async def call(number: int) -> None:
        connection = await Connection(url).open()
        while (began := time.perf_counter()) < until:
            path, headers = request(number)
            status, answer = await connection.post(path, body, headers)
            took.append((time.perf_counter() - began) * 1000)
            if status != 201:
                bad.append(status)
                raise RuntimeError(answer.decode())
        connection.close()

    await asyncio.gather(*(call(number) for number in range(count)))
    return took, bad


async def _one(
    ready: Ready, name: str, count: int, seconds: float, request: Request, body: bytes
) -> dict[str, float]:
    pid = ready.pids["server"]
    before, began = cpu_seconds(pid), time.perf_counter()
    took, _ = await _load(ready.url, count, seconds, request, body)
    cpu, wall = cpu_seconds(pid) - before, time.perf_counter() - began
    quantiles = statistics.quantiles(took, n=100)
    return {
        f"{name}_{count}_per_second": len(took) / wall,
        f"{name}_{count}_cpu_us": cpu / len(took) * 1e6,
        f"{name}_{count}_p50_ms": quantiles[49],
        f"{name}_{count}_p99_ms": quantiles[98],
    }


async def _measure(ready: Ready, options: argparse.Namespace) -> dict[str, Any]:
    connection = await Connection(ready.url).open()
    walks = Walks(ready, connection)
    await walks.settle()
    runs = [await walks.walk(number) for number in range(options.walks)]
    body = json.dumps(NOTE).encode()

    def empty(number: int) -> tuple[str, dict[str, str]]:
        del number
        return "/empty", walks.headers("Tom")

    def note(number: int) -> tuple[str, dict[str, str]]:
        run = runs[number % len(runs)]
        return f"/v1/runs/{run}/actions/learning-walk/record-note", walks.headers("Tom")

    figures: dict[str, Any] = {"walks": options.walks}
    for count in options.connections:
        for name, request in (("empty", empty), ("action", note)):
            figures |= await _one(ready, name, count, options.seconds, request, body)
        ratio = figures[f"action_{count}_cpu_us"] / figures[f"empty_{count}_cpu_us"]
        figures[f"cpu_ratio_{count}"] = ratio
    connection.close()
    return figures


def main(argv: list[str]) -> dict[str, Any]:
    """Measure; the aim is an action within 2.5 times the processor time of an empty POST."""
    parser = argparse.ArgumentParser(prog="benchmarks.http")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--walks", type=int, default=64)
    parser.add_argument(
        "--connections", type=lambda s: [int(n) for n in s.split(",")], default=[1, 16, 64]
    )
    options = parser.parse_args(argv)
    with server() as ready:
        return asyncio.run(_measure(ready, options))


if __name__ == "__main__":
    import sys

    for key, value in main(sys.argv[1:]).items():
        print(f"{key:28} {value:,.2f}")
