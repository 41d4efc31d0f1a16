"""Entries, bodies and ciphertexts as a bundle packs them, 256 events to a file."""

from hashlib import sha256
from json import JSONDecoder
from struct import Struct
from typing import Any, NamedTuple, cast

from enquiry.audit.verifier.archive import Unreadable

PACK = 256
BODY_BYTES_MAX = 16 * 1024 * 1024
_LENGTHS = {2: Struct(">H"), 4: Struct(">I")}
_FIXED = Struct(">4s16sQQQ16sB")
"""Tag, alliance, sequence, position, time, event, length of the kind."""
_REST = Struct(">32sH")
"""After the kind: digest of the body, number of seals."""
_SEAL = Struct(">H16s32s")
_JSON = JSONDecoder()


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
        Unreadable: the lengths do not add up.
    """
    found: list[bytes] = []
    take, length = found.append, _LENGTHS[prefix].unpack_from
    at, last = 0, len(content)
    while at < last:
        if at + prefix > last:
            raise Unreadable(f"{name} ends within a value")
        end = at + prefix + length(content, at)[0]
        if end > last:
            raise Unreadable(f"{name} ends within a value")
        take(content[at + prefix : end])
        at = end
    return found


def entry(raw: bytes) -> Entry | None:
    """Take an entry apart; ``None``: it is not laid out as an entry is."""
    if len(raw) < _FIXED.size:
        return None
    tag, alliance, sequence, position, time, event, length = _FIXED.unpack_from(raw)
    named = _FIXED.size + length
    if tag != b"EQL1" or not length or len(raw) < named + _REST.size:
        return None
    body, count = _REST.unpack_from(raw, named)
    kind = raw[_FIXED.size : named]
    if len(raw) != named + _REST.size + _SEAL.size * count or not kind.isascii():
        return None
    seals = list(_SEAL.iter_unpack(raw[named + _REST.size :])) if count else []
    return Entry(alliance, sequence, position, time, event, kind.decode("ascii"), body, seals)


def place(body: bytes) -> tuple[str, int, str]:
    """Stream and revision that a body says of itself, and what is wrong with it, if anything."""
    if len(body) > BODY_BYTES_MAX:
        return "", 0, "is too large to be read"
    try:
        said = _read(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return "", 0, "is no JSON, or nested too deeply"
    if not isinstance(said, dict):
        return "", 0, "is no JSON object"
    told = cast("dict[str, Any]", said)
    stream, revision = told.get("stream"), told.get("revision")
    if not isinstance(stream, str) or type(revision) is not int:
        return "", 0, "does not say its stream and revision"
    return stream, revision, ""


def _read(text: str) -> Any:
    """A JSON value; nearly every body begins and ends with it, which is quicker to read."""
    if text[:1] == "{":
        found, end = _JSON.raw_decode(text)
        if end == len(text):
            return found
    return _JSON.decode(text)


def digest(content: bytes) -> bytes:
    """SHA-256."""
    return sha256(content).digest()
