"""Forms and facts of the ethics review."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.ethics.state import Ethics, Use
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text


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
    survey_owners: Annotated[
        tuple[UUID, ...],
        ask("Who reads what is written freely in surveys?", at_most=20, ui="people"),
    ] = ()
    """Nobody named: whoever opens a survey."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Runs of the enquiry may start."""
        flags = self.flags
        kept = Ethics(
            sensitive_data_planned=flags.sensitive_data_planned,
            safeguarded=flags.safeguard is not None,
            parental_consent_needed=flags.parental_consent_needed,
            external_dissemination=flags.external_dissemination,
            research_only_activities=flags.research_only_activities,
            survey_owners=self.survey_owners,
            contacts={contact.school: contact.person for contact in self.contacts},
        )
        return s.but(ethics_reviewed=True, ethics=kept)


class ReopenEthicsReview(Entry, records="ethics-review-reopened"):
    """Reopen the ethics review because the use of data changes"""

    reason: Annotated[str, text("What changes?", upto=1000, lines=3)]
    affects: Annotated[tuple[Use, ...], ask("Which use does it affect?", at_most=3)] = ()

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """No further run starts, and nothing of the kind is brought, until it is complete again."""
        return s.but(ethics_reviewed=False, ethics=s.ethics.but(halted=self.affects))
