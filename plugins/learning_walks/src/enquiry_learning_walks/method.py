"""The learning walk as a method: its moves, in the order in which they are read aloud."""

from enquiry import TEXT_GUARD
from enquiry.kernel.run import More, Settings, common, may_start
from enquiry.kernel.run import forms as run
from enquiry_learning_walks import acts, shown, warnings
from enquiry_learning_walks.chart import (
    CANCELLED,
    CLOSED,
    CORRIDOR,
    DONE,
    DROPPED,
    FORMER,
    HOST,
    INVITED,
    LEAD,
    OPEN,
    OUTCOMES_RECORDED,
    PLANNED,
    POOLING,
    PUPIL,
    READY,
    SCHEDULED,
    SCRIBE,
    SHARED,
    TOLD,
    WALKER,
    WALKING,
    walk,
)
from enquiry_learning_walks.forms import outcomes, plan, visits
from enquiry_learning_walks.rules import booking, planning, pooling, visiting

PROTOCOL = 1
"""Version of the protocol that walkers adopt."""


def about_visit(e: visits.BeginVisit) -> str:
    """A decision about one visit leaves the others alone."""
    return booking.label(e.visit_no)


def about_role(e: plan.AssignWalkRole) -> str:
    """A decision about one walker leaves the others alone."""
    return f"walk-role-{e.person}"


# Somebody joins, leaves, or withdraws

common(
    walk,
    Settings(
        plan=plan.PlanRun,
        lead=LEAD,
        participants=(WALKER,),
        pupils=(PUPIL,),
        invited=INVITED,
        invitable=("walker", "pupil-walker"),
        core=("walker", "pupil-walker"),
        subjects=(WALKER, PUPIL, TOLD, FORMER),
        joining=(PLANNED, READY),
        cancelled=CANCELLED,
        protocol=PROTOCOL,
        more={
            run.AdoptProtocol: More(handler=acts.adopt, to=(READY,)),
            run.ShareItem: More(rules=(pooling.item_stays_in_team,)),
            run.CancelRun: More(also=booking.DROPPING.book),
            run.LeaveRun: More(handler=acts.leave, to=(CANCELLED,), also=booking.LEAVING.book),
            run.WithdrawConsent: More(
                handler=acts.withdraw,
                to=(DROPPED, CANCELLED),
                facts=(outcomes.ItemsWithdrawn,),
                also=booking.WITHDRAWING.book,
            ),
        },
    ),
)

# Planning

PREPARING = (PLANNED, READY)
STARTING = may_start("walker", "pupil-walker")

walk.move(
    plan.SetWalkFocus,
    by=LEAD,
    at=PREPARING,
    decision=True,
    about="focus",
    rules=(
        planning.focus_is_open,
        planning.criteria_are_distinct,
        planning.criteria_are_given,
        TEXT_GUARD,
    ),
)
walk.move(
    plan.AssignWalkRole,
    by=LEAD,
    at=(*PREPARING, WALKING),
    decision=True,
    about=about_role,
    rules=(planning.person_walks, planning.custom_role_is_told),
)
walk.move(
    plan.ScheduleVisit,
    by=LEAD,
    at=(*PREPARING, WALKING),
    to=SCHEDULED,
    decision=True,
    about=about_visit,
    handler=acts.schedule,
    facts=(plan.VisitScheduled,),
    also=booking.SCHEDULING.book,
    rules=(
        planning.person_has_not_withdrawn,
        planning.visit_is_ahead,
        planning.visit_length_is_right,
        planning.debrief_length_is_right,
        planning.room_is_known,
        planning.host_works_there,
        planning.visitors_are_walkers,
        planning.visits_do_not_overlap,
        planning.debriefs_fit_in,
        booking.SCHEDULING.free,
        planning.room_holds_visitors,
        planning.host_does_not_visit,
    ),
    warns=(booking.SCHEDULING.warns,),
)
walk.move(
    plan.NotifyHosts,
    by=LEAD,
    at=(*PREPARING, WALKING),
    to=READY,
    decision=True,
    about="notice",
    handler=acts.notify,
    facts=(plan.HostsNotified,),
    rules=(planning.somebody_is_to_be_told, planning.focus_is_set),
)
walk.move(
    plan.RespondAsHost,
    by=(HOST, TOLD),
    at=(*PREPARING, WALKING, SCHEDULED, OPEN),
    to=DROPPED,
    key="visit_no",
    mine=planning.is_own_visit,
    handler=acts.respond,
    facts=(plan.HostAccepted, plan.HostDeclined),
    also=booking.ANSWERING.book,
    rules=(visiting.visit_is_visible, planning.hosts_this_visit),
)
walk.move(run.StartRun, by=LEAD, at=PREPARING, rules=STARTING, decision=True)

# Walking

