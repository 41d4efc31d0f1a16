"""What the rules must remember of strategies, and the innovation grid."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class Distance(StrEnum):
    """From existing practice."""

    NEAR = "near"
    FAR = "far"


class Extent(StrEnum):
    """Of change."""

    MINOR = "minor"
    MAJOR = "major"


class Quadrant(StrEnum):
    """What kind of innovation a place on the grid is."""

    INCREMENTAL = "incremental"
    REPLICABLE = "replicable"
    UNFOCUSED = "unfocused"
    RADICAL = "radical"


_GRID = {
    (Distance.NEAR, Extent.MINOR): Quadrant.INCREMENTAL,
    (Distance.NEAR, Extent.MAJOR): Quadrant.REPLICABLE,
    (Distance.FAR, Extent.MINOR): Quadrant.UNFOCUSED,
    (Distance.FAR, Extent.MAJOR): Quadrant.RADICAL,
}


class Placement(Piece):
    """A place on the innovation grid, by its coordinates."""

    distance: Distance
    extent: Extent

    @property
    def quadrant(self) -> Quadrant:
        """What kind of innovation this is."""
        return _GRID[self.distance, self.extent]


class Tried(Piece):
    """A strategy of the group, by the id of the proposal that was adopted."""

    aimed: Placement
    version: int = 1
    achieved: Placement | None = None
    cycle: int = 1
    """The cycle in which it was adopted, or into which it was carried."""
    refined: int = 0
    """The last cycle in which it was refined; 0: never."""


class Trying(Piece):
    """The strategies of the group."""

    strategies: Mapping[UUID, Tried] = {}
    refined: int = 0
    """How often one was refined."""

    def of(self, cycle: int) -> Mapping[UUID, Tried]:
        """The strategies of a cycle."""
        return {id_: one for id_, one in self.strategies.items() if one.cycle == cycle}
