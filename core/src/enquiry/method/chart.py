"""The statechart of a method as a graph, from which every picture of it is drawn."""

from msgspec import Struct

from enquiry.method.lint_flow import starts
from enquiry.method.method import Method, Move, Stage, Track

START: str = ""
"""Stands for the dot from which a chart begins."""


class Arrow(Struct, frozen=True):
    """Moves that lead from one place to another."""

    source: str
    """Name of a stage, or ``START``."""
    target: str
    moves: tuple[Move, ...]


class Place(Struct, frozen=True):
    """A stage, what can be done in it, and the small charts that run inside it."""

    stage: Stage
    moves: tuple[Move, ...]
    """Moves that lead nowhere else."""
    inside: tuple["Chart", ...] = ()


class Chart(Struct, frozen=True):
    """A statechart: the large one, or that of a track."""

    title: str
    places: tuple[Place, ...]
    arrows: tuple[Arrow, ...]


def chart(method: Method) -> Chart:
    """The large chart, with those of its tracks inside."""
    places = tuple(
        Place(stage, _staying(method, stage), _inside(method, stage)) for stage in method.stages
    )
    pairs: dict[tuple[str, str], list[Move]] = {}
    for move in method.moves:
        sources = [START] if move.opens else [stage.name for stage in starts(method, move)]
        targets = [stage.name for stage in move.to if stage.track is None]
        if move.opens and not targets:
            targets = [method.stages[0].name]
        for source in sources:
            for target in targets:
                pairs.setdefault((source, target), []).append(move)
    if not any(source == START for source, _ in pairs):
        pairs[START, method.stages[0].name] = []
    return Chart(method.title, places, _arrows(pairs))


def anytime(method: Method) -> tuple[Move, ...]:
    """Moves that are possible in every stage and change none."""
    return tuple(m for m in method.moves if not m.at and not m.to and not m.opens)


def _arrows(pairs: dict[tuple[str, str], list[Move]]) -> tuple[Arrow, ...]:
    return tuple(Arrow(source, target, tuple(moves)) for (source, target), moves in pairs.items())


def _staying(method: Method, stage: Stage) -> tuple[Move, ...]:
    return tuple(m for m in method.moves if stage in m.at and not m.to and not m.opens)


def _inside(method: Method, stage: Stage) -> tuple[Chart, ...]:
    return tuple(_track(method, track) for track in method.tracks if track.within == stage.name)


def _track(method: Method, track: Track) -> Chart:
    own = {stage.name for stage in track.stages}
    pairs: dict[tuple[str, str], list[Move]] = {}
    for move in method.moves:
        sources = [stage.name for stage in move.at if stage.name in own] or [START]
        for target in (stage.name for stage in move.to if stage.name in own):
            for source in sources:
                pairs.setdefault((source, target), []).append(move)
    places = tuple(Place(stage, _staying(method, stage)) for stage in track.stages)
    return Chart(f"{track.title} × each", places, _arrows(pairs))


def called(stage: Stage) -> str:
    """The title of a stage, or its name in words."""
    return stage.title or stage.name.replace("-", " ").replace("_", " ")


def who(move: Move) -> str:
    """The roles that may do it, in words."""
    return ", ".join(role.name.replace("-", " ") for role in move.by)


def sentence(arrow: Arrow, charts: Chart) -> str:
    """An arrow read aloud, for those who cannot see it."""
    names = {place.stage.name: called(place.stage) for place in charts.places}
    moves = "; ".join(f"{move.title} ({who(move)})" for move in arrow.moves)
    source = names.get(arrow.source, "the beginning")
    return f"From {source} to {names[arrow.target]}" + (f": {moves}." if moves else ".")
