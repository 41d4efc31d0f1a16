"""Fold exported events again, and say what came of it: a digest of the state of each stream.

State holds no personal value, so that the digest stays the same whatever is erased.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import msgspec

from enquiry.method.compiled import Compiled
from enquiry.method.live import Live, envelope_of, evolve

OPENED = "core/opened"
Find = Callable[[str, int], Compiled | None]
"""A method by id and version, if it is installed."""


class Event(Protocol):
    """What folding needs of an event; `enquiry.log.promise.StoredEvent` has it."""

    @property
    def position(self) -> int: ...  # noqa: D102 - as in the log
    @property
    def stream(self) -> UUID: ...  # noqa: D102
    @property
    def alliance(self) -> UUID: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> bytes: ...  # noqa: D102
    @property
    def recorded_at(self) -> int: ...  # noqa: D102


class _Opened(msgspec.Struct, frozen=True):
    method: str
    method_version: int


class Told(msgspec.Struct, frozen=True):
    """What came of one stream."""

    stream: UUID
    method: str
    version: int
    revision: int
    state: str
    """SHA-256 of the folded state as JSON, hexadecimal."""


class Replay:
    """Folds streams, event after event, in the order of the log."""

    def __init__(self, find: Find) -> None:
        """Fold with the methods that ``find`` finds."""
        self._find = find
        self._lives: dict[UUID, tuple[Compiled, Live]] = {}
        self.unfolded: dict[UUID, str] = {}
        """Streams that could not be folded, and why."""

    def take(self, events: Iterable[Event]) -> None:
        """Fold these events in."""
        for event in events:
            if event.stream in self.unfolded:
                continue
            try:
                self._take(event)
            except Exception as error:  # noqa: BLE001 - whatever a body that was changed raises
                self._lives.pop(event.stream, None)
                self.unfolded[event.stream] = f"{event.kind}: {type(error).__name__}"

    def _take(self, event: Event) -> None:
        known = self._lives.get(event.stream)
        if known is None:
            if event.kind != OPENED:
                self.unfolded[event.stream] = "does not begin with its opening"
                return
            opened = msgspec.json.decode(bytes(envelope_of(event.body).data), type=_Opened)
            compiled = self._find(opened.method, opened.method_version)
            if compiled is None:
                why = f"{opened.method}@{opened.method_version} is not installed"
                self.unfolded[event.stream] = why
                return
            known = compiled, compiled.blank(event.stream, event.alliance)
        compiled, live = known
        if event.revision != live.revision + 1:
            raise LookupError
        self._lives[event.stream] = compiled, evolve(compiled.facts, live, event)

    def told(self) -> list[Told]:
        """What came of every stream that could be folded, by id."""
        return [
            Told(stream, live.method, live.version, live.revision, state_digest(live))
            for stream, (_, live) in sorted(self._lives.items())
        ]

    def lines(self) -> bytes:
        """The same as JSON, a line each."""
        return b"".join(msgspec.json.encode(told) + b"\n" for told in self.told())


def state_digest(live: Live) -> str:
    """SHA-256 of a folded stream, hexadecimal; the same whatever order its parts were made in."""
    plain: Any = msgspec.to_builtins(live)
    return sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()
