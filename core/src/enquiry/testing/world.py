"""The world around a method under test: people, their circles, other streams, a check of texts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from enquiry.method.ctx import TextCheck, no_text_check
from enquiry.method.roles import ENQUIRY, MEMBER, STAFF, SYSTEM, Role

_SPACE = UUID("6f1d3c1e-6f0c-5d0e-9a53-0d6f8e5f9a10")
PLATFORM = UUID(int=0)
"""The actor of what only time brings about."""

Circles = Callable[[UUID, datetime, Any], frozenset[str]]
"""(person, now, state of the stream) -> names of circles, where they depend on the stream."""


def person(name: str) -> UUID:
    """The id of the person of this name, the same in every test."""
    return uuid5(_SPACE, f"person {name}")


def named(name: str) -> UUID:
    """The id of an act, and so of the fact it records, that a story gives this name."""
    return uuid5(_SPACE, f"act {name}")


class World(Struct, frozen=True, kw_only=True):
    """What a method under test finds around it."""

    people: Mapping[str, UUID]
    circles: Mapping[UUID, frozenset[str]] = {}
    """Circles to which each person belongs."""
    alliance: UUID = uuid5(_SPACE, "alliance")
    stream: UUID = uuid5(_SPACE, "stream")
    """The stream that is opened."""
    streams: Mapping[UUID, Any] = {}
    """States of the other streams that ``ctx.read`` finds: the alliance, calendars, an enquiry."""
    texts: TextCheck = no_text_check
    installed: frozenset[tuple[str, int]] | None = None
    """Methods by which runs can be opened; ``None``: whichever somebody names."""
    around: Circles | None = None
    """Circles beyond ``circles`` that follow from the stream's own state."""

    def circles_of(self, who: UUID, now: datetime, state: Any) -> frozenset[str]:
        """Names of the circles to which somebody belongs."""
        if who == PLATFORM:
            return frozenset({SYSTEM.name})
        known = self.circles.get(who, frozenset())
        return known if self.around is None else known | self.around(who, now, state)

    def called(self, name: str) -> UUID:
        """The person of this name.

        Raises:
            KeyError: nobody here has that name.
        """
        return self.people[name]


def world(
    *names: str,
    circles: Mapping[Role, Iterable[str]] | None = None,
    streams: Mapping[UUID, Any] | None = None,
    texts: TextCheck = no_text_check,
    around: Circles | None = None,
) -> World:
    """A world with these people.

    Args:
        names: People; their ids are ``person(name)``.
        circles: Who belongs to which circle, by name. Without it everybody is a member of the
            alliance, of the school's staff and of the enquiry.
        streams: States of other streams, by id.
        texts: Judges texts as TextGuard would.
        around: Circles that follow from the stream's own state.
    """
    if circles is None:
        circles = dict.fromkeys((MEMBER, STAFF, ENQUIRY), names)
    found: dict[UUID, set[str]] = {person(name): set() for name in names}
    for role, members in circles.items():
        for name in members:
            found[person(name)].add(role.name)
    return World(
        people={name: person(name) for name in names},
        circles={who: frozenset(roles) for who, roles in found.items()},
        streams=streams or {},
        texts=texts,
        around=around,
    )
