"""Who may open an enquiry, and who may name whom."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.alliance.state import Standing
from enquiry.kernel.enquiry.people.state import Scope
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule

_OTHERS = frozenset({Standing.PUPIL, Standing.PARENT})


@guard("NOT_PERMITTED", "An enquiry is opened by somebody who works with a school.", source="2.19")
def works_with_a_school(s: Enquiry, ctx: Ctx) -> bool:
    """The actor is more than a pupil or a parent; a steward need not belong to a school."""
    del s
    held = {x for m in around.alliance(ctx).held(ctx.actor, ctx.now) for x in m.standings}
    return not held or not held <= _OTHERS


@rule("VALIDATION_FAILED", "One of these schools is not in the alliance.")
def schools_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Every participating school belongs to the alliance."""
    del s
    known = around.alliance(ctx).schools
    for index, school in enumerate(e.schools):
        if school not in known:
            return Unmet(pointer=f"/schools/{index}")
    return True


@rule("VALIDATION_FAILED", "One school enquires alone; an alliance has two or more.")
def scope_fits_schools(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """An enquiry of scope school has one school. An alliance may begin with one and grow."""
    del s, ctx
    several = e.scope == Scope.SCHOOL and len(set(e.schools)) > 1
    return Unmet(pointer="/scope") if several else True


@rule("VALIDATION_FAILED", "This school is not in the alliance.")
def school_is_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """The school belongs to the alliance."""
    del s
    return True if e.school in around.alliance(ctx).schools else Unmet(pointer="/school")


@rule("VALIDATION_FAILED", "This school does not take part.")
def school_takes_part(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """The school is one of the enquiry's."""
    del ctx
    return True if e.school in s.schools else Unmet(pointer="/school")


@rule("NOT_PERMITTED", "A school is spoken for by its leader, or by a facilitator.", source="2.19")
def leads_it_or_facilitates(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The actor facilitates the enquiry, or is a leader of that school today."""
    here = around.alliance(ctx)
    leads = here.leads(ctx.actor, e.school, here.day_at(e.school, ctx.now))
    return ctx.actor in s.facilitators or leads


@rule("VALIDATION_FAILED", "Whoever responds for a school works there and is of the group.")
def is_a_member_of_that_school(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """The person is a member of the enquiry and belongs to the school today."""
    here = around.alliance(ctx)
    there = here.belongs(e.person, e.school, here.day_at(e.school, ctx.now))
    known = e.person in s.members and not _OTHERS.issuperset(there)
    return True if known else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "This person is not known to the alliance.")
def person_is_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Whoever is named belongs to the alliance today."""
    del s
    known = around.alliance(ctx).present(e.person, ctx.now)
    return True if known else Unmet(pointer="/person")


@rule("NOT_PERMITTED", "Facilitators name another, or a leader for their school.", source="2.19")
def may_name_a_facilitator(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Whoever facilitates reads what is for facilitators alone: nobody gives that to themselves.

    Where nobody facilitates yet, any member names the first.
    """
    if not s.facilitators or ctx.actor in s.facilitators:
        return True
    here = around.alliance(ctx)
    days = {school: here.day_at(school, ctx.now) for school in s.schools}
    return any(
        here.leads(ctx.actor, school, day) and here.belongs(e.person, school, day)
        for school, day in days.items()
    )


@guard("NOT_FOUND", "There is nothing here.")
def nobody_is_left(s: Enquiry, ctx: Ctx) -> bool:
    """For as long as somebody takes part, it is theirs alone."""
    del ctx
    return not s.members


@guard("NOT_PERMITTED", "You have not been invited.")
def is_invited(s: Enquiry, ctx: Ctx) -> bool:
    """The actor has an open invitation."""
    return ctx.actor in s.invited
