"""The alliance as a Method: the same contract as every way of working together."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from enquiry.kernel.alliance import calendars, forms, lessons, rules, views
from enquiry.kernel.alliance.engaged import engaged
from enquiry.kernel.alliance.erasing import erasing
from enquiry.kernel.alliance.own import own
from enquiry.kernel.alliance.safeguarding import safeguarding
from enquiry.kernel.alliance.state import Alliance
from enquiry.kernel.alliance.words import words
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.method import Method
from enquiry.method.retention import Keep
from enquiry.method.roles import MEMBER, OPERATOR, Role

STEWARD = Role("steward", "looks after the alliance's people and schools", at_least=1)


RETENTION = (
    Keep(
        kind="identity",
        what="Names and pronouns",
        because="what was decided together stays signed; whoever wants to be forgotten asks for it",
    ),
    Keep(
        kind="contribution",
        what="What pupils were trained in, reasons of holds and refusals, notes on warnings",
        because="a school must be able to tell who was trained before observing, and what it kept",
    ),
)


def _cast(s: Alliance) -> Mapping[str, tuple[UUID, ...]]:
    return {"steward": s.stewards}


def _create(s: Alliance, e: forms.CreateAlliance, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    yield forms.AllianceCreated(name=e.name)
    yield forms.PersonAdded(person=e.steward, name=e.steward_name)
    yield forms.NameSteward(person=e.steward)


def _add(s: Alliance, e: forms.AddPerson, ctx: Ctx) -> Iterable[Entry]:
    del s
    yield forms.PersonAdded(person=e.person or ctx.id, name=e.name, pronouns=e.pronouns)


def _of_school(what: str) -> Callable[[Any], str]:
    """What is replaced as a whole is decided for one school at a time."""
    return lambda e: f"{what}-{e.school}"


def _build() -> Builder:
    alliance = Builder(
        "alliance",
        1,
        "Alliance",
        state=Alliance,
        roles=(STEWARD,),
        cast=_cast,
        stream="alliance",
        acknowledgers=(STEWARD,),
        retention=RETENTION,
    )
    alliance.stages("open")
    alliance.move(
        forms.CreateAlliance,
        by=OPERATOR,
        opens=True,
        handler=_create,
        facts=(forms.AllianceCreated, forms.PersonAdded, forms.NameSteward),
    )
    alliance.move(forms.NameSteward, by=STEWARD, rules=(rules.person_is_known,))
    alliance.move(forms.RetireSteward, by=STEWARD, rules=(rules.is_steward, rules.another_remains))
    alliance.move(forms.AddSchool, by=STEWARD, rules=(rules.zone_is_known,))
    alliance.move(
        forms.AddPerson,
        by=(STEWARD, MEMBER),
        handler=_add,
        facts=(forms.PersonAdded,),
        rules=(rules.may_name,),
    )
    _of_schools(alliance)
    managing = (rules.managers_are_known, rules.nobody_manages_themselves)
    alliance.move(
        forms.RecordLineManagement,
        by=STEWARD,
        decision=True,
        about=lambda e: f"managed-by-{e.manager}",
        rules=managing,
    )
    trained = (
        rules.person_is_known,
        rules.works_at_their_school,
        rules.is_a_pupil,
        rules.training_took_place,
    )
    alliance.move(forms.RecordPupilTraining, by=(STEWARD, MEMBER), rules=trained)
    own(alliance, STEWARD)
    engaged(alliance)
    erasing(alliance, STEWARD)
    return alliance


def _of_schools(alliance: Builder) -> None:
    """What its own leaders say for a school."""
    for_school = (rules.school_is_known, rules.leads_a_school, rules.answers_for_school)
    member = (rules.person_is_known, *for_school)
    granted = (*member, rules.ends_after_it_began)
    alliance.move(forms.GrantMembership, by=(STEWARD, MEMBER), rules=granted)
    ended = (*member, rules.has_membership)
    alliance.move(forms.EndMembership, by=(STEWARD, MEMBER), rules=ended)
    named = (*for_school, rules.named_people_are_known)
    alliance.move(
        forms.NameCapacity,
        by=(STEWARD, MEMBER),
        decision=True,
        about=lambda e: f"{e.capacity}-{e.school}",
        rules=named,
    )
    room = (*for_school, rules.room_is_new)
    alliance.move(forms.RegisterRoom, by=(STEWARD, MEMBER), rules=room)
    replaced: tuple[tuple[type[Entry], str, tuple[Any, ...]], ...] = (
        (forms.RegisterClasses, "classes", for_school),
        (calendars.SetAcademicYear, "calendar", (*for_school, *calendars.YEAR_RULES)),
        (calendars.SetSchoolWeek, "calendar", for_school),
        (forms.SetPolicy, "policy", (*for_school, rules.own_times_are_whole)),
    )
    alliance.move(
        lessons.SetTimetable,
        by=(STEWARD, MEMBER),
        decision=True,
        about=lambda e: f"lessons-{e.person}-{e.school}",
        rules=(
            rules.person_is_known,
            rules.school_is_known,
            rules.has_membership,
            lessons.may_say_when_they_teach,
            lessons.lessons_have_times,
        ),
    )
    for entry, what, required in replaced:
        alliance.move(
            entry,
            by=(STEWARD, MEMBER),
            decision=True,
            about=_of_school(what),
            rules=required,
        )
    words(alliance, STEWARD, for_school)


def _show(alliance: Builder) -> None:
    shown: tuple[Any, ...] = (
        forms.AllianceCreated,
        forms.NameSteward,
        forms.RetireSteward,
        forms.AddSchool,
        forms.GrantMembership,
        forms.EndMembership,
        forms.NameCapacity,
        forms.RegisterRoom,
        forms.RegisterClasses,
        calendars.SetAcademicYear,
        calendars.SetSchoolWeek,
        forms.SetPolicy,
    )
    for fact in shown:
        alliance.show(fact, to=(STEWARD, MEMBER))
    alliance.show(forms.PersonAdded, to=STEWARD)
    alliance.show(forms.PersonAdded, to=MEMBER, when=views.may_name_them)
    alliance.show(lessons.SetTimetable, to=STEWARD, today=True)
    # As held today: whoever looks after the alliance now, and no longer who did once.
    alliance.show(forms.RecordLineManagement, to=STEWARD, today=True)
    alliance.show(forms.RecordPupilTraining, to=STEWARD, today=True)
    alliance.view(
        "directory",
        "Schools, people and rooms",
        to=(STEWARD, MEMBER),
        build=views.directory,
        schema=views.Directory,
    )


def _method() -> Method:
    alliance = _build()
    _show(alliance)
    safeguarding(alliance)
    return alliance.build()


ALLIANCE = _method()
"""The alliance's definition."""
