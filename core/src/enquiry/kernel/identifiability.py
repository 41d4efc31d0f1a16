"""Whether something may leave the people it came from: read by somebody for what could identify.

Pure rules for whatever releases anything: runs, reports, exports. A reading is a checklist that one
person has gone through, with what TextGuard found at that moment. For the public it takes two.
Public outputs say a month and no day, and name a school only if the school consents.

Source: 4.5.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from enquiry.method.ctx import TextCheck
from enquiry.method.entry import Piece
from enquiry.method.fields import plain


class Audience(StrEnum):
    """For whom something is released."""

    GROUP = "group"
    SCHOOL = "school"
    ALLIANCE = "alliance"
    PUBLIC = "public"


class Check(StrEnum):
    """What a reader looks for; each could tell who somebody is."""

    NAMES = "names"
    ROLES = "roles"
    UNIQUE_EVENTS = "unique_events"
    PHOTOS = "photos"
    DATES_AND_PLACES = "dates_and_places"
    COMBINATION = "combination"


class GuardResult(Piece):
    """What TextGuard found in what is to be released."""

    words: Annotated[str, plain("Word lists", because="a version of the word lists")] = ""
    identifying: int = 0
    """Spans that name somebody or something; none may be left."""
    remarked: int = 0
    """Spans that may identify, or narrow down."""


class Reading(Piece):
    """Somebody has read something for what could identify."""

    reader: UUID
    revision: int
    """Of the stream, when they had read it."""
    audience: Audience
    clear: tuple[Check, ...]
    """What they have looked for and found nothing of."""
    guard: GuardResult
    confirmed: bool
    """They say that it may be released."""


_REMARKS = frozenset({"MAY_IDENTIFY", "NARROWING_TEXT"})
_REACH = tuple(Audience)
READERS: Mapping[Audience, int] = dict.fromkeys(Audience, 1) | {Audience.PUBLIC: 2}
"""How many people must have read it."""


def guarded(texts: Iterable[str], check: TextCheck, words: str) -> GuardResult:
    """What TextGuard finds in texts that are to be released.

    Args:
        texts: everything that will be read, part by part.
        check: with the roster inside (``ctx.texts``).
        words: version of its word lists (``ctx.words``).
    """
    codes = [found.code for text in texts for found in check(text, "reports", False, "")]
    return GuardResult(
        words=words,
        identifying=codes.count("IDENTIFYING_TEXT"),
        remarked=sum(code in _REMARKS for code in codes),
    )


def reaches(released: Audience, wanted: Audience) -> bool:
    """Whether what may go to one audience may go to another: as wide a one, or narrower."""
    return _REACH.index(released) >= _REACH.index(wanted)


def holds(reading: Reading, audience: Audience, changed_at: int) -> bool:
    """Whether a reading lets something be released to this audience.

    Args:
        reading: what was looked for and found.
        audience: for whom. A reading for a wider audience holds for a narrower one.
        changed_at: revision of the last change of what is released; the reading came after it.
    """
    return (
        reading.confirmed
        and reading.revision > changed_at
        and reaches(reading.audience, audience)
        and not set(Check) - set(reading.clear)
        and reading.guard.identifying == 0
    )


def readers_missing(readings: Iterable[Reading], audience: Audience, changed_at: int) -> int:
    """How many more people must read it before it may be released; 0: it may be.

    The same person twice is one reader.
    """
    found = {one.reader for one in readings if holds(one, audience, changed_at)}
    return max(READERS[audience] - len(found), 0)


def month_of(at: date | datetime, zone: str = "UTC") -> str:
    """The month of a day, or of an instant at a place, as ``2026-11``.

    Args:
        at: a day, or an aware instant.
        zone: IANA zone of the place, for an instant.
    """
    local = at.astimezone(ZoneInfo(zone)).date() if isinstance(at, datetime) else at
    return f"{local.year:04}-{local.month:02}"


def school_labels(
    names: Mapping[UUID, str],
    consenting: Collection[UUID],
    letters: Callable[[int], str] = lambda number: chr(ord("A") + number),
) -> Mapping[UUID, str]:
    """What the public reads for each school: its name only if it consents, otherwise a letter.

    Letters follow the order of ids, which says nothing about a school. Where exactly one of the
    schools does not consent, readers who know which schools take part could tell it by its absence:
    then no school is named.
    """
    hidden = [school for school in sorted(names) if school not in consenting]
    if len(hidden) == 1 and len(names) > 1:
        hidden = sorted(names)
    lettered = {school: f"School {letters(number)}" for number, school in enumerate(hidden)}
    return {school: lettered.get(school, name) for school, name in names.items()}


def public(value: Any, schools: Mapping[UUID, str], zone: str = "UTC") -> Any:
    """A value as the public may read it: months for days and instants, labels for schools.

    Args:
        value: plain values, mappings and lists, before they are encoded.
        schools: labels as ``school_labels`` gives them.
        zone: IANA zone in which an instant's month is told.
    """
    if isinstance(value, date):
        return month_of(value, zone)
    if isinstance(value, UUID):
        return schools.get(value, value)
    if isinstance(value, Mapping):
        return {
            public(key, schools, zone): public(one, schools, zone)
            for key, one in value.items()  # pyright: ignore[reportUnknownVariableType]
        }
    if isinstance(value, (list, tuple)):
        return [public(one, schools, zone) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return value
