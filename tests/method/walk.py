"""A sound method with a track: a small walk through classrooms, a corridor after each visit."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Struct

from enquiry import (
    FACILITATOR,
    MEMBER,
    Builder,
    Ctx,
    Entry,
    Look,
    Piece,
    Recorded,
    Role,
    State,
    Unmet,
    Verdict,
    Viewer,
    Warn,
    Was,
    Watch,
    ask,
    guard,
    rule,
    text,
)

LEAD = Role("lead", "whoever leads the walk", at_least=1, at_most=1)
WALKER = Role("walker", "the walkers", at_least=2)
PRESENT = Role("present", "the walkers of that visit")
HOST = Role("host", "the hosts")
OWN_HOST = Role("own-host", "the host of that visit")

VisitNo = Annotated[int, ask("Which visit?", address=True, ge=1, le=9)]


class Visit(Piece):
    """A visit that is planned or under way."""

    host: UUID
    present: tuple[UUID, ...] = ()
    notes: tuple[UUID, ...] = ()
    shared: tuple[UUID, ...] = ()
    stage: str = "planned"


class Walk(State):
    """What the rules of the walk remember."""

    lead: UUID | None = None
    focus: str = ""
    walkers: tuple[UUID, ...] = ()
    visits: Mapping[int, Visit] = {}
    outcomes: tuple[str, ...] = ()
    shared: bool = False
    ended: datetime | None = None

    def visit(self, number: int, **changes: Any) -> "Walk":
        """The same, with this visit changed."""
        return self.but(visits={**self.visits, number: self.visits[number].but(**changes)})


class PlanWalk(Entry, records="planned"):
    """Plan a walk"""

    focus: Annotated[str, text("What are you looking for?", upto=300, lines=2)]

    def apply(self, s: Walk, was: Was) -> Walk:
        """Whoever plans it leads it, and walks."""
        return s.but(lead=was.by, focus=self.focus, walkers=(was.by,))


class AddWalker(Entry, records="walker-added"):
    """Add a walker"""

    person: Annotated[UUID, ask("Who?", ui="people")]

    def apply(self, s: Walk, was: Was) -> Walk:
        """One more, once."""
        return s.but(walkers=(*(w for w in s.walkers if w != self.person), self.person))


class ScheduleVisit(Entry, records="visit-scheduled"):
    """Schedule a visit"""

    visit: VisitNo
    host: Annotated[UUID, ask("Who is the host?", ui="people")]
    minutes: Annotated[int, ask("How many minutes?", ge=5, le=10)] = 7

    def apply(self, s: Walk, was: Was) -> Walk:
        """The same number again replaces it."""
        return s.but(visits={**s.visits, self.visit: Visit(host=self.host)})


class BeginWalk(Entry, records="begun"):
    """Begin the walk"""


class BeginVisit(Entry, records="visit-begun"):
    """Step into the room"""

    visit: VisitNo
    present: Annotated[tuple[UUID, ...], ask("Who is there?", ui="people", at_least=1, at_most=6)]

    def apply(self, s: Walk, was: Was) -> Walk:
        """These walkers are present."""
        return s.visit(self.visit, present=self.present, stage="room")


class RecordNote(Entry, records="note-recorded"):
    """Note what you see or hear"""

    visit: VisitNo
    kind: Annotated[Literal["saw", "heard"], ask("Seen or heard?")]
    text: Annotated[str, text("What exactly?", upto=600, lines=4, guard="notes_shared")]

    def apply(self, s: Walk, was: Was) -> Walk:
        """Remember that there is one, not what it says."""
        return s.visit(self.visit, notes=(*s.visits[self.visit].notes, was.id))


class EndVisit(Entry, records="visit-ended"):
    """Step into the corridor"""

    visit: VisitNo

    def apply(self, s: Walk, was: Was) -> Walk:
        """The corridor has begun."""
        return s.visit(self.visit, stage="corridor")


class ShareInCorridor(Entry, records="corridor-shared"):
    """Say what you noticed, or that you have nothing to add"""

    visit: VisitNo
    noticing: (
        Annotated[str, text("What did you notice?", upto=600, lines=3, guard="contributions")]
        | None
    ) = None

    def apply(self, s: Walk, was: Was) -> Walk:
        """They have spoken."""
        known = s.visits[self.visit].shared
        return s.visit(self.visit, shared=(*(p for p in known if p != was.by), was.by))


class CloseCorridor(Entry, records="corridor-closed"):
    """Walk on"""

    visit: VisitNo

    def apply(self, s: Walk, was: Was) -> Walk:
        """The visit is over."""
        return s.visit(self.visit, stage="over")


class EndWalk(Entry, records="ended"):
    """End the walk and pool what was seen"""

    def apply(self, s: Walk, was: Was) -> Walk:
        """From now on the hosts wait to hear."""
        return s.but(ended=was.at)


class RecordOutcome(Entry, records="outcome-recorded"):
    """Record an outcome"""

    text: Annotated[str, text("What did we learn?", upto=1000, lines=4, guard="outcomes")]
    notes: Annotated[tuple[UUID, ...], ask("On which notes does it rest?", at_least=1, at_most=9)]

    def apply(self, s: Walk, was: Was) -> Walk:
        """One outcome more."""
        return s.but(outcomes=(*s.outcomes, self.text))


class ShareOutcomes(Entry, records="outcomes-shared"):
    """Share the outcomes with the hosts"""

    def apply(self, s: Walk, was: Was) -> Walk:
        """The hosts have them."""
        return s.but(shared=True)


class CloseWalk(Entry, records="closed"):
    """Close the walk"""


class CancelWalk(Entry, records="cancelled"):
    """Cancel the walk"""

    reason: Annotated[str, text("Why?", upto=300)]


def _visit(s: Walk, e: Any) -> Visit | None:
    return s.visits.get(e.visit)


@rule("NOT_FOUND", "There is no such visit.")
def visit_is_scheduled(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The number stands for a visit of this walk."""
    del ctx
    return e.visit in s.visits


