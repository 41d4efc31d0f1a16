"""How the responses are distributed; nobody's own is shown to the group."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.progress.items import ITEMS
from enquiry.kernel.enquiry.progress.state import Round
from enquiry.kernel.enquiry.state import Enquiry
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
