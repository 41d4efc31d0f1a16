"""What leaves a run: evidence, which takes a review and two people, and items that owners share."""

from collections.abc import Callable, Iterable
from typing import Any

from enquiry.kernel.enquiry.forms import EvidenceReceived
from enquiry.kernel.run import forms, rules, views
from enquiry.kernel.run.rules import evidence_digest
from enquiry.kernel.run.settings import Also, Settings, add
from enquiry.kernel.run.state import EvidenceItem, Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Elsewhere, Handler
from enquiry.method.roles import ENQUIRY, STAFF


def releasing(run: Builder, settings: Settings) -> None:
    """Review, publishing by two people, and what readers then see."""
    add(
        run,
        settings,
        forms.ReviewIdentifiability,
        by=settings.participants,
        after_close=True,
        rules=(rules.confirms_what_was_checked,),
    )
    run.show(forms.ReviewIdentifiability, to=settings.participants, today=True)
    both = rules.both_asked(settings.lead, settings.participants)
    add(
        run,
        settings,
        forms.PublishRunEvidence,
        by=settings.participants,
        after_close=True,
        rules=(
            rules.ethics_reviewed,
            rules.identifiability_reviewed,
            rules.outputs_are_supported,
        ),
        handler=_publish(both),
        also=_to_enquiry(both),
        facts=(forms.EvidenceProposed, forms.RunEvidencePublished),
    )
    run.show(forms.EvidenceProposed, to=settings.participants, today=True)
    # Evidence of a run that serves no enquiry stays within its school until it is linked.
    readers = (*settings.participants, STAFF, ENQUIRY)
    run.show(forms.RunEvidencePublished, to=readers, today=True)
    run.view(
        "evidence",
        "Published evidence",
        to=readers,
        build=views.evidence,
        schema=views.Evidence,
        when=views.has_evidence,
        reveals={forms.WithdrawConsent: _UNSUPPORTED, **settings.unsupports},
    )


_UNSUPPORTED = "Readers see which piece no longer stands, and not why."
Asked = Callable[[Run, tuple[EvidenceItem, ...], Ctx], bool]


def _publish(both: Asked) -> Handler:
    def publish(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Any]:
        digest = evidence_digest(e.items)
        yield forms.EvidenceProposed(digest=digest)
        if both(s, e.items, ctx):
            yield forms.RunEvidencePublished(items=e.items, digest=digest, publication=ctx.id)

    return publish


def _to_enquiry(both: Asked) -> Also:
    def send(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Elsewhere]:
        if s.enquiry is not None and both(s, e.items, ctx):
            received = EvidenceReceived(run=ctx.stream, publication=ctx.id)
            yield Elsewhere(s.enquiry, "enquiry", received)

    return send


def sharing(run: Builder, settings: Settings) -> None:
    """Sharing something of one's own."""
    personal = (rules.not_about_a_visit, rules.names_its_audience)
    audience = personal if settings.personal_sharing else (rules.no_individual_feedback,)
    add(
        run,
        settings,
        forms.ShareItem,
        by=settings.everybody,
        rules=(*audience, rules.is_own_contribution),
    )
    run.show(forms.ShareItem, to=settings.participants)
