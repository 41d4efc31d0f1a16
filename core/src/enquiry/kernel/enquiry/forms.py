"""Forms and facts of an enquiry."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain, text

_METHOD = plain("Which method?", because="the id of a method", address=True)
_REASON = text("Why does it suit the question?", upto=1000, lines=3)


class CreateEnquiry(Entry):
    """Open an enquiry"""

    title: Annotated[str, text("What shall it be called?", upto=200)]
    schools: Annotated[tuple[UUID, ...], ask("Which schools take part?", at_least=1, at_most=100)]


class EnquiryCreated(Entry, records="enquiry-created"):
    """The enquiry was opened"""

    title: Annotated[str, text("Title", upto=200)]
    schools: tuple[UUID, ...]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Whoever opened it is its first member."""
        return s.but(title=self.title, schools=self.schools, members=(was.by,))


class NameFacilitator(Entry, records="facilitator-named"):
    """Name somebody who supports and coordinates the group"""

    person: Annotated[UUID, ask("Whom?", address=True, ui="people")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Add once."""
        if self.person in s.facilitators:
            return s
        return s.but(
            facilitators=(*s.facilitators, self.person), members=_with(s.members, self.person)
        )


def _with(people: tuple[UUID, ...], person: UUID) -> tuple[UUID, ...]:
    return people if person in people else (*people, person)


class InviteMember(Entry, records="member-joined"):
    """Add somebody to the group"""

    person: Annotated[UUID, ask("Whom?", address=True, ui="people")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Add once."""
        return s.but(members=_with(s.members, self.person))


class LeaveEnquiry(Entry, records="member-left"):
    """Leave the group; no reason is needed"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Whoever leaves also no longer facilitates."""
        return s.but(
            members=tuple(p for p in s.members if p != was.by),
            facilitators=tuple(p for p in s.facilitators if p != was.by),
        )


class ChooseMethod(Entry):
    """Record which method the group chose, and why it suits the question"""

    method: Annotated[str, _METHOD]
    reason: Annotated[str, _REASON] | None = None


class MethodChosen(Entry, records="method-chosen"):
    """The group chose a method"""

    method: Annotated[str, _METHOD]
    reason: Annotated[str, _REASON] | None = None
    reasoned: bool = False
    """Whether the reason says why."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A reason once given is not lost by choosing again without one."""
        known = s.reasons.get(self.method, False) or self.reasoned
        return s.but(reasons={**s.reasons, self.method: known})


class AmendMethodReason(Entry):
    """Say why a method that was chosen suits the question; the choice itself stays"""

    method: Annotated[str, _METHOD]
    reason: Annotated[str, _REASON]
    expected_information: (
        Annotated[str, text("What is it expected to tell?", upto=1000, lines=3)] | None
    ) = None


class MethodReasonAmended(Entry, records="method-reason-amended"):
    """Somebody said why the method suits the question"""

    method: Annotated[str, _METHOD]
    reason: Annotated[str, _REASON]
    expected_information: (
        Annotated[str, text("What is it expected to tell?", upto=1000, lines=3)] | None
    ) = None
    reasoned: bool = False
    """Whether the reason says why."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A reason is known, unless it says that nobody knows."""
        known = s.reasons.get(self.method, False) or self.reasoned
        return s.but(reasons={**s.reasons, self.method: known})


class EthicsKey(StrEnum):
    """The eleven questions of the ethics review."""

    ACCESS = "access"
    PROTECTION = "protection"
    EXTRA_DATA = "extra_data"
    PERMISSION = "permission"
    IDENTIFIABILITY = "identifiability"
    SENSITIVE = "sensitive"
    CONFIDENTIALITY = "confidentiality"
    CONSENT_SCOPE = "consent_scope"
    PARENTS = "parents"
    STORAGE = "storage"
    ALLIANCE_SHARING = "alliance_sharing"


class EthicsAnswer(Piece):
    """One answer."""

    key: Annotated[EthicsKey, ask("Which question?")]
    answer: Annotated[str, text("Answer", upto=2000, lines=3)]


class EthicsFlags(Piece):
    """What programs must know of the review."""

    sensitive_data_planned: Annotated[bool, ask("Is sensitive data to be gathered?")]
    safeguard: Annotated[str, text("How is it safeguarded?", upto=1000, lines=3)] | None = None
    """Required where sensitive data is planned."""
    parental_consent_needed: Annotated[bool, ask("Must parents consent?")]
    external_dissemination: Annotated[bool, ask("Is anything to be shared beyond the alliance?")]
    research_only_activities: Annotated[bool, ask("Is any activity for research only?")]


class DataContact(Piece):
    """Who answers for data protection at a school."""

    school: Annotated[UUID, ask("At which school?")]
    person: Annotated[UUID, ask("Who?", ui="people")]


class CompleteEthicsReview(Entry, records="ethics-review-completed"):
    """Complete the ethics review"""

    answers: Annotated[tuple[EthicsAnswer, ...], ask("Answers", at_least=11, at_most=11)]
    flags: Annotated[EthicsFlags, ask("In short")]
    contacts: Annotated[
        tuple[DataContact, ...], ask("Who answers for data protection?", at_least=1, at_most=100)
    ]
    """At least one for each participating school."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Runs of the enquiry may start."""
        return s.but(ethics_reviewed=True)


class ReopenEthicsReview(Entry, records="ethics-review-reopened"):
    """Reopen the ethics review because the use of data changes"""

    reason: Annotated[str, text("What changes?", upto=1000, lines=3)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """No further run starts until it is complete again."""
        return s.but(ethics_reviewed=False)


class EvidenceReceived(Entry, records="evidence-received"):
    """A run published evidence into the enquiry"""

    run: UUID
    publication: UUID
    """Id of the act by which the run published it."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Remember where it came from."""
        return s.but(evidence={**s.evidence, self.publication: self.run})