@guard("TEAM_SIZE_OUT_OF_RANGE", "Walk with two to six.", source="LW-E02")
def enough_walkers(s: Walk, ctx: Ctx) -> bool:
    """Two to six people walk."""
    del ctx
    return 2 <= len(s.walkers) <= 6


@guard("VISITS_OUTSTANDING", "Schedule a visit first.")
def something_scheduled(s: Walk, ctx: Ctx) -> bool:
    """There is at least one visit."""
    del ctx
    return bool(s.visits)


@guard("DEBRIEF_REQUIRED", "Close the corridor of the last visit first.", source="LW-E09")
def nothing_open(s: Walk, ctx: Ctx) -> Verdict:
    """No visit is open or in its corridor."""
    del ctx
    still = [n for n, visit in s.visits.items() if visit.stage in ("room", "corridor")]
    return Unmet(details=tuple({"visit": n} for n in still)) if still else True


@rule("VISIT_NOT_OPEN", "The visit has not begun.", source="LW-E11")
def visit_has_begun(s: Walk, e: RecordNote, ctx: Ctx) -> bool:
    """Nothing is noted before the visit."""
    del ctx
    visit = _visit(s, e)
    return visit is not None and visit.stage != "planned"


@rule("NOTES_WINDOW_CLOSED", "The corridor of this visit is closed.", source="LW-E11")
def window_is_open(s: Walk, e: RecordNote, ctx: Ctx) -> bool:
    """Nothing is noted after the corridor."""
    del ctx
    visit = _visit(s, e)
    return visit is not None and visit.stage != "over"


