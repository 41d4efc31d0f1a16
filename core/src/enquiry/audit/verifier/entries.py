"""Entries, bodies and ciphertexts as a bundle packs them, 256 events to a file."""

import json
from hashlib import sha256
from typing import Any, NamedTuple, cast

from enquiry.audit.verifier.archive import Unreadable

PACK = 256
BODY_BYTES_MAX = 16 * 1024 * 1024


class Entry(NamedTuple):
    """An entry of the log, taken apart."""

    alliance: bytes
    sequence: int
    position: int
    recorded_at: int
    event: bytes
    kind: str
    body: bytes
    """SHA-256 of the body."""
    seals: list[tuple[int, bytes, bytes]]
    """Slot, key, and SHA-256 of the ciphertext."""


def parts(content: bytes, prefix: int, name: str) -> list[bytes]:
    """Values one after the other, each after its length in ``prefix`` bytes, big-endian.

    Raises:
        Unreadable: the lengths do not add up, or there are too many.
    """
    found: list[bytes] = []
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + prefix], "big")
        end = at + prefix + size
        if end > len(content) or at + prefix > len(content):
            raise Unreadable(f"{name} ends within a value")
        found.append(content[at + prefix : end])
        at = end
    return found


def entry(raw: bytes) -> Entry | None:
    """Take an entry apart; ``None``: it is not laid out as an entry is."""
    if len(raw) < 96 or raw[:4] != b"EQL1":
        return None
    named = 61 + raw[60]
    count = int.from_bytes(raw[named + 32 : named + 34], "big")
    if raw[60] == 0 or len(raw) != named + 34 + 50 * count:
        return None
    kind = raw[61:named]
    if not kind.isascii():
        return None
    seals = [raw[at : at + 50] for at in range(named + 34, len(raw), 50)]
    return Entry(
        alliance=raw[4:20],
        sequence=int.from_bytes(raw[20:28], "big"),
        position=int.from_bytes(raw[28:36], "big"),
        recorded_at=int.from_bytes(raw[36:44], "big"),
        event=raw[44:60],
        kind=kind.decode("ascii"),
        body=raw[named : named + 32],
        seals=[(int.from_bytes(s[:2], "big"), s[2:18], s[18:]) for s in seals],
    )


def place(body: bytes) -> tuple[str, int, str]:
    """Stream and revision that a body says of itself, and what is wrong with it, if anything."""
    if len(body) > BODY_BYTES_MAX:
        return "", 0, "is too large to be read"
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", 0, "is no JSON, or nested too deeply"
    if not isinstance(said, dict):
        return "", 0, "is no JSON object"
    told = cast("dict[str, Any]", said)
    stream, revision = told.get("stream"), told.get("revision")
    if not isinstance(stream, str) or not isinstance(revision, int):
        return "", 0, "does not say its stream and revision"
    return stream, revision, ""


def digest(content: bytes) -> bytes:
    """SHA-256."""
    return sha256(content).digest()
