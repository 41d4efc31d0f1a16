"""What must hold before a report leaves the group."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.enquiry.agreement.rules import kind_of
from enquiry.kernel.enquiry.agreement.state import Kind, Status
from enquiry.kernel.enquiry.evidence.state import EnquiryPurpose
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.identifiability import Audience, reaches, readers_missing
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule

_NEEDED = {
    Audience.ALLIANCE: EnquiryPurpose.SHARE_ALLIANCE,
    Audience.PUBLIC: EnquiryPurpose.PUBLISH_PUBLIC,
}
"""To what a person must have consented whom evidence in a report is about."""


@rule("NOT_FOUND", "There is no such report.")
def report_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was generated here."""
    del ctx
    return e.report in s.reports.reports


@rule("VALIDATION_FAILED", "There is no such report.")
def proposed_report_is_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """What is proposed to be published was generated here."""
    del ctx
    if kind_of(s, e) != Kind.PUBLISH_REPORT or e.report in s.reports.reports:
        return True
    return Unmet(pointer="/report")


@rule("VALIDATION_FAILED", "There is no such report to correct.")
def corrected_report_is_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """A correction names a report of this enquiry."""
    del ctx
    known = e.corrects is None or e.corrects in s.reports.reports
    return True if known else Unmet(pointer="/corrects")


@guard("ETHICS_REVIEW_REQUIRED", "The ethics review must be complete first.", source="2.15")
def ethics_are_reviewed(s: Enquiry, ctx: Ctx) -> bool:
    """Nothing is published while the review is open."""
    del ctx
    return s.ethics_reviewed


@rule("NOT_ALL_AGREED", "The group has not decided to publish this report.", source="2.18")
def group_has_decided(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """A proposal to publish this very report was adopted."""
    del ctx
    return any(
        one.kind == Kind.PUBLISH_REPORT
        and one.status == Status.ADOPTED
        and one.content.report == e.report
        for one in s.agreement.proposals.values()
    )


@rule(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "Somebody reads it first for what could identify anybody; for the public two do.",
    source="4.5",
)
def is_read_for_identity(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Enough people have read it for this audience, and confirmed."""
    del ctx
    report = s.reports.reports[e.report]
    missing = readers_missing(report.readings, e.audience, report.revision)
    return Unmet(params={"readers_missing": missing}) if missing else True


@rule("SHARE_SCOPE_EXCEEDED", "Some of it may not be shared so widely.", source="2.18")
def consents_reach_so_far(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Everybody whom evidence in the report is about consents to this audience, today; and what
    a run released goes no further than the run did."""
    purpose = _NEEDED.get(e.audience)
    report = s.reports.reports[e.report]
    lost = [id_ for id_ in report.items if not s.items[id_].stands]
    short = [
        id_
        for id_ in report.items
        if purpose is not None
        and (subject := s.items[id_].subject) is not None
        and not _consents(s, subject, purpose, ctx)
    ]
    within = [
        id_
        for id_ in report.items
        if (widest := s.items[id_].audience) is not None and not reaches(widest, e.audience)
    ]
    details = tuple({"item": str(id_)} for id_ in dict.fromkeys((*lost, *short, *within)))
    return Unmet(details=details) if details else True


def _consents(s: Enquiry, person: Any, purpose: EnquiryPurpose, ctx: Ctx) -> bool:
    today = around.local_date(ctx, around.home(ctx, person), ctx.now)
    return any(
        c.purpose == purpose and not c.withdrawn and today <= c.valid_until
        for c in s.consents.get(person, ())
    )


PROPOSING = (proposed_report_is_known,)
