"""Before the walk: its focus, what walkers look at, visits, and what hosts are told."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from enquiry.kernel.run import forms as run
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain, text
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    Criterion,
    CriterionKey,
    Params,
    Visit,
    VisitStatus,
    WalkRole,
)

KEPT_FOR_A_TERM = "visit"
"""Kind of key that seals what is said about one visit: it expires at the end of the next term,
while outcomes stay (retention, 4.6)."""


VISIT = ask("Which visit?", address=True, ge=1, le=20)


class PlanRun(run.PlanRun):
    """Plan a learning walk"""

    params: Annotated[Params, ask("What does your school do differently?", ui="group")] = Params()


class CriterionText(Piece):
    """One criterion."""

    id: Annotated[CriterionKey, ask("Number", ui="choice")]
    text: Annotated[
        str, text("What shows it?", upto=300, guard="contributions", placeholder="time is given")
    ]


class SetWalkFocus(Entry, records="walk-focus-set"):
    """Agree one focus, and what to look for"""

    focus: Annotated[
        str, text("What is the one focus of the walk?", upto=300, guard="contributions")
    ]
    link_to_improvement_aim: Annotated[
        str, text("Which improvement aim does it serve?", upto=1000, guard="contributions")
    ]
    criteria: Annotated[tuple[CriterionText, ...], ask("What will you look for?", at_most=7)] = ()

    def apply(self, s: Walk, was: Was) -> Walk:
        """What hosts were told before no longer holds: they are told again."""
        visits = {n: _untold(visit) for n, visit in s.visits.items()}
        criteria = tuple(Criterion(id=c.id, text=c.text) for c in self.criteria)
        aim = self.link_to_improvement_aim
        return s.but(focus=self.focus, aim=aim, criteria=criteria, visits=visits)


def _untold(visit: Visit) -> Visit:
    ahead = visit.status == VisitStatus.SCHEDULED
    return visit.but(told=False, notice=None) if ahead else visit


class AssignWalkRole(Entry, records="walk-role-assigned"):
    """Say what a walker looks at in particular"""

    person: Annotated[UUID, ask("Who?", address=True, ui="people")]
    walk_role: Annotated[WalkRole, ask("What do they look at?", ui="choice")]
    custom: (
        Annotated[str, text("If it is something else: what?", upto=80, guard="contributions")]
        | None
    ) = None

    def apply(self, s: Walk, was: Was) -> Walk:
        """Each walker has one walk role: a new one replaces the old."""
        custom = {p: role for p, role in s.custom_roles.items() if p != self.person}
        if self.custom is not None:
            custom[self.person] = self.custom
        roles = {**s.walk_roles, self.person: self.walk_role}
        return s.but(walk_roles=roles, custom_roles=custom)


_SUBJECT = Annotated[str, plain("Which subject?", because="a subject of the timetable", upto=60)]


_YEAR = Annotated[str, plain("Which year group?", because="a year group of the school", upto=40)]


class ScheduleVisit(Entry):
    """Schedule a visit, or schedule it anew"""

    visit_no: Annotated[int, VISIT]
    location: Annotated[UUID, ask("Which room?", ui="choice")]
    host: Annotated[UUID, ask("Who teaches there?", address=True, ui="people")]
    start: Annotated[datetime, Meta(tz=True), ask("When does it start?", ui="date")]
    visit_minutes: Annotated[int, ask("Minutes in the room", ge=1, le=600)]
    debrief_minutes: Annotated[int, ask("Minutes in the corridor after it", ge=1, le=600)]
    visitors: Annotated[tuple[UUID, ...], ask("Who visits?", at_least=1, at_most=20, ui="people")]
    subject: _SUBJECT | None = None
    year: _YEAR | None = None
    """What only one visited room has narrows a text down to it, and is remarked."""


class VisitScheduled(Entry, records="visit-scheduled"):
    """A visit was scheduled"""

    visit_no: int
    location: UUID
    school: UUID
    zone: Annotated[str, plain("Time zone", because="an IANA time zone", upto=60)]
    host: UUID
    start: Annotated[datetime, Meta(tz=True)]
    """UTC; ``zone`` is the host school's at the time."""
    visit_minutes: int
    debrief_minutes: int
    visitors: tuple[UUID, ...]
    subject: _SUBJECT | None = None
    year: _YEAR | None = None

    def apply(self, s: Walk, was: Was) -> Walk:
        """A new schedule replaces the old; the host is yet to be told."""
        return s.tells_of(self.host, was.id).with_visit(
            Visit(
                number=self.visit_no,
                room=self.location,
                school=self.school,
                zone=self.zone,
                host=self.host,
                start=self.start,
                visit_minutes=self.visit_minutes,
                debrief_minutes=self.debrief_minutes,
                visitors=self.visitors,
                subject=self.subject,
                year=self.year,
            )
        )


class NotifyHosts(Entry):
    """Tell the hosts: date, time, focus, criteria and who visits"""


class Notice(Piece):
    """How early the host of a visit was told."""

    visit_no: int
    school_days: int | None = None
    """Whole school days between the notice and the visit; ``None`` without a calendar."""


class HostsNotified(Entry, records="hosts-notified"):
    """Hosts were told of their visits"""

    notices: tuple[Notice, ...]

    def apply(self, s: Walk, was: Was) -> Walk:
        """Whoever was told can answer."""
        told = list(s.told)
        for notice in self.notices:
            visit = s.visits.get(notice.visit_no)
            if visit is not None:
                s = s.with_visit(visit.but(told=True, notice=notice.school_days))
                told.append(visit.host)
        return s.but(told=tuple(dict.fromkeys(told)))


class HostAnswer(StrEnum):
    """A host's answer."""

    ACCEPT = "accept"
    DECLINE = "decline"


class RespondAsHost(Entry):
    """Say whether your room may be visited; declining needs no reason"""

    visit_no: Annotated[int, VISIT]
    answer: Annotated[HostAnswer, ask("May they come?", ui="choice")]
    note: (
        Annotated[
            str, text("Anything the lead should know?", upto=500, lines=3, kind=KEPT_FOR_A_TERM)
        ]
        | None
    ) = None


class HostAccepted(Entry, records="host-accepted"):
    """The host is happy to be visited"""

    visit_no: int
    note: Annotated[str, text("Note", upto=500, kind=KEPT_FOR_A_TERM)] | None = None

    def apply(self, s: Walk, was: Was) -> Walk:
        """Remember it."""
        visit = s.visits.get(self.visit_no)
        if visit is None:
            return s
        return s.tells_of(visit.host, was.id).with_visit(visit.but(accepted=True))


class HostDeclined(Entry, records="host-declined"):
    """The room is not visited"""

    visit_no: int
    note: Annotated[str, text("Note", upto=500, kind=KEPT_FOR_A_TERM)] | None = None

    def apply(self, s: Walk, was: Was) -> Walk:
        """Before: the visit is dropped. During: it ends, and its notes and corridor are dropped."""
        visit = s.visits.get(self.visit_no)
        return s if visit is None else s.tells_of(visit.host, was.id).undone(visit, was)
