"""The leaf of an event: the fixed binary entry that is hashed into its alliance's tree.

The same is computed in SQL when an event is stored (``leaf_v1``); a test holds both equal. The
body is hashed as it is stored: its digest needs no tag of its own, since it stands at one fixed
place of an entry that has one.
"""

from collections.abc import Iterable
from hashlib import sha256
from struct import Struct as Layout

from enquiry.log.promise import SealedValue, StoredEvent

TAG = b"EQL1"
SEAL_BYTES = 50
KIND_BYTES_MAX = 255
"""The length of a kind is one byte of the entry."""

_NUMBERS = Layout(">QQQ")
_SLOT = Layout(">H")


def seals(values: Iterable[SealedValue]) -> bytes:
    """What the entry says of sealed values: slot 2, key 16, SHA-256 of the ciphertext 32 bytes."""
    return b"".join(
        _SLOT.pack(value.slot) + value.key.bytes + sha256(value.ciphertext).digest()
        for value in values
    )


def entry(event: StoredEvent) -> bytes:
    """The bytes that are hashed; all integers big-endian.

    Tag 4, alliance 16, sequence 8, position 8, recorded_at 8, event id 16, kind with one byte of
    length before it, SHA-256 of the body 32, number of sealed values 2, the seals.
    """
    kind = event.kind.encode("ascii")
    return b"".join(
        (
            TAG,
            event.alliance.bytes,
            _NUMBERS.pack(event.sequence, event.position, event.recorded_at),
            event.id.bytes,
            bytes((len(kind),)),
            kind,
            sha256(event.body).digest(),
            _SLOT.pack(len(event.seals) // SEAL_BYTES),
            event.seals,
        )
    )


def leaf(event: StoredEvent) -> bytes:
    """Leaf hash of an event (RFC 6962): SHA-256 over a zero byte and the entry, 32 bytes."""
    return sha256(b"\x00" + entry(event)).digest()
