"""Rules about registered pupils, for methods to put before whatever records something of them.

Those that take ``label_of(state, entry)`` look at what the command is about: of the entry only
address fields are there. Those that take ``labels_of(state)`` hold for a command without any.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from enquiry.kernel import around
from enquiry.kernel.run.pupils import Labels, each_of, works_at
from enquiry.kernel.run.state import (
    CONSENT_ALONE,
    AgeBand,
    Consent,
    ConsentBasis,
    ConsentPurpose,
    GivenBy,
    Pupil,
    Run,
)
from enquiry.method.ctx import Ctx
from enquiry.method.roles import PUPILS_STAFF, Role
from enquiry.method.rules import Rule, Unmet, Verdict, guard, rule

ALONE_ON_VIDEO_FROM = 16
"""Age from which a pupil alone decides on being filmed; below it, whoever consents alone needs a
parent or carer beside them."""
_YOUNGEST = {AgeBand.UNDER_13: 0, AgeBand.FROM_13_TO_15: 13, AgeBand.FROM_16: 16}
_BY = {
    GivenBy.SELF: {GivenBy.SELF},
    GivenBy.PARENT_CARER: {GivenBy.PARENT_CARER},
    GivenBy.BOTH: {GivenBy.SELF, GivenBy.PARENT_CARER},
}
LabelsNow = Callable[[Any], Iterable[str]]
_CONSENT = "Consent for this is not recorded yet, from whoever has to give it."
_ASSENT = "Ask the pupil first, and record that they agree."
_WITHDRAWN = "This pupil does not take part in this any more."


def pupil_is_registered(label_of: Labels) -> Rule:
    """Every label stands for a pupil of this run."""

    @rule("NOT_FOUND", "There is no pupil of this label here.", source="4.2")
    def label_is_known(s: Run, e: Any, ctx: Ctx) -> bool:
        del ctx
        return all(label in s.pupils for label in each_of(label_of(s, e)))

    return label_is_known


def pupil_has_not_withdrawn(label_of: Labels, *purposes: ConsentPurpose) -> Rule:
    """Nothing new about a pupil for whom this, or taking part at all, was withdrawn."""

    @rule("CONSENT_WITHDRAWN", _WITHDRAWN, source="4.3")
    def pupil_takes_part(s: Run, e: Any, ctx: Ctx) -> bool:
        del ctx
        return not any(s.pupil_has_withdrawn(label, *purposes) for label in each_of(label_of(s, e)))

    return pupil_takes_part


def pupil_consents(label_of: Labels, *purposes: ConsentPurpose, notice: bool = True) -> Rule:
    """Consent for each purpose holds today; ``CONSENT_WITHDRAWN`` where it was taken back.

    Notice is enough for ordinary practice, and only with ``notice``: pass ``False`` for an activity
    that is there for research alone.
    """

    @rule("CONSENT_REQUIRED", _CONSENT, source="4.2, 4.7")
    def pupil_consented(s: Run, e: Any, ctx: Ctx) -> Verdict:
        return _consented(s, each_of(label_of(s, e)), purposes, ctx, notice=notice)

    return pupil_consented


def every_pupil_consents(
    labels_of: LabelsNow, *purposes: ConsentPurpose, notice: bool = True
) -> Rule:
    """The same for pupils whom the state alone names."""

    @guard("CONSENT_REQUIRED", _CONSENT, source="4.2, 4.7")
    def every_pupil_consented(s: Run, ctx: Ctx) -> Verdict:
        return _consented(s, tuple(labels_of(s)), purposes, ctx, notice=notice)

    return every_pupil_consented


def pupil_assents(label_of: Labels, *purposes: ConsentPurpose) -> Rule:
    """The pupil was asked and agrees: what they do knowingly needs it on top of consent."""

    @rule("ASSENT_REQUIRED", _ASSENT, source="4.2, 4.7")
    def pupil_agreed(s: Run, e: Any, ctx: Ctx) -> Verdict:
        del ctx
        return _agreed(s, each_of(label_of(s, e)), purposes)

    return pupil_agreed


def every_pupil_assents(labels_of: LabelsNow, *purposes: ConsentPurpose) -> Rule:
    """The same for pupils whom the state alone names."""

    @guard("ASSENT_REQUIRED", _ASSENT, source="4.2, 4.7")
    def every_pupil_agreed(s: Run, ctx: Ctx) -> Verdict:
        del ctx
        return _agreed(s, tuple(labels_of(s)), purposes)

    return every_pupil_agreed


def consents_for(
    s: Run, label: str, purpose: ConsentPurpose, ctx: Ctx, *, notice: bool = True
) -> bool:
    """Whether whoever has to has consented, for this pupil and purpose, so that it holds today."""
    pupil = s.pupils.get(label)
    if pupil is None:
        return False
    found = s.holding(pupil.id, purpose, _today(pupil, ctx))
    if notice and any(c.basis == ConsentBasis.SCHOOL_TASK for c in found):
        return True
    return _asked_of(pupil, purpose, ctx) <= _givers(found)


def _today(pupil: Pupil, ctx: Ctx) -> date:
    return around.local_date(ctx, pupil.school, ctx.now)


def _givers(found: Iterable[Consent]) -> set[GivenBy]:
    return {by for c in found if c.basis == ConsentBasis.CONSENT for by in _BY[c.given_by]}


def _asked_of(pupil: Pupil, purpose: ConsentPurpose, ctx: Ctx) -> set[GivenBy]:
    """Who has to consent, by the youngest age that the pupil may be of."""
    youngest = _YOUNGEST[pupil.age_band]
    if youngest < around.policy(ctx, pupil.school).pupil_consents_alone_from:
        return {GivenBy.PARENT_CARER}
    filmed = purpose == ConsentPurpose.BE_VIDEO_RECORDED
    return _BY[GivenBy.BOTH if filmed and youngest < ALONE_ON_VIDEO_FROM else GivenBy.SELF]


def _consented(
    s: Run, labels: tuple[str, ...], purposes: tuple[ConsentPurpose, ...], ctx: Ctx, *, notice: bool
) -> Verdict:
    gone = [label for label in labels if s.pupil_has_withdrawn(label, *purposes)]
    if gone:
        return Unmet(code="CONSENT_WITHDRAWN", details=tuple({"pupil": one} for one in gone))
    missing = tuple(
        {"pupil": label, "purpose": str(purpose)}
        for label in labels
        for purpose in purposes
        if not consents_for(s, label, purpose, ctx, notice=notice)
    )
    return Unmet(details=missing) if missing else True


def _agreed(s: Run, labels: tuple[str, ...], purposes: tuple[ConsentPurpose, ...]) -> Verdict:
    missing = tuple(
        {"pupil": label, "purpose": str(purpose)}
        for label in labels
        for purpose in purposes
        if label not in s.pupils or s.pupils[label].assents.get(purpose) is not True
    )
    return Unmet(details=missing) if missing else True


# Who records and withdraws what


@rule("NOT_PERMITTED", "Nobody consents for a colleague: each person does so alone.", source="4.2")
def consents_for_nobody_else(s: Run, e: Any, ctx: Ctx) -> bool:
    """No person but oneself is named; leaders are no exception."""
    del s
    return e.person is None or e.person == ctx.actor


def speaks_for_pupil(participants: tuple[Role, ...]) -> Rule:
    """What a pupil or parent said is recorded by whoever may know who the pupil is."""

    @rule("NOT_PERMITTED", "Somebody at the pupil's school records this.", source="4.2, 4.7")
    def knows_the_pupil(s: Run, e: Any, ctx: Ctx) -> bool:
        pupil = s.pupils.get(e.pupil_label) if e.pupil_label is not None else None
        if pupil is None:
            return True
        takes_part = any(ctx.actor in ctx.who(role) for role in participants)
        return takes_part and works_at(ctx, ctx.actor, pupil.school)

    return knows_the_pupil


@rule("NOT_FOUND", "There is no pupil of this label here.", source="4.2")
def names_a_pupil_if_any(s: Run, e: Any, ctx: Ctx) -> bool:
    """A label that is given stands for a pupil of this run."""
    del ctx
    return e.pupil_label is None or e.pupil_label in s.pupils


@rule("NOT_FOUND", "There is nothing here for you.", source="4.2, 4.3")
def is_about_own_school(s: Run, e: Any, ctx: Ctx) -> bool:
    """Staff who have no part in the run find here the pupils of their school and nothing else."""
    from_outside = PUPILS_STAFF.name in ctx.circles and not any(
        ctx.actor in people for people in ctx.cast.values()
    )
    return not from_outside or (e.pupil_label is not None and _at_pupils_school(s, e, ctx))


def receives_it(subjects: tuple[Role, ...]) -> Rule:
    """Everybody withdraws for themselves; for a pupil, any member of staff of their school."""

    @rule(
        "NOT_PERMITTED", "Somebody on the staff of the pupil's school records this.", source="4.2"
    )
    def own_or_handed_on(s: Run, e: Any, ctx: Ctx) -> bool:
        if e.pupil_label is None:
            return any(ctx.actor in ctx.who(role) for role in subjects)
        return _at_pupils_school(s, e, ctx)

    return own_or_handed_on


def _at_pupils_school(s: Run, e: Any, ctx: Ctx) -> bool:
    pupil = s.pupils.get(e.pupil_label)
    return pupil is not None and works_at(ctx, ctx.actor, pupil.school)


@rule("VALIDATION_FAILED", "Notice is not enough for this: consent has to be given.", source="4.2")
def notice_is_enough(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Recording, interviews and what leaves the school rest on consent alone."""
    del s, ctx
    from_notice = e.basis == ConsentBasis.SCHOOL_TASK
    beyond = from_notice and not CONSENT_ALONE.isdisjoint(e.purposes)
    return Unmet(pointer="/basis") if beyond else True


@rule("VALIDATION_FAILED", "A grown-up consents alone.", source="4.2")
def gives_it_alone(s: Run, e: Any, ctx: Ctx) -> Verdict:
    """Parents and carers consent for pupils of the register, and for nobody else."""
    del s, ctx
    alone = e.pupil_label is not None or e.given_by == GivenBy.SELF
    return True if alone else Unmet(pointer="/given_by")
