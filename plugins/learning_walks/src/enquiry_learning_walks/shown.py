"""Conditions on who reads what, beyond roles. The first line of each is told to whoever writes.

Everything here looks at the walk as it stands: who was in the room does not change any more.
"""

from typing import Any
from uuid import UUID

from enquiry import (
    COORDINATOR,
    COVER,
    ENQUIRY,
    FACILITATOR,
    LEADERS,
    MEMBER,
    STAFF,
    Builder,
    Recorded,
    Viewer,
)
from enquiry.kernel.run import forms as run
from enquiry_learning_walks import forms, pooling
from enquiry_learning_walks.chart import HOST, INVITED, LEAD, PUPIL, WALKER
from enquiry_learning_walks.pieces import Audience, VisitStatus
from enquiry_learning_walks.state import Walk

STAFFROOM = (STAFF, LEADERS, COORDINATOR)
"""Circles that see what is shared with staff; what is shared with the alliance they see as well."""

_OVER = (VisitStatus.CORRIDOR, VisitStatus.DONE)


def _entry(fact: Recorded) -> Any:
    return fact.entry


def in_corridor(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """They were in the room, or lead the walk; once the corridor debrief has begun"""
    number = _entry(fact).visit_no
    visit = s.visits.get(number)
    over = visit is not None and visit.status in _OVER
    return over and s.reads_notes(viewer.person, number)


def shared_in_team(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """You shared it with the walkers; never about their own room"""
    visit = s.visits.get(_entry(fact).visit_no)
    shared = "group" in s.shared.get(fact.was.id, ())
    return shared and visit is not None and visit.host != viewer.person


def own_visit_over(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is about their own room; once the corridor debrief is over"""
    visit = s.visits.get(_entry(fact).visit_no)
    done = visit is not None and visit.status == VisitStatus.DONE
    return visit is not None and done and visit.host == viewer.person


def own_visit_named(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is about their own room, and you let them know what you wrote"""
    agreed = _entry(fact).visit_no in s.named.get(fact.was.by, ())
    return agreed and own_visit_over(s, fact, viewer)


def not_own_room(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is not about their own room"""
    visit = s.visits.get(_entry(fact).visit_no)
    return visit is not None and visit.host != viewer.person


def was_present(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """They were in the room"""
    visit = s.visits.get(_entry(fact).visit_no)
    return visit is not None and viewer.person in visit.present


def visits_there(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """They visit this room"""
    del s
    return viewer.person in _entry(fact).visitors


def hosts_it(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is their own room, and they were told of the visit"""
    visit = s.visits.get(_entry(fact).visit_no)
    told = visit is not None and visit.told
    return told and _entry(fact).host == viewer.person


def could_read_it(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """They could read the note"""
    return s.may_read(_entry(fact).note, viewer.person)


def stands_before(s: Walk, outcome: UUID, audience: Audience) -> bool:
    """Whether an outcome was shared with this audience and still stands before it."""
    return outcome in s.shown_to(audience)


def shared_with_hosts(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the hosts"""
    del viewer
    return stands_before(s, fact.was.id, Audience.HOSTS)


def shared_with_group(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the group"""
    del viewer
    return stands_before(s, fact.was.id, Audience.GROUP)


def shared_with_staff(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with staff or the alliance"""
    del viewer
    alliance = stands_before(s, fact.was.id, Audience.ALLIANCE)
    return alliance or stands_before(s, fact.was.id, Audience.STAFF)


def shared_with_alliance(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the alliance"""
    del viewer
    return stands_before(s, fact.was.id, Audience.ALLIANCE)


def was_shared(s: Walk, *audiences: Audience) -> bool:
    """Whether anything was ever shared with one of these audiences."""
    return any(sharing.audience in audiences for sharing in s.sharings)


def hosts_saw_outcomes(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """Outcomes are shared with the hosts"""
    del fact, viewer
    return was_shared(s, Audience.HOSTS)


def group_saw_outcomes(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """Outcomes are shared with the group"""
    del fact, viewer
    return was_shared(s, Audience.GROUP)


def staff_saw_outcomes(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """Outcomes are shared with staff or the alliance"""
    del fact, viewer
    return was_shared(s, Audience.STAFF, Audience.ALLIANCE)


def alliance_saw_outcomes(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """Outcomes are shared with the alliance"""
    del fact, viewer
    return was_shared(s, Audience.ALLIANCE)


def went_to_hosts(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the hosts"""
    del s, viewer
    return _entry(fact).audience == Audience.HOSTS


def went_to_group(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the group"""
    del s, viewer
    return _entry(fact).audience == Audience.GROUP


def went_to_staff(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with staff or the alliance"""
    del s, viewer
    return _entry(fact).audience in (Audience.STAFF, Audience.ALLIANCE)


def went_to_alliance(s: Walk, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the alliance"""
    del s, viewer
    return _entry(fact).audience == Audience.ALLIANCE


def audiences_of(s: Walk, viewer: Viewer) -> tuple[Audience, ...]:
    """Audiences to which somebody belongs, whether or not anything was shared with them."""
    found: list[Audience] = []
    if viewer.person in s.present_hosts():
        found.append(Audience.HOSTS)
    if viewer.person in s.pupil_walkers():
        found.append(Audience.GROUP)
    if any(circle.name in viewer.circles for circle in STAFFROOM):
        found += [Audience.STAFF, Audience.ALLIANCE]
    elif MEMBER.name in viewer.circles or ENQUIRY.name in viewer.circles:
        found.append(Audience.ALLIANCE)
    return tuple(found)


def sees_sheet(s: Walk, viewer: Viewer) -> bool:
    """Walkers and facilitators always; everybody else once something was shared with them."""
    if viewer.person in s.adults() or FACILITATOR.name in viewer.circles:
        return True
    return was_shared(s, *audiences_of(s, viewer))


# The rows


def show_plan(walk: Builder) -> None:
    """Who reads what is planned. Whoever joins later reads it as well."""
    hidden: dict[str, Any] = {"today": True, "hide": ("host",)}
    walk.show(run.RunPlanned, to=HOST, today=True, hide=("reason",))
    walk.show(forms.SetWalkFocus, to=(WALKER, PUPIL, INVITED, HOST, FACILITATOR), today=True)
    walk.show(forms.AssignWalkRole, to=(WALKER, PUPIL), today=True)
    walk.show(forms.VisitScheduled, to=(LEAD, COVER), today=True)
    walk.show(forms.VisitScheduled, to=WALKER, **hidden)
    walk.show(forms.VisitScheduled, to=PUPIL, when=visits_there, **hidden)
    walk.show(forms.VisitScheduled, to=HOST, when=hosts_it, today=True)
    walk.show(forms.HostsNotified, to=(WALKER, COVER), today=True)
    walk.show(forms.HostAccepted, to=LEAD, today=True)
    walk.show(forms.HostAccepted, to=COVER, hide=("note",))
    walk.show(forms.HostDeclined, to=LEAD, today=True)
    walk.show(forms.HostDeclined, to=COVER, hide=("note",))
    walk.show(run.StartRun, to=(WALKER, PUPIL), today=True)


def show_walk(walk: Builder) -> None:
    """Who reads what happens on the way, and what is written down."""
    for fact in (
        forms.BeginWalk,
        forms.BeginVisit,
        forms.EndVisit,
        forms.CloseCorridor,
        forms.CorridorSkipped,
        forms.EndWalk,
    ):
        walk.show(fact, to=(WALKER, PUPIL), today=True)
    walk.show(forms.SkipVisit, to=WALKER, today=True)
    walk.show(forms.RecordNote, to=WALKER, when=in_corridor, today=True)
    walk.show(forms.RecordNote, to=WALKER, when=shared_in_team, today=True)
    walk.show(forms.RecordNote, to=HOST, when=own_visit_over, hide=("by",), today=True)
    walk.show(forms.RecordNote, to=HOST, when=own_visit_named, today=True)
    walk.show(pooling.AgreeToBeNamed, to=HOST, when=own_visit_named, today=True)
    walk.show(forms.RetractNote, to=WALKER, when=could_read_it, today=True)
    walk.show(forms.ShareInCorridor, to=WALKER, when=not_own_room, today=True)
    walk.show(forms.ShareInCorridor, to=PUPIL, when=was_present, today=True)


def show_outcomes(walk: Builder) -> None:
    """Who reads what the walk brought: the team, then whoever it is shared with."""
    unsigned: dict[str, Any] = {"today": True, "hide": ("by",)}
    many: dict[str, Any] = {"today": True, "hide": ("by", "note_ids")}
    beyond = (MEMBER, ENQUIRY)
    walk.show(pooling.RecordOutcome, to=WALKER, today=True)
    walk.show(pooling.RecordOutcome, to=FACILITATOR, **many)
    walk.show(pooling.RecordOutcome, to=HOST, when=shared_with_hosts, **many)
    walk.show(pooling.RecordOutcome, to=PUPIL, when=shared_with_group, **many)
    walk.show(pooling.RecordOutcome, to=STAFFROOM, when=shared_with_staff, **many)
    walk.show(pooling.RecordOutcome, to=beyond, when=shared_with_alliance, **many)
    walk.show(pooling.RecordNextStep, to=WALKER, today=True)
    walk.show(pooling.RecordNextStep, to=FACILITATOR, **unsigned)
    walk.show(pooling.ShareOutcomes, to=WALKER, today=True)
    walk.show(pooling.ShareOutcomes, to=HOST, when=went_to_hosts, **unsigned)
    walk.show(pooling.ShareOutcomes, to=PUPIL, when=went_to_group, **unsigned)
    walk.show(pooling.ShareOutcomes, to=STAFFROOM, when=went_to_staff, **unsigned)
    walk.show(pooling.ShareOutcomes, to=beyond, when=went_to_alliance, **unsigned)
    walk.show(run.CloseRun, to=WALKER, today=True)
    walk.show(pooling.ItemsWithdrawn, to=WALKER, **unsigned)
    for fact in (pooling.RecordNextStep, pooling.ItemsWithdrawn):
        walk.show(fact, to=HOST, when=hosts_saw_outcomes, **unsigned)
        walk.show(fact, to=PUPIL, when=group_saw_outcomes, **unsigned)
    for fact in (forms.SetWalkFocus, pooling.RecordNextStep, pooling.ItemsWithdrawn):
        walk.show(fact, to=STAFFROOM, when=staff_saw_outcomes, **unsigned)
        walk.show(fact, to=beyond, when=alliance_saw_outcomes, **unsigned)
    unreasoned: dict[str, Any] = {"today": True, "hide": ("by", "reason")}
    walk.show(run.RunPlanned, to=STAFFROOM, when=staff_saw_outcomes, **unreasoned)
    walk.show(run.RunPlanned, to=beyond, when=alliance_saw_outcomes, **unreasoned)
