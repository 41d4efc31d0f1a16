"""How the responses are distributed; nobody's own is shown to the group."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.progress.items import ITEMS
from enquiry.kernel.enquiry.progress.state import Round
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.smallnumbers import Table, shown
from enquiry.method.method import Look

FEWEST = 5
"""Fewer respondents than this are not told apart (4.5)."""


class Spread(Struct, frozen=True):
    """How many gave which answer to an item."""

    item: str
    statement: str
    counts: tuple[int, int, int, int, int] | None
    """From strongly agree to strongly disagree; ``None``: too few responded."""


class RoundShown(Struct, frozen=True):
    """A round of a progress assessment."""

    id: UUID
    phase: str
    cycle: int
    closes_on: date
    closed: bool
    responded: int
    items: tuple[Spread, ...]


class Progress(Struct, frozen=True):
    """Every round, oldest first."""

    rounds: tuple[RoundShown, ...]


def progress(s: Enquiry, look: Look) -> Progress:
    """Where the group sees itself."""
    del look
    return Progress(tuple(_shown(id_, one) for id_, one in s.progress.items()))


def _shown(id_: UUID, one: Round) -> RoundShown:
    enough = len(one.responses) >= FEWEST
    items = tuple(
        Spread(item.key, item.statement, one.counts(item.key) if enough else None)
        for item in ITEMS[one.phase]
    )
    return RoundShown(
        id_, one.phase, one.cycle, one.closes_on, one.closed, len(one.responses), items
    )


class SchoolRound(Struct, frozen=True):
    """A closed round, as one school answered it."""

    id: UUID
    school: UUID
    phase: str
    cycle: int
    closes_on: date
    responded: int | None
    """``None``: too few, here or at the other schools together."""
    items: tuple[Spread, ...]


class SchoolProgress(Struct, frozen=True):
    """Every closed round, oldest first, for each school that the viewer leads."""

    rounds: tuple[SchoolRound, ...]


def of_school(s: Enquiry, look: Look) -> SchoolProgress:
    """Where a school sees the group: for its own leaders, once nothing can be added (4.1)."""
    known = around.alliance(look)
    led = [
        school
        for school in s.schools
        if known.leads(look.viewer.person, school, known.day_at(school, look.now))
    ]
    today = around.local_date(look, s.schools[0] if s.schools else None, look.now)
    return SchoolProgress(
        tuple(
            one_shown
            for id_, one in s.progress.items()
            if one.closed or today > one.closes_on
            for one_shown in _at_schools(id_, one, led)
        )
    )


def _at_schools(id_: UUID, one: Round, led: Sequence[UUID]) -> Iterator[SchoolRound]:
    every = frozenset(one.schools.values())
    here = {school: list(one.schools.values()).count(school) for school in every}
    spread = {item.key: {at: one.at(at, item.key) for at in every} for item in ITEMS[one.phase]}
    told = {
        key: _may_be_told({at: sum(counts) for at, counts in of.items()}, led)
        for key, of in spread.items()
    }
    responded = _may_be_told(here, led)
    for school in led:
        items = tuple(
            Spread(
                item.key,
                item.statement,
                spread[item.key][school] if school in told[item.key] else None,
            )
            for item in ITEMS[one.phase]
        )
        count = here[school] if school in responded else None
        yield SchoolRound(id_, school, one.phase, one.cycle, one.closes_on, count, items)


def _may_be_told(counts: Mapping[UUID, int], led: Sequence[UUID]) -> frozenset[UUID]:
    """Of these schools those whose answers may stand beside those of all, which their leader may
    know as a member: no few may be left over by subtraction (4.5)."""
    cells = {str(school): count for school, count in counts.items() if count}
    mine = {str(school): frozenset({str(school)}) for school in led if counts.get(school)}
    table = Table(cells, {"all": frozenset(cells), **mine})
    return frozenset(UUID(one) for one in shown(table, FEWEST, told=("all",)) - {"all"})
