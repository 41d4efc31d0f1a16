"""How often something may be asked for: so many times within so many seconds."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

KNOWN_MAX = 10_000
"""Askers that are remembered; beyond that the one that was quiet for longest is forgotten."""


class Rate:
    """Counts for each asker within a window that slides. In memory, for one process."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Let through ``most`` (inclusive) in ``seconds``; ``clock`` tells seconds."""
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._known: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def wait(self, asker: Hashable) -> float | None:
        """``None``, and it is counted; or after how many seconds to come again."""
        now = self._clock()
        times = self._known.setdefault(asker, deque())
        self._known.move_to_end(asker)
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return times[0] + self._seconds - now
        times.append(now)
        return None
