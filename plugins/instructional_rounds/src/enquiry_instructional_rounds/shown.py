"""Who reads what of rounds, and which read models there are.

The first line of each condition is told to whoever writes. Who observed which classroom when is
open to the network until the debrief begins, and to nobody after it: what is withdrawn later could
otherwise be found by what is missing.
"""

from typing import Any

from enquiry import (
    COORDINATOR,
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
from enquiry_instructional_rounds.chart import (
    FORMER,
    HOST,
    HOST_LEAD,
    HOST_TEAM,
    NETWORK,
    OBSERVER,
)
from enquiry_instructional_rounds.forms import board, day, debrief, plan, results
from enquiry_instructional_rounds.state.pieces import DebriefStep
from enquiry_instructional_rounds.state.rounds import Rounds
from enquiry_instructional_rounds.views import cards, classrooms, pack, steps

_INSIDE = (NETWORK, OBSERVER)
_ENQUIRING = (*_INSIDE, FACILITATOR)
_HOSTED = (HOST_LEAD, HOST_TEAM, LEADERS)
"""Readers at the host school, once it is shared with the host."""
_BEYOND = (STAFF, COORDINATOR, MEMBER, ENQUIRY)


# Conditions


def _entry(fact: Recorded) -> Any:
    return fact.entry


def before_debrief(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """Until the debrief begins"""
    del fact, viewer
    return s.debriefed_at is None


def hosts_it(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """It is their own classroom, and they were told of the visit"""
    visit = s.visits.get(_entry(fact).visit_no)
    told = visit is not None and visit.told
    return told and _entry(fact).host_teacher == viewer.person


def is_example(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """The network gives it to the host as an example"""
    del viewer
    return getattr(fact.entry, "card", fact.was.id) in s.shown_examples()


def _about(fact: Recorded) -> Any:
    """The pattern or option that a fact is about, or brought."""
    entry = _entry(fact)
    return getattr(entry, "pattern", getattr(entry, "option", fact.was.id))


def at_next_level(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """It was agreed by all, and the next level of work is being found"""
    del viewer
    reached = s.step == DebriefStep.NEXT_LEVEL or s.completed_at is not None
    return reached and s.stands(_about(fact))


def in_pack(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the host, and stands"""
    del viewer
    return s.shared_at is not None and s.stands(_about(fact))


def passed_on(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """The host lead shared it with them"""
    return pack.is_passed_on(s, _about(fact), viewer)


def with_them(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """It is with them that the host lead shares it, and it stands"""
    shared = _entry(fact)
    return s.stands(shared.item) and shared.audience in pack.audiences_of(viewer)


def something_passed_on(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """The host lead shared something of it with them"""
    del fact
    return pack.reaches(s, viewer)


def is_shared(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """It is shared with the host"""
    del fact, viewer
    return s.shared_at is not None


def touches_pack(s: Rounds, fact: Recorded, viewer: Viewer) -> bool:
    """It stood in what the host was given"""
    del s, viewer
    return _entry(fact).pack


# Rows


def rows(rounds: Builder) -> None:
    """Add the rows of visibility; whatever has none is its author's alone."""
    _show_preparing(rounds)
    _show_debrief(rounds)
    _show_results(rounds)


def _show_preparing(rounds: Builder) -> None:
    """Who reads what is planned, and what happens in the classrooms."""
    planning = (NETWORK, HOST_LEAD)
    early: dict[str, Any] = {"when": before_debrief, "today": True}
    rounds.show(run.RunPlanned, to=HOST, today=True, hide=("reason",))
    readers = (*_INSIDE, HOST_LEAD, HOST_TEAM, HOST)
    rounds.show(plan.PublishProblem, to=readers, today=True)
    rounds.show(plan.PublishProblem, to=LEADERS, when=is_shared, today=True)
    rounds.show(plan.PublishProblem, to=_BEYOND, when=something_passed_on, today=True)
    rounds.show(plan.FormTeam, to=(*_INSIDE, HOST_LEAD), today=True)
    rounds.show(plan.ClassroomScheduled, to=planning, **early)
    rounds.show(plan.ClassroomScheduled, to=HOST, when=hosts_it, today=True)
    rounds.show(plan.InformHostTeachers, to=planning, **early)
    rounds.show(plan.HostTeacherConsented, to=NETWORK, **early)
    rounds.show(plan.HostTeacherDeclined, to=NETWORK, **early)
    rounds.show(plan.CancelClassroom, to=planning, **early)
    rounds.show(run.StartRun, to=(*_INSIDE, HOST_LEAD, HOST_TEAM), today=True)
    rounds.show(day.BeginObservation, to=_INSIDE, **early)
    rounds.show(day.EndObservation, to=_INSIDE, **early)


def _show_debrief(rounds: Builder) -> None:
    """Who reads the cards and what is made of them. Private notes have no row."""
    for fact in (
        debrief.OpenDebrief,
        debrief.AdvanceDebrief,
        debrief.DebriefReopened,
        debrief.CompleteDebrief,
    ):
        rounds.show(fact, to=(*_INSIDE, HOST_LEAD, HOST_TEAM), today=True)
    for fact in (
        board.CardPosted,
        board.ChallengeCard,
        board.CardReworded,
        board.WithdrawCard,
        board.ConfirmDescriptive,
    ):
        rounds.show(fact, to=_ENQUIRING, today=True)
    rounds.show(board.CardPosted, to=_HOSTED, when=is_example, today=True)
    rounds.show(board.CardReworded, to=_HOSTED, when=is_example, today=True)
    for fact in (debrief.CreatePattern, debrief.EditPattern):
        rounds.show(fact, to=_ENQUIRING, today=True)
        _show_result(rounds, fact, ("by", "card_ids"))
    rounds.show(debrief.AgreePattern, to=_ENQUIRING, today=True)
    for fact in (debrief.AddPrediction, debrief.AddNextLevelOption):
        rounds.show(fact, to=_ENQUIRING, today=True)
        _show_result(rounds, fact, ("by",))


def _show_result(rounds: Builder, fact: Any, hide: tuple[str, ...]) -> None:
    rounds.show(fact, to=HOST_TEAM, when=at_next_level, hide=hide, today=True)
    rounds.show(fact, to=_HOSTED, when=in_pack, hide=hide, today=True)
    rounds.show(fact, to=_BEYOND, when=passed_on, hide=hide, today=True)


def _show_results(rounds: Builder) -> None:
    """Who reads what the host was given, and what it answered."""
    unsigned: dict[str, Any] = {"today": True, "hide": ("by",)}
    host = (HOST_LEAD, HOST_TEAM)
    rounds.show(results.ShareWithHost, to=_INSIDE, today=True)
    rounds.show(results.ShareWithHost, to=_HOSTED, hide=("examples",), today=True)
    rounds.show(results.DecideOption, to=(*_INSIDE, *host), today=True)
    rounds.show(results.DecideOption, to=LEADERS, when=in_pack, today=True)
    rounds.show(results.DecideOption, to=_BEYOND, when=passed_on, **unsigned)
    rounds.show(run.ShareItem, to=_BEYOND, when=with_them, **unsigned)
    rounds.show(results.RecordFollowUp, to=(*_INSIDE, *_HOSTED), today=True)
    rounds.show(results.ItemsWithdrawn, to=_INSIDE, **unsigned)
    rounds.show(results.ItemsWithdrawn, to=_HOSTED, when=touches_pack, **unsigned)
    rounds.show(run.CloseRun, to=(*_INSIDE, *host), today=True)


# Read models

WITHDRAWN = "What is withdrawn is not there any more; nobody is told whose it was."
COUNTED = "Readers see how long a visit took, never whose it was."
STILL_HERE = "Others see which teams still have somebody in them."


def read_models(rounds: Builder) -> None:
    """Add the read models."""
    _until_the_debrief(rounds)
    _in_the_debrief(rounds)
    _for_the_host(rounds)


def _until_the_debrief(rounds: Builder) -> None:
    rounds.view(
        "problem-sheet",
        "The problem of practice",
        to=(*_INSIDE, HOST_LEAD, HOST_TEAM, HOST),
        build=pack.problem_sheet,
        schema=pack.ProblemSheet,
    )
    rounds.view(
        "timetable",
        "When and where",
        to=(*_INSIDE, HOST_LEAD, HOST),
        build=classrooms.timetable,
        schema=classrooms.Timetable,
        past=False,
        reveals={
            plan.FormTeam: "A host teacher sees who will come.",
            plan.ClassroomScheduled: "Observers see when and where their own team goes.",
            run.LeaveRun: STILL_HERE,
            run.WithdrawConsent: WITHDRAWN,
        },
    )
    rounds.view(
        "my-notes",
        "My private notes",
        to=(OBSERVER, FORMER),
        build=classrooms.my_notes,
        schema=classrooms.MyNotes,
        reveals={run.WithdrawConsent: WITHDRAWN},
    )


def _in_the_debrief(rounds: Builder) -> None:
    undated: dict[str, Any] = {"past": False, "reveals": {run.WithdrawConsent: WITHDRAWN}}
    rounds.view(
        "debrief-board",
        "The board",
        to=_ENQUIRING,
        build=cards.board,
        schema=cards.Board,
        **undated,
    )
    rounds.view(
        "my-cards",
        "My cards",
        to=OBSERVER,
        build=cards.my_cards,
        schema=cards.MyCards,
        **undated,
    )
    rounds.view(
        "pattern-wall",
        "Patterns, and who agreed",
        to=_ENQUIRING,
        build=steps.wall,
        schema=steps.Wall,
        past=False,
        reveals={
            run.WithdrawConsent: WITHDRAWN,
            run.LeaveRun: STILL_HERE,
            plan.FormTeam: "Facilitators of the enquiry see which teams have yet to agree.",
        },
    )
    rounds.view(
        "predictions",
        "What a pupil here would learn",
        to=(*_ENQUIRING, HOST_TEAM),
        build=steps.predictions,
        schema=steps.Predictions,
        past=False,
        reveals={run.WithdrawConsent: WITHDRAWN},
    )
    rounds.view(
        "next-level-chart",
        "The next level of work",
        to=(*_ENQUIRING, HOST_TEAM),
        build=steps.chart,
        schema=steps.NextLevel,
        past=False,
        reveals={run.WithdrawConsent: WITHDRAWN},
    )
    rounds.view(
        "fidelity",
        "How closely the protocol was followed",
        to=_ENQUIRING,
        build=classrooms.fidelity,
        schema=classrooms.Fidelity,
        reveals={
            run.RecordDeviation: "Facilitators learn which rule was not followed, and not why.",
            day.BeginObservation: COUNTED,
            day.EndObservation: COUNTED,
            plan.HostTeacherDeclined: WITHDRAWN,
            run.WithdrawConsent: WITHDRAWN,
        },
    )


def _for_the_host(rounds: Builder) -> None:
    rounds.view(
        "host-pack",
        "What the rounds brought",
        to=(*_INSIDE, *_HOSTED, *_BEYOND),
        when=pack.may_open,
        build=pack.host_pack,
        schema=pack.HostPack,
        past=False,
        reveals={
            run.WithdrawConsent: WITHDRAWN,
            run.ShareItem: "Those with whom something is shared see it.",
        },
    )
    rounds.view(
        "network-memory",
        "Problems over time, and what came of the next level",
        to=(*_INSIDE, HOST_LEAD, HOST_TEAM),
        when=pack.is_shared,
        build=pack.memory,
        schema=pack.Memory,
        past=False,
        reveals={run.WithdrawConsent: WITHDRAWN},
    )
