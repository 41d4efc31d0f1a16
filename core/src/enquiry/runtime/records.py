"""What one person wrote and may still see, over every stream: to be taken along.

Nothing that was withdrawn or erased is among it, and nothing about others: texts that are somebody
else's by their key stay closed, and other people stand there by the roles they had.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel.alliance import own
from enquiry.kernel.alliance.state import Alliance
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.entry import Entry, title_of
from enquiry.method.live import envelope_of
from enquiry.method.method import Recorded
from enquiry.method.rules import Reject
from enquiry.method.texts import TextAt, rewrite
from enquiry.method.visible import visible
from enquiry.runtime.lists.listing import Listing
from enquiry.runtime.reading import Reader, Seen
from enquiry.runtime.streams import Streams
from enquiry.runtime.terms import Asker
from enquiry.runtime.texts import Opener

NOT_YOURS = {"placeholder": "withheld", "reason": "about-somebody-else"}
"""Stands for a text that this person wrote about somebody else and that is that person's."""
SOMEBODY = "somebody"
_APART = (own.OpenTimetableLink, own.CloseTimetableLink, own.NoteRecordsTaken)
"""What is no work: how often records were taken must not change the records."""
_BY_CORE = ("core/opened", "core/stage-entered", "core/track-entered")


class Item(Struct, frozen=True, kw_only=True):
    """Something that this person put on record."""

    id: UUID
    kind: str
    version: int
    title: str
    """What kind of thing it is, for people."""
    revision: int
    position: int
    recorded_at: datetime
    occurred_at: datetime | None
    roles: tuple[str, ...]
    """Which roles this person had when it was recorded."""
    lang: str
    """BCP 47 tag of its texts; empty where it has none."""
    data: Any
    """Its fields, with texts opened. Other people are ``{"somebody": [roles]}``."""


class Work(Struct, frozen=True, kw_only=True):
    """What this person put on record in one stream, oldest first."""

    stream: UUID
    alliance: UUID
    kind: str
    """run, enquiry or alliance."""
    method: str
    version: int
    title: str
    """Of the method."""
    items: tuple[Item, ...]
    facts: Mapping[str, type[Entry]]
    """The shapes of the items, by kind."""


class Taken(Struct, frozen=True):
    """Everything, as it stood at one position."""

    position: int
    """No event behind it is among it."""
    works: tuple[Work, ...]
    """Streams in order of their ids; those without anything are left out."""
    alliances: tuple[UUID, ...]
    """Every alliance to which this person belongs, in order."""
    revisions: Mapping[UUID, int]
    """Of every stream that was read, when it was."""

    def noted(self, alliance: UUID, revision: int) -> "Taken":
        """The same, once it is on record in an alliance that it was taken: no news, if it is next.

        ``revision`` is the alliance's afterwards.
        """
        if self.revisions.get(alliance) != revision - 1:
            return self
        revisions = {**self.revisions, alliance: revision}
        return msgspec.structs.replace(self, revisions=revisions)

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(len(work.items) for work in self.works)


class Records:
    """Gathers what people wrote, for themselves."""

    def __init__(
        self, log: Log, listing: Listing, streams: Streams, reader: Reader, opener: Opener
    ) -> None:
        """Streams are found by ``listing``, judged by ``reader``, opened by ``opener``."""
        self._log = log
        self._listing = listing
        self._streams = streams
        self._reader = reader
        self._opener = opener

    async def take(self, asker: Asker, now: datetime, at: int | None = None) -> Taken:
        """Everything that this person wrote and may see today, up to a position.

        Args:
            asker: whose records they are.
            now: the injected time.
            at: only what was recorded up to here, inclusive; ``None``: up to the head of the log.
        """
        head = await self._log.head()
        upto = head if at is None else min(at, head)
        alliances = [
            id_ async for _, id_ in self._listing.newest(asker.person, "alliance", None, None)
        ]
        wanted = {*alliances, *[id_ async for id_ in self._listing.taken_part(asker.person)]}
        works: list[Work] = []
        revisions: dict[UUID, int] = {}
        belongs: list[UUID] = []
        for stream in sorted(wanted):
            seen = await self._seen(asker, stream, now, upto)
            if seen is None:
                continue
            revisions[stream] = seen.scene.live.revision
            if stream in alliances:
                belongs.append(stream)
            work = await self._work(seen, upto)
            if work.items:
                works.append(work)
        return Taken(upto, tuple(works), tuple(belongs), revisions)

    async def stands(self, asker: Asker, taken: Taken, now: datetime) -> bool:
        """Whether this person may still see all of it: nothing was withdrawn or erased meanwhile.

        Only streams that have moved on since are looked at again.
        """
        revisions = await self._log.revisions(sorted(taken.revisions))
        moved = {one for one, revision in taken.revisions.items() if revisions[one] != revision}
        # Whoever loses their place in an alliance loses what they could see in all its streams.
        left = {work.alliance for work in taken.works} & moved
        for work in taken.works:
            if work.stream not in moved and work.alliance not in left:
                continue
            seen = await self._seen(asker, work.stream, now, taken.position)
            if seen is None or await self._work(seen, taken.position) != work:
                return False
        return True

    async def _seen(self, asker: Asker, stream: UUID, now: datetime, upto: int) -> Seen | None:
        """The stream, judged as of today, with its state as it was at the position."""
        try:
            seen = await self._reader.see(asker, stream, now)
            if seen.scene.live.position > upto:
                seen = await self._reader.see(asker, stream, now, upto)
        except Reject:
            return None
        return seen if seen.scene.here.compiled is not None else None

    async def _work(self, seen: Seen, upto: int) -> Work:
        compiled, live = seen.compiled, seen.scene.live
        items: list[Item] = []
        facts: dict[str, type[Entry]] = {}
        for event in await self._streams.events(live.stream, upto):
            fact = compiled.facts.recorded(event)
            if fact is None or not _is_own(seen, fact):
                continue
            facts[fact.kind] = type(fact.entry)
            items.append(_item(seen, event, fact))
        opened = await self._opener.open(
            [item.data for item in items], self._reader.allowed(seen), live.alliance
        )
        return Work(
            stream=live.stream,
            alliance=live.alliance,
            kind=compiled.method.stream,
            method=live.method,
            version=live.version,
            title=compiled.method.title,
            items=tuple(
                msgspec.structs.replace(item, data=data)
                for item, data in zip(items, opened, strict=True)
                if not _erased(data)
            ),
            facts=facts,
        )


