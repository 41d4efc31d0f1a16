"""Progress assessments as diverging bars: agreement to the right, disagreement to the left."""

from collections.abc import Mapping
from typing import Any

from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.paper import INNER, MARGIN, WIDTH

_WORDS = ("strongly agree", "agree", "undecided", "disagree", "strongly disagree")
_FILLS = ("full", "half", "none", "spots", "cross")
_BAR = 22.0
TITLE = "Progress assessments"


def progress(view: Mapping[str, Any]) -> str:
    """Every round, each item a bar; undecided answers stand in the middle."""
    parts = [paper.text(TITLE, MARGIN, 24, "title")]
    words: list[str] = []
    y = _legend(parts, 44.0)
    for one in view["rounds"]:
        y = _round(one, parts, words, y + 14)
    if not view["rounds"]:
        words.append("There has been no assessment yet.")
        parts.append(paper.text(words[0], MARGIN, y + 10))
        y += 14
    return paper.sheet(TITLE, parts, y, words)


def _legend(parts: list[str], y: float) -> float:
    for number in (4, 3, 2, 1, 0):
        parts.append(paper.box(MARGIN, y - 11, 18, 14, _FILLS[number]))
        parts.append(paper.text(_WORDS[number], MARGIN + 26, y, "soft"))
        y += 19
    return y


def _round(one: Mapping[str, Any], parts: list[str], words: list[str], y: float) -> float:
    open_ = "closed" if one["closed"] else "open"
    head = f"{paper.plain(one['phase']).capitalize()}, cycle {one['cycle']}"
    more = f"{one['responded']} responded; {open_}, until {paper.short(one['closes_on'])}"
    parts.append(paper.box(0, y - 15, WIDTH, 38, "band"))
    parts += [paper.text(head, MARGIN, y, "strong"), paper.text(more, MARGIN, y + 16, "soft")]
    words.append(f"{head}: {more}.")
    y += 42
    most = max((_reach(item["counts"]) for item in one["items"] if item["counts"]), default=1)
    for item in one["items"]:
        made, y = paper.row(item["statement"], MARGIN, y, INNER)
        parts.append(made)
        y = _bar(item, most, parts, words, y)
    return y


def _reach(counts: list[int]) -> float:
    """How far a bar reaches to its longer side, in answers."""
    return max(sum(counts[:2]), sum(counts[3:])) + counts[2] / 2


def _bar(
    item: Mapping[str, Any], most: float, parts: list[str], words: list[str], y: float
) -> float:
    counts = item["counts"]
    if counts is None:
        parts.append(paper.text("Too few responded to be told apart.", MARGIN, y, "soft"))
        words.append(f"{item['statement']} Too few responded to be told apart.")
        return y + 22
    unit = INNER / 2 / max(most, 1)
    x = WIDTH / 2 - (sum(counts[3:]) + counts[2] / 2) * unit
    top = y - 9
    parts.append(paper.stroke(WIDTH / 2, top - 4, WIDTH / 2, top + _BAR + 4, "hair"))
    for number in (4, 3, 2, 1, 0):
        wide = counts[number] * unit
        if counts[number]:
            parts.append(paper.box(x, top, wide, _BAR, _FILLS[number]))
            parts += _figure(counts[number], x + wide / 2, top, wide, number)
        x += wide
    told = ", ".join(f"{counts[n]} {_WORDS[n]}" for n in range(5) if counts[n])
    words.append(f"{item['statement']} {told or 'nobody answered'}.")
    return top + _BAR + 24


def _figure(count: int, middle: float, top: float, wide: float, number: int) -> list[str]:
    """How many, on a plain ground so that no pattern disturbs it."""
    if wide < 12:
        return []
    if _FILLS[number] == "full":
        return [paper.text(str(count), middle, top + 15, "mid on-full")]
    ground = min(9.0 * len(str(count)) + 5, wide - 3)
    return [
        paper.box(middle - ground / 2, top + 3, ground, 16, "tag"),
        paper.text(str(count), middle, top + 15, "mid"),
    ]
