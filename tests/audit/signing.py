"""One who signs, can be sent home and come back, as after a restart."""

import asyncio
from base64 import b64encode
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
from tests.log.examples import HILLSIDE, MONDAY, NOTED, data_key, stream_of

from enquiry.audit.anchors import Anchors
from enquiry.audit.export import Wanted, export
from enquiry.audit.keys import KeyRing, policy_line
from enquiry.audit.notes import Checkpoint, checkpoint_of
from enquiry.audit.signer import Signer
from enquiry.audit.store import TreeStore
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import Key, policy
from enquiry.audit.verifier.report import Report
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent, SealedValue


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


def note_event(stream: UUID, revision: int, *sealed: SealedValue, **data: object) -> NewEvent:
    """A note with a body as it is really stored."""
    body = {
        "by": str(HILLSIDE),
        "data": {"pages": revision, **data},
        "act": str(uuid4()),
        "stream": str(stream),
        "revision": revision,
        "salt": uuid4().hex,
    }
    return NewEvent(stream, revision, uuid4(), NOTED, msgspec.json.encode(body), sealed)


async def record(log: PostgresLog, number: int, name: str = "walk", alliance=HILLSIDE) -> UUID:
    """So many notes in a stream of an alliance, over several appends."""
    stream = stream_of(f"{alliance} {name}")
    revision = (await log.revisions([stream]))[stream]
    while number:
        some = min(number, 50)
        events = tuple(note_event(stream, revision + 1 + n) for n in range(some))
        await log.append(Append(alliance, events, {stream: revision}, MONDAY))
        revision, number = revision + some, number - some
    return stream


async def record_sealed(log: PostgresLog, *texts: bytes, name: str = "sealed") -> UUID:
    """One note for each text, which is sealed under one key."""
    stream = stream_of(f"{HILLSIDE} {name}")
    key = data_key(stream)
    for revision, text in enumerate(texts):
        commitments = {str(key.id): b64encode(key.commitment).decode()} if not revision else {}
        event = note_event(stream, revision + 1, SealedValue(0, key.id, text))
        body = {**msgspec.json.decode(event.body), "keys": commitments}
        event = msgspec.structs.replace(event, body=msgspec.json.encode(body))
        keys = () if revision else (key,)
        await log.append(Append(HILLSIDE, (event,), {stream: revision}, MONDAY, keys=keys))
    return stream


async def bundle(desk: "Desk", path: Path, **wanted: object) -> Path:
    """A bundle of Hillside, signed."""
    found = Wanted(HILLSIDE, **wanted)  # pyright: ignore[reportArgumentType]
    with path.open("wb") as file:
        await export(desk.log, desk.store, found, file, desk.ring)
    return path


def policy_of(desk: "Desk", tree: UUID = HILLSIDE) -> list[Key]:
    """What an auditor was given: which keys may sign."""
    origin = f"enquiry/{desk.log.id}/{tree}"
    lines = [policy_line(origin, validity) for validity in desk.ring.validities(tree)]
    return policy("\n".join(lines))


def judged(desk: "Desk", path: Path, *known: str) -> Report:
    """What the verifier says of a bundle, with the keys that it was given before."""
    return check(Archive.open(path), policy_of(desk), known)


async def leaves(log: PostgresLog, alliance: UUID = HILLSIDE) -> list[bytes]:
    return [event.leaf for event in await log.read_alliance(alliance, 0, 100_000)]


async def until(condition, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is waited for is in a database
            await asyncio.sleep(0.05)
