"""The signer: follows the log, stores tiles, signs checkpoints; refuses what does not extend them.

Before a checkpoint is signed, the tree in the database must hold, under the size that was signed
last, exactly the root that was signed: this is compared with what the signer remembers outside of
the database. The order is: compare, sign, remember outside, publish. After a crash in between, the
remembered checkpoint is reached again from the log, or nothing more is signed.

A tree that is refused stays refused until somebody has looked and started the signer anew. Nothing
is ever repaired by itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from msgspec import Struct

from enquiry.audit.anchors import Anchors
from enquiry.audit.files import FolderRefused
from enquiry.audit.keys import KeyRing
from enquiry.audit.notes import Checkpoint, verifier_key
from enquiry.audit.store import Signed, TreeStore
from enquiry.audit.tiles import Missing, Tile, Tiles, needed, tile_of
from enquiry.audit.tree import Frontier, Node, frontier, grown, leaf_hash, span
from enquiry.log.leaf import leaf
from enquiry.log.promise import Log, Unavailable

EVERY_SECONDS = 1.0
"""How often checkpoints are signed while there is news."""
PAGE = 1000
"""Events at once: between pages, whatever else runs in the process has its turn."""
ERASURES_EVERY = 60
"""After how many rounds it looks which data keys were destroyed."""
Leaves = Callable[[int, int], Awaitable[list[bytes]]]
"""Leaf hashes from an index on, at most so many."""

_log = structlog.get_logger()


class Refused(Exception):
    """This history does not extend what was signed. The message says where it departs."""


class Edge(Struct, frozen=True):
    """A tree as the tiles hold it."""

    tree: Frontier
    held: dict[Tile, bytes]
    last: bytes | None
    """Its last leaf."""


class Signer:
    """Signs for one log. One at a time, see `TreeStore.turn`; not for several threads."""

    def __init__(
        self, log: Log, store: TreeStore, anchors: Anchors, ring: KeyRing, origin: str | None = None
    ) -> None:
        """Follow ``log``.

        Args:
            log: what is signed; only read.
            store: where tiles and checkpoints go.
            anchors: the last checkpoints, outside of the database.
            ring: the keys.
            origin: names the platform tree; those of alliances stand below it.
        """
        self._events = log
        self._store = store
        self._anchors = anchors
        self._ring = ring
        self._origin = origin or origin_of(log.id)
        self._position: int | None = None
        self._announced: set[UUID] = set()
        self._erased: set[UUID] | None = None
        self._rounds = 0
        self.refused: dict[UUID, str] = {}
        """Why nothing more is signed of a tree; under the log's id: of none at all."""

    async def run(self, every_seconds: float = EVERY_SECONDS) -> None:
        """Sign for ever, whenever it is this process's turn."""
        told = ""
        while True:
            try:
                async with self._store.turn(self._events.id) as still_mine:
                    while await still_mine():
                        await self.round()
                        told = ""
                        await asyncio.sleep(every_seconds)
                        await self._events.wait(self._position or 0, every_seconds)
            except Unavailable as failure:
                if str(failure) != told:
                    told = str(failure)
                    _log.warning("cannot sign now", why=told)
            await asyncio.sleep(every_seconds)

    async def round(self) -> int:
        """Sign everything that is new; returns how many checkpoints of alliances were signed."""
        if self._events.id in self.refused:
            return 0
        first = self._position is None
        before = self._position or 0
        head = await self._events.head()
        if head < before:
            self._refuse(self._events.id, f"the log ended at {before} and ends at {head} now")
            return 0
        news = set(await self._store.heads(before)) if head > before else set[UUID]()
        if first:
            news |= self._anchors.trees() - {self._events.id}
            await self._announce_keys()
        ledger = await self._announce_erasures()
        signed = 0
        for tree in sorted(news - self.refused.keys()):
            signed += await self._sign(tree, self._alliance(tree))
        if signed or first or ledger:
            await self._sign(self._events.id, self._platform)
        # What came in meanwhile lies behind the head that was asked for before.
        self._position = head
        return signed

    async def _announce_keys(self) -> None:
        for public in self._ring.public:
            await self._store.add_platform_entry(key_entry(verifier_key(self._origin, public)))

    async def _announce_erasures(self) -> int:
        """Write down for ever which data keys were destroyed, so that none comes back unnoticed.

        Returns how much is new in the platform tree, by this or by whoever put an export on record.
        """
        self._rounds += 1
        if self._rounds % ERASURES_EVERY != 1:
            return 0
        if self._erased is None:
            self._erased = await self._store.erased_keys()
        news = await self._store.destroyed_keys() - self._erased
        for key in sorted(news):
            await self._store.add_platform_entry(erasure_entry(key))
        self._erased |= news
        published = await self._store.newest(self._events.id)
        size = 0 if published is None else published[0]
        return len(await self._store.platform_entries(size, 1))

    def _refuse(self, tree: UUID, why: str) -> None:
        self.refused[tree] = why
        _log.error("refused to sign", tree=str(tree), why=why)

    async def _sign(self, tree: UUID, leaves: Leaves) -> bool:
        """Bring a tree up to date and sign it; whether something was published."""
        published = await self._store.newest(tree)
        try:
            remembered = self._anchors.last(tree)
            known = self._known(tree, remembered, published)
            reached = await self._reached(tree, leaves, known)
        except (Refused, Missing, FolderRefused) as refusal:
            self._refuse(tree, str(refusal))
            return False
        if reached.size == 0 or (published is not None and published[0] == reached.size):
            return False
        if remembered is not None and remembered[0].size == reached.size:
            note, checkpoint = remembered[1], remembered[0]
        else:
            checkpoint = Checkpoint(self._name(tree), reached.size, reached.root)
            note = self._ring.signed(checkpoint)
            # On a thread: waiting for the disk must not keep whatever else runs here waiting.
            await asyncio.to_thread(self._anchors.put, tree, note)
        if tree not in self._announced:
            await self._store.announce(tree, self._ring.validities(tree))
            self._announced.add(tree)
        entry = None if tree == self._events.id else checkpoint_entry(checkpoint)
        await self._store.publish(tree, reached.size, note, entry)
        return True

    def _known(
        self, tree: UUID, remembered: tuple[Checkpoint, str] | None, published: Signed | None
    ) -> Checkpoint:
        """What was signed last.

        Raises:
            Refused: it is of something else, or more was published than is remembered.
        """
        name = self._name(tree)
        known = remembered[0] if remembered else Checkpoint(name, 0, Frontier().root)
        if known.origin != name:
            raise Refused(f"what was signed is of {known.origin}, not of {name}")
        if published is not None and published[0] > known.size:
            raise Refused(
                f"{published[0]} leaves were published; this signer remembers {known.size}"
            )
        return known

    async def _reached(self, tree: UUID, leaves: Leaves, known: Checkpoint) -> Frontier:
        """The tree with everything that there is to it, stored.

        Raises:
            Refused: it does not extend what was signed.
            Missing: a tile is not as it was.
        """
        edge = await self._edge(tree, known)
        while True:
            size = edge.tree.size
            found = await leaves(max(size - 1, 0), PAGE)
            if size and (not found or found[0] != edge.last):
                told = "is not what it was" if found else "is no longer there"
                raise Refused(f"leaf {size - 1} {told}")
            news = found[1:] if size else found
            if not news:
                break
            tree_now, stored = _extended(edge.tree, news, known)
            await self._store.grow(tree, size, edge.held, stored)
            edge = await self._edge(tree, known)
            if edge.tree != tree_now:
                raise Refused(f"the tiles do not hold the tree of {tree_now.size} leaves")
            if len(found) < PAGE:
                break
        if edge.tree.size < known.size:
            raise Refused(f"there are {edge.tree.size} leaves; {known.size} were signed")
        return edge.tree

    async def _edge(self, tree: UUID, known: Checkpoint) -> Edge:
        """The tree as the tiles hold it now, held against what was signed."""
        size = await self._store.size(tree)
        spans = [span(0, size)]
        if known.size <= size:
            spans.append(span(0, known.size))
        wanted = needed(spans)
        if size:
            wanted.add(tile_of(Node(0, size - 1)))
        held = await self._store.tiles(tree, wanted)
        tiles = Tiles(held)
        if known.size <= size and frontier(known.size, tiles.hash_of).root != known.root:
            raise Refused(f"the tiles hold another tree of {known.size} leaves than was signed")
        last = tiles.hash_of(Node(0, size - 1)) if size else None
        return Edge(frontier(size, tiles.hash_of), held, last)

    def _name(self, tree: UUID) -> str:
        return self._origin if tree == self._events.id else f"{self._origin}/{tree}"

    def _alliance(self, tree: UUID) -> Leaves:
        async def leaves(since: int, limit: int) -> list[bytes]:
            events = await self._events.read_alliance(tree, since, limit)
            for index, event in enumerate(events, since):
                if event.sequence != index:
                    raise Refused(f"event {index} is missing")
                if leaf(event) != event.leaf:
                    raise Refused(f"event {index} has another digest than its bytes")
            return [event.leaf for event in events]

        return leaves

    async def _platform(self, since: int, limit: int) -> list[bytes]:
        entries = await self._store.platform_entries(since, limit)
        if [number for number, _ in entries] != list(range(since, since + len(entries))):
            raise Refused(f"entries from {since} on are not without gaps")
        return [leaf_hash(entry) for _, entry in entries]


