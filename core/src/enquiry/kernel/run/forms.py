"""Forms and facts that every run has in common."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from enquiry.kernel.identifiability import Audience
from enquiry.kernel.run import consents, reviewing
from enquiry.kernel.run.state import (
    Consent,
    ConsentBasis,
    ConsentPurpose,
    EvidenceItem,
    GivenBy,
    Proposal,
    Run,
)
from enquiry.kernel.vocabulary import Purpose
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain, text

LABEL = r"^[A-Z][0-9]{0,2}$"
"""A pseudonym of a pupil: one capital letter, up to two digits. No name fits into it."""
_LABEL = "a pseudonym, such as A or B2"
Label = Annotated[str, plain("Which label?", because=_LABEL), Meta(pattern=LABEL)]
OfPupil = Annotated[
    str,
    plain("For which registered pupil?", because=_LABEL, address=True),
    Meta(pattern=LABEL),
]
_REASON = text("Why does this method suit the question?", upto=1000, lines=3)


class PlanRun(Entry):
    """Plan a run"""

    purpose: Annotated[Purpose, ask("What is it for?", ui="choice")]
    title: Annotated[str, text("What shall it be called?", upto=200)]
    school: Annotated[UUID, ask("At which school does it take place?", address=True, ui="choice")]
    enquiry: Annotated[UUID, ask("Which enquiry does it serve, if any?", ui="choice")] | None = None
    reason: Annotated[str, _REASON] | None = None

    def place(self) -> UUID:
        """The school where it takes place; where planners come from elsewhere, a form asks."""
        return self.school


class RunPlanned(Entry, records="run/planned"):
    """The run was planned"""

    purpose: Purpose
    title: Annotated[str, text("Title", upto=200)]
    school: UUID
    enquiry: UUID | None = None
    reason: Annotated[str, text("Reason", upto=1000)] | None = None
    reasoned: bool = False

    def apply(self, s: Run, was: Was) -> Run:
        """Whoever planned it leads it."""
        return s.but(
            purpose=self.purpose,
            title=self.title,
            school=self.school,
            enquiry=self.enquiry,
            reasoned=self.reasoned,
            lead=was.by,
        )


class LinkRun(Entry):
    """Link the run to an enquiry, whose reason for the method it takes over"""

    enquiry: Annotated[UUID, ask("Which enquiry?", address=True, ui="choice")]


class RunLinked(Entry, records="run/linked"):
    """The run serves an enquiry"""

    enquiry: UUID
    reasoned: bool

    def apply(self, s: Run, was: Was) -> Run:
        """Take over the enquiry's reason for choosing the method."""
        return s.but(enquiry=self.enquiry, reasoned=s.reasoned or self.reasoned)


class GiveReason(Entry):
    """Say why this method suits the question"""

    reason: Annotated[str, _REASON]


class ReasonGiven(Entry, records="run/reason-given"):
    """Somebody said why this method suits the question"""

    reason: Annotated[str, _REASON]
    reasoned: bool = False
    """Whether the reason says why."""

    def apply(self, s: Run, was: Was) -> Run:
        """A reason is known, unless it says that nobody knows."""
        return s.but(reasoned=s.reasoned or self.reasoned)


_ROLE = plain("In which role?", because="a role of the method")


class InviteToRun(Entry, records="run/participant-invited"):
    """Invite somebody to take part; they may decline without a reason"""

    person: Annotated[UUID, ask("Whom?", address=True, ui="people")]
    role: Annotated[str, _ROLE]

    def apply(self, s: Run, was: Was) -> Run:
        """The invitation stands until it is answered."""
        return s.but(invited={**s.invited, self.person: self.role})


class AcceptRunInvitation(Entry, records="run/participant-joined"):
    """Take part"""

    def apply(self, s: Run, was: Was) -> Run:
        """Whoever was invited takes part in the role they were invited for."""
        role = s.invited.get(was.by)
        if role is None:
            return s
        roles = (*(r for r in s.people.get(was.by, ()) if r != role), role)
        return s.but(
            invited=_without(s, was.by),
            people={**s.people, was.by: roles},
            former=tuple(p for p in s.former if p != was.by),
        )


class DeclineRunInvitation(Entry, records="run/participant-declined"):
    """Not take part"""

    def apply(self, s: Run, was: Was) -> Run:
        """The invitation is gone; nothing else remains of it."""
        return s.but(invited=_without(s, was.by))


def _without(s: Run, person: UUID) -> dict[UUID, str]:
    return {p: role for p, role in s.invited.items() if p != person}


