"""Who may change what in an alliance."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from enquiry.kernel.alliance.state import Alliance, Standing
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule


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
    return ctx.actor in s.stewards or s.leads(ctx.actor, e.school, s.day_at(e.school, ctx.now))


@guard("NOT_PERMITTED", "Only a leader of a school, or a steward, may do this.")
def leads_a_school(s: Alliance, ctx: Ctx) -> bool:
    """The actor leads some school of the alliance, or looks after the whole."""
    return ctx.actor in s.stewards or _leads_some(s, s.schools, ctx)


def _leads_some(s: Alliance, schools: Iterable[UUID], ctx: Ctx) -> bool:
    return any(s.leads(ctx.actor, school, s.day_at(school, ctx.now)) for school in schools)


@rule(
    "NOT_PERMITTED",
    "Only a steward or a leader may add people; besides, everybody may correct their own name.",
)
def may_name(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """Leaders add whom nobody knows yet, and correct names at their schools; others their own."""
    if ctx.actor in s.stewards or e.person == ctx.actor:
        return True
    if e.person in s.stewards:
        return False
    at = s.schools_of(e.person) if e.person is not None else ()
    return _leads_some(s, at or s.schools, ctx)


@rule("NOT_PERMITTED", "Only staff of the pupil's own school may record this.", source="4.7")
def works_at_their_school(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """The actor is on the staff of a school to which the pupil belongs, or is a steward."""
    return ctx.actor in s.stewards or any(
        s.is_staff(ctx.actor, m.school, s.day_at(m.school, ctx.now))
        for m in s.held(e.person, ctx.now)
    )


@rule("NOT_FOUND", "There is no such steward.")
def is_steward(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """Whoever retires looks after the alliance now."""
    del ctx
    return e.person in s.stewards


@rule("VALIDATION_FAILED", "Somebody must look after the alliance: name another steward first.")
def another_remains(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """No alliance is left without a steward."""
    del ctx
    return True if set(s.stewards) - {e.person} else Unmet(pointer="/person")


@rule("NOT_FOUND", "This person does not belong to that school.")
def has_membership(s: Alliance, e: Any, ctx: Ctx) -> bool:
    """There is a membership that can end."""
    del ctx
    return e.school in s.schools_of(e.person)


@rule("VALIDATION_FAILED", "A membership ends after it began.")
def ends_after_it_began(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """It holds on one day at least."""
    del s, ctx
    return Unmet(pointer="/until") if e.until is not None and e.until <= e.since else True


@rule("VALIDATION_FAILED", "The school has a room of this name already.")
def room_is_new(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """Of two rooms with one code nobody would know which is booked."""
    del ctx
    codes = {room.code.strip().casefold() for room in s.rooms.values() if room.school == e.school}
    return Unmet(pointer="/code") if e.code.strip().casefold() in codes else True


@rule("VALIDATION_FAILED", "Only pupils are trained to observe here.", source="4.7")
def is_a_pupil(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """Whoever is said to have been trained is a pupil."""
    held = {standing for m in s.held(e.person, ctx.now) for standing in m.standings}
    return True if Standing.PUPIL in held else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "A training that is yet to come cannot be recorded.")
def training_took_place(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """Its day is not after today, wherever the pupil belongs."""
    days = {s.day_at(m.school, ctx.now) for m in s.held(e.person, ctx.now)}
    return Unmet(pointer="/on") if days and e.on > max(days) else True


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


@rule("VALIDATION_FAILED", "Say each kind once, with days, terms or years.", source="4.6")
def own_times_are_whole(s: Alliance, e: Any, ctx: Ctx) -> Verdict:
    """What a school keeps for times of its own has exactly one time each."""
    del s, ctx
    known: set[tuple[str, str]] = set()
    for number, one in enumerate(e.keeps):
        told = [n for n in (one.days, one.terms, one.years) if n is not None]
        if len(told) != 1 or (one.method, one.kind) in known:
            return Unmet(pointer=f"/keeps/{number}")
        known.add((one.method, one.kind))
    return True
