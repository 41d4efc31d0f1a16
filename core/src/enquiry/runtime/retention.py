"""What is kept no longer: found by the clock, recorded as a fact, then destroyed.

The fact comes first. Whoever is killed between it and the destruction goes on at the next round:
what lives although the log says that it is kept no longer goes at once, without a second such fact.
So a round may be repeated, by any number of processes: the fact has an idempotency key. Keys go
through the fence, as for an erasure that was asked for, and those that are held stay.

Source: 4.6.
"""

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from enquiry.kernel.alliance.state import Alliance, School
from enquiry.kernel.schooldays import SchoolCalendar, academic_year_of, local_date
from enquiry.log.promise import Append, Conflict, Log, NewEvent, StoredEvent, Unavailable
from enquiry.method import core_facts as core
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Planned
from enquiry.method.live import envelope_of, instant, micros
from enquiry.method.record import body_of, separated
from enquiry.method.registry import Registry
from enquiry.method.retention import Keep
from enquiry.privacy.ledger import Ledger, MemoryLedger
from enquiry.runtime.erasure.fence import Fence
from enquiry.runtime.erasure.holds import free
from enquiry.runtime.sealing import SALT_BYTES
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.surroundings import PLATFORM

_fact = msgspec.json.Decoder(core.KeptNoLonger)
FACT = f"core/{core.KeptNoLonger.__records__}"
TERM_DAYS_MAX = 183
"""A term after the end is over by then, where no calendar tells."""
YEAR_DAYS_MAX = 731
"""An academic year after the end is over by then, where no calendar tells."""

AHEAD_MAX = timedelta(days=183)
"""How far the clock may be ahead of what was recorded last: longer than any holidays."""
_log = structlog.get_logger()


class Due(Struct, frozen=True):
    """Something whose time has run out."""

    alliance: UUID
    stream: UUID
    kind: str
    what: str
    since: date
    """The first day on which it is not kept any more, at the school where that day comes last."""
    said: bool
    """Whether the log says so already, and only the destruction is left."""


class ClockAhead(Exception):
    """The clock is so far ahead of what was recorded last that nothing is destroyed by it."""

    def __init__(self, now: datetime, newest: datetime) -> None:
        """Say both times."""
        says = f"It is {now:%Y-%m-%d} by this clock, but {newest:%Y-%m-%d} was recorded last"
        super().__init__(f"{says}: nothing is destroyed.")


class Gone(Struct, frozen=True):
    """What one round did."""

    due: Due
    keys: int
    ciphertexts: int


def runs_out(keep: Keep, ended: date, calendar: SchoolCalendar | None) -> date | None:
    """The first day on which this is not kept any more; ``None``: there is none.

    Args:
        keep: how long.
        ended: the day on which the stream ended, at the school.
        calendar: of the school. Where it does not reach far enough, a term lasts
            ``TERM_DAYS_MAX`` and a year ``YEAR_DAYS_MAX`` days: nothing is kept for want of dates.
    """
    if keep.days is not None:
        return ended + timedelta(days=keep.days + 1 if keep.days else 0)
    if keep.terms is not None:
        untils = [t.days.until for t in _terms(calendar) if t.days.first > ended]
        return _nth(untils, keep.terms) or ended + timedelta(days=TERM_DAYS_MAX * keep.terms)
    if keep.years is not None:
        years = calendar.years if calendar is not None else ()
        untils = [year.days.until for year in years if year.days.first > ended]
        known = calendar is not None and academic_year_of(calendar, ended) is not None
        found = _nth(untils, keep.years) if known else None
        return found or ended + timedelta(days=YEAR_DAYS_MAX * keep.years)
    return None


def _terms(calendar: SchoolCalendar | None) -> list[Any]:
    return [term for year in calendar.years for term in year.terms] if calendar else []


def _nth(found: Sequence[date], number: int) -> date | None:
    return found[number - 1] if len(found) >= number else None


