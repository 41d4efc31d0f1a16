"""Where tiles stand in a bundle, and how wide they are."""

from collections.abc import Iterator

LEVELS_MAX = 8
WIDTH = 256
"""Hashes in a full tile."""


def tile_name(number: int, width: int) -> str:
    """The path of a tile below its level: ``x001/234.p/5``."""
    digits = f"{number:03d}"
    digits = "0" * (-len(digits) % 3) + digits
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "".join(f"x{group}/" for group in groups[:-1]) + groups[-1]
    return path if width == 256 else f"{path}.p/{width}"


def widths(hashes: int) -> Iterator[int]:
    """How wide each tile of a level with so many hashes is."""
    for _ in range(hashes // 256):
        yield 256
    if hashes % 256:
        yield hashes % 256
