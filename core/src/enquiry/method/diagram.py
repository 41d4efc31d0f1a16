"""The statechart as a picture: SVG without scripts, and Mermaid (``enquiry.method.mermaid``).

Stages stand below one another in the order in which they are declared. What leads to the next one
goes straight down, what skips goes along the right, what goes back along the left; so no line ever
crosses a stage, however long the labels are.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from enquiry.method import ink
from enquiry.method.chart import START, Arrow, Chart, Place, anytime, called, chart, sentence, who
from enquiry.method.ink import LINE, Drawing
from enquiry.method.mermaid import mermaid
from enquiry.method.method import Method, Move

_STAGE = 280
_PAD = 14
_LABEL = 150
"""Width of the label beside a line, in px."""
_LANE = 20
_GAP = 40
_MARGIN = 16


class _Stub(Struct, frozen=True):
    """Where a line leaves the side of a stage, or where all those from that side reach it."""

    arrow: Arrow | None
    """``None`` where lines arrive."""
    lines: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        return max(18.0, LINE * len(self.lines) + 10.0)


class _Sides(Struct, frozen=True):
    """The lines at the left and the right of one stage."""

    left: tuple[_Stub, ...]
    right: tuple[_Stub, ...]

    @property
    def height(self) -> float:
        return max(sum(stub.height for stub in side) for side in (self.left, self.right))


class _Laid(Struct, frozen=True):
    """A stage with its place on the page."""

    place: Place
    content: Drawing
    sides: _Sides
    x: float
    y: float

    def anchor(self, side: str, arrow: Arrow | None) -> tuple[float, float]:
        """Where the stage is met by what leaves it (``arrow``) or arrives (``None``) at a side."""
        x = self.x if side == "left" else self.x + self.content.width
        y = self.y + _PAD
        for stub in getattr(self.sides, side):
            if stub.arrow is arrow:
                return x, y + stub.height - 6
            y += stub.height
        raise LookupError(self.place.stage.name)


def svg(method: Method, stage: str | None = None) -> str:
    """The statechart as an SVG document.

    Args:
        method: what is drawn.
        stage: the name of the present stage; it is marked by a heavy border and the word "now".
    """
    drawn = chart(method)
    body = _chart(drawn, stage)
    legend = _legend(anytime(method), body.width)
    height = body.height + legend.height + 2 * _MARGIN
    parts = (body.at(_MARGIN, _MARGIN), legend.at(_MARGIN, _MARGIN + body.height))
    whole = Drawing(body.width + 2 * _MARGIN, height, parts)
    return ink.document(whole, f"How “{method.title}” runs", _told(drawn, method, stage))


def _told(drawn: Chart, method: Method, stage: str | None) -> str:
    """The same picture in words."""
    present = method.stage(stage) if stage is not None else None
    lines = [f"Present stage: {called(present)}."] if present is not None else []
    lines += [sentence(arrow, drawn) for arrow in drawn.arrows]
    for place in drawn.places:
        for inner in place.inside:
            lines.append(f"Inside {called(place.stage)}, for {inner.title}:")
            lines += [sentence(arrow, inner) for arrow in inner.arrows]
    return " ".join(lines)


def _chart(drawn: Chart, now: str | None) -> Drawing:
    order = {START: -1, **{place.stage.name: n for n, place in enumerate(drawn.places)}}
    sides = [_sides(drawn, place, order) for place in drawn.places]
    contents = [
        _content(place, at.height, now) for place, at in zip(drawn.places, sides, strict=True)
    ]
    lanes = _lanes(drawn, order)
    left = _reach(lanes, "left")
    widest = max(content.width for content in contents)
    spine = left + widest / 2
    y, parts, laid = 0.0, list[str](), list[_Laid]()
    for place, content, at in zip(drawn.places, contents, sides, strict=True):
        down = _down(drawn, place, order)
        y += _straight(parts, down, spine, y, widest / 2 - _PAD, first=not laid)
        laid.append(_Laid(place, content, at, spine - content.width / 2, y))
        parts.append(content.at(spine - content.width / 2, y))
        y += content.height
    height = y + 4
    parts += _curves(drawn, laid, lanes, order, (spine - widest / 2, spine + widest / 2))
    return Drawing(left + widest + _reach(lanes, "right"), height, tuple(parts))


def _side(arrow: Arrow, order: Mapping[str, int]) -> str:
    step = order[arrow.target] - order[arrow.source]
    if step == 1:
        return "down"
    return "right" if step > 1 else "left"


def _sides(drawn: Chart, place: Place, order: Mapping[str, int]) -> _Sides:
    return _Sides(_stubs(drawn, place, order, "left"), _stubs(drawn, place, order, "right"))


def _stubs(drawn: Chart, place: Place, order: Mapping[str, int], side: str) -> tuple[_Stub, ...]:
    mine = [arrow for arrow in drawn.arrows if _side(arrow, order) == side]
    arriving = [arrow for arrow in mine if arrow.target == place.stage.name]
    leaving = [arrow for arrow in mine if arrow.source == place.stage.name]
    opening = [arrow for arrow in arriving if arrow.source == START]
    head = [_Stub(None, tuple(_label(opening[0].moves)) if opening else ())] if arriving else []
    return (*head, *(_Stub(arrow, tuple(_label(arrow.moves))) for arrow in leaving))


def _label(moves: Sequence[Move]) -> Iterator[str]:
    for move in moves:
        yield from ink.wrapped(f"{move.title} ({who(move)})", _LABEL)


def _lanes(drawn: Chart, order: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """A lane for each side and target: short ways inside, long ways outside."""
    spans: dict[tuple[str, str], int] = {}
    for arrow in drawn.arrows:
        side = _side(arrow, order)
        if side != "down":
            span = abs(order[arrow.target] - order[arrow.source])
            key = side, arrow.target
            spans[key] = max(span, spans.get(key, 0))
    lanes: dict[tuple[str, str], int] = {}
    for side in ("left", "right"):
        mine = sorted((key for key in spans if key[0] == side), key=lambda k: (spans[k], k[1]))
        lanes |= {key: n for n, key in enumerate(mine)}
    return lanes


def _reach(lanes: Mapping[tuple[str, str], int], side: str) -> float:
    """How much room the lines at one side take."""
    count = sum(1 for lane in lanes if lane[0] == side)
    return _LABEL + 2 * _PAD + count * _LANE if count else 0


def _content(place: Place, side_height: float, now: str | None) -> Drawing:
    """A stage: its title, what can be done in it, the charts inside it."""
    inner = [_boxed(small, now) for small in place.inside]
    width = max([_STAGE, *(drawing.width + 2 * _PAD for drawing in inner)])
    title = ink.wrapped(called(place.stage), (width - 2 * _PAD) * 0.8)
    parts = [ink.text(title, _PAD, 24, "title")]
    y = 24.0 + LINE * len(title)
    for move in place.moves:
        lines = ink.wrapped(f"• {move.title} ({who(move)})", width - 2 * _PAD)
        parts.append(ink.group([ink.text(lines, _PAD, y, "label")], _help(move)))
        y += LINE * len(lines)
    for drawing in inner:
        parts.append(drawing.at((width - drawing.width) / 2, y))
        y += drawing.height + _PAD
    height = max(y, side_height + 2 * _PAD)
    return Drawing(width, height, (*_frame(place, width, height, now), *parts))


def _frame(place: Place, width: float, height: float, now: str | None) -> Iterator[str]:
    present = place.stage.name == now
    yield ink.box(0, 0, width, height, "now" if present else "stage")
    if place.stage.final:
        yield ink.box(4, 4, width - 8, height - 8, "ring")
    if present:
        yield ink.box(width - 58, 10, 44, 20, "tag")
        yield ink.text(["now"], width - 48, 24, "tagged")


def _boxed(small: Chart, now: str | None) -> Drawing:
    """A track: a box around a small chart."""
    inner = _chart(small, now)
    width, height = inner.width + 2 * _PAD, inner.height + 2 * _PAD + LINE
    parts = (
        ink.box(0, 0, width, height, "track"),
        ink.text([small.title], _PAD, 20, "title"),
        inner.at(_PAD, _PAD + LINE),
    )
    return Drawing(width, height, parts)


def _down(drawn: Chart, place: Place, order: Mapping[str, int]) -> Arrow | None:
    """What leads here straight from above."""
    for arrow in drawn.arrows:
        if arrow.target == place.stage.name and _side(arrow, order) == "down":
            return arrow
    return None


def _straight(
    parts: list[str], arrow: Arrow | None, x: float, y: float, width: float, *, first: bool
) -> float:
    """Draw the arrow from above, if there is one; say how much room it took."""
    if arrow is None:
        return 0 if first else _GAP / 2
    lines = [
        line for move in arrow.moves for line in ink.wrapped(f"{move.title} ({who(move)})", width)
    ]
    room = max(_GAP, LINE * len(lines) + 26)
    start = y + 12 if arrow.source == START else y
    drawn = [ink.line([(x, start), (x, y + room)])]
    if arrow.source == START:
        drawn.append(ink.dot(x, y + 8))
    middle = y + room / 2 - LINE * (len(lines) - 1) / 2 + 2
    drawn.append(ink.text(lines, x + 12, middle, "label"))
    parts.append(ink.group(drawn, "; ".join(_help(move) for move in arrow.moves)))
    return room


def _curves(
    drawn: Chart,
    laid: Sequence[_Laid],
    lanes: Mapping[tuple[str, str], int],
    order: Mapping[str, int],
    edges: tuple[float, float],
) -> Iterator[str]:
    """Every line that does not go straight down."""
    for arrow in drawn.arrows:
        side = _side(arrow, order)
        if side == "down":
            continue
        away = _LABEL + 2 * _PAD + lanes[side, arrow.target] * _LANE
        lane = edges[0] - away if side == "left" else edges[1] + away
        yield _curve(arrow, side, laid, order, lane)


def _curve(
    arrow: Arrow, side: str, laid: Sequence[_Laid], order: Mapping[str, int], lane: float
) -> str:
    end = laid[order[arrow.target]].anchor(side, None)
    title = "; ".join(_help(move) for move in arrow.moves)
    lines = list(_label(arrow.moves))
    if arrow.source == START:
        x = end[0] + 2 * _PAD
        start = (x, end[1] - LINE * len(lines) - 22)
        drawn = [ink.dot(*start), ink.line([start, (x, end[1]), end])]
        return ink.group([*drawn, ink.text(lines, x + 12, start[1] + 4, "label")], title)
    start = laid[order[arrow.source]].anchor(side, arrow)
    drawn = [ink.line([start, (lane, start[1]), (lane, end[1]), end])]
    left = min(start[0], lane) + 8 if lane > start[0] else start[0] - _LABEL - _PAD
    top = start[1] - 6 - LINE * (len(lines) - 1)
    return ink.group([*drawn, ink.text(lines, left, top, "label")], title)


def _help(move: Move) -> str:
    """What pointing at a move tells: who, and what must hold."""
    needs = " ".join(rule.sentence for rule in move.rules if not rule.needs_entry)
    return f"{move.title} ({who(move)})" + (f". {needs}" if needs else "")


def _legend(moves: Sequence[Move], width: float) -> Drawing:
    """What can be done in every stage."""
    if not moves:
        return Drawing(width, 0, ())
    parts, y = [ink.text(["At any time"], _PAD, 42, "title")], 42.0 + LINE
    for move in moves:
        lines = ink.wrapped(f"• {move.title} ({who(move)})", width - 2 * _PAD)
        parts.append(ink.text(lines, _PAD, y, "label"))
        y += LINE * len(lines)
    return Drawing(width, y, (ink.box(0, 20, width, y - 20, "any"), *parts))


__all__ = ["mermaid", "svg"]
