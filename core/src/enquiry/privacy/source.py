"""Where data keys are wrapped: a key-encryption key that lies apart from the database.

Whoever holds only the database, or only a backup of it, holds no key. A vault takes the place of
``KeyFile`` by offering the same two functions.
"""

import base64
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enquiry.privacy.sealing import AES_256_GCM, KEY_BYTES, NONCE_BYTES, NotAuthentic

_HEAD_BYTES = 1 + 16 + NONCE_BYTES
_NOTICE = """\
# Key-encryption keys, one epoch a line: id and key. New data keys are wrapped under the last one.
# Without this file no personal value can ever be read again. Back it up apart from the database.
"""


class KeySourceUnavailable(Exception):
    """The key-encryption key cannot be asked, or is not held. Nothing was erased."""


class KeyFileRefused(Exception):
    """The key file cannot be used as it is. The message says what to change."""


class KeySource(Protocol):
    """Wraps data keys under a key-encryption key. Asynchronous, because a vault is far away."""

    async def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """Encrypt a data key under the present epoch and remember the epoch in the result.

        Args:
            secret: The data key, 32 bytes.
            bound: What the key is for; ``unwrap`` must be given the same.

        Raises:
            KeySourceUnavailable: the source cannot be reached.
        """
        ...

    async def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Decrypt a data key, whichever epoch it was wrapped in.

        Raises:
            NotAuthentic: altered, or wrapped for something else.
            KeySourceUnavailable: the source cannot be reached, or does not hold that epoch.
        """
        ...


class KeyFile:
    """The embedded key source: a file that only its owner can read, apart from the database."""

    __slots__ = ("_ciphers", "epoch")

    def __init__(self, epochs: Mapping[UUID, bytes]) -> None:
        """Hold these key-encryption keys of 32 bytes each; the last is the present epoch."""
        self._ciphers = {epoch: AESGCM(key) for epoch, key in epochs.items()}
        self.epoch = next(reversed(self._ciphers))

    def __repr__(self) -> str:
        """Name the present epoch, and no more."""
        return f"KeyFile(epoch={self.epoch})"

    @classmethod
    def create(cls, path: Path) -> "KeyFile":
        """Open the file, after making it with a fresh key if there is none.

        Only for an empty log: where a log has keys, a missing file must be found, not replaced.
        Of several processes that create it at once, one makes it and all open that one.

        Raises:
            KeyFileRefused: as for ``open``.
            OSError: the folder does not exist or cannot be written.
        """
        _refuse_cluster(path)
        if not os.path.lexists(path):
            key = base64.b64encode(os.urandom(KEY_BYTES)).decode()
            _write_once(path, f"{_NOTICE}{uuid4()} {key}\n".encode())
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "KeyFile":
        """Read an existing key file.

        Raises:
            KeyFileRefused: it lies in a database cluster, others may read or write it, or its
                content is not that of a key file.
            FileNotFoundError: there is none.
        """
        _refuse_cluster(path)
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_mode & 0o077:
                raise KeyFileRefused(f"{path} must be a plain file with mode 600")
            content = file.read()
        epochs = _parsed(content)
        if not epochs:
            raise KeyFileRefused(f"{path} is not a key file")
        return cls(epochs)

    async def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """See ``KeySource.wrap``."""
        head = bytes((AES_256_GCM,)) + self.epoch.bytes
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + self._ciphers[self.epoch].encrypt(nonce, secret, head + bound)

    async def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """See ``KeySource.unwrap``."""
        if len(wrapped) <= _HEAD_BYTES or wrapped[0] != AES_256_GCM:
            raise NotAuthentic
        head, nonce = wrapped[:17], wrapped[17:_HEAD_BYTES]
        epoch = UUID(bytes=head[1:])
        if epoch not in self._ciphers:
            raise KeySourceUnavailable(f"key-encryption key of epoch {epoch} is not held")
        try:
            return self._ciphers[epoch].decrypt(nonce, wrapped[_HEAD_BYTES:], head + bound)
        except InvalidTag:
            raise NotAuthentic from None


def _refuse_cluster(path: Path) -> None:
    for folder in path.resolve().parents:
        if (folder / "PG_VERSION").exists():
            raise KeyFileRefused(f"{path} would be copied with the database cluster in {folder}")


def _parsed(content: bytes) -> dict[UUID, bytes]:
    """Epochs in the order of their lines; none if any line is wrong. Never quotes the content."""
    epochs: dict[UUID, bytes] = {}
    try:
        for line in content.decode("ascii").splitlines():
            if line and not line.startswith("#"):
                epoch, key = line.split()
                epochs[UUID(epoch)] = base64.b64decode(key, validate=True)
    except ValueError:
        return {}
    return epochs if all(len(key) == KEY_BYTES for key in epochs.values()) else {}


def _write_once(path: Path, content: bytes) -> None:
    """Make the file whole or not at all, and never over another.

    A rename would replace the file of a process that was faster and has wrapped keys with it; a
    hard link is refused instead.
    """
    fresh = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was first, and its key stands
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
