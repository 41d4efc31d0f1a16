"""Peer coaching triads as a method: its moves, in the order in which they are read aloud."""

from enquiry.kernel.run import More, Settings, common
from enquiry.kernel.run import forms as run_forms
from enquiry.kernel.run.rules import ethics_reviewed
from enquiry_peer_triads import acts, forms, rounds, rules, safeguards, shown, warnings
from enquiry_peer_triads.chart import (
    CLIENT,
    COACH,
    FORMER,
    IN_ROUND,
    INVITED,
    LEAD,
    OBSERVER,
    PEER,
    active,
    cancelled,
    client_feedback,
    closed,
    contracted,
    conversation,
    forming,
    meeting_completed,
    meeting_incomplete,
    meeting_open,
    observer_feedback,
    review,
    round_closed,
    suspended,
    triad,
)

# Somebody joins, leaves, or withdraws


_NO_LONGER_THREE = (suspended, cancelled, meeting_incomplete, round_closed)
_BROKEN_OFF = (forms.MeetingIncomplete, forms.TriadSuspended)

common(
    triad,
    Settings(
        plan=forms.PlanTriad,
        lead=LEAD,
        participants=(PEER,),
        invited=INVITED,
        invitable=("peer",),
        core=("peer",),
        subjects=(PEER, FORMER),
        joining=(forming, suspended),
        cancelled=cancelled,
        protocol=forms.PROTOCOL_VERSION,
        personal_sharing=True,
        more={
            run_forms.InviteToRun: More(
                rules=(
                    rules.is_formed,
                    rules.joins_by_agreement,
                    safeguards.person_consents,
                    rules.is_colleague,
                    rules.place_is_free,
                    rules.is_somebody_else,
                    safeguards.no_manager_joins,
                )
            ),
            run_forms.AcceptRunInvitation: More(
                rules=(safeguards.actor_consents, safeguards.joins_no_manager),
                handler=acts.join,
                facts=(forms.TriadCompleted, forms.MemberReplaced, forms.TriadResumed),
                to=(contracted, active),
            ),
            run_forms.LeaveRun: More(handler=acts.leave, facts=_BROKEN_OFF, to=_NO_LONGER_THREE),
            run_forms.WithdrawConsent: More(
                handler=acts.withdraw,
                facts=(*_BROKEN_OFF, forms.PlaceFreed),
                to=_NO_LONGER_THREE,
            ),
            run_forms.CorrectionNote: More(rules=(rules.observer_is_silent,)),
            run_forms.AttachForm: More(rules=(rules.observer_is_silent,)),
            run_forms.ShareItem: More(rules=(rules.note_is_open, safeguards.shared_with_triad)),
            run_forms.PublishRunEvidence: More(rules=(safeguards.about_own_learning,)),
        },
    ),
)


# Forming and contracting


triad.move(
    forms.FormTriad,
    by=LEAD,
    at=forming,
    decision=True,
    about="membership",
    handler=acts.form_triad,
    facts=(forms.TriadFormed,),
    rules=(
        rules.is_one_of_them_or_coordinates,
        rules.not_formed,
        rules.members_are_colleagues,
        rules.exactly_three,
        safeguards.no_manager_among,
    ),
)
triad.move(forms.StateGoals, by=PEER)

READY = (ethics_reviewed, rules.goals_are_stated, rules.protocol_is_adopted)

triad.move(
    run_forms.StartRun, by=LEAD, at=contracted, to=active, decision=True, about="run", rules=READY
)


# Meetings


triad.move(
    forms.OpenMeeting,
    by=PEER,
    at=(contracted, active, review),
    to=(active, meeting_open),
    decision=True,
    about="meeting",
    handler=acts.open_meeting,
    facts=(forms.MeetingOpened, run_forms.StartRun),
    rules=(rules.no_meeting_open, rules.not_suspended, *READY),
    warns=(warnings.outside_term,),
)
triad.move(
    forms.CompleteMeeting,
    by=PEER,
    at=(active, meeting_open),
    key=acts.this_meeting,
    to=meeting_completed,
    decision=True,
    about="meeting",
    rules=(rules.not_suspended, rules.rotation_is_complete),
    warns=(warnings.unequal_time,),
)
triad.move(
    forms.EndMeetingEarly,
    by=PEER,
    at=(active, meeting_open),
    key=acts.this_meeting,
    to=(meeting_incomplete, round_closed),
    decision=True,
    about="meeting",
    deviation=True,
    handler=acts.end_early,
    facts=(forms.MeetingIncomplete, run_forms.RecordDeviation),
    rules=(rules.not_suspended,),
)


