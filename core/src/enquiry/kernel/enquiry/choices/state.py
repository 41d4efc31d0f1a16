"""What the rules must remember of a choice of method."""

from uuid import UUID

from enquiry.method.entry import Piece


class Choice(Piece):
    """A method that the group chose."""

    id: UUID
    """Of the proposal that was adopted."""
    method: str
    reasoned: bool
    """Whether the group can say why."""
    familiar: bool
    """Whether any school has used it before."""
    left_out: tuple[UUID, ...] = ()
    """Schools that do not apply it."""
