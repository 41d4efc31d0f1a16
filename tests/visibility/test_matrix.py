"""The matrix of who sees what agrees with the requirement, and every method with the matrix."""

import re

import pytest
from msgspec.structs import replace
from tests.house.tree import SHARED
from tests.visibility.matrix import Object, asked, differences, matrix

from enquiry.method.codes import Audience
from enquiry.method.method import Method, Show
from enquiry.method.roles import LEADERS
from enquiry.runtime.start import installed

TOLD = matrix()
METHODS: dict[str, Method] = {c.method.id: c.method for c in installed().methods.values()}
DOMAIN = SHARED / "domain.md"
HEADINGS = {
    "Author": "author",
    "Same run group": "group",
    "Run lead": "lead",
    "Enquiry member, other school": "enquiry",
    "Facilitator": "facilitator",
    "Head/leader of that school": "leader",
    "Line manager": "manager",
    "CPD lead": "coordinator",
    "Platform admin": "operator",
}
"""The columns of the requirement, and ours."""


# The matrix and the requirement


def required(page: str) -> dict[str, dict[str, str]]:
    """The table of 4.1: cells by line and column, those that grant nothing left out."""
    table = page.partition("### 4.1")[2].partition("### 4.2")[0]
    rows = [line.strip().strip("|").split("|") for line in table.splitlines() if line[:1] == "|"]
    heads, _, *lines = [[cell.strip() for cell in row] for row in rows]
    return {
        line[0]: {
            HEADINGS[head]: cell
            for head, cell in zip(heads[1:], line[1:], strict=True)
            if cell != "–"
        }
        for line in lines
    }


def sign(line: str, column: str) -> str:
    """What a cell of the requirement comes to: R, W, # or nothing."""
    cell = TOLD.lines[line].get(column, "")
    if cell.startswith(("#", "distribution", "aggregate")):
        return "#"
    return "W" if re.search(r"\bW\b", cell) else "R" if cell else ""


@pytest.mark.skipif(not DOMAIN.exists(), reason="the requirement is not beside this checkout")
def test_the_lines_of_the_matrix_are_those_of_the_requirement() -> None:
    assert TOLD.lines == required(DOMAIN.read_text("utf-8"))


def test_every_line_is_an_object_or_is_awaited() -> None:
    held = {one.line for one in TOLD.objects if one.line}
    held |= {model.line for models in TOLD.views.values() for model in models.values()} - {""}
    held |= {"Warning about a person"}
    assert held | TOLD.awaited.keys() == TOLD.lines.keys()
    assert held & TOLD.awaited.keys() == set()


@pytest.mark.parametrize("line", TOLD.awaited)
def test_a_line_that_is_awaited_waits_for_a_method_that_is_not_there(line: str) -> None:
    method = TOLD.awaited[line]
    assert method not in METHODS, f"{method} is installed: say which of its facts are: {line}"
    pytest.skip(f"{line}: nothing of it is built before there is {method}")


def beyond(one: Object) -> list[str]:
    """Columns of the requirement that an object lets read and its line does not."""
    required_of = set(HEADINGS.values()) & one.grants().keys()
    return sorted(column for column in required_of if sign(one.line, column) not in ("R", "W"))


def missing(one: Object) -> list[str]:
    """Columns that its line lets read and an object does not. A lead takes part, too; managers
    read what staff read; numbers stand in a view."""
    seen = one.grants()
    found = {c for c in TOLD.lines[one.line] if sign(one.line, c) in ("R", "W")} - seen.keys()
    found -= {"author", "manager"} | ({"lead"} if "group" in seen else set[str]())
    return sorted(found - one.short.keys())


LINED = [one for one in TOLD.objects if one.line]


@pytest.mark.parametrize("one", LINED, ids=lambda one: one.name)
def test_an_object_is_for_those_of_its_line_and_for_no_one_else(one: Object) -> None:
    assert beyond(one) == sorted(one.beyond)
    assert missing(one) == []
    assert one.short.keys() & one.grants().keys() == set()


@pytest.mark.parametrize("one", LINED, ids=lambda one: one.name)
def test_whoever_gets_numbers_has_a_view_for_them(one: Object) -> None:
    counting = {column for column in TOLD.lines[one.line] if sign(one.line, column) == "#"}
    for method in one.of if counting and not isinstance(one.of, str) else ():
        assert counting - one.short.keys() <= {*TOLD.views[method][one.numbers].numbers}


