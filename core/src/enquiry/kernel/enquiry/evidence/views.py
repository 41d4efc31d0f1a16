"""The evidence matrix: level by respondents by way of collection, with its holes."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.evidence.state import Item
from enquiry.kernel.enquiry.received import item_id
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run.state import Run
from enquiry.kernel.vocabulary import CollectionMethod, Level, Respondents
from enquiry.method.method import Look

ITEMS_MAX = 200
"""Pieces whose words are shown at once: each is opened for its reader one by one."""


class ItemShown(Struct, frozen=True):
    """A piece of evidence."""

    id: UUID
    text: Any
    level: str
    collection_method: str
    respondents: str
    type: str | None
    on: date | None
    cycle: int
    phase: str
    measures: tuple[UUID, ...]
    run: UUID | None


class Cell(Struct, frozen=True):
    """How much there is of one sort."""

    level: str
    respondents: str
    collection_method: str
    count: int


class Hole(Struct, frozen=True):
    """A level at which nothing was heard from a group, in the present cycle."""

    level: str
    respondents: str


class Matrix(Struct, frozen=True):
    """Everything that was brought in the present cycle, and what is missing."""

    items: tuple[ItemShown, ...]
    """The newest, oldest of them first; every other one is in the history."""
    earlier: int
    """How many pieces of the cycle are older than these."""
    cells: tuple[Cell, ...]
    """Only where there is something."""
    holes: tuple[Hole, ...]


def matrix(s: Enquiry, look: Look) -> Matrix:
    """Where the evidence is thick, and where it is thin."""
    mine = {id_: i for id_, i in s.items.items() if i.stands and i.cycle == s.course.cycle}
    counts: dict[tuple[str, str, str], int] = {}
    for item in mine.values():
        key = item.level, item.respondents, item.collection_method
        counts[key] = counts.get(key, 0) + 1
    cells = tuple(
        Cell(level, group, way, counts[level, group, way])
        for level in Level
        for group in Respondents
        for way in CollectionMethod
        if (level, group, way) in counts
    )
    heard = {(cell.level, cell.respondents) for cell in cells}
    holes = tuple(
        Hole(level, group)
        for level in Level
        for group in Respondents
        if group != Respondents.NONE and (level, group) not in heard
    )
    newest = tuple(mine.items())[-ITEMS_MAX:]
    items = tuple(
        ItemShown(
            id_,
            _words(id_, item, look),
            item.level,
            item.collection_method,
            item.respondents,
            item.type,
            item.on,
            item.cycle,
            item.phase,
            item.measures,
            item.run,
        )
        for id_, item in newest
    )
    return Matrix(items, len(mine) - len(newest), cells, holes)


def _words(id_: UUID, item: Item, look: Look) -> str | None:
    """What a piece says; of one that a run published, the run's own words, for its readers."""
    if item.run is None or item.publication is None:
        return item.text
    run: Run | None = look.read(item.run)
    published = run.evidence().get(item.publication, ()) if run is not None else ()
    numbered = enumerate(published)
    return next(
        (one.text for number, one in numbered if item_id(item.publication, number) == id_), None
    )
