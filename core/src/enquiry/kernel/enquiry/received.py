"""What runs tell the enquiry that they serve."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID, uuid5

from enquiry.kernel.enquiry.evidence.state import Item
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.identifiability import Audience
from enquiry.kernel.vocabulary import CollectionMethod, Level, Respondents
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import plain


class RunJoined(Entry, records="run-joined"):
    """A run serves the enquiry"""

    run: UUID
    method: Annotated[str, plain("Method", because="the id of a method")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Remember it once."""
        return s.but(runs={**s.runs, self.run: self.method})


class Received(Piece):
    """What the enquiry learns of a published piece: everything but its words, which stay there."""

    output: UUID
    collection_method: CollectionMethod
    respondents: Respondents
    level: Level


def received(items: Iterable[Any]) -> tuple[Received, ...]:
    """What is told of published pieces of evidence."""
    return tuple(
        Received(
            output=item.output,
            collection_method=item.collection_method,
            respondents=item.respondents,
            level=item.level,
        )
        for item in items
    )


def item_id(publication: UUID, number: int) -> UUID:
    """The id under which a claim cites a published piece."""
    return uuid5(publication, f"item-{number}")


class EvidenceReceived(Entry, records="evidence-received"):
    """A run published evidence into the enquiry"""

    run: UUID
    publication: UUID
    """Id of the act by which the run published it."""
    items: tuple[Received, ...] = ()
    audience: Audience = Audience.ALLIANCE
    """For whom at most it was released."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Each piece is evidence of the phase and cycle in which it arrives."""
        made = {
            item_id(self.publication, number): Item(
                by=was.by,
                text=None,
                level=one.level,
                collection_method=one.collection_method,
                respondents=one.respondents,
                type=None,
                on=None,
                phase=s.course.phase or "",
                cycle=s.course.cycle,
                trial_cycle=s.trials.cycle,
                run=self.run,
                output=one.output,
                publication=self.publication,
                audience=self.audience,
            )
            for number, one in enumerate(self.items)
        }
        return s.but(evidence={**s.evidence, self.publication: self.run}, items={**s.items, **made})


class EvidenceWithdrawn(Entry, records="evidence-withdrawn"):
    """Something that a run had published here was withdrawn; nobody is told whose it was"""

    run: UUID
    publication: UUID
    outputs: tuple[UUID, ...]
    """What the pieces rested on that no longer stand."""
    public_only: bool = False
    """It still stands within the alliance, and no further."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Claims that rest on nothing else are no longer supported."""
        change = {"audience": Audience.ALLIANCE} if self.public_only else {"stands": False}
        items = {
            id_: item.but(**change)
            if item.run == self.run and item.output in self.outputs
            else item
            for id_, item in s.items.items()
        }
        return s.but(items=items)
