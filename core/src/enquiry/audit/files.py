"""Small files that must be whole or not there: written beside, flushed, renamed."""

import os
from pathlib import Path


class FolderRefused(Exception):
    """The signer's folder cannot be used as it is. The message says what to change."""


class FolderBusy(FolderRefused):
    """Another process signs with this folder."""


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in the place of another, for its owner only; on disk when this returns."""
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def refuse_cluster(path: Path) -> None:
    """A folder inside a database cluster is restored with it, and remembers nothing.

    Raises:
        FolderRefused: it lies in one.
    """
    for folder in (path, *path.resolve().parents):
        if (folder / "PG_VERSION").exists():
            raise FolderRefused(f"{path} would be restored with the database cluster in {folder}")
