"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), with Ed25519: the writing side.

The reading side that an auditor relies on is another one: `enquiry.audit.verifier`.
"""

from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from enquiry.audit.tree import HASH_BYTES

ED25519 = b"\x01"
SEED_BYTES = 32


class Checkpoint(Struct, frozen=True):
    """The state of a tree: what is signed."""

    origin: str
    """Which tree: one line without spaces or plus signs."""
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class NoteKey:
    """A key that signs notes. Cannot be printed."""

    __slots__ = ("_private", "public")

    def __init__(self, seed: bytes) -> None:
        """Take ``SEED_BYTES`` secret bytes; ``ValueError`` if they are fewer or more."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()
        """The public key, 32 bytes."""

    def __repr__(self) -> str:
        """Name the public key, and no more."""
        return f"NoteKey({b64encode(self.public).decode()})"

    def signed(self, name: str, body: str) -> str:
        """The note: its body, an empty line, and a signature under this name."""
        signature = key_id(name, self.public) + self._private.sign(body.encode())
        return f"{body}\n\u2014 {name} {b64encode(signature).decode()}\n"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature says whose it is."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """A public key as it is handed to those who verify (``vkey``)."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def checkpoint_of(note: str) -> Checkpoint:
    """The checkpoint in a note that we wrote ourselves; its signature is not looked at.

    Raises:
        ValueError: it is no checkpoint.
    """
    origin, size, root, *_ = note.split("\n")
    decoded = b64decode(root, validate=True)
    if len(decoded) != HASH_BYTES or str(int(size)) != size:
        raise ValueError("not a checkpoint")
    return Checkpoint(origin, int(size), decoded)
