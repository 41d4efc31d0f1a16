"""Before the day: the problem of practice, teams, classrooms, and what host teachers are told."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from enquiry.kernel.run import forms as run
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain, text
from enquiry_instructional_rounds.state.pieces import (
    STANDING,
    Answer,
    Params,
    Problem,
    Verdict,
    Visit,
    VisitStatus,
)
from enquiry_instructional_rounds.state.rounds import Rounds

TESTS = ("instructional_core", "observable", "actionable", "linked_to_strategy", "high_leverage")
"""What a problem of practice is tested for; each is a field of ``PublishProblem``."""
VISIT = ask("Which visit?", address=True, ge=1, le=200)
_TEAM = ask("Which team?", address=True, ge=1, le=50)
_QUESTION = text(
    "Which question of pupils' learning is unresolved?", upto=600, lines=3, guard="contributions"
)
_CONTEXT = text("What should visitors know?", upto=4000, lines=6, guard="contributions")
_STAFF = text("How was the staff involved?", upto=2000, lines=4, guard="contributions")
_THEORY = text("If we …, then pupils …", upto=1000, lines=3, guard="contributions")
_SOURCE = text("A source", upto=300, guard="contributions")
_WHY = text("Why?", upto=1000, lines=3, guard="contributions")


class PlanRun(run.PlanRun):
    """Plan instructional rounds"""

    host_school: Annotated[UUID, ask("Which school hosts them?", ui="choice")]
    params: Annotated[Params, ask("What does your network do differently?", ui="group")] = Params()

    def place(self) -> UUID:
        """At the host school, wherever its planner comes from."""
        return self.host_school


class ProblemTest(Piece):
    """An answer to one test, and what it rests on."""

    verdict: Annotated[Verdict, ask("Does it hold?", ui="choice")]
    note: Annotated[str, text("What makes you say so?", upto=500, guard="contributions")] | None = (
        None
    )


class PublishProblem(Entry, records="problem-published"):
    """Publish the problem of practice, with the staff"""

    text: Annotated[str, _QUESTION]
    context: Annotated[str, _CONTEXT]
    staff_involvement: Annotated[str, _STAFF] | None = None
    instructional_core: (
        Annotated[ProblemTest, ask("Is it about teacher, pupils and content?", ui="group")] | None
    ) = None
    observable: Annotated[ProblemTest, ask("Can it be seen?", ui="group")] | None = None
    actionable: Annotated[ProblemTest, ask("Can the school act on it?", ui="group")] | None = None
    linked_to_strategy: (
        Annotated[ProblemTest, ask("Is it linked to the school's strategy?", ui="group")] | None
    ) = None
    high_leverage: (
        Annotated[ProblemTest, ask("Would it make a difference for many?", ui="group")] | None
    ) = None
    theory_of_action: Annotated[str, _THEORY] | None = None
    data_refs: Annotated[
        tuple[Annotated[str, _SOURCE], ...], ask("On which data does it rest?", at_most=20)
    ] = ()

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """What host teachers were told before no longer holds: they are told again."""
        given = {name: getattr(self, name) for name in TESTS}
        answers = {
            name: Answer(verdict=test.verdict, note=test.note)
            for name, test in given.items()
            if test is not None
        }
        problem = Problem(
            text=self.text,
            context=self.context,
            staff_involvement=self.staff_involvement or "",
            answers=answers,
            theory=self.theory_of_action,
            data=self.data_refs,
            at=was.at,
        )
        visits = {n: _untold(visit) for n, visit in s.visits.items()}
        return s.but(problems=(*s.problems, problem), visits=visits)


def _untold(visit: Visit) -> Visit:
    return visit.but(told=False) if visit.status == VisitStatus.SCHEDULED else visit


class FormTeam(Entry, records="team-formed"):
    """Form a team of observers, or form it anew"""

    team_no: Annotated[int, _TEAM]
    members: Annotated[tuple[UUID, ...], ask("Who?", at_least=1, at_most=20, ui="people")]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """A new list replaces the old."""
        return s.but(teams={**s.teams, self.team_no: self.members})


class ScheduleClassroom(Entry):
    """Schedule a visit to a classroom, or schedule it anew"""

    visit_no: Annotated[int, VISIT]
    team_no: Annotated[int, ask("Which team?", ge=1, le=50)]
    location: Annotated[UUID, ask("Which room?", ui="choice")]
    host_teacher: Annotated[UUID, ask("Who teaches there?", address=True, ui="people")]
    subject: (
        Annotated[str, plain("Which subject?", because="a subject of the timetable", upto=60)]
        | None
    ) = None
    year: Annotated[str, plain("Which year group?", because="a year group", upto=40)] | None = None
    start: Annotated[datetime, Meta(tz=True), ask("When does it start?", ui="date")]
    minutes: Annotated[int, ask("Minutes, if not as usual", ge=1, le=240)] | None = None


class ClassroomScheduled(Entry, records="classroom-scheduled"):
    """A visit to a classroom was scheduled"""

    visit_no: int
    team_no: int
    location: UUID
    school: UUID
    zone: Annotated[str, plain("Time zone", because="an IANA time zone", upto=60)]
    host_teacher: UUID
    subject: (
        Annotated[str, plain("Subject", because="a subject of the timetable", upto=60)] | None
    ) = None
    year: Annotated[str, plain("Year group", because="a year group", upto=40)] | None = None
    start: Annotated[datetime, Meta(tz=True)]
    """UTC; ``zone`` is the host school's at the time."""
    minutes: int

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """A new schedule replaces the old; the host teacher is yet to be told."""
        return s.tells_of(self.host_teacher, was.id).with_visit(
            Visit(
                number=self.visit_no,
                team=self.team_no,
                room=self.location,
                school=self.school,
                zone=self.zone,
                host=self.host_teacher,
                start=self.start,
                minutes=self.minutes,
                subject=self.subject,
                year=self.year,
            )
        )