def _extended(
    tree: Frontier, news: list[bytes], known: Checkpoint
) -> tuple[Frontier, dict[int, list[bytes]]]:
    """The tree with these leaves; on its way it must pass what was signed."""
    missing = known.size - tree.size
    if not 0 < missing <= len(news):
        return grown(tree, news)
    passed, first = grown(tree, news[:missing])
    if passed.root != known.root:
        raise Refused(f"the log makes another tree of {known.size} leaves than was signed")
    reached, rest = grown(passed, news[missing:])
    levels = first.keys() | rest.keys()
    return reached, {level: first.get(level, []) + rest.get(level, []) for level in sorted(levels)}


def origin_of(log: UUID) -> str:
    """What names the platform tree of a log: another log, another name."""
    return f"enquiry/{log}"


def checkpoint_entry(checkpoint: Checkpoint) -> bytes:
    """What the platform tree says of a checkpoint of an alliance."""
    return f"EQP1 checkpoint\n{checkpoint.body}".encode()


def key_entry(vkey: str) -> bytes:
    """What the platform tree says of a key."""
    return f"EQP1 key\n{vkey}\n".encode()


def erasure_entry(key: UUID) -> bytes:
    """What the platform tree says of a data key that was destroyed: its id, and no person."""
    return f"EQP1 erased\n{key}\n".encode()
