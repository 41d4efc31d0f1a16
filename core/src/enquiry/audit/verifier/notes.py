"""Signed notes and checkpoints, as one who checks reads them; and who may have signed what."""

import binascii
from base64 import b64decode
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE_BYTES_MAX = 64 * 1024
DIGITS_MAX = 15
"""So that every number is exact in a verifier that computes with doubles, too."""
_TOP_BIT = 1 << 255
_P = 2**255 - 19
_OF_ORDER_8 = (
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
)
_SMALL = frozenset({0, 1, _P - 1, _P, _P + 1, *_OF_ORDER_8})
"""The y of points whose order divides 8, in every encoding (RFC 8032, 5.1): a key that is one of
them takes a signature over anything."""


class Rejected(Exception):
    """A note, a key or a proof is not what it must be."""


class Key(NamedTuple):
    """A key that may sign under a name, for these sizes of the tree, both inclusive."""

    name: str
    public: bytes
    since: int
    until: int | None

    @property
    def id(self) -> bytes:
        """By which a signature names it, 4 bytes."""
        return sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]


class Head(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    note: str


def decoded(text: str) -> bytes:
    """Base64 without anything else.

    Raises:
        Rejected: it is not.
    """
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected("something is not base64") from None


def number(text: str) -> int:
    """A decimal number as checkpoints have it: no sign, no leading zeros.

    Raises:
        Rejected: it is not.
    """
    plain = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
    if not plain or str(int(text)) != text:
        raise Rejected(f"{text[:40]!r} is no number")
    return int(text)


def policy(text: str) -> list[Key]:
    """Keys out of a policy: a line each, ``vkey since until``; ``until`` may be ``-``.

    Raises:
        Rejected: a line is not one, or a key stands twice.
    """
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    keys = [_key(line) for line in lines]
    if len({(key.name, key.public) for key in keys}) < len(keys):
        raise Rejected("a key stands twice in a policy")
    return keys


def _key(line: str) -> Key:
    parts = line.split(" ")
    named = parts[0].split("+", 2)
    if len(parts) != 3 or len(named) != 3:
        raise Rejected(f"no line of a policy: {line[:120]!r}")
    raw = decoded(named[2])
    if len(raw) != 33 or raw[:1] != b"\x01":
        raise Rejected("a key is not Ed25519")
    if int.from_bytes(raw[1:], "little") % _TOP_BIT in _SMALL:
        raise Rejected("a key is of small order: it would take a signature over anything")
    until = None if parts[2] == "-" else number(parts[2])
    key = Key(named[0], raw[1:], number(parts[1]), until)
    if key.id.hex() != named[1]:
        raise Rejected("a key does not match its id")
    return key


def signers(note: str, name: str, keys: list[Key]) -> tuple[str, list[Key]]:
    """The text of a note, and which of these keys of this name have signed it.

    Raises:
        Rejected: it is no note, or a signature by one of the keys is not good.
    """
    if len(note.encode()) > NOTE_BYTES_MAX or not note.endswith("\n"):
        raise Rejected("this is no signed note")
    text, gap, lines = note.rpartition("\n\n")
    text += "\n"
    if not gap or not lines:
        raise Rejected("this is no signed note")
    known = {key.id: key for key in keys if key.name == name}
    found: list[Key] = []
    for line in lines.removesuffix("\n").split("\n"):
        mark, who, signature = (*line.split(" "), "", "", "")[:3]
        raw = decoded(signature)
        if mark != "\u2014" or not who or line.count(" ") != 2 or len(raw) < 5:
            raise Rejected("this is no signed note")
        key = known.get(raw[:4]) if who == name else None
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
        except InvalidSignature:
            raise Rejected(f"the signature of {who} is not good") from None
        found.append(key)
    return text, found


def unsigned_head(note: str) -> Head:
    """What a checkpoint says, whoever signed it.

    Raises:
        Rejected: it is no checkpoint.
    """
    lines = note.partition("\n\n")[0].split("\n")
    if len(lines) != 3 or not lines[0]:
        raise Rejected("this is no checkpoint")
    root = decoded(lines[2])
    if len(root) != 32:
        raise Rejected("this is no checkpoint: its root has not 32 bytes")
    return Head(lines[0], number(lines[1]), root, note)


def head(note: str, keys: list[Key]) -> Head:
    """What a checkpoint says, if a key signed it that may sign its size.

    Raises:
        Rejected: none did, or it is no checkpoint.
    """
    said = unsigned_head(note)
    _, signed = signers(note, said.origin, keys)
    if not signed:
        raise Rejected(f"no known key of {said.origin} has signed this checkpoint")
    for key in signed:
        if key.since <= said.size and (key.until is None or said.size <= key.until):
            return said
    key = signed[0]
    until = "the present" if key.until is None else key.until
    raise Rejected(
        f"key {key.id.hex()} may sign sizes from {key.since} to {until}, not {said.size}"
    )


class Proof(NamedTuple):
    """An inclusion proof (``tlog-proof``)."""

    at: int
    hashes: list[bytes]
    note: str


def proof(text: str) -> Proof:
    """Read an inclusion proof.

    Raises:
        Rejected: it is none.
    """
    top, gap, note = text.partition("\n\n")
    lines = top.split("\n")
    if not gap or len(text) > NOTE_BYTES_MAX or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Rejected("this is no proof")
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    if not rest or not rest[0].startswith("index "):
        raise Rejected("this is no proof: it has no index")
    at = number(rest[0].removeprefix("index "))
    return Proof(at, [decoded(line) for line in rest[1:]], note)
