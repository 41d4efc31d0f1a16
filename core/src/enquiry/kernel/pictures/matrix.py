"""The evidence matrix: who was heard at which level, and where nobody was."""

from collections.abc import Mapping
from typing import Any

from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.paper import INNER, MARGIN
from enquiry.kernel.vocabulary import Level, Respondents
from enquiry.method.ink import LINE

TITLE = "Evidence, and where it is missing"
_LABEL = 122.0
_ROW = 34.0
_HEADS = {
    Level.STUDENT: "Pupils",
    Level.PROFESSIONAL: "Staff",
    Level.ORGANISATIONAL: "School",
}
_WHO = {Respondents.NONE: "data, nobody's view"}


def matrix(view: Mapping[str, Any]) -> str:
    """A grid of groups by level, with counts; then how each was gathered."""
    counts: dict[tuple[str, str], int] = {}
    for cell in view["cells"]:
        key = cell["level"], cell["respondents"]
        counts[key] = counts.get(key, 0) + cell["count"]
    holes = {(hole["level"], hole["respondents"]) for hole in view["holes"]}
    parts = [paper.text(TITLE, MARGIN, 24, "title")]
    y = _heads(parts)
    for group in Respondents:
        _row(parts, group, y, counts, holes)
        y += _ROW
    y = _ways(view, parts, y + 22)
    return paper.sheet(TITLE, parts, y - LINE, _words(view))


def _heads(parts: list[str]) -> float:
    step = (INNER - _LABEL) / 3
    parts.append(paper.text("At which level:", MARGIN, 48, "soft"))
    for number, level in enumerate(Level):
        middle = MARGIN + _LABEL + step * (number + 0.5)
        parts.append(paper.text(_HEADS[level], middle, 48, "mid strong"))
    return 56.0


def _row(
    parts: list[str],
    group: Respondents,
    y: float,
    counts: Mapping[tuple[str, str], int],
    holes: set[tuple[str, str]],
) -> None:
    step = (INNER - _LABEL) / 3
    label = paper.lines(_called(group), _LABEL - 6)
    top = y + _ROW / 2 + 4 - LINE * (len(label) - 1) / 2
    parts += [
        paper.text(line, MARGIN, top + LINE * number, "strong") for number, line in enumerate(label)
    ]
    for number, level in enumerate(Level):
        x = MARGIN + _LABEL + step * number
        count = counts.get((level, group), 0)
        kind = "full" if count else "hole" if (level, group) in holes else "none"
        parts.append(paper.box(x + 2, y + 2, step - 4, _ROW - 4, kind))
        if count:
            parts.append(paper.text(str(count), x + step / 2, y + 21, "mid on-full"))
        elif kind == "hole":
            parts.append(paper.box(x + step / 2 - 18, y + 9, 36, 16, "tag"))
            parts.append(paper.text("none", x + step / 2, y + 21, "mid soft"))


def _ways(view: Mapping[str, Any], parts: list[str], y: float) -> float:
    parts.append(paper.text("How it was gathered", MARGIN, y, "strong"))
    y += LINE + 3
    for words in _gathered(view) or ["Nothing was gathered yet."]:
        made, y = paper.row(words, MARGIN, y, INNER)
        parts.append(made)
    return y + 2


def _gathered(view: Mapping[str, Any]) -> list[str]:
    return [
        f"{cell['level'].capitalize()} level, {_called(Respondents(cell['respondents']))}:"
        f" {paper.plain(cell['collection_method'])}, {cell['count']}"
        for cell in view["cells"]
    ]


def _called(group: Respondents) -> str:
    return _WHO.get(group, paper.plain(group))


def _words(view: Mapping[str, Any]) -> list[str]:
    told = [f"{words}." for words in _gathered(view)] or ["Nothing was gathered yet."]
    for level in Level:
        silent = [
            _called(Respondents(hole["respondents"]))
            for hole in view["holes"]
            if hole["level"] == level
        ]
        if silent:
            told.append(f"{level.capitalize()} level: nothing was heard from {', '.join(silent)}.")
    return told