walk.move(
    visits.BeginWalk,
    by=LEAD,
    at=PREPARING,
    to=WALKING,
    decision=True,
    handler=acts.begin_walk,
    facts=(visits.BeginWalk, run.StartRun),
    rules=(
        *STARTING,
        planning.focus_is_set,
        planning.team_size_is_right,
        planning.every_walker_has_a_role,
        planning.a_host_was_told,
    ),
)
walk.move(
    visits.BeginVisit,
    by=(LEAD, SCRIBE),
    at=(WALKING, SCHEDULED, DROPPED),
    to=OPEN,
    key="visit_no",
    decision=True,
    about=about_visit,
    rules=(
        visiting.visit_is_visible,
        visiting.an_adult_is_present,
        visiting.host_has_not_withdrawn,
        visiting.pupils_are_trained,
        visiting.corridors_are_closed,
        visiting.visit_was_not_skipped,
        visiting.present_were_announced,
        visiting.host_was_told,
        visiting.host_has_not_declined,
    ),
)
walk.move(
    visits.RecordNote,
    by=(WALKER, PUPIL),
    at=(WALKING, OPEN, CORRIDOR),
    key="visit_no",
    offline=True,
    rules=(
        visiting.visit_is_visible,
        visiting.host_has_not_withdrawn,
        visiting.visit_has_begun,
        visiting.notes_window_is_open,
        visiting.criterion_is_known,
        visiting.count_is_given,
        visiting.actor_was_present,
        TEXT_GUARD,
    ),
)
walk.move(
    visits.RetractNote,
    by=(WALKER, PUPIL),
    rules=(visiting.note_is_own, visiting.note_can_be_taken_back),
)
walk.move(
    visits.EndVisit,
    by=(LEAD, SCRIBE),
    at=(WALKING, OPEN),
    to=CORRIDOR,
    key="visit_no",
    decision=True,
    about=about_visit,
    rules=(
        visiting.visit_is_visible,
        visiting.pupils_are_trained,
        visiting.present_were_announced,
    ),
)
walk.move(
    visits.ShareInCorridor,
    by=(WALKER, PUPIL),
    at=(WALKING, CORRIDOR),
    key="visit_no",
    offline=True,
    rules=(
        visiting.visit_is_visible,
        visiting.host_has_not_withdrawn,
        visiting.share_says_what_it_is,
        visiting.share_cites_this_visit,
        visiting.actor_was_present,
        TEXT_GUARD,
    ),
)
walk.move(
    visits.CloseCorridor,
    by=LEAD,
    at=(WALKING, CORRIDOR),
    to=DONE,
    key="visit_no",
    decision=True,
    about=about_visit,
    rules=(visiting.visit_is_visible, visiting.everybody_spoke),
)
walk.move(
    visits.SkipCorridor,
    by=LEAD,
    at=(WALKING, CORRIDOR),
    to=DONE,
    key="visit_no",
    decision=True,
    about=about_visit,
    deviation=True,
    handler=acts.skip_corridor,
    facts=(visits.CorridorSkipped, run.RecordDeviation),
    rules=(visiting.visit_is_visible,),
)
walk.move(
    visits.SkipVisit,
    by=LEAD,
    at=(*PREPARING, WALKING, SCHEDULED),
    to=DROPPED,
    key="visit_no",
    decision=True,
    about=about_visit,
    also=booking.SKIPPING.book,
    rules=(visiting.visit_is_visible,),
)
walk.move(
    visits.EndWalk,
    by=LEAD,
    at=WALKING,
    to=(POOLING, DROPPED),
    decision=True,
    handler=acts.end_walk,
    also=booking.DROPPING.book,
    rules=(visiting.no_visit_is_under_way,),
)

# Pooling and sharing

AFTER = (POOLING, OUTCOMES_RECORDED, SHARED)

walk.move(
    outcomes.AgreeToBeNamed,
    by=(WALKER, PUPIL),
    after_close=True,
    rules=(visiting.visit_is_visible, visiting.actor_was_present),
)
walk.move(
    outcomes.RecordOutcome,
    by=(WALKER, PUPIL),
    at=AFTER,
    to=OUTCOMES_RECORDED,
    handler=acts.record_outcome,
    rules=(
        pooling.cited_notes_are_readable,
        TEXT_GUARD,
        pooling.outcome_has_evidence,
    ),
)
walk.move(
    outcomes.RecordNextStep,
    by=(WALKER, PUPIL),
    at=AFTER,
    rules=(pooling.step_has_an_owner, TEXT_GUARD),
)
walk.move(
    outcomes.ShareOutcomes,
    by=LEAD,
    at=(OUTCOMES_RECORDED, SHARED),
    to=SHARED,
    decision=True,
    about="outcomes",
    rules=(
        pooling.outcomes_are_known,
        pooling.outcomes_still_stand,
        pooling.hosts_agree_beyond_school,
        pooling.outcomes_rest_on_two_visits,
    ),
)
walk.move(
    run.CloseRun,
    by=LEAD,
    at=AFTER,
    to=CLOSED,
    decision=True,
    rules=(pooling.an_outcome_was_recorded, pooling.a_next_step_was_recorded),
    warns=(warnings.not_shared,),
)

# What is remarked, and who sees what

walk.watch(*warnings.WATCHES)
shown.rows(walk)
shown.read_models(walk)

METHOD = walk.build()
"""The learning walk."""
