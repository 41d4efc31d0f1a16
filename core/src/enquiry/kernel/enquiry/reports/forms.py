"""Forms and facts of reports."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.impact.rules import current
from enquiry.kernel.enquiry.reports.state import Report, ReportKind
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.identifiability import Audience, Check, GuardResult, Reading
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_REPORT = ask("Which report?", address=True, ui="choice")


QUESTIONS = (
    "where_we_are",
    "most_progress",
    "next_priority",
    "data_says",
    "journey",
    "where_to_focus",
)
"""The questions of every report, in their order. Source: 2.18."""


class GenerateReport(Entry, records="report-generated"):
    """Generate a report of what is known now"""

    kind: Annotated[ReportKind, ask("What is it for?", ui="choice")]
    corrects: Annotated[UUID, ask("Which earlier report does it correct?", ui="choice")] | None = (
        None
    )
    where_we_are: Annotated[str, text("Where are we?", upto=2000, guard="reports")] | None = None
    most_progress: (
        Annotated[str, text("Where is most progress?", upto=2000, guard="reports")] | None
    ) = None
    next_priority: (
        Annotated[str, text("What is the next priority?", upto=2000, guard="reports")] | None
    ) = None
    data_says: (
        Annotated[str, text("What does the data say about impact?", upto=2000, guard="reports")]
        | None
    ) = None
    journey: (
        Annotated[str, text("How well is our journey recorded?", upto=2000, guard="reports")] | None
    ) = None
    where_to_focus: (
        Annotated[str, text("Where to focus, for more impact?", upto=2000, guard="reports")] | None
    ) = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What stands now is what the report holds, for ever."""
        made = Report(
            kind=self.kind,
            by=was.by,
            at=was.at,
            revision=was.revision,
            cycle=s.course.cycle,
            corrects=self.corrects,
            items=tuple(id_ for id_, item in s.items.items() if item.stands),
            claims=tuple(current(s)),
            commentary={
                name: words for name in QUESTIONS if (words := getattr(self, name)) is not None
            },
        )
        return _with(s, was.id, made)


def _with(s: Enquiry, id_: UUID, report: Report) -> Enquiry:
    return s.but(reports=s.reports.but(reports={**s.reports.reports, id_: report}))


class ReviewReport(Entry, records="report-reviewed"):
    """Review whether a report could identify anybody"""

    report: Annotated[UUID, _REPORT]
    audience: Annotated[Audience, ask("For whom?", ui="choice")]
    clear: Annotated[
        tuple[Check, ...], ask("Of which have you found nothing?", at_most=6, ui="choice")
    ]
    findings: Annotated[str, text("What did you find?", upto=2000, lines=3)] | None = None
    confirm: Annotated[bool, ask("May it be released?")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Its texts were guarded when they were written; two people read for the public."""
        known = s.reports.reports[self.report]
        reading = Reading(
            reader=was.by,
            revision=was.revision,
            audience=self.audience,
            clear=self.clear,
            guard=GuardResult(),
            confirmed=self.confirm,
        )
        return _with(s, self.report, known.but(readings=(*known.readings, reading)))


class PublishReport(Entry, records="report-published"):
    """Publish a report"""

    report: Annotated[UUID, _REPORT]
    audience: Annotated[Audience, ask("To whom?", ui="choice")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The snapshot never changes; a correction is another report."""
        known = s.reports.reports[self.report]
        return _with(s, self.report, known.but(published=self.audience))
