"""The newest position that this process has heard of, and those who wait for the next."""

import asyncio
import contextlib


class Head:
    """Rises with every commit that is heard of. The log may have grown beyond it."""

    def __init__(self) -> None:
        """Start at an empty log."""
        self.position = 0
        self._risen = asyncio.Event()

    def rise(self, position: int) -> None:
        """Take note of a position; wake everybody who waits if it is a new one."""
        if position > self.position:
            self.position = position
            self._risen.set()
            self._risen = asyncio.Event()

    def learn(self, position: int, known: int) -> None:
        """Take note of what the log itself says; it is lower than we knew after a restore only.

        Args:
            position: the log's answer.
            known: our position before it was asked. Where that has risen meanwhile, the answer may
                be the older of the two, and lowers nothing.
        """
        if position < known == self.position:
            self.position = position
        self.rise(position)

    async def beyond(self, after: int, seconds: float) -> int:
        """The position, as soon as it is beyond ``after`` or so many seconds have passed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.position <= after:
                    await self._risen.wait()
        return self.position
