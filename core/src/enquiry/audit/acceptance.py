"""Whether a log may be served: asked of a database that was restored, moved or upgraded.

Everything is held against everything else that knows of it: numbers against each other, bytes
against digests, digests against tiles and checkpoints, these against what the signer remembers
outside of the database, and data keys against the ledger of those that were destroyed.
"""

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from enquiry.audit.examine import Examination
from enquiry.audit.files import FolderRefused
from enquiry.audit.notes import Checkpoint, checkpoint_of
from enquiry.audit.store import TreeStore
from enquiry.audit.tree import Frontier, grown, leaf_hash
from enquiry.log.leaf import leaf
from enquiry.log.promise import Log, StoredEvent

PAGE = 1000


class Finding(Struct, frozen=True):
    """Something is not as it must be."""

    what: str
    position: int | None = None
    """Of which event; ``None``: of none in particular."""


class Accepted(Struct, frozen=True):
    """What was looked at, and what is wrong with it."""

    log: UUID
    head: int
    alliances: int
    remembered: int
    """Trees of which the signer's folder knew the last checkpoint."""
    erased: int
    """Data keys of which the ledger says that they were destroyed."""
    findings: tuple[Finding, ...]
    """In the order of the events."""

    @property
    def first_bad(self) -> int | None:
        """Position of the first event with which something is wrong."""
        return next((one.position for one in self.findings if one.position is not None), None)


class Acceptance:
    """Of one log; use once."""

    def __init__(
        self,
        log: Log,
        store: TreeStore,
        remembered: dict[UUID, Checkpoint],
        erased: Collection[UUID],
    ) -> None:
        """Look at a log.

        Args:
            log: that nobody writes to meanwhile.
            store: of its trees, as the owner.
            remembered: see ``remembered_in``.
            erased: data keys that must not live.
        """
        self._log = log
        self._store = store
        self._remembered = remembered
        self._erased = erased
        self._trees: dict[UUID, Frontier] = {}
        self._roots: dict[UUID, bytes] = {}
        self._revisions: dict[UUID, int] = {}
        self._findings: list[Finding] = []

    async def judge(self) -> Accepted:
        """Look at everything."""
        head = await self._numbers()
        alliances = sorted(self._trees.keys() | (self._remembered.keys() - {self._log.id}))
        for alliance in alliances:
            await self._examine(alliance)
            self._signed(alliance, self._trees.get(alliance, Frontier()))
        await self._platform()
        for key in sorted(self._erased):
            record = await self._log.wrapped_key(key)
            if record is not None and record.wrapped:
                self._wrong(f"data key {key} was destroyed, and lives again")
        ordered = sorted(self._findings, key=lambda f: (f.position is None, f.position or 0))
        return Accepted(
            self._log.id,
            head,
            len(alliances),
            len(self._remembered),
            len(self._erased),
            tuple(ordered),
        )

    def _wrong(self, what: str, position: int | None = None) -> None:
        self._findings.append(Finding(what, position))

    async def _numbers(self) -> int:
        """Positions, sequences and revisions have no gap; bytes have their digest."""
        at = 0
        while events := await self._log.read_all(at, PAGE):
            leaves: dict[UUID, list[bytes]] = {}
            for event in events:
                if event.position != at + 1:
                    self._wrong(f"events {at + 1} to {event.position - 1} are missing", at + 1)
                at = event.position
                mine = leaves.setdefault(event.alliance, [])
                self._number(event, self._size(event.alliance) + len(mine))
                mine.append(event.leaf)
            for alliance, found in leaves.items():
                self._grow(alliance, found)
        return at

    def _number(self, event: StoredEvent, sequence: int) -> None:
        if event.sequence != sequence:
            self._wrong(f"has sequence {event.sequence}, not {sequence}", event.position)
        if event.revision != self._revisions.get(event.stream, 0) + 1:
            self._wrong("does not follow on the event before it in its stream", event.position)
        self._revisions[event.stream] = event.revision
        if leaf(event) != event.leaf:
            self._wrong("has another digest than its bytes", event.position)

    def _size(self, alliance: UUID) -> int:
        return self._trees.get(alliance, Frontier()).size

    def _grow(self, tree: UUID, leaves: list[bytes]) -> None:
        """Grow a tree; on its way it may pass what is remembered of it."""
        known = self._remembered.get(tree)
        now = self._trees.get(tree, Frontier())
        missing = known.size - now.size if known is not None else 0
        if 0 < missing <= len(leaves):
            now, _ = grown(now, leaves[:missing])
            self._roots[tree] = now.root
            leaves = leaves[missing:]
        self._trees[tree], _ = grown(now, leaves)

    def _signed(self, tree: UUID, found: Frontier) -> None:
        """Hold a tree against what the signer remembers."""
        known = self._remembered.get(tree)
        if known is None:
            return
        if known.origin.split("/")[1] != str(self._log.id):
            self._wrong(f"the signer remembers another log: {known.origin}")
        elif found.size < known.size:
            self._wrong(f"tree {tree} has {found.size} leaves; {known.size} were signed")
        elif self._roots.get(tree) != known.root:
            self._wrong(f"tree {tree} is another one of {known.size} leaves than was signed")

    async def _examine(self, alliance: UUID) -> None:
        for flaw in await Examination(self._log, self._store, alliance).flaws():
            position = None
            if flaw.sequence is not None:
                at = await self._log.read_alliance(alliance, flaw.sequence, 1)
                position = at[0].position if at and at[0].sequence == flaw.sequence else None
            where = f"alliance {alliance}"
            where += f", event {flaw.sequence}" if flaw.sequence is not None else ""
            self._wrong(f"{where}: {flaw.what}", position)

    async def _platform(self) -> None:
        at = 0
        while entries := await self._store.platform_entries(at, PAGE):
            if [number for number, _ in entries] != list(range(at, at + len(entries))):
                self._wrong(f"entries of the platform tree from {at} on are not without gaps")
            self._grow(self._log.id, [leaf_hash(entry) for _, entry in entries])
            at += len(entries)
        found = self._trees.get(self._log.id, Frontier())
        self._signed(self._log.id, found)
        newest = await self._store.newest(self._log.id)
        known = self._remembered.get(self._log.id)
        if newest is not None and known is not None and newest[0] > known.size:
            self._wrong(f"{newest[0]} leaves were published; the signer remembers {known.size}")


def remembered_in(folder: Path) -> dict[UUID, Checkpoint]:
    """The last checkpoint of every tree, out of the signer's folder; it may run meanwhile.

    Raises:
        FolderRefused: a file holds something else.
    """
    found: dict[UUID, Checkpoint] = {}
    last = folder / "last"
    for path in last.iterdir() if last.is_dir() else ():
        if len(path.name) == 36:
            try:
                found[UUID(path.name)] = checkpoint_of(path.read_text("utf-8"))
            except ValueError:
                raise FolderRefused(f"{path} holds no checkpoint") from None
    return found
