"""The innovation grid: what was aimed for, and what was achieved."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.agreement.rules import content_of
from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.strategies.state import Placement
from enquiry.method.method import Look


class Place(Struct, frozen=True):
    """Coordinates on the grid, and what they are called."""

    distance: str
    extent: str
    quadrant: str


class StrategyShown(Struct, frozen=True):
    """A strategy on the grid."""

    id: UUID
    title: Any
    version: int
    cycle: int
    aimed: Place
    achieved: Place | None


class Grid(Struct, frozen=True):
    """Every strategy, oldest first."""

    strategies: tuple[StrategyShown, ...]


def grid(s: Enquiry, look: Look) -> Grid:
    """The point is to know which kind is aimed for and which results."""
    del look
    return Grid(
        tuple(
            StrategyShown(
                id_,
                content_of(s, id_, Kind.STRATEGY).strategy.title,
                one.version,
                one.cycle,
                _place(one.aimed),
                _place(one.achieved) if one.achieved is not None else None,
            )
            for id_, one in s.trying.strategies.items()
        )
    )


def _place(at: Placement) -> Place:
    return Place(at.distance, at.extent, at.quadrant)
