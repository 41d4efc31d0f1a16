"""Export the history of an alliance, of one stream in it or of a person, for an auditor's machine.

What is written is what the database holds, also where it was tampered with: judging it is the
verifier's work. Sealed values leave only as ciphertexts, and only if that is asked for.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, BinaryIO, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.audit import tree as trees
from enquiry.audit.bag import FORMAT, Bag
from enquiry.audit.keys import KeyRing, policy_line
from enquiry.audit.notes import Checkpoint, checkpoint_of
from enquiry.audit.proofs import NotSigned, inclusion_text
from enquiry.audit.replay import Replay
from enquiry.audit.signer import checkpoint_entry
from enquiry.audit.store import TreeStore
from enquiry.audit.tiles import WIDTH, Tile, Tiles, needed, path, tiles_of
from enquiry.audit.tree import HASH_BYTES
from enquiry.kernel.safeguarding.concern import is_of_concerns
from enquiry.log.leaf import SEAL_BYTES, entry
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.live import envelope_of

PACKS = 16
"""How many packs of 256 events are read at once."""


Profile = Literal["proof-only", "structure", "pseudonymised", "full"]
Tell = Callable[[Sequence[StoredEvent]], Awaitable[Sequence[Any]]]
"""What events say in plain JSON values, one for each."""


class Wanted(Struct, frozen=True):
    """What is to be exported."""

    alliance: UUID
    stream: UUID | None = None
    """``None``: every stream."""
    sealed: bool = False
    """Also the ciphertexts of sealed values."""
    bodies: bool = True
    person: UUID | None = None
    """Only what they recorded, and what names them; ``None``: whoever did it."""
    profile: Profile = "structure"
    """``proof-only``: the tree alone. ``structure``: entries and bodies, nothing that is sealed.
    ``pseudonymised``: entries, and what is told of them. ``full``: everything there is."""

    def covers(self, event: StoredEvent) -> bool:
        """Whether the bundle shows this event."""
        if self.profile == "proof-only" or self.stream not in (None, event.stream):
            return False
        return self.person is None or _is_about(event.body, self.person)

    @property
    def shows_bodies(self) -> bool:
        """Whether stored bytes leave: they name people by their ids."""
        return self.bodies and self.profile in ("structure", "full")

    @property
    def shows_sealed(self) -> bool:
        """Whether ciphertexts leave."""
        return self.sealed or self.profile == "full"

    @property
    def extent(self) -> str:
        """Of which streams it holds every event: all, one, or only some events of some."""
        if self.person is not None:
            return "some"
        return "all" if self.stream is None else str(self.stream)


class Exported(Struct, frozen=True):
    """What was written."""

    checkpoint: Checkpoint
    digest: bytes
    """SHA-256 of the list of what is in the bundle: names it, and no other."""

    @property
    def origin(self) -> str:
        """Of which history it is."""
        return self.checkpoint.origin

    @property
    def size(self) -> int:
        """Up to how many events it goes."""
        return self.checkpoint.size


def _is_about(body: bytes, person: UUID) -> bool:
    """Whether somebody recorded this, or it names them; being in the cast alone is not enough."""
    try:
        said = envelope_of(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return said.by == person or str(person).encode() in bytes(said.data)


def export_entry(id_: UUID, at: int, by: str, wanted: Wanted, found: Exported) -> bytes:
    """What the platform tree says of an export.

    Args:
        id_: of this export; every one is told, also of the same bytes.
        at: when, in microseconds since 1970.
        by: who took it: an id, or ``command`` for whoever has the machine.
        wanted: of which a person is told as ``some``, never by id.
        found: what was written.
    """
    lines = ("EQP1 export", id_, at, by, found.origin, found.size, wanted.extent, wanted.profile)
    return "".join(f"{line}\n" for line in (*lines, found.digest.hex())).encode()


class _Confidential:
    """A safeguarding concern is for one person at the school, and for no auditor: its entries are
    there and hold, what they say and who said it is not."""

    def __init__(self) -> None:
        self._streams: set[UUID] = set()

    def __contains__(self, event: StoredEvent) -> bool:
        """Whether an event stands in a stream of concerns; events come in the order of the log."""
        if event.stream not in self._streams and is_of_concerns(event.kind, event.body):
            self._streams.add(event.stream)
        return event.stream in self._streams


async def export(
    log: Log,
    store: TreeStore,
    wanted: Wanted,
    to: BinaryIO,
    ring: KeyRing | None = None,
    replay: Replay | None = None,
    tell: Tell | None = None,
) -> Exported:
    """Write a bundle, up to the newest checkpoint.

    Args:
        log: where the events are.
        store: where the tree is.
        wanted: what is to be exported.
        to: a binary file, written from its beginning.
        ring: signs the bundle; ``None``: it is not signed.
        replay: folds what is exported, so that the auditor can compare; ``None``: it does not.
        tell: says in plain values what events say, where the profile is ``pseudonymised`` or
            ``full``; what is confidential it is not asked about.

    Raises:
        NotSigned: no checkpoint was signed yet.
    """
    signed = await store.newest(wanted.alliance)
    if signed is None:
        raise NotSigned(f"nothing of {wanted.alliance} was signed yet")
    checkpoint = checkpoint_of(signed[1])
    bag = Bag(to)
    bag.add("checkpoint", signed[1].encode())
    bag.add("keys", await _keys(store, wanted.alliance, checkpoint.origin))
    await _tiles(store, wanted.alliance, checkpoint.size, bag)
    await _platform(log.id, store, checkpoint, bag)
    kept_back = _Confidential()
    own = None
    if wanted.stream is not None:
        own = {event.sequence: event for event in await log.read_stream(wanted.stream)}
    told = tell if wanted.profile in ("pseudonymised", "full") else None
    for first in range(0, checkpoint.size, WIDTH * PACKS):
        last = min(first + WIDTH * PACKS, checkpoint.size)
        if own is None:
            events = await log.read_alliance(wanted.alliance, first, last - first)
            found = {event.sequence: event for event in events}
        else:
            found = {at: event for at, event in own.items() if first <= at < last}
        secret = {at for at, event in found.items() if event in kept_back}
        shown = {at: event for at, event in found.items() if wanted.covers(event)}
        for begin in range(first, last, WIDTH):
            end = min(begin + WIDTH, last)
            await _pack(log, wanted, bag, begin, end, shown, kept_back, told)
        if replay is not None and wanted.shows_bodies and wanted.person is None:
            replay.take(shown[at] for at in sorted(shown.keys() - secret))
    if replay is not None and wanted.shows_bodies and wanted.person is None:
        bag.add("replay", replay.lines())
    info = {
        "External-Identifier": checkpoint.origin,
        "Enquiry-Format": FORMAT,
        "Enquiry-Alliance": str(wanted.alliance),
        "Enquiry-Stream": wanted.extent,
        "Enquiry-Profile": wanted.profile,
    }
    digest = bag.close(
        info, None if ring is None else lambda text: ring.note(checkpoint.origin, text)
    )
    return Exported(checkpoint, digest)


async def _keys(store: TreeStore, tree: UUID, origin: str) -> bytes:
    lines = [policy_line(origin, key) for key in await store.keys(tree)]
    return "".join(f"{line}\n" for line in lines).encode()


async def _tiles(store: TreeStore, tree: UUID, size: int, bag: Bag) -> None:
    listed = list(tiles_of(size))
    for first in range(0, len(listed), WIDTH):
        some = listed[first : first + WIDTH]
        held = await store.tiles(tree, [tile for tile, _ in some])
        for tile, width in some:
            hashes = held.get(tile, b"")[: width * HASH_BYTES]
            bag.add(f"tile/{path(tile, width)}", hashes)


async def _platform(log: UUID, store: TreeStore, checkpoint: Checkpoint, bag: Bag) -> None:
    """The proof that the checkpoint stands in the platform tree, once that is signed."""
    at = await store.platform_number(checkpoint_entry(checkpoint))
    signed = await store.newest(log)
    if at is None or signed is None or at >= signed[0]:
        return
    spans = trees.inclusion(at, signed[0])
    hashes = trees.proof(spans, Tiles(await store.tiles(log, needed(spans))).hash_of)
    bag.add("platform/keys", await _keys(store, log, checkpoint_of(signed[1]).origin))
    bag.add("platform/proof", inclusion_text(at, hashes, signed[1]).encode())


async def _pack(
    log: Log,
    wanted: Wanted,
    bag: Bag,
    first: int,
    last: int,
    found: dict[int, StoredEvent],
    kept_back: _Confidential,
    tell: Tell | None,
) -> None:
    """What is shown of up to 256 events; files without anything are left out."""
    held = [found.get(at) for at in range(first, last)]
    if not any(held):
        return
    width = last - first
    name = path(Tile(0, first // WIDTH), width).removeprefix("0/")
    bag.add(f"tile/entries/{name}", packed((entry(e) if e else b"" for e in held), 2))
    if wanted.shows_bodies:
        shown = (b"" if e is None or e in kept_back else e.body for e in held)
        bag.add(f"bodies/{name}", packed(shown, 4))
    if wanted.shows_sealed:
        bag.add(f"sealed/{name}", await _ciphertexts(log, [e for e in held if e], kept_back))
    if tell is not None:
        said = await tell([e for e in held if e is not None and e not in kept_back])
        lines = (msgspec.json.encode(one, order="deterministic") + b"\n" for one in said)
        bag.add(f"told/{name}", b"".join(lines))


async def _ciphertexts(log: Log, events: Sequence[StoredEvent], kept_back: _Confidential) -> bytes:
    kept = await log.sealed([event.position for event in events if event not in kept_back])
    values: list[bytes] = []
    for event in events:
        for at in range(0, len(event.seals), SEAL_BYTES):
            slot = int.from_bytes(event.seals[at : at + 2], "big")
            value = kept.get((event.position, slot))
            values.append(b"" if value is None else value.ciphertext)
    return packed(values, 4)


def packed(values: Iterable[bytes], prefix: int) -> bytes:
    """Values one after the other, each after its length in so many bytes, big-endian."""
    return b"".join(len(value).to_bytes(prefix, "big") + value for value in values)
