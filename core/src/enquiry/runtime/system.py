"""The composition root: the one module that knows which parts are real.

What the HTTP edge may call. Every method that takes an ``Asker`` shows only what that person may see
at the time of the call, and raises ``Reject("NOT_FOUND")`` for what they may not know exists.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from enquiry.runtime.terms import (
    Asker,
    Change,
    Command,
    Outcome,
    Page,
    Representation,
    Reset,
)

At = int | datetime | None
"""A position, a time, or now."""


class System:
    """Everything that runs, put together."""

    async def act(self, command: Command) -> Outcome:
        """Judge a command, record what it brings about, answer.

        Raises:
            Reject: with the code of the lowest unmet step.
            Preconditioned: a decision without ``if_match``.
            Unavailable: the log cannot be reached.
        """
        raise NotImplementedError

    async def read(self, asker: Asker, stream: UUID, now: datetime, at: At = None) -> Representation:
        """A stream as this viewer may see it: state, actions with reasons, warnings, views."""
        raise NotImplementedError

    async def view(self, asker: Asker, stream: UUID, name: str, now: datetime, at: At = None) -> Any:
        """One read model, as plain JSON values with texts opened."""
        raise NotImplementedError

    async def history(
        self, asker: Asker, stream: UUID, cursor: str | None, limit: int, at: At = None
    ) -> Page:
        """Facts of a stream that this viewer may see, oldest first (items: ``HistoryItem``)."""
        raise NotImplementedError

    async def streams(
        self, asker: Asker, stream: str, cursor: str | None, limit: int, alliance: UUID | None = None
    ) -> Page:
        """Runs, enquiries or alliances that this viewer may see, newest change first (``Summary``)."""
        raise NotImplementedError

    async def inbox(self, asker: Asker, now: datetime, cursor: str | None, limit: int) -> Page:
        """What this person can do now, over all their streams (items: ``InboxItem``)."""
        raise NotImplementedError

    def changes(self, asker: Asker, after: int | None) -> AsyncIterator[Change | Reset | None]:
        """Follow the log as this viewer may: ``None`` is a heartbeat (every 15 s at the latest)."""
        raise NotImplementedError

    async def reached(self, position: int, seconds: float) -> None:
        """Wait until the views have reached this position; raises ``Behind``."""
        raise NotImplementedError

    async def tick(self, now: datetime) -> int:
        """Run everything that is due at this time; returns how many warnings were raised or resolved."""
        raise NotImplementedError

    async def health(self) -> dict[str, Any]:
        """Readiness: each engine, migration level, projection lag in events and seconds."""
        raise NotImplementedError
