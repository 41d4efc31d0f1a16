"""The evidence matrix: level by respondents by way of collection, with its holes."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import CollectionMethod, Level, Respondents
from enquiry.method.method import Look


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
    cells: tuple[Cell, ...]
    """Only where there is something."""
    holes: tuple[Hole, ...]


def matrix(s: Enquiry, look: Look) -> Matrix:
    """Where the evidence is thick, and where it is thin."""
    del look
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
    items = tuple(
        ItemShown(
            id_,
            item.text,
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
        for id_, item in mine.items()
    )
    return Matrix(items, cells, holes)
