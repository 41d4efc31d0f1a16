"""The moves of surveys, put together for the method that has them."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.surveys import forms, rules, views
from enquiry.kernel.surveys.scoring import Ballot, results
from enquiry.kernel.surveys.state import WithSurveys, box_of
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Box, Emptied, PutAside, Recorded
from enquiry.method.roles import Role, Viewer
from enquiry.method.rules import Reject

_ballot = msgspec.json.Decoder(Ballot)


class Asking(Struct, frozen=True, kw_only=True):
    """How a method has surveys. Its state is a ``WithSurveys``."""

    openers: tuple[Role, ...]
    """Who may open and close one: facilitators and representatives."""
    respondents: tuple[Role, ...]
    """Who may be asked."""
    members: Callable[[Any], tuple[UUID, ...]]
    """Everybody who may be named in an audience, from the state."""
    reviewed: Callable[[Any], bool]
    """Whether the ethics review is complete, from the state."""


def surveys(enquiry: Builder, settings: Asking) -> None:
    """Add opening, answering and closing surveys, and what is told of them."""
    _opening(enquiry, settings)
    _answering(enquiry, settings)
    _closing(enquiry, settings)
    everybody = tuple(dict.fromkeys((*settings.openers, *settings.respondents)))
    for fact in (forms.SurveyOpened, forms.SurveyClosed):
        enquiry.show(fact, to=everybody, today=True)
    signed = forms.SurveyResponseSubmitted
    enquiry.show(signed, to=settings.openers, today=True, when=_is_for_its_owner)
    enquiry.view(
        "surveys",
        "Surveys",
        to=everybody,
        build=views.surveys_shown,
        schema=views.Surveys,
        reveals={
            forms.SurveyResponseSubmitted: "That you have answered is for you alone; what was"
            " answered is told in numbers about enough people, once the survey is closed.",
            forms.CommentsReceived: "What was written freely is read by the survey's owner.",
        },
    )


def _is_for_its_owner(s: WithSurveys, fact: Recorded, viewer: Viewer) -> bool:
    """It is not anonymous, and the viewer is the survey's owner."""
    survey = s.surveys.get(getattr(fact.entry, "survey"))  # noqa: B009
    return survey is not None and not survey.anonymous and viewer.person == survey.owner


def _opening(enquiry: Builder, settings: Asking) -> None:
    def open_(s: WithSurveys, e: forms.OpenSurvey, ctx: Ctx) -> Iterable[Any]:
        found = rules.asked(e)
        if found is None:
            raise Reject("VALIDATION_FAILED", "There is no such instrument.")
        yield forms.SurveyOpened(
            instrument=found.id,
            version=found.version,
            anonymous=e.anonymous,
            audience=tuple(sorted(set(e.audience or settings.members(s)))),
            closes_on=e.closes_on,
            min_n=e.min_n,
            owner=e.owner or ctx.actor,
        )

    enquiry.move(
        forms.OpenSurvey,
        by=settings.openers,
        handler=open_,
        facts=(forms.SurveyOpened,),
        rules=(
            rules.ethics_reviewed(settings.reviewed),
            rules.instrument_is_known,
            rules.anonymous_where_it_must_be,
            rules.audience_takes_part(settings.members),
            rules.enough_for_every_school,
            rules.is_yet_to_close,
        ),
    )


def _answering(enquiry: Builder, settings: Asking) -> None:
    enquiry.move(
        forms.SubmitSurvey,
        by=settings.respondents,
        handler=_submit,
        facts=(forms.SurveyResponseSubmitted,),
        secret=True,
        rules=(
            rules.survey_is_known,
            rules.was_asked,
            rules.is_open,
            rules.is_in_time,
            rules.answers_once,
            rules.answers_fit,
        ),
    )


def _submit(s: WithSurveys, e: forms.SubmitSurvey, ctx: Ctx) -> Iterable[Any]:
    """Who answered goes on record, and what was answered into the box; or both, where the survey is
    not anonymous."""
    if not s.surveys[e.survey].anonymous:
        yield forms.SurveyResponseSubmitted(survey=e.survey, answers=e.answers, comment=e.comment)
        return
    values = {given.item: given.value for given in e.answers}
    ballot = Ballot(values, around.home(ctx, ctx.actor), e.comment)
    yield forms.SurveyResponseSubmitted(survey=e.survey)
    yield PutAside(box_of(e.survey), msgspec.json.encode(ballot).decode())


def _closing(enquiry: Builder, settings: Asking) -> None:
    enquiry.move(
        forms.CloseSurvey,
        by=settings.openers,
        handler=_close,
        facts=(forms.SurveyClosed, forms.CommentsReceived),
        unboxes=True,
        decision=True,
        about=lambda e: f"survey-{e.survey}",
        rules=(rules.survey_is_known, rules.closes_their_own, rules.is_open),
    )


def _close(s: WithSurveys, e: forms.CloseSurvey, ctx: Ctx) -> Iterable[Any]:
    survey = s.surveys[e.survey]
    of = rules.instrument_of(survey)
    if not survey.anonymous:
        signed = [Ballot({given.item: given.value for given in one}) for one in survey.responses]
        yield forms.SurveyClosed(survey=e.survey, results=results(of, signed, survey.min_n))
        return
    box = ctx.read(box_of(e.survey))
    ballots = [_ballot.decode(one) for one in box.words] if isinstance(box, Box) else []
    told = results(of, ballots, survey.min_n)
    yield forms.SurveyClosed(survey=e.survey, results=told)
    comments = tuple(sorted(one.comment for one in ballots if one.comment is not None))
    if told is not None and comments:
        yield forms.CommentsReceived(survey=e.survey, comments=comments)
    yield Emptied(box_of(e.survey))
