"""Precision and recall of the text guard over labelled lines, tricky negatives among them."""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from enquiry.kernel.textguard import Guard, Roster, word_lists

CORPUS = Path(__file__).with_name("textguard_corpus.toml")
CODES = {
    "ID": "IDENTIFYING_TEXT",
    "MAY": "MAY_IDENTIFY",
    "NAR": "NARROWING_TEXT",
    "EVA": "EVALUATIVE_LANGUAGE",
    "INF": "INFERENCE_LANGUAGE",
}


class Line(msgspec.Struct, frozen=True):
    text: str
    marks: tuple[tuple[str, str], ...]
    verbatim: bool
    limit: bool


def load() -> tuple[Roster, tuple[Line, ...]]:
    data = tomllib.loads(CORPUS.read_text(encoding="utf-8"))
    return msgspec.convert(data["roster"], Roster), tuple(lines(data["group"]))


def lines(groups: list[dict[str, Any]]) -> Iterator[Line]:
    for group in groups:
        for text, *labels in group["cases"]:
            marks = tuple(
                (CODES[code], span) for code, _, span in (x.partition(" ") for x in labels)
            )
            yield Line(text, marks, group.get("verbatim", False), group.get("limits", False))


ROSTER, LINES = load()
GUARD = Guard(ROSTER, word_lists("en-GB"))


def marked(line: Line) -> tuple[tuple[str, str], ...]:
    found = GUARD.examine(line.text, "cards", verbatim=line.verbatim).found
    assert all(line.text[one.start : one.end] == one.span for one in found)
    return tuple((one.code, one.span) for one in found)


@pytest.mark.parametrize("line", [x for x in LINES if not x.limit], ids=lambda line: line.text)
def test_the_guard_marks_what_a_careful_reader_marks(line: Line):
    assert Counter(marked(line)) == Counter(line.marks)


@pytest.mark.parametrize("line", [x for x in LINES if x.limit], ids=lambda line: line.text)
def test_a_known_limit_is_still_one(line: Line):
    """When this fails because the guard got better, move the line to the group where it belongs."""
    assert Counter(marked(line)) != Counter(line.marks)


def test_precision_and_recall_over_the_whole_corpus(capsys: pytest.CaptureFixture[str]):
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for line in LINES:
        found, expected = Counter(marked(line)), Counter(line.marks)
        right.update(code for code, _ in (found & expected).elements())
        wrong.update(code for code, _ in (found - expected).elements())
        missed.update(code for code, _ in (expected - found).elements())
    report = [f"{len(LINES)} lines, {right.total() + missed.total()} marks"]
    for code in CODES.values():
        precision = right[code] / (right[code] + wrong[code])
        recall = right[code] / (right[code] + missed[code])
        report.append(f"{code:20} precision {precision:.3f} recall {recall:.3f}")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *report, ""]))
    assert len(LINES) >= 150
    assert right.total() / (right.total() + wrong.total()) >= 0.97
    assert right.total() / (right.total() + missed.total()) >= 0.94
