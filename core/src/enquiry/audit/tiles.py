"""Tiles (C2SP tlog-tiles): 256 hashes beside each other; what is stored of a tree, and served."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from enquiry.audit.tree import HASH_BYTES, TILE_HEIGHT, Node, Span, node_hash

WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile."""
LEVEL_MAX = 63
"""Inclusive, as the specification has it."""
_NUMBER = r"(?:x\d{3}/){0,5}\d{3}"
_PATH = re.compile(rf"(0|[1-9]\d?)/({_NUMBER})(?:\.p/([1-9]\d{{0,2}}))?", re.ASCII)


class Tile(NamedTuple):
    """Which tile: hashes of height ``8 * level``, from ``256 * number`` on."""

    level: int
    number: int


def number_path(number: int) -> str:
    """A number in groups of three digits, all but the last after an ``x``: ``x001/234``."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def path(tile: Tile, width: int = WIDTH) -> str:
    """Where a tile stands, below ``tile/``; ``width`` from 1 to 256."""
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"{tile.level}/{number_path(tile.number)}{suffix}"


def parsed(text: str) -> tuple[Tile, int]:
    """The tile at a path, and its width.

    Raises:
        ValueError: it is no path of a tile.
    """
    found = _PATH.fullmatch(text)
    if found is None:
        raise ValueError(f"not a tile: {text!r}")
    number = int(found[2].replace("x", "").replace("/", ""))
    tile, width = Tile(int(found[1]), number), int(found[3] or WIDTH)
    if tile.level > LEVEL_MAX or path(tile, width) != text:
        raise ValueError(f"not a tile: {text!r}")
    return tile, width


def tiles_of(size: int) -> Iterator[tuple[Tile, int]]:
    """Every tile of a tree of this size with its width, level by level."""
    level, hashes = 0, size
    while hashes:
        full, rest = divmod(hashes, WIDTH)
        yield from ((Tile(level, number), WIDTH) for number in range(full))
        if rest:
            yield Tile(level, full), rest
        level, hashes = level + 1, full


def holds(tile: Tile, width: int, size: int) -> bool:
    """Whether a tree of this size has so many hashes of this tile."""
    hashes = size >> (TILE_HEIGHT * tile.level)
    return tile.number * WIDTH + width <= hashes


def tile_of(node: Node) -> Tile:
    """The tile from which the hash of a node is computed."""
    level, above = divmod(node.height, TILE_HEIGHT)
    return Tile(level, (node.number << above) // WIDTH)


def needed(spans: Iterable[Span]) -> set[Tile]:
    """The tiles from which the hashes of a proof are computed."""
    return {tile_of(node) for nodes in spans for node in nodes}


class Missing(LookupError):
    """A hash that the tree must have is in no tile."""


class Tiles:
    """Hashes of nodes out of tiles that are at hand."""

    def __init__(self, held: Mapping[Tile, bytes]) -> None:
        """``held`` are the hashes of each tile, one after the other; tiles may be partial."""
        self._held = held

    def hash_of(self, node: Node) -> bytes:
        """The hash of a node.

        Raises:
            Missing: its tile is not at hand, or does not reach so far.
        """
        tile = tile_of(node)
        above = node.height % TILE_HEIGHT
        first = (node.number << above) % WIDTH * HASH_BYTES
        part = self._held.get(tile, b"")[first : first + (HASH_BYTES << above)]
        if len(part) != HASH_BYTES << above:
            raise Missing(f"tile {path(tile)} does not reach node {node}")
        hashes = [part[at : at + HASH_BYTES] for at in range(0, len(part), HASH_BYTES)]
        while len(hashes) > 1:
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [node_hash(left, right) for left, right in pairs]
        return hashes[0]
