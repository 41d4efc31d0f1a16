"""Who sees what was asked to be erased and what is held: whom it is about, who answers for data."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.alliance.erasures import Stand
from enquiry.kernel.alliance.state import Alliance, Capacity
from enquiry.method.method import Look
from enquiry.method.roles import Viewer


class ErasureShown(Struct, frozen=True):
    """One request, and what came of it."""

    request: UUID
    person: UUID
    stream: UUID | None
    """Only there; absent: everywhere in the alliance."""
    stand: Stand
    asked_at: datetime
    decided_at: datetime | None
    keeps: tuple[str, ...]
    """Kinds of text that stay by duty."""
    done_at: datetime | None
    keys: int
    values: int
    copies_until: date | None
    """The last day on which a backup may exist that still holds keys and ciphertexts."""


class HoldShown(Struct, frozen=True):
    """One hold, for those who answer for data."""

    hold: UUID
    until: date
    person: UUID | None
    stream: UUID | None
    kinds: tuple[str, ...]


class ErasuresShown(Struct, frozen=True):
    """What the viewer asked, or answers for."""

    erasures: tuple[ErasureShown, ...]
    holds: tuple[HoldShown, ...]


def answers(s: Alliance, schools: Iterable[UUID], viewer: Viewer) -> bool:
    """Whether the viewer answers for data at one of these schools; a steward, where nobody does."""
    contacts = [
        (school, s.schools[school].capacities.get(Capacity.DATA_CONTACT, ()))
        for school in schools
        if school in s.schools
    ]
    if any(viewer.person in named and _at(viewer, school) for school, named in contacts):
        return True
    return not any(named for _, named in contacts) and viewer.person in s.stewards


def keeps_holds(s: Alliance, viewer: Viewer) -> bool:
    """Whether the viewer learns of holds: stewards, and who answers for data at some school."""
    return viewer.person in s.stewards or answers(s, s.schools, viewer)


def _at(viewer: Viewer, school: UUID) -> bool:
    return f"school:{school}" in viewer.circles


def erasures_shown(s: Alliance, look: Look) -> ErasuresShown:
    """Oldest first."""
    viewer = look.viewer
    return ErasuresShown(
        tuple(
            ErasureShown(
                request,
                one.person,
                one.stream,
                one.stand,
                one.asked_at,
                one.granted_at,
                one.keeps,
                one.done_at,
                one.keys,
                one.values,
                one.copies_until,
            )
            for request, one in s.erasures.items()
            if one.person == viewer.person or answers(s, one.schools, viewer)
        ),
        tuple(
            HoldShown(id_, hold.until, hold.person, hold.stream, hold.kinds)
            for id_, hold in s.holds.items()
            if keeps_holds(s, viewer)
        ),
    )
