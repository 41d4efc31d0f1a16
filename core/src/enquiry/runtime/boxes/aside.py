"""Putting words aside together with the append that says that somebody did."""

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from enquiry.log.promise import Conflict, KeyGone, KeyReused, Malformed
from enquiry.method.method import Emptied, PutAside
from enquiry.method.rules import Reject
from enquiry.runtime.boxes.keeping import Boxes

_REFUSED = (Conflict, KeyGone, KeyReused, Malformed, Reject)
"""The append did not happen, and that is certain."""
_TAG_BYTES = 16


class Aside:
    """What one attempt puts into boxes, and which boxes it empties."""

    def __init__(self, boxes: Boxes, items: Sequence[PutAside | Emptied]) -> None:
        """``items`` as the decision has them."""
        self._boxes = boxes
        self._put = {secrets.token_hex(_TAG_BYTES): i for i in items if isinstance(i, PutAside)}
        self._emptied = [item for item in items if isinstance(item, Emptied)]

    async def put(self) -> None:
        """Put everything in: before the append, so that nothing acknowledged can be lost."""
        for tag, item in self._put.items():
            await self._boxes.put(item.box, tag, item.words)

    async def settle(self, *, happened: bool) -> None:
        """Leave it there if the append happened; otherwise it is as if it had never been."""
        if not happened:
            for tag, item in self._put.items():
                await self._boxes.take_back(item.box, tag)
            return
        for item in self._emptied:
            await self._boxes.empty(item.box)


@asynccontextmanager
async def putting_aside(boxes: Boxes, items: Sequence[PutAside | Emptied]) -> AsyncGenerator[Aside]:
    """Put words aside for the time of an append; take them back if that is refused.

    If the process ends in between, or nobody knows whether the append happened, the words stay:
    somebody who answers again may then be counted twice, and nothing acknowledged is lost.
    """
    aside = Aside(boxes, items)
    await aside.put()
    try:
        yield aside
    except _REFUSED:
        await aside.settle(happened=False)
        raise
