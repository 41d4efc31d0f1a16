"""Erasure on request, and holds: asked for by whom it is about, decided by who answers for data.

A school's data contacts decide about its people; where no school of a person has any, the stewards
do. Nobody decides about themselves. What was asked for on somebody's behalf takes a second person,
and so does each from the fifth within a week on: nobody empties an alliance alone. What is granted
is carried out by the platform, which then says so (`SubjectErased`).

Sources: 4.2, 4.3, 4.6.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from enquiry.kernel.alliance import rules
from enquiry.kernel.alliance.erasures import Erasure, Hold, Stand
from enquiry.kernel.alliance.erasures_shown import (
    ErasuresShown,
    answers,
    erasures_shown,
    keeps_holds,
)
from enquiry.kernel.alliance.state import Alliance, Capacity
from enquiry.method.builder import Builder
from enquiry.method.codes import Step
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain, text
from enquiry.method.method import Recorded
from enquiry.method.roles import MEMBER, Role, Viewer
from enquiry.method.rules import Unmet, Verdict, guard, rule

MANY_FROM = 5
"""From so many erasures granted within a week on, this one counted, each takes a second person."""
WEEK = timedelta(days=7)
HOLD_DAYS_MAX = 366
"""A hold is looked at again within a year: whoever still needs it places another."""
_KIND = plain("Which kind of text", because="a kind of key, the same for all", upto=40)
_REQUEST = ask("Which request?", address=True)


class Refusing(StrEnum):
    """Why something is not erased, as the law has it."""

    NOT_THEIRS = "not_theirs"
    """It is not about the person who asked."""
    DUTY = "duty"
    """The school must keep it."""
    CLAIMS = "claims"
    """It is needed for legal claims."""
    FREE_SPEECH = "free_speech"
    PUBLIC_INTEREST = "public_interest"


class Holding(StrEnum):
    """On what a hold rests."""

    LEGAL = "legal"
    SAFEGUARDING = "safeguarding"


class RequestErasure(Entry):
    """Ask that what is kept about you, or about somebody you answer for, be made unreadable"""

    person: Annotated[UUID, ask("About whom? You, if you do not say.", address=True)] | None = None


class ErasureRequested(Entry, records="erasure-requested"):
    """Somebody asked for erasure"""

    person: UUID
    schools: tuple[UUID, ...] = ()
    stream: UUID | None = None

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """It waits for a decision. Asking twice is asking once."""
        asked = Erasure(
            person=self.person,
            by=was.by,
            asked_at=was.at,
            schools=self.schools,
            stream=self.stream,
        )
        known = (e for e in s.erasures.values() if e.stand in (Stand.ASKED, Stand.WAITING))
        if any(e.person == self.person and e.stream in (None, self.stream) for e in known):
            return s
        return s.but(erasures={**s.erasures, was.id: asked})


class GrantErasure(Entry):
    """Grant an erasure: what it is about can never be read again by anybody"""

    request: Annotated[UUID, _REQUEST]
    keeps: Annotated[
        tuple[Annotated[str, _KIND], ...], ask("Which kinds must be kept by duty?", at_most=20)
    ] = ("safeguarding",)


class ErasureGranted(Entry, records="erasure-granted"):
    """An erasure was granted"""

    request: UUID
    keeps: tuple[Annotated[str, _KIND], ...] = ()
    second: bool = False
    """Whether it takes a second person."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """It is carried out, or waits for the second person."""
        stand = Stand.WAITING if self.second else Stand.GRANTED
        return _with(
            s, self.request, stand=stand, keeps=self.keeps, granted_by=was.by, granted_at=was.at
        )


class ConfirmErasure(Entry, records="erasure-confirmed"):
    """Confirm, as the second person, an erasure that somebody else granted"""

    request: Annotated[UUID, _REQUEST]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """It is carried out."""
        del was
        return _with(s, self.request, stand=Stand.GRANTED)


class RefuseErasure(Entry, records="erasure-refused"):
    """Refuse an erasure, and tell the person why"""

    request: Annotated[UUID, _REQUEST]
    because: Annotated[Refusing, ask("Why?", ui="choice")]
    explanation: Annotated[str, text("What shall they be told?", upto=2000, lines=4)]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Nothing is destroyed; they may ask again."""
        del was
        return _with(s, self.request, stand=Stand.REFUSED)


