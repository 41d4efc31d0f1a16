"""Examine a database from within: every column against what was signed. Names the first bad event.

A bundle shows what the entries say. This also sees what never leaves the database: columns that
repeat what the body says, ciphertexts, data keys. It runs where the database is; whoever does not
trust that place takes a bundle home instead.
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.audit.notes import checkpoint_of
from enquiry.audit.store import TreeStore
from enquiry.audit.tiles import WIDTH, Missing, Tile, Tiles, path, tile_of, tiles_of
from enquiry.audit.tree import TILE_HEIGHT, Frontier, Node, grown
from enquiry.log.leaf import SEAL_BYTES, leaf
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.live import envelope_of

PAGE = 4 * WIDTH
Key = tuple[bytes, bool]
"""Commitment of a data key, and whether it lives."""


class Flaw(Struct, frozen=True):
    """Something is not as it was signed."""

    what: str
    sequence: int | None = None
    """Of which event; ``None``: of none in particular."""


class Examination:
    """Of one alliance."""

    def __init__(self, log: Log, store: TreeStore, alliance: UUID) -> None:
        """Examine ``alliance`` in ``log``, against the tree in ``store``."""
        self._log = log
        self._store = store
        self._alliance = alliance
        self._keys: dict[UUID, Key] = {}
        self._revisions: dict[UUID, int] = {}
        self._flaws: list[Flaw] = []

    async def flaws(self) -> list[Flaw]:
        """Everything that is wrong, in the order of the events."""
        signed = await self._store.newest(self._alliance)
        size = 0 if signed is None else checkpoint_of(signed[1]).size
        self._keys = await self._store.data_keys(self._alliance)
        tree, at = Frontier(), 0
        while True:
            events = await self._log.read_alliance(self._alliance, at, PAGE)
            leaves = await self._leaves(at, min(size - at, PAGE)) if at < size else []
            tree, _ = grown(tree, leaves)
            if not events and not leaves:
                break
            await self._page(at, {event.sequence: event for event in events}, leaves)
            at += PAGE
        for key in sorted(await self._store.erased_keys() & self._keys.keys()):
            if self._keys[key][1]:
                self._wrong(f"data key {key} was destroyed, and lives again")
        for position, slot in await self._store.stray_ciphertexts(self._alliance):
            self._wrong(f"a ciphertext lies beside no event: position {position}, slot {slot}")
        if signed is not None:
            await self._tree(size, tree, checkpoint_of(signed[1]).root)
        return sorted(self._flaws, key=lambda flaw: (flaw.sequence is None, flaw.sequence or 0))

    def _wrong(self, what: str, sequence: int | None = None) -> None:
        self._flaws.append(Flaw(what, sequence))

    async def _leaves(self, at: int, count: int) -> list[bytes]:
        """The leaf hashes that stand in tiles."""
        first = at // WIDTH
        wanted = [Tile(0, number) for number in range(first, first + -(-count // WIDTH))]
        held = await self._store.tiles(self._alliance, wanted)
        whole = b"".join(held.get(tile, b"") for tile in wanted)
        return [whole[n : n + 32] for n in range(0, min(len(whole), count * 32), 32)]

    async def _page(self, at: int, events: Mapping[int, StoredEvent], leaves: list[bytes]) -> None:
        positions = [event.position for event in events.values()]
        sealed = await self._store.sealed_digests(
            self._alliance, min(positions, default=0), max(positions, default=0)
        )
        last = max([*events, at + len(leaves) - 1])
        for index in range(at, last + 1):
            event = events.get(index)
            if event is None:
                self._wrong("is missing", index)
                continue
            if leaf(event) != event.leaf:
                self._wrong("has another digest than its bytes", index)
            if index < at + len(leaves) and leaf(event) != leaves[index - at]:
                self._wrong("is not what was signed", index)
            self._body(event)
            self._seals(event, sealed)

    def _body(self, event: StoredEvent) -> None:
        """The columns that only the body proves, and the commitments that only it holds."""
        try:
            said = envelope_of(event.body)
            keys = {UUID(key): b64decode(value) for key, value in said.keys.items()}
        except (msgspec.DecodeError, ValueError):
            self._wrong("has a body that is none", event.sequence)
            return
        if (said.stream, said.revision) != (event.stream, event.revision):
            self._wrong("stands in another stream or revision than its body says", event.sequence)
        if event.revision != self._revisions.get(event.stream, 0) + 1:
            self._wrong("does not follow on the event before it in its stream", event.sequence)
        self._revisions[event.stream] = event.revision
        for key, commitment in keys.items():
            known = self._keys.get(key)
            if known is None:
                self._wrong(f"brought data key {key}, which is gone", event.sequence)
            elif known[0] != commitment:
                self._wrong(f"brought data key {key}; another one has its name", event.sequence)

    def _seals(
        self, event: StoredEvent, sealed: Mapping[tuple[int, int], tuple[UUID, bytes]]
    ) -> None:
        slots: set[int] = set()
        for at in range(0, len(event.seals), SEAL_BYTES):
            part = event.seals[at : at + SEAL_BYTES]
            slot, key = int.from_bytes(part[:2], "big"), UUID(bytes=part[2:18])
            slots.add(slot)
            found = sealed.get((event.position, slot))
            if found is not None and found != (key, part[18:]):
                self._wrong(f"has another ciphertext or key in slot {slot}", event.sequence)
            if found is not None and not self._keys.get(key, (b"", False))[1]:
                self._wrong(
                    f"has a ciphertext in slot {slot} of a key that is gone", event.sequence
                )
        for position, slot in sealed:
            if position == event.position and slot not in slots:
                self._wrong(
                    f"has a ciphertext in slot {slot} that was never signed", event.sequence
                )

    async def _tree(self, size: int, tree: Frontier, root: bytes) -> None:
        if tree.size != size or tree.root != root:
            self._wrong(f"the tiles hold another tree of {size} leaves than was signed")
        for tile, width in tiles_of(size):
            if width < WIDTH:
                continue
            above = Node(TILE_HEIGHT * (tile.level + 1), tile.number)
            held = await self._store.tiles(self._alliance, [tile, tile_of(above)])
            full = held.get(tile, b"")
            hashes = [full[at : at + 32] for at in range(0, len(full), 32)]
            try:
                if Tiles(held).hash_of(above) != grown(Frontier(), hashes)[0].root:
                    self._wrong(f"the tile above tile {path(tile)} holds another root of it")
            except Missing as missing:
                self._wrong(str(missing))


def first_bad(flaws: Sequence[Flaw]) -> int | None:
    """Sequence of the first event with which something is wrong."""
    return next((flaw.sequence for flaw in flaws if flaw.sequence is not None), None)
