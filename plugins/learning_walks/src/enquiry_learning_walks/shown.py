"""Who reads what of a walk, and which read models there are.

The first line of each condition is told to whoever writes. Everything here looks at the walk as it
stands: who was in the room does not change any more.
"""

from typing import Any
from uuid import UUID

from enquiry import COVER, ENQUIRY, FACILITATOR, MEMBER, Builder, Recorded, Viewer
from enquiry.kernel.run import forms as run
from enquiry_learning_walks.chart import FORMER, HOST, INVITED, LEAD, PUPIL, WALKER
from enquiry_learning_walks.forms import outcomes, plan, visits
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import Audience, VisitStatus
from enquiry_learning_walks.views import notes, sheets
from enquiry_learning_walks.views.sheets import STAFFROOM, audiences_of

# Conditions


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


def sees_sheet(s: Walk, viewer: Viewer) -> bool:
    """Walkers and facilitators always; everybody else once something was shared with them."""
    if viewer.person in s.adults() or FACILITATOR.name in viewer.circles:
        return True
    return was_shared(s, *audiences_of(s, viewer))


# Rows


def rows(walk: Builder) -> None:
    """Add the rows of visibility; whatever has none is its author's alone."""
    _show_plan(walk)
    _show_walk(walk)
    _show_outcomes(walk)


def _show_plan(walk: Builder) -> None:
    """Who reads what is planned. Whoever joins later reads it as well."""
    hidden: dict[str, Any] = {"today": True, "hide": ("host",)}
    walk.show(run.RunPlanned, to=HOST, today=True, hide=("reason",))
    walk.show(plan.SetWalkFocus, to=(WALKER, PUPIL, INVITED, HOST, FACILITATOR), today=True)
    walk.show(plan.AssignWalkRole, to=(WALKER, PUPIL), today=True)
    walk.show(plan.VisitScheduled, to=(LEAD, COVER), today=True)
    walk.show(plan.VisitScheduled, to=WALKER, **hidden)
    walk.show(plan.VisitScheduled, to=PUPIL, when=visits_there, **hidden)
    walk.show(plan.VisitScheduled, to=HOST, when=hosts_it, today=True)
    walk.show(plan.HostsNotified, to=(WALKER, COVER), today=True)
    walk.show(plan.HostAccepted, to=LEAD, today=True)
    walk.show(plan.HostAccepted, to=COVER, hide=("note",))
    walk.show(plan.HostDeclined, to=LEAD, today=True)
    walk.show(plan.HostDeclined, to=COVER, hide=("note",))
    walk.show(run.StartRun, to=(WALKER, PUPIL), today=True)


def _show_walk(walk: Builder) -> None:
    """Who reads what happens on the way, and what is written down."""
    for fact in (
        visits.BeginWalk,
        visits.BeginVisit,
        visits.EndVisit,
        visits.CloseCorridor,
        visits.CorridorSkipped,
        visits.EndWalk,
    ):
        walk.show(fact, to=(WALKER, PUPIL), today=True)
    walk.show(visits.SkipVisit, to=WALKER, today=True)
    walk.show(visits.RecordNote, to=WALKER, when=in_corridor, today=True)
    walk.show(visits.RecordNote, to=WALKER, when=shared_in_team, today=True)
    walk.show(visits.RecordNote, to=HOST, when=own_visit_over, hide=("by",), today=True)
    walk.show(visits.RecordNote, to=HOST, when=own_visit_named, today=True)
    walk.show(outcomes.AgreeToBeNamed, to=HOST, when=own_visit_named, today=True)
    walk.show(visits.RetractNote, to=WALKER, when=could_read_it, today=True)
    walk.show(visits.ShareInCorridor, to=WALKER, when=not_own_room, today=True)
    walk.show(visits.ShareInCorridor, to=PUPIL, when=was_present, today=True)


