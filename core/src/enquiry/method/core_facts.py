"""The facts that core records in every stream, whatever its method."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from enquiry.method.codes import Audience, Severity
from enquiry.method.entry import Entry
from enquiry.method.fields import ask, plain, text

_NAME = "a name out of the method's definition"


class Opened(Entry, records="opened"):
    """The stream was opened under this method, and stays with it"""

    method: Annotated[str, plain("Method", because=_NAME)]
    method_version: int
    digest: Annotated[str, plain("Digest of the method's shape", because="a digest")]
    options: Mapping[str, Any] = {}


class StageEntered(Entry, records="stage-entered"):
    """A stage was entered"""

    stage: Annotated[str, plain("Stage", because=_NAME)]


class TrackEntered(Entry, records="track-entered"):
    """One of several parallel things (a visit, a round) moved on"""

    stage: Annotated[str, plain("Stage", because=_NAME)]
    key: Annotated[str, plain("Which one", because="a number or an id")]


class WarningRaised(Entry, records="warning-raised"):
    """Something deserves a second look"""

    code: Annotated[str, plain("Code", because="a code of the catalogue")]
    about: Annotated[str, plain("About what", because="an id or a number")] | None = None
    severity: Severity
    audience: Audience
    person: UUID | None = None
    school: UUID | None = None
    params: Mapping[str, Any] = {}
    rule: Annotated[str, plain("Raised by which move or watch", because=_NAME)] | None = None


class WarningResolved(Entry, records="warning-resolved"):
    """What the warning said no longer holds"""

    warning: UUID


class WarningAcknowledged(Entry, records="warning-acknowledged"):
    """Acknowledge a warning, saying what you make of it"""

    warning: Annotated[UUID, ask("Which warning?", address=True)]
    note: Annotated[str, text("What do you make of it?", upto=2000, lines=3)]


class KeptNoLonger(Entry, records="kept-no-longer"):
    """The time for which something is kept ran out: nobody can read it any more"""

    what: Annotated[str, plain("Which kind of text", because="a kind of key, the same for all")]


class Destroying(StrEnum):
    """Why a data key is destroyed."""

    REQUESTED = "requested"
    """The person asked for it, and it was granted."""
    KEPT_NO_LONGER = "kept_no_longer"
    """The time for which it was kept ran out."""
    AGAIN = "again"
    """It was destroyed before, and a restored database had brought it back."""


class KeyDestroyed(Entry, records="key-destroyed"):
    """A key was destroyed: what was sealed with it can never be read again"""

    key: UUID
    what: Annotated[str, plain("Which kind of text", because="a kind of key, the same for all")]
    why: Destroying


CORE = {
    f"core/{fact.__records__}": fact
    for fact in (
        Opened,
        StageEntered,
        TrackEntered,
        WarningRaised,
        WarningResolved,
        WarningAcknowledged,
        KeptNoLonger,
        KeyDestroyed,
    )
}
"""Core's facts by their permanent names."""
