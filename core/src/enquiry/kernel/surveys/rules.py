"""Who may open, answer and close which survey."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.smallnumbers import SMALL
from enquiry.kernel.surveys.asking import Asking
from enquiry.kernel.surveys.forms import OpenSurvey, SubmitSurvey
from enquiry.kernel.surveys.instrument import Instrument, shipped
from enquiry.kernel.surveys.state import Survey, WithSurveys
from enquiry.method.codes import Step
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Rule, Unmet, Verdict, rule

Reviewed = Callable[[Any], bool]
"""Whether the ethics review stands."""
People = Callable[[Any], tuple[UUID, ...]]


def asked(e: OpenSurvey) -> Instrument | None:
    """The instrument that is to be used; ``None``: there is none such."""
    found = [i for (id_, _), i in sorted(shipped().items()) if id_ == e.instrument]
    if e.version is None:
        return found[-1] if found else None
    return next((i for i in found if i.version == e.version), None)


def instrument_of(survey: Survey) -> Instrument:
    """What a survey asks."""
    return shipped()[survey.instrument, survey.version]


@rule("VALIDATION_FAILED", "There is no such instrument.", source="4.13")
def instrument_is_known(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
    """It is shipped, in that version."""
    del s, ctx
    return True if asked(e) is not None else Unmet(pointer="/instrument")


@rule("VALIDATION_FAILED", "This instrument may only be asked anonymously.", source="4.13")
def anonymous_where_it_must_be(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
    """Nobody is made to sign what is only true of a group."""
    del s, ctx
    found = asked(e)
    return Unmet(pointer="/anonymous") if found and found.anonymous and not e.anonymous else True


def ethics_reviewed(reviewed: Reviewed) -> Rule:
    """The ethics review is complete, but for progress assessments."""

    def holds(s: Any, e: OpenSurvey, ctx: Ctx) -> bool:
        del ctx
        found = asked(e)
        return reviewed(s) or (found is not None and found.progress)

    return Rule(
        name="ethics_reviewed",
        code="ETHICS_REVIEW_REQUIRED",
        step=Step.STAGE,
        sentence="Complete the ethics review before anything is asked.",
        source="2.15",
        holds=holds,
        needs_entry=True,
    )


@rule("VALIDATION_FAILED", "A school here asks for more people than that.", source="4.5")
def enough_for_every_school(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
    """The small number is not below that of any school of the alliance that takes part."""
    schools = getattr(s, "schools", ())
    least = max((around.policy(ctx, one).small_number for one in schools), default=0)
    return Unmet(pointer="/min_n") if e.min_n < least else True


@rule(
    "VALIDATION_FAILED",
    "Nothing is told of fewer than five people who answer anonymously.",
    source="4.1, 4.5, 4.13",
)
def enough_to_hide_among(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
    """No school can decide for less: whoever answers was promised it."""
    del s, ctx
    least = SMALL if e.anonymous else 0
    return Unmet(pointer="/min_n") if e.min_n < least else True


def audience_takes_part(members: People) -> Rule:
    """Whoever is asked, and whoever reads, takes part."""

    def holds(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
        del ctx
        known = frozenset(members(s))
        if not known.issuperset(e.audience):
            return Unmet(pointer="/audience")
        return True if e.owner is None or e.owner in known else Unmet(pointer="/owner")

    return Rule(
        name="audience_takes_part",
        code="VALIDATION_FAILED",
        step=Step.FIELDS,
        sentence="Somebody named here does not take part.",
        source="2.19",
        holds=holds,
        needs_entry=True,
    )


def owner_of(e: OpenSurvey, named: tuple[UUID, ...], ctx: Ctx) -> UUID:
    """Who reads what is written freely: whoever is said, or opens it, or is named first."""
    if e.owner is not None:
        return e.owner
    return ctx.actor if not named or ctx.actor in named else named[0]


def owner_is_named(settings: Asking) -> Rule:
    """Whoever reads is one of those whom the ethics review names, if it names anybody."""

    def holds(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
        named = settings.named(s, ctx)
        known = e.owner is None or not named or e.owner in named
        return True if known else Unmet(pointer="/owner")

    return Rule(
        name="owner_is_named",
        code="VALIDATION_FAILED",
        step=Step.FIELDS,
        sentence="The ethics review names somebody else to read what is written freely.",
        source="4.5, 4.13",
        holds=holds,
        needs_entry=True,
    )


def owner_can_close(settings: Asking) -> Rule:
    """Whoever reads what is written freely is one of those who open and close surveys."""

    def holds(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
        del s
        able = e.owner is None or not e.anonymous or e.owner in settings.able(ctx)
        return True if able else Unmet(pointer="/owner")

    return Rule(
        name="owner_can_close",
        code="VALIDATION_FAILED",
        step=Step.FIELDS,
        sentence="Whoever reads what is written freely must be able to close the survey.",
        source="4.5",
        holds=holds,
        needs_entry=True,
    )


@rule("VALIDATION_FAILED", "The last day has passed already.")
def is_yet_to_close(s: Any, e: OpenSurvey, ctx: Ctx) -> Verdict:
    """It can be answered on one day at least."""
    del s
    return Unmet(pointer="/closes_on") if e.closes_on < ctx.now.date() else True


@rule("NOT_FOUND", "There is no such survey.")
def survey_is_known(s: WithSurveys, e: Any, ctx: Ctx) -> bool:
    """It was opened here."""
    del ctx
    return e.survey in s.surveys


@rule("NOT_PERMITTED", "You were not asked.", source="2.19")
def was_asked(s: WithSurveys, e: Any, ctx: Ctx) -> bool:
    """The actor is one of those who are asked."""
    return ctx.actor in s.surveys[e.survey].audience


def closes_their_own(settings: Asking) -> Rule:
    """Whoever records something can read it, so that comments are recorded by who reads them."""

    def holds(s: WithSurveys, e: Any, ctx: Ctx) -> bool:
        survey = s.surveys[e.survey]
        comments = survey.anonymous and instrument_of(survey).free
        return not comments or ctx.actor in settings.readers(s, survey, ctx)

    return Rule(
        name="closes_their_own",
        code="NOT_PERMITTED",
        step=Step.ROLE,
        sentence="Whoever reads what was written freely closes it.",
        source="4.5",
        holds=holds,
        needs_entry=True,
    )


@rule("RECORD_CLOSED", "This survey is closed.", step=Step.STAGE)
def is_open(s: WithSurveys, e: Any, ctx: Ctx) -> bool:
    """It has not been closed."""
    del ctx
    return not s.surveys[e.survey].closed


@rule("RECORD_CLOSED", "The last day to answer has passed.", step=Step.STAGE)
def is_in_time(s: WithSurveys, e: Any, ctx: Ctx) -> bool:
    """Today is not after its last day, anywhere: by the day at the actor's school."""
    day = around.local_date(ctx, around.home(ctx, ctx.actor), ctx.now)
    return day <= s.surveys[e.survey].closes_on


@rule("WRONG_STAGE", "You have answered this survey.", step=Step.STAGE, source="4.5")
def answers_once(s: WithSurveys, e: Any, ctx: Ctx) -> bool:
    """Nobody answers an anonymous survey twice; other answers may not be doubled either."""
    return ctx.actor not in s.surveys[e.survey].answered


@rule("VALIDATION_FAILED", "An answer does not fit what was asked.", source="4.13")
def answers_fit(s: WithSurveys, e: SubmitSurvey, ctx: Ctx) -> Verdict:
    """Each item is known, answered once, and within the range of its answers."""
    del ctx
    of = instrument_of(s.surveys[e.survey])
    seen: set[str] = set()
    for index, given in enumerate(e.answers):
        if given.item not in of.keys or given.item in seen:
            return Unmet(pointer=f"/answers/{index}/item")
        if not of.least <= given.value <= of.most:
            return Unmet(pointer=f"/answers/{index}/value")
        if given.note is not None and not of.notes:
            return Unmet(pointer=f"/answers/{index}/note")
        seen.add(given.item)
    return True if of.comment or e.comment is None else Unmet(pointer="/comment")