def test_everything_that_is_said_is_about_columns_that_there_are() -> None:
    said = {column for one in TOLD.objects for column in (*one.grants(), *one.short)}
    said |= {c for models in TOLD.views.values() for m in models.values() for c in m.to}
    said |= {column for roles in TOLD.methods.values() for column in roles.values()}
    said |= {*TOLD.circles.values(), *(c for cells in TOLD.lines.values() for c in cells)}
    assert said <= TOLD.viewers.keys()


def test_nobody_reads_by_managing_by_operating_or_from_outside() -> None:
    closed = {"manager", "operator", "stranger", "nobody"}
    assert [one.name for one in TOLD.objects if closed & one.grants().keys()] == []
    asked_for = [m for models in TOLD.views.values() for m in models.values()]
    assert [model for model in asked_for if closed & {*model.to}] == []


# The methods and the matrix


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_is_installed_stands_in_the_matrix(method: str) -> None:
    roles = {role.name for role in METHODS[method].roles}
    assert method in TOLD.methods, f"say in which columns the roles of {method} stand: {roles}"
    assert TOLD.methods[method].keys() == roles


KNOWN = [name for name in METHODS if name in TOLD.methods]


@pytest.mark.parametrize("method", KNOWN)
def test_the_rows_of_a_method_grant_what_the_matrix_promises_and_nothing_more(method: str) -> None:
    assert list(differences(TOLD, METHODS[method])) == []


@pytest.mark.parametrize("method", KNOWN)
def test_views_are_for_those_whom_the_matrix_names(method: str) -> None:
    promised = TOLD.models(METHODS[method])
    there = TOLD.columns(method)
    found = {view.name: asked(TOLD, METHODS[method], view) for view in METHODS[method].views}
    assert {name: (sorted(m.to), m.condition, m.without) for name, m in found.items()} == {
        name: (sorted({*m.to} & there), m.condition, m.without) for name, m in promised.items()
    }


def test_every_object_is_recorded_by_a_method() -> None:
    runs = {name for name, method in METHODS.items() if method.stream == "run"}
    for one in TOLD.objects:
        methods = runs if one.of == "runs" else {*one.of}
        recorded = {fact for name in methods & METHODS.keys() for fact in METHODS[name].facts}
        assert {*one.facts} <= recorded or not methods & METHODS.keys(), one.name


def test_every_audience_of_warnings_is_told() -> None:
    assert TOLD.warnings.keys() == {*Audience}


# That these tests can fail


def test_a_row_too_many_is_found() -> None:
    method = METHODS["learning-walk"]
    note = method.facts["learning-walk/note-recorded"]
    more = replace(method, shows=(*method.shows, Show(note, (LEADERS,), today=True)))
    [said] = differences(TOLD, more)
    assert said == (
        "learning-walk: learning-walk/note-recorded: a row lets leader read it, which no cell"
        " allows: now"
    )


def test_a_row_too_few_is_found() -> None:
    method = METHODS["peer-triad"]
    topic = method.facts["peer-triad/topic-set"]
    fewer = tuple(row for row in method.shows if row.fact is not topic or row.today)
    [said] = differences(TOLD, replace(method, shows=fewer))
    assert (
        said == "peer-triad: peer-triad/topic-set: group is promised it, and no row grants it: then"
    )


def test_a_condition_that_is_dropped_is_found() -> None:
    method = METHODS["learning-walk"]
    open_ = tuple(replace(row, when=None) for row in method.shows)
    found = list(differences(TOLD, replace(method, shows=open_)))
    assert any("note-recorded: a row lets host read it" in said for said in found)


def test_a_fact_that_no_object_holds_is_found() -> None:
    method = METHODS["learning-walk"]
    odd = replace(method, facts={**method.facts, "learning-walk/odd": method.facts["run/planned"]})
    assert any("no object holds learning-walk/odd" in said for said in differences(TOLD, odd))


def test_an_object_wider_than_its_line_is_found() -> None:
    [notes] = [one for one in TOLD.objects if one.name == "Notes of a visit"]
    assert beyond(replace(notes, seen={**notes.seen, "leader": "now"})) == ["leader"]
    assert missing(replace(notes, seen={})) == ["group", "lead"]
