"""The tour of README.md, taken as it is written against a server that was just started."""

import itertools
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from tests.house import tour
from tests.house.tree import ROOT

START_SECONDS = 60
TOUR_SECONDS = 100
STOP_SECONDS = 30
ADDRESS = "http://127.0.0.1:8000"
TOKEN = "'the token that serve printed'"


@contextmanager
def served(folder: Path) -> Generator[dict[str, str]]:
    """What `enquiry serve` says of itself, on a free port, with engines and data of its own."""
    ready = folder / "ready.json"
    command = [sys.executable, "-m", "enquiry.cli", "serve", "--port", "0"]
    command += ["--data", str(folder / "data"), "--ready-file", str(ready)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            assert server.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.05)
        yield msgspec.json.decode(ready.read_bytes())
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


def test_the_tour_works_as_it_is_written(scratch: Path) -> None:
    source = "\n".join(tour.blocks((ROOT / "README.md").read_text()))
    assert source.count(ADDRESS) == source.count(TOKEN) == 1
    told = tour.steps(source)
    border = f"-- {uuid4()}"
    with served(scratch) as server:
        mine = [
            step.replace(ADDRESS, server["url"]).replace(TOKEN, f"'{server['token']}'")
            for step in told
        ]
        done = subprocess.run(
            ["bash"],
            cwd=scratch,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin", "TMPDIR": str(scratch), "LANG": "C.UTF-8"},
            input=tour.script(mine, border),
            capture_output=True,
            text=True,
            timeout=TOUR_SECONDS,
            check=False,
        )
    assert tour.differences(told, done.stdout, border) == [], done.stderr
    assert done.returncode == 0, done.stderr


def test_a_tour_that_prints_something_else_is_found() -> None:
    told = tour.steps("echo one; echo two 2\n# => one\n# => two …\necho three\n# => four\ntrue")
    printed = subprocess.run(
        ["bash"], input=tour.script(told, "--"), capture_output=True, text=True, check=True
    )
    [found] = tour.differences(told, printed.stdout, "--")
    assert "three" in found
    assert "four" in found


@pytest.mark.parametrize("extra", ["echo too much", "false", "exit 0"])
def test_a_tour_that_prints_more_or_stops_early_is_found(extra: str) -> None:
    told = tour.steps(f"echo one\n# => one\n{extra}\necho two\n# => two")
    printed = subprocess.run(
        ["bash"], input=tour.script(told, "--"), capture_output=True, text=True, check=False
    )
    assert len(tour.differences(told, printed.stdout, "--")) == 1


def test_the_tour_says_what_it_prints() -> None:
    told = tour.steps("\n".join(tour.blocks((ROOT / "README.md").read_text())))
    marks = list(itertools.chain.from_iterable(step.printed for step in told))
    for status in ("200", "201", "404", "409", "412", "422", "428"):
        assert status in marks
