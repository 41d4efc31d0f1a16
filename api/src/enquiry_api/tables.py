"""Views of an enquiry as tables, and tables as CSV and as workbooks that calculate nothing."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from msgspec import Struct

from enquiry.kernel.pictures.paper import plain, said

CSV = b"text/csv; charset=utf-8; header=present"
XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what programs begin a formula; the wide forms as well, which some of them fold."""
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - no instant: the same content is the same file
_WIDE = 48
_SHEET_NAME_MAX = 31

Cell = str | float | None


class Table(Struct, frozen=True):
    """A table: its columns by name, and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def harmless(cell: Cell) -> Cell:
    """A cell that no program takes for a formula: what could be one begins with an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_STARTS):
        return f"'{cell}"
    return cell


def as_csv(tables: Iterable[Table]) -> bytes:
    """Tables below one another, a blank line between them; UTF-8 with a mark, lines end in CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for number, table in enumerate(tables):
        if number:
            writer.writerow(())
        writer.writerow((harmless(table.title),))
        writer.writerow(tuple(map(harmless, table.columns)))
        writer.writerows(tuple(map(harmless, row)) for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(tables: Iterable[Table]) -> bytes:
    """A sheet for each table. Whatever people wrote is text: no formula, no link."""
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _MADE})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for table in tables:
        sheet = book.add_worksheet(table.title[:_SHEET_NAME_MAX])
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, head)
            longest = max((len(str(row[column] or "")) for row in table.rows), default=0)
            sheet.set_column(column, column, min(_WIDE, max(len(name), longest, 8) + 2))
        for line, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, line, column, cell, body)
    book.close()
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, cell: Cell, form: Any) -> None:
    if cell is None:
        sheet.write_blank(line, column, None, form)
    elif isinstance(cell, str):
        sheet.write_string(line, column, cell, form)
    else:
        sheet.write_number(line, column, cell, form)


# From views


def _heading(code: str) -> str:
    return plain(code).capitalize()


def overviews(view: Mapping[str, Any]) -> tuple[Table, ...]:
    """A table for each overview: a row for each school, then what the group agreed."""
    made: list[Table] = []
    for one in view["overviews"]:
        names = list(dict.fromkeys(name for row in one["rows"] for name in row["cells"]))
        rows = [
            (said(row["name"]), *(_words(row["cells"].get(name)) for name in names))
            for row in one["rows"]
        ]
        agreed = [
            (f"Agreed: {plain(name).removeprefix('agreed ')}", "; ".join(map(said, words)))
            for name, words in one["group"].items()
        ]
        columns = ("School", *(map(_heading, names) if names else ("Agreed",)))
        wide = len(columns)
        filled = ((*row, *(None,) * (wide - len(row))) for row in (*rows, *agreed))
        made.append(Table(f"{_heading(one['form'])} overview", columns, tuple(filled)))
    return tuple(made)


def _words(value: Any) -> str | None:
    return None if value is None else said(value)


def measures(view: Mapping[str, Any]) -> tuple[Table, ...]:
    """A row for each baseline and reading."""
    rows = [
        (
            said(one["name"]),
            plain(one["level"]),
            one["unit"],
            what if not point["final"] else "final reading",
            point["on"],
            None if point["value"] is None else float(point["value"]),
            None if point["distance"] is None else float(point["distance"]),
        )
        for one in view["measures"]
        for what, points in (("baseline", one["baselines"]), ("reading", one["readings"]))
        for point in points
    ]
    columns = ("Measure", "Level", "Unit", "What", "Day", "Value", "Distance from the baseline")
    return (Table("Measures", columns, tuple(rows)),)


def evidence(view: Mapping[str, Any]) -> tuple[Table, ...]:
    """How much there is of each sort, and where there is none."""
    rows = [
        (plain(c["level"]), plain(c["respondents"]), plain(c["collection_method"]), c["count"])
        for c in view["cells"]
    ]
    rows += [(plain(h["level"]), plain(h["respondents"]), None, 0) for h in view["holes"]]
    return (Table("Evidence", ("Level", "Whose view", "Gathered by", "Pieces"), tuple(rows)),)


def progress(view: Mapping[str, Any]) -> tuple[Table, ...]:
    """A row for each item of each round; no numbers where too few responded."""
    answers = ("Strongly agree", "Agree", "Undecided", "Disagree", "Strongly disagree")
    rows = [
        (plain(one["phase"]), one["cycle"], item["statement"], *(item["counts"] or (None,) * 5))
        for one in view["rounds"]
        for item in one["items"]
    ]
    return (Table("Progress", ("Phase", "Cycle", "Statement", *answers), tuple(rows)),)


def disseminations(view: Mapping[str, Any]) -> tuple[Table, ...]:
    """A row for each telling; one for what was agreed and not told yet."""
    rows: list[tuple[Cell, ...]] = []
    for one in view["items"]:
        agreed = said(one["audience"]), said(one["channel"]), one["planned"]
        rows += [
            (*agreed, told["on"], _words(told["artefact"]), plain(told["consent_basis"]))
            for told in one["told"]
        ] or [(*agreed, None, None, None)]
    columns = ("Audience", "Channel", "Planned for", "Told on", "Artefact", "Basis of consent")
    return (Table("Dissemination", columns, tuple(rows)),)


TABLES: Mapping[str, Callable[[Mapping[str, Any]], tuple[Table, ...]]] = {
    "overviews": overviews,
    "measures": measures,
    "evidence-matrix": evidence,
    "progress": progress,
    "disseminations": disseminations,
}
"""By the name of the view."""
