"""What people may record about their alliance: the forms, and the facts they become."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from enquiry.kernel.alliance.state import (
    Alliance,
    Capacity,
    Membership,
    OwnTime,
    Person,
    Policy,
    Room,
    School,
    Standing,
)
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain, text

_SCHOOL = ask("Which school?", address=True)
_PERSON = ask("Who?", address=True, ui="people")
_INSTITUTION = "the name of an institution"


class CreateAlliance(Entry):
    """Open an alliance and name its first steward"""

    name: Annotated[str, plain("What is the alliance called?", because=_INSTITUTION)]
    steward: Annotated[UUID, ask("Who looks after it first?", ui="people")]
    """Their id: the subject of that person's token."""
    steward_name: Annotated[
        str, text("What is the steward called?", upto=200, subject="steward", kind="identity")
    ]


class AllianceCreated(Entry, records="alliance-created"):
    """The alliance was opened"""

    name: Annotated[str, plain("Name", because=_INSTITUTION)]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Take its name."""
        return s.but(name=self.name)


class NameSteward(Entry, records="steward-named"):
    """Name somebody who looks after the alliance's people and schools"""

    person: Annotated[UUID, _PERSON]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Add the steward once."""
        return s if self.person in s.stewards else s.but(stewards=(*s.stewards, self.person))


class RetireSteward(Entry, records="steward-retired"):
    """Say that somebody no longer looks after the alliance"""

    person: Annotated[UUID, _PERSON]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """They are steward no more; what else they are stays."""
        return s.but(stewards=tuple(p for p in s.stewards if p != self.person))


class AddSchool(Entry, records="school-added"):
    """Add a school or partner organisation"""

    name: Annotated[str, plain("What is it called?", because=_INSTITUTION)]
    zone: Annotated[str, plain("In which time zone is it?", because="an IANA time zone", upto=64)]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """The school has the fact's id."""
        return s.but(schools={**s.schools, was.id: School(name=self.name, zone=self.zone)})


class AddPerson(Entry):
    """Add somebody who takes part, or correct their name"""

    name: Annotated[
        str, text("What are they called, as they prefer it?", upto=200, kind="identity")
    ]
    person: Annotated[UUID, ask("Under which id, if there is one?", address=True)] | None = None
    """Their id, if their token has one already; otherwise one is made."""
    pronouns: Annotated[str, text("Which pronouns, if any?", upto=40, kind="identity")] | None = (
        None
    )


class PersonAdded(Entry, records="person-added"):
    """Somebody was added"""

    person: UUID
    name: Annotated[str, text("Name", upto=200, subject="person", kind="identity")]
    pronouns: (
        Annotated[str, text("Pronouns", upto=40, subject="person", kind="identity")] | None
    ) = None

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Keep a reference to the name, and what was known before."""
        known = s.people.get(self.person)
        person = known.but(name=self.name) if known else Person(name=self.name)
        return s.but(people={**s.people, self.person: person})


class GrantMembership(Entry, records="membership-granted"):
    """Say that somebody belongs to a school, and as what"""

    person: Annotated[UUID, _PERSON]
    school: Annotated[UUID, _SCHOOL]
    standings: Annotated[tuple[Standing, ...], ask("As what?", at_least=1, at_most=9)]
    since: Annotated[date, ask("From which day on?", ui="date")]
    until: Annotated[date, ask("Until when? It no longer holds on that day.", ui="date")] | None = (
        None
    )

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace an earlier membership of the same school."""
        return _with_memberships(
            s,
            self.person,
            self.school,
            Membership(
                school=self.school, standings=self.standings, since=self.since, until=self.until
            ),
        )


class EndMembership(Entry, records="membership-ended"):
    """Say that somebody no longer belongs to a school from a day on"""

    person: Annotated[UUID, _PERSON]
    school: Annotated[UUID, _SCHOOL]
    until: Annotated[date, ask("From which day on?", ui="date")]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """End it, keeping since when it held."""
        known = s.people.get(self.person)
        held = (
            next((m for m in known.memberships if m.school == self.school), None) if known else None
        )
        if held is None:
            return s
        return _with_memberships(s, self.person, self.school, held.but(until=self.until))


def _with_memberships(s: Alliance, person: UUID, school: UUID, held: Membership) -> Alliance:
    known = s.people.get(person)
    if known is None:
        return s
    # In the place of the one before: which school counts as somebody's first must not change.
    known_there = any(m.school == school for m in known.memberships)
    replaced = tuple(held if m.school == school else m for m in known.memberships)
    memberships = replaced if known_there else (*replaced, held)
    return s.but(people={**s.people, person: known.but(memberships=memberships)})


class NameCapacity(Entry, records="capacity-named"):
    """Say who organises cover, professional learning, safeguarding or data protection"""

    school: Annotated[UUID, _SCHOOL]
    capacity: Annotated[Capacity, ask("Which task?", address=True, ui="choice")]
    people: Annotated[tuple[UUID, ...], ask("Who?", at_most=20, ui="people")]
    """Everybody who has it from now on; empty: nobody."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace who had it."""
        known = s.schools.get(self.school)
        if known is None:
            return s
        capacities = {**known.capacities, self.capacity: self.people}
        return _with_school(s, self.school, capacities=capacities)


def _with_school(s: Alliance, school: UUID, **changes: Any) -> Alliance:
    known = s.schools.get(school)
    return s.but(schools={**s.schools, school: known.but(**changes)}) if known else s


class RegisterRoom(Entry, records="room-registered"):
    """Register a room, so that visits to it never clash"""

    school: Annotated[UUID, _SCHOOL]
    code: Annotated[str, plain("What is it called?", because="a room's code", upto=40)]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """The room has the fact's id."""
        return s.but(rooms={**s.rooms, was.id: Room(school=self.school, code=self.code)})


class RegisterClasses(Entry, records="classes-registered"):
    """Tell which class codes a school uses, so that no shared text names one"""

    school: Annotated[UUID, _SCHOOL]
    codes: Annotated[
        tuple[Annotated[str, plain("Class code", because="a class's code", upto=20)], ...],
        ask("Which codes?", at_most=500),
    ]
    """Every code in use from now on."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace the codes."""
        return _with_school(s, self.school, classes=self.codes)


class SetPolicy(Entry, records="policy-set"):
    """Set what a school has decided for itself about observation and consent"""

    school: Annotated[UUID, _SCHOOL]
    policy: Annotated[Policy, ask("What has the school decided?")]
    keeps: Annotated[
        tuple[OwnTime, ...], ask("What is kept for other times than its method says?", at_most=50)
    ] = ()

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace the policy and the times as a whole."""
        return _with_school(s, self.school, policy=self.policy, keeps=self.keeps)


class RecordLineManagement(Entry, records="line-management-recorded"):
    """Record who manages whom, only so that conflicts of role are noticed"""

    manager: Annotated[UUID, ask("Who manages?", address=True, ui="people")]
    managed: Annotated[tuple[UUID, ...], ask("Whom?", at_most=200, ui="people")]
    """Everybody this person manages or appraises from now on; empty: nobody."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace whom this person manages."""
        return s.but(manages={**s.manages, self.manager: self.managed})


class RecordPupilTraining(Entry, records="pupil-training-recorded"):
    """Record that a pupil was trained before observing"""

    person: Annotated[UUID, _PERSON]
    content: Annotated[str, text("What did the training cover?", upto=1000, subject="person")]
    on: Annotated[date, ask("On which day?", ui="date")]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """The pupil may observe from now on."""
        known = s.people.get(self.person)
        if known is None:
            return s
        return s.but(people={**s.people, self.person: known.but(trained=True)})
