"""The Merkle tree of RFC 6962, over leaf hashes: roots and proofs as pure functions.

Nothing here holds a whole tree. A tree is its size and its *frontier*: the roots of the perfect
subtrees of which it is made, O(log n) hashes. Proofs are told in `Node` coordinates first, so that
whoever keeps the hashes can fetch exactly those that are needed.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from hashlib import sha256
from typing import NamedTuple

from msgspec import Struct

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves, and of no other."""
TILE_HEIGHT = 8
"""Nodes of every eighth height are stored: each of them stands in a tile."""


class Node(NamedTuple):
    """The root of a perfect subtree: leaves ``number << height`` up to the next, exclusive."""

    height: int
    number: int


Span = tuple[Node, ...]
"""Perfect subtrees beside each other, the largest first, that make up one subtree of a proof."""
HashOf = Callable[[Node], bytes]


class Frontier(Struct, frozen=True):
    """All that must be remembered of a tree to let it grow and to know its root."""

    size: int = 0
    """How many leaves."""
    peaks: tuple[bytes, ...] = ()
    """Roots of its perfect subtrees, from left to right: one for each bit that is set in `size`."""

    @property
    def root(self) -> bytes:
        """The Merkle tree hash, 32 bytes."""
        return folded(self.peaks) if self.peaks else EMPTY_ROOT


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """Root over perfect subtrees, each smaller than the one before; at least one."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes[:-1]), hashes[-1])


def grown(tree: Frontier, leaves: Iterable[bytes]) -> tuple[Frontier, dict[int, list[bytes]]]:
    """The tree with these leaf hashes after its own.

    Returns:
        The new frontier, and for each tile level the hashes that came to it, in order.
    """
    peaks, size = list(tree.peaks), tree.size
    stored: dict[int, list[bytes]] = {}
    for leaf in leaves:
        stored.setdefault(0, []).append(leaf)
        hash_, height, rest = leaf, 0, size
        while rest & 1:
            hash_, height, rest = node_hash(peaks.pop(), hash_), height + 1, rest >> 1
            if height % TILE_HEIGHT == 0:
                stored.setdefault(height // TILE_HEIGHT, []).append(hash_)
        peaks.append(hash_)
        size += 1
    return Frontier(size, tuple(peaks)), stored


def span(first: int, last: int) -> Span:
    """The perfect subtrees over leaves ``first`` to ``last``, exclusive, the largest first.

    ``first`` is a multiple of the largest power of two that is not above ``last - first``, as it
    is for every subtree of RFC 6962.
    """
    nodes: list[Node] = []
    while first < last:
        height = (last - first).bit_length() - 1
        nodes.append(Node(height, first >> height))
        first += 1 << height
    return tuple(nodes)


def inclusion(index: int, size: int) -> tuple[Span, ...]:
    """Which subtrees prove that leaf ``index`` is in the tree of ``size``, from the leaf upwards.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[Span] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(span(middle, last))
            last = middle
        else:
            path.append(span(first, middle))
            first = middle
    return tuple(reversed(path))


def consistency(old: int, new: int) -> tuple[Span, ...]:
    """Which subtrees prove that the tree of ``new`` leaves begins with that of ``old``.

    Raises:
        ValueError: the old tree is empty, or larger than the new one.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not extend one of {old} provably")
    path: list[Span] = []
    first, last = 0, new
    while last > old:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(span(middle, last))
            last = middle
        else:
            path.append(span(first, middle))
            first = middle
    if first > 0:
        path.append(span(first, last))
    return tuple(reversed(path))


def _split(width: int) -> int:
    """The largest power of two below ``width``, which is at least 2."""
    return 1 << (width - 1).bit_length() - 1


def frontier(size: int, hash_of: HashOf) -> Frontier:
    """The frontier of the first ``size`` leaves, from stored hashes."""
    return Frontier(size, tuple(hash_of(node) for node in span(0, size)))


def proof(spans: Iterable[Span], hash_of: HashOf) -> tuple[bytes, ...]:
    """The hashes of a proof, 32 bytes each, in the order of RFC 6962."""
    return tuple(folded([hash_of(node) for node in nodes]) for nodes in spans)
