"""Golden histories: streams of released versions, kept as files, that must replay for ever.

A file of JSON lines. The first says which method, version and end; each other one is a stored
event, its body exactly as it was. Texts are not in it, only the references in their place.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from enquiry.method.compiled import Compiled
from enquiry.method.live import Live, Stored, evolve
from enquiry.testing.subject import Findings

FOLDER = "histories"


class Head(Struct, frozen=True):
    """How a history ends."""

    method: str
    version: int
    digest: str
    stage: str
    tracks: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
    """Codes of the warnings that stand at the end."""


class Line(Struct, frozen=True):
    """A stored event."""

    position: int
    stream: UUID
    alliance: UUID
    revision: int
    id: UUID
    kind: str
    recorded_at: int
    body: Raw


def written(compiled: Compiled, events: Sequence[Stored]) -> bytes:
    """A history as the bytes of its file."""
    live = _folded(compiled, list(events))
    lines = [msgspec.json.encode(_head(compiled, live))]
    for event in events:
        line = Line(
            event.position,
            event.stream,
            event.alliance,
            event.revision,
            event.id,
            event.kind,
            event.recorded_at,
            Raw(event.body),
        )
        lines.append(msgspec.json.encode(line))
    return b"\n".join(lines) + b"\n"


def read(text: bytes) -> tuple[Head, list[Stored]]:
    """A history from the bytes of its file.

    Raises:
        msgspec.ValidationError: it is no history.
    """
    first, *rest = text.splitlines()
    events = [_event(msgspec.json.decode(line, type=Line)) for line in rest if line.strip()]
    return msgspec.json.decode(first, type=Head), events


def replay(compiled: Compiled, folder: Path, findings: Findings) -> int:
    """P12: every history of this method in the folder replays; how many there are.

    One of another version must still be understood, event by event; where it ends is compared only
    for the version that it was written by.
    """
    count = 0
    for file in sorted(folder.glob("*.jsonl")):
        try:
            head, events = read(file.read_bytes())
        except (msgspec.MsgspecError, ValueError) as error:
            findings.add("P12", file.name, f"it cannot be read: {error}")
            continue
        if head.method == compiled.method.id:
            count += 1
            _replay(compiled, head, events, file.name, findings)
    return count


def _replay(
    compiled: Compiled, head: Head, events: list[Stored], where: str, findings: Findings
) -> None:
    for kind in _unknown(compiled, events):
        findings.add("P12", where, f"{kind} is not known any more.")
    try:
        live = _folded(compiled, events)
    except Exception as error:  # noqa: BLE001 - whatever folding raises
        findings.add("P12", where, f"it does not fold: {type(error).__name__}: {error}")
        return
    if head.version != compiled.method.version:
        return
    now = _head(compiled, live)
    for name in ("stage", "tracks", "warnings"):
        was, became = getattr(head, name), getattr(now, name)
        if was != became:
            findings.add("P12", where, f"its {name} at the end was {was} and is now {became}.")


def _unknown(compiled: Compiled, events: Sequence[Stored]) -> Iterator[str]:
    known = compiled.method.facts
    for kind in dict.fromkeys(event.kind for event in events):
        if kind not in known and not kind.startswith("core/"):
            yield kind


def _folded(compiled: Compiled, events: list[Stored]) -> Live:
    first = events[0]
    live = compiled.blank(first.stream, first.alliance)
    for event in events:
        live = evolve(compiled.facts, live, event)
    return live


def _head(compiled: Compiled, live: Live) -> Head:
    standing = sorted(w.code for w in live.warnings.values() if w.standing)
    method = compiled.method
    return Head(
        method.id, method.version, compiled.digest, live.stage, dict(live.tracks), tuple(standing)
    )


def _event(line: Line) -> Stored:
    return Stored(
        line.position,
        line.stream,
        line.alliance,
        line.revision,
        line.id,
        line.kind,
        bytes(line.body),
        line.recorded_at,
    )