@rule("NOT_PRESENT_AT_VISIT", "Only those who were there take part.", source="LW-E10")
def was_present(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The actor was present at that visit."""
    visit = _visit(s, e)
    return visit is not None and ctx.actor in visit.present


@rule("WALKER_HOSTS_ROOM", "Nobody visits their own room.", source="LW-E07")
def only_walkers_present(s: Walk, e: BeginVisit, ctx: Ctx) -> Verdict:
    """Everybody present is a walker and not the host."""
    del ctx
    host = s.visits[e.visit].host
    wrong = [n for n, p in enumerate(e.present) if p == host or p not in s.walkers]
    return Unmet(pointer=f"/present/{wrong[0]}") if wrong else True


@rule("DEBRIEF_SHARE_MISSING", "Not everybody has shared yet.", source="LW-E12")
def everybody_shared(s: Walk, e: CloseCorridor, ctx: Ctx) -> Verdict:
    """Each present walker has shared or said that there is nothing to add."""
    del ctx
    visit = s.visits[e.visit]
    missing = [p for p in visit.present if p not in visit.shared]
    return Unmet(details=tuple({"person": str(p)} for p in missing)) if missing else True


@guard("VISITS_OUTSTANDING", "A visit is still to come.")
def all_visits_over(s: Walk, ctx: Ctx) -> bool:
    """Every visit is over."""
    del ctx
    return all(visit.stage == "over" for visit in s.visits.values())


@rule("OUTCOME_NEEDS_EVIDENCE", "Name notes of this walk.", source="LW-E14")
def rests_on_notes(s: Walk, e: RecordOutcome, ctx: Ctx) -> Verdict:
    """Every note that is named is one of this walk."""
    del ctx
    known = {note for visit in s.visits.values() for note in visit.notes}
    wrong = [n for n, note in enumerate(e.notes) if note not in known]
    return Unmet(pointer=f"/notes/{wrong[0]}") if wrong else True


@guard("OUTCOME_NEEDS_EVIDENCE", "Record an outcome first.")
def something_learned(s: Walk, ctx: Ctx) -> bool:
    """At least one outcome is recorded."""
    del ctx
    return bool(s.outcomes)


def team_is_not_four(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """Four is usual."""
    del ctx
    size = len(s.walkers)
    return () if size in (0, 4) else (Warn("TEAM_NOT_FOUR", params={"team": size}),)


def feedback_is_late(s: Walk, ctx: Ctx) -> tuple[Warn, ...]:
    """Hosts hear within some days of the pooling."""
    if s.ended is None or s.shared or ctx.stage != "pooling":
        return ()
    late = ctx.now > s.ended + timedelta(days=ctx.options.feedback_days)
    return (Warn("FEEDBACK_LATE"),) if late else ()


class Options(Struct, frozen=True, kw_only=True):
    """What is chosen when a walk is planned."""

    feedback_days: Annotated[int, ask("Hosts hear within how many days?", ge=1)] = 5


def _cast(s: Walk) -> Mapping[str, tuple[UUID, ...]]:
    return {
        "lead": (s.lead,) if s.lead else (),
        "walker": s.walkers,
        "host": tuple(visit.host for visit in s.visits.values()),
    }


def _cast_of(s: Walk, e: Entry) -> Mapping[str, tuple[UUID, ...]]:
    visit = s.visits.get(getattr(e, "visit", 0))
    return {} if visit is None else {"present": visit.present, "own-host": (visit.host,)}


class Progress(Struct, frozen=True):
    """Where the walk stands."""

    focus: str
    visits: dict[int, str]


class Outcomes(Struct, frozen=True):
    """What was learned."""

    outcomes: tuple[str, ...]


def progress(s: Walk, look: Look) -> Progress:
    """The state of each visit by its number; nobody's name."""
    del look
    return Progress(s.focus, {number: visit.stage for number, visit in s.visits.items()})


def outcomes(s: Walk, look: Look) -> Outcomes:
    """The outcomes, for walkers and, once they are shared, for hosts."""
    del look
    return Outcomes(s.outcomes)


def outcomes_were_shared(s: Walk, recorded: Recorded, viewer: Viewer) -> bool:
    """The lead has shared the outcomes"""
    del recorded, viewer
    return s.shared


def outcomes_are_theirs(s: Walk, viewer: Viewer) -> bool:
    """They walked, or the outcomes were shared with the hosts."""
    return s.shared or viewer.person in s.walkers


def record_close(s: Walk, e: CloseWalk, ctx: Ctx) -> Iterable[Any]:
    """Close, and say so when nobody was told."""
    del ctx
    yield e
    if not s.shared:
        yield Warn("NOT_SHARED")
    yield CLOSED


walk = Builder(
    "small-walk",
    1,
    "A small walk",
    state=Walk,
    roles=(LEAD, WALKER, PRESENT, HOST, OWN_HOST),
    cast=_cast,
    cast_of=_cast_of,
    options=Options,
    acknowledgers=(LEAD,),
    moderators=(LEAD,),
    source="3.1",
)
PLANNED, WALKING, POOLING, CLOSED, CANCELLED = walk.stages(
    "planned", "walking", "pooling", final=("closed", "cancelled")
)
ROOM, CORRIDOR, OVER = walk.track(
    "visit", "room", "corridor", "over", within=WALKING, title="Visit"
)
walk.move(PlanWalk, by=MEMBER, opens=True)
walk.move(AddWalker, by=LEAD, at=PLANNED)
walk.move(ScheduleVisit, by=LEAD, at=PLANNED, decision=True, about="plan")
walk.move(
    BeginWalk,
    by=LEAD,
    at=PLANNED,
    to=WALKING,
    decision=True,
    about="plan",
    rules=(enough_walkers, something_scheduled),
)
walk.move(
    BeginVisit,
    by=LEAD,
    at=WALKING,
    to=ROOM,
    key="visit",
    rules=(visit_is_scheduled, nothing_open, only_walkers_present),
)
walk.move(
    RecordNote,
    by=WALKER,
    at=(ROOM, CORRIDOR),
    key="visit",
    rules=(visit_is_scheduled, visit_has_begun, window_is_open, was_present),
    offline=True,
)
walk.move(EndVisit, by=LEAD, at=ROOM, to=CORRIDOR, key="visit", rules=(visit_is_scheduled,))
walk.move(
    ShareInCorridor,
    by=WALKER,
    at=CORRIDOR,
    key="visit",
    rules=(visit_is_scheduled, was_present),
)
walk.move(
    CloseCorridor,
    by=LEAD,
    at=CORRIDOR,
    to=OVER,
    key="visit",
    decision=True,
    about=lambda e: f"visit-{e.visit}",
    rules=(visit_is_scheduled, everybody_shared),
)
walk.move(EndWalk, by=LEAD, at=WALKING, to=POOLING, rules=(all_visits_over,))
walk.move(RecordOutcome, by=WALKER, at=POOLING, rules=(rests_on_notes,))
walk.move(ShareOutcomes, by=LEAD, at=POOLING, rules=(something_learned,))
walk.move(
    CloseWalk,
    by=LEAD,
    at=POOLING,
    to=CLOSED,
    rules=(something_learned,),
    handler=record_close,
    facts=(CloseWalk,),
)
walk.move(CancelWalk, by=LEAD, to=CANCELLED, decision=True)
for fact in (PlanWalk, ScheduleVisit):
    walk.show(fact, to=(WALKER, HOST), today=True)
for fact in (BeginWalk, BeginVisit, EndVisit, CloseCorridor, EndWalk):
    walk.show(fact, to=(WALKER, HOST))
for fact in (AddWalker, CloseWalk, CancelWalk):
    walk.show(fact, to=(WALKER, FACILITATOR))
walk.show(RecordNote, to=PRESENT)
walk.show(RecordNote, to=OWN_HOST, since=OVER, hide=("by",))
walk.show(ShareInCorridor, to=PRESENT)
walk.show(RecordOutcome, to=WALKER)
walk.show(ShareOutcomes, to=(WALKER, HOST))
walk.show(
    RecordOutcome,
    to=HOST,
    since=POOLING,
    when=outcomes_were_shared,
    hide=("by", "notes"),
)
walk.view("progress", "Where we are", to=(WALKER, HOST), build=progress, schema=Progress)
walk.view(
    "outcomes",
    "What we learned",
    to=(WALKER, HOST),
    build=outcomes,
    schema=Outcomes,
    when=outcomes_are_theirs,
    reveals={CloseWalk: "nothing but that it ended"},
)
walk.watch(Watch("TEAM_NOT_FOUR", team_is_not_four))
walk.watch(Watch("FEEDBACK_LATE", feedback_is_late, timed=True))

METHOD = walk.build()
