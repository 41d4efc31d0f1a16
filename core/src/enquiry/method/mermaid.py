"""The statechart as Mermaid text, for documents whose readers draw it themselves."""

from collections.abc import Iterator

from enquiry.method.chart import START, Arrow, Chart, called, chart, who
from enquiry.method.method import Method, Move


def mermaid(method: Method) -> str:
    """A ``stateDiagram-v2``: stages, moves between them with roles and guards, tracks as boxes."""
    drawn = chart(method)
    return "\n".join(["stateDiagram-v2", *_chart(drawn, "  ")]) + "\n"


def _chart(drawn: Chart, indent: str) -> Iterator[str]:
    for place in drawn.places:
        yield f'{indent}state "{_plain(called(place.stage))}" as {_id(place.stage.name)}'
        if place.inside:
            yield f"{indent}state {_id(place.stage.name)} {{"
            for inner in place.inside:
                yield from _track(inner, place.stage.name, f"{indent}  ")
            yield f"{indent}}}"
    for arrow in drawn.arrows:
        yield from _arrow(arrow, indent)
    for place in drawn.places:
        for move in place.moves:
            here = _id(place.stage.name)
            yield f"{indent}{here} --> {here}: {_label(move)}"
        if place.stage.final:
            yield f"{indent}{_id(place.stage.name)} --> [*]"


def _track(inner: Chart, within: str, indent: str) -> Iterator[str]:
    name = f"{_id(within)}_{_id(inner.places[0].stage.name)}_each"
    yield f'{indent}state "{_plain(inner.title)}" as {name}'
    yield f"{indent}state {name} {{"
    yield from _chart(inner, f"{indent}  ")
    yield f"{indent}}}"


def _arrow(arrow: Arrow, indent: str) -> Iterator[str]:
    source = "[*]" if arrow.source == START else _id(arrow.source)
    if not arrow.moves:
        yield f"{indent}{source} --> {_id(arrow.target)}"
    for move in arrow.moves:
        yield f"{indent}{source} --> {_id(arrow.target)}: {_label(move)}"


def _label(move: Move) -> str:
    guards = [rule.sentence for rule in move.rules if not rule.needs_entry]
    words = f"{who(move)} · {move.kind}"
    return _plain(f"{words} [{' '.join(guards)}]" if guards else words)


def _id(name: str) -> str:
    """An identifier that is no keyword of Mermaid."""
    return f"s_{name.replace('-', '_')}"


def _plain(words: str) -> str:
    """Without the characters that end a label in Mermaid."""
    table = str.maketrans({":": ",", ";": ",", "#": "no. ", '"': "'", "\n": " "})
    return words.translate(table)
