"""Rules that every run obeys."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.alliance.state import Standing
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.identifiability import Audience
from enquiry.kernel.run.forms import ShareAudience
from enquiry.kernel.run.reviewing import POINTS, missing
from enquiry.kernel.run.state import EVIDENCE_KEY, ConsentPurpose, EvidenceItem, Run
from enquiry.method.ctx import Ctx
from enquiry.method.roles import Role
from enquiry.method.rules import Rule, Unmet, Verdict, Warn, guard, rule


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
    if e.enquiry is None or _own_enquiry(ctx, e.enquiry) is not None:
        return True
    return Unmet(pointer="/enquiry")


def _own_enquiry(ctx: Ctx, stream: UUID) -> Enquiry | None:
    """An enquiry of which the actor is a member. Another stream is none, whatever it holds."""
    enquiry = ctx.read(stream)
    return enquiry if isinstance(enquiry, Enquiry) and ctx.actor in enquiry.members else None


@guard("WRONG_STAGE", "Evidence of this run has gone to its enquiry: it cannot serve another.")
def serves_no_other(s: Run, ctx: Ctx) -> bool:
    """What members of one enquiry were told does not come before those of another."""
    del ctx
    return s.enquiry is None or not s.published


@rule(
    "ETHICS_REVIEW_REQUIRED",
    "The run has started: the enquiry's ethics review must be complete before it serves it.",
    source="2.15",
)
def reviewed_if_started(s: Run, e: Any, ctx: Ctx) -> bool:
    """Starting first and linking later is no way around the review."""
    enquiry = _own_enquiry(ctx, e.enquiry) if s.started else None
    return enquiry is None or enquiry.ethics_reviewed


@rule("VALIDATION_FAILED", "This person is not known to the alliance.")
def invitee_is_known(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Whoever is invited belongs to the alliance today."""
    del s
    known = around.alliance(ctx).present(e.person, ctx.now)
    return True if known else Unmet(pointer="/person")


def fits_pupils(pupils: tuple[Role, ...]) -> Rule:
    """Pupils take part as pupils and nobody else does: what staff keep is not for them."""
    names = {role.name for role in pupils}

    @rule("VALIDATION_FAILED", "Pupils take part as pupils, and nobody else does.", source="4.7")
    def role_fits_person(s: Run, e: Any, ctx: Ctx) -> Verdict:
        del s
        fits = around.is_pupil(ctx, e.person) == (e.role in names)
        return True if fits else Unmet(pointer="/role")

    return role_fits_person


def is_taking_part(pupils: tuple[Role, ...]) -> Rule:
    """Whoever is said to stop is one of the pupils who take part or are invited."""

    @rule("NOT_FOUND", "There is no such pupil here.", source="4.7")
    def pupil_takes_part(s: Run, e: Any, ctx: Ctx) -> bool:
        names = {role.name for role in pupils}
        takes_part = any(e.person in ctx.cast.get(name, ()) for name in names)
        return takes_part or s.invited.get(e.person) in names

    return pupil_takes_part


def pupils_are_trained(people: Callable[[Any, Any], Iterable[UUID]]) -> Rule:
    """Pupils among those whom ``people(state, entry)`` names were trained before they observe.

    The entry holds address fields only: whom it names must be one.
    """

    @rule("TRAINING_REQUIRED", "Pupils are trained before they observe.", source="4.7")
    def training_is_recorded(s: Run, e: Any, ctx: Ctx) -> Verdict:
        known = around.alliance(ctx).people
        untrained = sorted(
            person
            for person in set(people(s, e))
            if around.is_pupil(ctx, person) and not known[person].trained
        )
        details = tuple({"person": str(person)} for person in untrained)
        return Unmet(details=details) if untrained else True

    return training_is_recorded


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
    enquiry = ctx.read(s.enquiry)
    return isinstance(enquiry, Enquiry) and enquiry.ethics_reviewed


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


def consent_given(role: Role, *purposes: ConsentPurpose) -> Rule:
    """Everybody in a role consents to each purpose, today, by the day it is at the run's school."""

    @guard("CONSENT_REQUIRED", "Not everybody has consented to this.", source="4.2")
    def everybody_consents(s: Run, ctx: Ctx) -> Verdict:
        today = around.local_date(ctx, s.school, ctx.now)
        missing = tuple(
            {"person": str(person), "purpose": str(purpose)}
            for person in sorted(ctx.who(role))
            for purpose in purposes
            if not s.consents_to(person, purpose, today)
        )
        return Unmet(details=missing) if missing else True

    return everybody_consents


