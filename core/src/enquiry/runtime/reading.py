"""Reading: a stream, its views, its history, as one viewer may see them at the time of asking.

A past state (``at``) is shown under today's permissions, withdrawals and erasures.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.log.promise import StoredEvent
from enquiry.method.available import available
from enquiry.method.compiled import Compiled
from enquiry.method.ctx import Ctx, Need
from enquiry.method.live import Live, Raised, envelope_of
from enquiry.method.method import Look, Recorded
from enquiry.method.roles import Viewer
from enquiry.method.rules import Reject
from enquiry.method.visible import sees_view, sees_warning, takes_part, tells, visible, warnings
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
        if not found.known_to(viewer):
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
        shown = [warning_shown(w) for w in _warnings(seen)]
        inside = all(takes_part(compiled, one, seen.viewer) for one in (seen.scene.live, live))
        actions = await self._actions(seen) if live is seen.scene.live else ()
        represented = Representation(
            id=live.stream,
            alliance=live.alliance,
            stream=compiled.method.stream,
            method=live.method,
            version=live.version,
            title=_title(live),
            stage=live.stage,
            tracks=live.tracks if inside else {},
            revision=live.revision,
            position=live.position,
            opened_at=live.opened_at,
            updated_at=live.updated_at,
            roles=tuple(role for role, who in _cast(seen).items() if seen.viewer.person in who),
            warnings=tuple(shown),
            actions=actions,
            views=tuple(
                ViewRef(view.name, view.title)
                for view in compiled.method.views
                if live is seen.scene.live or view.past
                if all(sees_view(compiled, one, view, seen.viewer) for one in _moments(seen))
            ),
        )
        texts = await self._opener.open(
            {"title": represented.title, "notes": [w.ack_note for w in shown]},
            self.allowed(seen),
            live.alliance,
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
        for live in _moments(seen):
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
        beyond = await self._beyond(seen, reads)
        return await self._opener.open(
            plain, self._allowed_around(seen, beyond), seen.then.alliance
        )

    async def _beyond(self, seen: Seen, reads: Iterable[UUID]) -> Mapping[UUID, Allowed]:
        """What may be opened of the other streams that a view looked at: the runs of an enquiry.

        Each as its own rows of visibility say for this viewer, and nothing of one that does not
        exist for them.
        """
        found: dict[UUID, Allowed] = {}
        for stream in set(reads) - seen.scene.loaded().keys():
            other = await scene(self._streams, stream, fresh=False)
            if other is None or other.here.compiled is None:
                continue
            viewer = other.viewer(Asker(seen.viewer.person), seen.now)
            if other.known_to(viewer):
                found[stream] = self.allowed(Seen(other, viewer, other.live, seen.now))
        return found

    def _allowed_around(self, seen: Seen, beyond: Mapping[UUID, Allowed]) -> Allowed:
        """Texts of the stream itself, names of people out of the alliance, and what else may be
        opened of streams ``beyond``."""
        own = self.allowed(seen)
        around = seen.scene.alliance

        def check(event: StoredEvent) -> Recorded | Partly | None:
            if event.stream in beyond:
                return beyond[event.stream](event)
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
            cast=_cast(seen),
            now=seen.now,
            read=read,
            stage=live.stage,
            alliance=live.alliance,
            stream=live.stream,
            options=seen.compiled.options(live),
            warnings=tuple(_warnings(seen)),
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
        data = await self._opener.open(
            [item.data for item in items], self.allowed(seen), seen.then.alliance
        )
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


def _moments(seen: Seen) -> tuple[Live, ...]:
    """Today, and the moment that was asked for."""
    return (seen.scene.live, seen.then) if seen.then is not seen.scene.live else (seen.then,)


def _cast(seen: Seen) -> Mapping[str, tuple[UUID, ...]]:
    """Who held which role at the moment; the viewer only what they also hold today. A role that
    somebody has given up opens nothing to them in the past either."""
    then = seen.compiled.cast(seen.then.state)
    if seen.then is seen.scene.live:
        return then
    today, person = seen.compiled.cast(seen.scene.live.state), seen.viewer.person
    lost = {role for role in then if person not in today.get(role, ())}
    return {
        role: tuple(one for one in who if one != person) if role in lost else who
        for role, who in then.items()
    }


def _warnings(seen: Seen) -> list[Raised]:
    """Warnings that stood at the moment, and that would be the viewer's today."""
    compiled, live, viewer = seen.compiled, seen.scene.live, seen.viewer
    return [
        warning
        for warning in warnings(compiled, seen.then, viewer)
        if sees_warning(compiled, live, warning, viewer)
    ]


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
