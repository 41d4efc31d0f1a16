"""A stream folded: what every method has in common, and the method's own state."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from enquiry.method import core_facts as core
from enquiry.method.codes import Audience, Severity
from enquiry.method.entry import Entry, State, Was
from enquiry.method.method import Method, Recorded
from enquiry.method.texts import MARK

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARK_START = b'"' + MARK.encode()


class Envelope(Struct, frozen=True, omit_defaults=True):
    """What is stored of an event besides its name: exactly these bytes are hashed and proved."""

    by: UUID
    data: Raw
    act: UUID
    """Id of the command that brought it about; its events share it."""
    stream: UUID | None = None
    revision: int = 0
    """Where it stands: with the body, the leaf proves that it was not moved to another stream."""
    version: int = 1
    acting_for: UUID | None = None
    occurred_at: datetime | None = None
    cast: Mapping[str, tuple[UUID, ...]] = {}
    about: str | None = None
    lang: str = ""
    words: str = ""
    """Version of the word lists that judged its texts."""
    keys: Mapping[str, str] = {}
    """Commitments of the data keys that it is the first to use, by key id."""
    salt: bytes = b""
    """16 random bytes, so that a short body cannot be guessed from its digest."""
    track: str | None = None
    """Which of the parallel things (visit, round) it belongs to."""


class _Folded(Struct, frozen=True):
    """The part of an envelope that folding needs. Names and meaning are those of ``Envelope``."""

    by: UUID
    data: Raw
    version: int = 1
    acting_for: UUID | None = None
    cast: Raw = Raw(b"{}")
    """Not read unless it is asked for: in a large group it is most of what is stored."""
    about: str | None = None
    track: str | None = None


class Stored(Struct, frozen=True):
    """The part of a stored event that folding needs (any object with these attributes serves)."""

    position: int
    stream: UUID
    alliance: UUID
    revision: int
    id: UUID
    kind: str
    body: bytes
    recorded_at: int


class Raised(Struct, frozen=True):
    """A warning as it stands."""

    id: UUID
    code: str
    about: str
    severity: Severity
    audience: Audience
    person: UUID | None
    school: UUID | None
    params: Mapping[str, Any]
    raised_at: datetime
    raised_by: UUID
    cast: Mapping[str, tuple[UUID, ...]]
    state: str = "open"
    ack_by: UUID | None = None
    ack_note: str | None = None
    rule: str = ""
    """The move that remarked it, or ``watch`` for a standing condition."""

    @property
    def standing(self) -> bool:
        """Neither resolved nor replaced: still to be seen."""
        return self.state != "resolved"

    @property
    def identity(self) -> tuple[str, str, UUID | None]:
        """What makes a warning raised later the same one."""
        return self.code, self.about, self.person


class Live(Struct, frozen=True):
    """A stream, folded up to ``revision``."""

    stream: UUID
    alliance: UUID
    method: str
    version: int
    state: State
    revision: int = 0
    position: int = 0
    stage: str = ""
    tracks: Mapping[str, str] = {}
    """Stage of each thing in a track, by its key."""
    entered: tuple[tuple[int, str], ...] = ()
    """Every stage entered, with the revision at which it was."""
    touched: Mapping[str, int] = {}
    """Revision at which each object was last decided on."""
    warnings: Mapping[UUID, Raised] = {}
    standing: Mapping[UUID, Raised] = {}
    """Those of the warnings that still stand: most of what a long stream remarked is resolved."""
    opened_at: datetime = _EPOCH
    opened_by: UUID | None = None
    updated_at: datetime = _EPOCH
    acted_at: datetime | None = None
    """When somebody last recorded something of the method's own; remarks and stages are core's."""
    options: Mapping[str, Any] = {}
    lapsed: frozenset[str] = frozenset()
    """Kinds of text whose time has run out here: whatever is sealed under one goes at once."""

    def but(self, **changes: Any) -> "Live":
        """The same, but for these fields."""
        return msgspec.structs.replace(self, **changes)


_envelope = msgspec.json.Decoder(Envelope)
_folded = msgspec.json.Decoder(_Folded)
_cast = msgspec.json.Decoder(Mapping[str, tuple[UUID, ...]])
CASTS_KEPT = 64
"""Casts that are remembered: a group is the same in fact after fact."""
_Upcast = Callable[[dict[str, Any]], dict[str, Any]]


def instant(micros: int) -> datetime:
    """Microseconds since 1970 as a UTC instant."""
    return _EPOCH + timedelta(microseconds=micros)


def micros(at: datetime) -> int:
    """A UTC instant as microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


