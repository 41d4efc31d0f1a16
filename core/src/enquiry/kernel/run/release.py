"""What leaves a run: evidence, which takes a review and two people, and items that owners share."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.enquiry.received import EvidenceReceived, received
from enquiry.kernel.run import forms, rules, views
from enquiry.kernel.run.retracting import RetractContribution
from enquiry.kernel.run.settings import Settings, add
from enquiry.kernel.run.state import Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.method import Elsewhere, Recorded
from enquiry.method.roles import ENQUIRY, STAFF, Viewer


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
    run.show(forms.ReviewIdentifiability, to=settings.participants, today=True, when=_reads_it)
    add(
        run,
        settings,
        forms.PublishRunEvidence,
        by=settings.participants,
        after_close=True,
        rules=(
            rules.proposal_is_open(settings.participants),
            rules.takes_the_lead_and_another(settings.lead),
            rules.ethics_reviewed,
            rules.proposes_or_confirms,
            rules.identifiability_reviewed,
            rules.outputs_are_supported,
            rules.proposal_is_fresh,
        ),
        handler=_publish,
        also=_to_enquiry,
        facts=(forms.EvidenceProposed, forms.RunEvidencePublished),
    )
    run.show(forms.EvidenceProposed, to=settings.participants, today=True)
    # Evidence of a run that serves no enquiry stays within its school until it is linked.
    readers = (*settings.participants, STAFF, ENQUIRY)
    run.show(forms.EvidenceProposed, to=(STAFF, ENQUIRY), today=True, when=_is_published)
    run.show(forms.RunEvidencePublished, to=readers, today=True)
    run.view(
        "proposed-evidence",
        "Evidence that waits for a second person",
        to=settings.participants,
        build=views.proposed,
        schema=views.ProposedEvidence,
        when=views.has_proposals,
    )
    run.view(
        "evidence",
        "Published evidence",
        to=readers,
        build=views.evidence,
        schema=views.Evidence,
        when=views.has_evidence,
        reveals={**dict.fromkeys(_lost_by(settings), _UNSUPPORTED), **settings.unsupports},
    )


def _lost_by(settings: Settings) -> tuple[type[Entry], ...]:
    taken_back = (RetractContribution,) if settings.retracting else ()
    return (forms.WithdrawConsent, *taken_back)


_UNSUPPORTED = "Readers see which piece no longer stands, and not why."


def _reads_it(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """The method lets them read it."""
    return s.may_read(fact.was.id, viewer.person)


def _is_published(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """A second person has confirmed it."""
    del viewer
    return fact.was.id in s.published.values()


def _publish(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    if e.confirms is None:
        yield forms.EvidenceProposed(items=e.items)
    else:
        yield forms.RunEvidencePublished(proposal=e.confirms)


def _to_enquiry(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Elsewhere]:
    if s.enquiry is not None and e.confirms is not None:
        items = received(rules.released(s, e))
        told = EvidenceReceived(run=ctx.stream, publication=ctx.id, items=items)
        yield Elsewhere(s.enquiry, "enquiry", told)


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
