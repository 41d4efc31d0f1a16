"""Forming the group, its focus, what it finds out, and whom it will look at."""

from typing import Annotated
from uuid import UUID

from enquiry import Entry, Piece, Was, ask, text
from enquiry.kernel.run.forms import Label, PlanRun
from enquiry_lesson_study.state import Study
from enquiry_lesson_study.state.pieces import CasePupil, Change, Finding, Focus

MEMBER = "member"
PROTOCOL_VERSION = 1
PROTOCOL = (
    "We are equal as learners, whatever our posts.",
    "The lesson is ours, whoever teaches it. Nothing here is about a teacher's performance.",
    "Whoever observes does not help, prompt or disturb the pupils.",
    "We stay with what was seen, and do not excuse it.",
    "Every point starts from a pupil.",
    "We are open to critique, and say in advance that we will share what we learn.",
)
"""What everybody adopts before the group plans."""


class Params(Piece):
    """What the group decides before it begins."""

    research_lessons: Annotated[int, ask("How many research lessons?", ge=2, le=4)] = 3
    case_pupils: Annotated[int, ask("How many case pupils?", ge=1, le=12)] = 3
    discussion_within_hours: (
        Annotated[
            int,
            ask("Within how many hours is a lesson discussed? As the school says.", ge=1, le=336),
        ]
        | None
    ) = None
    discussion_min_minutes: Annotated[
        int, ask("How many minutes does a discussion take at least?", ge=10, le=240)
    ] = 45
    interview_max_minutes: Annotated[
        int, ask("How many minutes does an interview take at most?", ge=1, le=60)
    ] = 5
    opening_remarks_by_teacher: Annotated[
        bool, ask("Does whoever taught open with what they noticed about pupils?")
    ] = True
    public_lesson: Annotated[bool, ask("May guests observe?")] = False


class PlanStudy(PlanRun):
    """Plan a lesson study"""

    params: Annotated[Params, ask("How it is done")] = Params()


class FormGroup(Entry):
    """Name the members; each of the others is invited and may decline"""

    members: Annotated[tuple[UUID, ...], ask("Who?", address=True, at_most=6, ui="people")]
    class_teacher: (
        Annotated[UUID, ask("Whose class is it? Yours, if not said.", ui="people")] | None
    ) = None


class GroupFormed(Entry, records="group-formed"):
    """The members were named"""

    members: tuple[UUID, ...]
    class_teacher: UUID

    def apply(self, s: Study, was: Was) -> Study:
        """Whoever named themselves takes part; the others are invited."""
        people = {was.by: (MEMBER,)} if was.by in self.members else {}
        others = {person: MEMBER for person in self.members if person != was.by}
        return s.but(
            formed=True,
            class_teacher=self.class_teacher,
            people={**s.people, **people},
            invited={**s.invited, **others},
        )


_DATUM = text("Which data?", upto=500, guard="contributions")


class SetResearchFocus(Entry, records="research-focus-set"):
    """Set the research focus: "we want to learn how to improve the way … learn or we teach …\""""

    need: (
        Annotated[
            str,
            text("Which need in pupils' learning?", upto=1000, lines=3, guard="contributions"),
        ]
        | None
    ) = None
    data_refs: Annotated[
        tuple[Annotated[str, _DATUM], ...], ask("Which data show it?", at_most=20)
    ] = ()
    statement: Annotated[
        str, text("What do we want to learn?", upto=1000, lines=3, guard="contributions")
    ]

    def apply(self, s: Study, was: Was) -> Study:
        """What was set last counts."""
        focus = Focus(
            id=was.id, need=self.need or "", statement=self.statement, data=self.data_refs
        )
        return s.but(focus=focus)


class RecordStudyFinding(Entry, records="study-finding-recorded"):
    """Record what you found out: the subject, pupils, materials, research, earlier studies"""

    source: Annotated[str, text("Where?", upto=500, guard="contributions")]
    summary: Annotated[str, text("What does it say?", upto=4000, lines=5, guard="contributions")]
    implication: Annotated[
        str,
        text("What does it mean for our lesson?", upto=2000, lines=3, guard="contributions"),
    ]

    def apply(self, s: Study, was: Was) -> Study:
        """One finding more."""
        finding = Finding(
            id=was.id,
            by=was.by,
            source=self.source,
            summary=self.summary,
            implication=self.implication,
        )
        return s.but(findings={**s.findings, was.id: finding})


_GROUP = text("Which group of learners do they stand for?", upto=500, guard="contributions")
_WHY = text("Why this pupil?", upto=1000, lines=2, guard="contributions")


class Choice(Piece):
    """A case pupil. One who is not in the register yet is entered by the real name."""

    label: Label
    learner_group: Annotated[str, _GROUP]
    why_chosen: Annotated[str, _WHY] | None = None
    real_identity: (
        Annotated[str, text("Who is it, if not in the register yet?", upto=200, kind="register")]
        | None
    ) = None


class ChooseCasePupils(Entry):
    """Choose the case pupils of the lesson to come: all of them, also those of the last lesson"""

    pupils: Annotated[
        tuple[Choice, ...], ask("Which pupils?", address=True, at_least=1, at_most=12)
    ]


class CasePupilsChosen(Entry, records="case-pupils-chosen"):
    """The case pupils were chosen"""

    labels: tuple[Label, ...]

    def apply(self, s: Study, was: Was) -> Study:
        """A plan that is being made has to predict for them."""
        return s.but(chosen=self.labels).renewed(Change.PUPILS, was)


class CasePupilDescribed(Entry, records="case-pupil-described"):
    """What a case pupil stands for, and why they were chosen"""

    pupil: UUID
    label: Label
    learner_group: Annotated[
        str, text("Learner group", upto=500, subject="pupil", guard="contributions")
    ]
    why_chosen: (
        Annotated[str, text("Why chosen", upto=1000, subject="pupil", guard="contributions")] | None
    ) = None

    def apply(self, s: Study, was: Was) -> Study:
        """What was said last counts."""
        known = CasePupil(id=was.id, learner_group=self.learner_group, why_chosen=self.why_chosen)
        return s.but(described={**s.described, self.label: known}).telling(was, self.label)
