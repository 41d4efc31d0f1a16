"""The page for a school's developer is run: its files make a package that passes every check."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-method.md"
_FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the files of the page, and nothing else."""
    for name, text in _FILE.findall(PAGE.read_text()):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def _run(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=package,
        env={**os.environ, "PYTHONPATH": "src", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_page_has_the_four_files_it_speaks_of(package) -> None:
    files = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()}
    assert files == {
        "pyproject.toml",
        "src/question_box/__init__.py",
        "src/question_box/method.py",
        "tests/test_question_box.py",
    }


def test_its_tests_pass_from_nothing(package) -> None:
    told = _run(package, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", "tests")
    assert told.returncode == 0, told.stdout + told.stderr
    assert re.search(r"2\d passed, 2 skipped", told.stdout), told.stdout


def test_its_method_passes_the_check_and_can_be_frozen(package) -> None:
    told = _run(package, "-m", "enquiry.cli", "check", "question_box", "--walks", "6")
    assert told.returncode == 0, told.stdout + told.stderr
    froze = _run(package, "-m", "enquiry.cli", "freeze", "question_box")
    assert froze.returncode == 0, froze.stdout + froze.stderr
    told = _run(package, "-m", "enquiry.cli", "check", "question_box", "--walks", "6")
    assert "P11  ok" in told.stdout
    assert "P12  ok" in told.stdout


def test_its_entry_point_names_the_module_that_brings_the_method(package) -> None:
    import tomllib

    from enquiry.method.hookspecs import GROUP

    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert project["entry-points"][GROUP] == {"question-box": "question_box"}
    told = _run(
        package,
        "-c",
        "import question_box; from enquiry.method.registry import methods_of;"
        "print([m.id for m in methods_of(question_box, 'question-box')])",
    )
    assert told.stdout == "['question-box']\n", told.stderr


def test_every_check_that_the_page_speaks_of_exists() -> None:
    from enquiry.testing import CHECKS

    ids = {check.id for check in CHECKS}
    told: set[str] = set()
    for first, last in re.findall(r"\b([MP]\d\d)(?:–([MP]\d\d))?", PAGE.read_text()):
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        told |= {f"{first[0]}{number:02d}" for number in numbers}
    assert told == ids
