"""What all pictures have in common: the sheet, its colours by light and dark, patterns, rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from enquiry.method import ink
from enquiry.method.ink import CHAR, LINE, Drawing

WIDTH = 320.0
"""Of every picture, in px: what a small screen shows without being moved."""
MARGIN = 12.0
INNER = WIDTH - 2 * MARGIN
ERASED = "(erased)"

_STYLE = """
text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1a1a1a}
.title{font-weight:600;font-size:14px}.strong{font-weight:600}.soft{fill:#555}
.mid{text-anchor:middle}.end{text-anchor:end}
.sheet{fill:#fff}.line{fill:none;stroke:#1a1a1a;stroke-width:1.5}.hair{stroke:#999;stroke-width:1}
.dash{stroke-dasharray:6 4}.dots{stroke-dasharray:.1 6;stroke-linecap:round}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.ink{fill:#1a1a1a;stroke:#1a1a1a}.ring{fill:#fff;stroke:#1a1a1a;stroke-width:1.5}
.full{fill:#1d4f91;stroke:#1a1a1a}.on-full{fill:#fff;font-weight:600}
.half{fill:url(#half);stroke:#1a1a1a}.none{fill:#fff;stroke:#1a1a1a}
.spots{fill:url(#spots);stroke:#1a1a1a}.cross{fill:url(#cross);stroke:#1a1a1a}
.hole{fill:url(#hole);stroke:#777;stroke-dasharray:4 3}.band{fill:#e9eef5}.tag{fill:#fff}
.pat{fill:#fff}.pin{stroke:#1d4f91;stroke-width:2}.pon{fill:#9a3412}.pax{stroke:#9a3412}
.faint{stroke:#bbb;stroke-width:1}
"""
_DARK = """
text{fill:#f2f2f2}.soft{fill:#c4c4c4}.halo{stroke:#16181c}.sheet,.ring,.none,.tag,.pat{fill:#16181c}
.line,.full,.half,.none,.spots,.cross,.ring{stroke:#f2f2f2}.ink{fill:#f2f2f2;stroke:#f2f2f2}
.full{fill:#8ab4f8}.on-full{fill:#16181c}.hole{stroke:#aaa}.band{fill:#2a3140}.hair{stroke:#8a8a8a}
.pin{stroke:#8ab4f8}.pon{fill:#fdba74}.pax{stroke:#fdba74}.faint{stroke:#5a5a5a}
"""
# On paper it is always dark on light.
STYLE = f"{_STYLE}@media screen and (prefers-color-scheme:dark){{{_DARK}}}"


def _pattern(name: str, size: int, marks: str) -> str:
    return (
        f'<pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect class="pat" width="{size}" height="{size}"/>{marks}</pattern>'
    )


DEFS = (
    _pattern("half", 6, '<path class="pin" d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/>')
    + _pattern("spots", 7, '<circle class="pon" cx="3.5" cy="3.5" r="1.6"/>')
    + _pattern("cross", 6, '<path class="pax" d="M0 3H6M3 0V6" stroke-width="1.8"/>')
    + _pattern("hole", 8, '<path class="faint" d="M0 8L8 0"/>')
)


def said(value: Any) -> str:
    """Somebody's words, or that they were erased."""
    return value if isinstance(value, str) else ERASED


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def short(day: str) -> str:
    """A day as written in a narrow column, such as 9 Nov 26."""
    on = date.fromisoformat(day)
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year % 100:02}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def lines(words: str, width: float) -> list[str]:
    """Wrapped lines; a word that is too long for the width is broken, so that nothing runs out."""
    limit = max(4, int(width / CHAR))
    cut = [
        word[start : start + limit]
        for word in words.split()
        for start in range(0, len(word), limit)
    ]
    return ink.wrapped(" ".join(cut), width)


def row(words: str, x: float, y: float, width: float, kind: str = "") -> tuple[str, float]:
    """Wrapped words from a baseline on, and the baseline below them."""
    wrapped = lines(words, width)
    return ink.text(wrapped, x, y, kind), y + LINE * len(wrapped)


def text(words: str, x: float, y: float, kind: str = "") -> str:
    """One line of text."""
    return ink.text([words], x, y, kind)


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A plain rectangle."""
    return (
        f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{max(width, 0):g}" height="{height:g}"/>'
    )


def stroke(x1: float, y1: float, x2: float, y2: float, kind: str, width: float = 0) -> str:
    """A straight line; without a width, that of its class."""
    wide = f' style="stroke-width:{width:g}"' if width else ""
    ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
    return f'<line class="{kind}" {ends}{wide}/>'


def disc(x: float, y: float, radius: float, kind: str) -> str:
    """A circle."""
    return f'<circle class="{kind}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'


def sheet(title: str, parts: Iterable[str], height: float, words: Iterable[str]) -> str:
    """A whole picture.

    Args:
        title: what it is; drawn at its top by whoever calls.
        parts: what is on it.
        height: where its content ends, in px.
        words: sentences that say the same.
    """
    desc = " ".join(words)
    drawing = Drawing(WIDTH, height + MARGIN, tuple(parts))
    return ink.document(drawing, title, desc, STYLE, DEFS)


def named(title: str, inner: str) -> str:
    """A part with a name, for whoever points at it."""
    return f"<g><title>{escape(title)}</title>{inner}</g>"
