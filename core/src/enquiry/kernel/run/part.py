"""The common moves of a run, put together for one method."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from enquiry.kernel.enquiry.forms import EvidenceReceived
from enquiry.kernel.reasons import has_reason
from enquiry.kernel.run import forms, rules
from enquiry.kernel.run.state import Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.method import Elsewhere, Handler, Recorded, Stage
from enquiry.method.roles import ENQUIRY, MEMBER, STAFF, Role, Viewer
from enquiry.method.rules import Reject, Rule, Warn, WarnIf, Watch


class Settings(Struct, frozen=True, kw_only=True):
    """How a method uses the common moves."""

    plan: type[forms.PlanRun]
    """The method's own planning form: ``PlanRun`` with its ``params``."""
    lead: Role
    participants: tuple[Role, ...]
    """Everybody who takes part and may contribute, the lead among them."""
    invited: Role
    """People with an open invitation."""
    invitable: tuple[str, ...]
    """Roles that are given by invitation."""
    core: tuple[str, ...]
    """Roles whose holders must all adopt the protocol before the run starts."""
    subjects: tuple[Role, ...]
    """Who may give and withdraw consent here: participants and those they visit."""
    joining: tuple[Stage, ...]
    """Stages in which people may still be invited and join."""
    cancelled: Stage
    protocol: int = 1
    pupils: tuple[Role, ...] = ()
    """Pupils who take part: they join, adopt, correct and leave like everybody else, and read
    nothing that staff keep among themselves (deviations, reviews, forms)."""
    more: Mapping[type[Entry], "More"] = {}
    """What the method adds to single common moves."""


class More(Struct, frozen=True, kw_only=True):
    """What a method adds to one of the common moves: it can only be stricter, or do more."""

    rules: tuple[Rule, ...] = ()
    warns: tuple[WarnIf, ...] = ()
    to: tuple[Stage, ...] = ()
    facts: tuple[type[Entry], ...] = ()
    handler: Handler | None = None
    """In place of the common one; it must record the common fact."""
    also: Callable[[Any, Any, Ctx], Iterable[Elsewhere]] | None = None


def _move(run: Builder, settings: Settings, entry: type[Entry], **flags: Any) -> None:
    more = settings.more.get(entry, More())
    flags["rules"] = (*flags.get("rules", ()), *more.rules)
    flags["warns"] = (*flags.get("warns", ()), *more.warns)
    if more.to:
        flags["to"] = more.to
    if more.facts:
        flags["facts"] = (*(flags.get("facts") or (entry,)), *more.facts)
    if more.handler is not None:
        flags["handler"] = more.handler
    if more.also is not None:
        flags["also"] = more.also
    run.move(entry, **flags)


def common(run: Builder, settings: Settings) -> None:
    """Add the common moves, facts and rows of visibility to a method."""
    _planning(run, settings)
    _joining(run, settings)
    _keeping_record(run, settings)
    _releasing(run, settings)
    _sharing(run, settings)
    _consenting(run, settings)


def _plan(s: Run, e: forms.PlanRun, ctx: Ctx) -> Iterable[Any]:
    del s
    reasoned = has_reason(e.reason) or _enquiry_has_reason(ctx, e.enquiry)
    yield forms.RunPlanned(
        purpose=e.purpose,
        title=e.title,
        school=e.school,
        enquiry=e.enquiry,
        reason=e.reason,
        reasoned=reasoned,
    )


def _enquiry_has_reason(ctx: Ctx, enquiry: Any) -> bool:
    if enquiry is None:
        return False
    return ctx.method in getattr(ctx.read(enquiry), "reasoned_methods", ())


def _unreasoned(s: Run, ctx: Ctx) -> tuple[Warn, ...]:
    if s.enquiry is None or s.reasoned or _enquiry_has_reason(ctx, s.enquiry):
        return ()
    return (Warn("METHOD_WITHOUT_REASON"),)


def _planning(run: Builder, settings: Settings) -> None:
    _move(
        run,
        settings,
        settings.plan,
        kind="plan-run",
        by=MEMBER,
        opens=True,
        handler=_plan,
        facts=(forms.RunPlanned,),
        rules=(rules.plans_at_own_school, rules.enquiry_is_known),
    )
    _move(
        run,
        settings,
        forms.LinkRun,
        by=settings.lead,
        decision=True,
        about="enquiry",
        handler=_link,
        facts=(forms.RunLinked,),
        rules=(rules.enquiry_is_known,),
    )
    _move(run, settings, forms.GiveReason, by=settings.lead)
    run.watch(Watch("METHOD_WITHOUT_REASON", _unreasoned, source="3.0"))
    _move(
        run,
        settings,
        forms.CancelRun,
        by=settings.lead,
        to=settings.cancelled,
        decision=True,
        about="run",
    )
    _move(run, settings, forms.RecordDeviation, by=settings.lead, deviation=True)
    everyone = (*_everybody(settings), settings.invited)
    for fact in (forms.RunPlanned, forms.RunLinked, forms.GiveReason, forms.CancelRun):
        run.show(fact, to=(*everyone, ENQUIRY), today=True)
    run.show(forms.RecordDeviation, to=settings.participants, today=True, when=_reads_it)


