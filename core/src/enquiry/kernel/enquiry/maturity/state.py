"""What the rules must remember of placements. The words about them are in the facts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from enquiry.kernel.enquiry.maturity.content import Placed
from enquiry.method.entry import Piece


class SchoolPlacement(Piece):
    """Where a school sees itself."""

    id: UUID
    model: int
    """Version of the model."""
    strands: tuple[Placed, ...]
    at: datetime
    comparable: bool = False
    """The other schools may see it, once every school has said so."""


class JointPlacement(Piece):
    """Where the schools see their alliance, together."""

    proposal: UUID
    model: int
    strands: tuple[Placed, ...]
    at: datetime


class Placements(Piece):
    """A school's own placement and the alliance's joint one are different facts."""

    schools: Mapping[UUID, SchoolPlacement] = {}
    """The last of each school."""
    joint: tuple[JointPlacement, ...] = ()
    """Oldest first; the last one counts."""

    def compared(self, schools: tuple[UUID, ...]) -> bool:
        """Whether the schools see each other's placements: every one of them has agreed to it.

        Source: 4.10, no comparison of named schools without all of them consenting.
        """
        return all(one in self.schools and self.schools[one].comparable for one in schools)
