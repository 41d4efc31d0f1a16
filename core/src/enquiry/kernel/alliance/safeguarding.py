"""Raising a safeguarding concern, and whom to turn to: what the alliance offers everybody.

The concern is recorded in the stream of the school that it is about, and nowhere else: the alliance
keeps no trace of it. It is read by the school's safeguarding leads (``NameCapacity``), or while a
school has none by those whom the alliance has named for that. If nobody is named at all it waits
for whoever will be.

Source: 4.11.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.alliance import rules
from enquiry.kernel.alliance.state import Alliance, Capacity
from enquiry.kernel.safeguarding.concern import KIND, METHOD_ID, ConcernRaised, concerns_stream
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry.method.method import Elsewhere, Look
from enquiry.method.roles import MEMBER, STEWARD
from enquiry.method.rules import Unmet, Verdict, rule


class RaiseSafeguardingConcern(Entry):
    """Raise a safeguarding concern; only the safeguarding lead of the school reads it"""

    description: Annotated[str, text("What worries you?", upto=8000, lines=8, kind=KIND)]
    about_ref: (
        Annotated[str, text("About what or whom, if that helps?", upto=200, kind=KIND)] | None
    ) = None
    """The id of a run, a person, anything; nobody looks it up."""
    school: Annotated[UUID, ask("At which school? Yours, if you do not say.")] | None = None


class NameSafeguardingContacts(Entry, records="safeguarding-contacts-named"):
    """Name whom to turn to while a school has no safeguarding lead"""

    people: Annotated[tuple[UUID, ...], ask("Who?", at_most=20, ui="people")]
    """Everybody from now on; empty: nobody."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace who it was."""
        return s.but(safeguarding_contacts=self.people)


class SchoolContact(Struct, frozen=True):
    """Whom to turn to about one school."""

    school: UUID
    people: tuple[UUID, ...]
    names: tuple[Any, ...]
    """As in ``people``, the names they prefer."""
    at_school: bool
    """``False``: the school has named nobody, and these are the alliance's own."""


class SafeguardingContacts(Struct, frozen=True):
    """Whom to turn to. Where nobody is named, a concern is kept, and waits: tell somebody yourself,
    and in an emergency do not wait for anybody."""

    schools: tuple[SchoolContact, ...]


def leads(s: Alliance, school: UUID, at: datetime) -> tuple[UUID, ...]:
    """The school's own safeguarding leads who belong to it at this instant."""
    known = s.schools.get(school)
    named = known.capacities.get(Capacity.SAFEGUARDING_LEAD, ()) if known else ()
    day = s.day_at(school, at)
    return tuple(p for p in named if s.has_capacity(p, school, Capacity.SAFEGUARDING_LEAD, day))


def readers(s: Alliance, school: UUID, at: datetime) -> tuple[UUID, ...]:
    """Who reads concerns about a school at this instant: its leads, or else the alliance's."""
    return leads(s, school, at) or tuple(p for p in s.safeguarding_contacts if s.present(p, at))


@rule("VALIDATION_FAILED", "Say at which school.", source="4.11")
def school_is_told(s: Alliance, e: RaiseSafeguardingConcern, ctx: Ctx) -> Verdict:
    """The school is one of the alliance's; by default it is that of whoever raises the concern."""
    return True if _school(e, ctx) in s.schools else Unmet(pointer="/school")


def _school(e: RaiseSafeguardingConcern, ctx: Ctx) -> UUID | None:
    return e.school if e.school is not None else around.home(ctx, ctx.actor)


def _nothing(s: Alliance, e: RaiseSafeguardingConcern, ctx: Ctx) -> Iterable[Any]:
    """The alliance itself remembers nothing of it."""
    del s, e, ctx
    return ()


def _raise(s: Alliance, e: RaiseSafeguardingConcern, ctx: Ctx) -> Iterable[Elsewhere]:
    del s
    school = _school(e, ctx)
    if school is not None:
        stream = concerns_stream(school)
        ctx.read(stream)  # what is written to is looked at first
        raised = ConcernRaised(school=school, description=e.description, about_ref=e.about_ref)
        yield Elsewhere(stream, METHOD_ID, raised)


def _contacts(s: Alliance, look: Look) -> SafeguardingContacts:
    return SafeguardingContacts(tuple(_contact(s, school, look.now) for school in s.schools))


def _contact(s: Alliance, school: UUID, now: datetime) -> SchoolContact:
    people = readers(s, school, now)
    names = tuple(s.people[p].name if p in s.people else None for p in people)
    return SchoolContact(school, people, names, bool(leads(s, school, now)))


def safeguarding(alliance: Builder) -> None:
    """Add raising a concern, and whom to turn to, to the alliance."""
    alliance.move(
        RaiseSafeguardingConcern,
        by=(MEMBER, STEWARD),
        rules=(school_is_told,),
        handler=_nothing,
        also=_raise,
        confidential=True,
        help="Nobody else learns of it: not those who lead a run, a school or the alliance.",
    )
    alliance.move(NameSafeguardingContacts, by=STEWARD, rules=(rules.named_people_are_known,))
    alliance.show(NameSafeguardingContacts, to=(STEWARD, MEMBER))
    alliance.view(
        "safeguarding",
        "Whom to turn to with a worry about somebody's safety",
        to=(STEWARD, MEMBER),
        build=_contacts,
        schema=SafeguardingContacts,
    )
