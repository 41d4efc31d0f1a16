"""The measure tracker: each measure from its baseline to its last reading, with its target."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.paper import INNER, MARGIN, WIDTH

TITLE = "Measures"
_HIGH = 96.0
_LABELLED_MAX = 6
"""Points that all have their value beside them; of more, the first and the last only."""


def tracker(view: Mapping[str, Any]) -> str:
    """Every measure below the other."""
    parts, words = [paper.text(TITLE, MARGIN, 24, "title")], list[str]()
    y = 42.0
    for measure in view["measures"]:
        y = _measure(measure, parts, words, y + 10)
    if not view["measures"]:
        words.append("There is no measure yet.")
        parts.append(paper.text(words[0], MARGIN, y))
    return paper.sheet(TITLE, parts, y, words)


def _measure(one: Mapping[str, Any], parts: list[str], words: list[str], y: float) -> float:
    name = paper.said(one["name"])
    made, y = paper.row(name, MARGIN, y, INNER, "strong")
    parts.append(made)
    unit = "" if one["kind"] == "qualitative" else f", in {one['unit']}"
    made, y = paper.row(f"{paper.plain(one['level'])} level{unit}", MARGIN, y, INNER, "soft")
    parts.append(made)
    points = [*({**p, "base": True} for p in one["baselines"]), *one["readings"]]
    numbers = sorted((p for p in points if p["value"] is not None), key=lambda p: p["on"])
    if numbers:
        y = _chart(numbers, one["target"], parts, y)
    told = _told(one, points)
    made, y = paper.row(told, MARGIN, y + 2, INNER)
    parts.append(made)
    words.append(f"{name}{unit}: {told}")
    return y + 6


def _chart(points: Sequence[Mapping[str, Any]], target: Any, parts: list[str], y: float) -> float:
    values = [float(p["value"]) for p in points] + ([float(target)] if target is not None else [])
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    first, last = (date.fromisoformat(points[n]["on"]) for n in (0, -1))
    days = max((last - first).days, 1)
    top, left, wide = y + 18, MARGIN + 14, INNER - 34
    single = first == last

    def at(p: Mapping[str, Any]) -> tuple[float, float]:
        passed = (date.fromisoformat(p["on"]) - first).days
        x = left + (wide / 2 if single else wide * passed / days)
        return x, height(float(p["value"]))

    def height(value: float) -> float:
        return top + _HIGH - (value - low) / spread * _HIGH

    if target is not None:
        level = height(float(target))
        parts.append(paper.stroke(MARGIN, level, WIDTH - MARGIN, level, "line dash"))
        near_end = abs(values[0] - float(target)) < abs(values[len(points) - 1] - float(target))
        aside = (WIDTH - MARGIN, "end soft halo") if near_end else (MARGIN, "soft halo")
        parts.append(paper.text(f"target {target}", aside[0], level - 4, aside[1]))
    path = "L".join(f"{x:g} {here:g}" for x, here in map(at, points))
    parts.append(f'<path class="line" d="M{path}"/>')
    for number, p in enumerate(points):
        parts += _point(p, *at(p), told=len(points) <= _LABELLED_MAX or number in _ends(points))
    bottom = top + _HIGH + 26
    parts.append(paper.text(paper.short(points[0]["on"]), MARGIN, bottom, "soft"))
    if not single:
        parts.append(paper.text(paper.short(points[-1]["on"]), WIDTH - MARGIN, bottom, "end soft"))
    return bottom + 18


def _ends(points: Sequence[Any]) -> tuple[int, int]:
    return 0, len(points) - 1


def _point(p: Mapping[str, Any], x: float, y: float, *, told: bool) -> list[str]:
    """A square for a baseline, a disc for a reading; hollow where it cannot be compared."""
    base, comparable = p.get("base", False), p["distance"] is not None
    mark = (
        paper.box(x - 5, y - 5, 10, 10, "ink")
        if base
        else paper.disc(x, y, 5, "ink" if comparable else "ring")
    )
    what = "baseline" if base else "final reading" if p["final"] else "reading"
    title = f"{what} {p['value']} on {p['on']}"
    label = [paper.text(str(p["value"]), x, y - 10, "mid strong halo")] if told else []
    return [paper.named(title, mark), *label]


def _told(one: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> str:
    if not points:
        missing = "cannot be had" if one["baseline_unobtainable"] else "is missing"
        return f"The baseline {missing}; nothing was read yet."
    said: list[str] = []
    for p in points:
        what = "Baseline" if p.get("base") else "Final reading" if p["final"] else "Reading"
        value = "in words" if p["value"] is None else str(p["value"])
        said.append(f"{what} of {paper.short(p['on'])}: {value}.")
    if not one["baselines"]:
        said.append(
            "No baseline can be had." if one["baseline_unobtainable"] else "No baseline yet."
        )
    if one["distance"] is not None:
        said.append(f"Distance travelled: {float(one['distance']):+g}.")
    if one["reached"] is not None:
        said.append("The target is reached." if one["reached"] else "The target is not reached.")
    return " ".join(said)