class LeaveRun(Entry, records="run/participant-left"):
    """Leave; no reason is needed"""

    def apply(self, s: Run, was: Was) -> Run:
        """What they contributed stays, unless they also withdraw consent; somebody else leads."""
        left = s.departed(was.by, was)
        return left.but(lead=s.successor()) if left.lead == was.by else left


class RecordPupilDeclined(Entry, records="run/pupil-declined"):
    """Record that a pupil does not take part, or no longer; no reason is needed"""

    person: Annotated[UUID, ask("Which pupil?", address=True, ui="people")]

    def apply(self, s: Run, was: Was) -> Run:
        """It is as if they had declined or left themselves."""
        known = s.but(invited=_without(s, self.person))
        return known.departed(self.person, was) if self.person in s.people else known


class AdoptProtocol(Entry, records="run/protocol-adopted"):
    """Adopt the method's protocol"""

    version: Annotated[int, ask("Which version?", ge=1)]

    def apply(self, s: Run, was: Was) -> Run:
        """Remember who adopted which version."""
        return s.but(adopted={**s.adopted, was.by: self.version})


class StartRun(Entry, records="run/started"):
    """Start"""

    def apply(self, s: Run, was: Was) -> Run:
        """The live part has begun."""
        return s.but(started=True, started_at=s.started_at or was.at)


class RecordDeviation(Entry, records="run/deviation-recorded"):
    """Record that the protocol was not followed, and why"""

    rule: Annotated[str, plain("Which rule?", because="the id of a rule", upto=40)]
    reason: Annotated[str, text("Why?", upto=1000, lines=3)]

    def apply(self, s: Run, was: Was) -> Run:
        """Count it towards fidelity, which is for the group's own learning only."""
        return s.but(deviations={**s.deviations, was.id: self.rule}).added(was)


class CancelRun(Entry, records="run/cancelled"):
    """Cancel the run"""

    reason: Annotated[str, text("Why?", upto=1000, lines=3)]

    def apply(self, s: Run, was: Was) -> Run:
        """Nothing more is expected of it."""
        return s.but(over_at=was.at)


class CloseRun(Entry, records="run/closed"):
    """Close the run"""

    reflections: (
        Annotated[
            str, text("What did the group learn about working like this?", upto=4000, lines=6)
        ]
        | None
    ) = None

    def apply(self, s: Run, was: Was) -> Run:
        """Nothing more is expected of it."""
        return s.but(over_at=was.at)


class CorrectionNote(Entry, records="run/correction-noted"):
    """Add a note of correction to something of your own; the record itself stays"""

    contribution: Annotated[UUID, ask("To which of your contributions?", address=True)]
    text: Annotated[
        str, text("What is to be corrected?", upto=2000, lines=3, guard="contributions")
    ]

    def apply(self, s: Run, was: Was) -> Run:
        """It shares the fate of what it corrects."""
        return s.but(corrections={**s.corrections, was.id: self.contribution})


class ShareAudience(StrEnum):
    """With whom an item is shared."""

    PERSON = "person"
    GROUP = "group"
    STAFF = "staff"
    NETWORK = "network"


class ShareItem(Entry, records="run/item-shared"):
    """Share something of your own"""

    item: Annotated[UUID, ask("What?", address=True)]
    audience: Annotated[ShareAudience, ask("With whom?", ui="choice")]
    person: Annotated[UUID, ask("With which person?", ui="people")] | None = None
    about_visit: Annotated[str, plain("About which visit?", because="a number", upto=40)] | None = (
        None
    )

    def apply(self, s: Run, was: Was) -> Run:
        """Remember with whom it is shared."""
        before = s.shared.get(self.item, ())
        shared = {**s.shared, self.item: (*before, str(self.audience))}
        if self.person is None:
            return s.but(shared=shared)
        people = (*s.shared_with.get(self.item, ()), self.person)
        return s.but(shared=shared, shared_with={**s.shared_with, self.item: people})


class FormField(Piece):
    """One answer of an attached form."""

    key: Annotated[str, plain("Field", because="a key of the form", upto=80)]
    value: Annotated[str, text("Answer", upto=2000, guard="contributions")]
    scored: Annotated[bool, ask("Is it a score?")] = False


class AttachForm(Entry, records="run/form-attached"):
    """Attach a form"""

    form: Annotated[str, plain("Which form?", because="a form's id", upto=80)]
    target: Annotated[str, plain("To what?", because="an id or a number", upto=80)]
    values: Annotated[tuple[FormField, ...], ask("Answers", at_least=1, at_most=100)]

    def apply(self, s: Run, was: Was) -> Run:
        """The method may want to remember whose it is."""
        return s.added(was)


