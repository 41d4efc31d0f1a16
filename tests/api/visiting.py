"""A method that books visits: the smallest one that a timetable tells of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from enquiry.kernel.bookings import Booking, Release, Slots
from enquiry.kernel.run import Run
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain
from enquiry.method.method import Method
from enquiry.method.roles import MEMBER, Role

LEAD = Role("visit-lead", "whoever plans the visits", at_least=1)
HOST = Role("visit-host", "whose lessons are visited", outside=True)


class Visits(Run):
    """What the rules remember."""

    hosts_of: Mapping[str, UUID] = {}


class OpenVisits(Entry, records="visits-opened"):
    """Open a plan of visits"""

    title: Annotated[str, plain("What is it called?", because="the title of a test")]
    school: Annotated[UUID, ask("Of which school?")]

    def apply(self, s: Visits, was: Was) -> Visits:
        """Whoever opens it leads."""
        return s.but(title=self.title, school=self.school, lead=was.by)


class PlanVisit(Entry, records="visit-planned"):
    """Plan a visit"""

    what: Annotated[str, plain("Which visit?", because="a name out of a test", address=True)]
    host: Annotated[UUID, ask("Whose lesson?")]
    start: Annotated[datetime, ask("From when?")]
    end: Annotated[datetime, ask("Until when?")]
    room: Annotated[UUID, ask("Where?")]
    school: Annotated[UUID, ask("At which school?")]

    def apply(self, s: Visits, was: Was) -> Visits:
        """The host has a part from now on."""
        return s.but(hosts_of={**s.hosts_of, self.what: self.host})


class CallOffVisit(Entry, records="visit-called-off"):
    """Call a visit off"""

    what: Annotated[str, plain("Which visit?", because="a name out of a test", address=True)]

    def apply(self, s: Visits, was: Was) -> Visits:
        """The host has no part any more."""
        return s.but(hosts_of={w: h for w, h in s.hosts_of.items() if w != self.what})


def _books(s: Visits, e: PlanVisit, ctx: Any) -> Iterable[Booking]:
    people = () if s.lead is None else (s.lead,)
    yield Booking(
        key=f"{ctx.stream}/{e.what}",
        start=e.start,
        end=e.end,
        people=people,
        room=e.room,
        room_school=e.school,
        visited=e.host,
    )


def _frees(s: Visits, e: CallOffVisit, ctx: Any) -> Iterable[Release]:
    host = s.hosts_of.get(e.what)
    around = ctx.read(ctx.alliance)
    yield Release(f"{ctx.stream}/{e.what}", around.schools_of(host) if host else ())


def _cast(s: Visits) -> Mapping[str, tuple[UUID, ...]]:
    hosts = tuple(dict.fromkeys(s.hosts_of.values()))
    return {"visit-lead": (s.lead,) if s.lead else (), "visit-host": hosts}


def _build() -> Method:
    visits = Builder("visits", 1, "Quiet visits", state=Visits, roles=(LEAD, HOST), cast=_cast)
    visits.stages("open", final=("closed",))
    slots, freed = Slots(_books), Slots(_frees)
    visits.move(OpenVisits, by=MEMBER, opens=True)
    visits.move(PlanVisit, by=LEAD, rules=(slots.free,), warns=(slots.warns,), also=slots.book)
    visits.move(CallOffVisit, by=LEAD, also=freed.book)
    for fact in (OpenVisits, PlanVisit, CallOffVisit):
        visits.show(fact, to=(LEAD, HOST), today=True)
    return visits.build()


VISITS = _build()
