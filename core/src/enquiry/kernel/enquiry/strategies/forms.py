"""Forms and facts of strategies."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.strategies.state import Distance, Extent, Placement, Tried
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_STRATEGY = ask("Which strategy?", address=True, ui="choice")


class StrategyAdopted(Entry, records="strategy-adopted"):
    """The group has a strategy to try"""

    proposal: UUID
    distance: Distance
    extent: Extent

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Version 1, with the place on the grid that is aimed for."""
        aimed = Placement(distance=self.distance, extent=self.extent)
        return _with(s, self.proposal, Tried(aimed=aimed, cycle=s.course.cycle))


class RefineStrategy(Entry, records="strategy-refined"):
    """Refine a strategy after trying it"""

    strategy: Annotated[UUID, _STRATEGY]
    change: Annotated[str, text("What is done differently from now on?", upto=2000, lines=4)]
    because: Annotated[str, text("Because of what?", upto=1000, lines=3)] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Another version of the same strategy."""
        known = s.trying.strategies[self.strategy]
        s = _with(s, self.strategy, known.but(version=known.version + 1, refined=s.course.cycle))
        return s.but(trying=s.trying.but(refined=s.trying.refined + 1))


class RecordAchievedPlacement(Entry, records="achieved-placement-recorded"):
    """Record what kind of innovation a strategy turned out to be"""

    strategy: Annotated[UUID, _STRATEGY]
    distance: Annotated[Distance, ask("How far was it from what we did?", ui="choice")]
    extent: Annotated[Extent, ask("How much changed?", ui="choice")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What was aimed for stays beside it."""
        achieved = Placement(distance=self.distance, extent=self.extent)
        return _with(s, self.strategy, s.trying.strategies[self.strategy].but(achieved=achieved))


def _with(s: Enquiry, id_: UUID, strategy: Tried) -> Enquiry:
    strategies = {**s.trying.strategies, id_: strategy}
    return s.but(trying=s.trying.but(strategies=strategies))
