"""Reports: snapshots that remain, and say what of them no longer stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.reports.state import Report
from enquiry.kernel.enquiry.roles import GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


class ReportShown(Struct, frozen=True):
    """A report. Its content is what the views of the enquiry tell as of its revision."""

    id: UUID
    kind: str
    by: UUID
    at: datetime
    revision: int
    cycle: int
    corrects: UUID | None
    corrected_by: UUID | None
    published: str | None
    items: tuple[UUID, ...]
    claims: tuple[UUID, ...]
    withdrawn: tuple[UUID, ...]
    """Evidence in it that was withdrawn or retracted since. Do not cite it."""
    commentary: dict[str, Any]
    """What was said to its questions, by their names; for those who work on the enquiry."""


class ReportsShown(Struct, frozen=True):
    """Every report, oldest first."""

    reports: tuple[ReportShown, ...]


def reports(s: Enquiry, look: Look) -> ReportsShown:
    """What was reported, to whom, and what of it still stands."""
    known = s.reports.reports
    inside = look.has(*GROUP)
    later = {one.corrects: id_ for id_, one in known.items() if one.corrects is not None}
    return ReportsShown(
        tuple(_shown(s, id_, one, later.get(id_), inside=inside) for id_, one in known.items())
    )


def _shown(
    s: Enquiry, id_: UUID, one: Report, corrected_by: UUID | None, *, inside: bool
) -> ReportShown:
    return ReportShown(
        id_,
        one.kind,
        one.by,
        one.at,
        one.revision,
        one.cycle,
        one.corrects,
        corrected_by,
        one.published,
        one.items,
        one.claims,
        tuple(item for item in one.items if item not in s.items or not s.items[item].stands),
        dict(one.commentary) if inside else {},
    )