class Retention:
    """Finds what is kept no longer, and sees to it that nobody can read it any more."""

    def __init__(
        self,
        log: Log,
        registry: Registry,
        forget: Callable[[Iterable[UUID]], None] | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """Read and destroy in ``log``.

        Args:
            log: of every alliance.
            registry: the methods, whose rows say how long what is kept.
            forget: hears which keys this process must drop.
            ledger: remembers destroyed keys outside of the database; if not given, the next server
                that starts with one copies them out of the log.
        """
        self._log = log
        self._streams = Streams(log, registry)
        self._fence = Fence(log, ledger or MemoryLedger(), forget)

    async def check_clock(self, now: datetime) -> None:
        """Refuse to destroy by a clock that is far ahead of what was recorded last.

        Raises:
            ClockAhead: it is, by more than ``AHEAD_MAX``.
        """
        head = await self._log.head()
        newest = (await self._log.read_all(head - 1, 1))[-1:] if head else ()
        for event in newest:
            if now - instant(event.recorded_at) > AHEAD_MAX:
                raise ClockAhead(now, instant(event.recorded_at))

    async def due(self, now: datetime) -> AsyncIterator[Due]:
        """Everything whose time has run out and that could still be opened, in order."""
        known: UUID | None = None
        found: tuple[Loaded | None, Sequence[StoredEvent]] = (None, ())
        for alliance, stream, kind in await self._log.living():
            if stream != known:
                known, found = stream, await self._read(stream)
            try:
                one = await self._judged(alliance, stream, kind, found, now)
            except Unavailable:
                raise
            except Exception:  # noqa: BLE001 - whatever it is, other streams go on
                _log.exception("retention cannot judge a stream", stream=str(stream), kind=kind)
                continue
            if one is not None:
                yield one

    async def round(self, now: datetime) -> list[Gone]:
        """Record what is kept no longer, and destroy it."""
        gone: list[Gone] = []
        async for due in self.due(now):
            around = (await self._streams.fresh((due.alliance,))).get(due.alliance)
            state = around.live.state if around is not None else None
            keys = free(await self._log.living_in(due.stream, due.kind), state, now)
            if not keys or not (due.said or await self._say(due, now)):
                continue
            unmoved = {due.alliance: around.live.revision} if around is not None else {}
            with contextlib.suppress(Conflict):  # a hold may have come: the next round looks again
                why = core.Destroying.KEPT_NO_LONGER
                count = await self._fence.destroy(keys, why, now, unmoved)
                gone.append(Gone(due, len(keys), count))
        return gone

    async def _read(self, stream: UUID) -> tuple[Loaded | None, Sequence[StoredEvent]]:
        loaded = (await self._streams.fresh((stream,))).get(stream)
        closed = loaded is not None and loaded.compiled is not None and _is_over(loaded)
        return loaded, await self._log.read_stream(stream) if closed else ()

    async def _judged(
        self,
        alliance: UUID,
        stream: UUID,
        kind: str,
        found: tuple[Loaded | None, Sequence[StoredEvent]],
        now: datetime,
    ) -> Due | None:
        loaded, events = found
        if loaded is None or loaded.compiled is None or not events:
            return None
        rows = (keep for keep in loaded.compiled.method.retention if keep.kind == kind)
        keep = next(rows, None)
        said = any(_said(event) == kind for event in events)
        if keep is None or (keep.for_ever and not said):
            return None
        if not said and keep.unless is not None and keep.unless.holds(loaded.live.state):
            return None
        around = (await self._streams.fresh((alliance,))).get(alliance)
        since = self._since(keep, loaded, events, around.live.state if around else None, now)
        if not said and (since is None or since[0] > since[1]):
            return None
        return Due(alliance, stream, kind, keep.what, since[0] if since else now.date(), said)

    def _since(
        self, keep: Keep, loaded: Loaded, events: Sequence[StoredEvent], around: Any, now: datetime
    ) -> tuple[date, date] | None:
        """The first day without it and today, at the school that decides.

        By the method's own time that is the school whose calendar keeps it longest. A school that
        has set a time of its own is asked for that; then the shortest time counts.
        """
        ended = _ended(loaded, events)
        if ended is None:
            return None
        usual: list[tuple[date, date]] = []
        own: list[tuple[date, date]] = []
        for school in _schools(loaded.live.state, around) or (None,):
            zone = school.zone if school is not None else "UTC"
            calendar = school.calendar if school is not None else None
            set_ = _own_time(keep, school, loaded.live.method)
            first = runs_out(set_ or keep, local_date(ended, zone), calendar)
            if first is not None:
                (usual if set_ is None else own).append((first, local_date(now, zone)))
        return strictest(usual, own)

    async def _say(self, due: Due, now: datetime) -> bool:
        """Record the fact; ``False`` if somebody was at the stream first: the next round sees."""
        loaded = (await self._streams.fresh((due.stream,)))[due.stream]
        revision = loaded.live.revision + 1
        act = uuid5(due.stream, f"{FACT} {due.kind}")
        ctx = Ctx(actor=PLATFORM, now=now, id=act, stream=due.stream, alliance=due.alliance)
        planned = Planned(act, due.stream, FACT, core.KeptNoLonger(what=due.kind))
        data, _ = separated(planned.entry, PLATFORM)
        body = body_of(planned, data, ctx, revision=revision, salt=os.urandom(SALT_BYTES))
        event = NewEvent(due.stream, revision, act, FACT, body)
        append = Append(
            due.alliance,
            (event,),
            {due.stream: revision - 1},
            micros(now),
            act.bytes,
            FACT.encode(),
        )
        try:
            await self._log.append(append)
        except Conflict:
            return False
        return True


def strictest(
    usual: Sequence[tuple[date, date]], own: Sequence[tuple[date, date]]
) -> tuple[date, date] | None:
    """Which day decides, of several schools; each as (first day without it, today there).

    Args:
        usual: by the method's time, where only calendars differ: the longest of them counts.
        own: by times that schools have set: no school's data is kept longer than it has said.
    """
    longest = max(usual, key=_ahead, default=None)
    return min((*own, *(() if longest is None else (longest,))), key=_ahead, default=None)


def _ahead(one: tuple[date, date]) -> tuple[timedelta, date]:
    """How far the day is ahead of today at its school, to compare schools in several zones."""
    return one[0] - one[1], one[0]


def _own_time(keep: Keep, school: School | None, method: str) -> Keep | None:
    """The school's own time; what is kept for ever is not the school's to destroy."""
    if school is None or keep.for_ever:
        return None
    known = (o for o in school.keeps if (o.method, o.kind) == (method, keep.kind))
    set_ = next(known, None)
    if set_ is None:
        return None
    return replace(keep, days=set_.days, terms=set_.terms, years=set_.years)


def _is_over(loaded: Loaded) -> bool:
    return loaded.compiled is not None and loaded.compiled.is_final(loaded.live.stage)


def _ended(loaded: Loaded, events: Sequence[StoredEvent]) -> datetime | None:
    """When the stream entered the final stage in which it is."""
    for event in reversed(events):
        recorded = loaded.compiled.facts.recorded(event) if loaded.compiled else None
        entry = recorded.entry if recorded is not None else None
        if isinstance(entry, core.StageEntered) and entry.stage == loaded.live.stage:
            return instant(event.recorded_at)
    return None


def _said(event: StoredEvent) -> str | None:
    """Which kind this event says is kept no longer."""
    if event.kind != FACT:
        return None
    return _fact.decode(envelope_of(event.body).data).what


def _schools(state: Any, around: Any) -> tuple[School, ...]:
    if not isinstance(around, Alliance):
        return ()
    one = getattr(state, "school", None)
    ids = (one,) if one is not None else tuple(getattr(state, "schools", ()))
    return tuple(around.schools[id_] for id_ in ids if id_ in around.schools)
