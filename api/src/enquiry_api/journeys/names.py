"""What a story's names stand for, and its local times as instants."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from msgspec import Struct

from enquiry_api.journeys.story import StoryError

_LOCAL = re.compile(r"@?(?:(\d{4}-\d{2}-\d{2}) )?(\d{2}:\d{2})")
OPERATOR = "operator"
"""Whoever runs the server."""


class Person(Struct, frozen=True):
    """Somebody in a story."""

    id: UUID
    called: str


class Stream(Struct, frozen=True):
    """A stream that a step opened."""

    id: str
    href: str


class Names:
    """What names stand for in one story; those of stories before and beside it are known too."""

    def __init__(self, before: "tuple[Names, ...]" = ()) -> None:
        """``before``: names of what was played before; looked up where this has none."""
        self._before = before
        self._beside: tuple[Names, ...] = ()
        self._own: dict[str, Any] = {}
        self.play = uuid4().hex
        """Tells this play from every other, also of the same story."""

    def give(self, name: str, thing: Any) -> None:
        """Let a name stand for something from now on."""
        self._own[name] = thing

    def introduce(self, name: str, called: str) -> None:
        """Let a name stand for a person, unless one of the stories before knows them."""
        known = self.find(name)
        if isinstance(known, Person) and known.called == called:
            return
        self._own[name] = Person(uuid4(), called)

    def stand_beside(self, others: "Iterable[Names]") -> None:
        """Know the names of stories that are played together with this one.

        They are looked up where neither this story nor one before it has the name, first come
        first served.
        """
        self._beside = tuple(others)

    def find(self, name: str) -> Any:
        """What a name stands for, or ``None``."""
        known = self._told(name)
        if known is not None:
            return known
        found = (names._told(name) for names in self._beside)  # noqa: SLF001 - of its own kind
        return next((thing for thing in found if thing is not None), None)

    def _told(self, name: str) -> Any:
        """What a name stands for in this story or one before it, or ``None``."""
        if name in self._own:
            return self._own[name]
        found = (names.find(name) for names in self._before)
        return next((thing for thing in found if thing is not None), None)

    def stream(self, name: str) -> Stream:
        """The stream of this name.

        Raises:
            StoryError: there is none.
        """
        found = self.find(name.removeprefix("$"))
        if not isinstance(found, Stream):
            raise StoryError(f"{name} is no stream that was opened before")
        return found

    def person(self, name: str) -> Person:
        """The person of this name.

        Raises:
            StoryError: there is none.
        """
        found = self.find(name.removeprefix("$"))
        if not isinstance(found, Person):
            raise StoryError(f"{name} is nobody: add them to people")
        return found

    def people(self) -> dict[str, Person]:
        """Everybody, by name."""
        found: dict[str, Person] = {}
        for names in self._before:
            found |= names.people()
        return found | {n: thing for n, thing in self._own.items() if isinstance(thing, Person)}

    def said(self, value: Any, now: datetime, zone: ZoneInfo) -> Any:
        """A value as it is sent: ``$name`` is what it stands for, ``@09:10`` is an instant.

        Args:
            value: out of a story; a text that really begins so has it twice (``$$``, ``@@``).
            now: of the step, for times without a day.
            zone: in which times are told.

        Raises:
            StoryError: a name stands for nothing.
        """
        match value:
            case str() if value.startswith(("$$", "@@")):
                return value[1:]
            case str() if value.startswith("$"):
                return self._named(value[1:])
            case str() if value.startswith("@"):
                return instant_text(local(value, now, zone))
            case dict():
                every = cast("dict[str, Any]", value)
                return {key: self.said(inner, now, zone) for key, inner in every.items()}
            case list():
                return [self.said(inner, now, zone) for inner in cast("list[Any]", value)]
            case _:
                return value

    def _named(self, name: str) -> Any:
        found = self.find(name)
        if found is None:
            raise StoryError(f"${name} stands for nothing")
        if isinstance(found, Person | Stream):
            return str(found.id)
        return found


def local(text: str, before: datetime | None, zone: ZoneInfo) -> datetime:
    """A local time as an instant, UTC.

    Args:
        text: ``2026-11-19 09:10``, or ``09:10`` on the day of ``before``; an ``@`` may lead.
        before: the time of the step before.
        zone: where the time is local.

    Raises:
        StoryError: it is no time, lacks its day, or the clocks there skip it.
    """
    found = _LOCAL.fullmatch(text)
    if found is None:
        raise StoryError(f"{text!r} is no time such as 2026-11-19 09:10 or 09:10")
    day, clock = found.groups()
    if day is None and before is None:
        raise StoryError(f"{text}: the first step says its day")
    try:
        on = datetime.fromisoformat(day).date() if day else _day(before, zone)
        there = datetime.combine(on, time.fromisoformat(clock), zone)
    except ValueError as error:
        raise StoryError(f"{text!r}: {error}") from None
    instant = there.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise StoryError(f"{text}: the clocks in {zone.key} skip this time")
    return instant


def _day(before: datetime | None, zone: ZoneInfo) -> Any:
    assert before is not None  # noqa: S101 - the caller looked
    return before.astimezone(zone).date()


def instant_text(instant: datetime) -> str:
    """An instant as it is sent."""
    return instant.isoformat().replace("+00:00", "Z")