class InformHostTeachers(Entry, records="host-teachers-informed"):
    """Tell host teachers of their visit and of the problem of practice"""

    visit_nos: Annotated[
        tuple[Annotated[int, ask("A visit", ge=1, le=200)], ...],
        ask("Of which visits?", at_least=1, at_most=200),
    ]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Whoever was told can answer."""
        told = [s.visits[number].host for number in self.visit_nos if number in s.visits]
        wanted = set(self.visit_nos)
        visits = {
            n: visit.but(told=True) if n in wanted and visit.status in STANDING else visit
            for n, visit in s.visits.items()
        }
        return s.but(visits=visits, told=tuple(dict.fromkeys((*s.told, *told))))


class CancelClassroom(Entry, records="classroom-cancelled"):
    """Cancel a visit, and say why"""

    visit_no: Annotated[int, VISIT]
    reason: Annotated[str, _WHY]

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """It does not take place."""
        visit = s.visits.get(self.visit_no)
        return s if visit is None else s.with_visit(visit.but(status=VisitStatus.CANCELLED))


class HostAnswer(StrEnum):
    """A host teacher's answer."""

    ACCEPT = "accept"
    DECLINE = "decline"


class ConsentAsHostTeacher(Entry):
    """Say whether your classroom may be visited; declining needs no reason"""

    visit_no: Annotated[int, VISIT]
    answer: Annotated[HostAnswer, ask("May they come?", ui="choice")]


class HostTeacherConsented(Entry, records="host-teacher-consented"):
    """The host teacher is happy to be visited"""

    visit_no: int

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Remember it."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        return s.tells_of(visit.host, was.id).with_visit(visit.but(accepted=True))


class HostTeacherDeclined(Entry, records="host-teacher-declined"):
    """The classroom is not visited"""

    visit_no: int

    def apply(self, s: Rounds, was: Was) -> Rounds:
        """Before: the visit is dropped. During: it ends, and what was noted there vanishes."""
        visit = s.visits.get(self.visit_no)
        return s if visit is None else s.tells_of(visit.host, was.id).undone(visit, was)
