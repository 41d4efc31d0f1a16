"""Static checks of the statechart and of who may act in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from enquiry.method.flaw import Flaw
from enquiry.method.method import Method, Move, Stage, Track
from enquiry.method.roles import CIRCLES, Role

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_CIRCLES = frozenset(role.name for role in CIRCLES)


def stages(method: Method) -> Iterator[Flaw]:
    """M01: names, targets, reachability, a way out of every stage."""
    yield from _names(method)
    yield from _undeclared(method)
    yield from _choices(method)
    edges = leads(method)
    yield from _orphans(method, edges)
    yield from _dead_ends(method, edges)
    for track in method.tracks:
        yield from _track(method, track)


def leads(method: Method) -> Mapping[str, frozenset[str]]:
    """Where each stage of the large chart may lead."""
    out: dict[str, set[str]] = {stage.name: set() for stage in method.stages}
    for move in method.moves:
        targets = {stage.name for stage in move.to if stage.track is None}
        for source in starts(method, move):
            out[source.name] |= targets - {source.name}
    return {name: frozenset(targets) for name, targets in out.items()}


def starts(method: Method, move: Move) -> tuple[Stage, ...]:
    """Stages of the large chart in which a move may be done."""
    if move.opens:
        return method.stages[:1]
    within = {track.name: track.within for track in method.tracks}
    named = {s.name if s.track is None else within.get(s.track, "") for s in move.at}
    return tuple(s for s in method.stages if (s.name in named if move.at else not s.final))


def _names(method: Method) -> Iterator[Flaw]:
    every = [*method.stages, *(stage for track in method.tracks for stage in track.stages)]
    for name, count in Counter(stage.name for stage in every).items():
        if count > 1:
            yield Flaw("M01", f"stage {name}", "two stages have this name.")
        if not _NAME.fullmatch(name):
            yield Flaw("M01", f"stage {name}", "use small letters, digits and hyphens.")
    for kind, count in Counter(move.kind for move in method.moves).items():
        if count > 1:
            yield Flaw("M01", f"move {kind}", "two moves have this name.")
    if method.stream == "run" and not any(stage.final for stage in method.stages):
        yield Flaw("M01", "stages", "none is final: a run must be able to end.")


def _undeclared(method: Method) -> Iterator[Flaw]:
    known = {*method.stages, *(stage for track in method.tracks for stage in track.stages)}
    for move in method.moves:
        for stage in (*move.at, *move.to):
            if stage not in known:
                says = f"{stage.name} is not a stage of this method."
                yield Flaw("M01", f"move {move.kind}", says)
        final = [stage.name for stage in move.at if stage.final]
        if final and not move.after_close:
            says = f"nothing happens in the final stage {final[0]}, unless after_close is set."
            yield Flaw("M01", f"move {move.kind}", says)


def _choices(method: Method) -> Iterator[Flaw]:
    for move in method.moves:
        if move.to and move.handler is None:
            says = "it leads somewhere but has no handler that chooses where."
            yield Flaw("M01", f"move {move.kind}", says)


def _orphans(method: Method, edges: Mapping[str, frozenset[str]]) -> Iterator[Flaw]:
    reached = _closure(edges, {stage.name for stage in method.stages[:1]})
    for stage in method.stages:
        if stage.name not in reached:
            yield Flaw("M01", f"stage {stage.name}", "nothing leads here.")


def _dead_ends(method: Method, edges: Mapping[str, frozenset[str]]) -> Iterator[Flaw]:
    finals = {stage.name for stage in method.stages if stage.final}
    if not finals:
        return
    back = {name: frozenset(s for s, to in edges.items() if name in to) for name in edges}
    ends = _closure(back, finals)
    for stage in method.stages:
        if stage.name not in ends:
            yield Flaw("M01", f"stage {stage.name}", "no way leads from here to the end.")


def _closure(edges: Mapping[str, frozenset[str]], start: set[str]) -> set[str]:
    reached, todo = set(start), list(start)
    while todo:
        fresh = edges.get(todo.pop(), frozenset()) - reached
        reached |= fresh
        todo.extend(fresh)
    return reached


def _track(method: Method, track: Track) -> Iterator[Flaw]:
    where = f"track {track.name}"
    if track.within not in {stage.name for stage in method.stages}:
        yield Flaw("M01", where, f"{track.within} is not a stage of this method.")
    entered = {stage for move in method.moves for stage in move.to}
    for stage in track.stages:
        if stage not in entered:
            yield Flaw("M01", f"stage {stage.name}", f"nothing leads here in {where}.")


def roles(method: Method) -> Iterator[Flaw]:
    """M02: every role that is used is declared, every declared one is used, counts are possible."""
    declared = {role.name for role in method.roles}
    used: set[str] = set()
    for where, role in _uses(method):
        used.add(role.name)
        if not role.circle and role.name not in declared:
            yield Flaw("M02", where, f"the role {role.name} is not declared.")
        if role.circle and role.name not in _CIRCLES and ":" not in role.name:
            yield Flaw("M02", where, f"there is no circle {role.name}.")
    for role in method.roles:
        where = f"role {role.name}"
        if role.name not in used and not role.circle:
            yield Flaw("M02", where, "nothing is done or seen by it.")
        if role.at_least < 0 or (role.at_most is not None and role.at_most < role.at_least):
            yield Flaw("M02", where, f"nobody can be {role.at_least} to {role.at_most} people.")
    for move in method.moves:
        if not move.by:
            yield Flaw("M02", f"move {move.kind}", "nobody may do it.")


def _uses(method: Method) -> Iterable[tuple[str, Role]]:
    for move in method.moves:
        yield from ((f"move {move.kind}", role) for role in move.by)
    for show in method.shows:
        yield from ((f"row for {show.fact.__name__}", role) for role in show.to)
    for view in method.views:
        yield from ((f"view {view.name}", role) for role in view.to)
    yield from (("moderators", role) for role in method.moderators)
    yield from (("acknowledgers", role) for role in method.acknowledgers)
    yield from (("group", role) for role in method.group)
