"""What the alliance remembers of erasures and holds: who by id, no words."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class Hold(Piece):
    """While it holds, no key that it covers is destroyed: neither on request nor by the clock."""

    by: UUID
    until: date
    """The last day on which it holds, UTC."""
    person: UUID | None = None
    """Whose texts; ``None``: everybody's."""
    stream: UUID | None = None
    """Where; ``None``: everywhere in the alliance."""
    kinds: tuple[str, ...] = ()
    """Which kinds of keys; empty: all."""

    def covers(self, stream: UUID, subject: UUID, kind: str, on: date) -> bool:
        """Whether it keeps this key from being destroyed on this day."""
        return (
            on <= self.until
            and self.person in (None, subject)
            and self.stream in (None, stream)
            and (not self.kinds or kind in self.kinds)
        )


class Stand(StrEnum):
    """How far an erasure is."""

    ASKED = "asked"
    WAITING = "waiting"
    """Granted by one person, and by reason of numbers it takes a second."""
    GRANTED = "granted"
    """The keys are being destroyed; what is held waits for the end of its hold."""
    REFUSED = "refused"
    DONE = "done"


class Erasure(Piece):
    """Somebody asked that what is kept about a person be made unreadable."""

    person: UUID
    """Whose texts: a person, or a pupil of a run's register."""
    by: UUID
    """Who asked: that person, or somebody on their behalf."""
    asked_at: datetime
    schools: tuple[UUID, ...] = ()
    """Schools whose data contacts decide."""
    stream: UUID | None = None
    """Only in this stream; ``None``: everywhere in the alliance."""
    stand: Stand = Stand.ASKED
    granted_by: UUID | None = None
    granted_at: datetime | None = None
    keeps: tuple[str, ...] = ()
    """Kinds of keys that stay, because a duty says so."""
    done_at: datetime | None = None
    keys: int = 0
    values: int = 0
    copies_until: date | None = None


def held(
    holds: Mapping[UUID, Hold], stream: UUID, subject: UUID, kind: str, on: date
) -> UUID | None:
    """The hold that keeps a key from being destroyed on a day; ``None``: nothing does."""
    found = (id_ for id_, hold in holds.items() if hold.covers(stream, subject, kind, on))
    return next(found, None)
