"""What the rules must remember of evidence."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from enquiry.kernel.identifiability import Audience
from enquiry.kernel.vocabulary import CollectionMethod, Level, Respondents
from enquiry.method.entry import Piece


class EvidenceType(StrEnum):
    """What sort of evidence it is; each belongs to one or two levels."""

    PERFORMANCE_DATA = "performance_data"
    TEACHER_ASSESSMENT = "teacher_assessment"
    TREND_DATA = "trend_data"
    COMPARATIVE_DATA = "comparative_data"
    PUPIL_FEEDBACK = "pupil_feedback"
    PRE_POST_TEST = "pre_post_test"
    PUPIL_LOG = "pupil_log"
    ONLINE_BLOG = "online_blog"
    PEER_ASSESSMENT = "peer_assessment"
    COACHING_REVIEW = "coaching_review"
    PROFESSIONAL_LOG = "professional_log"
    PERFORMANCE_MANAGEMENT_RECORD = "performance_management_record"
    PEER_OBSERVATION = "peer_observation"
    PROFESSIONAL_FORUM = "professional_forum"
    STAFF_SURVEY = "staff_survey"
    CLIMATE_QUESTIONNAIRE = "climate_questionnaire"
    WEBSITE_STATISTICS = "website_statistics"
    PARENT_COMMUNITY_FEEDBACK = "parent_community_feedback"
    POLICY_CHANGE = "policy_change"
    EXTERNAL_INDICATOR = "external_indicator"


def _types(names: str) -> frozenset[EvidenceType]:
    return frozenset(EvidenceType(name) for name in names.split())


TYPES: Mapping[Level, frozenset[EvidenceType]] = {
    Level.STUDENT: _types(
        "performance_data teacher_assessment trend_data comparative_data pupil_feedback "
        "pre_post_test pupil_log online_blog"
    ),
    Level.PROFESSIONAL: _types(
        "peer_assessment coaching_review professional_log performance_management_record "
        "peer_observation professional_forum"
    ),
    Level.ORGANISATIONAL: _types(
        "performance_data staff_survey trend_data comparative_data climate_questionnaire "
        "website_statistics parent_community_feedback policy_change external_indicator"
    ),
}
"""Which sorts of evidence speak at which level. Source: 2.12."""


class Source(StrEnum):
    """Where evidence comes from."""

    ROUTINE = "routine"
    RUN = "run"
    SURVEY = "survey"
    EXTERNAL = "external"


class Nature(StrEnum):
    """Whether the activity would have taken place without the enquiry."""

    ROUTINE_PRACTICE = "routine_practice"
    RESEARCH_ONLY = "research_only"


class Identifiability(StrEnum):
    """How far somebody could be told from it."""

    NONE = "none"
    PSEUDONYMOUS = "pseudonymous"
    IDENTIFIABLE = "identifiable"


class EnquiryPurpose(StrEnum):
    """What somebody consents to for an enquiry; never bundled."""

    BE_IDENTIFIED = "be_identified"
    RESEARCH_ONLY = "research_only"
    QUOTE_VERBATIM = "quote_verbatim"
    SHARE_ALLIANCE = "share_alliance"
    PUBLISH_PUBLIC = "publish_public"


class Consent(Piece):
    """That somebody agreed to something, until a day (inclusive)."""

    purpose: EnquiryPurpose
    valid_until: date
    withdrawn: bool = False


class Item(Piece):
    """A piece of evidence. Its words are in the fact that added it."""

    by: UUID
    text: str | None
    level: Level
    collection_method: CollectionMethod
    respondents: Respondents
    type: EvidenceType | None
    on: date | None
    phase: str
    cycle: int
    trial_cycle: int
    """In which trial cycle it was brought; 0: before the first."""
    subject: UUID | None = None
    """Whom it is about, where somebody can be told from it."""
    measures: tuple[UUID, ...] = ()
    run: UUID | None = None
    """The run that published it."""
    output: UUID | None = None
    """On which output of that run it rests."""
    audience: Audience | None = None
    """For whom at most that run released it."""
    publication: UUID | None = None
    """Id of the act by which that run published it."""
    purposes: tuple[EnquiryPurpose, ...] = ()
    """Consents that it rests on."""
    stands: bool = True
    """``False``: retracted, or what it rests on was withdrawn."""
