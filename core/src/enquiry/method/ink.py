"""Pieces of SVG: wrapped text, boxes, lines with rounded corners. Values in, markup out."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

CHAR = 7.0
"""Width of an average character at 12 px, in px."""
LINE = 15
"""Distance between lines of text, in px."""
RADIUS = 8


class Drawing(Struct, frozen=True):
    """Markup with its extent in px; its origin is the upper left corner."""

    width: float
    height: float
    parts: tuple[str, ...]

    def at(self, x: float, y: float) -> str:
        """The same, moved."""
        return f'<g transform="translate({x:g} {y:g})">{"".join(self.parts)}</g>'


def wrapped(words: str, width: float) -> list[str]:
    """Lines no wider than ``width`` px, broken between words; a word that is longer stays whole."""
    limit = max(8, int(width / CHAR))
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= limit:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def text(lines: Sequence[str], x: float, y: float, kind: str = "") -> str:
    """Lines of text, the first one's baseline at ``y``."""
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + n * LINE:g}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    return f'<text class="{kind}">{spans}</text>' if kind else f"<text>{spans}</text>"


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A rectangle with rounded corners."""
    return (
        f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
        f' rx="{RADIUS}"/>'
    )


def dot(x: float, y: float) -> str:
    """Where a chart begins."""
    return f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="6"/>'


def line(points: Sequence[tuple[float, float]]) -> str:
    """A line along the points, corners rounded, with a head at its end."""
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _near(corner, before), _near(corner, after)
        path.append(f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}")
    path.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return f'<path class="line" d="{"".join(path)}" marker-end="url(#head)"/>'


def _near(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """A point on the way from the corner to the other point, a radius away or half-way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max(abs(dx), abs(dy)) or 1
    part = min(RADIUS, length / 2) / length
    return corner[0] + dx * part, corner[1] + dy * part


def group(parts: Iterable[str], title: str) -> str:
    """Parts that belong together, named for those who listen and those who point."""
    return f"<g><title>{escape(title)}</title>{''.join(parts)}</g>"


_STYLE = """
text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1a1a1a}
.title{font-weight:600;font-size:14px}.label{fill:#3a3a3a}.note{fill:#3a3a3a;font-style:italic}
.stage{fill:#fff;stroke:#444;stroke-width:1.5}.ring{fill:none;stroke:#444;stroke-width:1.5}
.now{fill:#fff6d6;stroke:#1a1a1a;stroke-width:4}.tag{fill:#1a1a1a}.tagged{fill:#fff;font-weight:600}
.track{fill:#f6f7f9;stroke:#777;stroke-width:1.5;stroke-dasharray:6 4}
.line{fill:none;stroke:#444;stroke-width:1.5}.dot{fill:#1a1a1a}.any{fill:none;stroke:#999}
"""


_HEAD = (
    '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8"'
    ' markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="#444"/></marker>'
)


def document(
    drawing: Drawing, title: str, desc: str, style: str = _STYLE, defs: str = _HEAD
) -> str:
    """A whole SVG document: no script, nothing fetched from elsewhere.

    Args:
        drawing: what is on it.
        title: what it is called.
        desc: the same in words, for whoever cannot see it.
        style: rules for the classes in it; ``sheet`` is the class of its ground.
        defs: markers and patterns that it uses.
    """
    width, height = drawing.width, drawing.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)}'
        f' width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f"<title>{escape(title)}</title><desc>{escape(desc)}</desc>"
        f"<style>{style}</style><defs>{defs}</defs>"
        f'<rect class="sheet" width="{width:g}" height="{height:g}" fill="#fff"/>'
        f"{''.join(drawing.parts)}</svg>\n"
    )
