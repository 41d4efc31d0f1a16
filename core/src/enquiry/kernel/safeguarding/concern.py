"""The stream of a school's safeguarding concerns, which only whoever answers for them reads."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Piece, State, Was
from enquiry.method.fields import text
from enquiry.method.live import envelope_of
from enquiry.method.method import Look, Method
from enquiry.method.retention import Keep
from enquiry.method.roles import SAFEGUARDING

METHOD_ID = "safeguarding"
KIND = "safeguarding"
"""The kind of key that seals a concern: other keys of the same person expire without it."""


def concerns_stream(school: UUID) -> UUID:
    """The stream of a school's concerns."""
    return uuid5(school, METHOD_ID)


class _Opened(Struct, frozen=True):
    method: str


_opened = msgspec.json.Decoder(_Opened)


def is_of_concerns(kind: str, body: bytes) -> bool:
    """Whether an event belongs to a school's stream of concerns.

    Args:
        kind: its permanent name.
        body: as it is stored; one that cannot be read belongs to none.
    """
    if kind != "core/opened":
        return kind.startswith(f"{METHOD_ID}/")
    try:
        return _opened.decode(envelope_of(body).data).method == METHOD_ID
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False


class Concern(Piece):
    """A concern, by reference: the words are sealed."""

    id: UUID
    at: datetime
    by: UUID
    description: str
    about: str | None = None


class Concerns(State):
    """Everything that was raised about one school, oldest first."""

    school: UUID | None = None
    concerns: tuple[Concern, ...] = ()


class ConcernRaised(Entry, records="concern-raised"):
    """Somebody raised a safeguarding concern"""

    school: UUID
    description: Annotated[str, text("What worries you?", upto=8000, lines=8, kind=KIND)]
    about_ref: Annotated[str, text("About what or whom?", upto=200, kind=KIND)] | None = None

    def apply(self, s: Concerns, was: Was) -> Concerns:
        """Keep it where it will be read."""
        raised = Concern(
            id=was.id, at=was.at, by=was.by, description=self.description, about=self.about_ref
        )
        return s.but(school=self.school, concerns=(*s.concerns, raised))


class ConcernShown(Struct, frozen=True):
    """A concern, as whoever answers for it reads it."""

    id: UUID
    at: datetime
    by: UUID
    """Who raised it: ask them."""
    description: Any
    about: Any


class ConcernsShown(Struct, frozen=True):
    """The concerns of a school, oldest first."""

    school: UUID | None
    concerns: tuple[ConcernShown, ...]


def _shown(s: Concerns, look: Look) -> ConcernsShown:
    del look
    concerns = tuple(ConcernShown(c.id, c.at, c.by, c.description, c.about) for c in s.concerns)
    return ConcernsShown(s.school, concerns)


def _method() -> Method:
    concerns = Builder(
        METHOD_ID,
        1,
        "Safeguarding concerns of a school",
        state=Concerns,
        roles=(),
        cast=lambda s: {},  # noqa: ARG005 - nobody takes part; who reads is looked up each time
        stream="concerns",
        retention=(
            Keep(
                kind=KIND,
                what="What was raised",
                because="the school's own safeguarding process says how long a concern is kept",
            ),
        ),
    )
    concerns.stages("open")
    concerns.show(ConcernRaised, to=SAFEGUARDING)
    concerns.view(
        "concerns", "What was raised", to=SAFEGUARDING, build=_shown, schema=ConcernsShown
    )
    return concerns.build()


SAFEGUARDING_CONCERNS = _method()
"""The definition of a school's stream of concerns; it has no moves of its own."""
