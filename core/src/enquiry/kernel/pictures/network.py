"""The network map: schools on a circle, and what ties them; the same as a list below it."""

from collections.abc import Mapping
from math import cos, pi, sin
from typing import Any

from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.paper import INNER, MARGIN, WIDTH
from enquiry.method.ink import LINE

TITLE = "Who works with whom"
ROUND_MAX = 8
"""Schools that are drawn on a circle, inclusive; more of them are listed only."""
_HIGH = 250.0
_LINES = {"meeting": "line", "trial": "line dash", "run": "line dots"}
_NOUNS = {"meeting": "meeting", "trial": "trial", "run": "run"}
_APART = 6.0
"""Between lines that tie the same two schools, in px."""


def network(view: Mapping[str, Any]) -> str:
    """The thicker a line, the more often; what each kind of line means stands beside it."""
    names = {one["school"]: paper.said(one["name"]) for one in view["schools"]}
    parts = [paper.text(TITLE, MARGIN, 24, "title")]
    y = 44.0
    if 1 < len(names) <= ROUND_MAX:
        y = _legend(parts, y)
        y = _circle(view, names, parts, y) + 34
    words = _words(view, names)
    for sentence in words:
        made, y = paper.row(sentence, MARGIN, y, INNER)
        parts.append(made)
        y += 2
    return paper.sheet(TITLE, parts, y - LINE, words)


def _legend(parts: list[str], y: float) -> float:
    for kind, line in _LINES.items():
        parts.append(paper.stroke(MARGIN, y - 4, MARGIN + 44, y - 4, line, 2.5))
        parts.append(paper.text(f"{_NOUNS[kind]}s together", MARGIN + 54, y, "soft"))
        y += 18
    return y


def _circle(
    view: Mapping[str, Any], names: Mapping[str, str], parts: list[str], top: float
) -> float:
    """Draw it from ``top`` on; the lowest baseline that it reaches."""
    places = {school: _place(number, len(names), top) for number, school in enumerate(names)}
    between: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for tie in view["ties"]:
        between.setdefault((tie["first"], tie["second"]), []).append(tie)
    for (first, second), ties in between.items():
        for number, tie in enumerate(ties):
            aside = (number - (len(ties) - 1) / 2) * _APART
            parts.append(_line(tie, places[first], places[second], aside, names))
    lowest = top
    for number, school in enumerate(names, 1):
        x, y = places[school]
        parts += [paper.disc(x, y, 13, "full"), paper.text(str(number), x, y + 4, "mid on-full")]
        label = paper.lines(names[school], 86)[:2]
        below = y + 28 if y >= top + _HIGH / 2 - 20 else y - 20 - LINE * (len(label) - 1)
        half = max(len(line) for line in label) * 3.5
        middle = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
        for row, line in enumerate(label):
            parts.append(paper.text(line, middle, below + LINE * row, "mid strong halo"))
        lowest = max(lowest, below + LINE * (len(label) - 1))
    return lowest


def _place(number: int, count: int, top: float) -> tuple[float, float]:
    turn = 2 * pi * number / count - pi / 2
    return WIDTH / 2 + 108 * cos(turn), top + _HIGH / 2 + 82 * sin(turn)


def _line(
    tie: Mapping[str, Any],
    start: tuple[float, float],
    end: tuple[float, float],
    aside: float,
    names: Mapping[str, str],
) -> str:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    x, y = -dy / length * aside, dx / length * aside
    thick = 1.5 + min(tie["strength"], 4)
    drawn = paper.stroke(
        start[0] + x, start[1] + y, end[0] + x, end[1] + y, _LINES[tie["kind"]], thick
    )
    counted = paper.counted(tie["strength"], _NOUNS[tie["kind"]])
    return paper.named(f"{names[tie['first']]} and {names[tie['second']]}: {counted}", drawn)


def _words(view: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    numbered = len(names) <= ROUND_MAX
    told = [
        f"{number}. {name}." if numbered else f"{name}."
        for number, name in enumerate(names.values(), 1)
    ]
    pairs: dict[tuple[str, str], list[str]] = {}
    for tie in view["ties"]:
        counted = paper.counted(tie["strength"], _NOUNS[tie["kind"]])
        pairs.setdefault((tie["first"], tie["second"]), []).append(counted)
    told += [f"{names[a]} and {names[b]}: {', '.join(said)}." for (a, b), said in pairs.items()]
    told += [
        f"{names[gap['first']]} and {names[gap['second']]}: nothing together yet."
        for gap in view["gaps"]
    ]
    return told or ["No school takes part yet."]
