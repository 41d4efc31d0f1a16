"""What is published of an event: where to find it, never what it says."""

import re
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel.safeguarding.concern import is_of_concerns
from enquiry.log.promise import StoredEvent

SUBJECTS = "enquiry.v1"
"""Every subject begins with this; a change of meaning would need another number."""


class Reference(Struct, frozen=True):
    """A reference to one event, as it travels (JSON)."""

    position: int
    alliance: UUID
    stream: UUID
    revision: int
    kind: str
    """Its permanent name."""
    event: UUID


_decoder = msgspec.json.Decoder(Reference)
WITHHELD = "core/withheld"
"""Stands for an event of which nobody may learn by listening."""
_NOBODY = UUID(int=0)
_UNSAFE = re.compile(rb"[^A-Za-z0-9-]")


def reference_to(event: StoredEvent) -> Reference:
    """The reference to a stored event."""
    # Positions have no gaps, so that the place of a concern is taken by what says nothing.
    if is_of_concerns(event.kind, event.body):
        return Reference(event.position, _NOBODY, _NOBODY, 0, WITHHELD, _NOBODY)
    return Reference(
        event.position, event.alliance, event.stream, event.revision, event.kind, event.id
    )


def encoded(reference: Reference) -> bytes:
    """The bytes that are published."""
    return msgspec.json.encode(reference)


def decoded(data: bytes) -> Reference | None:
    """What was published; ``None`` where it is nothing of ours."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def subjects_of(log: UUID) -> str:
    """The subjects of every event of one log.

    The log's id stands in each, so that several logs (production, a copy for tests) can share a
    server. One alliance, whatever its log: ``enquiry.v1.*.<alliance>.>``.
    """
    return f"{SUBJECTS}.{log.hex}.>"


def subject_of(log: UUID, reference: Reference) -> str:
    """``enquiry.v1.<log>.<alliance>.<stream>.<method>.<fact>``; ids as 32 hexadecimal digits."""
    method, _, fact = reference.kind.partition("/")
    place = f"{log.hex}.{reference.alliance.hex}.{reference.stream.hex}"
    return f"{SUBJECTS}.{place}.{token(method)}.{token(fact)}"


def token(name: str) -> str:
    """A name as one token of a subject: what could be taken for syntax becomes ``_`` and hex.

    Different names stay different; an empty one becomes ``_``.
    """
    safe = _UNSAFE.sub(lambda found: b"_%02x" % found.group()[0], name.encode())
    return safe.decode() or "_"