def under_authority(s: Run, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """Somebody consents in a run that their line manager leads: were they free to say no?"""
    del e
    managed = s.lead is not None and around.alliance(ctx).manager_of(s.lead, ctx.actor)
    return (Warn("CONSENT_UNDER_AUTHORITY", person=ctx.actor),) if managed else ()


def may_start(*core: str) -> tuple[Rule, ...]:
    """Whatever must hold before the live part begins, explicitly or by the first live command."""
    return (ethics_reviewed, protocol_adopted(core))


@rule("NOT_FOUND", "There is no such contribution of yours.")
def is_own_contribution(s: Run, e: Any, ctx: Ctx) -> bool:
    """Nobody corrects what somebody else wrote."""
    if hasattr(e, "item"):
        return s.owns(e.item, ctx.actor)
    return s.author_of(e.contribution) == ctx.actor


@rule("GRADING_FORBIDDEN", "Nothing here scores a teacher, a visit or a lesson.", source="3.0")
def nothing_is_scored(s: Run, e: Any, ctx: Ctx) -> bool:
    """No attached form holds a scored field."""
    del s, ctx
    return not any(field.scored for field in e.values)


_INDIVIDUAL = "Sharing is with a group, never about one visit."


@rule("INDIVIDUAL_FEEDBACK_FORBIDDEN", _INDIVIDUAL, source="3.0")
def no_individual_feedback(s: Run, e: Any, ctx: Ctx) -> bool:
    """Nothing goes to a single person, and nothing about a single visit to anybody."""
    del s, ctx
    return e.about_visit is None and e.audience != ShareAudience.PERSON and e.person is None


@rule("INDIVIDUAL_FEEDBACK_FORBIDDEN", _INDIVIDUAL, source="3.0")
def not_about_a_visit(s: Run, e: Any, ctx: Ctx) -> bool:
    """Nothing about a single visit goes to anybody."""
    del s, ctx
    return e.about_visit is None


@rule("VALIDATION_FAILED", "Say with whom: one person who takes part, or a group.")
def names_its_audience(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """A person is named, and takes part, exactly where it is shared with a person."""
    del ctx
    if e.audience != ShareAudience.PERSON:
        return True if e.person is None else Unmet(pointer="/person")
    takes_part = e.person in s.people or (e.person is not None and e.person == s.lead)
    return True if takes_part else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "Confirm only what has been checked: each point, or not yet.")
def confirms_what_was_checked(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """A review that confirms has found nothing left by which anybody could be told."""
    del s, ctx
    # Within the alliance the further questions may be left open; a no is a no for everybody.
    open_ = (None,) if e.audience is not Audience.PUBLIC else ()
    left = [name for name in POINTS.values() if getattr(e, name) not in (True, *open_)]
    return Unmet(pointer=f"/{left[0]}") if e.confirm and left else True


def proposal_is_open(participants: tuple[Role, ...]) -> Rule:
    """What is confirmed was proposed by somebody who still takes part, and not yet published."""

    @rule("NOT_FOUND", "There is no such proposal, or it has been published already.")
    def there_is_such_a_proposal(s: Run, e: Any, ctx: Ctx) -> bool:
        if e.confirms is None:
            return True
        asked = s.proposals.get(e.confirms)
        if asked is None or e.confirms in s.published.values():
            return False
        return {asked.by, ctx.actor} <= {p for role in participants for p in ctx.who(role)}

    return there_is_such_a_proposal


def takes_the_lead_and_another(lead: Role) -> Rule:
    """The two who publish are different people, and one of them leads the run."""

    @rule("NOT_PERMITTED", "It takes the lead and one other participant.", source="3.0")
    def lead_and_another(s: Run, e: Any, ctx: Ctx) -> bool:
        if e.confirms is None:
            return True
        two = {s.proposals[e.confirms].by, ctx.actor}
        return len(two) == 2 and not two.isdisjoint(ctx.who(lead))

    return lead_and_another


@rule("VALIDATION_FAILED", "Either propose something, or confirm what somebody else proposed.")
def proposes_or_confirms(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """One of the two, and not both."""
    del s, ctx
    return True if bool(e.items) != (e.confirms is not None) else Unmet(pointer="/items")


def released(s: Run, e: Any) -> tuple[EvidenceItem, ...]:
    """What would be released: what is proposed, or what is confirmed."""
    asked = s.proposals.get(e.confirms) if e.confirms is not None else None
    return asked.items if asked is not None else e.items


def audience_of(s: Run, e: Any) -> Audience:
    """For whom at most: as it is proposed, or as it was."""
    asked = s.proposals.get(e.confirms) if e.confirms is not None else None
    return asked.audience if asked is not None else e.audience


@guard("RECORD_CLOSED", "The time for which evidence of this run is kept ran out.", source="4.6")
def evidence_is_still_kept(s: Run, ctx: Ctx) -> bool:
    """Its words would be destroyed as soon as they were published, or are so already."""
    del s
    return EVIDENCE_KEY not in ctx.lapsed


@rule("SHARE_SCOPE_EXCEEDED", "Some of this was withdrawn or is no longer supported.")
def outputs_are_supported(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Evidence rests on outputs that still stand."""
    del ctx
    items = released(s, e)
    gone = [i for i, item in enumerate(items) if s.output_revision(item.output) is None]
    if not gone:
        return True
    return Unmet(pointer="/confirms" if e.confirms is not None else f"/items/{gone[0]}/output")


@rule("VALIDATION_FAILED", "What it rests on has changed since: propose it again.")
def proposal_is_fresh(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """What was proposed before an output last changed was said of something else."""
    del ctx
    asked = s.proposals.get(e.confirms) if e.confirms is not None else None
    if asked is None or asked.at > max(_changed(s, item) for item in asked.items):
        return True
    return Unmet(pointer="/confirms")


@rule(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "Review first whether what is released could identify anybody.",
    source="4.5",
)
def identifiability_reviewed(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Enough people have read it, for these readers, after the last change of every output.

    The second of the two whom the public takes may read it once it is proposed.
    """
    del ctx
    audience = audience_of(s, e)
    later = int(audience is Audience.PUBLIC and e.confirms is None)
    left = max((missing(s, audience, _changed(s, item)) for item in released(s, e)), default=0)
    return Unmet(params={"readers_missing": left}) if left > later else True


def _changed(s: Run, item: EvidenceItem) -> int:
    return s.output_revision(item.output) or 0


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
