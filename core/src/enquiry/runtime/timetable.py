"""One's own timetable, over every alliance, school and run."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.alliance.state import Alliance
from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import CALENDAR
from enquiry.kernel.timetable import Diary, Slot, slots_of
from enquiry.log.promise import Log
from enquiry.method.live import Facts, Live
from enquiry.method.rules import Reject
from enquiry.runtime.lists.listing import Listing
from enquiry.runtime.reading import Reader, Seen
from enquiry.runtime.surroundings import ABSENT
from enquiry.runtime.terms import Asker

PAST_DAYS = 366
"""How long a slot is still told of after its end."""
DIARIES_MAX = 256
"""Calendars kept in memory; beyond that the one unused for longest is dropped."""
UTC_ZONE = "UTC"


class Engagement(Struct, frozen=True, kw_only=True):
    """A slot of one's timetable, with what may be said of it."""

    alliance: UUID
    slot: Slot
    zone: str
    """IANA time zone of the school where it is held."""
    school: str | None
    """Name of that school."""
    room: str | None
    """Code of the room."""
    method: str | None
    version: int | None
    title: str | None
    """Of the method; ``None`` where the run can no longer be seen."""
    role: str | None
    """The part that one plays; ``None`` where one has none any more."""
    open: bool
    """The run can still be seen."""


class Link(Struct, frozen=True):
    """A secret link that stands."""

    alliance: UUID
    id: UUID
    opened_at: datetime


class Timetables:
    """Puts together what the booking calendars say of one person."""

    def __init__(self, log: Log, listing: Listing, reader: Reader) -> None:
        """Calendars are read from ``log``, alliances found by ``listing``, judged by ``reader``."""
        self._log = log
        self._listing = listing
        self._reader = reader
        self._facts = Facts(CALENDAR)
        self._kept: OrderedDict[UUID, Diary] = OrderedDict()

    async def of(
        self, asker: Asker, now: datetime, alliance: UUID | None = None
    ) -> tuple[Engagement, ...]:
        """What somebody is or was booked for, earliest first.

        Slots that ended more than ``PAST_DAYS`` ago are left out. A run that this person may see no
        longer is told of only as a slot that does not take place.

        Args:
            asker: whose timetable it is.
            now: the injected time.
            alliance: only what belongs to this one.
        """
        found: list[Engagement] = []
        wanted = [
            id_ async for _, id_ in self._listing.newest(asker.person, "alliance", None, alliance)
        ]
        for id_ in sorted(wanted):
            found += await self._within(asker, id_, now)
        return tuple(sorted(found, key=lambda one: (one.slot.start, one.slot.key)))

    async def links(self, asker: Asker, now: datetime) -> tuple[Link, ...]:
        """The secret links to one's own timetable that stand, oldest first."""
        found: list[Link] = []
        async for _, id_ in self._listing.newest(asker.person, "alliance", None, None):
            around = await self._alliance(asker, id_, now)
            for link, standing in around.timetable_links.items() if around else ():
                if standing.by == asker.person:
                    found.append(Link(id_, link, standing.opened_at))
        return tuple(sorted(found, key=lambda link: (link.opened_at, link.id)))

    async def opened(self, alliance: UUID, digest: str, now: datetime) -> tuple[Asker, UUID]:
        """Whose timetable a secret opens, and by which link.

        Args:
            alliance: where the link was opened; it opens what belongs to this one alone.
            digest: SHA-256 of the secret, in hexadecimal.
            now: the injected time: a link opens nothing for whoever no longer belongs.

        Raises:
            Reject: ``NOT_FOUND``, whatever is wrong with it.
        """
        found = await self._reader.state(alliance)
        if isinstance(found, Alliance):
            for id_, link in found.timetable_links.items():
                if link.digest == digest and found.present(link.by, now):
                    return Asker(link.by), id_
        raise Reject("NOT_FOUND", ABSENT)

    async def _alliance(self, asker: Asker, id_: UUID, now: datetime) -> Alliance | None:
        try:
            state = (await self._reader.see(asker, id_, now)).then.state
        except Reject:
            return None
        return state if isinstance(state, Alliance) else None

    async def _within(self, asker: Asker, id_: UUID, now: datetime) -> list[Engagement]:
        around = await self._alliance(asker, id_, now)
        if around is None:
            return []
        diaries = await self._diaries({id_, *around.schools_of(asker.person)})
        since = now - timedelta(days=PAST_DAYS)
        slots = [slot for slot in slots_of(asker.person, diaries) if slot.end > since]
        runs = {run: await self._run(asker, run, now) for run in {slot.run for slot in slots}}
        told = (_engagement(id_, around, slot, asker, runs[slot.run]) for slot in slots)
        return [one for one in told if one.open or one.slot.cancelled]

    async def _run(self, asker: Asker, run: UUID, now: datetime) -> Seen | None:
        try:
            seen = await self._reader.see(asker, run, now)
        except Reject:
            return None
        return seen if seen.scene.here.compiled is not None else None

    async def _diaries(self, schools: Iterable[UUID]) -> list[Diary]:
        streams = sorted(bookings_stream(school) for school in schools)
        revisions = await self._log.revisions(streams)
        return [await self._diary(one, revisions[one]) for one in streams if revisions.get(one)]

    async def _diary(self, stream: UUID, revision: int) -> Diary:
        """The diary of a calendar; only what is new is read."""
        kept = self._kept.get(stream, Diary())
        if kept.revision < revision:
            events = await self._log.read_stream(stream, after=kept.revision, upto=revision)
            known = (self._facts.recorded(event) for event in events)
            kept = kept.after((fact for fact in known if fact is not None), revision)
        self._kept[stream] = kept
        self._kept.move_to_end(stream)
        if len(self._kept) > DIARIES_MAX:
            self._kept.popitem(last=False)
        return kept


def _engagement(
    alliance: UUID, around: Alliance, slot: Slot, asker: Asker, run: Seen | None
) -> Engagement:
    live: Live | None = run.scene.live if run is not None else None
    held_at = slot.school or getattr(live.state if live else None, "school", None)
    school = around.schools.get(held_at) if held_at is not None else None
    room = around.rooms.get(slot.room) if slot.room is not None else None
    method = run.compiled.method if run is not None else None
    shown = run is not None
    return Engagement(
        alliance=alliance,
        slot=slot,
        zone=school.zone if school is not None else UTC_ZONE,
        school=school.name if school is not None and shown else None,
        room=room.code if room is not None and shown else None,
        method=method.id if method is not None else None,
        version=method.version if method is not None else None,
        title=method.title if method is not None else None,
        role=_role(run, asker.person) if run is not None else None,
        open=shown,
    )


def _role(run: Seen, person: UUID) -> str | None:
    """The first role that one holds: one who takes part has it before one from outside."""
    cast: dict[str, Any] = dict(run.compiled.cast(run.scene.live.state))
    held = [role for role in run.compiled.method.roles if person in cast.get(role.name, ())]
    held.sort(key=lambda role: role.outside)
    return held[0].name if held else None
