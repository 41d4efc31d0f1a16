"""Starting: seconds until the server takes requests, its memory, the size of what is installed.

    python -m benchmarks.start [--repeats 3]

*New* makes the database and the log; *warm* starts over them again. Both are timed from the start
of the process to the ready file. Memory is the resident set of the Python process once it is ready
and has answered; PostgreSQL and NATS are counted apart. Aims: warm within 3 s, Python < 150 MiB.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
START_SECONDS = 60


def _resident_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    direct = [int(child) for task in tasks for child in task.read_text().split()]
    return direct + [below for child in direct for below in _children(child)]


def _once(data: Path) -> dict[str, float]:
    ready = data.parent / "ready.json"
    ready.unlink(missing_ok=True)
    began = time.perf_counter()
    command = ["-m", "enquiry.cli", "serve", "--port", "0", "--data", data, "--ready-file", ready]
    process = subprocess.Popen(
        [sys.executable, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not ready.exists():
            if process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)
        seconds = time.perf_counter() - began
        url = json.loads(ready.read_bytes())["url"]
        urllib.request.urlopen(f"{url}/readyz", timeout=10).read()
        memory = _resident_mib(process.pid)
        engines = sum(_resident_mib(child) for child in _children(process.pid))
    finally:
        stopping = time.perf_counter()
        process.terminate()
        process.wait(30)
    stop = time.perf_counter() - stopping
    return {"seconds": seconds, "python": memory, "engines": engines, "stop": stop}


def _installed_mib() -> float:
    files = (path for path in Path(sys.prefix).rglob("*") if path.is_file())
    return sum(path.lstat().st_size for path in files if not path.is_symlink()) / MIB


def main(argv: list[str]) -> dict[str, Any]:
    """Measure."""
    parser = argparse.ArgumentParser(prog="benchmarks.start")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(argv)
    new: list[dict[str, float]] = []
    warm: list[dict[str, float]] = []
    for _ in range(options.repeats):
        with tempfile.TemporaryDirectory(prefix="start", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)
            new.append(_once(Path(folder) / "data"))
            warm.append(_once(Path(folder) / "data"))
    every = new + warm
    return {
        "new_ready_s": statistics.median(run["seconds"] for run in new),
        "warm_ready_s": statistics.median(run["seconds"] for run in warm),
        "stop_s": statistics.median(run["stop"] for run in every),
        "python_resident_mib": statistics.median(run["python"] for run in every),
        "engines_resident_mib": statistics.median(run["engines"] for run in every),
        "installed_mib": _installed_mib(),
    }


if __name__ == "__main__":
    for name, value in main(sys.argv[1:]).items():
        print(f"{name:24} {value:,.2f}")
