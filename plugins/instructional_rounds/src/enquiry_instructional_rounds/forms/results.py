"""Afterwards: what the host is given, what it makes of it, and what was taken out of it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry_instructional_rounds.state.pieces import Choice, Decided, FollowUp
from enquiry_instructional_rounds.state.rounds import Rounds


class ShareWithHost(Entry, records="rounds-shared-with-host"):
    """Give the host what the rounds brought"""

    examples: Annotated[
        tuple[UUID, ...],
        ask("Which cards, if the network wants to give examples?", at_most=20),
    ] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """From now on the host reads what stands, and the time to answer runs."""
        return s.but(shared_at=was.at, examples=self.examples)


class DecideOption(Entry, records="option-decided"):
    """Decide what to make of an option"""

    option: Annotated[UUID, ask("Which option?", address=True)]
    decision: Annotated[Choice, ask("What do you decide?", ui="choice")]
    plan: Annotated[str, text("How?", upto=2000, lines=4, guard="contributions")] | None = None
    review_on: Annotated[date, ask("When will you look at it again?", ui="date")] | None = None

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """A new decision replaces the old."""
        known = s.options.get(self.option)
        if known is None:
            return s
        decided = Decided(decision=self.decision, plan=self.plan, review_on=self.review_on)
        return s.but(options={**s.options, self.option: known.but(decided=decided)})


class RecordFollowUp(Entry, records="follow-up-recorded"):
    """Say what came of it"""

    text: Annotated[str, text("What came of it?", upto=2000, lines=4, guard="contributions")]
    measure_refs: Annotated[tuple[UUID, ...], ask("Which measures show it?", at_most=20)] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """It has the fact's id."""
        followed = FollowUp(by=was.by, text=self.text, measures=self.measure_refs)
        return s.but(follow_ups={**s.follow_ups, was.id: followed})


class ItemsWithdrawn(Entry, records="items-withdrawn"):
    """Some items were withdrawn; nobody is told whose"""

    pack: Annotated[bool, ask("Did any of them stand in what the host was given?")] = False
    publications: tuple[UUID, ...] = ()
    """Publications of evidence that rest on one of them."""
