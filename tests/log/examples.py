"""Appends as a test would write them: one school's walk, its notes, its people."""

import asyncio
import hashlib
from collections.abc import Mapping
from itertools import count
from uuid import UUID, uuid4, uuid5

from enquiry.log.promise import (
    Append,
    Appended,
    Log,
    NewEvent,
    SealedValue,
    WrappedKey,
)

HILLSIDE = UUID("00000000-0000-4000-8000-00000000a111")
RIVERBANK = UUID("00000000-0000-4000-8000-00000000b222")
NOTED = "learning-walk/note-recorded"
MONDAY = 1_767_600_000_000_000
"""Microseconds since 1970: a Monday in January 2026."""

_bodies = count(1)


def event(stream: UUID, revision: int, *sealed: SealedValue, kind: str = NOTED) -> NewEvent:
    body = b'{"note":%d}' % next(_bodies)
    return NewEvent(stream, revision, uuid4(), kind, body, sealed)


def notes(
    stream: UUID,
    after: int = 0,
    number: int = 1,
    *,
    alliance: UUID = HILLSIDE,
    also_read: Mapping[UUID, int] | None = None,
    at: int = MONDAY,
    key: bytes | None = None,
    fingerprint: bytes = b"",
) -> Append:
    """So many notes at the end of a stream that is at revision ``after``."""
    return Append(
        alliance=alliance,
        events=tuple(event(stream, after + 1 + n) for n in range(number)),
        expected={stream: after, **(also_read or {})},
        recorded_at=at,
        key=key,
        fingerprint=fingerprint,
    )


def data_key(stream: UUID, subject: UUID | None = None, kind: str = "contribution") -> WrappedKey:
    id_ = uuid4()
    commitment = hashlib.sha256(id_.bytes).digest()
    return WrappedKey(id_, stream, subject or uuid4(), kind, b"wrapped " + id_.bytes, commitment)


def sealed_note(
    stream: UUID, after: int, key: WrappedKey, *texts: bytes, new: bool, alliance: UUID = HILLSIDE
) -> Append:
    """One note whose texts are sealed under a key, which is brought along if it is new."""
    values = (SealedValue(slot, key.id, text) for slot, text in enumerate(texts))
    return Append(
        alliance=alliance,
        events=(event(stream, after + 1, *values),),
        expected={stream: after},
        recorded_at=MONDAY,
        keys=(key,) if new else (),
    )


def stream_of(name: str) -> UUID:
    """The same stream for the same name."""
    return uuid5(HILLSIDE, name)


async def outcomes(log: Log, *appends: Append) -> list[Appended | BaseException]:
    """What each of several appends came to that were offered at the same time, in this order."""
    return await asyncio.gather(*map(log.append, appends), return_exceptions=True)
