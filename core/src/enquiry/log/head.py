"""The newest position that this process has heard of, and those who wait for the next."""

import asyncio
import contextlib


class Head:
    """Only ever rises. The log may have grown beyond it."""

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

    async def beyond(self, after: int, seconds: float) -> int:
        """The position, as soon as it is beyond ``after`` or so many seconds have passed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.position <= after:
                    await self._risen.wait()
        return self.position
