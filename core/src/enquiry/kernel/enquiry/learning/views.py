"""Learning cards: one's own, and those that others share."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.learning.state import Card
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class CardShown(Struct, frozen=True):
    """What somebody is learning."""

    person: UUID
    aim: Any
    success: Any
    where: Any
    effect: Any
    shared: bool


class Learning(Struct, frozen=True):
    """Your own card, and the cards that others share with the group."""

    mine: CardShown | None
    """``None``: you have not recorded any."""
    shared: tuple[CardShown, ...]


def learning(s: Enquiry, look: Look) -> Learning:
    """A card that is not shared is nobody's business: not even that there is one."""
    me = look.viewer.person
    return Learning(
        _shown(me, s.cards[me]) if me in s.cards else None,
        tuple(
            _shown(person, card)
            for person, card in s.cards.items()
            if person != me and shared_now(s, person)
        ),
    )


def shared_now(s: Enquiry, person: UUID) -> bool:
    """Whether the group may read somebody's card: who has left shares no longer."""
    return person in s.cards and s.cards[person].shared and person in s.members


def _shown(person: UUID, card: Card) -> CardShown:
    return CardShown(person, card.aim, card.success, card.where, card.effect, card.shared)
