"""Who reads what of a triad, and which read models there are.

The first line of each condition is told to whoever writes.
"""

from collections.abc import Mapping

from enquiry import COORDINATOR, Builder, Entry, Recorded, Viewer
from enquiry.kernel.run import forms as run
from enquiry_peer_triads.chart import FORMER, INVITED, LEAD, PEER, observer_feedback
from enquiry_peer_triads.forms import group, meetings, rounds
from enquiry_peer_triads.state import Triad
from enquiry_peer_triads.views import overview, records

# Conditions


def let_in(s: Triad, fact: Recorded, viewer: Viewer) -> bool:
    """Its owner has shared it with the triad, or with them."""
    return s.shares(fact.was.id, viewer.person)


# Rows

CONTENT = (
    group.StateGoals,
    rounds.SetTopic,
    rounds.PostToThread,
    rounds.GiveClientFeedback,
    rounds.GiveObserverFeedback,
    rounds.CommitAction,
    rounds.AmendAction,
    rounds.ReviewAction,
    group.RecordTriadReview,
)
"""What is said among the three, for those who were of the three when it was said."""

COURSE = (
    meetings.MeetingOpened,
    rounds.BeginRound,
    rounds.ConversationEnded,
    rounds.CloseRound,
    meetings.CompleteMeeting,
)
"""How meetings went, for those who were of the three then."""

NEUTRAL = (meetings.MeetingIncomplete, group.PlaceFreed, group.TriadSuspended)
"""Whoever broke off a meeting by leaving, or suspended the triad by withdrawing, is not named."""

MEMBERSHIP = (
    group.TriadCompleted,
    group.ReplacementSupported,
    group.ReplacementInvited,
    group.MemberReplaced,
    group.TriadResumed,
    run.StartRun,
    run.CloseRun,
)
"""Who the three are, and that they began and closed, for the three of today."""


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
    triad.show(group.TriadFormed, to=(PEER, INVITED, LEAD), today=True)
    triad.show(run.AcceptRunInvitation, to=LEAD, today=True)
    for membership in MEMBERSHIP:
        triad.show(membership, to=PEER, today=True)


# Read models

_MEMBERS: Mapping[type[Entry], str] = {
    run.InviteToRun: "who is invited.",
    run.AcceptRunInvitation: "who takes part.",
    run.DeclineRunInvitation: "who is not, or no longer, invited.",
    run.LeaveRun: "who no longer takes part.",
    run.WithdrawConsent: "who no longer takes part.",
    run.AdoptProtocol: "who has adopted the protocol.",
    group.TriadFormed: "who is invited.",
    group.ReplacementInvited: "who is invited.",
    group.StateGoals: "that goals were stated.",
}
_LEFT: Mapping[type[Entry], str] = {
    run.LeaveRun: "that a meeting went no further.",
    run.WithdrawConsent: "that what was somebody's is gone.",
}
_HELD: Mapping[type[Entry], str] = {
    meetings.MeetingOpened: "that a meeting took place, and on which day.",
    meetings.CompleteMeeting: "that it was completed.",
    meetings.MeetingIncomplete: "that it was not completed.",
    run.LeaveRun: "that the triad pauses.",
    run.WithdrawConsent: "that the triad pauses.",
}


def read_models(triad: Builder) -> None:
    """Add the read models."""
    triad.view(
        "agreement",
        "The triad agreement",
        to=(PEER, INVITED),
        build=overview.agreement,
        schema=overview.Agreement,
        reveals=_MEMBERS,
    )
    triad.view(
        "rotation",
        "Who plays what",
        to=PEER,
        build=overview.rotation,
        schema=overview.Rotation,
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
        build=overview.meetings_held,
        schema=overview.MeetingsHeld,
        reveals=_HELD,
    )
    triad.view(
        "fidelity",
        "How we kept to it",
        to=PEER,
        build=overview.fidelity,
        schema=overview.Fidelity,
        reveals=_LEFT,
    )
    triad.view(
        "certificate",
        "My certificate",
        to=PEER,
        build=overview.certificate,
        schema=overview.CertificateData,
    )
