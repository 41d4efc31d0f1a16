"""The board: cards without author, visit and time, in an order that nobody chose."""

from uuid import UUID, uuid5

from msgspec import Struct

from enquiry.method.method import Look
from enquiry_instructional_rounds.state.pieces import Card, Flag, Focus, Prompt
from enquiry_instructional_rounds.state.rounds import Rounds


class CardShown(Struct, frozen=True):
    """A card as everybody sees it."""

    card: UUID
    text: str
    focus: Focus
    verbatim: bool
    needs_rewording: bool
    flags: tuple[Flag, ...]
    prompts: tuple[Prompt, ...]
    """What was asked of it since it was last reworded; sorted, nobody's."""
    confirmed: int
    """How many found it descriptive since then."""


class Board(Struct, frozen=True):
    """What the network saw, the same for everybody who looks."""

    step: str | None
    cards: tuple[CardShown, ...]
    some_withdrawn: bool
    """Some items were withdrawn; not which, whose or how many."""


class MyCards(Struct, frozen=True):
    """The viewer's own cards, in the order of the board."""

    cards: tuple[CardShown, ...]


def shuffled(stream: UUID, card: UUID) -> UUID:
    """Where a card has its place: a mixture of both ids, which does not follow the order in which
    cards were posted and is the same for every viewer."""
    return uuid5(stream, f"board {card}")


def _shown(id_: UUID, card: Card) -> CardShown:
    return CardShown(
        card=id_,
        text=card.text,
        focus=card.focus,
        verbatim=card.verbatim,
        needs_rewording=card.needs_rewording,
        flags=card.flags,
        prompts=tuple(sorted(card.prompts)),
        confirmed=len(card.confirmed),
    )


def _in_order(s: Rounds, look: Look) -> list[tuple[UUID, Card]]:
    return sorted(s.live_cards().items(), key=lambda one: shuffled(look.stream, one[0]))


def board(s: Rounds, look: Look) -> Board:
    """Every card that is there."""
    step = s.step.value if s.step is not None else None
    shown = tuple(_shown(id_, card) for id_, card in _in_order(s, look))
    return Board(step, shown, s.lost)


def my_cards(s: Rounds, look: Look) -> MyCards:
    """Own cards, to word them anew or take them back."""
    me = look.viewer.person
    return MyCards(tuple(_shown(id_, c) for id_, c in _in_order(s, look) if c.by == me))
