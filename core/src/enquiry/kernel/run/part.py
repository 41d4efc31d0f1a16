"""The common moves of a run, put together for one method."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from enquiry.kernel.bookings import unbound
from enquiry.kernel.enquiry.received import EvidenceReceived, RunJoined, received
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.reasons import has_reason
from enquiry.kernel.run import forms, rules
from enquiry.kernel.run.consenting import consenting
from enquiry.kernel.run.release import releasing, sharing
from enquiry.kernel.run.retracting import retracting
from enquiry.kernel.run.settings import More, Settings, add
from enquiry.kernel.run.state import Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Elsewhere, Handler, Recorded, Stage
from enquiry.method.roles import ENQUIRY, MEMBER, Viewer
from enquiry.method.rules import Reject, Warn, Watch

__all__ = ["More", "Settings", "common"]


def common(run: Builder, settings: Settings) -> None:
    """Add the common moves, facts and rows of visibility to a method."""
    _planning(run, settings)
    _joining(run, settings)
    _keeping_record(run, settings)
    releasing(run, settings)
    sharing(run, settings)
    consenting(run, settings)
    if settings.retracting:
        retracting(run, settings)


def _plan(s: Run, e: forms.PlanRun, ctx: Ctx) -> Iterable[Any]:
    del s
    reasoned = has_reason(e.reason) or _enquiry_has_reason(ctx, e.enquiry)
    yield forms.RunPlanned(
        purpose=e.purpose,
        title=e.title,
        school=e.place(),
        enquiry=e.enquiry,
        reason=e.reason,
        reasoned=reasoned,
    )


def _enquiry_has_reason(ctx: Ctx, enquiry: Any) -> bool:
    state = ctx.read(enquiry) if enquiry is not None else None
    return isinstance(state, Enquiry) and ctx.method in state.reasoned_methods


def _unreasoned(s: Run, ctx: Ctx) -> tuple[Warn, ...]:
    if s.enquiry is None or s.reasoned or _enquiry_has_reason(ctx, s.enquiry):
        return ()
    return (Warn("METHOD_WITHOUT_REASON"),)


def _planning(run: Builder, settings: Settings) -> None:
    add(
        run,
        settings,
        settings.plan,
        kind="plan-run",
        by=MEMBER,
        opens=True,
        handler=_plan,
        facts=(forms.RunPlanned,),
        rules=(rules.plans_at_own_school, rules.enquiry_is_known),
        also=_joins,
    )
    add(
        run,
        settings,
        forms.LinkRun,
        by=settings.lead,
        decision=True,
        after_close=True,
        about="enquiry",
        handler=_link,
        facts=(forms.RunLinked,),
        rules=(rules.serves_no_other, rules.reviewed_if_started, rules.enquiry_is_known),
        also=_published_before,
    )
    add(
        run,
        settings,
        forms.GiveReason,
        by=settings.lead,
        handler=_reason,
        facts=(forms.ReasonGiven,),
    )
    run.watch(Watch("METHOD_WITHOUT_REASON", _unreasoned, source="3.0"))
    add(
        run,
        settings,
        forms.CancelRun,
        by=settings.lead,
        to=(settings.cancelled,),
        handler=_cancelled(settings.cancelled),
        decision=True,
        about="run",
    )
    add(run, settings, forms.RecordDeviation, by=settings.lead, deviation=True)
    everyone = (*settings.everybody, settings.invited)
    for fact in (forms.RunPlanned, forms.RunLinked, forms.ReasonGiven, forms.CancelRun):
        run.show(fact, to=(*everyone, ENQUIRY), today=True)
    run.show(forms.RecordDeviation, to=settings.participants, today=True, when=_reads_it)


def _link(s: Run, e: forms.LinkRun, ctx: Ctx) -> Iterable[Any]:
    del s
    yield forms.RunLinked(enquiry=e.enquiry, reasoned=_enquiry_has_reason(ctx, e.enquiry))


def _published_before(s: Run, e: forms.LinkRun, ctx: Ctx) -> Iterable[Elsewhere]:
    """What was published while the run served no enquiry is its enquiry's from now on."""
    yield from _joins(s, e, ctx)
    for publication, items in s.evidence().items():
        told = EvidenceReceived(
            run=ctx.stream,
            publication=publication,
            items=received(items),
            audience=s.reach(publication),
        )
        yield Elsewhere(e.enquiry, "enquiry", told)


