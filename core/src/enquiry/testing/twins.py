"""P01 across processes: the same walks in two interpreters with different hash seeds.

Run as a module, it walks the method that its argument names and prints what happened, line by line.
"""

import importlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from enquiry.method.compiled import Compiled
from enquiry.testing.judge import Attempt, as_json
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.walker import Walker

SEEDS = ("1", "2")
WALKS_MAX = 6
SECONDS_MAX = 120


class Place(Struct, frozen=True):
    """Where a value can be imported from."""

    module: str
    file: str
    name: str


class Errand(Struct, frozen=True):
    """What the other process is to walk."""

    method: Place
    world: Place | None
    """``None``: that of the first start."""
    bodies: Place | None
    starts: tuple[Place, ...]
    walks: int
    moves: int
    seed: str
    path: tuple[str, ...]
    """Where modules are looked for."""


def place_of(value: Any) -> Place | None:
    """Where a value can be imported from by name; ``None``: nowhere."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is None or name == "__main__":
            continue
        for attribute, found in list(vars(module).items()):
            if found is value:
                return Place(name, str(file), attribute)
    return None


def found(place: Place) -> Any:
    """Import a value, by the module's name or, where it has none elsewhere, from its file."""
    try:
        module = importlib.import_module(place.module)
    except ImportError:
        spec = importlib.util.spec_from_file_location(place.module, place.file)
        if spec is None or spec.loader is None:
            raise
        module = importlib.util.module_from_spec(spec)
        sys.modules[place.module] = module
        spec.loader.exec_module(module)
    return getattr(module, place.name)


def compare(subject: Subject, findings: Findings) -> str | None:
    """Walk in two processes and compare; a reason where that cannot be done."""
    method, world = place_of(subject.method), place_of(subject.world)
    bodies = place_of(subject.bodies) if subject.bodies else None
    starts = tuple(place for start in subject.starts if (place := place_of(start)) is not None)
    missing = (subject.bodies and bodies is None) or len(starts) < len(subject.starts)
    if method is None or (world is None and not starts) or missing:
        return "the method, its world, bodies or starts have no name at the top of a module"
    errand = Errand(
        method,
        world,
        bodies,
        starts,
        min(subject.walks, WALKS_MAX),
        subject.moves,
        subject.seed,
        tuple(sys.path),
    )
    first, second = _told(errand)
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            says = f"with another hash seed, line {number} of the walk is {other[:200]}"
            findings.add("P01", one[:120], f"{says}: something iterates a set, or hashes a string.")
            return None
    if len(first) != len(second):
        findings.add("P01", "two processes", "with another hash seed, the walk has another length.")
    return None


def _told(errand: Errand) -> list[list[str]]:
    argument = msgspec.json.encode(errand).decode()
    running = [
        subprocess.Popen(  # noqa: S603 - this very module # nosec B603
            [sys.executable, "-m", "enquiry.testing.twins", argument],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed},
            text=True,
        )
        for seed in SEEDS
    ]
    told: list[list[str]] = []
    for process in running:
        out, error = process.communicate(timeout=SECONDS_MAX)
        if process.returncode != 0:
            raise RuntimeError(f"the walk in another process failed: {error[-2000:]}")
        told.append(out.splitlines())
    return told


def transcript(subject: Subject) -> Iterator[str]:
    """What happens on the walks, line by line: offers, bodies, facts, state."""
    walker = Walker(subject, Findings())
    for walk in walker.walks():
        for step in walk.steps:
            facts = step.decision.facts if step.decision is not None else ()
            recorded = [[f.kind, str(f.id), as_json(f.entry).decode(), _cast(f)] for f in facts]
            kind = step.move.kind if isinstance(step, Attempt) else "tick"
            yield json.dumps([walk.number, kind, recorded])
        yield json.dumps([walk.number, as_json(walk.end.live.state).decode()])


def _cast(fact: Any) -> dict[str, list[str]]:
    return {role: [str(person) for person in people] for role, people in fact.cast.items()}


def main(argument: str) -> None:
    """Walk, and tell."""
    errand = msgspec.json.decode(argument, type=Errand)
    sys.path[:] = [*dict.fromkeys((*errand.path, *sys.path))]
    method = found(errand.method)
    starts = tuple(found(start) for start in errand.starts)
    subject = Subject(
        method,
        Compiled(method),
        found(errand.world) if errand.world is not None else starts[0]().stream.world,
        found(errand.bodies) if errand.bodies is not None else {},
        errand.walks,
        errand.moves,
        errand.seed,
        starts=starts,
    )
    for line in transcript(subject):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1])


__all__ = ["compare", "found", "main", "place_of", "transcript"]
