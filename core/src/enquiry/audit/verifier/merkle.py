"""RFC 6962 as one who checks needs it: hashing, and the two verifications (RFC 9162, 2.1.3-4)."""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf(entry: bytes) -> bytes:
    """Hash of a leaf."""
    return sha256(b"\x00" + entry).digest()


def pair(left: bytes, right: bytes) -> bytes:
    """Hash of two nodes beside each other."""
    return sha256(b"\x01" + left + right).digest()


def over(hashes: bytes) -> bytes:
    """The root over hashes beside each other, 32 bytes each; a power of two of them."""
    while len(hashes) > 32:
        pairs = range(0, len(hashes), 64)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in pairs])
    return hashes


def is_included(index: int, size: int, hash_: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf hash at ``index`` to the root of a tree of ``size``."""
    if not 0 <= index < size or not _are_hashes((hash_, root, *path)):
        return False
    here, last, found = index, size - 1, hash_
    for beside in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = pair(beside, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = pair(found, beside)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the path shows that the tree of ``new`` leaves begins with that of ``old``."""
    if old == new:
        # The same tree; but the empty one has a root that is known beforehand.
        return not path and old_root == new_root and (old > 0 or (old == 0 and old_root == EMPTY))
    if not 0 <= old < new or not _are_hashes((old_root, new_root, *path)):
        return False
    if old == 0:
        return not path and old_root == EMPTY
    if old & (old - 1) == 0:
        path = (old_root, *path)
    return bool(path) and _both(old, new, path) == (old_root, new_root)


def _both(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of both trees to which the path leads; ``None`` if it leads nowhere."""
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = path[0]
    for beside in path[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            first, second = pair(beside, first), pair(beside, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = pair(second, beside)
        here, last = here >> 1, last >> 1
    return (first, second) if last == 0 else None


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == 32 for value in values)


class Root:
    """The root of a tree whose leaf hashes come one after the other; O(log n) memory."""

    def __init__(self) -> None:
        """Begin with the empty tree."""
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []

    def add(self, hash_: bytes, height: int = 0) -> None:
        """One more leaf hash; or the root over 2^``height`` of them, where as many fit."""
        self.size += 1 << height
        while self._stack and self._stack[-1][0] == height:
            hash_ = pair(self._stack.pop()[1], hash_)
            height += 1
        self._stack.append((height, hash_))

    def digest(self) -> bytes:
        """The root of what was added so far."""
        if not self._stack:
            return EMPTY
        found = self._stack[-1][1]
        for _, left in reversed(self._stack[:-1]):
            found = pair(left, found)
        return found
