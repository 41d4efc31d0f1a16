"""Reading: a stream, its views, its history, as one viewer may see them at the time of asking.

A past state (``at``) is shown under today's permissions, withdrawals and erasures.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.log.promise import StoredEvent
from enquiry.method.available import available
from enquiry.method.compiled import Compiled
from enquiry.method.ctx import Ctx, Need
from enquiry.method.live import Live, envelope_of
from enquiry.method.method import Look, Recorded
from enquiry.method.roles import Viewer
from enquiry.method.rules import Reject
from enquiry.method.visible import sees_view, takes_part, tells, visible, warnings
from enquiry.runtime.shown import warning_shown
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.surroundings import ABSENT, Scene, scene
from enquiry.runtime.terms import Asker, HistoryItem, Page, Representation, Summary, ViewRef
from enquiry.runtime.texts import Allowed, Opener, Partly

At = int | datetime | None


class Seen(Struct, frozen=True):
    """A stream that the viewer may see: as it stands today, and at the moment they asked about."""

    scene: Scene
    viewer: Viewer
    then: Live
    now: datetime

    @property
    def compiled(self) -> Compiled:
        """The stream's method."""
        return self.scene.compiled


class Reader:
    """Answers questions about streams."""

    def __init__(self, streams: Streams, opener: Opener) -> None:
        """Streams are folded by ``streams``, texts opened by ``opener``."""
        self._streams = streams
        self._opener = opener

    async def see(self, asker: Asker, stream: UUID, now: datetime, at: At = None) -> Seen:
        """The stream, if it exists for this viewer.

        Raises:
            Reject: ``NOT_FOUND`` if it does not, or did not at that moment.
        """
        found = await scene(self._streams, stream, fresh=True)
        if found is None:
            raise Reject("NOT_FOUND", ABSENT)
        viewer = found.viewer(asker, now)
        if found.here.compiled is not None and not found.known_to(viewer):
            raise Reject("NOT_FOUND", ABSENT)
        if found.here.compiled is None and not viewer.circles:
            raise Reject("NOT_FOUND", ABSENT)
        then = found.live
        if at is not None:
            compiled = found.here.compiled
            unseen = _taken_back(compiled, then, viewer) if compiled is not None else ()
            past = await self._streams.at(stream, at, unseen)
            if past is None:
                raise Reject("NOT_FOUND", "It did not exist at that moment.")
            then = past.live
        return Seen(found, viewer, then, now)

    async def state(self, stream: UUID) -> Any:
        """What the rules remember of a stream, whoever asks; ``None`` if there is no such one."""
        loaded = (await self._streams.fresh((stream,))).get(stream)
        return loaded.live.state if loaded is not None else None

    async def representation(self, seen: Seen) -> Representation:
        """The stream's state, what can be done, what deserves a look."""
        live, compiled = seen.then, seen.scene.here.compiled
        if compiled is None:
            return _dormant(live)
        shown = [warning_shown(w) for w in warnings(compiled, live, seen.viewer)]
        actions = await self._actions(seen) if live is seen.scene.live else ()
        represented = Representation(
            id=live.stream,
            alliance=live.alliance,
            stream=compiled.method.stream,
            method=live.method,
            version=live.version,
            title=_title(live),
            stage=live.stage,
            tracks=live.tracks if takes_part(compiled, live, seen.viewer) else {},
            revision=live.revision,
            position=live.position,
            opened_at=live.opened_at,
            updated_at=live.updated_at,
            roles=_roles(compiled, live, seen.viewer),
            warnings=tuple(shown),
            actions=actions,
            views=tuple(
                ViewRef(view.name, view.title)
                for view in compiled.method.views
                if sees_view(compiled, live, view, seen.viewer)
            ),
        )
        texts = await self._opener.open(
            {"title": represented.title, "notes": [w.ack_note for w in shown]}, self.allowed(seen)
        )
        noted = tuple(
            msgspec.structs.replace(w, ack_note=note)
            for w, note in zip(shown, texts["notes"], strict=True)
        )
        title = texts["title"] if isinstance(texts["title"], str) else None
        return msgspec.structs.replace(represented, title=title, warnings=noted)

    async def _actions(self, seen: Seen) -> tuple[Any, ...]:
        """Available moves; streams that a condition looks at are loaded as it asks for them."""
        reads: dict[UUID, Any] = {
            stream: one.live.state for stream, one in seen.scene.loaded().items()
        }
        live = seen.then
        reads.setdefault(live.alliance, None)
        while True:
            ctx = Ctx(
                actor=seen.viewer.person,
                now=seen.now,
                id=live.stream,
                stream=live.stream,
                alliance=live.alliance,
                circles=seen.viewer.circles,
                reads=reads,
            )
            try:
                return available(seen.compiled, live, ctx)
            except Need as need:
                reads[need.stream] = await self._state(need.stream, live.alliance)

    async def _state(self, stream: UUID, alliance: UUID) -> Any:
        loaded = (await self._streams.fresh((stream,))).get(stream)
        if loaded is None or loaded.live.alliance != alliance:
            return None
        return loaded.live.state

    def allowed(self, seen: Seen) -> Allowed:
        """Which events' texts this viewer may read, and which of their fields: as of today."""
        compiled, live = seen.compiled, seen.scene.live

        def check(event: StoredEvent) -> Partly | None:
            if event.stream != live.stream:
                return None
            recorded = compiled.facts.recorded(event)
            if recorded is None:
                return None
            shown = tells(compiled, live, recorded, seen.viewer)
            return Partly(recorded, shown.hide) if shown is not None else None

        return check

    async def view(self, seen: Seen, name: str) -> Any:
        """One read model; ``NOT_FOUND`` for one this viewer may not ask for."""
        compiled = seen.compiled
        found = next((view for view in compiled.method.views if view.name == name), None)
        # Whoever may not see it today may not see it in the past either, and the other way round.
        for live in (seen.scene.live, seen.then):
            if found is None or not sees_view(compiled, live, found, seen.viewer):
                raise Reject("NOT_FOUND", ABSENT)
            if live is not seen.scene.live and not found.past:
                raise Reject("NOT_FOUND", "This is shown only as it stands today.")
        reads: dict[UUID, Any] = {
            stream: one.live.state for stream, one in seen.scene.loaded().items()
        }
        while True:
            try:
                built = found.build(seen.then.state, self._look(seen, reads))  # pyright: ignore[reportOptionalMemberAccess]
                break
            except Need as need:
                reads[need.stream] = await self._state(need.stream, seen.then.alliance)
        plain = msgspec.to_builtins(built, str_keys=True)
        return await self._opener.open(plain, self._allowed_around(seen))

    def _allowed_around(self, seen: Seen) -> Allowed:
        """Texts of the stream itself, and names of people out of the alliance."""
        own = self.allowed(seen)
        around = seen.scene.alliance

        def check(event: StoredEvent) -> Recorded | Partly | None:
            if around is None or event.stream != around.live.stream or around.compiled is None:
                return own(event)
            recorded = around.compiled.facts.recorded(event)
            if recorded is None:
                return None
            shown = visible(around.compiled, around.live, recorded, seen.viewer)
            return Partly(recorded, shown.hide) if shown is not None else None

        return check

    def _look(self, seen: Seen, reads: Mapping[UUID, Any]) -> Look:
        def read(stream: UUID) -> Any:
            if stream not in reads:
                raise Need(stream)
            return reads[stream]

        live = seen.then
        return Look(
            viewer=seen.viewer,
            cast=seen.compiled.cast(live.state),
            now=seen.now,
            read=read,
            stage=live.stage,
            alliance=live.alliance,
            stream=live.stream,
            options=seen.compiled.options(live),
            warnings=tuple(warnings(seen.compiled, live, seen.viewer)),
            raised=live.warnings,
        )

    async def history(self, seen: Seen, after: int, limit: int, at: At) -> Page:
        """Facts this viewer may see with ``revision > after``, oldest first."""
        events = await self._streams.events(seen.then.stream, at)
        items: list[HistoryItem] = []
        compiled, live = seen.compiled, seen.scene.live
        for event in events:
            if event.revision <= after:
                continue
            recorded = compiled.facts.recorded(event)
            shown = visible(compiled, live, recorded, seen.viewer) if recorded else None
            if recorded is None or shown is None:
                continue
            if len(items) == limit:
                return Page(await self._opened(seen, items), str(items[-1].revision))
            items.append(_item(event, recorded, shown.hide, seen.viewer))
        return Page(await self._opened(seen, items), None)

    async def _opened(self, seen: Seen, items: list[HistoryItem]) -> tuple[HistoryItem, ...]:
        data = await self._opener.open([item.data for item in items], self.allowed(seen))
        return tuple(
            msgspec.structs.replace(item, data=fields)
            for item, fields in zip(items, data, strict=True)
        )

    async def lost_sight(self, seen: Seen, position: int) -> bool:
        """Whether the event at this position took something out of this viewer's sight."""
        before = await self._streams.at(seen.then.stream, position - 1)
        after = await self._streams.at(seen.then.stream, position)
        if before is None or after is None:
            return False
        compiled, viewer = seen.compiled, seen.viewer
        vanished = _taken_back(compiled, after.live, viewer) - _taken_back(
            compiled, before.live, viewer
        )
        if not vanished:
            return False
        for event in await self._streams.events(seen.then.stream, position):
            recorded = compiled.facts.recorded(event) if event.id in vanished else None
            if recorded and visible(compiled, before.live, recorded, viewer):
                return True
        return False

    async def summary(self, seen: Seen) -> Summary:
        """The stream in a list."""
        shown = await self.representation(seen)
        return Summary(**{name: getattr(shown, name) for name in Summary.__struct_fields__})


