"""The files of a bundle, read where they stand: nothing is unpacked, nothing is written.

Only the plainest form of tar is taken: regular files with short names, no links, no compression,
no extensions. So there is nothing that could grow, point elsewhere or nest.
"""

import mmap
import re
from pathlib import Path

BLOCK = 512
FILES_MAX = 500_000
FILE_BYTES_MAX = 256 * 1024 * 1024
_NAME = re.compile(
    r"bag/(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,40}/){0,8}[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}"
)


class Unreadable(Exception):
    """This is no bundle, or one that is not to be trusted with reading it."""


class Archive:
    """A bundle as files by name, without the leading ``bag/``."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        """Find every file.

        Raises:
            Unreadable: anything in it is not as a bundle has it.
        """
        self._content = content
        self._where: dict[str, tuple[int, int]] = {}
        at = 0
        while True:
            header = content[at : at + BLOCK]
            if len(header) < BLOCK:
                raise Unreadable("the file ends before the bundle does")
            if not any(header):
                break
            name, size = _header(header)
            if name in self._where:
                raise Unreadable(f"{name} stands twice")
            if len(self._where) == FILES_MAX or size > FILE_BYTES_MAX:
                raise Unreadable(f"{name}: too many files, or one that is too large")
            self._where[name] = (at + BLOCK, size)
            end = at + BLOCK + size
            at = end + -size % BLOCK
            if at > len(content) or any(content[end:at]):
                raise Unreadable(f"{name} does not end as it should")
        rest = len(content) - at
        if rest < 2 * BLOCK or rest > 1024 * 1024 or any(content[at:]):
            raise Unreadable("something follows the end of the bundle")

    @classmethod
    def open(cls, path: Path) -> "Archive":
        """A bundle on disk.

        Raises:
            Unreadable: as above.
            OSError: it cannot be opened.
        """
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                raise Unreadable("the file is empty")
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def names(self) -> list[str]:
        """Every file, in the order of the bundle."""
        return list(self._where)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._where

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            Unreadable: there is none.
        """
        if name not in self._where:
            raise Unreadable(f"{name} is missing")
        at, size = self._where[name]
        return self._content[at : at + size]

    def text(self, name: str) -> str:
        """The content of a small text file.

        Raises:
            Unreadable: there is none, it is too large, or no UTF-8.
        """
        content = self.read(name)
        if len(content) > 64 * 1024 * 1024:
            raise Unreadable(f"{name} is too large")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise Unreadable(f"{name} is not UTF-8") from None


def _header(header: bytes) -> tuple[str, int]:
    try:
        name = header[:100].rstrip(b"\0").decode("ascii")
        size = int(header[124:135].decode("ascii"), 8)
        told = int(header[148:154].decode("ascii"), 8)
    except ValueError:
        raise Unreadable("this is no bundle: no tar header where one must be") from None
    if told != sum(header) - sum(header[148:156]) + 8 * 32:
        raise Unreadable("a tar header does not match its checksum")
    if header[257:263] != b"ustar\0" or header[156:157] != b"0" or any(header[345:500]):
        raise Unreadable(f"{name!r} is not a plain file")
    if size < 0 or not _NAME.fullmatch(name) or ".." in name:
        raise Unreadable(f"{name!r} is not a name that a bundle has")
    return name.removeprefix("bag/"), size
