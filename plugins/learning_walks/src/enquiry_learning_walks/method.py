"""The learning walk as a method: its moves, in the order in which they are read aloud."""

from enquiry import TEXT_GUARD
from enquiry.kernel.run import More, Settings, common, may_start
from enquiry.kernel.run import forms as run
from enquiry_learning_walks import (
    acts,
    checks,
    forms,
    plans,
    pooling,
    reading,
    rules,
    shown,
    warnings,
)
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

PROTOCOL = 1
"""Version of the protocol that walkers adopt."""


def about_visit(e: forms.BeginVisit) -> str:
    """A decision about one visit leaves the others alone."""
    return plans.label(e.visit_no)


def about_role(e: forms.AssignWalkRole) -> str:
    """A decision about one walker leaves the others alone."""
    return f"walk-role-{e.person}"


# Planning

common(
    walk,
    Settings(
        plan=forms.PlanRun,
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
            run.ShareItem: More(rules=(rules.item_stays_in_team,)),
            run.CancelRun: More(also=plans.DROPPING.book),
            run.LeaveRun: More(handler=acts.leave, to=(CANCELLED,), also=plans.LEAVING.book),
            run.WithdrawConsent: More(
                handler=acts.withdraw,
                to=(DROPPED, CANCELLED),
                facts=(pooling.ItemsWithdrawn,),
                also=plans.WITHDRAWING.book,
            ),
        },
    ),
)

PREPARING = (PLANNED, READY)
STARTING = may_start("walker", "pupil-walker")

walk.move(
    forms.SetWalkFocus,
    by=LEAD,
    at=PREPARING,
    decision=True,
    about="focus",
    rules=(
        rules.focus_is_open,
        checks.criteria_are_distinct,
        rules.criteria_are_given,
        TEXT_GUARD,
    ),
)
walk.move(
    forms.AssignWalkRole,
    by=LEAD,
    at=(*PREPARING, WALKING),
    decision=True,
    about=about_role,
    rules=(checks.person_walks, checks.custom_role_is_told),
)
walk.move(
    forms.ScheduleVisit,
    by=LEAD,
    at=(*PREPARING, WALKING),
    to=SCHEDULED,
    decision=True,
    about=about_visit,
    handler=acts.schedule,
    facts=(forms.VisitScheduled,),
    also=plans.SCHEDULING.book,
    rules=(
        checks.person_has_not_withdrawn,
        rules.visit_is_ahead,
        checks.visit_length_is_right,
        checks.debrief_length_is_right,
        checks.room_is_known,
        checks.host_works_there,
        checks.visitors_are_walkers,
        rules.visits_do_not_overlap,
        rules.debriefs_fit_in,
        plans.SCHEDULING.free,
        rules.room_holds_visitors,
        rules.host_does_not_visit,
    ),
    warns=(plans.SCHEDULING.warns,),
)
walk.move(
    forms.NotifyHosts,
    by=LEAD,
    at=(*PREPARING, WALKING),
    to=READY,
    decision=True,
    about="notice",
    handler=acts.notify,
    facts=(forms.HostsNotified,),
    rules=(rules.somebody_is_to_be_told, rules.focus_is_set),
)
walk.move(
    forms.RespondAsHost,
    by=(HOST, TOLD),
    at=(*PREPARING, WALKING, SCHEDULED, OPEN),
    to=DROPPED,
    key="visit_no",
    mine=checks.is_own_visit,
    handler=acts.respond,
    facts=(forms.HostAccepted, forms.HostDeclined),
    also=plans.ANSWERING.book,
    rules=(checks.visit_is_visible, checks.hosts_this_visit),
)
walk.move(run.StartRun, by=LEAD, at=PREPARING, rules=STARTING, decision=True)

# Walking

