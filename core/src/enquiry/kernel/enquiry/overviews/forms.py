"""The form and the fact of an overview's row."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.overviews.state import OverviewForm, Row
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

CELLS: Mapping[OverviewForm, tuple[str, ...]] = {
    OverviewForm.IMPLEMENTATION: (
        "individual_priority",
        "school_specific_priority",
        "agreed_enquiry_strategies",
    ),
    OverviewForm.INNOVATION: ("school_feedback",),
    OverviewForm.IMPACT: (
        "student_outcomes",
        "professional_outcomes",
        "organisation_outcomes",
    ),
    OverviewForm.OVERALL: (),
}
"""The cells of a school's row, by form. All others follow from what the group decided."""


class RecordOverviewRow(Entry, records="overview-row-recorded"):
    """Record your school's row of an overview"""

    form: Annotated[OverviewForm, ask("Which overview?", ui="choice")]
    school: Annotated[UUID, ask("Which school?", address=True, ui="choice")]
    meeting: Annotated[UUID, ask("Of which meeting?", ui="choice")] | None = None
    """Innovation has one overview for each meeting."""
    individual_priority: (
        Annotated[str, text("What does our own data say we need?", upto=1000, guard="reports")]
        | None
    ) = None
    school_specific_priority: (
        Annotated[str, text("How do we address the question?", upto=1000, guard="reports")] | None
    ) = None
    agreed_enquiry_strategies: (
        Annotated[str, text("Which strategies do we try?", upto=1000, guard="reports")] | None
    ) = None
    school_feedback: Annotated[str, text("What do we find?", upto=2000, guard="reports")] | None = (
        None
    )
    student_outcomes: (
        Annotated[str, text("What came of it for pupils?", upto=2000, guard="reports")] | None
    ) = None
    professional_outcomes: (
        Annotated[str, text("What came of it for us?", upto=2000, guard="reports")] | None
    ) = None
    organisation_outcomes: (
        Annotated[str, text("What came of it for the school?", upto=2000, guard="reports")] | None
    ) = None
    group_part: Annotated[str, text("What has the group agreed?", upto=2000)] | None = None
    """Never accepted: it follows from what the group decided."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """What is filled in takes the place of what was there."""
        cells = {
            name: value for name in CELLS[self.form] if (value := getattr(self, name)) is not None
        }
        row = Row(
            form=self.form,
            school=self.school,
            cycle=s.course.cycle,
            meeting=self.meeting,
            cells=cells,
        )
        return s.but(overviews=s.overviews.put(row))
