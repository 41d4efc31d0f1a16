"""Sealing of one personal value. Pure functions over bytes: no cache, no storage, no policy.

A sealed value is ``algorithm (1) | nonce (12) | ciphertext (n * STEP_BYTES) | tag (16)``. The only
algorithm so far is AES-256-GCM with a random nonce. That is safe for 2**32 values under one key; a
key belongs to one person and one kind of value in one stream, so the count stays tiny. Nonces come
from the kernel, so a forked process cannot repeat those of its parent.

What a value is *about* is bound to it as associated data. Moved to another event, slot, field or
person, it no longer opens.
"""

import os
import struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

AES_256_GCM = 1
KEY_BYTES = 32
NONCE_BYTES = 12
STEP_BYTES = 256
"""Texts are padded to a multiple of this, because a length still tells something after erasure."""

_LEAST_BYTES = 1 + NONCE_BYTES + STEP_BYTES + 16
_BOUND = struct.Struct(">4sB16s16s16s16s16sHIHH")


class NotAuthentic(Exception):
    """Altered, moved to another place, or presented with another key: which one cannot be told."""


class NotText(ValueError):
    """The text holds a lone surrogate and has no bytes. The message never quotes the text."""


class DataKey:
    """A key that seals values. Keeps no readable copy of its bytes: none can be printed."""

    __slots__ = ("cipher", "id")

    def __init__(self, key: UUID, secret: bytes) -> None:
        """Take ``KEY_BYTES`` secret bytes; ``ValueError`` if they are fewer or more."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(secret)}")
        self.id = key
        self.cipher = AESGCM(secret)

    def __repr__(self) -> str:
        """Name the key, and no more."""
        return f"DataKey({self.id})"


class Envelope(Struct, frozen=True):
    """The event in which personal values are recorded."""

    alliance: UUID
    stream: UUID
    event: UUID
    kind: str
    """Permanent name of the event; at most 65,535 bytes."""
    schema: int
    """Version in which the event was recorded, 0 to 2**32 - 1: not the one it was upcast to."""


class Context(Struct, frozen=True):
    """Where a sealed value belongs. All of it is bound to the value."""

    envelope: Envelope
    slot: int
    """Number of the value within its event, 0 to 32,767."""
    path: str
    """The field, as it was called in the schema in which the event was recorded."""
    subject: UUID
    kind: str
    """Kind of personal value, such as ``contribution``; at most 65,535 bytes."""


def seal(key: DataKey, text: str, context: Context) -> bytes:
    """Encrypt a text so that it opens only in its own place.

    Raises:
        NotText: the text holds a lone surrogate.
        struct.error: a number or name of the context is out of its bounds.
    """
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = key.cipher.encrypt(nonce, _padded(text), _bound(key, context))
    return bytes((AES_256_GCM,)) + nonce + ciphertext


def unseal(key: DataKey, sealed: bytes, context: Context) -> str:
    """Decrypt what ``seal`` made with the same key and the same context.

    Raises:
        NotAuthentic: the bytes, the key or any part of the context is another.
    """
    if len(sealed) < _LEAST_BYTES or sealed[0] != AES_256_GCM:
        raise NotAuthentic
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        padded = key.cipher.decrypt(nonce, ciphertext, _bound(key, context))
    except InvalidTag:
        raise NotAuthentic from None
    return _unpadded(padded)


def commitment(secret: bytes, key: UUID) -> bytes:
    """32 bytes that bind a key's id to its bytes and tell nothing of them.

    AES-GCM does not commit to its key: one ciphertext can be crafted to open to two texts under
    two keys. Once this value is recorded, no second key can be presented under the same id.
    """
    info = b"enquiry key commitment 1" + key.bytes
    return HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(secret)


def _bound(key: DataKey, context: Context) -> bytes:
    """Associated data, the same for no two contexts: fixed widths, then names of told lengths."""
    envelope = context.envelope
    event_kind, kind = envelope.kind.encode(), context.kind.encode()
    fixed = _BOUND.pack(
        b"EQS1",
        AES_256_GCM,
        envelope.alliance.bytes,
        envelope.stream.bytes,
        envelope.event.bytes,
        context.subject.bytes,
        key.id.bytes,
        context.slot,
        envelope.schema,
        len(event_kind),
        len(kind),
    )
    return b"".join((fixed, event_kind, kind, context.path.encode()))


def _padded(text: str) -> bytes:
    # Raised outside the handler: a UnicodeEncodeError carries the text, and so would its context.
    try:
        plain = text.encode()
    except UnicodeEncodeError:
        plain = None
    if plain is None:
        raise NotText("a lone surrogate cannot be recorded")
    return plain + b"\x80" + bytes(-(len(plain) + 1) % STEP_BYTES)


def _unpadded(padded: bytes) -> str:
    marked = padded.rstrip(b"\0")
    try:
        text = marked[:-1].decode() if marked.endswith(b"\x80") else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise NotAuthentic
    return text
