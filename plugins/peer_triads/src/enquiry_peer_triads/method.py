"""Peer coaching triads as a method: its moves, in the order in which they are read aloud."""

from enquiry.kernel.run import More, Settings, common
from enquiry.kernel.run import forms as run
from enquiry.kernel.run.rules import ethics_reviewed
from enquiry_peer_triads import acts, shown, warnings
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
from enquiry_peer_triads.forms import group, meetings, rounds
from enquiry_peer_triads.rules import members, safeguards, turns

# Somebody joins, leaves, or withdraws

_NO_LONGER_THREE = (suspended, cancelled, meeting_incomplete, round_closed)
_BROKEN_OFF = (meetings.MeetingIncomplete, group.TriadSuspended)

common(
    triad,
    Settings(
        plan=group.PlanTriad,
        lead=LEAD,
        participants=(PEER,),
        invited=INVITED,
        invitable=("peer",),
        core=("peer",),
        subjects=(PEER, FORMER),
        joining=(forming, suspended),
        cancelled=cancelled,
        protocol=group.PROTOCOL_VERSION,
        retracting=(PEER,),
        personal_sharing=True,
        more={
            run.InviteToRun: More(
                rules=(
                    members.is_formed,
                    members.joins_by_agreement,
                    safeguards.person_consents,
                    members.is_colleague,
                    members.place_is_free,
                    members.is_somebody_else,
                    safeguards.no_manager_joins,
                )
            ),
            run.AcceptRunInvitation: More(
                rules=(safeguards.actor_consents, safeguards.joins_no_manager),
                handler=acts.join,
                facts=(group.TriadCompleted, group.MemberReplaced, group.TriadResumed),
                to=(contracted, active),
            ),
            run.LeaveRun: More(handler=acts.leave, facts=_BROKEN_OFF, to=_NO_LONGER_THREE),
            run.WithdrawConsent: More(
                handler=acts.withdraw,
                facts=(*_BROKEN_OFF, group.PlaceFreed),
                to=_NO_LONGER_THREE,
            ),
            run.CorrectionNote: More(rules=(turns.observer_is_silent,)),
            run.AttachForm: More(rules=(turns.observer_is_silent,)),
            run.ShareItem: More(rules=(turns.note_is_open, safeguards.shared_with_triad)),
            run.PublishRunEvidence: More(rules=(safeguards.about_own_learning,)),
        },
    ),
)

# Forming and contracting

triad.move(
    group.FormTriad,
    by=LEAD,
    at=forming,
    decision=True,
    about="membership",
    handler=acts.form_triad,
    facts=(group.TriadFormed,),
    rules=(
        members.is_one_of_them_or_coordinates,
        members.not_formed,
        members.members_are_colleagues,
        members.exactly_three,
        safeguards.no_manager_among,
    ),
)
triad.move(group.StateGoals, by=PEER)

READY = (ethics_reviewed, members.goals_are_stated, members.protocol_is_adopted)

triad.move(run.StartRun, by=LEAD, at=contracted, to=active, decision=True, about="run", rules=READY)

# Meetings

triad.move(
    meetings.OpenMeeting,
    by=PEER,
    at=(contracted, active, review),
    to=(active, meeting_open),
    decision=True,
    about="meeting",
    handler=acts.open_meeting,
    facts=(meetings.MeetingOpened, run.StartRun),
    rules=(turns.no_meeting_open, members.not_suspended, *READY),
    warns=(warnings.outside_term,),
)
triad.move(
    meetings.CompleteMeeting,
    by=PEER,
    at=(active, meeting_open),
    key=acts.this_meeting,
    to=meeting_completed,
    decision=True,
    about="meeting",
    rules=(members.not_suspended, turns.rotation_is_complete),
    warns=(warnings.unequal_time,),
)
triad.move(
    meetings.EndMeetingEarly,
    by=PEER,
    at=(active, meeting_open),
    key=acts.this_meeting,
    to=(meeting_incomplete, round_closed),
    decision=True,
    about="meeting",
    deviation=True,
    handler=acts.end_early,
    facts=(meetings.MeetingIncomplete, run.RecordDeviation),
    rules=(members.not_suspended,),
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
        members.not_suspended,
        turns.no_round_open,
        turns.is_next_round,
        turns.rounds_are_left,
        turns.roles_are_distinct,
        turns.roles_are_members,
        turns.roles_change,
    ),
    warns=(warnings.same_starter,),
)
triad.move(
    rounds.SetTopic,
    by=PEER,
    at=IN_ROUND,
    key=acts.this_round,
    rules=(turns.is_client, members.not_suspended, turns.goal_is_own),
)
triad.move(
    rounds.RecordObserverNote,
    by=OBSERVER,
    at=IN_ROUND,
    key=acts.this_round,
    offline=True,
    rules=(members.not_suspended,),
)
triad.move(
    rounds.PostToThread,
    by=PEER,
    at=(contracted, active, review),
    rules=(members.not_suspended, turns.observer_is_silent),
)
triad.move(
    rounds.DeclareAdvice,
    by=COACH,
    at=IN_ROUND,
    key=acts.this_round,
    rules=(members.not_suspended,),
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
    rules=(members.not_suspended,),
    warns=(warnings.conversation_overruns,),
)
triad.move(
    rounds.GiveClientFeedback,
    by=CLIENT,
    at=(active, client_feedback),
    key=acts.this_round,
    to=observer_feedback,
    rules=(members.not_suspended,),
    warns=(warnings.client_overruns,),
)
triad.move(
    rounds.GiveObserverFeedback,
    by=OBSERVER,
    at=(active, observer_feedback),
    key=acts.this_round,
    rules=(
        members.not_suspended,
        turns.client_has_spoken,
        turns.observer_has_not_spoken,
        turns.notes_are_own,
    ),
    warns=(warnings.observer_overruns,),
)
triad.move(
    rounds.CommitAction,
    by=PEER,
    at=IN_ROUND,
    key=acts.this_round,
    rules=(turns.is_client, members.not_suspended),
)
triad.move(
    rounds.AmendAction,
    by=PEER,
    at=IN_ROUND,
    key=acts.round_of_action,
    rules=(turns.action_is_known, turns.action_is_own, members.not_suspended),
)
triad.move(
    rounds.CloseRound,
    by=COACH,
    at=(active, observer_feedback),
    key=acts.this_round,
    to=round_closed,
    decision=True,
    about="round",
    rules=(members.not_suspended, turns.both_have_spoken),
    warns=(warnings.no_action,),
)
triad.move(
    rounds.ReviewAction,
    by=PEER,
    at=(active, review, suspended),
    rules=(turns.action_is_known, turns.action_is_own),
)

# When somebody is missing

triad.move(
    group.ReplaceMember,
    by=PEER,
    at=suspended,
    handler=acts.support,
    facts=(group.ReplacementSupported, group.ReplacementInvited),
    rules=(
        safeguards.person_consents,
        members.is_colleague,
        members.place_is_free,
        members.is_somebody_else,
        safeguards.no_manager_joins,
    ),
)

# Looking back

triad.move(
    group.RecordTriadReview,
    by=PEER,
    at=(active, review, suspended),
    to=review,
    handler=acts.look_back,
    rules=(turns.no_meeting_open,),
)
triad.move(
    run.CloseRun,
    by=LEAD,
    at=(review, suspended),
    to=closed,
    decision=True,
    about="run",
)

# What is remarked, and who sees what

triad.watch(*warnings.WATCHES)
shown.rows(triad)
shown.read_models(triad)

METHOD = triad.build()
"""Peer coaching triads."""
