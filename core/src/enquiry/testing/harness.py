"""A stream in memory: the same decisions and the same bytes as in production, without a database.

Facts become bytes by ``enquiry.method.record``, with references in place of texts, and are folded
from those bytes; the texts lie beside, where production would keep them sealed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method.available import Action, available
from enquiry.method.compiled import Compiled
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Decision, Planned, decide, opening, tick
from enquiry.method.entry import State, Was
from enquiry.method.live import Live, Stored, evolve, micros
from enquiry.method.method import Look, Move, Recorded, View
from enquiry.method.record import Ref, body_of, opened, refs_in, separated
from enquiry.method.roles import Viewer
from enquiry.method.rules import Reject
from enquiry.method.visible import Shown, knows, reaches, sees_view, visible, warnings
from enquiry.testing.world import PLATFORM, World

FAR = 10**15
"""Position of the first event: large, so that references are as long as they ever get."""


class Sealed(Struct, frozen=True):
    """A text beside its event, with the field it belongs to."""

    text: str
    path: str
    """JSON Pointer of the field within the fact."""
    subject: UUID


class Stream(Struct, frozen=True):
    """A stream as it stands after its events; every act makes a new value."""

    compiled: Compiled
    world: World
    live: Live
    others: Mapping[UUID, Any]
    """States of other streams, with what this one wrote to them."""
    events: tuple[Stored, ...] = ()
    sealed: Mapping[Ref, Sealed] = {}
    position: int = FAR
    """Of the next event."""

    def but(self, **changes: Any) -> "Stream":
        """The same, but for these fields."""
        return msgspec.structs.replace(self, **changes)

    def viewer(self, who: UUID, now: datetime) -> Viewer:
        """Somebody with the circles they belong to now."""
        return Viewer(who, _circles(self, who, now))

    def texts(self) -> dict[Ref, str]:
        """Every text by its reference."""
        return {ref: sealed.text for ref, sealed in self.sealed.items()}

    def recorded(self) -> Iterator[Recorded]:
        """Every fact that the method knows, oldest first."""
        for event in self.events:
            found = self.compiled.facts.recorded(event)
            if found is not None:
                yield found


_LATELY: dict[int, tuple[Any, Any, dict[tuple[UUID, datetime], frozenset[str]]]] = {}
"""Circles looked up for a state, by its identity: everybody is asked about again and again."""
_LATELY_MAX = 8


def _circles(stream: Stream, who: UUID, now: datetime) -> frozenset[str]:
    state, world = stream.live.state, stream.world
    kept = _LATELY.get(id(state))
    if kept is None or kept[0] is not state or kept[1] is not world:
        if len(_LATELY) >= _LATELY_MAX:
            _LATELY.clear()
        kept = _LATELY[id(state)] = (state, world, {})
    found = kept[2].get((who, now))
    if found is None:
        found = kept[2][who, now] = world.circles_of(who, now, state)
    return found


def blank(compiled: Compiled, world: World) -> Stream:
    """A stream before its first event."""
    live = compiled.blank(world.stream, world.alliance)
    return Stream(compiled, world, live, dict(world.streams))


def begun(compiled: Compiled, world: World, by: UUID, now: datetime, act: UUID) -> Stream:
    """A stream that was opened without a move, for methods that have none that opens."""
    stream = blank(compiled, world)
    around = surroundings(stream, by, now, act)
    return record(stream, [opening(compiled, world.stream, around)], around)


def surroundings(stream: Stream, who: UUID, now: datetime, act: UUID) -> Ctx:
    """What the rules may look at, for one person at one time."""
    live = stream.live
    return Ctx(
        actor=who,
        now=now,
        id=act,
        stream=live.stream,
        alliance=live.alliance,
        circles=stream.viewer(who, now).circles,
        reads=Reads({**stream.others, live.stream: live.state}),
        texts=stream.world.texts,
        installed=stream.world.installed,
    )


class Reads(dict[UUID, Any]):
    """States of other streams; one that nobody made does not exist, and reads as ``None``."""

    def __contains__(self, key: object) -> bool:
        """Everything has been loaded."""
        return True

    def __missing__(self, key: UUID) -> Any:
        """There is no such stream."""
        return None


def act(
    stream: Stream,
    who: UUID,
    move: Move,
    body: bytes,
    now: datetime,
    act_id: UUID,
    if_match: int | None = None,
) -> tuple[Stream, Decision]:
    """Judge a command and record what it brings about.

    Raises:
        Reject: nothing was recorded.
    """
    viewer = stream.viewer(who, now)
    if not move.opens and not reaches(stream.compiled, stream.live, viewer, move):
        raise Reject("NOT_FOUND", "There is nothing here for you.")
    around = surroundings(stream, who, now, act_id)
    decision = decide(stream.compiled, stream.live, move, body, around, if_match)
    return record(stream, decision.facts, around), decision


def pass_time(stream: Stream, now: datetime, act_id: UUID) -> tuple[Stream, Decision]:
    """Record what the passing of time brings about."""
    around = surroundings(stream, PLATFORM, now, act_id)
    decision = tick(stream.compiled, stream.live, around)
    return record(stream, decision.facts, around), decision


def record(stream: Stream, facts: Sequence[Planned], around: Ctx) -> Stream:
    """Append facts as bytes, and fold them from those bytes."""
    for planned in facts:
        if planned.stream == stream.live.stream:
            stream = _own(stream, planned, around)
        else:
            stream = _elsewhere(stream, planned, around)
    return stream


def _own(stream: Stream, planned: Planned, around: Ctx) -> Stream:
    data, personal = separated(planned.entry, around.actor)
    revision = stream.live.revision + 1
    event = Stored(
        stream.position,
        planned.stream,
        stream.live.alliance,
        revision,
        planned.id,
        planned.kind,
        body_of(planned, data, around, revision=revision, salt=b""),
        micros(around.now),
    )
    beside = {
        Ref(event.position, value.slot): Sealed(value.plaintext, value.path, value.subject)
        for value in personal
    }
    return stream.but(
        live=evolve(stream.compiled.facts, stream.live, event),
        events=(*stream.events, event),
        sealed={**stream.sealed, **beside},
        position=stream.position + 1,
    )


def _elsewhere(stream: Stream, planned: Planned, around: Ctx) -> Stream:
    """Fold a fact into another stream, if the world has a state for it."""
    state = stream.others.get(planned.stream)
    others = stream.others
    if isinstance(state, State):
        was = Was(planned.id, 0, around.now, around.actor, around.acting_for)
        others = {**others, planned.stream: planned.entry.apply(state, was)}
    return stream.but(others=others, position=stream.position + 1)


def refold(stream: Stream) -> Iterator[Live]:
    """The stream folded afresh from its bytes, after each event."""
    live = stream.compiled.blank(stream.live.stream, stream.live.alliance)
    for event in stream.events:
        live = evolve(stream.compiled.facts, live, event)
        yield live


def actions(stream: Stream, who: UUID, now: datetime) -> tuple[Action, ...]:
    """What somebody can do now, and why not; nothing where the stream is none of their business."""
    if not knows_of(stream, who, now):
        return ()
    return available(stream.compiled, stream.live, surroundings(stream, who, now, UUID(int=1)))


def knows_of(stream: Stream, who: UUID, now: datetime) -> bool:
    """Whether the stream exists for somebody."""
    return knows(stream.compiled, stream.live, stream.viewer(who, now))


def readable(stream: Stream, who: UUID, now: datetime) -> list[tuple[Recorded, Shown]]:
    """Facts that somebody may read now, with what is hidden of them."""
    viewer = stream.viewer(who, now)
    found: list[tuple[Recorded, Shown]] = []
    for recorded in stream.recorded():
        shown = visible(stream.compiled, stream.live, recorded, viewer)
        if shown is not None:
            found.append((recorded, shown))
    return found


def views(stream: Stream, who: UUID, now: datetime) -> tuple[View, ...]:
    """Views that somebody may ask for now."""
    viewer = stream.viewer(who, now)
    every = stream.compiled.method.views
    return tuple(view for view in every if sees_view(stream.compiled, stream.live, view, viewer))


def look(stream: Stream, view: View, who: UUID, now: datetime) -> Any:
    """A view as plain JSON values, texts still references."""
    live, viewer = stream.live, stream.viewer(who, now)
    seen = Look(
        viewer=viewer,
        cast=stream.compiled.method.cast(live.state),
        now=now,
        read=Reads(stream.others).__getitem__,
        stage=live.stage,
        alliance=live.alliance,
        stream=live.stream,
        options=stream.compiled.options(live),
        warnings=tuple(warnings(stream.compiled, live, viewer)),
        raised=live.warnings,
    )
    return msgspec.to_builtins(view.build(live.state, seen), str_keys=True)


def with_texts(stream: Stream, value: Any) -> Any:
    """Plain values with every reference replaced by its text."""
    known = stream.texts()
    return opened(value, {ref: known.get(ref, "?") for ref in refs_in(value)})


def event_of(stream: Stream, position: int) -> Stored | None:
    """The event at a position, if it is one of this stream."""
    return next((event for event in stream.events if event.position == position), None)


__all__ = [
    "Reads",
    "Sealed",
    "Stream",
    "act",
    "actions",
    "begun",
    "blank",
    "event_of",
    "look",
    "pass_time",
    "readable",
    "record",
    "refold",
    "surroundings",
    "views",
    "with_texts",
]
