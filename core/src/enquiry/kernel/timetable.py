"""What one person is booked for, out of the booking calendars: slots with everything that changed.

A calendar's own state holds what stands. A timetable also has to say what no longer takes place and
how often a slot was moved, so it keeps every booking of a key, in order.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.bookings import Booked, Booking, Released
from enquiry.method.method import Recorded


class Turn(Struct, frozen=True):
    """What a key stood for from one moment on; ``None``: it was released."""

    at: datetime
    booking: Booking | None


class Diary(Struct, frozen=True):
    """Everything that one calendar ever said, up to a revision."""

    revision: int = 0
    turns: Mapping[str, tuple[Turn, ...]] = {}
    """By the key of the booking, oldest first."""

    def after(self, facts: Iterable[Recorded], revision: int) -> "Diary":
        """The diary at a later revision, with the facts from behind its own up to that one."""
        turns = dict(self.turns)
        for fact in facts:
            if isinstance(fact.entry, Booked):
                booking: Booking | None = fact.entry.booking
                key = fact.entry.booking.key
            elif isinstance(fact.entry, Released):
                booking, key = None, fact.entry.key
            else:
                continue
            turns[key] = (*turns.get(key, ()), Turn(fact.was.at, booking))
        return Diary(revision, turns)


class Slot(Struct, frozen=True, kw_only=True):
    """A time for which somebody is or was booked: half-open."""

    key: str
    start: datetime
    end: datetime
    room: UUID | None
    school: UUID | None
    """Whose room it is."""
    visited: bool
    """The lesson that is visited is this person's own."""
    cancelled: bool
    """It does not take place, or no longer with this person."""
    changes: int
    """How often it changed for this person after it was first booked; it never becomes fewer."""
    changed_at: datetime

    @property
    def run(self) -> UUID:
        """The run that booked it."""
        return UUID(self.key.partition("/")[0])

    @property
    def what(self) -> str:
        """Which of the run's bookings it is."""
        return self.key.partition("/")[2]


def slots_of(person: UUID, diaries: Iterable[Diary]) -> tuple[Slot, ...]:
    """Everything that these calendars say of one person, earliest first.

    Several calendars may keep one booking. It stands for the person if one of them says so; how
    often it changed is counted over all of them, so that the number only ever grows, whichever
    calendars keep the booking from now on.
    """
    every: dict[str, list[tuple[Turn, ...]]] = {}
    for diary in diaries:
        for key, turns in diary.turns.items():
            every.setdefault(key, []).append(turns)
    found = (_slot(person, key, turns) for key, turns in every.items())
    return tuple(sorted((s for s in found if s is not None), key=lambda s: (s.start, s.key)))


def _slot(person: UUID, key: str, calendars: list[tuple[Turn, ...]]) -> Slot | None:
    told = [list(_told(person, turns)) for turns in calendars]
    told = [one for one in told if one]
    if not told:
        return None
    standing = [one[-1] for one in told if one[-1].booking is not None]
    last = standing or [turn for one in told for turn in one if turn.booking is not None]
    booking = max(last, key=lambda turn: turn.at).booking
    if booking is None:
        return None
    return Slot(
        key=key,
        start=booking.start,
        end=booking.until(person),
        room=booking.room,
        school=booking.room_school,
        visited=booking.visited == person,
        cancelled=not standing,
        changes=sum(map(len, told)) - 1,
        changed_at=max(one[-1].at for one in told),
    )


def _told(person: UUID, turns: tuple[Turn, ...]) -> Iterator[Turn]:
    """The turns that made a difference to this person, from the first that bound them."""
    known: Any = None
    for turn in turns:
        bound = turn.booking is not None and person in turn.booking.bound
        said = _said(person, turn.booking) if bound and turn.booking is not None else None
        if said != known:
            yield turn if bound else Turn(turn.at, None)
        known = said


def _said(person: UUID, booking: Booking) -> tuple[Any, ...]:
    return booking.start, booking.until(person), booking.room, booking.visited == person
