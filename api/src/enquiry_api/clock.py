"""What time it is: the machine's, or the one that a story tells."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the edge takes the time of a request from."""

    @property
    def settable(self) -> bool:
        """Whether a request may say what time it is (``Enquiry-Now``)."""
        ...

    def now(self, said: datetime | None = None) -> datetime:
        """The time of a request, UTC; ``said`` is what the request claims, where it may."""
        ...


class WallClock:
    """The machine's clock. Nobody may say otherwise."""

    settable = False

    def now(self, said: datetime | None = None) -> datetime:
        """The time, UTC."""
        del said
        return datetime.now(UTC)


class StoryClock:
    """For stories that take months and are played in seconds: the latest time that was said.

    A request without a time lives in the present of the story, so that whoever looks at a played
    story sees it as it stands at its end.
    """

    settable = True

    def __init__(self) -> None:
        """Until a time is said, it is the machine's."""
        self._latest: datetime | None = None

    def now(self, said: datetime | None = None) -> datetime:
        """The time that was said; else the latest that ever was, UTC."""
        if said is None:
            return self._latest or datetime.now(UTC)
        if self._latest is None or said > self._latest:
            self._latest = said
        return said
