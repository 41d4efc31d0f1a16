"""How long what people wrote is kept: a row for each kind of key, as data of the method.

A key is for one (alliance, stream, subject, kind). When the time of a kind has run out in a stream,
every key of that kind there is destroyed, whosever it is. The rows name kinds and never people.

Source: 4.6.
"""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from enquiry.method.texts import slots_of


class Unless(Struct, frozen=True):
    """What keeps a kind although its time has run out."""

    what: str
    """In words that end the sentence of the row, such as "it was published"."""
    holds: Callable[[Any], bool]
    """Whether the state of the stream says so."""


class Keep(Struct, frozen=True, kw_only=True):
    """How long one kind is kept, counted from the end of its stream. Exactly one of four ways."""

    kind: str
    """Of the key, as in ``text(kind=...)``."""
    what: str
    """What that is, in words that a teacher reads."""
    days: int | None = None
    """So many whole days after the day on which the stream ended; 0 or more."""
    terms: int | None = None
    """To the end of the so-many-th term that begins after that day; 1 or more."""
    years: int | None = None
    """To the end of the so-many-th academic year that begins after that day; 1 or more."""
    because: str = ""
    """Why it is kept for ever."""
    unless: Unless | None = None
    """What keeps it all the same, for as long as the alliance is here."""

    def __post_init__(self) -> None:
        """Refuse a row that says nothing, or two things, or a time that is none."""
        told = [n for n in (self.days, self.terms, self.years) if n is not None]
        if len(told) + bool(self.because) != 1:
            raise ValueError(f"{self.kind}: say days, terms, years, or because: one of them")
        if told and told[0] < (0 if self.days is not None else 1):
            raise ValueError(f"{self.kind}: {told[0]} is too few")

    @property
    def for_ever(self) -> bool:
        """Whether its time never runs out by itself."""
        return bool(self.because)

    @property
    def sentence(self) -> str:
        """How long it is kept, as one sentence."""
        if self.unless is not None:
            return f"{self._time.removesuffix('.')}, unless {self.unless.what}."
        return self._time

    @property
    def _time(self) -> str:
        if self.because:
            return f"For as long as the alliance is here: {self.because}."
        if self.days is not None:
            return f"{_count(self.days, 'day')} after the end." if self.days else "Until the end."
        if self.terms is not None:
            return f"To the end of the {_nth(self.terms)}term after the end."
        return f"To the end of the {_nth(self.years or 1)}academic year after the end."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _nth(number: int) -> str:
    return "" if number == 1 else f"{number}. "


def kinds_of(entry: type[Any]) -> frozenset[str]:
    """The kinds of keys under which the texts of a form or a fact are sealed."""
    return frozenset(_kinds(slots_of(entry)))


def _kinds(slots: Any) -> Iterator[str]:
    for slot in slots:
        if slot.inner:
            yield from _kinds(slot.inner)
        elif slot.field is not None and slot.field.subject:
            yield slot.field.kind
