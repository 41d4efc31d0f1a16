"""The innovation grid: where each strategy was aimed, and where it came out."""

from collections.abc import Mapping
from typing import Any

from enquiry.kernel.enquiry.strategies.state import Distance, Extent, Placement
from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.paper import INNER, MARGIN
from enquiry.method.ink import LINE

TITLE = "Innovation grid"
_AXIS = 44.0
_IN_ROW = 4
_STEP = 27.0


def grid(view: Mapping[str, Any]) -> str:
    """Four fields with numbers: a ring where it was aimed, a disc where it was achieved."""
    marks = _marks(view)
    deep = max((len(inside) for inside in marks.values()), default=0)
    high = 40 + _STEP * max(2, -(-deep // _IN_ROW))
    parts = [paper.text(TITLE, MARGIN, 24, "title")]
    y = _fields(parts, marks, 60.0, high)
    y = _key(parts, y + 22)
    words: list[str] = []
    for number, one in enumerate(view["strategies"], 1):
        sentence = _told(number, one)
        made, y = paper.row(sentence, MARGIN, y, INNER)
        parts.append(made)
        words.append(sentence)
    if not words:
        words.append("No strategy is agreed yet.")
        parts.append(paper.text(words[0], MARGIN, y))
        y += LINE
    return paper.sheet(TITLE, parts, y - LINE + 4, words)


_Marks = dict[tuple[str, str], list[tuple[int, str]]]


def _marks(view: Mapping[str, Any]) -> _Marks:
    """By field: the numbers of strategies in it, each with how it got there."""
    found: _Marks = {}
    for number, one in enumerate(view["strategies"], 1):
        for how, place in (("ring", one["aimed"]), ("full", one["achieved"])):
            if place is not None:
                key = place["distance"], place["extent"]
                found.setdefault(key, []).append((number, how))
    return found


def _fields(parts: list[str], marks: _Marks, y: float, high: float) -> float:
    wide = (INNER - _AXIS) / 2
    for number, extent in enumerate(Extent):
        middle = MARGIN + _AXIS + wide * (number + 0.5)
        parts.append(paper.text(f"{extent} change", middle, y - 10, "mid soft"))
    for distance in Distance:
        parts.append(paper.text(distance, MARGIN, y + high / 2, "soft"))
        for number, extent in enumerate(Extent):
            x = MARGIN + _AXIS + wide * number
            name = Placement(distance=distance, extent=extent).quadrant
            parts.append(paper.box(x + 2, y + 2, wide - 4, high - 4, "none"))
            parts.append(paper.text(name, x + wide / 2, y + 20, "mid strong"))
            for place, (mark, how) in enumerate(marks.get((distance, extent), [])):
                cx = x + 20 + _STEP * (place % _IN_ROW)
                parts += _mark(cx, y + 44 + _STEP * (place // _IN_ROW), mark, how)
        y += high
    made, y = paper.row("near, far: from existing practice", MARGIN, y + 14, INNER, "soft")
    parts.append(made)
    return y - LINE


def _mark(x: float, y: float, number: int, how: str) -> list[str]:
    kind = "mid on-full" if how == "full" else "mid"
    return [paper.disc(x, y, 11, how), paper.text(str(number), x, y + 4, kind)]


def _key(parts: list[str], y: float) -> float:
    parts += [paper.disc(MARGIN + 8, y - 4, 8, "ring"), paper.text("aimed for", MARGIN + 24, y)]
    parts += [paper.disc(MARGIN + 118, y - 4, 8, "full"), paper.text("achieved", MARGIN + 134, y)]
    return y + 24


def _told(number: int, one: Mapping[str, Any]) -> str:
    aimed, achieved = one["aimed"]["quadrant"], one["achieved"]
    came = f"achieved {achieved['quadrant']}" if achieved is not None else "not achieved yet"
    return f"{number}. {paper.said(one['title'])}: aimed for {aimed}, {came}."