walk.move(
    forms.BeginWalk,
    by=LEAD,
    at=PREPARING,
    to=WALKING,
    decision=True,
    handler=acts.begin_walk,
    facts=(forms.BeginWalk, run.StartRun),
    rules=(
        *STARTING,
        rules.focus_is_set,
        rules.team_size_is_right,
        rules.every_walker_has_a_role,
        rules.a_host_was_told,
    ),
)
walk.move(
    forms.BeginVisit,
    by=(LEAD, SCRIBE),
    at=(WALKING, SCHEDULED, DROPPED),
    to=OPEN,
    key="visit_no",
    decision=True,
    about=about_visit,
    rules=(
        checks.visit_is_visible,
        checks.an_adult_is_present,
        checks.host_has_not_withdrawn,
        checks.pupils_are_trained,
        rules.corridors_are_closed,
        rules.visit_was_not_skipped,
        checks.present_were_announced,
        rules.host_was_told,
        rules.host_has_not_declined,
    ),
)
walk.move(
    forms.RecordNote,
    by=(WALKER, PUPIL),
    at=(WALKING, OPEN, CORRIDOR),
    key="visit_no",
    offline=True,
    rules=(
        checks.visit_is_visible,
        checks.host_has_not_withdrawn,
        rules.visit_has_begun,
        rules.notes_window_is_open,
        checks.criterion_is_known,
        checks.count_is_given,
        rules.actor_was_present,
        TEXT_GUARD,
    ),
)
walk.move(
    forms.RetractNote,
    by=(WALKER, PUPIL),
    rules=(checks.note_is_own, rules.note_can_be_taken_back),
)
walk.move(
    forms.EndVisit,
    by=(LEAD, SCRIBE),
    at=(WALKING, OPEN),
    to=CORRIDOR,
    key="visit_no",
    decision=True,
    about=about_visit,
    rules=(
        checks.visit_is_visible,
        checks.pupils_are_trained,
        checks.present_were_announced,
    ),
)
walk.move(
    forms.ShareInCorridor,
    by=(WALKER, PUPIL),
    at=(WALKING, CORRIDOR),
    key="visit_no",
    offline=True,
    rules=(
        checks.visit_is_visible,
        checks.host_has_not_withdrawn,
        checks.share_says_what_it_is,
        checks.share_cites_this_visit,
        rules.actor_was_present,
        TEXT_GUARD,
    ),
)
walk.move(
    forms.CloseCorridor,
    by=LEAD,
    at=(WALKING, CORRIDOR),
    to=DONE,
    key="visit_no",
    decision=True,
    about=about_visit,
    rules=(checks.visit_is_visible, rules.everybody_spoke),
)
walk.move(
    forms.SkipCorridor,
    by=LEAD,
    at=(WALKING, CORRIDOR),
    to=DONE,
    key="visit_no",
    decision=True,
    about=about_visit,
    deviation=True,
    handler=acts.skip_corridor,
    facts=(forms.CorridorSkipped, run.RecordDeviation),
    rules=(checks.visit_is_visible,),
)
walk.move(
    forms.SkipVisit,
    by=LEAD,
    at=(*PREPARING, WALKING, SCHEDULED),
    to=DROPPED,
    key="visit_no",
    decision=True,
    about=about_visit,
    also=plans.SKIPPING.book,
    rules=(checks.visit_is_visible,),
)
walk.move(
    forms.EndWalk,
    by=LEAD,
    at=WALKING,
    to=(POOLING, DROPPED),
    decision=True,
    handler=acts.end_walk,
    also=plans.DROPPING.book,
    rules=(rules.no_visit_is_under_way,),
)

# Pooling and sharing

AFTER = (POOLING, OUTCOMES_RECORDED, SHARED)

walk.move(
    pooling.AgreeToBeNamed,
    by=(WALKER, PUPIL),
    after_close=True,
    rules=(checks.visit_is_visible, rules.actor_was_present),
)
walk.move(
    pooling.RecordOutcome,
    by=(WALKER, PUPIL),
    at=AFTER,
    to=OUTCOMES_RECORDED,
    handler=acts.record_outcome,
    rules=(
        checks.cited_notes_are_readable,
        TEXT_GUARD,
        rules.outcome_has_evidence,
    ),
)
walk.move(
    pooling.RecordNextStep,
    by=(WALKER, PUPIL),
    at=AFTER,
    rules=(checks.step_has_an_owner, TEXT_GUARD),
)
walk.move(
    pooling.ShareOutcomes,
    by=LEAD,
    at=(OUTCOMES_RECORDED, SHARED),
    to=SHARED,
    decision=True,
    about="outcomes",
    rules=(
        checks.outcomes_are_known,
        rules.outcomes_still_stand,
        rules.hosts_agree_beyond_school,
        rules.outcomes_rest_on_two_visits,
    ),
)
walk.move(
    run.CloseRun,
    by=LEAD,
    at=AFTER,
    to=CLOSED,
    decision=True,
    rules=(rules.an_outcome_was_recorded, rules.a_next_step_was_recorded),
    warns=(warnings.not_shared,),
)

walk.watch(*warnings.WATCHES)

# Who sees what

shown.show_plan(walk)
shown.show_walk(walk)
shown.show_outcomes(walk)

reading.add_views(walk)

METHOD = walk.build()
"""The learning walk."""
