"""What is asked of the system, and what it answers: values that the HTTP edge passes through."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.method.available import Action
from enquiry.method.rules import Preconditioned


class Asker(Struct, frozen=True):
    """Somebody with a valid token. What they may do follows from the log, not from the token."""

    person: UUID
    operator: bool = False
    """Runs the platform: may open alliances and mint local tokens, and reads no content."""
    within: UUID | None = None
    """The one alliance beyond which a machine finds nothing; ``None``: it is a person."""


class Command(Struct, frozen=True, kw_only=True):
    """Something that is to be done, as it was sent."""

    asker: Asker
    method: str
    kind: str
    body: bytes
    """The raw JSON object."""
    key: str
    """Idempotency key, 1 to 255 characters; unique per person."""
    now: datetime
    stream: UUID | None = None
    """``None`` for a move that opens a stream."""
    alliance: UUID | None = None
    """Where a new run or enquiry belongs; ``None`` for a new alliance."""
    if_match: int | None = None
    """Revision that a decision was based on."""
    acting_for: UUID | None = None
    occurred_at: datetime | None = None
    lang: str = "en"


class EventRef(Struct, frozen=True):
    """A recorded fact, by name and number; no content."""

    id: UUID
    kind: str
    revision: int
    position: int


class WarningShown(Struct, frozen=True):
    """A warning as one viewer may see it."""

    id: UUID
    code: str
    severity: str
    audience: str
    about: str
    params: Mapping[str, Any]
    raised_at: datetime
    state: str
    ack_note: Any = None


class Accepted(Struct, frozen=True, kw_only=True):
    """What an accepted command did, as its actor may see it."""

    act: UUID
    """Id of the act; also the id of what it brought into being."""
    stream: UUID
    alliance: UUID
    revision: int
    position: int
    """Position of the last event it recorded; a read may ask for at least this, to see the act."""
    recorded_at: datetime
    events: tuple[EventRef, ...]
    """Facts in the command's own stream that the actor may see."""
    warnings: tuple[WarningShown, ...]
    """Warnings this command raised, as far as they are addressed to the actor."""


class Outcome(Accepted, frozen=True, kw_only=True):
    """What a command did, now or when it was sent before."""

    replayed: bool = False


class ViewRef(Struct, frozen=True):
    """A read model that this viewer may ask for."""

    name: str
    title: str


class Summary(Struct, frozen=True, kw_only=True):
    """A stream in a list."""

    id: UUID
    alliance: UUID
    stream: str
    """run, enquiry, alliance or calendar."""
    method: str
    version: int
    title: Any
    """Text, or a placeholder where it was erased; ``None`` if the viewer may not read it."""
    stage: str
    revision: int
    position: int
    updated_at: datetime


class Standing(Summary, frozen=True, kw_only=True):
    """A stream as it stands for one viewer, but for what can be done and where it is looked at."""

    tracks: Mapping[str, str]
    opened_at: datetime
    roles: tuple[str, ...]
    """Roles that the viewer holds here now."""
    warnings: tuple[WarningShown, ...]
    dormant: bool = False
    """Its method is not installed or was quarantined: it can be read, and nothing can be done."""


class Representation(Standing, frozen=True, kw_only=True):
    """A stream as one viewer may see it."""

    actions: tuple[Action, ...]
    views: tuple[ViewRef, ...]


class HistoryItem(Struct, frozen=True, kw_only=True):
    """A recorded fact as one viewer may see it."""

    id: UUID
    kind: str
    version: int
    revision: int
    position: int
    recorded_at: datetime
    by: UUID | None
    """``None`` where the author is hidden from this viewer."""
    acting_for: UUID | None
    data: Mapping[str, Any]
    """Fields the viewer may see, texts opened; an erased text is a placeholder object."""


class Page(Struct, frozen=True):
    """Part of a list."""

    items: tuple[Any, ...]
    next: str | None
    """Opaque cursor of the next part; ``None`` at the end."""


class InboxItem(Struct, frozen=True, kw_only=True):
    """What one person can do now in one stream."""

    run: Summary
    actions: tuple[Action, ...]
    warnings: tuple[WarningShown, ...]


class Change(Struct, frozen=True):
    """A notice that something the viewer can see has changed. References only."""

    position: int
    stream: UUID
    kind: str
    """run, enquiry or alliance: which kind of stream to read again."""
    revision: int


class Reset(Struct, frozen=True):
    """The reader's place is unknown: read everything again, then follow from ``position``."""

    position: int


class Behind(Exception):
    """The views have not reached the position that was asked for within the time allowed."""


__all__ = [
    "Asker",
    "Behind",
    "Change",
    "Command",
    "EventRef",
    "HistoryItem",
    "InboxItem",
    "Outcome",
    "Page",
    "Preconditioned",
    "Representation",
    "Reset",
    "Summary",
    "ViewRef",
    "WarningShown",
]
