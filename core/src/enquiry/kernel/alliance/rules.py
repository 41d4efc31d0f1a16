"""Who may change what in an alliance."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from enquiry.kernel.alliance.state import Alliance
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule


def today(s: Alliance, school: UUID, ctx: Ctx) -> date:
    """The day it is at a school."""
    known = s.schools.get(school)
    return ctx.now.astimezone(ZoneInfo(known.zone)).date() if known else ctx.now.date()


@rule("NOT_FOUND", "There is no such school in this alliance.")
def school_is_known(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """The school that is addressed exists."""
    del ctx
    return e.school in s.schools


@rule("NOT_FOUND", "There is no such person in this alliance.")
def person_is_known(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """The person who is addressed exists."""
    del ctx
    return e.person in s.people


@rule("NOT_PERMITTED", "Only a leader of that school, or a steward, may do this.")
def answers_for_school(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """The actor leads the school that is addressed, or looks after the alliance."""
    return ctx.actor in s.stewards or s.leads(ctx.actor, e.school, today(s, e.school, ctx))


@guard("NOT_PERMITTED", "Only a leader of a school, or a steward, may do this.")
def leads_a_school(s: Alliance, ctx: Ctx) -> bool:
    """The actor leads some school of the alliance, or looks after the whole."""
    return ctx.actor in s.stewards or any(
        s.leads(ctx.actor, school, today(s, school, ctx)) for school in s.schools
    )


@guard("NOT_PERMITTED", "Only staff may record a pupil's training.")
def works_at_a_school(s: Alliance, ctx: Ctx) -> bool:
    """The actor is on the staff of some school of the alliance."""
    return ctx.actor in s.stewards or any(
        s.is_staff(ctx.actor, school, today(s, school, ctx)) for school in s.schools
    )


@rule("VALIDATION_FAILED", "This is not a time zone of the IANA database.")
def zone_is_known(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """The zone has rules to compute with."""
    del s, ctx
    return True if e.zone in available_timezones() else Unmet(pointer="/zone")


def _unknown(s: Alliance, people: tuple[UUID, ...]) -> bool:
    return any(person not in s.people for person in people)


@rule("VALIDATION_FAILED", "Somebody named here is not known to the alliance.")
def named_people_are_known(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """Whoever gets a task is known."""
    del ctx
    return Unmet(pointer="/people") if _unknown(s, e.people) else True


@rule("VALIDATION_FAILED", "Somebody named here is not known to the alliance.")
def managers_are_known(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """Both ends of line management are known."""
    del ctx
    if _unknown(s, (e.manager,)):
        return Unmet(pointer="/manager")
    return Unmet(pointer="/managed") if _unknown(s, e.managed) else True


@rule("VALIDATION_FAILED", "Nobody manages themselves.")
def nobody_manages_themselves(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """Line management is between two people."""
    del s, ctx
    return Unmet(pointer="/managed") if e.manager in e.managed else True
