"""A report as a document: what is marked, what is left out, what is told beyond the group."""

from typing import Any

from enquiry_api.reported import CORRECTED, PARTS, UNSEEN, WITHDRAWN, as_page, document
from enquiry_api.tables import overviews

REPORT: dict[str, Any] = {
    "kind": "funder",
    "cycle": 1,
    "at": "2027-03-01T10:00:00Z",
    "published": None,
    "withdrawn": [],
    "corrected_by": None,
    "commentary": {},
}
ROWS: list[dict[str, Any]] = [
    {"school": "a", "name": "Ashlow", "cells": {"individual_priority": "Short answers"}},
    {"school": "b", "name": "Beck Road", "cells": {}},
]
OVERVIEWS: dict[str, Any] = {
    "overviews": [
        {
            "form": "implementation",
            "rows": ROWS,
            "group": {"agreed_collective_focus": ["Cause and effect"]},
        }
    ]
}
TOLD: dict[str, Any] = {
    "items": [
        {
            "audience": "Dunmere",
            "channel": "A twilight",
            "planned": "2027-03-09",
            "told": [
                {"on": "2027-03-10", "artefact": None, "consent_basis": "nobody_identifiable"}
            ],
        }
    ]
}
VIEWS: dict[str, Any] = {"overviews": OVERVIEWS, "disseminations": TOLD}


def page(**changes: Any) -> str:
    return as_page(document("Cause", {**REPORT, **changes}, VIEWS)).decode()


def test_a_report_without_marks_has_none() -> None:
    assert document("Cause", REPORT, VIEWS).marks == ()


def test_what_was_withdrawn_corrected_or_is_not_shown_is_said_first() -> None:
    changed = {**REPORT, "withdrawn": ["x"], "corrected_by": "y"}
    told = document("Cause", changed, {**VIEWS, "measures": None})
    assert told.marks == (WITHDRAWN, CORRECTED, UNSEEN)
    assert [part.title for part in told.parts] == ["Overviews", "Who was told"]


def test_within_the_group_schools_and_days_are_told() -> None:
    said = page()
    assert "Beck Road" in said
    assert "2027-03-10" in said


def test_the_public_is_told_months_and_no_school() -> None:
    said = page(published="public")
    assert "Ashlow" not in said
    assert "School 2" in said
    assert "2027-03-" not in said
    assert "2027-03" in said


def test_every_kind_of_report_has_parts_of_its_own() -> None:
    assert set(PARTS) == {"phase", "impact", "dissemination", "funder"}
    assert all(PARTS.values())


def test_what_the_group_agreed_stands_below_the_rows_of_the_schools() -> None:
    (table,) = overviews(OVERVIEWS)
    assert table.columns == ("School", "Individual priority")
    assert table.rows[-1] == ("Agreed: collective focus", "Cause and effect")
    assert table.rows[1] == ("Beck Road", None)


def test_tables_on_the_page_have_heads_and_captions() -> None:
    said = page()
    assert "<caption>Implementation overview</caption>" in said
    assert '<th scope="col">School</th>' in said
