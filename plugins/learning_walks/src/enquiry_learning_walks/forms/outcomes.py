"""Forms and facts after the walk: outcomes, next steps, sharing, and what may be taken back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry_learning_walks.forms.plan import VISIT
from enquiry_learning_walks.forms.visits import NOTES
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    OUTSIDE,
    Audience,
    NextStep,
    Outcome,
    OutcomeKind,
    Sharing,
)

_OWNER_ROLE = text("Who sees to it, as a role?", upto=100, guard="outcomes")


class RecordOutcome(Entry, records="outcome-recorded"):
    """Say what the notes show, or ask what they leave open"""

    kind: Annotated[OutcomeKind, ask("What is it?", ui="choice")]
    text: Annotated[
        str, text("What do the notes show across visits?", upto=1000, lines=4, guard="outcomes")
    ]
    note_ids: Annotated[tuple[UUID, ...], NOTES] = ()

    def apply(self, s: Walk, was: Was) -> Walk:
        """The outcome has the fact's id."""
        outcome = Outcome(
            kind=self.kind,
            by=was.by,
            text=self.text,
            notes=self.note_ids,
            revision=was.revision,
        )
        return s.but(outcomes={**s.outcomes, was.id: outcome})


class RecordNextStep(Entry, records="next-step-recorded"):
    """Say what is to happen next, who sees to it, and by when"""

    text: Annotated[str, text("What is to happen?", upto=500, lines=3, guard="outcomes")]
    owner_role: Annotated[str, _OWNER_ROLE] | None = None
    owner: Annotated[UUID, ask("Or which person?", ui="people")] | None = None
    due: Annotated[date, ask("By when?", ui="date")]

    def apply(self, s: Walk, was: Was) -> Walk:
        """The step has the fact's id."""
        step = NextStep(
            by=was.by, text=self.text, due=self.due, owner=self.owner, owner_role=self.owner_role
        )
        return s.but(steps={**s.steps, was.id: step})


class ShareOutcomes(Entry, records="outcomes-shared"):
    """Share outcomes: the draft with hosts first, then with staff or the alliance"""

    audience: Annotated[Audience, ask("With whom?", ui="choice")]
    outcome_ids: Annotated[tuple[UUID, ...], ask("Which outcomes?", at_least=1, at_most=100)]

    def apply(self, s: Walk, was: Was) -> Walk:
        """Remember who was shown what, and whether a host had a say before."""
        before = any(sharing.audience == Audience.HOSTS for sharing in s.sharings)
        walked = any(v.host in s.team() for v in s.visits.values() if v.took_place)
        outside = self.audience in OUTSIDE
        unheard = s.unheard or (outside and not before and not walked)
        outcomes = dict(s.outcomes)
        for id_ in self.outcome_ids:
            known = outcomes.get(id_)
            if known is not None and self.audience not in known.shared:
                outcomes[id_] = known.but(shared=(*known.shared, self.audience))
        sharing = Sharing(audience=self.audience, outcomes=self.outcome_ids, at=was.at)
        return s.but(outcomes=outcomes, sharings=(*s.sharings, sharing), unheard=unheard)


class ItemsWithdrawn(Entry, records="items-withdrawn"):
    """Something that had been shared was withdrawn; nobody is told whose it was"""

    outcomes: tuple[UUID, ...] = ()
    """Outcomes that no longer stand before everybody who was shown them."""
    publications: tuple[UUID, ...] = ()
    """Publications of evidence that rest on one of them."""


class AgreeToBeNamed(Entry, records="naming-answered"):
    """Let the host know which notes are yours, or no longer"""

    visit_no: Annotated[int, VISIT]
    agreed: Annotated[bool, ask("May the host see that you wrote your notes?")]

    def apply(self, s: Walk, was: Was) -> Walk:
        """Nothing is shown without it."""
        others = tuple(n for n in s.named.get(was.by, ()) if n != self.visit_no)
        visits = (*others, self.visit_no) if self.agreed else others
        return s.but(named={**s.named, was.by: visits})
