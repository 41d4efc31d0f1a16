"""When and where, one's own notes, and how closely the protocol was followed."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from enquiry.kernel import around
from enquiry.method.method import Look
from enquiry_instructional_rounds.chart import HOST_LEAD, NETWORK
from enquiry_instructional_rounds.state.pieces import STANDING, Focus, Visit
from enquiry_instructional_rounds.state.rounds import Rounds


class VisitPlanned(Struct, frozen=True):
    """One line of a timetable, in the local time of the school."""

    visit_no: int
    you: str | None
    """``observer`` or ``host``; ``None`` for whoever only plans."""
    status: str
    """``not_held`` for every visit that does not take place."""
    day: date
    starts: datetime
    """With the offset of the school's zone on that day."""
    ends: datetime
    zone: str
    room: str
    team_no: int
    visitors: tuple[UUID, ...]


class Timetable(Struct, frozen=True):
    """When the viewer observes or is visited. It is empty from the debrief on."""

    visits: tuple[VisitPlanned, ...]


def timetable(s: Rounds, look: Look) -> Timetable:
    """Own visits for observers and host teachers, every visit for those who plan; none that was
    withdrawn, and none at all once the debrief is open."""
    if s.debriefed_at is not None:
        return Timetable(())
    me, plans = look.viewer.person, look.has(NETWORK, HOST_LEAD)
    mine = [
        visit
        for visit in sorted(s.visits.values(), key=lambda v: (v.start, v.number))
        if (plans or me in s.teams.get(visit.team, ()) or _hosts(s, visit, me))
        and not s.host_withdrew(visit)
    ]
    return Timetable(tuple(_line(s, visit, look) for visit in mine))


def _hosts(s: Rounds, visit: Visit, person: UUID) -> bool:
    known = visit.host == person and visit.told and visit.status in STANDING
    return known and not s.host_withdrew(visit)


def _line(s: Rounds, visit: Visit, look: Look) -> VisitPlanned:
    zone, me = ZoneInfo(visit.zone), look.viewer.person
    team = s.teams.get(visit.team, ())
    room = around.alliance(look).rooms.get(visit.room)
    return VisitPlanned(
        visit_no=visit.number,
        you="host" if _hosts(s, visit, me) else "observer" if me in team else None,
        status=visit.status.value if visit.status in STANDING else "not_held",
        day=visit.start.astimezone(zone).date(),
        starts=visit.start.astimezone(zone),
        ends=visit.end.astimezone(zone),
        zone=visit.zone,
        room=room.code if room is not None else "",
        team_no=visit.team,
        visitors=team,
    )


class NoteShown(Struct, frozen=True):
    """A private note."""

    note: UUID
    visit_no: int
    focus: Focus
    text: str


class MyNotes(Struct, frozen=True):
    """What the viewer wrote for nobody else, in order."""

    notes: tuple[NoteShown, ...]
    expired: bool
    """The days are over for which notes are kept after the close."""


def my_notes(s: Rounds, look: Look) -> MyNotes:
    """The viewer's own notes, whatever their rank, until they are not kept any more (4.6)."""
    me = look.viewer.person
    kept = timedelta(days=look.options.raw_note_retention_days)
    if s.over_at is not None and look.now >= s.over_at + kept:
        return MyNotes((), expired=True)
    notes = tuple(
        NoteShown(id_, note.visit, note.focus, note.text)
        for id_, note in s.notes.items()
        if note.by == me and id_ not in s.gone
    )
    return MyNotes(notes, expired=False)


class VisitHeld(Struct, frozen=True):
    """How long a visit really took, in whole minutes; ``None`` if it was not held to its end."""

    visit_no: int
    minutes: int | None


class WarningStanding(Struct, frozen=True):
    """A warning as the viewer may see it."""

    code: str
    about: str
    acknowledged: bool


class Fidelity(Struct, frozen=True):
    """How closely the rounds followed their protocol. For the network's own learning only."""

    deviations: tuple[str, ...]
    """Rules that were not followed, in order; the reasons stand in the history."""
    visits: tuple[VisitHeld, ...]
    warnings: tuple[WarningStanding, ...]


def fidelity(s: Rounds, look: Look) -> Fidelity:
    """Deviations, real lengths, and the standing warnings that the viewer may see."""
    held = tuple(VisitHeld(number, visit.took()) for number, visit in s.visits.items())
    standing = tuple(
        WarningStanding(w.code, w.about, w.state == "acknowledged") for w in look.warnings
    )
    return Fidelity(tuple(s.deviations.values()), held, standing)
