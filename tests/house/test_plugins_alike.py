"""Whoever has read one plug-in finds their way in the next: names, contents, sections, imports."""

import ast
import re
from pathlib import Path

import pytest
from tests.house.test_house_rules import FILE_LINES_MAX
from tests.house.tree import ROOT, modules, named, nodes, parsed, plugins, tracked

import enquiry

NAMES = ("chart", "state", "forms", "rules", "warnings", "acts", "shown", "views", "method")
"""What a plug-in is made of, in the order in which it is read; each a file or a folder."""
BESIDE = {"__init__.py", "catalogues", "py.typed"}

_ADDING = ROOT / "docs/adding-a-method.md"
PAGE = (
    "Who takes part",
    "How it goes",
    "Commands",
    "When consent is withdrawn",
    "Remarks",
    "Who reads what",
)
SHOWN = ("Conditions", "Rows", "Read models")
FIRST, LAST = "Somebody joins, leaves, or withdraws", "What is remarked, and who sees what"
"""How the moves of every method begin and end; in between stand its own parts."""

PUBLIC = ("enquiry.kernel", "enquiry.method")
PURE = {
    "collections",
    "datetime",
    "enum",
    "itertools",
    "msgspec",
    "typing",
    "uuid",
    "zoneinfo",
}
"""What a method needs besides the contract: values, and nothing that reads or writes."""

each = pytest.mark.parametrize("plugin", plugins())


def _children(package: Path) -> set[str]:
    """What stands in a package at its top level, as far as it is committed."""
    inside = (path for path in tracked() if path.is_relative_to(package))
    return {path.relative_to(package).parts[0] for path in inside}


def strays(children: set[str]) -> list[str]:
    """What a package has too much, and what it lacks or has twice."""
    own = [name.removesuffix(".py") for name in children - BESIDE]
    return sorted({*own} ^ {*NAMES}) + sorted(name for name in {*own} if own.count(name) > 1)


@each
def test_a_plug_in_has_the_nine_names_and_no_other(plugin: str) -> None:
    children = _children(plugins()[plugin])
    assert strays(children) == []
    assert {"__init__.py", "py.typed"} <= children


def test_a_name_too_much_too_little_or_twice_would_be_found() -> None:
    whole = {"__init__.py", "forms", *(f"{name}.py" for name in NAMES if name != "forms")}
    assert strays(whole) == []
    assert strays(whole | {"moves"}) == ["moves"]
    assert strays(whole - {"acts.py"}) == ["acts"]
    assert strays(whole | {"forms.py"}) == ["forms"]


@each
def test_a_name_is_a_folder_only_where_one_file_would_be_too_long(plugin: str) -> None:
    for name in NAMES:
        folder = plugins()[plugin] / name
        inside = [path for path in modules("plugins") if path.is_relative_to(folder)]
        lines = sum(len(path.read_bytes().splitlines()) for path in inside)
        assert not inside or lines > FILE_LINES_MAX, f"{named(folder)} has {lines} lines"


def contents(package: Path) -> str:
    """The docstring of a package without its first line, which names the method."""
    return (ast.get_docstring(parsed(package / "__init__.py")) or "").partition("\n")[2]


def test_every_plug_in_opens_with_the_same_contents() -> None:
    [said] = {contents(package) for package in plugins().values()}
    assert tuple(re.findall(r"^``(\w+)`` +\S", said, re.MULTILINE)) == NAMES


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("ARCHITECTURE.md", r"^\| `plugins/.*"),
        ("docs/adding-a-method.md", r"^\| Name \|.*\n(?:\|.*\n)+"),
    ],
)
def test_whoever_adds_a_method_is_told_the_names(page: str, table: str) -> None:
    said = re.search(table, (ROOT / page).read_text(), re.MULTILINE)
    assert said is not None
    assert tuple(re.findall(r"`([a-z]+)`", said[0])) == NAMES


def test_what_is_told_of_each_name_is_what_the_contents_say() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", _ADDING.read_text(), re.MULTILINE))
    [said] = {contents(package) for package in plugins().values()}
    assert dict(re.findall(r"^``(\w+)`` +(.+)$", said, re.MULTILINE)) == {n: told[n] for n in NAMES}


def sections(text: str, mark: str = "##") -> tuple[str, ...]:
    """The headings that are marked so, in their order; drawings and programs have none."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return tuple(re.findall(rf"^{mark} ([A-Z].*)$", plain, re.MULTILINE))


@each
def test_the_page_of_a_plug_in_has_the_same_sections(plugin: str) -> None:
    assert sections((ROOT / "plugins" / plugin / "README.md").read_text()) == PAGE


def test_sections_in_another_order_would_be_found() -> None:
    assert sections("# A\n\n## B\n\n### C\n\n```\n## D\n```\n\n## E\n") == ("B", "E")
    assert sections("".join(f"## {one}\n" for one in reversed(PAGE))) != PAGE


@each
def test_who_reads_what_is_said_in_the_same_order(plugin: str) -> None:
    assert sections((plugins()[plugin] / "shown.py").read_text(), "#") == SHOWN


@each
def test_the_moves_begin_and_end_in_the_same_way(plugin: str) -> None:
    package = plugins()[plugin]
    [file] = [f for f in (package / "method.py", package / "method/__init__.py") if f.exists()]
    first, *parts, last = sections(file.read_text(), "#")
    assert (first, last) == (FIRST, LAST)
    assert parts


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        assert node.module is not None
        return [f"{node.module}.{one.name}" for one in node.names]
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def closed(name: str, package: str) -> bool:
    """Whether a plug-in has no business with what it imports."""
    first, _, rest = name.partition(".")
    if first == "enquiry":
        # Either one of the names that the front page gives, or from a room that is public.
        front = rest in enquiry.__all__
        return not front and not f"{name}.".startswith(tuple(f"{room}." for room in PUBLIC))
    return first != package and first not in PURE


@each
def test_a_plug_in_imports_the_public_contract_alone(plugin: str) -> None:
    package = plugins()[plugin]
    files = [path for path in modules("plugins") if path.is_relative_to(package)]
    found = [
        f"{named(path)}: {name}"
        for path in files
        for node in nodes(path)
        for name in _imported(node)
        if closed(name, package.name)
    ]
    assert found == []


@pytest.mark.parametrize(
    "name",
    ["enquiry.runtime.act", "enquiry.log", "enquiry_other.forms", "os.path", "asyncio", "time"],
)
def test_an_import_from_elsewhere_would_be_found(name: str) -> None:
    assert closed(name, "enquiry_own")


@pytest.mark.parametrize(
    "name", ["enquiry.Builder", "enquiry.kernel.run", "enquiry.method.ctx.Ctx", "enquiry_own.forms"]
)
def test_the_public_contract_is_open(name: str) -> None:
    assert not closed(name, "enquiry_own")
