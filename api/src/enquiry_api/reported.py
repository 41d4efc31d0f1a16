"""A report as a document: its commentary, and what the views told at its snapshot.

What is in it is what its reader may see today: what was withdrawn since is missing, and marked.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from msgspec import Struct

from enquiry.kernel.pictures.drawn import PICTURES
from enquiry.kernel.pictures.paper import plain, said
from enquiry_api.pages import page
from enquiry_api.tables import TABLES, Table

PARTS: Mapping[str, tuple[str, ...]] = {
    "phase": ("progress", "overviews", "measures"),
    "impact": ("overviews", "claims", "measures", "evidence-matrix"),
    "dissemination": ("claims", "measures", "disseminations"),
    "funder": ("measures", "claims", "overviews", "disseminations"),
}
"""Which views are in a report, by its kind; of each, what its reader may see. Source: 2.18."""
_TITLES = {
    "progress": "Where the group sees itself",
    "overviews": "Overviews",
    "measures": "Measures",
    "evidence-matrix": "Evidence",
    "claims": "Claims of impact",
    "disseminations": "Who was told",
}
_QUESTIONS = {
    "where_we_are": "Where are we?",
    "most_progress": "Where is most progress?",
    "next_priority": "What is the next priority?",
    "data_says": "What does the data say about impact?",
    "journey": "How well is our journey recorded?",
    "where_to_focus": "Where to focus, for more impact?",
}
WITHDRAWN = (
    "Something that this report once held was withdrawn since. It is no longer in it;"
    " do not cite it from an earlier copy."
)
CORRECTED = "There is a later version that corrects this report."
UNSEEN = "A part of this report is not shown to you."


class Part(Struct, frozen=True, kw_only=True):
    """A part of the document."""

    title: str
    words: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    picture: str | None = None
    """As SVG; it says in words what it shows."""


class Document(Struct, frozen=True):
    """A report, ready to be set."""

    title: str
    facts: tuple[str, ...]
    """When and what for."""
    marks: tuple[str, ...]
    """What its readers must know before anything else."""
    parts: tuple[Part, ...]


def document(
    title: str, report: Mapping[str, Any], views: Mapping[str, Mapping[str, Any] | None]
) -> Document:
    """Put a report together.

    Args:
        title: of the enquiry.
        report: as the view of reports shows it to this reader.
        views: by name, as this reader may see each of them at the snapshot; ``None``: not at all.
    """
    # Beyond the group only the month is told, and no school by its name (4.5).
    public = report["published"] == "public"
    marks = [WITHDRAWN] if report["withdrawn"] else []
    marks += [CORRECTED] if report["corrected_by"] is not None else []
    marks += [UNSEEN] if None in views.values() else []
    day = report["at"][: 7 if public else 10]
    facts = (f"{plain(report['kind']).capitalize()} report", f"Cycle {report['cycle']}", day)
    said_ = tuple(
        Part(title=_QUESTIONS[name], words=(said(words),))
        for name, words in report["commentary"].items()
    )
    told = tuple(_part(name, view, public=public) for name, view in views.items() if view)
    return Document(title, facts, tuple(marks), (*said_, *told))


def _part(name: str, view: Mapping[str, Any], *, public: bool) -> Part:
    words = _claims(view) if name == "claims" else ()
    tables = TABLES[name](_unnamed(name, view) if public else view) if name in TABLES else ()
    tables = tuple(_by_month(table) for table in tables) if public else tables
    picture = PICTURES[name](view) if name in PICTURES and not public else None
    return Part(title=_TITLES[name], words=words, tables=tables, picture=picture)


def _claims(view: Mapping[str, Any]) -> tuple[str, ...]:
    told: list[str] = []
    for one in view["claims"]:
        if one["superseded"]:
            continue
        tests = ", ".join(
            f"{test} {one[test]}"
            for test in ("validity", "triangulation", "reliability")
            if one[test] is not None
        )
        base = "" if one["supported"] else " It rests on nothing any longer."
        level = f"{plain(one['level']).capitalize()} level, {plain(one['direction'])}"
        told.append(f"{level}: {said(one['statement'])} ({tests or 'not tested'}).{base}")
    return tuple(told) or ("Nothing is claimed.",)


def _unnamed(name: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Overviews whose schools are numbers."""
    if name != "overviews":
        return view
    rows = [row for one in view["overviews"] for row in one["rows"]]
    numbers = {row["school"]: f"School {n}" for n, row in enumerate(_first(rows), 1)}
    return {
        **view,
        "overviews": [
            {**one, "rows": [{**row, "name": numbers[row["school"]]} for row in one["rows"]]}
            for one in view["overviews"]
        ],
    }


def _first(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({row["school"]: row for row in rows}.values())


_DAYS = frozenset({"Day", "Planned for", "Told on"})


def _by_month(table: Table) -> Table:
    """Days as months."""
    dated = {number for number, name in enumerate(table.columns) if name in _DAYS}
    rows = tuple(
        tuple(
            cell[:7] if number in dated and isinstance(cell, str) else cell
            for number, cell in enumerate(row)
        )
        for row in table.rows
    )
    return Table(table.title, table.columns, rows)


# As a page


def as_page(told: Document, lang: str = "en") -> bytes:
    """A page to read and to print: headings, tables with their heads, pictures that have words."""
    say: Callable[[str], str] = escape
    body = f"<h1>{say(told.title)}</h1><p>{say(' · '.join(told.facts))}</p>"
    body += "".join(f'<p role="note"><strong>{say(mark)}</strong></p>' for mark in told.marks)
    return page(told.title, body + "".join(map(_section, told.parts)), lang)


def _section(part: Part) -> str:
    words = "".join(f"<p>{escape(one)}</p>" for one in part.words)
    tables = "".join(map(_table, part.tables))
    return f"<section><h2>{escape(part.title)}</h2>{words}{part.picture or ''}{tables}</section>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(shown(cell))}</td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    return (
        f"<table><caption>{escape(table.title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def shown(cell: Any) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{cell:g}"
