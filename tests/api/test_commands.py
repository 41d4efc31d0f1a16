"""The commands themselves, as processes: they start, tell, serve, and stop in order when told."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
import psutil
import pytest
from click.testing import CliRunner

from enquiry_api.commands import serve
from enquiry_api.playing import default_demo_folder, demo, journeys_here

START_SECONDS = 60
STOP_SECONDS = 5.0
"""Within which everything has stopped, with streams open."""
STORY = """
journey: An alliance
people: {ines: Ines Falk}
steps:
  - when: 2031-03-01 09:00
    who: operator
    do: alliance/create-alliance
    with: {name: Calder, steward: $ines, steward_name: Ines Falk}
    as: calder
  - {who: ines, read: calder, expect: EXPECTED}
"""


class Running:
    """A command that serves."""

    def __init__(self, process: subprocess.Popen[bytes], ready: dict[str, Any]) -> None:
        self.process = process
        self.url: str = ready["url"]
        self.token: str = ready["token"]
        self.pids: dict[str, int] = ready["pids"]

    def ask(self, path: str, token: str | None = None) -> httpx.Response:
        return httpx.get(self.url + path, headers=_bearer(token), timeout=10)

    def follow(self, stack: ExitStack) -> Iterator[str]:
        """The lines of a live stream."""
        asked = httpx.stream(
            "GET", f"{self.url}/v1/events", headers=_bearer(self.token), timeout=30
        )
        return stack.enter_context(asked).iter_lines()

    def stop(self, how: int) -> float:
        """Tell it to stop; how long it took, in seconds."""
        started = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(START_SECONDS)
        return time.monotonic() - started


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


@contextmanager
def command(folder: Path, *words: str) -> Iterator[Running]:
    """A command that serves on a free port, with data and ready file in a folder."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    line = [sys.executable, "-m", "enquiry.cli", *words, "--port", "0"]
    line += ["--data", str(folder / "data"), "--ready-file", str(ready)]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(line, stdout=out, stderr=err)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            assert process.poll() is None, (folder / "err").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert stat.S_IMODE(ready.stat().st_mode) == 0o600
        yield Running(process, json.loads(ready.read_text()))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(START_SECONDS)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_tells_where_it_is_and_stops_in_order_with_streams_open(
    scratch: Path, how: int
) -> None:
    with command(scratch, "serve") as running, ExitStack() as stack:
        assert running.ask("/readyz").json()["ready"] is True
        assert running.ask("/v1/runs", running.token).status_code == 200
        assert set(running.pids) == {"server", "PostgreSQL", "NATS"}
        assert running.pids["server"] == running.process.pid
        streams = [running.follow(stack) for _ in range(5)]
        for stream in streams:
            assert next(stream).startswith("retry")
        assert running.stop(how) < STOP_SECONDS
        for stream in streams:
            assert ": goodbye" in stream
        assert running.process.returncode == 0
        assert not any(psutil.pid_exists(pid) for pid in running.pids.values())
    told = (scratch / "out").read_text()
    assert running.url in told
    assert running.token in told
    assert str(scratch / "data") in told
    assert "Traceback" not in (scratch / "err").read_text()


def test_serve_takes_no_time_from_anybody_unless_told_to(scratch: Path) -> None:
    (scratch / "story.yaml").write_text(STORY.replace("EXPECTED", "ok"))
    with command(scratch, "serve") as running:
        done = play(running, scratch / "story.yaml")
    assert done.returncode == 1
    assert "--clock client" in done.stderr


def play(running: Running, *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "enquiry.cli", "play", *map(str, files), "--url", running.url],
        env={**os.environ, "ENQUIRY_TOKEN": running.token, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def test_play_exits_with_1_at_the_first_difference_and_shows_it(scratch: Path) -> None:
    good, bad = scratch / "good.yaml", scratch / "bad.yaml"
    good.write_text(STORY.replace("EXPECTED", "{stage: open}"))
    bad.write_text(STORY.replace("EXPECTED", "{stage: shut}"))
    with command(scratch, "serve", "--clock", "client") as running:
        done = play(running, good)
        assert (done.returncode, done.stdout) == (0, "An alliance: 2 scenes\n")
        done = play(running, bad, good)
    assert done.returncode == 1
    for words in ("bad.yaml:10", "expected: shut", "actual:   open"):
        assert words in done.stderr
    assert done.stdout == ""


def test_demo_plays_once_and_stays_at_the_end_of_the_story(scratch: Path) -> None:
    story = scratch / "story.yaml"
    story.write_text(STORY.replace("EXPECTED", "ok"))
    heads: list[int] = []
    for _ in range(2):
        with command(scratch, "demo", str(story)) as running:
            heads.append(running.ask("/readyz").json()["head"])
            told = (scratch / "out").read_text().splitlines()
            token = told[told.index("Ines Falk (ines)") + 1].strip()
            alliances = running.ask("/v1/alliances", token).json()["items"]
            assert len(alliances) == 1
            assert alliances[0]["updated_at"].startswith("2031-03-01")
            assert running.stop(signal.SIGTERM) < STOP_SECONDS
            assert running.process.returncode == 0
    assert heads[0] == heads[1] > 0


def test_the_stories_of_a_checkout_are_found_and_its_demo_keeps_to_itself(tmp_path: Path) -> None:
    stories = tmp_path / "tests" / "journeys"
    (stories / "parts").mkdir(parents=True)
    for name in ("b.yaml", "a.yaml", "parts/c.yaml", "test_journeys.py"):
        (stories / name).touch()
    (tmp_path / "run.py").touch()
    assert journeys_here(tmp_path / ".venv") == (stories / "a.yaml", stories / "b.yaml")
    assert default_demo_folder(tmp_path / ".venv") == tmp_path / ".enquiry" / "demo"


@pytest.mark.parametrize(("word", "folder"), [(demo, ".enquiry/demo"), (serve, ".enquiry/data")])
def test_help_says_where_the_data_lie(word: click.Command, folder: str) -> None:
    told = CliRunner().invoke(word, ["--help"], terminal_width=200, env={"COLUMNS": "200"}).output
    assert f"'{folder}' in the checkout" in told
