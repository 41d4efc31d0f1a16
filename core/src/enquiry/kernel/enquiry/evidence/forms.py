"""Forms and facts of evidence."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.evidence.state import (
    Consent,
    EnquiryPurpose,
    EvidenceType,
    Identifiability,
    Item,
    Nature,
    Source,
)
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import CollectionMethod, Level, Respondents
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_SHOWS = text("What does it show?", upto=2000, lines=3, guard="reports")
_ITEM = ask("Which piece of evidence?", address=True, ui="choice")


class AddEvidence(Entry, records="evidence-added"):
    """Add a piece of evidence"""

    level: Annotated[Level, ask("At which level does it speak?", ui="choice")]
    type: Annotated[EvidenceType, ask("What sort of evidence is it?", address=True, ui="choice")]
    collection_method: Annotated[CollectionMethod, ask("How was it gathered?", ui="choice")]
    respondents: Annotated[Respondents, ask("Whose view is it?", ui="choice")]
    collected_on: Annotated[date, ask("On which day?", ui="date")]
    text: Annotated[str, _SHOWS] | None = None
    value: Annotated[Decimal, ask("Which value, if it is one?")] | None = None
    school: Annotated[UUID, ask("From which school?", ui="choice")] | None = None
    measures: Annotated[tuple[UUID, ...], ask("To which measures does it belong?", at_most=20)] = ()
    source: Annotated[Source, ask("Where does it come from?", ui="choice")] = Source.ROUTINE
    nature: Annotated[Nature, ask("Would it have been done anyway?", address=True, ui="choice")] = (
        Nature.ROUTINE_PRACTICE
    )
    identifiability: Annotated[
        Identifiability, ask("Could somebody be told from it?", address=True, ui="choice")
    ] = Identifiability.NONE
    sensitive: Annotated[bool, ask("Is it sensitive?", address=True)] = False
    subject: Annotated[UUID, ask("About whom is it?", address=True, ui="people")] | None = None
    """Required where somebody can be identified."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It is of the phase, the cycle and the trial cycle in which it is brought."""
        made = Item(
            by=was.by,
            text=self.text,
            level=self.level,
            collection_method=self.collection_method,
            respondents=self.respondents,
            type=self.type,
            on=self.collected_on,
            phase=s.course.phase or "",
            cycle=s.course.cycle,
            trial_cycle=s.trials.cycle,
            subject=self.subject,
            measures=self.measures,
            purposes=needed(self),
        )
        return s.but(items={**s.items, was.id: made})


def needed(e: AddEvidence) -> tuple[EnquiryPurpose, ...]:
    """To what the person it is about must have consented."""
    found: list[EnquiryPurpose] = []
    if e.identifiability == Identifiability.IDENTIFIABLE:
        found.append(EnquiryPurpose.BE_IDENTIFIED)
    if e.nature == Nature.RESEARCH_ONLY:
        found.append(EnquiryPurpose.RESEARCH_ONLY)
    return tuple(found)


class LinkEvidence(Entry, records="evidence-linked"):
    """Say to which measures a piece of evidence belongs"""

    item: Annotated[UUID, _ITEM]
    measures: Annotated[tuple[UUID, ...], ask("To which measures?", at_least=1, at_most=20)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Add each once."""
        known = s.items.get(self.item)
        if known is None:  # a past without what was withdrawn since
            return s
        linked = tuple(dict.fromkeys((*known.measures, *self.measures)))
        return s.but(items={**s.items, self.item: known.but(measures=linked)})


class RetractEvidence(Entry, records="evidence-retracted"):
    """Retract a piece of evidence that you brought"""

    item: Annotated[UUID, _ITEM]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Nobody reads it any longer; that there was one remains."""
        known = s.items.get(self.item)
        if known is None:  # a past without what was withdrawn since
            return s
        items = {**s.items, self.item: known.but(stands=False)}
        return s.but(items=items, gone=s.without((self.item,), was.revision))


class RecordConsent(Entry, records="consent-recorded"):
    """Consent to something, for this enquiry"""

    purposes: Annotated[tuple[EnquiryPurpose, ...], ask("To what?", at_least=1, at_most=5)]
    statement_version: Annotated[int, ask("Which statement did you read?", ge=1)]
    valid_until: Annotated[date, ask("Until which day?", ui="date")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A new consent ends an earlier withdrawal of the same purposes."""
        kept = tuple(c for c in s.consents.get(was.by, ()) if c.purpose not in self.purposes)
        given = tuple(Consent(purpose=p, valid_until=self.valid_until) for p in self.purposes)
        return s.but(consents={**s.consents, was.by: kept + given})


class WithdrawConsent(Entry, records="consent-withdrawn"):
    """Withdraw consent; it takes effect at once and needs no reason"""

    purposes: Annotated[tuple[EnquiryPurpose, ...], ask("To what?", at_least=1, at_most=5)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Evidence about the person that rests on it vanishes, and whatever rested on that."""
        marked = tuple(
            c.but(withdrawn=True) if c.purpose in self.purposes else c
            for c in s.consents.get(was.by, ())
        )
        lost = {
            id_: item.but(stands=False)
            for id_, item in s.items.items()
            if item.subject == was.by and not set(item.purposes).isdisjoint(self.purposes)
        }
        return s.but(
            consents={**s.consents, was.by: marked},
            items={**s.items, **lost},
            gone=s.without(lost, was.revision),
        )
