"""The signing keys: Ed25519, in a file outside of the database, each with the sizes it may sign.

A key is retired, never replaced in place: what it signed up to then stays valid, and it may sign
nothing beyond. So whoever steals a retired key can sign nothing that anybody believes.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.audit.files import FolderRefused, refuse_cluster, write_whole
from enquiry.audit.notes import SEED_BYTES, Checkpoint, NoteKey, verifier_key


class Validity(Struct, frozen=True):
    """Which sizes of one tree a key may sign, both inclusive."""

    public: bytes
    since: int
    until: int | None
    """``None``: until it is retired."""


def policy_line(origin: str, validity: Validity) -> str:
    """A key and the sizes that it may sign, as a verifier takes it: ``vkey since until``."""
    until = "-" if validity.until is None else str(validity.until)
    return f"{verifier_key(origin, validity.public)} {validity.since} {until}"


class _Epoch(Struct, frozen=True):
    seed: str
    retired: dict[UUID, int] | None = None
    """Size of each tree when it was retired; of a tree that is not named it signed nothing."""


class _Epochs(Struct, frozen=True, forbid_unknown_fields=True):
    epochs: tuple[_Epoch, ...]


class KeyRing:
    """Every signing key that ever was; the last one signs."""

    def __init__(self, path: Path, epochs: tuple[_Epoch, ...]) -> None:
        """Made by ``open`` and ``create`` only."""
        self._path = path
        self._epochs = epochs
        self._keys = tuple(NoteKey(b64decode(epoch.seed, validate=True)) for epoch in epochs)

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Open the file, after making it with a fresh key if there is none.

        Raises:
            FolderRefused: as for ``open``.
        """
        refuse_cluster(path.parent)
        if not path.exists():
            write_whole(path, _encoded((_fresh(),)))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "KeyRing":
        """Read an existing file.

        Raises:
            FolderRefused: it lies in a database cluster, others may read it, or it is none of ours.
            FileNotFoundError: there is none.
        """
        refuse_cluster(path.parent)
        if path.stat().st_mode & 0o077:
            raise FolderRefused(f"{path} must have mode 600")
        try:
            epochs = msgspec.json.decode(path.read_bytes(), type=_Epochs).epochs
            return cls(path, epochs if epochs else _none())
        except (msgspec.DecodeError, ValueError):
            raise FolderRefused(f"{path} does not hold signing keys") from None

    @property
    def public(self) -> tuple[bytes, ...]:
        """The public keys, oldest first."""
        return tuple(key.public for key in self._keys)

    def rotated(self, sizes: Mapping[UUID, int]) -> "KeyRing":
        """Retire the present key at these sizes of the trees, and go on with a fresh one."""
        last = _Epoch(self._epochs[-1].seed, dict(sizes))
        epochs = (*self._epochs[:-1], last, _fresh())
        write_whole(self._path, _encoded(epochs))
        return KeyRing(self._path, epochs)

    def alone(self) -> "KeyRing":
        """Go on with the present key for a log that begins anew; what it signed before is no more
        of it, and so it may sign every size."""
        epochs = (_Epoch(self._epochs[-1].seed),)
        write_whole(self._path, _encoded(epochs))
        return KeyRing(self._path, epochs)

    def validities(self, tree: UUID) -> tuple[Validity, ...]:
        """Which sizes of this tree each key may sign; keys that may sign none are left out."""
        found: list[Validity] = []
        since = 1
        for epoch, key in zip(self._epochs, self._keys, strict=True):
            until = None if epoch.retired is None else epoch.retired.get(tree, 0)
            if until is None or until >= since:
                found.append(Validity(key.public, since, until))
            since = since if until is None else max(since, until + 1)
        return tuple(found)

    def signed(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a note, signed with the present key under the name of the tree."""
        return self.note(checkpoint.origin, checkpoint.body)

    def note(self, name: str, text: str) -> str:
        """A text as a note, signed with the present key under this name."""
        return self._keys[-1].signed(name, text)


def _fresh() -> _Epoch:
    return _Epoch(b64encode(os.urandom(SEED_BYTES)).decode())


def _encoded(epochs: tuple[_Epoch, ...]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(_Epochs(epochs)), indent=1) + b"\n"


def _none() -> tuple[_Epoch, ...]:
    raise ValueError("no key")
