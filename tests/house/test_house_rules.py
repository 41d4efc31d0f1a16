"""What CONTRIBUTING asks of every file, as far as a program can see it."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.tree import ROOT, modules, named, nodes, parsed, plugins, tracked, written

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400

LONG_FILES: dict[str, int] = {
    "tests/method/walk.py": 484,
    "tests/method/zoo.py": 649,
}
"""Lines of files that were too long when the rule was made. They may only become shorter."""

LONG_FUNCTIONS: dict[str, int] = {}
"""The same for functions, as ``path:name``."""

NO_MODULES = re.compile(r"(utils?|helpers?|common|services?|managers?)(\.py)?")

# Written in parts, so that this file does not hold what it looks for.
_INDEXES = ("pypi" + ".org", "python" + "hosted", "npmjs" + ".", "deb.debian" + ".")
_PLACES = ("wo" + "rk", "fa" + "rm", "ro" + "ot", "tm" + "p", "ho" + "me", "Us" + "ers")
_WORDS = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "WI" + "P")
NEVER = {
    "a package index": re.compile("|".join(map(re.escape, _INDEXES))),
    "a path of some machine": re.compile(rf"(?<![\w.~$}}/-])/({'|'.join(_PLACES)})/"),
    "a word for what is not done": re.compile(rf"\b({'|'.join(_WORDS)})\b"),
}
LINKED = re.compile(r"https?://(?!127\.0\.0\.1|localhost)\S+")


def _lines(path: Path) -> int:
    return len(path.read_bytes().splitlines())


def _functions() -> dict[str, int]:
    """The lines of each; of several with one name in a file, the longest."""
    found: dict[str, int] = {}
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                name, lines = f"{named(path)}:{node.name}", node.end_lineno - node.lineno + 1
                found[name] = max(lines, found.get(name, 0))
    return found


def _judged(found: dict[str, int], most: int, known: dict[str, int]) -> list[str]:
    """What is too long, and what the list of exceptions says of it that is no longer so."""
    wrong = [
        f"{name} has {lines} lines; at most {known.get(name, most)}"
        for name, lines in found.items()
        if lines > known.get(name, most)
    ]
    for name, lines in known.items():
        if (now := found.get(name, 0)) < lines:
            said = f"say {now}" if now > most else "take it out of the list"
            wrong.append(f"{name} has become shorter than {lines} lines: {said}")
    return wrong


def test_no_file_is_too_long() -> None:
    found = {named(path): _lines(path) for path in modules()}
    assert _judged(found, FILE_LINES_MAX, LONG_FILES) == []


def test_no_function_is_too_long() -> None:
    assert _judged(_functions(), FUNCTION_LINES_MAX, LONG_FUNCTIONS) == []


@pytest.mark.parametrize(
    ("lines", "wrong"), [(9, 0), (10, 0), (11, 1), (0, 0)], ids=["short", "just", "long", "none"]
)
def test_more_than_the_most_is_too_long(lines: int, wrong: int) -> None:
    assert len(_judged({"a.py": lines}, 10, {})) == wrong


@pytest.mark.parametrize(
    ("lines", "wrong"), [(15, 0), (16, 1), (14, 1), (10, 1)], ids=["same", "more", "less", "right"]
)
def test_an_exception_can_only_shrink_and_must_say_so(lines: int, wrong: int) -> None:
    assert len(_judged({"a.py": lines}, 10, {"a.py": 15})) == wrong


def test_no_file_or_folder_is_a_drawer_for_anything() -> None:
    parts = {part for path in tracked() for part in Path(named(path)).parts}
    assert [part for part in sorted(parts) if NO_MODULES.fullmatch(part)] == []


@pytest.mark.parametrize("what", NEVER)
def test_no_line_names(what: str) -> None:
    # An address that somebody is to follow may hold any path.
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, number, line in written()
        if NEVER[what].search(LINKED.sub("", line) if "path" in what else line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a package index", f"--index-url https://{_INDEXES[0]}/simple"),
        ("a path of some machine", f"open('/{_PLACES[0]}/main/x')"),
        ("a path of some machine", f"see /{_PLACES[4]}/somebody/x"),
        ("a word for what is not done", f"# {_WORDS[0]}: later"),
    ],
)
def test_what_no_line_may_name_would_be_found(what: str, line: str) -> None:
    assert NEVER[what].search(line)


def test_the_checkout_does_not_name_the_folder_it_stands_in() -> None:
    here = re.compile(rf"(?<!\w){re.escape(str(ROOT))}/")
    assert [f"{path}:{number}" for path, number, line in written() if here.search(line)] == []


def test_no_lock_file_with_addresses_is_committed() -> None:
    assert "uv.lock" not in {path.name for path in tracked()}


def test_every_module_says_what_it_is() -> None:
    silent = [named(path) for path in modules() if not ast.get_docstring(parsed(path))]
    assert silent == []


CLOCKS = {
    "api/src/enquiry_api/clock.py",
    "api/src/enquiry_api/identity.py",
    "api/src/enquiry_api/live.py",
    "core/src/enquiry/log/recorder.py",
    "core/src/enquiry/runtime/system.py",
}
"""Where the time of day is read: at the very edges. Everything else is told what time it is."""
_TIMES = {f"datetime.{name}" for name in ("now", "utcnow", "today")} | {
    "date.today",
    "time.time",
    "time.time_ns",
}


def test_nothing_but_the_edges_reads_the_clock() -> None:
    read = {
        named(path)
        for path in modules("core", "api", "plugins")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in _TIMES
    }
    assert read == CLOCKS


def _said(path: Path) -> Iterator[str]:
    """Texts in the code of a file, but for its docstrings."""
    told = {
        node.value
        for node in nodes(path)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            yield node.value


def test_the_core_and_the_edge_know_no_method_by_name() -> None:
    packages = _methods()
    ids = [importlib.import_module(f"{package}.method").METHOD.id for package in packages]
    assert ids
    found = [
        f"{named(path)}: {text}"
        for path in modules("core", "api")
        for text in _said(path)
        if any(name in text for name in (*ids, *packages))
    ]
    assert found == []


PURE = ("enquiry.method", "enquiry.kernel")
OPEN = ("enquiry", "msgspec", "pluggy")
"""What the contract may stand on, besides the standard library."""
_ALONE = """
import importlib, importlib.abc, pkgutil, sys

class Closed(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first not in {open!r} and first not in sys.stdlib_module_names:
            if not first.startswith("_sysconfigdata"):
                raise ModuleNotFoundError(f"{{name}} is closed", name=name)

sys.meta_path.insert(0, Closed())
names = []
for name in {packages!r}:
    package = importlib.import_module(name)
    names += [found.name for found in pkgutil.walk_packages(package.__path__, name + ".")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def _alone(packages: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Import packages whole, in a Python of their own to which every other door is closed."""
    program = _ALONE.format(packages=packages, open=(*OPEN, *packages))
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def _methods() -> tuple[str, ...]:
    return tuple(package.name for package in plugins().values())


@pytest.mark.parametrize(
    "packages", [PURE, _methods()], ids=["the contract and the kernel", "every method"]
)
def test_what_is_replayed_imports_no_engine_and_no_library(packages: tuple[str, ...]) -> None:
    done = _alone(packages)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > len(packages)


@pytest.mark.parametrize("package", ["enquiry.log", "enquiry.privacy", "enquiry.runtime"])
def test_a_door_that_is_closed_is_noticed(package: str) -> None:
    assert "is closed" in _alone((package,)).stderr
