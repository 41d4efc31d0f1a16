"""Words that runs and the enquiry share: closed lists of the domain (1.3, 2.12)."""

from enum import StrEnum


class Verdict(StrEnum):
    """How far something holds: the answer to a question that has no number."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Purpose(StrEnum):
    """What a run is for."""

    EXPLORE = "explore"
    TRIAL_FEEDBACK = "trial_feedback"
    PROFESSIONAL_DEVELOPMENT = "professional_development"
    DISSEMINATION = "dissemination"


class CollectionMethod(StrEnum):
    """How a piece of evidence was gathered."""

    INTERVIEW = "interview"
    QUESTIONNAIRE = "questionnaire"
    ONLINE_SURVEY = "online_survey"
    OBSERVATION = "observation"
    AUDIO_VISUAL = "audio_visual"
    LEARNING_LOG = "learning_log"
    ASSESSMENT_DATA = "assessment_data"
    WORK_SAMPLE = "work_sample"


class Respondents(StrEnum):
    """Whose view a piece of evidence is."""

    PUPILS = "pupils"
    IMPLEMENTING_TEACHERS = "implementing_teachers"
    PEERS = "peers"
    LEADERS = "leaders"
    SUPPORT_STAFF = "support_staff"
    PARENTS = "parents"
    GOVERNORS = "governors"
    EXTERNAL = "external"
    NONE = "none"


class Level(StrEnum):
    """At which level of impact it speaks."""

    STUDENT = "student"
    PROFESSIONAL = "professional"
    ORGANISATIONAL = "organisational"
