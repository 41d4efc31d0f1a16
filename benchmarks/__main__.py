"""Run the benchmarks in turn: ``python3 run.py bench [NAME ...] [--json FILE] [-- ARGUMENT ...]``.

A benchmark is a file of this folder with ``def main(argv: list[str]) -> dict``: it gets what stands
after ``--``, and returns its figures by name, with the unit in the name (``append_p99_ms``).
"""

import argparse
import importlib
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def main(arguments: Sequence[str]) -> int:
    """Run what is named, or everything; returns 1 when a benchmark failed."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="run.py bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(benchmarks())}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments[:cut])
    unknown = sorted(set(options.names) - set(benchmarks()))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    figures: dict[str, Any] = {"machine": machine()}
    show("machine", figures["machine"])
    failed: list[str] = []
    for name in options.names or benchmarks():
        try:
            figures[name] = run(name, list(arguments[cut + 1 :]))
        except Exception:  # noqa: BLE001 - one that fails does not keep the others from running
            traceback.print_exc()
            failed.append(name)
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def benchmarks() -> list[str]:
    """Names of all benchmarks, in alphabetical order."""
    files = Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def run(name: str, arguments: list[str]) -> dict[str, Any]:
    """Run one benchmark and show its figures."""
    began = time.monotonic()
    figures: dict[str, Any] = importlib.import_module(f"benchmarks.{name}").main(arguments)
    show(f"{name} ({time.monotonic() - began:.0f} s)", figures)
    return figures


def show(title: str, figures: dict[str, Any]) -> None:
    """Print figures, one a line."""
    print(f"-- {title}")
    width = max((len(key) for key in figures), default=0)
    for key, value in figures.items():
        text = f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
        print(f"{key:{width}}  {text}", flush=True)


def machine() -> dict[str, Any]:
    """What the figures were measured on; they mean nothing without it."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
