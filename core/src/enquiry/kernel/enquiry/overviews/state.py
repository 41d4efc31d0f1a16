"""What the rules must remember of the overviews."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class OverviewForm(StrEnum):
    """The four overviews. The overall one follows from the others."""

    IMPLEMENTATION = "implementation"
    INNOVATION = "innovation"
    IMPACT = "impact"
    OVERALL = "overall"


class Row(Piece):
    """One school's row of an overview; its cells are references, by their key."""

    form: OverviewForm
    school: UUID
    cycle: int
    meeting: UUID | None
    cells: Mapping[str, str]


class Overviews(Piece):
    """Every row, the last one of a school in a form (and, for innovation, a meeting) counts."""

    rows: tuple[Row, ...] = ()

    def of(self, form: OverviewForm, cycle: int) -> tuple[Row, ...]:
        """The rows of a form in a cycle, by when they were first recorded."""
        return tuple(row for row in self.rows if (row.form, row.cycle) == (form, cycle))

    def put(self, row: Row) -> "Overviews":
        """With this row, in the place of the one before."""
        same = (row.form, row.school, row.cycle, row.meeting)
        rows = [
            row.but(cells={**old.cells, **row.cells})
            if (old.form, old.school, old.cycle, old.meeting) == same
            else old
            for old in self.rows
        ]
        known = any((r.form, r.school, r.cycle, r.meeting) == same for r in self.rows)
        return self.but(rows=tuple(rows) if known else (*self.rows, row))