class Facts:
    """Decodes the facts of one method: by permanent name, through its upcasts."""

    def __init__(self, method: Method) -> None:
        """Prepare a decoder for every fact that may stand in a stream of this method."""
        self._types: dict[str, type[Entry]] = {**core.CORE, **method.facts}
        self._decoders = {kind: msgspec.json.Decoder(fact) for kind, fact in self._types.items()}
        self._upcasts = method.upcasts

    def decode(self, stored: Any, envelope: Envelope | _Folded) -> Entry | None:
        """The fact, its texts as references; ``None`` where its name is unknown here."""
        decoder = self._decoders.get(stored.kind)
        if decoder is None:
            return None
        data = bytes(envelope.data)
        if _MARK_START in data:
            data = data.replace(_MARK_START, _MARK_START + b"%d." % stored.position)
        fact = self._types[stored.kind]
        if envelope.version < fact.__version__:
            return msgspec.convert(self._lift(stored.kind, envelope.version, data), fact)
        return decoder.decode(data)

    def _lift(self, kind: str, version: int, data: bytes) -> dict[str, Any]:
        value: dict[str, Any] = msgspec.json.decode(data)
        while (step := self._upcasts.get((kind, version))) is not None:
            value = step(value)
            version += 1
        return value

    def recorded(self, stored: Any) -> Recorded | None:
        """The fact with who, when and the cast of the moment, for rules of visibility."""
        envelope = _folded.decode(stored.body)
        entry = self.decode(stored, envelope)
        if entry is None:
            return None
        was = _was(stored, envelope)
        cast = _cast_of(bytes(envelope.cast))
        return Recorded(stored.kind, entry, was, cast, envelope.track, envelope.version)


def envelope_of(body: bytes) -> Envelope:
    """Decode what is stored."""
    return _envelope.decode(body)


@lru_cache(maxsize=CASTS_KEPT)
def _cast_of(raw: bytes) -> Mapping[str, tuple[UUID, ...]]:
    """Who held which role, decoded once for all facts that say the same of it."""
    return _cast.decode(raw)


def _was(stored: Any, envelope: _Folded) -> Was:
    return Was(
        stored.id,
        stored.revision,
        instant(stored.recorded_at),
        envelope.by,
        envelope.acting_for,
    )


def evolve(facts: Facts, live: Live, stored: Any) -> Live:
    """The stream after one more event. Total and pure: a name unknown here changes nothing."""
    envelope = _folded.decode(stored.body)
    entry = facts.decode(stored, envelope)
    was = _was(stored, envelope)
    changes: dict[str, Any] = {
        "revision": stored.revision,
        "position": stored.position,
        "updated_at": was.at,
    }
    if envelope.about:
        changes["touched"] = {**live.touched, envelope.about: stored.revision}
    if stored.kind.startswith("core/"):
        # Of core's own facts only warnings remember who was there.
        raised = isinstance(entry, core.WarningRaised)
        cast = _cast_of(bytes(envelope.cast) if raised else b"{}")
        changes |= apply_core(live, entry, was, cast)
    elif entry is not None:
        changes["state"] = entry.apply(live.state, was)
        changes["acted_at"] = was.at
    return msgspec.structs.replace(live, **changes)


def apply_core(
    live: Live, entry: Entry | None, was: Was, cast: Mapping[str, tuple[UUID, ...]]
) -> dict[str, Any]:
    """What one of core's own facts changes in the stream."""
    match entry:
        case core.KeptNoLonger():
            return {"lapsed": live.lapsed | {entry.what}}
        case core.Opened():
            return {"opened_at": was.at, "opened_by": was.by, "options": entry.options}
        case core.StageEntered():
            return {
                "stage": entry.stage,
                "entered": (*live.entered, (was.revision, entry.stage)),
            }
        case core.TrackEntered():
            return {
                "tracks": {**live.tracks, entry.key: entry.stage},
                "entered": (*live.entered, (was.revision, f"{entry.stage}:{entry.key}")),
            }
        case core.WarningRaised():
            raised = Raised(
                was.id,
                entry.code,
                entry.about or "",
                entry.severity,
                entry.audience,
                entry.person,
                entry.school,
                entry.params,
                was.at,
                was.by,
                cast,
                rule=entry.rule or "",
            )
            return _with(live, raised)
        case core.WarningResolved():
            return _changed(live, entry.warning, state="resolved")
        case core.WarningAcknowledged():
            return _changed(
                live, entry.warning, state="acknowledged", ack_by=was.by, ack_note=entry.note
            )
        case _:
            return {}


def _changed(live: Live, warning: UUID, **changes: Any) -> dict[str, Any]:
    known = live.warnings.get(warning)
    if known is None:
        return {}
    return _with(live, msgspec.structs.replace(known, **changes))


def _with(live: Live, warning: Raised) -> dict[str, Any]:
    standing = {**live.standing, warning.id: warning}
    if not warning.standing:
        del standing[warning.id]
    return {"warnings": {**live.warnings, warning.id: warning}, "standing": standing}
