"""Which data keys were destroyed, written down outside of the database.

A backup that is restored may be older than the fact that a key was destroyed. The log then knows
nothing of it; this ledger does. It lies next to the key-encryption key, holds ids of keys and
nothing else, only grows, and is honoured before anything is read.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from uuid import UUID

_NOTICE = b"# Data keys that were destroyed, one id a line. Only ever add to this file.\n"
_LINE_BYTES = 37


class LedgerRefused(Exception):
    """The ledger holds something else than ids of keys. The message says where."""


class Ledger(Protocol):
    """Remembers destroyed keys for ever."""

    def add(self, keys: Iterable[UUID]) -> None:
        """Remember these keys; on disk when this returns. Those that are known are passed over."""
        ...

    def read(self) -> frozenset[UUID]:
        """Every key that was ever added."""
        ...


class MemoryLedger:
    """For tests, and where no folder is given: forgets with the process."""

    def __init__(self) -> None:
        """Start empty."""
        self._keys: set[UUID] = set()

    def add(self, keys: Iterable[UUID]) -> None:
        """See ``Ledger.add``."""
        self._keys.update(keys)

    def read(self) -> frozenset[UUID]:
        """See ``Ledger.read``."""
        return frozenset(self._keys)


class LedgerFile:
    """A file that only its owner can read, one id a line. Several processes may add to it."""

    def __init__(self, path: Path) -> None:
        """Use the file at ``path``; it is made when the first key is added."""
        self._path = path

    def add(self, keys: Iterable[UUID]) -> None:
        """See ``Ledger.add``.

        Raises:
            OSError: the folder does not exist or cannot be written: nothing may be destroyed.
        """
        news = [key for key in dict.fromkeys(keys) if key not in self.read()]
        if not news:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            # A line that a crash cut off is ended; what was never whole was never destroyed.
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            lines = b"".join(f"{key}\n".encode() for key in news)
            os.write(descriptor, (b"" if size else _NOTICE) + (b"\n" if torn else b"") + lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync_folder(self._path.parent)

    def read(self) -> frozenset[UUID]:
        """See ``Ledger.read``.

        Raises:
            LedgerRefused: a line is not the id of a key. One that was cut off by a crash is passed
                over.
        """
        if not self._path.exists():
            return frozenset()
        found: set[UUID] = set()
        for number, line in enumerate(self._path.read_bytes().split(b"\n"), start=1):
            if not line or line.startswith(b"#"):
                continue
            try:
                found.add(UUID(line.decode("ascii")))
            except ValueError:
                if len(line) >= _LINE_BYTES - 1:
                    raise LedgerRefused(f"{self._path}, line {number}: no id of a key") from None
        return frozenset(found)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
