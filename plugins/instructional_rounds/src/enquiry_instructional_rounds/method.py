"""Instructional rounds as a method: the moves, in the order in which they are read aloud."""

from enquiry import TEXT_GUARD
from enquiry.kernel.run import More, Settings, common, may_start
from enquiry.kernel.run import forms as run
from enquiry_instructional_rounds import acts, chart, shown, warnings
from enquiry_instructional_rounds.forms import board, day, debrief, plan, results
from enquiry_instructional_rounds.rules import booking, debriefing, filled_in, order, preparing, who
from enquiry_instructional_rounds.state.pieces import DebriefStep

NORMS = 1
"""Version of the network norms that observers and the host lead adopt."""

rounds = chart.rounds

SIDES = (chart.NETWORK, chart.OBSERVER, chart.HOST_LEAD, chart.HOST_TEAM)
"""Whoever takes part: the network, and the host school."""
EARLY = (chart.PLANNED, chart.POP_DRAFTING, chart.POP_PUBLISHED, chart.SCHEDULED)
DEBRIEF = (chart.DESCRIBING, chart.ANALYSING, chart.PREDICTING, chart.NEXT_LEVEL)
ANSWERED = (chart.SHARED, chart.RESPONDED)

# Somebody joins, leaves, or withdraws

common(
    rounds,
    Settings(
        plan=plan.PlanRun,
        lead=chart.LEAD,
        participants=SIDES,
        invited=chart.INVITED,
        invitable=("network-facilitator", "observer", "host-lead", "host-team"),
        core=("observer", "host-lead"),
        subjects=(*SIDES, chart.TOLD, chart.FORMER),
        joining=(*EARLY, chart.OBSERVING, *DEBRIEF, chart.DEBRIEF_DONE, chart.REVIEWED, *ANSWERED),
        cancelled=chart.CANCELLED,
        protocol=NORMS,
        retracting=(chart.OBSERVER,),
        more={
            plan.PlanRun: More(rules=(filled_in.host_school_is_known,)),
            run.InviteToRun: More(
                rules=(
                    filled_in.observers_are_asked_in_time,
                    filled_in.role_is_free,
                    filled_in.host_side_works_there,
                    filled_in.is_on_one_side,
                )
            ),
            run.AcceptRunInvitation: More(
                rules=(order.observers_join_in_time,),
                handler=acts.join,
                to=(chart.POP_DRAFTING,),
            ),
            run.AttachForm: More(rules=(filled_in.form_is_about_what_all_found,)),
            run.ShareItem: More(
                rules=(debriefing.host_has_the_results, debriefing.item_is_in_the_pack)
            ),
            run.ReviewIdentifiability: More(
                rules=(who.may_review, order.debrief_is_complete),
                handler=acts.review,
                to=(chart.REVIEWED,),
            ),
            run.PublishRunEvidence: More(rules=(debriefing.host_has_the_results,)),
            run.CancelRun: More(also=booking.DROPPING.book),
            run.LeaveRun: More(
                handler=acts.leave, to=(chart.CANCELLED,), also=booking.LEAVING.book
            ),
            run.WithdrawConsent: More(
                handler=acts.withdraw,
                to=(chart.NOT_HELD, chart.CANCELLED),
                facts=(results.ItemsWithdrawn,),
                also=booking.WITHDRAWING.book,
            ),
        },
    ),
)

# Before the day

