"""What each person sees on the way: the timetable, notes, the own room, corridors.

A view only arranges. Texts are references, opened for those whom the rows of visibility let read
them; authors and hosts stand in a view only where the same person may know them.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.alliance.state import Alliance
from enquiry.method.method import Look
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    STANDING,
    Note,
    NoteKind,
    ShareKind,
    Visit,
    VisitStatus,
)


class CriterionShown(Struct, frozen=True):
    """What is looked for."""

    id: str
    text: str


def shown_criteria(s: Walk) -> tuple[CriterionShown, ...]:
    """The criteria in order."""
    return tuple(CriterionShown(one.id.value, one.text) for one in s.criteria)


class VisitPlanned(Struct, frozen=True):
    """One line of a timetable, in the local time of the school."""

    visit_no: int
    you: str | None
    """``visitor`` or ``host``; ``None`` for the lead where neither."""
    status: str
    """As in the track; ``not_held`` for every visit that does not take place."""
    day: date
    starts: datetime
    """With the offset of the school's zone on that day."""
    ends: datetime
    corridor_ends: datetime | None
    """For those who go on to the corridor."""
    zone: str
    room: str
    visitors: tuple[UUID, ...]


class Timetable(Struct, frozen=True):
    """When the viewer visits or is visited, and what for."""

    focus: str | None
    aim: str | None
    criteria: tuple[CriterionShown, ...]
    visits: tuple[VisitPlanned, ...]


def timetable(s: Walk, look: Look) -> Timetable:
    """Own visits for a walker and a host; every visit for the lead; none that was withdrawn."""
    me = look.viewer.person
    mine = [
        visit
        for visit in sorted(s.visits.values(), key=lambda v: (v.start, v.number))
        if (me == s.lead or me in visit.visitors or _is_mine(visit, me))
        and not s.hosts_withdrawn(visit.number)
    ]
    lines = tuple(_line(visit, me, look) for visit in mine)
    return Timetable(s.focus, s.aim, shown_criteria(s), lines)


def _is_mine(visit: Visit, person: UUID) -> bool:
    return visit.host == person and visit.told and visit.status in STANDING


def _line(visit: Visit, me: UUID, look: Look) -> VisitPlanned:
    zone = ZoneInfo(visit.zone)
    hosting = _is_mine(visit, me)
    walking = me in visit.visitors
    return VisitPlanned(
        visit_no=visit.number,
        you="host" if hosting else "visitor" if walking else None,
        status=visit.status.value if visit.status in STANDING else "not_held",
        day=visit.start.astimezone(zone).date(),
        starts=visit.start.astimezone(zone),
        ends=visit.end.astimezone(zone),
        corridor_ends=None if hosting else visit.corridor_end.astimezone(zone),
        zone=visit.zone,
        room=shown_room(visit, look),
        visitors=visit.visitors,
    )


def shown_room(visit: Visit, look: Look) -> str:
    """The code of the room, or nothing if the room is not known any more."""
    here: Alliance = around.alliance(look)
    room = here.rooms.get(visit.room)
    return room.code if room is not None else ""


class NoteShown(Struct, frozen=True):
    """A note; ``by`` only where the viewer may know who wrote it."""

    note: UUID
    visit_no: int
    criterion: str
    kind: NoteKind
    text: str
    count: int | None
    verbatim: bool
    by: UUID | None = None


def _note(id_: UUID, note: Note, by: UUID | None = None) -> NoteShown:
    return NoteShown(
        note=id_,
        visit_no=note.visit,
        criterion=note.criterion.value,
        kind=note.kind,
        text=note.text,
        count=note.count,
        verbatim=note.verbatim,
        by=by,
    )


class Notes(Struct, frozen=True):
    """Notes of one person."""

    notes: tuple[NoteShown, ...]


def my_notes(s: Walk, look: Look) -> Notes:
    """What the viewer wrote, in order."""
    me = look.viewer.person
    return Notes(tuple(_note(id_, n, me) for id_, n in s.live_notes().items() if n.by == me))


class OwnVisit(Struct, frozen=True):
    """A host's own visit: what was noted there."""

    visit_no: int
    day: date
    notes: tuple[NoteShown, ...]


class OwnVisits(Struct, frozen=True):
    """The viewer's own visits as host, and what was looked for."""

    criteria: tuple[CriterionShown, ...]
    visits: tuple[OwnVisit, ...]


def own_visit(s: Walk, look: Look) -> OwnVisits:
    """Notes of the viewer's own room once its corridor is over; names only of who agreed."""
    me = look.viewer.person
    mine = [v for v in s.visits.values() if v.host == me and v.status == VisitStatus.DONE]
    return OwnVisits(shown_criteria(s), tuple(_own(s, visit) for visit in mine))


def _own(s: Walk, visit: Visit) -> OwnVisit:
    notes = tuple(
        _note(id_, note, note.by if visit.number in s.named.get(note.by, ()) else None)
        for id_, note in s.live_notes().items()
        if note.visit == visit.number
    )
    return OwnVisit(visit.number, visit.day(), notes)


class ShareShown(Struct, frozen=True):
    """What somebody said in a corridor."""

    share: UUID
    by: UUID
    kind: ShareKind
    text: str | None
    note_ids: tuple[UUID, ...]


class Corridor(Struct, frozen=True):
    """A corridor debrief."""

    visit_no: int
    status: str
    shares: tuple[ShareShown, ...]
    waiting_for: tuple[UUID, ...]
    """Who has yet to speak."""


class Corridors(Struct, frozen=True):
    """Every corridor debrief so far."""

    corridors: tuple[Corridor, ...]


def corridors(s: Walk, look: Look) -> Corridors:
    """For walkers, never about their own room; for pupils, where they were present."""
    me = look.viewer.person
    over = (VisitStatus.CORRIDOR, VisitStatus.DONE)
    seen = [
        visit
        for visit in s.visits.values()
        if visit.status in over
        and visit.host != me
        and (me in s.adults() or me in visit.present)
        and not s.hosts_withdrawn(visit.number)
    ]
    return Corridors(tuple(_corridor(s, visit) for visit in seen))


def _corridor(s: Walk, visit: Visit) -> Corridor:
    shares = tuple(
        ShareShown(id_, share.by, share.kind, share.text, share.notes)
        for id_, share in s.live_shares().items()
        if share.visit == visit.number
    )
    is_open = visit.status == VisitStatus.CORRIDOR
    waiting = tuple(p for p in visit.present if p not in visit.spoke) if is_open else ()
    return Corridor(visit.number, visit.status.value, shares, waiting)
