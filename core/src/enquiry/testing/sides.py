"""What people are shown of one course of a walk, to be compared with another course."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from enquiry.method.available import Action
from enquiry.method.visible import tells, visible, warnings
from enquiry.testing import harness
from enquiry.testing.harness import Stream
from enquiry.testing.judge import Attempt, as_json

_OPENED, _OPTIONS = "core/opened", frozenset({"params"})


class Side:
    """A stream at one moment, seen by everybody in turn; facts are decoded once."""

    def __init__(self, stream: Stream, step: Attempt, now: datetime) -> None:
        """``step``: the act that is another in the other course."""
        wanted = {f.id for f in step.decision.facts} if step.decision is not None else set[UUID]()
        every = list(stream.recorded())
        self._stream = stream
        self._now = now
        self._changed = [
            recorded
            for recorded in every
            if recorded.was.id in wanted
            and (recorded.kind == _OPENED or not recorded.kind.startswith("core/"))
        ]
        self._rest = [recorded for recorded in every if recorded.was.id not in wanted]
        self._cast = stream.compiled.method.cast(stream.live.state)
        self.hidden = _hidden(stream)

    def roles(self, who: UUID) -> set[str]:
        """Which roles somebody holds, and to which circles they belong."""
        held = {role for role, people in self._cast.items() if who in people}
        return held | self._stream.viewer(who, self._now).circles

    def may_read(self, who: UUID, fields: frozenset[str]) -> bool:
        """Whether somebody may read what the act recorded: one of these fields, or that it is."""
        viewer = self._stream.viewer(who, self._now)
        for recorded in self._changed:
            if recorded.was.by == who:
                return True
            if recorded.kind == _OPENED and fields != _OPTIONS:
                continue
            shown = tells(self._stream.compiled, self._stream.live, recorded, viewer)
            if shown is not None and (not fields or fields - shown.hide):
                return True
        return False

    def readable(self, who: UUID) -> set[tuple[UUID, frozenset[str]]]:
        """The other facts that somebody may read, with what is hidden of them."""
        viewer, found = self._stream.viewer(who, self._now), set[tuple[UUID, frozenset[str]]]()
        for recorded in self._rest:
            shown = visible(self._stream.compiled, self._stream.live, recorded, viewer)
            if shown is not None:
                found.add((recorded.was.id, shown.hide))
        return found

    def views(self, who: UUID, besides: Collection[str]) -> dict[str, bytes]:
        """The views that somebody may ask for, as bytes."""
        return {
            view.name: as_json(harness.look(self._stream, view, who, self._now))
            for view in harness.views(self._stream, who, self._now)
            if view.name not in besides
        }

    def actions(self, who: UUID) -> tuple[Action, ...]:
        """What somebody can do."""
        return harness.actions(self._stream, who, self._now)

    def warned(self, who: UUID, besides: Collection[str]) -> list[bytes]:
        """The warnings that somebody can see, but for those with these codes."""
        viewer = self._stream.viewer(who, self._now)
        seen = warnings(self._stream.compiled, self._stream.live, viewer)
        return [as_json([w.code, w.about, w.params]) for w in seen if w.code not in besides]


def _hidden(stream: Stream) -> set[UUID]:
    """Facts that were withdrawn, or taken back by their authors."""
    method, state = stream.compiled.method, stream.live.state
    gone = set(method.gone(state)) if method.gone is not None else set[UUID]()
    return gone | (set(method.withheld(state)) if method.withheld is not None else set[UUID]())
