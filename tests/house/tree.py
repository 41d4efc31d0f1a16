"""The checkout as the tests of the house look at it: what is committed, and nothing else."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
"""What the project was asked to be; beside the checkout where somebody put it there."""


@cache
def tracked() -> tuple[Path, ...]:
    """Every committed file; in an export without a repository, every file that is not hidden."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False, timeout=30
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else ()
    found = [ROOT / name for name in names if name] or [*_visible(ROOT), *_visible(ROOT / ".ci")]
    return tuple(sorted(path for path in found if path.is_file()))


def _visible(folder: Path) -> list[Path]:
    hidden = (".", "__pycache__")
    return [
        path
        for path in folder.rglob("*")
        if not any(part.startswith(hidden) for part in path.relative_to(folder).parts)
    ]


def modules(*folders: str) -> tuple[Path, ...]:
    """Committed Python files under these folders of the checkout; without any: all of them."""
    under = tuple(ROOT / folder for folder in folders) or (ROOT,)
    return tuple(
        path
        for path in tracked()
        if path.suffix == ".py" and any(path.is_relative_to(one) for one in under)
    )


@cache
def plugins() -> dict[str, Path]:
    """The package of every committed plug-in, by the name of its folder in ``plugins``."""
    files = (path for path in modules("plugins") if path.name == "__init__.py")
    found = (path.parent for path in files if path.parents[1].name == "src")
    return {package.parents[1].name: package for package in found}


@cache
def parsed(path: Path) -> ast.Module:
    """A Python file as a tree."""
    return ast.parse(path.read_bytes())


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a Python file."""
    return tuple(ast.walk(parsed(path)))


@cache
def strings(path: Path) -> frozenset[str]:
    """Every text that stands in a Python file, those of docstrings included."""
    constants = (node.value for node in nodes(path) if isinstance(node, ast.Constant))
    return frozenset(value for value in constants if isinstance(value, str))


@cache
def written() -> tuple[tuple[str, int, str], ...]:
    """Every line of every committed text: path, number from 1, line."""
    return tuple(
        (named(path), number, line)
        for path in tracked()
        if b"\0" not in (content := path.read_bytes())
        for number, line in enumerate(content.decode().splitlines(), start=1)
    )


def named(path: Path) -> str:
    """A path as people write it: relative to the checkout, with slashes."""
    return path.relative_to(ROOT).as_posix()
