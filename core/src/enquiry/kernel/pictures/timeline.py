"""The journey as a line from top to bottom: cycles and phases as bands, what happened along it."""

from collections.abc import Mapping
from typing import Any

from enquiry.kernel.pictures import paper
from enquiry.kernel.pictures.paper import MARGIN, WIDTH

TITLE = "Our journey"
_SPINE = 94.0
_TEXT = 112.0
_SHAPES = {
    "course": '<path class="ink" d="M0 -7L7 0L0 7L-7 0z"/>',
    "decision": '<rect class="ink" x="-5" y="-5" width="10" height="10"/>',
    "meeting": '<circle class="ink" r="5.5"/>',
    "trial": '<path class="ink" d="M0 -6L6 5H-6z"/>',
    "run": '<path class="ring" d="M0 -6L6 5H-6z"/>',
    "reading": '<rect class="ring" x="-5" y="-5" width="10" height="10"/>',
    "evidence": '<circle class="ring" r="5.5"/>',
}
"""By kind; the others are a rhomb without filling. The words beside them say it, too."""
_OTHER = '<path class="ring" d="M0 -7L7 0L0 7L-7 0z"/>'
_TURNS = {
    "paused": "Paused",
    "resumed": "Resumed",
    "cycle_closed": "Cycle closed",
    "closed": "Closed",
    "abandoned": "Abandoned",
}
_ENTERING = {"launched", "advanced", "returned", "cycle_started"}


def timeline(view: Mapping[str, Any]) -> str:
    """Oldest first; what is alike and of one day stands in one line."""
    schools = {one["school"]: paper.said(one["name"]) for one in view["schools"]}
    told = _gathered(view["moments"], schools)
    parts, words = [paper.text(TITLE, MARGIN, 24, "title")], list[str]()
    y, day = 42.0, ""
    for on, kind, sentence, band in told:
        if band:
            parts.append(paper.box(0, y, WIDTH, 24, "band"))
            parts.append(paper.text(band, MARGIN, y + 16, "strong"))
            parts.append(paper.text(paper.short(on), WIDTH - MARGIN, y + 16, "end"))
            words.append(f"{paper.short(on)}: {band}.")
            y, day = y + 30, ""
            continue
        parts.append(paper.stroke(_SPINE, y, _SPINE, y + 12, "hair"))
        shape = f'<g transform="translate({_SPINE:g} {y + 10:g})">{_SHAPES.get(kind, _OTHER)}</g>'
        if on != day:
            parts.append(paper.text(paper.short(on), MARGIN, y + 14, "soft"))
        made, below = paper.row(sentence, _TEXT, y + 14, WIDTH - MARGIN - _TEXT)
        parts.append(paper.stroke(_SPINE, y + 12, _SPINE, below - 6, "hair"))
        parts += [shape, made]
        words.append(f"{paper.short(on)}: {sentence}.")
        y, day = below - 4, on
    if not told:
        words.append("Nothing has happened yet.")
        parts.append(paper.text(words[0], MARGIN, y + 6))
        y += 10
    return paper.sheet(TITLE, parts, y, words)


def _gathered(
    moments: list[Mapping[str, Any]], schools: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """Day, kind, sentence and band of each line."""
    lines: dict[tuple[str, str, str, str], list[str]] = {}
    for one in moments:
        band = ""
        if one["kind"] == "course" and one["what"] in _ENTERING:
            again = ", again" if one["what"] == "returned" else ""
            band = f"Cycle {one['cycle']}: {one['phase']}{again}"
        key = one["on"], one["kind"], _sentence(one), band
        where = schools.get(one["school"] or "")
        lines.setdefault(key, []).append(where or "")
    return [(on, kind, _whole(words, at), band) for (on, kind, words, band), at in lines.items()]


def _whole(words: str, schools: list[str]) -> str:
    """The sentence with the schools, or with how often it happened that day."""
    named = ", ".join(dict.fromkeys(name for name in schools if name))
    times = f" ({len(schools)} times)" if len(schools) > 1 and not named else ""
    return f"{words}{': ' + named if named else ''}{times}"


def _sentence(one: Mapping[str, Any]) -> str:
    what, title = paper.plain(one["what"]), one["title"]
    quoted = f" “{paper.said(title)}”" if title is not None else ""
    match one["kind"]:
        case "course":
            return _TURNS.get(one["what"], what)
        case "decision":
            return f"Decided, {what}{quoted}"
        case "meeting":
            return "Meeting"
        case "trial":
            return f"Trial, {what}"
        case "run":
            return f"Run of {one['what'].replace('-', ' ')}"
        case "reading":
            return f"{what.capitalize()}{quoted}"
        case "evidence":
            return f"Evidence, {what} level"
        case "dissemination":
            return f"Told others{quoted}"
        case _:
            return f"{paper.plain(one['kind']).capitalize()}, {what}"
