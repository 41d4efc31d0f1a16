"""What leaves a run: evidence, which takes a review and two people, and items that owners share."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel import around
from enquiry.kernel.enquiry.received import EvidenceReceived, received
from enquiry.kernel.identifiability import Audience
from enquiry.kernel.run import forms, rules, views
from enquiry.kernel.run.pupil_rules import consents_for
from enquiry.kernel.run.retracting import RetractContribution
from enquiry.kernel.run.settings import Settings, add
from enquiry.kernel.run.state import ConsentPurpose, Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.method import Elsewhere, Recorded
from enquiry.method.roles import ENQUIRY, STAFF, Viewer
from enquiry.method.rules import rule


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
            rules.evidence_is_still_kept,
            rules.proposal_is_open(settings.participants),
            rules.takes_the_lead_and_another(settings.lead),
            rules.ethics_reviewed,
            rules.proposes_or_confirms,
            rules.identifiability_reviewed,
            rules.outputs_are_supported,
            public_was_agreed_to,
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
        reveals={
            forms.RecordConsent: "Readers see for whom a piece is, and not who agreed.",
            **dict.fromkeys(_lost_by(settings), _UNSUPPORTED),
            **settings.unsupports,
        },
    )


@rule("SHARE_SCOPE_EXCEEDED", "Not everybody agrees that the public reads this.", source="4.2")
def public_was_agreed_to(s: Run, e: Any, ctx: Ctx) -> bool:
    """Everybody of whom it may tell consents to it today; it is not told who does not."""
    if rules.audience_of(s, e) is not Audience.PUBLIC:
        return True
    purpose = ConsentPurpose.PUBLISH_PUBLIC
    today = around.local_date(ctx, s.school, ctx.now)
    people = {person for item in rules.released(s, e) for person in s.told_of(item.output)}
    pupils = (label for label in s.pupils if not s.pupil_has_withdrawn(label))
    return all(s.consents_to(person, purpose, today) for person in people) and all(
        consents_for(s, label, purpose, ctx) for label in pupils
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
        yield forms.EvidenceProposed(items=e.items, audience=e.audience)
    else:
        yield forms.RunEvidencePublished(proposal=e.confirms)


def _to_enquiry(s: Run, e: forms.PublishRunEvidence, ctx: Ctx) -> Iterable[Elsewhere]:
    if s.enquiry is not None and e.confirms is not None:
        items = received(rules.released(s, e))
        told = EvidenceReceived(
            run=ctx.stream,
            publication=ctx.id,
            items=items,
            audience=rules.audience_of(s, e),
        )
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
