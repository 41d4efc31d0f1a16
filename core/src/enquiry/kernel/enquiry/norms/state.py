"""What the rules must remember of the norms."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class Principle(StrEnum):
    """What an item of the norms is about: the starter catalogue, and what it leaves out."""

    HOW_WE_WORK = "how_we_work"
    SHARED_RESPONSIBILITY = "shared_responsibility"
    FOCUS_ON_LEARNING = "focus_on_learning"
    PROFESSIONAL_LEARNING = "professional_learning"
    REFLECTIVE_ENQUIRY = "reflective_enquiry"
    OPENNESS = "openness"
    INCLUSIVE_MEMBERSHIP = "inclusive_membership"
    TRUST_AND_SUPPORT = "trust_and_support"
    GOOD_USE_OF_TIME = "good_use_of_time"
    ROTATING_LEAD = "rotating_lead"
    CONFIDENTIALITY = "confidentiality"
    NO_BLAME = "no_blame"
    OTHER = "other"


class Norms(Piece):
    """The version that stands now, and who adopted which."""

    version: int = 0
    """0: none have been proposed."""
    principles: tuple[Principle, ...] = ()
    """What the items of the present version are about."""
    adopted: Mapping[UUID, int] = {}

    def adopted_by(self, person: UUID) -> bool:
        """Whether this person adopted the version that stands now."""
        return self.version > 0 and self.adopted.get(person) == self.version