rounds.move(
    plan.PublishProblem,
    by=(chart.HOST_LEAD, chart.NETWORK, chart.OBSERVER, chart.HOST_TEAM),
    at=(chart.POP_DRAFTING, chart.POP_PUBLISHED, chart.SCHEDULED),
    to=chart.POP_PUBLISHED,
    decision=True,
    about="problem",
    handler=acts.publish,
    rules=(
        who.is_host_lead,
        preparing.staff_was_involved,
        preparing.tests_are_answered,
        TEXT_GUARD,
    ),
)
rounds.move(
    plan.FormTeam,
    by=chart.NETWORK,
    at=EARLY,
    decision=True,
    about=acts.about_team,
    also=booking.FORMING.book,
    rules=(
        filled_in.members_observe,
        preparing.team_has_its_size,
        preparing.rooms_hold_the_team,
        preparing.nobody_is_in_two_teams,
        booking.FORMING.free,
    ),
    warns=(booking.FORMING.warns,),
)
rounds.move(
    plan.ScheduleClassroom,
    by=(chart.NETWORK, chart.HOST_LEAD),
    at=(chart.POP_PUBLISHED, chart.SCHEDULED, chart.OBSERVING),
    to=(chart.SCHEDULED, chart.AHEAD),
    decision=True,
    about=acts.about_visit,
    handler=acts.schedule,
    facts=(plan.ClassroomScheduled,),
    also=booking.SCHEDULING.book,
    rules=(
        who.person_has_not_withdrawn,
        order.visit_is_ahead,
        filled_in.team_is_known,
        filled_in.room_is_the_hosts,
        filled_in.host_teacher_works_there,
        filled_in.host_teacher_does_not_visit,
        preparing.room_holds_the_team,
        booking.SCHEDULING.free,
    ),
    warns=(booking.SCHEDULING.warns,),
)
rounds.move(
    plan.InformHostTeachers,
    by=(chart.NETWORK, chart.HOST_LEAD),
    at=(chart.SCHEDULED, chart.OBSERVING),
    decision=True,
    about="notice",
    rules=(filled_in.visits_are_ahead,),
)
rounds.move(
    plan.CancelClassroom,
    by=chart.NETWORK,
    at=(chart.SCHEDULED, chart.OBSERVING, chart.AHEAD),
    to=chart.NOT_HELD,
    key="visit_no",
    decision=True,
    about=acts.about_visit,
    also=booking.CANCELLING.book,
    rules=(who.visit_is_visible,),
)
rounds.move(
    plan.ConsentAsHostTeacher,
    by=(chart.HOST, chart.TOLD),
    at=(chart.POP_PUBLISHED, chart.SCHEDULED, chart.OBSERVING, chart.AHEAD, chart.IN_ROOM),
    to=chart.NOT_HELD,
    key="visit_no",
    mine=who.is_own_visit,
    handler=acts.answer,
    facts=(plan.HostTeacherConsented, plan.HostTeacherDeclined),
    also=booking.ANSWERING.book,
    rules=(who.visit_is_visible, who.hosts_this_visit),
)

# In the classrooms

STARTING = may_start("observer", "host-lead")

rounds.move(run.StartRun, by=chart.LEAD, at=chart.SCHEDULED, rules=STARTING, decision=True)
rounds.move(
    day.BeginObservation,
    by=chart.OBSERVER,
    at=(chart.SCHEDULED, chart.OBSERVING, chart.AHEAD, chart.NOT_HELD),
    to=(chart.OBSERVING, chart.IN_ROOM),
    key="visit_no",
    mine=who.is_own_teams,
    decision=True,
    about=acts.about_visit,
    handler=acts.begin,
    facts=(day.BeginObservation, run.StartRun),
    rules=(
        who.visit_is_visible,
        who.is_in_its_team,
        who.host_has_not_withdrawn,
        order.visit_was_not_cancelled,
        order.team_is_free,
        filled_in.present_are_of_the_team,
        *STARTING,
        preparing.host_was_told,
        preparing.host_has_not_declined,
        preparing.there_are_two_teams,
    ),
)
rounds.move(
    day.WritePrivateNote,
    by=chart.OBSERVER,
    at=(chart.OBSERVING, *DEBRIEF),
    offline=True,
    rules=(
        who.visit_is_visible,
        who.host_has_not_withdrawn,
        order.visit_has_begun,
        preparing.actor_was_present,
    ),
)
rounds.move(
    day.EndObservation,
    by=chart.OBSERVER,
    at=(chart.OBSERVING, chart.IN_ROOM),
    to=chart.SEEN,
    key="visit_no",
    mine=who.is_own_teams,
    decision=True,
    about=acts.about_visit,
    rules=(who.visit_is_visible, who.is_in_its_team, filled_in.present_are_of_the_team),
)

# The debrief: describe

DESCRIBE = order.during(DebriefStep.DESCRIBE)
WORDING = order.during(DebriefStep.DESCRIBE, DebriefStep.ANALYSE)
ANALYSE = order.during(DebriefStep.ANALYSE)

rounds.move(
    debrief.OpenDebrief,
    by=chart.NETWORK,
    at=chart.OBSERVING,
    to=chart.DESCRIBING,
    decision=True,
    about="debrief",
    rules=(preparing.visits_are_over, preparing.enough_classrooms_were_visited),
    warns=(warnings.few_classrooms,),
)
rounds.move(
    board.PostCard,
    by=chart.OBSERVER,
    at=chart.DESCRIBING,
    handler=acts.post,
    facts=(board.CardPosted,),
    offline=True,
    rules=(
        who.visit_is_visible,
        who.classroom_may_be_shown,
        DESCRIBE,
        preparing.actor_was_present,
        TEXT_GUARD,
    ),
)
rounds.move(
    board.ChallengeCard,
    by=(chart.OBSERVER, chart.NETWORK),
    at=(chart.DESCRIBING, chart.ANALYSING),
    rules=(who.card_is_there, WORDING),
)
rounds.move(
    board.RewordCard,
    by=chart.OBSERVER,
    at=(chart.DESCRIBING, chart.ANALYSING),
    handler=acts.reword,
    facts=(board.CardReworded,),
    rules=(who.card_is_there, who.wrote_the_card, WORDING, TEXT_GUARD),
)
rounds.move(
    board.WithdrawCard,
    by=chart.OBSERVER,
    at=(chart.DESCRIBING, chart.ANALYSING),
    rules=(who.card_is_there, who.wrote_the_card, WORDING),
)
rounds.move(
    board.ConfirmDescriptive,
    by=chart.OBSERVER,
    at=(chart.DESCRIBING, chart.ANALYSING),
    rules=(who.card_is_there, who.did_not_write_the_card, WORDING),
)