# Rounds


triad.move(
    rounds.BeginRound,
    by=PEER,
    at=(active, meeting_open),
    key=acts.this_meeting,
    to=conversation,
    decision=True,
    about="meeting",
    handler=acts.begin_round,
    rules=(
        rules.not_suspended,
        rules.no_round_open,
        rules.is_next_round,
        rules.rounds_are_left,
        rules.roles_are_distinct,
        rules.roles_are_members,
        rules.roles_change,
    ),
    warns=(warnings.same_starter,),
)
triad.move(
    rounds.SetTopic,
    by=PEER,
    at=IN_ROUND,
    key=acts.this_round,
    rules=(rules.is_client, rules.not_suspended, rules.goal_is_own),
)
triad.move(
    rounds.RecordObserverNote,
    by=OBSERVER,
    at=IN_ROUND,
    key=acts.this_round,
    offline=True,
    rules=(rules.not_suspended,),
)
triad.move(
    rounds.PostToThread,
    by=PEER,
    at=(contracted, active, review),
    rules=(rules.not_suspended, rules.observer_is_silent),
)
triad.move(
    rounds.DeclareAdvice,
    by=COACH,
    at=IN_ROUND,
    key=acts.this_round,
    rules=(rules.not_suspended,),
    warns=(warnings.advice_given,),
)
triad.move(
    rounds.EndConversation,
    by=(COACH, OBSERVER),
    at=(active, conversation),
    key=acts.this_round,
    to=client_feedback,
    decision=True,
    about="round",
    handler=acts.end_conversation,
    facts=(rounds.ConversationEnded,),
    rules=(rules.not_suspended,),
    warns=(warnings.conversation_overruns,),
)
triad.move(
    rounds.GiveClientFeedback,
    by=CLIENT,
    at=(active, client_feedback),
    key=acts.this_round,
    to=observer_feedback,
    rules=(rules.not_suspended,),
    warns=(warnings.client_overruns,),
)
triad.move(
    rounds.GiveObserverFeedback,
    by=OBSERVER,
    at=(active, observer_feedback),
    key=acts.this_round,
    rules=(
        rules.not_suspended,
        rules.client_has_spoken,
        rules.observer_has_not_spoken,
        rules.notes_are_own,
    ),
    warns=(warnings.observer_overruns,),
)
triad.move(
    rounds.CommitAction,
    by=PEER,
    at=IN_ROUND,
    key=acts.this_round,
    rules=(rules.is_client, rules.not_suspended),
)
triad.move(
    rounds.AmendAction,
    by=PEER,
    at=IN_ROUND,
    key=acts.round_of_action,
    rules=(rules.action_is_known, rules.action_is_own, rules.not_suspended),
)
triad.move(
    rounds.CloseRound,
    by=COACH,
    at=(active, observer_feedback),
    key=acts.this_round,
    to=round_closed,
    decision=True,
    about="round",
    rules=(rules.not_suspended, rules.both_have_spoken),
    warns=(warnings.no_action,),
)
triad.move(
    rounds.ReviewAction,
    by=PEER,
    at=(active, review, suspended),
    rules=(rules.action_is_known, rules.action_is_own),
)


# When somebody is missing


triad.move(
    forms.ReplaceMember,
    by=PEER,
    at=suspended,
    handler=acts.support,
    facts=(forms.ReplacementSupported, forms.ReplacementInvited),
    rules=(
        safeguards.person_consents,
        rules.is_colleague,
        rules.place_is_free,
        rules.is_somebody_else,
        safeguards.no_manager_joins,
    ),
)


# Looking back


triad.move(
    forms.RecordTriadReview,
    by=PEER,
    at=(active, review, suspended),
    to=review,
    handler=acts.look_back,
    rules=(rules.no_meeting_open,),
)
triad.move(
    run_forms.CloseRun,
    by=LEAD,
    at=(review, suspended),
    to=closed,
    decision=True,
    about="run",
)

shown.rows(triad)
shown.read_models(triad)
triad.watch(*warnings.WATCHES)

METHOD = triad.build()
"""Peer coaching triads."""
