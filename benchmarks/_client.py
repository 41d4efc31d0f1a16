"""A small HTTP client for benchmarks: one kept-alive connection, no more work than it takes."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from enquiry_api.commands import Ready

START_SECONDS = 60
STOP_SECONDS = 20


@contextmanager
def server(over: Path | None = None) -> Generator[Ready]:
    """The benchmark server, with its own engines; stopped at the end.

    ``over``: a folder whose ``data`` was filled before; else one that is made for it, and removed.
    """
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as made:
        folder = str(over or made)
        Path(folder).chmod(0o755)
        ready_file = Path(folder) / "ready.json"
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks._served", str(Path(folder) / "data"), ready_file],
            stderr=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + START_SECONDS
            while not ready_file.exists():
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the server did not start")
                time.sleep(0.05)
            yield msgspec.json.decode(ready_file.read_bytes(), type=Ready)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


class Connection:
    """One connection; requests follow one another."""

    def __init__(self, url: str) -> None:
        """To this server."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80

    async def open(self) -> "Connection":
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    def close(self) -> None:
        """Let go."""
        self._writer.close()

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send, and read the whole answer: (status, body)."""
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._writer.write(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{head}\r\n".encode()
            + body
        )
        return await self._answer()

    async def get(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask, and read the whole answer: (status, body)."""
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode())
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        raw = await self._reader.readuntil(b"\r\n\r\n")
        status = int(raw[9:12])
        lower = raw.lower()
        start = lower.index(b"content-length:") + 15
        length = int(lower[start : lower.index(b"\r\n", start)])
        return status, await self._reader.readexactly(length)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Walks:
    """An alliance with many learning walks, each with a visit into which notes are written."""

    def __init__(self, ready: Ready, connection: Connection) -> None:
        """Over this server."""
        self._ready = ready
        self._connection = connection
        self._now = datetime(2026, 11, 3, 9, tzinfo=UTC)
        self.tokens: dict[str, str] = {"operator": ready.token}
        self.people: dict[str, str] = {}
        self.alliance = ""
        self.school = ""

    def headers(self, who: str) -> dict[str, str]:
        """What a command of this person carries."""
        return {
            "Authorization": f"Bearer {self.tokens[who]}",
            "Idempotency-Key": str(uuid4()),
            "Enquiry-Now": self._now.isoformat().replace("+00:00", "Z"),
        }

    async def _do(self, who: str, path: str, body: Any, **more: str) -> Any:
        headers = {**self.headers(who), **more}
        status, answer = await self._connection.post(path, json.dumps(body).encode(), headers)
        if status not in (200, 201):
            raise RuntimeError(f"{path}: {status} {answer.decode()}")
        return json.loads(answer)

    async def _ally(self, kind: str, body: Any) -> str:
        path = f"/v1/alliances/{self.alliance}/actions/alliance/{kind}"
        answer = await self._do("Nasreen", path, body, **{"If-Match": f'"{self._seen}"'})
        self._seen = answer["revision"]
        return answer["events"][0]["id"]

    async def _token(self, who: str) -> None:
        answer = await self._do("operator", "/v1/tokens", {"person": self.people[who]})
        self.tokens[who] = answer["token"]

    async def settle(self) -> None:
        """The alliance, its school and its people."""
        self.people["Nasreen"] = str(uuid4())
        founded = await self._do(
            "operator",
            "/v1/alliances/actions/alliance/create-alliance",
            {"name": "Calder", "steward": self.people["Nasreen"], "steward_name": "Nasreen"},
        )
        self.alliance = founded["stream"]
        self._seen = founded["revision"]
        await self._token("Nasreen")
        self.school = await self._ally("add-school", {"name": "Beck Road", "zone": "Europe/London"})
        for name in ("Petra Novák", "Tom Wragg", "Kelly Rowe"):
            first = name.split()[0]
            self.people[first] = await self._ally("add-person", {"name": name})
            grant = {"person": self.people[first], "school": self.school}
            await self._ally(
                "grant-membership", {**grant, "standings": ["teacher"], "since": "2026-09-01"}
            )
            await self._token(first)
        policy = {"observation_budget": 100}
        await self._ally("set-policy", {"school": self.school, "policy": policy})
        self.room = await self._ally("register-room", {"school": self.school, "code": "B4"})

    async def walk(self, number: int) -> str:
        """One walk with its first visit open; returns the run's id."""
        planned = await self._do(
            "Petra",
            f"/v1/runs/actions/learning-walk/plan-run?alliance={self.alliance}",
            {"purpose": "explore", "title": f"Walk {number}", "school": self.school},
        )
        run = planned["stream"]
        revision = planned["revision"]

        async def act(who: str, kind: str, body: Any) -> None:
            nonlocal revision
            path = f"/v1/runs/{run}/actions/learning-walk/{kind}"
            answer = await self._do(who, path, body, **{"If-Match": f'"{revision}"'})
            revision = answer["revision"]

        start = self._now + timedelta(days=14, minutes=30 * number)
        team = [self.people["Petra"], self.people["Tom"]]
        await act("Petra", "invite-to-run", {"person": self.people["Tom"], "role": "walker"})
        await act("Tom", "accept-run-invitation", {})
        await act(
            "Petra",
            "set-walk-focus",
            {
                "focus": "How pupils use written feedback",
                "link_to_improvement_aim": "marking policy review",
                "criteria": [{"id": "c1", "text": "a change follows in the book"}],
            },
        )
        await act(
            "Petra",
            "schedule-visit",
            {
                "visit_no": 1,
                "location": self.room,
                "host": self.people["Kelly"],
                "start": start.isoformat(),
                "visit_minutes": 8,
                "debrief_minutes": 6,
                "visitors": team,
            },
        )
        for person, role in zip(team, ("timekeeper_scribe", "work_scrutiny"), strict=True):
            await act("Petra", "assign-walk-role", {"person": person, "walk_role": role})
        await act("Petra", "notify-hosts", {})
        await act("Kelly", "respond-as-host", {"visit_no": 1, "answer": "accept"})
        for who in ("Petra", "Tom"):
            await act(who, "adopt-protocol", {"version": 1})
        await act("Petra", "begin-walk", {})
        await act("Petra", "begin-visit", {"visit_no": 1, "present": team})
        return run
