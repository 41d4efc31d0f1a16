"""What a request may say beside its body: query parameters and headers, each read strictly.

Each `Param` is at once the reader of a value and its description in the OpenAPI document, so that
the two cannot say different things.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from enquiry_api.words import accepted

PAGE_DEFAULT = 50
PAGE_MAX = 200
"""Inclusive: items in one part of a list."""
POSITION_MAX = 2**53 - 1
"""Inclusive: what every client can hold exactly."""
YEAR_MIN, YEAR_MAX = 1970, 2999
"""Inclusive: years in which things can have happened, or a story can play."""
WAIT_DEFAULT = 2.0
WAIT_MAX = 30.0
"""Inclusive: seconds that a read waits for the views."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CURSOR = re.compile(r"[0-9]{1,12}")
_DIGITS = re.compile(r"[0-9]{1,16}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_REVISION = re.compile(r'(?:W/)?"([0-9]{1,16})(?:\.[A-Za-z0-9_-]{1,64})?"')
_WAIT = re.compile(r"wait=([0-9]{1,4})", re.IGNORECASE)
_LOST_PLUS = re.compile(r" (\d\d:\d\d)$")


class Param(Struct, frozen=True, kw_only=True):
    """One query parameter or header."""

    name: str
    place: Literal["query", "header", "path"]
    says: str
    """What it is for, as a sentence."""
    schema: dict[str, Any]
    """JSON Schema of its text form."""
    read: Callable[[str], Any]
    """From text to value; raises ``ValueError`` with a sentence for people."""
    required: bool = False
    missing: str | None = None
    """Code for its absence, where it has one of its own."""


def uuid_of(text: str) -> UUID:
    """An id, in the usual form with hyphens and in no other."""
    if not _UUID.fullmatch(text):
        raise ValueError("An id is a UUID, such as 0192f0c0-1234-7000-8000-0123456789ab.")
    return UUID(text)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader for a whole number between two bounds, both inclusive."""

    def read(text: str) -> int:
        number = int(text) if _DIGITS.fullmatch(text) else None
        if number is None or not low <= number <= high:
            raise ValueError(f"It is a whole number from {low} to {high}.")
        return number

    return read


position = whole(0, POSITION_MAX)


def instant(text: str) -> datetime:
    """A time with its offset from UTC (RFC 3339)."""
    # A plus that was not percent-encoded arrives as a space.
    text = _LOST_PLUS.sub(r"+\1", text)
    try:
        said = msgspec.convert(text, _Instant)
    except msgspec.ValidationError:
        raise ValueError("A time has an offset, such as 2026-11-19T09:10:00Z.") from None
    return utc(said)


_Instant = Annotated[datetime, Meta(tz=True)]


def utc(said: datetime) -> datetime:
    """The same instant in UTC, if it lies where people can have been.

    Raises:
        ValueError: its year is not from `YEAR_MIN` to `YEAR_MAX`.
    """
    if not YEAR_MIN <= said.year <= YEAR_MAX:
        raise ValueError(f"The year of a time is from {YEAR_MIN} to {YEAR_MAX}.")
    return said.astimezone(UTC)


def moment(text: str) -> int | datetime:
    """A position or a time."""
    return position(text) if _DIGITS.fullmatch(text) else instant(text)


def idempotency_key(text: str) -> str:
    """1 to 255 printable ASCII characters."""
    if not 1 <= len(text) <= 255 or not (text.isascii() and text.isprintable()):
        raise ValueError("The key has 1 to 255 printable ASCII characters.")
    return text


def revision(text: str) -> int | None:
    """The revision in an ETag; ``None`` for ``*``, which names none."""
    if text == "*":
        return None
    found = _REVISION.fullmatch(text)
    if found is None:
        raise ValueError('It holds one ETag as you read it, or a revision in quotes, such as "7".')
    return int(found[1])


def language(text: str) -> str:
    """A language tag (BCP 47), by its form."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("It is one language tag, such as en or cy.")
    return text


def cursor(text: str) -> str:
    """The cursor of a part of a list: opaque to clients, a position or a revision to us."""
    if not _CURSOR.fullmatch(text):
        raise ValueError("Send next_cursor of the part before as it stands.")
    return text


def wait(text: str) -> float:
    """Seconds to wait, out of ``Prefer``; other preferences are none of ours."""
    for preference in text.split(","):
        found = _WAIT.fullmatch(preference.strip())
        if found is not None:
            return min(float(found[1]), WAIT_MAX)
    return WAIT_DEFAULT


def _text(text: str) -> str:
    return text


ID_SCHEMA = {"type": "string", "format": "uuid"}
_TIME_SCHEMA = {"type": "string", "format": "date-time"}
_POSITION_SCHEMA = {"type": "integer", "minimum": 0, "maximum": POSITION_MAX}

STREAM = Param(
    name="id", place="path", says="Which one.", schema=ID_SCHEMA, read=_text, required=True
)
AT = Param(
    name="at",
    place="query",
    says="Show it as it stood at this position or time, under today's permissions.",
    schema={"anyOf": [_POSITION_SCHEMA, _TIME_SCHEMA]},
    read=moment,
)
LIMIT = Param(
    name="limit",
    place="query",
    says=f"How many items at most; {PAGE_DEFAULT} if it is not said.",
    schema={"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": PAGE_DEFAULT},
    read=whole(1, PAGE_MAX),
)
CURSOR = Param(
    name="cursor",
    place="query",
    says="Where to go on: next_cursor of the part before.",
    schema={"type": "string", "pattern": f"^{_CURSOR.pattern}$"},
    read=cursor,
)
ALLIANCE = Param(
    name="alliance",
    place="query",
    says="Only those of this alliance.",
    schema=ID_SCHEMA,
    read=uuid_of,
)
TENANT = Param(
    name="alliance",
    place="query",
    says="The alliance to which the new one is to belong.",
    schema=ID_SCHEMA,
    read=uuid_of,
    required=True,
)
AFTER = Param(
    name="after",
    place="query",
    says="Follow from behind this position; Last-Event-ID, if sent, goes before it.",
    schema=_POSITION_SCHEMA,
    read=position,
)
STAGE = Param(
    name="stage",
    place="query",
    says="A stage to be marked in the diagram.",
    schema={"type": "string", "minLength": 1, "maxLength": 100},
    read=_text,
)

KEY = Param(
    name="Idempotency-Key",
    place="header",
    says="Names this action, so that sending it again is safe: 1 to 255 characters of your own.",
    schema={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    read=idempotency_key,
    required=True,
    missing="IDEMPOTENCY_KEY_REQUIRED",
)
IF_MATCH = Param(
    name="If-Match",
    place="header",
    says="The ETag of what was decided on, or its revision in quotes. Required for a decision.",
    schema={"type": "string", "pattern": '^(\\*|(W/)?"[0-9]{1,16}(\\.[A-Za-z0-9_-]{1,64})?")$'},
    read=revision,
)
ACTING_FOR = Param(
    name="Enquiry-Acting-For",
    place="header",
    says="The school in whose name this is done.",
    schema=ID_SCHEMA,
    read=uuid_of,
)
OCCURRED_AT = Param(
    name="Enquiry-Occurred-At",
    place="header",
    says="When it happened, if that was earlier than now.",
    schema=_TIME_SCHEMA,
    read=instant,
)
CONTENT_LANGUAGE = Param(
    name="Content-Language",
    place="header",
    says="The language in which the texts are written (BCP 47); en if it is not said.",
    schema={"type": "string", "pattern": f"^{_LANGUAGE.pattern}$", "default": "en"},
    read=language,
)
IF_NONE_MATCH = Param(
    name="If-None-Match",
    place="header",
    says="ETags you hold; if one of them still stands, the answer is 304 without a body.",
    schema={"type": "string"},
    read=_text,
)
MIN_POSITION = Param(
    name="Enquiry-Min-Position",
    place="header",
    says="Answer only once the views have reached this position.",
    schema=_POSITION_SCHEMA,
    read=position,
)
PREFER = Param(
    name="Prefer",
    place="header",
    says=(
        "`wait=N`: how many seconds to wait for Enquiry-Min-Position, at most"
        f" {WAIT_MAX:.0f}; {WAIT_DEFAULT:.0f} if it is not said."
    ),
    schema={"type": "string"},
    read=wait,
)
LAST_EVENT_ID = Param(
    name="Last-Event-ID",
    place="header",
    says="Id of the last event that was received: follow from behind it.",
    schema=_POSITION_SCHEMA,
    read=position,
)
NOW = Param(
    name="Enquiry-Now",
    place="header",
    says="What time it is. Only a server that was started for stories takes it.",
    schema=_TIME_SCHEMA,
    read=instant,
)
PURPOSE = Param(
    name="Enquiry-Purpose",
    place="header",
    says="What the data is used for.",
    schema={"type": "string"},
    read=_text,
)

ACCEPT_LANGUAGE = Param(
    name="Accept-Language",
    place="header",
    says="In which languages labels and sentences may be, best first; English where none fits.",
    schema={"type": "string"},
    read=accepted,
)

EVERYWHERE = (PURPOSE, NOW, ACCEPT_LANGUAGE)
"""Headers that every address understands."""
READING = (IF_NONE_MATCH, MIN_POSITION, PREFER)
"""Headers of every read of the log."""
ACTING = (KEY, ACTING_FOR, OCCURRED_AT, CONTENT_LANGUAGE)
"""Headers of every action; a decision has `IF_MATCH` besides."""
