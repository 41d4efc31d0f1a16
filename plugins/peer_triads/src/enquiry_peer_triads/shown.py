"""Who reads what of a triad, and which read models there are."""

from collections.abc import Mapping

from enquiry import COORDINATOR, Builder, Entry, Recorded, Viewer
from enquiry.kernel.run import forms as run_forms
from enquiry_peer_triads import forms, records, rounds, views
from enquiry_peer_triads.chart import FORMER, INVITED, LEAD, PEER, observer_feedback
from enquiry_peer_triads.state import Triad

CONTENT = (
    forms.StateGoals,
    rounds.SetTopic,
    rounds.PostToThread,
    rounds.GiveClientFeedback,
    rounds.GiveObserverFeedback,
    rounds.CommitAction,
    rounds.AmendAction,
    rounds.ReviewAction,
    forms.RecordTriadReview,
)
"""What is said among the three, for those who were of the three when it was said."""

COURSE = (
    forms.MeetingOpened,
    rounds.BeginRound,
    rounds.ConversationEnded,
    rounds.CloseRound,
    forms.CompleteMeeting,
)
"""How meetings went, for those who were of the three then."""

NEUTRAL = (forms.MeetingIncomplete, forms.PlaceFreed, forms.TriadSuspended)
"""Whoever broke off a meeting by leaving, or suspended the triad by withdrawing, is not named."""

MEMBERSHIP = (
    forms.TriadCompleted,
    forms.ReplacementSupported,
    forms.ReplacementInvited,
    forms.MemberReplaced,
    forms.TriadResumed,
    run_forms.StartRun,
    run_forms.CloseRun,
)
"""Who the three are, and that they began and closed, for the three of today."""


def let_in(s: Triad, fact: Recorded, viewer: Viewer) -> bool:
    """Its owner has shared it with the triad, or with them."""
    return s.shares(fact.was.id, viewer.person)


def rows(triad: Builder) -> None:
    """Add the rows of visibility; whatever has none is its author's alone."""
    for said in CONTENT:
        triad.show(said, to=PEER)
    triad.show(rounds.RecordObserverNote, to=PEER, since=observer_feedback)
    for said in (*CONTENT, rounds.RecordObserverNote):
        triad.show(said, to=PEER, today=True, when=let_in)
    for course in COURSE:
        triad.show(course, to=PEER)
    for neutral in NEUTRAL:
        triad.show(neutral, to=PEER, hide=("by",))
    triad.show(forms.TriadFormed, to=(PEER, INVITED, LEAD), today=True)
    triad.show(run_forms.AcceptRunInvitation, to=LEAD, today=True)
    for membership in MEMBERSHIP:
        triad.show(membership, to=PEER, today=True)


_MEMBERS: Mapping[type[Entry], str] = {
    run_forms.InviteToRun: "who is invited.",
    run_forms.AcceptRunInvitation: "who takes part.",
    run_forms.DeclineRunInvitation: "who is not, or no longer, invited.",
    run_forms.LeaveRun: "who no longer takes part.",
    run_forms.WithdrawConsent: "who no longer takes part.",
    run_forms.AdoptProtocol: "who has adopted the protocol.",
    forms.TriadFormed: "who is invited.",
    forms.ReplacementInvited: "who is invited.",
    forms.StateGoals: "that goals were stated.",
}
_LEFT: Mapping[type[Entry], str] = {
    run_forms.LeaveRun: "that a meeting went no further.",
    run_forms.WithdrawConsent: "that what was somebody's is gone.",
}
_HELD: Mapping[type[Entry], str] = {
    forms.MeetingOpened: "that a meeting took place, and on which day.",
    forms.CompleteMeeting: "that it was completed.",
    forms.MeetingIncomplete: "that it was not completed.",
    run_forms.LeaveRun: "that the triad pauses.",
    run_forms.WithdrawConsent: "that the triad pauses.",
}


def read_models(triad: Builder) -> None:
    """Add the read models."""
    triad.view(
        "agreement",
        "The triad agreement",
        to=(PEER, INVITED),
        build=views.agreement,
        schema=views.Agreement,
        reveals=_MEMBERS,
    )
    triad.view(
        "rotation",
        "Who plays what",
        to=PEER,
        build=views.rotation,
        schema=views.Rotation,
        reveals=_LEFT,
    )
    triad.view(
        "my-record",
        "My goals and actions",
        to=(PEER, FORMER),
        build=records.my_record,
        schema=records.MyRecord,
    )
    triad.view(
        "growth-log",
        "What I was told as a coach",
        to=PEER,
        build=records.growth_log,
        schema=records.GrowthLog,
        reveals=_LEFT,
    )
    triad.view(
        "meetings",
        "Our meetings",
        to=PEER,
        build=records.record,
        schema=records.Record,
        reveals=_LEFT,
    )
    triad.view(
        "meetings-held",
        "Meetings held",
        to=(PEER, COORDINATOR),
        build=views.meetings_held,
        schema=views.MeetingsHeld,
        reveals=_HELD,
    )
    triad.view(
        "certificate",
        "My certificate",
        to=PEER,
        build=views.certificate,
        schema=views.CertificateData,
    )
