"""The page about security names tests that exist, one or more for every chapter that applies."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| V(\d+) ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
ITEMS = re.findall(r"^\| API(\d+) [^|]+ \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_every_chapter_and_every_item_has_a_row() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 18))
    assert [int(item[0]) for item in ITEMS] == list(range(1, 11))


@pytest.mark.parametrize("tests", [*(row[3] for row in ROWS), *(item[1] for item in ITEMS)])
def test_a_row_names_tests_that_are_there(tests: str) -> None:
    if tests.strip() == "does not apply":
        return
    named = re.findall(r"`(tests/[\w/.]+)`", tests)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
