"""The moves of surveys, put together for the method that has them."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from enquiry.kernel import around
from enquiry.kernel.surveys import forms, rules, views
from enquiry.kernel.surveys.asking import Asking
from enquiry.kernel.surveys.scoring import Ballot, notes_told, results
from enquiry.kernel.surveys.state import WithSurveys, box_of
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Box, Emptied, Look, PutAside, Recorded
from enquiry.method.roles import Viewer
from enquiry.method.rules import Reject

_ballot = msgspec.json.Decoder(Ballot)


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
        build=_view(settings),
        schema=views.Surveys,
        reveals={
            forms.SurveyResponseSubmitted: "That you have answered is for you alone; what was"
            " answered is told in numbers about enough people, once the survey is closed.",
            forms.CommentsReceived: "What was written freely is read by the survey's owner.",
        },
    )


def _view(settings: Asking) -> Callable[[Any, Look], views.Surveys]:
    def surveys_shown(s: WithSurveys, look: Look) -> views.Surveys:
        return views.surveys_shown(s, look, lambda one: settings.readers(s, one, look))

    return surveys_shown


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
            owner=rules.owner_of(e, settings.named(s, ctx), ctx),
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
            rules.owner_is_named(settings),
            rules.owner_can_close(settings),
            rules.enough_for_every_school,
            rules.enough_to_hide_among,
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
    notes = {given.item: given.note for given in e.answers if given.note is not None}
    ballot = Ballot(values, around.home(ctx, ctx.actor), e.comment, notes)
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
        rules=(rules.survey_is_known, rules.closes_their_own(settings), rules.is_open),
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
    follows = of.free and ctx.actor != survey.owner
    owner = ctx.actor if follows else None
    yield forms.SurveyClosed(survey=e.survey, results=told, owner=owner)
    comments = tuple(sorted(one.comment for one in ballots if one.comment is not None))
    notes = tuple(notes_told(e.survey, of, ballots, survey.min_n))
    if told is not None and (comments or notes):
        yield forms.CommentsReceived(survey=e.survey, comments=comments, notes=notes)
    yield Emptied(box_of(e.survey))
