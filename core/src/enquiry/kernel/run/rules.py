"""Rules that every run obeys."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.alliance.state import Standing
from enquiry.kernel.run.state import Run
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Rule, Unmet, Verdict, guard, rule


@rule("NOT_PERMITTED", "Runs are planned by staff of the school where they take place.")
def plans_at_own_school(s: Run, e: Any, ctx: Ctx) -> bool:
    """The planner works at the school, governs it or is its partner: no pupil, no parent."""
    del s
    here = around.alliance(ctx)
    held = here.belongs(ctx.actor, e.school, around.local_date(ctx, e.school, ctx.now))
    return not {Standing.PUPIL, Standing.PARENT}.issuperset(held)


@rule("VALIDATION_FAILED", "There is no such enquiry for you.")
def enquiry_is_known(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """The enquiry exists in this alliance and the actor is one of its members."""
    del s
    if e.enquiry is None:
        return True
    enquiry = ctx.read(e.enquiry)
    known = enquiry is not None and ctx.actor in getattr(enquiry, "members", ())
    return True if known else Unmet(pointer="/enquiry")


@rule("VALIDATION_FAILED", "This person is not known to the alliance.")
def invitee_is_known(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Whoever is invited belongs to the alliance today."""
    del s
    known = around.alliance(ctx).active(e.person, ctx.now.date())
    return True if known else Unmet(pointer="/person")


def invitable(roles: tuple[str, ...]) -> Rule:
    """The role exists and can be given by invitation."""

    @rule("VALIDATION_FAILED", "Nobody is invited to this role.")
    def role_can_be_given(s: Run, e: Any, ctx: Ctx) -> Verdict:
        del s, ctx
        return True if e.role in roles else Unmet(pointer="/role", params={"roles": roles})

    return role_can_be_given


@guard("NOT_PERMITTED", "You have not been invited.")
def is_invited(s: Run, ctx: Ctx) -> bool:
    """The actor has an open invitation."""
    return ctx.actor in s.invited


def protocol_version(version: int) -> Rule:
    """The version adopted is the one this method has."""

    @rule(
        "VALIDATION_FAILED", "The protocol has another version now. Read it again, then adopt it."
    )
    def protocol_is_current(s: Run, e: Any, ctx: Ctx) -> Verdict:
        del s, ctx
        return True if e.version == version else Unmet(pointer="/version", params={"now": version})

    return protocol_is_current


@guard(
    "ETHICS_REVIEW_REQUIRED",
    "The enquiry's ethics review must be complete before this starts.",
    source="2.15",
)
def ethics_reviewed(s: Run, ctx: Ctx) -> bool:
    """A run that serves an enquiry waits for its ethics review."""
    if s.enquiry is None:
        return True
    return bool(getattr(ctx.read(s.enquiry), "ethics_reviewed", False))


def protocol_adopted(core: tuple[str, ...]) -> Rule:
    """Everybody in a core role adopted the protocol."""

    @guard("PROTOCOL_NOT_ADOPTED", "Not everybody has adopted the protocol yet.", source="3.0")
    def everybody_adopted(s: Run, ctx: Ctx) -> Verdict:
        missing = sorted(
            {
                person
                for role in core
                for person in ctx.cast.get(role, ())
                if person not in s.adopted
            }
        )
        if not missing:
            return True
        return Unmet(details=tuple({"person": str(person)} for person in missing))

    return everybody_adopted


def may_start(*core: str) -> tuple[Rule, ...]:
    """Whatever must hold before the live part begins, explicitly or by the first live command."""
    return (ethics_reviewed, protocol_adopted(core))


STARTABLE = (ethics_reviewed,)


@rule("NOT_FOUND", "There is no such contribution of yours.")
def is_own_contribution(s: Run, e: Any, ctx: Ctx) -> bool:
    """Nobody corrects what somebody else wrote."""
    target = e.contribution if hasattr(e, "contribution") else e.item
    return s.author_of(target) == ctx.actor


@rule("GRADING_FORBIDDEN", "Nothing here scores a teacher, a visit or a lesson.", source="3.0")
def nothing_is_scored(s: Run, e: Any, ctx: Ctx) -> bool:
    """No attached form holds a scored field."""
    del s, ctx
    return not any(field.scored for field in e.values)


@rule(
    "INDIVIDUAL_FEEDBACK_FORBIDDEN", "Sharing is with a group, never about one visit.", source="3.0"
)
def no_individual_feedback(s: Run, e: Any, ctx: Ctx) -> bool:
    """Nothing about a single visit goes to a single person."""
    del s, ctx
    return e.about_visit is None and (e.audience != "person" or e.person is None)


@rule("SHARE_SCOPE_EXCEEDED", "Some of this was withdrawn or is no longer supported.")
def outputs_are_supported(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Evidence rests on outputs that still stand."""
    del ctx
    gone = [i for i, item in enumerate(e.items) if s.output_revision(item.output) is None]
    return Unmet(pointer=f"/items/{gone[0]}/output") if gone else True


@rule(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "Review first whether what is released could identify anybody.",
    source="4.5",
)
def identifiability_reviewed(s: Run, e: Any, ctx: Ctx) -> bool:
    """A review was confirmed after the last change of every output that is released."""
    del ctx
    return all((s.output_revision(item.output) or 0) < s.reviewed_at for item in e.items)


@rule("CERTIFICATE_CRITERIA_NOT_MET", "The criteria for a certificate are not met yet.")
def criteria_are_met(s: Run, e: Any, ctx: Ctx) -> bool:
    """The method's own criteria of participation hold for this person."""
    del ctx
    return s.certificate(e.person) is not None


@rule("NOT_FOUND", "Nobody of that name takes part.")
def takes_part(s: Run, e: Any, ctx: Ctx) -> bool:
    """The person who is addressed takes part."""
    del ctx
    return e.person in s.people or e.person == s.lead


def others_agreed(s: Run, digest: str, actor: UUID) -> bool:
    """Whether the lead and one other participant have now both asked for the same items."""
    known = s.proposals.get(digest)
    by = {*(known.by if known else ()), actor}
    return s.lead in by and len(by) >= 2
