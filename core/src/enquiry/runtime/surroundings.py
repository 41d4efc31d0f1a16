"""Gathering what a decision or a reader may look at: the stream, its alliance, its enquiry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.alliance.state import Alliance
from enquiry.kernel.circles import circles
from enquiry.kernel.run.state import Run
from enquiry.log.promise import StoredEvent
from enquiry.method.compiled import Compiled
from enquiry.method.live import Live
from enquiry.method.method import Move, Recorded
from enquiry.method.roles import MEMBER, OPERATOR, STEWARD, SYSTEM, Viewer
from enquiry.method.rules import Reject
from enquiry.method.visible import acts, knows, reaches
from enquiry.runtime.dormant import takes_part
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.terms import Asker

_BELONGS = frozenset({MEMBER.name, STEWARD.name, SYSTEM.name})
ABSENT = "There is nothing here for you."
"""The one sentence for what does not exist and for what somebody may not know exists."""
PLATFORM = UUID(int=0)
"""The actor of what only time brings about."""


class Scene(Struct, frozen=True):
    """A stream with what stands around it, as loaded together."""

    here: Loaded
    alliance: Loaded | None
    enquiry: Loaded | None

    @property
    def live(self) -> Live:
        """The stream itself."""
        return self.here.live

    @property
    def compiled(self) -> Compiled:
        """Its method; a dormant stream has none and allows nothing."""
        if self.here.compiled is None:
            raise Reject(
                "METHOD_NOT_REGISTERED",
                "The method of this run is not installed; it can be read, not changed.",
            )
        return self.here.compiled

    @property
    def alliance_state(self) -> Alliance:
        """State of the alliance; empty for one that is just being opened."""
        return self.alliance.live.state if self.alliance else Alliance()  # pyright: ignore[reportReturnType]

    def viewer(self, asker: Asker, now: datetime) -> Viewer:
        """Who asks, with the circles they belong to today; a machine has none elsewhere."""
        if asker.within is not None and asker.within != self.live.alliance:
            return Viewer(asker.person)
        around = self.enquiry.live.state if self.enquiry else None
        found = circles(self.alliance_state, asker.person, now, self.live.state, around)
        if asker.operator:
            found |= {OPERATOR.name}
        if asker.person == PLATFORM:
            found |= {SYSTEM.name}
        return Viewer(asker.person, found)

    def loaded(self) -> Mapping[UUID, Loaded]:
        """Everything here, by stream."""
        every = (self.here, self.alliance, self.enquiry)
        return {one.live.stream: one for one in every if one is not None}

    def named(self, event: StoredEvent) -> Recorded | None:
        """A decoded fact of the alliance or of the stream itself, for opening the names that core
        itself needs (the roster), whoever asks."""
        near = self.here if event.stream == self.live.stream else self.alliance
        return reveal(near.compiled if near is not None else None, event)

    def known_to(self, viewer: Viewer) -> bool:
        """Whether the stream exists for this viewer.

        Whoever no longer belongs to the alliance is out at once, whatever part they had. A dormant
        run is there for those who take part in it.
        """
        compiled = self.here.compiled
        known = (
            takes_part(self.live.state, viewer.person)
            if compiled is None
            else knows(compiled, self.live, viewer)
        )
        return known and not _BELONGS.isdisjoint(viewer.circles)

    def open_to(self, viewer: Viewer, move: Move) -> bool:
        """Whether the stream exists for this viewer when they do this.

        What is theirs by right (withdrawing consent) stays open to them, also when they belong
        nowhere any more. Whoever only reads here has nothing to do here: to them an act is as
        absent as to anybody outside.
        """
        if not move.right:
            compiled = self.here.compiled
            known = self.known_to(viewer)
            return known and (compiled is None or acts(compiled, self.live, viewer, move))
        return self.here.compiled is not None and reaches(
            self.here.compiled, self.live, viewer, move
        )


async def scene(streams: Streams, stream: UUID, *, fresh: bool) -> Scene | None:
    """The stream and its surroundings; from memory if that is good enough."""
    here = await streams.get(stream)
    if here is None:
        return None
    wanted = {here.live.stream, here.live.alliance, *served(here.live.state)}
    if fresh:
        found = await streams.fresh(wanted)
        here = found.get(stream, here)
    else:
        found = {one: got for one in wanted if (got := await streams.get(one)) is not None}
    enquiry = next((found[one] for one in served(here.live.state) if one in found), None)
    return Scene(here, found.get(here.live.alliance), _same(enquiry, here.live.alliance))


def served(state: Any) -> tuple[UUID, ...]:
    """The enquiry that a run serves, if any."""
    return (state.enquiry,) if isinstance(state, Run) and state.enquiry is not None else ()


def _same(loaded: Loaded | None, alliance: UUID) -> Loaded | None:
    return loaded if loaded is not None and loaded.live.alliance == alliance else None


def reveal(compiled: Compiled | None, event: StoredEvent) -> Recorded | None:
    """The decoded fact, for opening values that core itself needs (the roster)."""
    return compiled.facts.recorded(event) if compiled is not None else None