class SubjectErased(Entry, records="subject-erased"):
    """What was granted was carried out"""

    request: UUID
    keys: int
    """Data keys of this person that are destroyed, those whose time had run out before included."""
    values: int
    """Texts that were sealed under them."""
    streams: int
    """Runs, enquiries and others in which they were."""
    copies_until: date
    """The last day on which a backup may exist that still holds keys and ciphertexts."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """It is done."""
        return _with(
            s,
            self.request,
            stand=Stand.DONE,
            done_at=was.at,
            keys=self.keys,
            values=self.values,
            copies_until=self.copies_until,
        )


class PlaceHold(Entry, records="hold-placed"):
    """Keep something from being destroyed, neither on request nor because its time runs out"""

    basis: Annotated[Holding, ask("On what does it rest?", ui="choice")]
    reason: Annotated[str, text("Why? Name nobody.", upto=2000, lines=3)]
    until: Annotated[date, ask("Until which day, inclusive? Look at it again by then.", ui="date")]
    person: Annotated[UUID, ask("Whose texts? Everybody's, if you do not say.")] | None = None
    stream: Annotated[UUID, ask("In which run or enquiry? In all, if you do not say.")] | None = (
        None
    )
    kinds: Annotated[
        tuple[Annotated[str, _KIND], ...], ask("Which kinds? All, if you name none.", at_most=20)
    ] = ()

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """The hold has the fact's id."""
        hold = Hold(
            by=was.by, until=self.until, person=self.person, stream=self.stream, kinds=self.kinds
        )
        return s.but(holds={**s.holds, was.id: hold})


class ReleaseHold(Entry, records="hold-released"):
    """Release a hold: what waits to be destroyed is destroyed"""

    hold: Annotated[UUID, ask("Which hold?", address=True)]
    reason: Annotated[str, text("Why? Name nobody.", upto=2000, lines=3)]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """It holds no longer."""
        del was
        return s.but(holds={id_: hold for id_, hold in s.holds.items() if id_ != self.hold})


def _with(s: Alliance, request: UUID, **changes: Any) -> Alliance:
    known = s.erasures.get(request)
    return s.but(erasures={**s.erasures, request: known.but(**changes)}) if known else s


def data_contacts(s: Alliance, schools: Iterable[UUID], at: datetime) -> frozenset[UUID]:
    """Who answers for data at these schools at this instant; where nobody does, the stewards."""
    found: set[UUID] = set()
    for school in schools:
        known = s.schools.get(school)
        named = known.capacities.get(Capacity.DATA_CONTACT, ()) if known else ()
        day = s.day_at(school, at)
        found |= {p for p in named if s.has_capacity(p, school, Capacity.DATA_CONTACT, day)}
    return frozenset(found or s.stewards)


@rule("NOT_FOUND", "There is no such person in this alliance.")
def is_known(s: Alliance, e: RequestErasure, ctx: Ctx) -> bool:
    """There is somebody about whom something is kept."""
    return (e.person or ctx.actor) in s.people


@rule("NOT_PERMITTED", "People ask for themselves; for a pupil, staff of their school.")
def may_ask(s: Alliance, e: RequestErasure, ctx: Ctx) -> bool:
    """Oneself; staff for a pupil of their school; the data contact for who asked them in writing.

    Source: 4.2, 4.3.
    """
    person = e.person or ctx.actor
    if person == ctx.actor or ctx.actor in data_contacts(s, s.schools_of(person), ctx.now):
        return True
    return s.is_ever_pupil(person) and rules.works_at_their_school.holds(s, e, ctx) is True


