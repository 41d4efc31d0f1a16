"""A signer put together with its folder: as a task of a server, or as a process of its own."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from enquiry.audit.anchors import Anchors
from enquiry.audit.files import FolderRefused
from enquiry.audit.keys import KeyRing, policy_line
from enquiry.audit.signer import EVERY_SECONDS, Signer
from enquiry.audit.store import TreeStore
from enquiry.log.promise import Log

FOLDER = "signer"
"""In the data folder, where no other is named."""


def anchors_in(folder: Path, *, reading: bool = False) -> Anchors:
    """The last checkpoints.

    Raises:
        FolderRefused: another process signs with this folder, or it is restored with a database.
    """
    return Anchors(folder / "last", reading=reading)


def ring_in(folder: Path, anchors: Anchors) -> KeyRing:
    """The signing keys. They are made once: where something was signed, a missing file is found.

    Raises:
        FolderRefused: the file holds something else, or is missing.
    """
    path = folder / "keys.json"
    if anchors.trees() and not path.exists():
        raise FolderRefused(f"{path} is missing, and something was signed with it")
    return KeyRing.create(path)


@asynccontextmanager
async def signing(
    log: Log, store: TreeStore, folder: Path, every_seconds: float = EVERY_SECONDS
) -> AsyncGenerator[Signer]:
    """Sign while the block runs.

    Args:
        log: what is signed.
        store: where tiles and checkpoints go.
        folder: keys and last checkpoints; better on another volume than the database.
        every_seconds: how often, while there is news.

    Raises:
        FolderRefused: the folder cannot be used, or another process has it.
    """
    anchors = anchors_in(folder)
    try:
        signer = Signer(log, store, anchors, ring_in(folder, anchors))
        task = asyncio.create_task(signer.run(every_seconds), name="signer")
        try:
            yield signer
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    finally:
        anchors.close()


def rotate(folder: Path) -> None:
    """Retire the present key at what it has signed, and make another; the signer must not run.

    Raises:
        FolderRefused: it runs, or the folder holds no keys.
    """
    anchors = anchors_in(folder)
    try:
        ring_in(folder, anchors).rotated(anchors.sizes())
    finally:
        anchors.close()


def policy(folder: Path) -> list[str]:
    """Which key may sign which sizes of which tree, a line each, as a verifier takes it.

    A signer may run meanwhile.

    Raises:
        FolderRefused: the folder holds no keys.
    """
    anchors = anchors_in(folder, reading=True)
    try:
        ring = ring_in(folder, anchors)
        last = {tree: anchors.last(tree) for tree in sorted(anchors.trees())}
        return [
            policy_line(known[0].origin, validity)
            for tree, known in last.items()
            if known is not None
            for validity in ring.validities(tree)
        ]
    finally:
        anchors.close()
