"""What boxes promise, and the reference that keeps them in memory."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from enquiry.method.method import Box


class Boxes(Protocol):
    """Boxes by id. A box that holds nothing does not exist."""

    async def read(self, box: UUID) -> Box | None:
        """What is in a box, in no order; ``None``: nothing."""
        ...

    async def put(self, box: UUID, tag: str, words: str) -> None:
        """Put something in. It is on disk when this returns.

        Args:
            box: which one.
            tag: random, known to nobody but whoever puts it in, so that they can take it back.
            words: what is put in.
        """
        ...

    async def take_back(self, box: UUID, tag: str) -> None:
        """Take out what was put in under this tag, if it is there."""
        ...

    async def empty(self, box: UUID) -> None:
        """Throw away everything that is in a box."""
        ...


def box_with(held: Mapping[str, str]) -> Box | None:
    """What readers get of what is held by tag: sorted, so that no order can tell anything."""
    return Box(tuple(sorted(held.values()))) if held else None


class MemoryBoxes:
    """Boxes that last as long as the process: for tests, and for a log in memory."""

    def __init__(self) -> None:
        """No box holds anything."""
        self._held: dict[UUID, dict[str, str]] = {}

    async def read(self, box: UUID) -> Box | None:
        """See ``Boxes``."""
        return box_with(self._held.get(box, {}))

    async def put(self, box: UUID, tag: str, words: str) -> None:
        """See ``Boxes``."""
        self._held.setdefault(box, {})[tag] = words

    async def take_back(self, box: UUID, tag: str) -> None:
        """See ``Boxes``."""
        self._held.get(box, {}).pop(tag, None)

    async def empty(self, box: UUID) -> None:
        """See ``Boxes``."""
        self._held.pop(box, None)