def _show_outcomes(walk: Builder) -> None:
    """Who reads what the walk brought: the team, then whoever it is shared with."""
    unsigned: dict[str, Any] = {"today": True, "hide": ("by",)}
    many: dict[str, Any] = {"today": True, "hide": ("by", "note_ids")}
    beyond = (MEMBER, ENQUIRY)
    walk.show(outcomes.RecordOutcome, to=WALKER, today=True)
    walk.show(outcomes.RecordOutcome, to=FACILITATOR, **many)
    walk.show(outcomes.RecordOutcome, to=HOST, when=shared_with_hosts, **many)
    walk.show(outcomes.RecordOutcome, to=PUPIL, when=shared_with_group, **many)
    walk.show(outcomes.RecordOutcome, to=STAFFROOM, when=shared_with_staff, **many)
    walk.show(outcomes.RecordOutcome, to=beyond, when=shared_with_alliance, **many)
    walk.show(outcomes.RecordNextStep, to=WALKER, today=True)
    walk.show(outcomes.RecordNextStep, to=FACILITATOR, **unsigned)
    walk.show(outcomes.ShareOutcomes, to=WALKER, today=True)
    walk.show(outcomes.ShareOutcomes, to=HOST, when=went_to_hosts, **unsigned)
    walk.show(outcomes.ShareOutcomes, to=PUPIL, when=went_to_group, **unsigned)
    walk.show(outcomes.ShareOutcomes, to=STAFFROOM, when=went_to_staff, **unsigned)
    walk.show(outcomes.ShareOutcomes, to=beyond, when=went_to_alliance, **unsigned)
    walk.show(run.CloseRun, to=WALKER, today=True)
    walk.show(outcomes.ItemsWithdrawn, to=WALKER, **unsigned)
    for fact in (outcomes.RecordNextStep, outcomes.ItemsWithdrawn):
        walk.show(fact, to=HOST, when=hosts_saw_outcomes, **unsigned)
        walk.show(fact, to=PUPIL, when=group_saw_outcomes, **unsigned)
    for fact in (plan.SetWalkFocus, outcomes.RecordNextStep, outcomes.ItemsWithdrawn):
        walk.show(fact, to=STAFFROOM, when=staff_saw_outcomes, **unsigned)
        walk.show(fact, to=beyond, when=alliance_saw_outcomes, **unsigned)
    unreasoned: dict[str, Any] = {"today": True, "hide": ("by", "reason")}
    walk.show(run.RunPlanned, to=STAFFROOM, when=staff_saw_outcomes, **unreasoned)
    walk.show(run.RunPlanned, to=beyond, when=alliance_saw_outcomes, **unreasoned)


# Read models


WITHDRAWN = "What is withdrawn is not there any more; nobody is told whose it was."


UNCOVERED = "Facilitators learn for which criteria there was no note when the walk ended."


STILL_HERE = "Others see who still takes part."


CALLED_OFF = "When the last walker leaves, the walk is cancelled, and its visits do not count."


def read_models(walk: Builder) -> None:
    """Add the read models."""
    _on_the_way(walk)
    _summed_up(walk)


def _on_the_way(walk: Builder) -> None:
    walk.view(
        "timetable",
        "When and where",
        to=(WALKER, PUPIL, HOST),
        build=notes.timetable,
        schema=notes.Timetable,
        reveals={
            run.LeaveRun: STILL_HERE,
            run.RecordPupilDeclined: STILL_HERE,
            run.WithdrawConsent: WITHDRAWN,
        },
    )
    walk.view(
        "my-notes", "My notes", to=(WALKER, PUPIL, FORMER), build=notes.my_notes, schema=notes.Notes
    )
    walk.view(
        "own-visit",
        "What was noted in my room",
        to=HOST,
        build=notes.own_visit,
        schema=notes.OwnVisits,
    )
    walk.view(
        "corridors",
        "What was said in the corridor",
        to=(WALKER, PUPIL),
        build=notes.corridors,
        schema=notes.Corridors,
        reveals={run.RecordPupilDeclined: STILL_HERE},
    )


def _summed_up(walk: Builder) -> None:
    walk.view(
        "outcome-sheet",
        "What the walk brought",
        to=(WALKER, PUPIL, HOST, FACILITATOR, *STAFFROOM, MEMBER, ENQUIRY),
        when=sees_sheet,
        build=sheets.outcome_sheet,
        schema=sheets.OutcomeSheet,
    )
    walk.view(
        "visit-key",
        "Whose room a visit number stands for",
        to=(LEAD, COVER),
        build=sheets.visit_key,
        schema=sheets.VisitKey,
    )
    walk.view(
        "coverage",
        "Which criteria were noted where",
        to=WALKER,
        build=sheets.coverage,
        schema=sheets.Coverage,
        reveals={
            visits.RecordNote: "Walkers see how many notes there are for a criterion at a visit.",
            visits.RetractNote: "Walkers see how many notes there are for a criterion at a visit.",
        },
    )
    walk.view(
        "fidelity",
        "How closely the protocol was followed",
        to=(WALKER, FACILITATOR),
        build=sheets.fidelity,
        schema=sheets.Fidelity,
        reveals={
            run.RecordDeviation: "Facilitators learn which rule was not followed, and not why.",
            visits.RecordNote: UNCOVERED,
            visits.RetractNote: UNCOVERED,
        },
    )
    walk.view(
        "observation-budget",
        "How often a teacher is visited this year",
        to=(HOST, COVER),
        build=sheets.observation_budget,
        schema=sheets.ObservationBudget,
        reveals={run.LeaveRun: CALLED_OFF, run.WithdrawConsent: WITHDRAWN},
    )
