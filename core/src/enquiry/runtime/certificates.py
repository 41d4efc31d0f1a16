"""Certificates of participation: one's own over every run, and those of a run one takes part in."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.alliance.forms import PersonAdded
from enquiry.kernel.alliance.state import Alliance, Person
from enquiry.kernel.run.forms import CertificateIssued
from enquiry.kernel.run.state import Run
from enquiry.log.promise import StoredEvent
from enquiry.method.method import Recorded
from enquiry.method.rules import Reject
from enquiry.method.visible import visible
from enquiry.runtime.lists.listing import Listing
from enquiry.runtime.reading import Reader
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.surroundings import ABSENT, reveal
from enquiry.runtime.terms import Asker
from enquiry.runtime.texts import Allowed, Opener


class Certificate(Struct, frozen=True, kw_only=True):
    """That somebody took part: when, for how long, by which criteria. Never how well."""

    id: UUID
    run: UUID
    alliance: UUID
    person: UUID
    name: Any
    """What they are called; a placeholder where they were erased."""
    method: str
    version: int
    title: str
    """Of the method."""
    school: str | None
    """Where the run took place."""
    dates: tuple[date, ...]
    minutes: int
    criteria: tuple[str, ...]
    issued_at: datetime
    position: int


class Certificates:
    """Finds certificates for those who may read them.

    Whoever a certificate names reads it by right, also after leaving; others by the rows of
    visibility, as every fact.
    """

    def __init__(self, listing: Listing, streams: Streams, reader: Reader, opener: Opener) -> None:
        """Runs are found by ``listing``, folded by ``streams``, judged by ``reader``."""
        self._listing = listing
        self._streams = streams
        self._reader = reader
        self._opener = opener

    async def own(self, asker: Asker) -> tuple[Certificate, ...]:
        """The newest certificate of each run that names this person, oldest first."""
        found: list[Certificate] = []
        async for run in self._listing.taken_part(asker.person):
            loaded = (await self._streams.fresh((run,))).get(run)
            state = loaded.live.state if loaded is not None else None
            if loaded is None or not isinstance(state, Run) or asker.person not in state.certified:
                continue
            issued = [one async for one in self._issued(loaded) if _names(one[1]) == asker.person]
            if issued:
                found.append(await self._certificate(loaded, *issued[-1]))
        return tuple(sorted(found, key=lambda one: (one.issued_at, one.id)))

    async def one(self, asker: Asker, run: UUID, id_: UUID, now: datetime) -> Certificate:
        """One certificate.

        Raises:
            Reject: ``NOT_FOUND``, if there is none or this person may not read it.
        """
        loaded = (await self._streams.fresh((run,))).get(run)
        async for event, fact in self._issued(loaded):
            if event.id != id_ or loaded is None:
                continue
            if _names(fact) != asker.person:
                seen = await self._reader.see(asker, run, now)
                if visible(seen.compiled, seen.scene.live, fact, seen.viewer) is None:
                    break
            return await self._certificate(loaded, event, fact)
        raise Reject("NOT_FOUND", ABSENT)

    async def _issued(self, loaded: Loaded | None) -> AsyncIterator[tuple[StoredEvent, Recorded]]:
        if loaded is None or loaded.compiled is None:
            return
        gone = loaded.compiled.method.gone
        hidden = gone(loaded.live.state) if gone is not None else ()
        for event in await self._streams.events(loaded.live.stream):
            fact = loaded.compiled.facts.recorded(event)
            if fact and isinstance(fact.entry, CertificateIssued) and event.id not in hidden:
                yield event, fact

    async def _certificate(self, loaded: Loaded, event: StoredEvent, fact: Recorded) -> Certificate:
        live, entry = loaded.live, fact.entry
        around = (await self._streams.fresh((live.alliance,))).get(live.alliance)
        known = around.live.state if around is not None else Alliance()
        if not (isinstance(known, Alliance) and isinstance(entry, CertificateIssued)):
            raise TypeError(f"{event.id} is no certificate of an alliance")
        person = known.people.get(entry.person)
        school = known.schools.get(getattr(live.state, "school", None) or UUID(int=0))
        method = loaded.compiled.method if loaded.compiled is not None else None

        def named(stored: StoredEvent) -> Recorded | None:
            """Only this person's own name is opened."""
            found = reveal(around.compiled, stored) if around is not None else None
            entered = found.entry if found is not None else None
            own = isinstance(entered, PersonAdded) and entered.person == entry.person
            return found if own and stored.stream == live.alliance else None

        return Certificate(
            id=event.id,
            run=live.stream,
            alliance=live.alliance,
            person=entry.person,
            name=await self._name(person, named, live.alliance),
            method=live.method,
            version=live.version,
            title=method.title if method is not None else live.method,
            school=school.name if school is not None else None,
            dates=entry.dates,
            minutes=entry.minutes,
            criteria=entry.criteria,
            issued_at=fact.was.at,
            position=event.position,
        )

    async def _name(self, person: Person | None, named: Allowed, alliance: UUID) -> Any:
        return None if person is None else await self._opener.open(person.name, named, alliance)


def _names(fact: Recorded) -> UUID:
    return getattr(fact.entry, "person")  # noqa: B009
