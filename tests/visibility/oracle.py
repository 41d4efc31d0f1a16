"""Who may see what of what was really recorded: computed from the matrix, not from the rows.

It reads the log, and says for each fact and each person whether the matrix lets them read it. It
shares with the code under test how a stream is folded and who holds which role; who belongs where,
who reads what, and what is withdrawn for whom it works out by itself.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from tests.visibility.canaries import ids_in, words_in
from tests.visibility.conditions import CONDITIONS
from tests.visibility.matrix import Grant, Matrix

from enquiry.kernel.alliance.state import Alliance
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run.state import Run
from enquiry.kernel.safeguarding.concern import Concerns
from enquiry.method.compiled import Compiled
from enquiry.method.core_facts import TrackEntered, WarningAcknowledged, WarningRaised
from enquiry.method.describe import condition
from enquiry.method.live import Live
from enquiry.method.method import Recorded, Show
from enquiry.method.roles import Viewer
from enquiry.runtime.system import System

EVENTS_MAX = 100_000
OUTSIDE = frozenset({"host", "told", "invited", "former", "present"})
"""Columns of people who have a matter of their own in a run, and take no part."""
STAFF = frozenset({"teacher", "teaching_assistant", "support_staff", "leader", "trainee"})


class Fact(Struct, frozen=True):
    """A recorded fact, with its texts opened."""

    stream: UUID
    position: int
    recorded: Recorded
    data: Mapping[str, Any]
    """By field, as whoever may read all of it is shown it."""

    def words(self, hide: Iterable[str] = ()) -> frozenset[str]:
        """The planted words in the fields that are not hidden."""
        return words_in({name: one for name, one in self.data.items() if name not in {*hide}})

    def ids(self, hide: Iterable[str] = ()) -> frozenset[UUID]:
        """The ids in the fields that are not hidden, and its own."""
        found = ids_in({name: one for name, one in self.data.items() if name not in {*hide}})
        by = () if "by" in {*hide} else (self.recorded.was.by,)
        return found | {self.recorded.was.id, *by}


class Told(Struct, frozen=True):
    """A stream, and all that was recorded in it."""

    compiled: Compiled
    live: Live
    facts: tuple[Fact, ...]


class Teller:
    """Reads the log, and opens every text in it once."""

    def __init__(self, system: System) -> None:
        """Read that of this system."""
        self._log = system.log
        self._streams = system._streams  # pyright: ignore[reportPrivateUsage]
        self._opener = system._reader._opener  # pyright: ignore[reportPrivateUsage]
        self._facts: dict[UUID, list[Fact]] = {}
        self._position = 0

    async def told(self) -> dict[UUID, Told]:
        """Every stream of the log, as it stands."""
        for event in await self._log.read_all(self._position, EVENTS_MAX):
            self._position = event.position
            facts = self._facts.setdefault(event.stream, [])
            loaded = await self._streams.get(event.stream)
            if loaded is None or loaded.compiled is None:
                continue
            recorded = loaded.compiled.facts.recorded(event)
            if recorded is not None:
                plain = msgspec.to_builtins(recorded.entry, str_keys=True)
                seen = loaded.compiled.facts.recorded
                data = await self._opener.open(plain, seen, event.alliance)
                facts.append(Fact(event.stream, event.position, recorded, data))
        fresh = await self._streams.fresh(tuple(self._facts))
        return {
            stream: Told(loaded.compiled, loaded.live, tuple(self._facts[stream]))
            for stream, loaded in fresh.items()
            if loaded.compiled is not None
        }


class Oracle:
    """What the matrix says of everything that was recorded, at one moment."""

    def __init__(self, matrix: Matrix, streams: Mapping[UUID, Told], now: datetime) -> None:
        """``now``: the moment at which somebody looks."""
        self.matrix = matrix
        self.streams = streams
        self.now = now
        self._circles: dict[tuple[UUID, UUID], frozenset[str]] = {}
        self._columns: dict[tuple[UUID, UUID], frozenset[str]] = {}
        self._known: dict[tuple[UUID, UUID], bool] = {}

    # Who stands where

    def belongs(self, stream: UUID, person: UUID) -> bool:
        """Whether somebody belongs to the stream's alliance today."""
        alliance = self._alliance(stream)
        return person in alliance.stewards or bool(self._held(alliance, person))

    def circles(self, stream: UUID, person: UUID) -> frozenset[str]:
        """Names of the circles around a stream in which somebody stands today."""
        known = self._circles.get((stream, person))
        if known is None:
            known = self._circles[stream, person] = frozenset(self._around(stream, person))
        return known

    def _alliance(self, stream: UUID) -> Alliance:
        state = self.streams[self.streams[stream].live.alliance].live.state
        assert isinstance(state, Alliance)
        return state

    def _held(self, alliance: Alliance, person: UUID) -> list[tuple[UUID, frozenset[str]]]:
        """Schools to which somebody belongs today, and as what."""
        known = alliance.people.get(person)
        found: list[tuple[UUID, frozenset[str]]] = []
        for one in known.memberships if known else ():
            today = self.now.astimezone(ZoneInfo(alliance.schools[one.school].zone)).date()
            if one.since <= today and (one.until is None or today < one.until):
                found.append((one.school, frozenset(map(str, one.standings))))
        return found

    def _around(self, stream: UUID, person: UUID) -> set[str]:
        alliance, state = self._alliance(stream), self.streams[stream].live.state
        held = self._held(alliance, person)
        if not held and person not in alliance.stewards:
            return set()
        found = {"alliance-member", *(f"school:{school}" for school, _ in held)}
        found |= {f"staff:{school}" for school, standings in held if standings & STAFF}
        found |= {"steward"} if person in alliance.stewards else set[str]()
        if isinstance(state, Run):
            at = frozenset[str]().union(*(as_ for school, as_ in held if school == state.school))
            found |= {"staff"} if at & STAFF else set[str]()
            found |= {"leaders"} if "leader" in at else set[str]()
            named = self._named(alliance, person, {state.school})
            pupils = {pupil.school for pupil in state.pupils.values()}
            of_pupils = any(school in pupils and as_ & STAFF for school, as_ in held)
            found |= {"pupils-staff"} if of_pupils else set[str]()
            found |= {"cover-organiser"} if "cover_organiser" in named else set[str]()
            schools = {state.school, *self._homes(alliance, state)}
            named = self._named(alliance, person, schools)
            found |= {"coordinator"} if "cpd_lead" in named else set[str]()
        if isinstance(state, Concerns):
            found |= {"safeguarding-lead"} if self._safeguards(alliance, person, state) else set()
        served = getattr(state, "enquiry", None)
        around = self.streams[served].live.state if isinstance(served, UUID) else state
        if isinstance(state, Enquiry):
            leads = any(at in state.schools and "leader" in as_ for at, as_ in held)
            found |= {"leaders"} if leads else set[str]()
            named = self._named(alliance, person, {*state.schools})
            found |= {"coordinator"} if "cpd_lead" in named else set[str]()
        if isinstance(around, Enquiry):
            found |= {"enquiry-member"} if person in around.members else set[str]()
            found |= {"facilitator"} if person in around.facilitators else set[str]()
        return found

    def _safeguards(self, alliance: Alliance, person: UUID, concerns: Concerns) -> bool:
        """Whether somebody is whom the school named; where it named nobody, the alliance."""
        school = {concerns.school}
        at_school = [
            one
            for one in alliance.people
            if "safeguarding_lead" in self._named(alliance, one, school)
        ]
        return person in (at_school or alliance.safeguarding_contacts)

    def _named(self, alliance: Alliance, person: UUID, schools: set[UUID | None]) -> set[str]:
        """Tasks that these schools gave somebody who belongs there."""
        at = {school for school, _ in self._held(alliance, person)} & schools
        return {
            str(task)
            for school in at
            for task, people in alliance.schools[school].capacities.items()
            if person in people
        }

    def _homes(self, alliance: Alliance, run: Run) -> set[UUID]:
        people = {*run.people, *(() if run.lead is None else (run.lead,))}
        return {held[0][0] for one in people if (held := self._held(alliance, one))}

    def columns(self, stream: UUID, person: UUID) -> frozenset[str]:
        """Columns of the matrix in which somebody stands today."""
        known = self._columns.get((stream, person))
        if known is None:
            known = self._columns[stream, person] = self._stands(stream, person)
        return known

    def _stands(self, stream: UUID, person: UUID) -> frozenset[str]:
        here = self.streams[stream]
        id_ = here.compiled.method.id
        if not self.belongs(stream, person):
            return frozenset()
        cast = here.compiled.cast(here.live.state)
        found = {self.matrix.column(id_, role) for role, who in cast.items() if person in who}
        within = self.matrix.within.get(id_, {})
        found |= {within[column] for column in found if column in within}
        circles = self.circles(stream, person) & self.matrix.circles.keys()
        return frozenset(found | {self.matrix.circles[one] for one in circles})

    def knows(self, stream: UUID, person: UUID) -> bool:
        """Whether the stream exists for somebody: they have a part, or may ask for a view."""
        known = self._known.get((stream, person))
        if known is None:
            known = self._known[stream, person] = self._exists(stream, person)
        return known

    def _exists(self, stream: UUID, person: UUID) -> bool:
        here = self.streams[stream]
        if not self.belongs(stream, person):
            return False
        cast = here.compiled.cast(here.live.state)
        return any(person in who for who in cast.values()) or bool(self.views(stream, person))

    def views(self, stream: UUID, person: UUID) -> frozenset[str]:
        """Names of the views for which somebody may ask."""
        here = self.streams[stream]
        columns = self.columns(stream, person)
        viewer = Viewer(person, self.circles(stream, person))
        made = {view.name: view.when for view in here.compiled.method.views}
        return frozenset(
            name
            for name, model in self.matrix.models(here.compiled.method).items()
            if columns & {*model.to}
            and not columns & {*model.without}
            and ((when := made.get(name)) is None or when(here.live.state, viewer))
        )

    # Who reads what

    def hidden(self, fact: Fact, person: UUID) -> frozenset[str] | None:
        """Fields of a fact that somebody does not get; ``None``: they may not read it at all."""
        if not self.knows(fact.stream, person):
            return None
        here = self.streams[fact.stream]
        id_, state = fact.recorded.was.id, here.live.state
        method = here.compiled.method
        if method.gone is not None and id_ in method.gone(state):
            return None
        if fact.recorded.kind.startswith("core/"):
            return self._of_core(here, fact, person)
        entry = type(fact.recorded.entry)
        if fact.recorded.was.by == person:
            return entry.__sealed__
        if method.withheld is not None and id_ in method.withheld(state):
            return None
        hidden: frozenset[str] | None = None
        for column, grants in self.matrix.grants(method, fact.recorded.kind).items():
            for grant in grants:
                if self._holds(here, fact, person, column, grant):
                    hide = frozenset(grant.hide)
                    hidden = hide if hidden is None else hidden & hide
        unsigned = frozenset({"by"} if entry.__unsigned__ else ())
        return None if hidden is None else hidden | unsigned | entry.__sealed__

    def _holds(self, here: Told, fact: Fact, person: UUID, column: str, grant: Grant) -> bool:
        today = self.columns(fact.stream, person)
        circle = column in self.matrix.circles.values()
        if grant.today or circle:
            stands = column in today
        else:
            stands = bool(today - OUTSIDE - {*self.matrix.circles.values()})
            stands = stands and column in self._then(here, fact, person)
        if not stands or (grant.since and not self._since(here, fact, grant.since)):
            return False
        if not grant.condition:
            return True
        viewer = Viewer(person, self.circles(fact.stream, person))
        judge = CONDITIONS.get((here.compiled.method.id, grant.condition))
        if judge is not None:
            return judge([one.recorded for one in here.facts], fact.recorded, viewer)
        row = self._row(here, fact, grant)
        return row.when is None or row.when(here.live.state, fact.recorded, viewer)

    def _then(self, here: Told, fact: Fact, person: UUID) -> set[str]:
        cast = fact.recorded.cast
        return {
            self.matrix.column(here.compiled.method.id, role)
            for role, people in cast.items()
            if person in people
        }

    def _since(self, here: Told, fact: Fact, stage: str) -> bool:
        """Whether the thing that a fact belongs to was in a stage, or has come to it since."""
        turns = [
            (one.recorded.was.revision, one.recorded.entry.stage)
            for one in here.facts
            if isinstance(one.recorded.entry, TrackEntered)
            and one.recorded.entry.key == fact.recorded.track
        ]
        at = fact.recorded.was.revision
        before = [entered for revision, entered in turns if revision <= at]
        return before[-1:] == [stage] or any(r > at and entered == stage for r, entered in turns)

    def _row(self, here: Told, fact: Fact, grant: Grant) -> Show:
        return next(
            row
            for row in here.compiled.method.shows
            if isinstance(fact.recorded.entry, row.fact)
            and row.when is not None
            and condition(row.when) == grant.condition
        )

    def _of_core(self, here: Told, fact: Fact, person: UUID) -> frozenset[str] | None:
        entry = fact.recorded.entry
        mine = fact.recorded.was.by == person
        warning = getattr(entry, "warning", None)
        if isinstance(entry, WarningRaised):
            warning = fact.recorded.was.id
        if warning is None:
            if not self._parts(here, person) - OUTSIDE:
                return None
        elif not self.warned(here, warning, person):
            return None
        signed = isinstance(entry, WarningAcknowledged) or fact.recorded.kind == "core/opened"
        return frozenset() if signed or mine else frozenset({"by"})

    def _parts(self, here: Told, person: UUID) -> frozenset[str]:
        """The columns in which somebody stands; in runs and enquiries not those of circles."""
        if here.compiled.method.stream not in ("run", "enquiry"):
            return self.columns(here.live.stream, person)
        method, cast = here.compiled.method.id, here.compiled.cast(here.live.state)
        return frozenset(self.matrix.column(method, one) for one in cast if person in cast[one])

    def warned(self, here: Told, warning: UUID, person: UUID) -> bool:
        """Whether a warning is for somebody, by its audience."""
        raised = here.live.warnings.get(warning)
        if raised is None:
            return False
        columns = self.columns(here.live.stream, person)
        method = here.compiled.method
        cast = here.compiled.cast(here.live.state)
        moderates = any(person in cast.get(role.name, ()) for role in method.moderators)
        group = {role.name for role in method.group} or raised.cast.keys()
        was_in = any(person in raised.cast.get(role, ()) for role in group)
        part = columns - OUTSIDE - {*self.matrix.circles.values()}
        stands = {
            "facilitator": "facilitator" in columns,
            "about": person == raised.person,
            "school": f"school:{raised.school}" in self.circles(here.live.stream, person),
            "moderator": moderates,
            "group": was_in and bool(part),
            "lead": was_in and bool(part),
        }
        return any(stands[one] for one in self.matrix.warnings[raised.audience.value])

    # All of it

    def of(self, here: Told) -> "Oracle":
        """The same, asked about the facts of one stream alone."""
        only = copy(self)
        only.facts = here.facts
        return only

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact of every stream."""
        return tuple(fact for one in self.streams.values() for fact in one.facts)

    def words(self, person: UUID) -> frozenset[str]:
        """Every planted word that somebody may read."""
        return self._words(person, self.facts)

    def promised(self, person: UUID) -> frozenset[str]:
        """Every planted word that somebody must find. What others read unsigned stands in views
        alone, and those show of several wordings the last."""
        return self._words(
            person,
            [
                fact
                for fact in self.facts
                if fact.recorded.was.by == person or not type(fact.recorded.entry).__unsigned__
            ],
        )

    def _words(self, person: UUID, facts: Iterable[Fact]) -> frozenset[str]:
        found: set[str] = set()
        for fact in facts:
            hide = self.hidden(fact, person)
            if hide is not None:
                found |= fact.words(hide)
        return frozenset(found)
