"""What the rules must remember of learning cards."""

from enquiry.method.entry import Piece


class Card(Piece):
    """A member's card as last recorded; its words are references."""

    aim: str
    success: str | None
    where: str | None
    effect: str | None
    shared: bool
    revision: int
    """Of the fact that holds the words."""