def _joins(s: Run, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
    """The enquiry learns which runs serve it."""
    del s
    if e.enquiry is not None:
        joined = RunJoined(run=ctx.stream, method=ctx.method)
        yield Elsewhere(e.enquiry, "enquiry", joined)


def _reason(s: Run, e: forms.GiveReason, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield forms.ReasonGiven(reason=e.reason, reasoned=has_reason(e.reason))


def _cancelled(stage: Stage) -> Handler:
    def cancel(s: Run, e: forms.CancelRun, ctx: Ctx) -> Iterable[Any]:
        del s, ctx
        return (e, stage)

    return cancel


def _joining(run: Builder, settings: Settings) -> None:
    may_invite = (
        rules.invitee_is_known,
        rules.invitable(settings.invitable),
        rules.fits_pupils(settings.pupils),
    )
    add(run, settings, forms.InviteToRun, by=settings.lead, at=settings.joining, rules=may_invite)
    answer: dict[str, Any] = {"by": settings.invited, "rules": (rules.is_invited,)}
    add(run, settings, forms.AcceptRunInvitation, at=settings.joining, **answer)
    add(run, settings, forms.DeclineRunInvitation, **answer)
    everybody = settings.everybody
    add(run, settings, forms.LeaveRun, by=everybody, after_close=True)
    add(
        run,
        settings,
        forms.AdoptProtocol,
        by=everybody,
        rules=(rules.protocol_version(settings.protocol),),
    )
    for fact in (forms.AcceptRunInvitation, forms.LeaveRun, forms.AdoptProtocol):
        run.show(fact, to=everybody, today=True)
    # Whoever declines was, for everybody else, never asked.
    run.show(forms.InviteToRun, to=everybody, today=True, when=_has_joined)
    run.show(forms.InviteToRun, to=settings.lead, today=True, when=_stands)
    run.show(forms.InviteToRun, to=settings.invited, today=True, when=_is_theirs)
    run.show(forms.DeclineRunInvitation, to=settings.lead)
    if settings.pupils:
        _stopping(run, settings)


def _has_joined(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """Whoever was invited takes part"""
    del viewer
    return _person(fact) in s.people


def _stands(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """The invitation is open"""
    del viewer
    return _person(fact) in s.invited


def _is_theirs(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """It is about themselves"""
    del s
    return _person(fact) == viewer.person


def _person(fact: Recorded) -> UUID:
    return getattr(fact.entry, "person")  # noqa: B009


def _stopping(run: Builder, settings: Settings) -> None:
    """Pupils may stop at any moment, and need not be the ones who say so here."""
    add(
        run,
        settings,
        forms.RecordPupilDeclined,
        by=settings.participants,
        after_close=True,
        rules=(rules.is_taking_part(settings.pupils),),
        also=_unbound,
    )
    run.show(forms.RecordPupilDeclined, to=settings.lead, today=True)


def _unbound(s: Run, e: forms.RecordPupilDeclined, ctx: Ctx) -> Iterable[Elsewhere]:
    yield from unbound(s, e.person, ctx)


def _keeping_record(run: Builder, settings: Settings) -> None:
    own = (rules.is_own_contribution,)
    everybody = settings.everybody
    add(run, settings, forms.CorrectionNote, by=everybody, after_close=True, rules=own)
    run.show(forms.CorrectionNote, to=everybody, when=_reads_what_it_corrects)
    add(run, settings, forms.AttachForm, by=settings.participants, rules=(rules.nothing_is_scored,))
    run.show(forms.AttachForm, to=settings.participants, when=_reads_it)
    add(
        run,
        settings,
        forms.IssueCertificate,
        by=settings.participants,
        after_close=True,
        rules=(rules.takes_part, rules.criteria_are_met),
        handler=_certify,
        facts=(forms.CertificateIssued,),
    )
    run.show(forms.CertificateIssued, to=settings.participants, today=True)
    if settings.pupils:
        run.show(forms.CertificateIssued, to=settings.pupils, today=True, when=_is_theirs)


def _reads_it(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """The method lets them read it."""
    return s.may_read(fact.was.id, viewer.person)


def _reads_what_it_corrects(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """They may read what is corrected."""
    return s.may_read(getattr(fact.entry, "contribution"), viewer.person)  # noqa: B009


def _certify(s: Run, e: forms.IssueCertificate, ctx: Ctx) -> Iterable[Any]:
    del ctx
    certificate = s.certificate(e.person)
    if certificate is None:
        raise Reject("CERTIFICATE_CRITERIA_NOT_MET")
    yield forms.CertificateIssued(
        person=e.person,
        dates=certificate.dates,
        minutes=certificate.minutes,
        criteria=certificate.criteria,
    )