@rule("NOT_FOUND", "There is no such request.")
def request_is_known(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """What is decided about was asked for."""
    del ctx
    return e.request in s.erasures


@rule("NOT_PERMITTED", "Whoever answers for data at the school decides, and not about themselves.")
def decides(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """The actor answers for data at a school of the person, and is not that person."""
    asked = s.erasures[e.request]
    return ctx.actor != asked.person and ctx.actor in data_contacts(s, asked.schools, ctx.now)


@rule("NOT_PERMITTED", "A second person confirms, who answers for data or is a steward.")
def is_second(s: Alliance, e: ConfirmErasure, ctx: Ctx) -> bool:
    """Not who granted it and not whom it is about, but a data contact or a steward."""
    asked = s.erasures[e.request]
    if ctx.actor in (asked.person, asked.granted_by):
        return False
    return ctx.actor in {*data_contacts(s, asked.schools, ctx.now), *s.stewards}


@rule("WRONG_STAGE", "This was decided already.", step=Step.STAGE)
def is_undecided(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """It waits for a decision."""
    del ctx
    return s.erasures[e.request].stand is Stand.ASKED


@rule("WRONG_STAGE", "This does not wait for a second person.", step=Step.STAGE)
def is_waiting(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """It was granted by one."""
    del ctx
    return s.erasures[e.request].stand is Stand.WAITING


@guard("NOT_PERMITTED", "Only who answers for data at a school, or a steward, may do this.")
def answers_for_data(s: Alliance, ctx: Ctx) -> bool:
    """A data contact of some school, a safeguarding lead of some school, or a steward."""
    tasks = (Capacity.DATA_CONTACT, Capacity.SAFEGUARDING_LEAD)
    return ctx.actor in s.stewards or any(
        s.has_capacity(ctx.actor, school, task, s.day_at(school, ctx.now))
        for school in s.schools
        for task in tasks
    )


@rule("VALIDATION_FAILED", "Say whose texts are held, or in which run.", source="4.6")
def holds_something(s: Alliance, e: PlaceHold, ctx: Ctx) -> Verdict:
    """Nobody holds everything of an alliance."""
    del s, ctx
    return Unmet(pointer="/person") if e.person is None and e.stream is None else True


@rule("VALIDATION_FAILED", "A hold ends within a year, and not in the past.", source="4.6")
def ends_in_time(s: Alliance, e: PlaceHold, ctx: Ctx) -> Verdict:
    """There is a day by which it is looked at again."""
    del s
    days = (e.until - ctx.now.date()).days
    return True if 0 <= days <= HOLD_DAYS_MAX else Unmet(pointer="/until")


@rule("NOT_FOUND", "There is no such hold.")
def hold_stands(s: Alliance, e: ReleaseHold, ctx: Ctx) -> bool:
    """There is something to release."""
    del ctx
    return e.hold in s.holds


def _request(s: Alliance, e: RequestErasure, ctx: Ctx) -> Iterable[Entry]:
    person = e.person or ctx.actor
    yield ErasureRequested(person=person, schools=tuple(dict.fromkeys(s.schools_of(person))))


def _grant(s: Alliance, e: GrantErasure, ctx: Ctx) -> Iterable[Entry]:
    recent = [
        one
        for one in s.erasures.values()
        if one.granted_at is not None and ctx.now - one.granted_at < WEEK
    ]
    asked = s.erasures[e.request]
    second = asked.by != asked.person or len(recent) + 1 >= MANY_FROM
    yield ErasureGranted(request=e.request, keeps=tuple(dict.fromkeys(e.keeps)), second=second)


def _asked(s: Alliance, fact: Recorded) -> Erasure | None:
    request: UUID = getattr(fact.entry, "request", fact.was.id)
    return s.erasures.get(request)


def _concerns(s: Alliance, fact: Recorded, viewer: Viewer) -> bool:
    """It is about them, or they answer for data there"""
    asked = _asked(s, fact)
    if asked is None:
        return False
    return asked.person == viewer.person or answers(s, asked.schools, viewer)


def _keeps_holds(s: Alliance, fact: Recorded, viewer: Viewer) -> bool:
    """They answer for data at some school"""
    del fact
    return keeps_holds(s, viewer)


def _about(e: Any) -> str:
    return f"erasure-{e.request}"


def erasing(alliance: Builder, steward: Role) -> None:
    """Add asking for erasure, deciding about it, and holds to the alliance."""
    by = (steward, MEMBER)
    alliance.move(
        RequestErasure,
        by=by,
        handler=_request,
        facts=(ErasureRequested,),
        rules=(is_known, may_ask),
    )
    decided: dict[str, Any] = {
        "by": by,
        "decision": True,
        "about": _about,
    }
    alliance.move(
        GrantErasure,
        handler=_grant,
        facts=(ErasureGranted,),
        rules=(request_is_known, decides, is_undecided),
        **decided,
    )
    alliance.move(ConfirmErasure, rules=(request_is_known, is_second, is_waiting), **decided)
    alliance.move(RefuseErasure, rules=(request_is_known, decides, is_undecided), **decided)
    placed = (answers_for_data, holds_something, ends_in_time)
    alliance.move(PlaceHold, by=by, rules=placed)
    alliance.move(ReleaseHold, by=by, rules=(answers_for_data, hold_stands))
    for fact in (ErasureRequested, ErasureGranted, ConfirmErasure, RefuseErasure, SubjectErased):
        alliance.show(fact, to=by, today=True, when=_concerns)
    for fact in (PlaceHold, ReleaseHold):
        alliance.show(fact, to=by, today=True, when=_keeps_holds)
    alliance.view(
        "erasures",
        "What was asked to be erased",
        to=by,
        build=erasures_shown,
        schema=ErasuresShown,
        past=False,
    )
