"""What the documents say is so: commands, paths, names, decisions, codes."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.house.tree import ROOT, SHARED, modules, named, nodes, parsed, plugins, strings, tracked

from enquiry.method.codes import STEPS, WARNINGS, Audience, Severity, Step
from enquiry_api.codes import EDGE

FRONT = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
DOMAIN = SHARED / "domain.md"
CODE = re.compile(r"[A-Z]{2,}(?:_[A-Z]+)+")


def pages() -> list[Path]:
    """Everything that people read, but for the history of changes and decisions."""
    past = ("CHANGELOG.md", "docs/adr/")
    return [p for p in tracked() if p.suffix == ".md" and not named(p).startswith(past)]


def _projects() -> Iterator[dict[str, dict[str, str]]]:
    """The entry points of every distribution, by group."""
    for path in tracked():
        if path.name == "pyproject.toml" and path.parent != ROOT:
            yield tomllib.loads(path.read_text())["project"].get("entry-points", {})


# Commands, settings, paths


def _strings(tree: ast.AST) -> set[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def words_of_run(*, brought: bool = True) -> set[str]:
    """What `run.py` itself understands, and the words that distributions bring."""
    [main] = [
        node
        for node in parsed(ROOT / "run.py").body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    ]
    compared = [node for node in ast.walk(main) if isinstance(node, ast.Compare)]
    own = {word for one in compared for word in _strings(one)}
    others = (points.get("enquiry.commands", {}) for points in _projects())
    return own.union(*others) if brought else own


def _commands(text: str) -> list[str]:
    return re.findall(r"python3 run\.py ([a-z][a-z-]*)", text)


@pytest.mark.parametrize("page", [*pages(), ROOT / ".ci" / "run", ROOT / "run.py"], ids=named)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    assert set(_commands(page.read_text())) - words_of_run() == set()


def test_whoever_contributes_is_told_every_command_of_the_checkout() -> None:
    own = {word for word in words_of_run(brought=False) if word.isalpha()} - {"help"}
    assert own - set(_commands((ROOT / "CONTRIBUTING.md").read_text())) == set()


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert _commands("`python3 run.py dance`") == ["dance"]
    assert "dance" not in words_of_run()
    assert {"test", "check", "serve"} <= words_of_run()


def test_the_first_screen_and_ci_run_the_same_tests() -> None:
    [first, *_] = re.split(r"^## ", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    assert _commands(first) == ["serve", "test", "demo"]
    assert _commands((ROOT / ".ci" / "run").read_text()) == ["check", "test"]
    assert {"check", "test"} <= set(_commands((ROOT / "CONTRIBUTING.md").read_text()))


def test_every_setting_that_code_reads_is_explained_and_no_other() -> None:
    name = re.compile(r"ENQUIRY_[A-Z]+(?:_[A-Z]+)*")
    read = {
        text
        for path in (*modules("core", "api", "plugins"), ROOT / "run.py")
        for text in strings(path)
        if name.fullmatch(text)
    }
    said = {found for page in pages() for found in name.findall(page.read_text())}
    assert "ENQUIRY_DATABASE_URL" in read
    assert said == read


_QUOTED = re.compile(r"(?<!`)`([^`\s]+)`(?!`)")
_PATH = re.compile(r"(?!/|\$|https?:)[\w.*-]*/[\w./*-]*|[\w-]+\.(?:md|py|toml|txt|sql|yaml)")
_MADE = (".venv", ".enquiry")
"""Folders that running makes."""
_ROOMS = ("", "docs", "tests", "core/src/enquiry", "api/src/enquiry_api")
"""Where a path that is named in passing may begin."""


def _paths(text: str) -> list[str]:
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [found for found in _QUOTED.findall(outside) if _PATH.fullmatch(found)]


def _stands(name: str) -> bool:
    if name.startswith(_MADE):
        return True
    if "/" not in name:
        return any(path.name == name for path in tracked())
    return any(any((ROOT / room).glob(name.rstrip("/"))) for room in _ROOMS)


@pytest.mark.parametrize("name", FRONT)
def test_every_path_that_a_page_names_exists(name: str) -> None:
    paths = _paths((ROOT / name).read_text())
    assert paths
    assert [path for path in paths if not _stands(path)] == []


def test_a_path_that_does_not_exist_would_be_found() -> None:
    assert _paths("see `docs/nothing.md`, `core/none/` and `/v1/runs`") == [
        "docs/nothing.md",
        "core/none/",
    ]
    assert not _stands("docs/nothing.md")
    assert _stands("docs/adr/")
    assert _stands("runtime/act.py")


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def _dotted(text: str) -> list[str]:
    return re.findall(r"`(enquiry(?:_\w+)?(?:\.\w+)+)(?:\(\))?`", text)


def _resolves(name: str) -> bool:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@pytest.mark.parametrize("page", pages(), ids=named)
def test_every_python_name_in_a_page_exists(page: Path) -> None:
    groups = {group for points in _projects() for group in points}
    names = [name for name in _dotted(page.read_text()) if name not in groups]
    assert [name for name in names if not _resolves(name)] == []


def test_a_python_name_that_does_not_exist_would_be_found() -> None:
    assert _dotted("`enquiry.method.nothing`, `enquiry_api.codes.EDGE`") == [
        "enquiry.method.nothing",
        "enquiry_api.codes.EDGE",
    ]
    assert not _resolves("enquiry.method.nothing")
    assert _resolves("enquiry_api.codes.EDGE")


def test_every_plug_in_has_the_files_that_architecture_names() -> None:
    row = re.search(r"^\| `plugins/.*$", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
    assert row is not None
    names = [name for name in _QUOTED.findall(row[0]) if re.fullmatch("[a-z]+", name)]
    assert {"state", "forms", "rules", "views", "method"} <= set(names)
    for package in plugins().values():
        there = {file.stem for file in package.iterdir()}
        missing = [name for name in names if name not in there]
        assert missing == [], named(package)


# Decisions

DECISIONS = sorted((ROOT / "docs/adr").glob("*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.name[:4])
def test_a_decision_says_why_what_and_what_follows(path: Path) -> None:
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", path.name)
    text = path.read_text()
    assert text.startswith(f"# {path.name[:4]} ")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d\. Status: \w+", text, re.MULTILINE)
    parts = re.findall(r"^\*\*(Context|Decision|Consequences)\.\*\* \S", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences"]


# Codes

UNDECLARED: set[str] = set()
"""Codes that are neither in the catalogue nor say at which step they are judged. To be mended."""
_NO_CODES = re.compile(r"(ENQUIRY|PG|LC|XDG)_\w+")
"""Variables of the environment, and a file of PostgreSQL."""
OUR_OWN = {"NOT_ACTIVE": Step.ACTOR}
"""Steps of the domain that have no code there."""


@cache
def _used() -> tuple[frozenset[str], frozenset[str]]:
    """Codes that stand as text in code, and those that name their step (or weight) there."""
    used: set[str] = set()
    declared: set[str] = set()
    for path in modules("core", "api", "plugins"):
        used |= {text for text in strings(path) if CODE.fullmatch(text)} - _names(parsed(path))
        for node in nodes(path):
            if isinstance(node, ast.Call) and node.args and _says_where(node):
                declared |= _strings(node.args[0])
    return frozenset(c for c in used if not _NO_CODES.fullmatch(c)), frozenset(declared)


def _says_where(node: ast.Call) -> bool:
    return not {"step", "severity"}.isdisjoint(k.arg for k in node.keywords if k.arg)


def _names(tree: ast.Module) -> set[str]:
    """Names that a module exports, which stand there as text, too."""
    lists = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    )
    return {name for one in lists for name in _strings(one)}


def test_every_code_that_is_used_is_in_the_catalogue_or_declared() -> None:
    used, declared = _used()
    assert {"IDENTIFYING_TEXT", "TEAM_NOT_FOUR", "PRECONDITION_REQUIRED"} <= used
    unknown = used - declared - STEPS.keys() - WARNINGS.keys() - EDGE.keys()
    assert unknown == UNDECLARED


def test_no_code_is_both_an_error_and_a_warning() -> None:
    assert STEPS.keys() & WARNINGS.keys() == set()


@pytest.fixture(scope="module")
def section() -> str:
    if not DOMAIN.exists():
        pytest.skip("../shared/domain.md is not there: the catalogue is NOT compared with it")
    return re.split(r"^## (?=\d)", DOMAIN.read_text(), flags=re.MULTILINE)[7]


_STEP_NAMES = {
    "1": Step.ENVELOPE,
    "3": Step.VISIBLE,
    "4": Step.ROLE,
    "5": Step.CONSENT,
    "6": Step.STAGE,
    "6b": Step.VERSION,
    "7": Step.FIELDS,
    "8": Step.DOMAIN,
}
_MARKS = {
    "": Audience.GROUP,
    "group without name": Audience.GROUP,
    "P": Audience.PERSON,
    "S": Audience.SCHOOL,
    "F": Audience.FACILITATOR,
    "author, moderators": Audience.AUTHOR,
    "author, moderator": Audience.AUTHOR,
}
_WEIGHTS = {"I": Severity.INFO, "C": Severity.CAUTION, "G": Severity.GATE}


def test_every_error_stands_at_the_step_that_the_domain_gives(section: str) -> None:
    _, errors, _ = re.split(r"^### 6\.\d ", section, flags=re.MULTILINE)
    found = re.findall(r"`([A-Z_]+)` \((\d+b?)[,;)]", errors)
    assert len(found) == len(dict(found)) == errors.count("` (")
    assert {code: _STEP_NAMES[step] for code, step in found} == {
        code: step for code, step in STEPS.items() if code not in OUR_OWN
    }
    assert {code: STEPS[code] for code in OUR_OWN} == OUR_OWN


def test_every_warning_has_the_weight_and_audience_that_the_domain_gives(section: str) -> None:
    _, _, warnings = re.split(r"^### 6\.\d ", section, flags=re.MULTILINE)
    found = re.findall(r"`([A-Z_]+)` \[([ICG])(?::[G\d,]+)?\](?:\(([^)]*)\))?", warnings)
    assert len(found) == warnings.count("` [")
    assert {code: (_WEIGHTS[w], _MARKS[mark]) for code, w, mark in found} == WARNINGS
