"""What the signer remembers outside of the database: the last checkpoint of every tree.

A restored or rewritten database cannot take this back. One file for each tree, named by its id,
with the signed note itself.
"""

import fcntl
import os
from pathlib import Path
from uuid import UUID

from enquiry.audit.files import FolderBusy, FolderRefused, refuse_cluster, write_whole
from enquiry.audit.notes import Checkpoint, checkpoint_of


class Anchors:
    """The last checkpoint of every tree of one log. One process at a time has the folder."""

    def __init__(self, folder: Path, *, reading: bool = False) -> None:
        """Keep them in this folder, which is made if it is not there.

        Args:
            folder: their own.
            reading: only look, also while another process signs: each file is whole at any time.

        Raises:
            FolderRefused: it lies in a database cluster.
            FolderBusy: another process has it.
        """
        refuse_cluster(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if reading:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise FolderBusy(f"another process signs with {folder}") from None

    def close(self) -> None:
        """Let another process have the folder."""
        os.close(self._lock)

    def last(self, tree: UUID) -> tuple[Checkpoint, str] | None:
        """The last checkpoint of a tree, and its note; ``None``: nothing was signed yet.

        Raises:
            FolderRefused: the file holds something else.
        """
        path = self._folder / str(tree)
        try:
            note = path.read_text("utf-8")
        except FileNotFoundError:
            return None
        try:
            return checkpoint_of(note), note
        except ValueError:
            raise FolderRefused(f"{path} holds no checkpoint") from None

    def put(self, tree: UUID, note: str) -> None:
        """Remember a checkpoint; on disk when this returns."""
        write_whole(self._folder / str(tree), note.encode())

    def trees(self) -> set[UUID]:
        """Every tree of which something was signed."""
        names = (path.name for path in self._folder.iterdir() if len(path.name) == 36)
        return {UUID(name) for name in names}

    def sizes(self) -> dict[UUID, int]:
        """The size that was last signed of every tree."""
        found = {tree: self.last(tree) for tree in self.trees()}
        return {tree: last[0].size for tree, last in found.items() if last is not None}
