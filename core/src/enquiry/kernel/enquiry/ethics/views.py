"""How ethics and consent stand: the review for everybody, consents for whoever gave them."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class ContactShown(Struct, frozen=True):
    """Who answers for data protection at a school."""

    school: UUID
    person: UUID


class ConsentOfMine(Struct, frozen=True):
    """Something that you consented to, for this enquiry."""

    purpose: str
    valid_until: date
    """Inclusive."""
    holds: bool
    """``False``: withdrawn, or its last day has passed."""


class EthicsShown(Struct, frozen=True):
    """How ethics and consent stand."""

    reviewed: bool
    """``False``: the review was not completed yet, or was reopened."""
    sensitive_data_planned: bool
    safeguarded: bool
    parental_consent_needed: bool
    external_dissemination: bool
    research_only_activities: bool
    contacts: tuple[ContactShown, ...]
    survey_owners: tuple[UUID, ...]
    """Who reads what is written freely in surveys; nobody named: whoever opens one."""
    schools_without_contact: tuple[UUID, ...]
    mine: tuple[ConsentOfMine, ...]
    """What others consented to, and how many, is told to nobody."""


def status(s: Enquiry, look: Look) -> EthicsShown:
    """The flags are those of the last review that was completed."""
    known = s.ethics
    day = around.local_date(look, s.schools[0] if s.schools else None, look.now)
    return EthicsShown(
        s.ethics_reviewed,
        known.sensitive_data_planned,
        known.safeguarded,
        known.parental_consent_needed,
        known.external_dissemination,
        known.research_only_activities,
        tuple(ContactShown(school, person) for school, person in known.contacts.items()),
        known.survey_owners,
        tuple(school for school in s.schools if school not in known.contacts),
        tuple(
            ConsentOfMine(
                one.purpose, one.valid_until, not one.withdrawn and day <= one.valid_until
            )
            for one in s.consents.get(look.viewer.person, ())
        ),
    )
