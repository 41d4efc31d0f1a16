"""The form and the fact of a learning card."""

from typing import Annotated

from enquiry.kernel.enquiry.learning.state import Card
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_GUARD = "contributions"


class RecordLearningCard(Entry, records="learning-card-recorded"):
    """Record what you are learning; it is yours alone unless you share it"""

    aim: Annotated[str, text("What do I want to learn?", upto=500, lines=2, guard=_GUARD)]
    success: (
        Annotated[str, text("How shall I recognise success?", upto=500, lines=2, guard=_GUARD)]
        | None
    ) = None
    where: (
        Annotated[str, text("Where am I learning it?", upto=500, lines=2, guard=_GUARD)] | None
    ) = None
    effect: (
        Annotated[str, text("What shows that it has an effect?", upto=1000, lines=3, guard=_GUARD)]
        | None
    ) = None
    shared: Annotated[bool, ask("May the group read it?")] = False

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last card counts; an earlier one is nobody's but its author's again."""
        card = Card(
            aim=self.aim,
            success=self.success,
            where=self.where,
            effect=self.effect,
            shared=self.shared,
            revision=was.revision,
        )
        return s.but(cards={**s.cards, was.by: card})
