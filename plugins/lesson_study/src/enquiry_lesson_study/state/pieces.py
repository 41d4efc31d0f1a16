"""Pieces of a lesson study. Texts are references; no rule looks into one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from enquiry import Piece, ask, text


class EvidenceKind(StrEnum):
    """What a pupil did by which learning could be seen."""

    SAID = "said"
    DID = "did"
    WROTE = "wrote"
    SHOWED = "showed"


class Match(StrEnum):
    """How what was seen compares with what was predicted."""

    AS_PREDICTED = "as_predicted"
    PARTLY = "partly"
    DIFFERENT = "different"
    NOT_SEEN = "not_seen"


class Verdict(StrEnum):
    """Whether something was so."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Recording(StrEnum):
    """How an interview is kept, besides what is written down."""

    AUDIO = "audio"
    VIDEO = "video"


class Section(StrEnum):
    """Parts of a discussion, in the order in which they are held."""

    OPENING = "opening"
    PUPILS = "pupils"
    PROGRESS = "progress"
    PATTERNS = "patterns"
    TEACHING = "teaching"
    NEXT = "next"
    FINAL = "final"


SECTIONS = tuple(Section)


class Audience(StrEnum):
    """With whom a study is shared."""

    STAFF = "staff"
    ALLIANCE = "alliance"


class Artefact(StrEnum):
    """A part of a study that can be shared."""

    FINDINGS = "findings"
    PLANS = "plans"
    MATRIX = "matrix"
    """Predictions, and whether what was seen fitted them; not what was seen."""
    OBSERVATIONS = "observations"
    QUOTES = "quotes"
    """What pupils said in interviews, and their literal words in observations."""
    PROGRESS = "progress"
    TECHNIQUE = "technique"


class LessonStage(Piece):
    """A stage of a lesson; its number is its place, from 1."""

    title: Annotated[str, text("Title", upto=200, guard="contributions")]
    minutes: Annotated[int, ask("How many minutes?", ge=1, le=240)]
    teacher_activity: Annotated[
        str, text("What does the teacher do?", upto=2000, lines=3, guard="contributions")
    ]
    resources: (
        Annotated[str, text("With what?", upto=1000, lines=2, guard="contributions")] | None
    ) = None


class Draft(Piece):
    """The plan of a lesson, without what is predicted."""

    id: UUID
    subject: str
    class_name: str | None
    starts_at: datetime | None
    objective: str
    technique: str
    stages: tuple[LessonStage, ...]
    success_criteria: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """How long the lesson takes."""
        return sum(stage.minutes for stage in self.stages)


class Change(StrEnum):
    """What made a new version of a plan."""

    DRAFTED = "drafted"
    EDITED = "edited"
    PREDICTION = "prediction"
    CRITERION = "criterion"
    PUPILS = "pupils"


class Version(Piece):
    """A version of a plan: what changed, when, and the plan's text as it was then."""

    number: int
    change: Change
    at: datetime
    id: UUID
    draft: Draft


class Prediction(Piece):
    """What a case pupil is expected to do at a stage."""

    id: UUID
    stage_no: int
    pupil: str
    text: str
    expected_evidence: str | None


class Criterion(Piece):
    """By what the group will know that a case pupil has learned."""

    id: UUID
    pupil: str
    text: str


class Observation(Piece):
    """What an observer saw a case pupil do at a stage."""

    id: UUID
    by: UUID
    stage_no: int
    pupil: str
    text: str
    evidence_kind: EvidenceKind
    match: Match
    verbatim: bool
    at: datetime


class Quote(Piece):
    """Literal words of one of the pupils."""

    pupil: str
    text: str


class Interview(Piece):
    """What pupils said after the lesson."""

    id: UUID
    by: UUID
    pupils: tuple[str, ...]
    minutes: int
    enjoyed_most: str | None
    learned: str | None
    worked_best: str | None
    change_if_again: str | None
    quotes: tuple[Quote, ...]


class Contribution(Piece):
    """What somebody said in a discussion."""

    id: UUID
    by: UUID
    section: Section
    pupil: str | None
    observations: tuple[UUID, ...]
    interviews: tuple[UUID, ...]
    text: str


class Judgement(Piece):
    """What the group says of a case pupil's progress in a lesson."""

    id: UUID
    by: UUID
    revision: int
    pupil: str
    progress_made: str
    was_it_enough: Verdict
    evidence: str


class Adjustment(Piece):
    """What the group will do otherwise in the next lesson."""

    id: UUID
    by: UUID
    revision: int
    aspect: str
    adjustment: str
    because: str


class Comment(Piece):
    """The last word, of the knowledgeable other."""

    id: UUID
    by: UUID
    text: str


class Discussion(Piece):
    """A discussion of a lesson."""

    opened_at: datetime
    moderator: UUID
    recorder: UUID
    present: tuple[UUID, ...]
    section: Section
    advised: bool = False
    """A knowledgeable other was there."""
    gaps: tuple[tuple[int, str], ...] = ()
    """Cells (stage, pupil) without an observation when it was opened."""
    contributions: tuple[Contribution, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    comment: Comment | None = None
    closed_at: datetime | None = None


class Finding(Piece):
    """What the group found out before it planned."""

    id: UUID
    by: UUID
    source: str
    summary: str
    implication: str


class CasePupil(Piece):
    """A pupil who typifies a group of learners, by label."""

    id: UUID
    learner_group: str
    why_chosen: str | None


class Focus(Piece):
    """What the group wants to learn."""

    id: UUID
    need: str
    statement: str
    data: tuple[str, ...]


class Overall(Piece):
    """What the group says of a pupil's or a group's progress over the cycle."""

    id: UUID
    by: UUID
    revision: int
    pupil: str | None
    learner_group: str | None
    text: str


class Cycle(Piece):
    """What the whole study came to."""

    id: UUID
    by: UUID
    revision: int
    at: datetime
    what_we_learned: str
    technique: str
    open_questions: tuple[str, ...]


class Sharing(Piece):
    """That parts of the study were shared."""

    id: UUID
    audience: Audience
    artefacts: tuple[Artefact, ...]
    quotes_of: tuple[str, ...]
    at: datetime
