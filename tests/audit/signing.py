"""One who signs, can be sent home and come back, as after a restart."""

import asyncio
from pathlib import Path
from uuid import UUID

from tests.log.examples import HILLSIDE, notes, stream_of

from enquiry.audit.anchors import Anchors
from enquiry.audit.keys import KeyRing
from enquiry.audit.notes import Checkpoint, checkpoint_of
from enquiry.audit.signer import Signer
from enquiry.audit.store import TreeStore
from enquiry.log.postgres import PostgresLog


class Desk:
    """The signer's folder, and a signer at it."""

    def __init__(self, log: PostgresLog, store: TreeStore, folder: Path) -> None:
        self.log, self.store, self.folder = log, store, folder
        self.sit_down()

    def sit_down(self) -> Signer:
        self.anchors = Anchors(self.folder / "last")
        self.ring = KeyRing.create(self.folder / "keys.json")
        self.signer = Signer(self.log, self.store, self.anchors, self.ring)
        return self.signer

    def leave(self) -> None:
        self.anchors.close()

    def restarted(self) -> Signer:
        self.leave()
        return self.sit_down()

    async def checkpoint(self, tree: UUID = HILLSIDE) -> Checkpoint:
        found = await self.store.newest(tree)
        assert found is not None
        return checkpoint_of(found[1])


async def record(log: PostgresLog, number: int, name: str = "walk", alliance=HILLSIDE) -> None:
    """So many notes in the streams of an alliance, over several appends."""
    stream = stream_of(f"{alliance} {name}")
    revision = (await log.revisions([stream]))[stream]
    while number:
        some = min(number, 50)
        await log.append(notes(stream, revision, some, alliance=alliance))
        revision, number = revision + some, number - some


async def leaves(log: PostgresLog, alliance: UUID = HILLSIDE) -> list[bytes]:
    return [event.leaf for event in await log.read_alliance(alliance, 0, 100_000)]


async def until(condition, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is waited for is in a database
            await asyncio.sleep(0.05)