def _taken_back(compiled: Compiled, live: Live, viewer: Viewer) -> set[UUID]:
    """Ids of facts that were withdrawn, or that their authors keep to themselves by now."""
    gone, withheld = compiled.method.gone, compiled.method.withheld
    found = set(gone(live.state)) if gone is not None else set[UUID]()
    if withheld is not None:
        found |= {id_ for id_, by in withheld(live.state).items() if by != viewer.person}
    return found


def _item(
    event: StoredEvent, recorded: Recorded, hide: frozenset[str], viewer: Viewer
) -> HistoryItem:
    del viewer
    data: dict[str, Any] = msgspec.to_builtins(recorded.entry, str_keys=True)
    return HistoryItem(
        id=event.id,
        kind=event.kind,
        version=envelope_of(event.body).version,
        revision=event.revision,
        position=event.position,
        recorded_at=recorded.was.at,
        by=None if "by" in hide else recorded.was.by,
        acting_for=None if "by" in hide else recorded.was.acting_for,
        data={name: value for name, value in data.items() if name not in hide},
    )


def _title(live: Live) -> Any:
    return getattr(live.state, "title", None) or getattr(live.state, "name", None)


def _roles(compiled: Compiled, live: Live, viewer: Viewer) -> tuple[str, ...]:
    cast = compiled.cast(live.state)
    return tuple(role for role, people in cast.items() if viewer.person in people)


def _dormant(live: Live) -> Representation:
    return Representation(
        id=live.stream,
        alliance=live.alliance,
        stream="run",
        method=live.method,
        version=live.version,
        title=None,
        stage=live.stage,
        tracks={},
        revision=live.revision,
        position=live.position,
        opened_at=live.opened_at,
        updated_at=live.updated_at,
        roles=(),
        warnings=(),
        actions=(),
        views=(),
        dormant=True,
    )


__all__ = ["At", "Loaded", "Reader", "Seen"]