def _everybody(settings: Settings) -> tuple[Role, ...]:
    return (*settings.participants, *settings.pupils)


def _link(s: Run, e: forms.LinkRun, ctx: Ctx) -> Iterable[Any]:
    del s
    yield forms.RunLinked(enquiry=e.enquiry, reasoned=_enquiry_has_reason(ctx, e.enquiry))


def _joining(run: Builder, settings: Settings) -> None:
    may_invite = (rules.invitee_is_known, rules.invitable(settings.invitable))
    _move(run, settings, forms.InviteToRun, by=settings.lead, at=settings.joining, rules=may_invite)
    answer: dict[str, Any] = {"by": settings.invited, "rules": (rules.is_invited,)}
    _move(run, settings, forms.AcceptRunInvitation, at=settings.joining, **answer)
    _move(run, settings, forms.DeclineRunInvitation, **answer)
    everybody = _everybody(settings)
    _move(run, settings, forms.LeaveRun, by=everybody)
    _move(
        run,
        settings,
        forms.AdoptProtocol,
        by=everybody,
        rules=(rules.protocol_version(settings.protocol),),
    )
    for fact in (
        forms.InviteToRun,
        forms.AcceptRunInvitation,
        forms.LeaveRun,
        forms.AdoptProtocol,
    ):
        run.show(fact, to=everybody, today=True)
    run.show(forms.DeclineRunInvitation, to=settings.lead)


def _keeping_record(run: Builder, settings: Settings) -> None:
    own = (rules.is_own_contribution,)
    everybody = _everybody(settings)
    _move(run, settings, forms.CorrectionNote, by=everybody, after_close=True, rules=own)
    run.show(forms.CorrectionNote, to=everybody, when=_reads_what_it_corrects)
    _move(
        run, settings, forms.AttachForm, by=settings.participants, rules=(rules.nothing_is_scored,)
    )
    run.show(forms.AttachForm, to=settings.participants, when=_reads_it)
    _move(
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


def _releasing(run: Builder, settings: Settings) -> None:
    _move(run, settings, forms.ReviewIdentifiability, by=settings.participants, after_close=True)
    run.show(forms.ReviewIdentifiability, to=settings.participants, today=True)
    _move(
        run,
        settings,
        forms.PublishRunEvidence,
        by=settings.participants,
        after_close=True,
        rules=(rules.identifiability_reviewed, rules.outputs_are_supported),
        handler=_publish,
        also=_to_enquiry,
        facts=(forms.EvidenceProposed, forms.RunEvidencePublished),
    )
    run.show(forms.EvidenceProposed, to=settings.participants, today=True)
    # Evidence of a run that serves no enquiry stays within its school until it is linked.
    readers = (*settings.participants, STAFF, ENQUIRY)
    run.show(forms.RunEvidencePublished, to=readers, today=True)


def _sharing(run: Builder, settings: Settings) -> None:
    _move(
        run,
        settings,
        forms.ShareItem,
        by=_everybody(settings),
        rules=(rules.no_individual_feedback, rules.is_own_contribution),
    )
    run.show(forms.ShareItem, to=settings.participants)


def evidence_digest(items: tuple[forms.EvidenceItem, ...]) -> str:
    """A digest by which two people's requests are seen to be the same."""
    return hashlib.sha256(msgspec.json.encode(items)).hexdigest()


def _publish(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Any]:
    digest = evidence_digest(e.items)
    yield forms.EvidenceProposed(digest=digest)
    if rules.others_agreed(s, digest, ctx.actor):
        yield forms.RunEvidencePublished(items=e.items)


def _to_enquiry(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Elsewhere]:
    if s.enquiry is None or not rules.others_agreed(s, evidence_digest(e.items), ctx.actor):
        return
    received = EvidenceReceived(run=ctx.stream, publication=ctx.id)
    yield Elsewhere(s.enquiry, "enquiry", received)


def _consenting(run: Builder, settings: Settings) -> None:
    _move(run, settings, forms.RecordConsent, by=settings.subjects)
    _move(run, settings, forms.WithdrawConsent, by=settings.subjects, after_close=True)
