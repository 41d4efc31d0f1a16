"""What is shown of a tree to those who may see it: checkpoint, tiles, proofs. Digests only."""

from base64 import b64encode
from collections.abc import Sequence
from uuid import UUID

from enquiry.audit import tree as trees
from enquiry.audit.keys import policy_line
from enquiry.audit.notes import Checkpoint, checkpoint_of
from enquiry.audit.store import TreeStore
from enquiry.audit.tiles import Tile, Tiles, holds, needed
from enquiry.audit.tree import HASH_BYTES, Span


class NotSigned(LookupError):
    """No checkpoint covers that much yet, or there is no such leaf, tile or size."""


class Proofs:
    """One tree, as its last checkpoint has it."""

    def __init__(self, store: TreeStore, tree: UUID) -> None:
        """Read the tree ``tree`` from ``store``."""
        self._store = store
        self._tree = tree

    async def checkpoint(self) -> str:
        """The newest checkpoint, a signed note.

        Raises:
            NotSigned: nothing was signed yet.
        """
        return (await self._newest())[1]

    async def keys(self) -> list[str]:
        """Which key may sign which sizes, as a verifier takes it; the last line signs now.

        Raises:
            NotSigned: nothing was signed yet.
        """
        checkpoint, _ = await self._newest()
        return [policy_line(checkpoint.origin, key) for key in await self._store.keys(self._tree)]

    async def tile(self, tile: Tile, width: int) -> bytes:
        """The first ``width`` hashes of a tile.

        Raises:
            NotSigned: no checkpoint reaches so far.
        """
        checkpoint, _ = await self._newest()
        if not holds(tile, width, checkpoint.size):
            raise NotSigned
        held = await self._store.tiles(self._tree, [tile])
        return held[tile][: width * HASH_BYTES]

    async def inclusion(self, index: int) -> str:
        """That the leaf at ``index`` is in the tree: a ``tlog-proof``, under the newest checkpoint.

        Raises:
            NotSigned: no checkpoint covers it yet.
        """
        checkpoint, note = await self._newest()
        if not 0 <= index < checkpoint.size:
            raise NotSigned
        hashes = await self._hashes(trees.inclusion(index, checkpoint.size))
        return inclusion_text(index, hashes, note)

    async def consistency(self, old: int, new: int) -> str:
        """That the tree of ``new`` leaves begins with that of ``old``: hashes, base64, a line each.

        Raises:
            NotSigned: no checkpoint reaches so far, or nothing is to be proved of these sizes.
        """
        checkpoint, _ = await self._newest()
        if not 0 < old <= new <= checkpoint.size:
            raise NotSigned
        hashes = await self._hashes(trees.consistency(old, new))
        return "".join(f"{line}\n" for line in _lines(hashes))

    async def _newest(self) -> tuple[Checkpoint, str]:
        found = await self._store.newest(self._tree)
        if found is None:
            raise NotSigned
        return checkpoint_of(found[1]), found[1]

    async def _hashes(self, spans: tuple[Span, ...]) -> tuple[bytes, ...]:
        held = await self._store.tiles(self._tree, needed(spans))
        return trees.proof(spans, Tiles(held).hash_of)


def inclusion_text(index: int, hashes: Sequence[bytes], note: str) -> str:
    """An inclusion proof as C2SP tlog-proof has it."""
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *_lines(hashes), "", note]
    return "\n".join(lines)


def _lines(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(hash_).decode() for hash_ in hashes]