class ReviewIdentifiability(Entry, records="run/identifiability-reviewed"):
    """Review whether what is to be released could identify anybody"""

    names_removed: Annotated[bool, ask("Are all names gone?")]
    roles_unclear: Annotated[bool, ask("Does no role, place or date point to one person?")]
    no_unique_events: Annotated[bool, ask("Is nothing told that happened only once?")]
    no_photos: Annotated[bool, ask("Does no photo or recording show anybody?")] | None = None
    no_dates_and_places: (
        Annotated[bool, ask("Do dates and places together point to nobody?")] | None
    ) = None
    no_combination: Annotated[bool, ask("Do all details together point to nobody?")] | None = None
    audience: Annotated[Audience, ask("For whom?")] = Audience.ALLIANCE
    """For the public every question is answered."""
    findings: Annotated[str, text("What did you find, and what was changed?", upto=2000, lines=3)]
    confirm: Annotated[bool, ask("May it be released?")]

    def apply(self, s: Run, was: Was) -> Run:
        """A review holds for what was there when it was made."""
        return reviewing.read(s, self, was) if self.confirm else s


class PublishRunEvidence(Entry):
    """Publish evidence from this run; it takes the lead and one other participant"""

    items: Annotated[tuple[EvidenceItem, ...], ask("What do you propose?", at_most=50)] = ()
    confirms: (
        Annotated[
            UUID, ask("Or which proposal of the other do you confirm?", address=True, ui="choice")
        ]
        | None
    ) = None
    audience: Annotated[Audience, ask("For whom at most?", ui="choice")] = Audience.ALLIANCE


class EvidenceProposed(Entry, records="run/evidence-proposed"):
    """One of the two people it takes asked to publish evidence"""

    items: Annotated[tuple[EvidenceItem, ...], ask("What?", at_least=1, at_most=50)]
    audience: Audience = Audience.ALLIANCE

    def apply(self, s: Run, was: Was) -> Run:
        """It waits for the second person."""
        asked = Proposal(items=self.items, by=was.by, at=was.revision, audience=self.audience)
        return s.but(proposals={**s.proposals, was.id: asked})


class RunEvidencePublished(Entry, records="run/evidence-published"):
    """Evidence was published, de-identified, by two people"""

    proposal: UUID
    """Id of the fact that says what; the words stand there, sealed, and nowhere else."""

    def apply(self, s: Run, was: Was) -> Run:
        """The enquiry knows it by the id of this fact, which is that of the act."""
        return s.but(published={**s.published, was.id: self.proposal})


class RecordConsent(Entry, records="run/consent-recorded"):
    """Consent to something, for this run; for a pupil of the register, record what was given"""

    purposes: Annotated[tuple[ConsentPurpose, ...], ask("To what?", at_least=1, at_most=11)]
    basis: Annotated[ConsentBasis, ask("On what does it rest?", ui="choice")]
    statement_version: Annotated[int, ask("Which statement was read?", ge=1)]
    valid_until: Annotated[date, ask("Until which day?", ui="date")] | None = None
    """Where no day is said, until the school year ends."""
    pupil_label: OfPupil | None = None
    given_by: Annotated[GivenBy, ask("Who gave it?", ui="choice")] = GivenBy.SELF
    person: Annotated[UUID, ask("Whose is it? Only your own.", address=True)] | None = None

    def apply(self, s: Run, was: Was) -> Run:
        """A new consent ends an earlier withdrawal of the same purposes."""
        until = self.valid_until or was.at.date()
        given = tuple(
            Consent(purpose=p, valid_until=until, basis=self.basis, given_by=self.given_by)
            for p in self.purposes
        )
        return consents.given(s, self.pupil_label, given, was)


class WithdrawConsent(Entry, records="run/consent-withdrawn"):
    """Withdraw consent; it takes effect at once and needs no reason"""

    purposes: Annotated[tuple[ConsentPurpose, ...], ask("To what?", at_least=1, at_most=11)]
    pupil_label: OfPupil | None = None

    def apply(self, s: Run, was: Was) -> Run:
        """Items about the person vanish, and whatever rested on them is recomputed."""
        return consents.withdrawn(s, self.pupil_label, self.purposes, was)


class IssueCertificate(Entry):
    """Issue a certificate of participation"""

    person: Annotated[UUID, ask("To whom?", address=True, ui="people")]


class CertificateIssued(Entry, records="run/certificate-issued"):
    """Somebody's participation was certified; nothing about its quality"""

    person: UUID
    dates: tuple[date, ...]
    minutes: int
    criteria: tuple[Annotated[str, plain("Criterion", because="a criterion of the method")], ...]

    def apply(self, s: Run, was: Was) -> Run:
        """Remember to whom, once."""
        others = (person for person in s.certified if person != self.person)
        return s.but(certified=(*others, self.person))