def _is_own(seen: Seen, fact: Recorded) -> bool:
    """Written by whoever asks, and to be seen by them today."""
    if fact.was.by != seen.viewer.person or fact.kind in _BY_CORE:
        return False
    if isinstance(fact.entry, _APART):
        return False
    return visible(seen.compiled, seen.scene.live, fact, seen.viewer) is not None


def _item(seen: Seen, event: StoredEvent, fact: Recorded) -> Item:
    envelope, person = envelope_of(event.body), seen.viewer.person

    def kept(at: TextAt) -> str:
        name = at.field.subject
        subject = person if name in (None, "by") else getattr(at.owner, name or "")
        return at.value if subject == person else cast("str", NOT_YOURS)

    return Item(
        id=event.id,
        kind=event.kind,
        version=envelope.version,
        title=title_of(type(fact.entry)),
        revision=event.revision,
        position=event.position,
        recorded_at=fact.was.at,
        occurred_at=envelope.occurred_at,
        roles=tuple(sorted(role for role, people in fact.cast.items() if person in people)),
        lang=envelope.lang,
        data=_nameless(_plain(_unsealed(rewrite(fact.entry, kept), fact)), seen, fact),
    )


def _unsealed(data: Mapping[str, Any], fact: Recorded) -> Mapping[str, Any]:
    """Without the fields that nobody is shown again, not even whoever filled them in."""
    return {name: v for name, v in data.items() if name not in type(fact.entry).__sealed__}


def _plain(data: Mapping[str, Any]) -> Any:
    return msgspec.to_builtins(data, str_keys=True)


def _nameless(value: Any, seen: Seen, fact: Recorded) -> Any:
    """The same values, with roles in place of the ids of other people."""
    here = seen.scene.live.state
    around = here if isinstance(here, Alliance) else seen.scene.alliance_state
    known = {str(one) for one in around.people}
    roles: dict[str, set[str]] = {}
    for held in (fact.cast, seen.compiled.cast(seen.then.state)):
        for role, people in held.items():
            for one in people:
                roles.setdefault(str(one), set()).add(role)
    others = {*known, *roles} - {str(seen.viewer.person)}

    def told(one: str) -> Any:
        return {SOMEBODY: sorted(roles.get(one, ()))}

    def walk(inner: Any) -> Any:
        if isinstance(inner, str):
            return told(inner) if inner in others else inner
        if isinstance(inner, list):
            return [walk(one) for one in cast("list[Any]", inner)]
        if isinstance(inner, dict):
            pairs = cast("dict[str, Any]", inner).items()
            numbered = enumerate(pairs, start=1)
            return {f"{SOMEBODY}-{n}" if k in others else k: walk(v) for n, (k, v) in numbered}
        return inner

    return walk(value)


def _erased(data: Any) -> bool:
    """Whether something that it said is erased: such an item is not taken along."""
    if isinstance(data, dict):
        held = cast("dict[str, Any]", data)
        return held.get("placeholder") == "erased" or any(map(_erased, held.values()))
    return isinstance(data, list) and any(map(_erased, cast("list[Any]", data)))
