"""Describing: cards without author, visit, time and order, and what others ask of them."""

from typing import Annotated
from uuid import UUID

from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry_instructional_rounds.forms.plan import VISIT
from enquiry_instructional_rounds.state.pieces import Card, Flag, Focus, Prompt
from enquiry_instructional_rounds.state.rounds import Rounds

CARD = ask("Which card?", address=True)
_SAID = text("What did you see or hear?", upto=600, lines=4, guard="cards", verbatim="verbatim")
_VERBATIM = ask("Are the words in quotation marks somebody's own?")


class PostCard(Entry, unsigned=True):
    """Put a card on the board: what you saw or heard, never what you make of it"""

    visit_no: Annotated[int, VISIT]
    focus: Annotated[Focus, ask("What is it about?", ui="choice")]
    text: Annotated[str, _SAID]
    verbatim: Annotated[bool, _VERBATIM] = False


class CardPosted(Entry, records="card-posted", unsigned=True, sealed=("visit_no",)):
    """A card was put on the board"""

    visit_no: Annotated[int, ask("Seen at which visit?")]
    focus: Focus
    text: Annotated[str, _SAID]
    verbatim: bool
    flags: tuple[Flag, ...] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """The card has the fact's id."""
        card = Card(
            visit=self.visit_no,
            by=was.by,
            focus=self.focus,
            text=self.text,
            verbatim=self.verbatim,
            flags=self.flags,
            acts=(was.id,),
            wordings=(was.id,),
        )
        return s.but(cards={**s.cards, was.id: card})


def _with(s: Rounds, id_: UUID, was: Was, card: Card) -> Rounds:
    return s.but(cards={**s.cards, id_: card.but(acts=(*card.acts, was.id))})


class ChallengeCard(Entry, records="card-challenged", unsigned=True):
    """Ask something of a card"""

    card: Annotated[UUID, CARD]
    prompt: Annotated[Prompt, ask("What do you ask?", ui="choice")]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """It needs rewording, or two others who find it descriptive all the same."""
        card = s.card(self.card)
        if card is None:
            return s
        prompts = tuple(dict.fromkeys((*card.prompts, self.prompt)))
        challenged = card.but(prompts=prompts, confirmed=())
        return _with(s, self.card, was, challenged).but(challenges=s.challenges + 1)


class RewordCard(Entry, unsigned=True):
    """Say it in other words"""

    card: Annotated[UUID, CARD]
    text: Annotated[str, _SAID]
    verbatim: Annotated[bool, _VERBATIM] = False


class CardReworded(Entry, records="card-reworded", unsigned=True):
    """A card was put in other words"""

    card: UUID
    text: Annotated[str, _SAID]
    verbatim: bool
    flags: tuple[Flag, ...] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """What was asked of the old words is answered; what the new ones judge or guess stays."""
        card = s.card(self.card)
        if card is None:
            return s
        reworded = card.but(
            text=self.text,
            verbatim=self.verbatim,
            flags=self.flags,
            prompts=(),
            confirmed=(),
            wordings=(*card.wordings, was.id),
        )
        return _with(s, self.card, was, reworded)


class WithdrawCard(Entry, records="card-withdrawn", unsigned=True):
    """Take back a card of yours"""

    card: Annotated[UUID, CARD]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Nobody sees it any more."""
        if s.card(self.card) is None:
            return s
        return s.without_cards((self.card,), was).but(lost=True)


class ConfirmDescriptive(Entry, records="card-confirmed", unsigned=True):
    """Find a card descriptive as it stands"""

    card: Annotated[UUID, CARD]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Everybody counts once."""
        card = s.card(self.card)
        if card is None:
            return s
        confirmed = tuple(dict.fromkeys((*card.confirmed, was.by)))
        return _with(s, self.card, was, card.but(confirmed=confirmed))