# The debrief: analyse, predict, next level

rounds.move(
    debrief.AdvanceDebrief,
    by=chart.NETWORK,
    at=DEBRIEF,
    to=(chart.ANALYSING, chart.PREDICTING, chart.NEXT_LEVEL),
    decision=True,
    about="debrief",
    handler=acts.advance,
    rules=(order.is_next_step, debriefing.a_pattern_is_agreed),
)
rounds.move(
    debrief.ReopenDebriefStep,
    by=chart.NETWORK,
    at=(chart.ANALYSING, chart.PREDICTING, chart.NEXT_LEVEL, chart.DEBRIEF_DONE, chart.REVIEWED),
    to=DEBRIEF,
    decision=True,
    about="debrief",
    deviation=True,
    handler=acts.reopen,
    facts=(debrief.DebriefReopened, run.RecordDeviation),
    rules=(order.is_earlier_step,),
)
rounds.move(
    debrief.CreatePattern,
    by=chart.OBSERVER,
    at=chart.ANALYSING,
    rules=(
        ANALYSE,
        filled_in.cards_are_there,
        TEXT_GUARD,
        debriefing.cards_are_descriptive,
        debriefing.pattern_has_evidence,
    ),
)
rounds.move(
    debrief.EditPattern,
    by=chart.OBSERVER,
    at=chart.ANALYSING,
    decision=True,
    about=acts.about_pattern,
    rules=(
        who.pattern_is_there,
        ANALYSE,
        filled_in.edit_changes_something,
        filled_in.cards_are_there,
        TEXT_GUARD,
        debriefing.cards_are_descriptive,
        debriefing.pattern_has_evidence,
    ),
)
rounds.move(
    debrief.AgreePattern,
    by=chart.OBSERVER,
    at=chart.ANALYSING,
    rules=(
        who.pattern_is_there,
        who.speaks_for_a_team,
        ANALYSE,
        order.is_present_version,
        debriefing.its_cards_are_descriptive,
        debriefing.enough_cards_are_left,
        debriefing.pattern_spans_classrooms,
    ),
)
rounds.move(
    debrief.AddPrediction,
    by=chart.OBSERVER,
    at=chart.PREDICTING,
    rules=(order.during(DebriefStep.PREDICT), TEXT_GUARD, debriefing.prediction_has_patterns),
)
rounds.move(
    debrief.AddNextLevelOption,
    by=(chart.OBSERVER, chart.HOST_TEAM),
    at=chart.NEXT_LEVEL,
    rules=(order.during(DebriefStep.NEXT_LEVEL), TEXT_GUARD, debriefing.option_has_patterns),
)
rounds.move(
    debrief.CompleteDebrief,
    by=chart.NETWORK,
    at=chart.NEXT_LEVEL,
    to=chart.DEBRIEF_DONE,
    decision=True,
    about="debrief",
    rules=(order.during(DebriefStep.NEXT_LEVEL), debriefing.next_level_is_complete),
)

# What the host is given, and answers

rounds.move(
    results.ShareWithHost,
    by=chart.NETWORK,
    at=(chart.DEBRIEF_DONE, chart.REVIEWED),
    to=chart.SHARED,
    decision=True,
    about="debrief",
    handler=acts.share,
    rules=(filled_in.examples_may_be_shown, debriefing.both_have_reviewed),
)
rounds.move(
    results.DecideOption,
    by=chart.HOST_LEAD,
    at=ANSWERED,
    to=chart.RESPONDED,
    decision=True,
    about=acts.about_option,
    handler=acts.decide,
    rules=(who.option_is_there,),
)
rounds.move(
    results.RecordFollowUp, by=(chart.HOST_LEAD, chart.NETWORK, chart.OBSERVER), at=ANSWERED
)
rounds.move(run.CloseRun, by=chart.LEAD, at=ANSWERED, to=chart.CLOSED, decision=True)

# What is remarked, and who sees what

rounds.watch(*warnings.WATCHES)
shown.rows(rounds)
shown.read_models(rounds)

METHOD = rounds.build()
"""Instructional rounds."""
