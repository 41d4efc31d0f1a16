"""A long enquiry beside a young one: opened and acted on over HTTP, in the same run.

    python -m benchmarks.enquiry [--events 20000] [--schools 40] [--members 400] [--repeats 60]

Both have the same schools and members. The young one has just begun to try something; the long one
has gone on until it has so many events, with hundreds of standing warnings. Both are made by real
commands. Requests take turns between the two, one at a time; processor time is the server
process's own, latency is what the client waits.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import uvloop

from benchmarks._client import Connection, cpu_seconds, server
from benchmarks._group import EVIDENCE, Alliance, Group
from enquiry.engines import engines
from enquiry.runtime.start import running
from enquiry_api.commands import Ready

VIEWS = ("dashboard", "decisions", "measures", "evidence-matrix", "meetings")
SETTLE_SECONDS = 60


async def _fill(data: Path, options: argparse.Namespace) -> tuple[Group, Group, dict[str, float]]:
    async with (
        engines(data) as started,
        running(data, started.database_url, timers=False) as system,
    ):
        alliance = Alliance(system, options.schools, options.members)
        await alliance.settle()
        young, long = Group(alliance), Group(alliance)
        for group in (young, long):
            await group.gather()
            await group.prepare()
        strategy, began, before = long.strategy, time.monotonic(), long.revision
        while long.revision < options.events:
            await long.work(strategy)
        seconds = time.monotonic() - began
        for group in (young, long):
            await group.leave_open()
        per_second = (long.revision - before) / seconds if seconds else 0.0
        return young, long, {"fill_events_per_second": per_second}


class _Asking:
    """Requests of one group's people."""

    def __init__(self, ready: Ready, connection: Connection, group: Group) -> None:
        self._ready = ready
        self._connection = connection
        self.group = group
        self._tokens: dict[UUID, str] = {}
        self._now = group.alliance.now
        self.took: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    async def token(self, person: UUID) -> str:
        """A token of theirs."""
        if person not in self._tokens:
            headers = {"Authorization": f"Bearer {self._ready.token}"}
            headers["Idempotency-Key"] = str(uuid4())
            body = json.dumps({"person": str(person)}).encode()
            _, answer = await self._connection.post("/v1/tokens", body, headers)
            self._tokens[person] = json.loads(answer)["token"]
        return self._tokens[person]

    async def _headers(self, person: UUID) -> dict[str, str]:
        self._now += timedelta(seconds=1)
        return {
            "Authorization": f"Bearer {await self.token(person)}",
            "Idempotency-Key": str(uuid4()),
            "Enquiry-Now": self._now.isoformat().replace("+00:00", "Z"),
        }

    async def get(self, name: str, path: str, person: UUID) -> None:
        """Read something, and keep what it took."""
        headers = await self._headers(person)
        await self._timed(
            name, self._connection.get(f"/v1/enquiries/{self.group.id}{path}", headers)
        )

    async def act(self, kind: str, person: UUID, form: Any) -> None:
        """Do something, and keep what it took."""
        headers = await self._headers(person)
        body = json.dumps(form, default=str).encode()
        path = f"/v1/enquiries/{self.group.id}/actions/enquiry/{kind}"
        await self._timed(kind, self._connection.post(path, body, headers))

    async def _timed(self, name: str, request: Any) -> None:
        pid = self._ready.pids["server"]
        cpu, began = cpu_seconds(pid), time.perf_counter()
        status, answer = await request
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        self.cpu.setdefault(name, []).append((cpu_seconds(pid) - cpu) * 1000)
        if status not in (200, 201):
            raise RuntimeError(f"{name}: {status} {answer.decode()[:500]}")


async def _round(asking: _Asking, number: int) -> None:
    group = asking.group
    member = group.members[number % len(group.members)]
    for name, path in (("open", ""), *((view, f"/views/{view}") for view in VIEWS)):
        if name == "open" or number % 3 == 0:
            await asking.get(name, path, member)
            await asking.get(f"{name}_facilitating", path, group.ines)
    linked = {**EVIDENCE, "measures": [group.measures[0]]}
    await asking.act("add-evidence", member, linked)
    voice = list(group.voices.values())[number % len(group.voices)]
    response = {"proposal": group.proposal, "version": 1, "answer": "agree"}
    await asking.act("respond-to-proposal", voice, response)
    await asking.act("submit-progress-assessment", member, group.assessed(number))


async def _idle(pid: int) -> None:
    """Until the server has caught up with what was recorded before it started."""
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        before = cpu_seconds(pid)
        await asyncio.sleep(0.5)
        if cpu_seconds(pid) - before < 0.03:
            return


async def _measure(ready: Ready, groups: dict[str, Group], repeats: int) -> dict[str, Any]:
    connection = await Connection(ready.url).open()
    await _idle(ready.pids["server"])
    asking = {name: _Asking(ready, connection, group) for name, group in groups.items()}
    figures: dict[str, Any] = {}
    for name, one in asking.items():
        await one.get("first", "", one.group.ines)
        figures[f"{name}_first_opening_ms"] = one.took["first"][0]
        await _round(one, 0)
        one.took.clear()
        one.cpu.clear()
    for number in range(repeats):
        for one in asking.values():
            await _round(one, number)
    connection.close()
    return figures | _figures(asking)


def _figures(asking: dict[str, _Asking]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    long, young = asking["long"], asking["young"]
    for name, took in long.took.items():
        for which, one in asking.items():
            cuts = statistics.quantiles(one.took[name], n=100, method="inclusive")
            figures[f"{name}_{which}_p50_ms"] = cuts[49]
            figures[f"{name}_{which}_p99_ms"] = cuts[98]
            figures[f"{name}_{which}_cpu_ms"] = statistics.fmean(one.cpu[name])
        ratio = statistics.median(took) / statistics.median(young.took[name])
        figures[f"{name}_ratio"] = ratio
    return figures


def main(argv: list[str]) -> dict[str, Any]:
    """Measure; the aim is that an action on the long one takes at most 1.5 times as long."""
    parser = argparse.ArgumentParser(prog="benchmarks.enquiry")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--schools", type=int, default=40)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=60)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            young, long, figures = runner.run(_fill(Path(folder) / "data", options))
        figures |= {"young_events": young.revision, "long_events": long.revision}
        with server(Path(folder)) as ready:
            groups = {"young": young, "long": long}
            return figures | asyncio.run(_measure(ready, groups, options.repeats))


if __name__ == "__main__":
    import sys

    for key, value in main(sys.argv[1:]).items():
        print(f"{key:44} {value:,.2f}")
