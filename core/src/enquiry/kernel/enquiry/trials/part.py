"""Trials: begun and reported by each school, told by members, read together (2.11)."""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel.enquiry.phases.part import Stages
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.strategies.rules import strategy_is_known
from enquiry.kernel.enquiry.trials import forms, rules
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Recorded
from enquiry.method.roles import COORDINATOR, LEADERS, Viewer


def trials(enquiry: Builder, at: Stages) -> None:
    """Add trials, accounts and syntheses."""
    enquiry.move(
        forms.StartTrial,
        by=GROUP,
        at=(at.innovation, at.impact),
        handler=_start,
        facts=(forms.TrialStarted,),
        rules=(
            strategy_is_known,
            rules.is_of_that_school,
            rules.school_takes_part,
            rules.ends_after_it_begins,
        ),
    )
    enquiry.move(
        forms.ReportTrialStatus,
        by=GROUP,
        decision=True,
        about=lambda e: f"trial-{e.trial}",
        rules=(rules.trial_is_known, rules.is_of_that_school, rules.says_why_not),
    )
    enquiry.move(forms.DraftAccount, by=GROUP, rules=(rules.trial_is_known,))
    enquiry.move(forms.SubmitAccount, by=GROUP, rules=(rules.trial_is_known,))
    enquiry.move(
        forms.WithdrawAccount,
        by=GROUP,
        rules=(rules.account_is_own, rules.synthesis_of_account_is_open),
    )
    _synthesising(enquiry)
    everybody = (*GROUP, FRIENDS)
    for fact in (
        forms.TrialStarted,
        forms.ReportTrialStatus,
        forms.RecordSynthesis,
        forms.CloseSynthesis,
        forms.CompleteTrialCycle,
    ):
        enquiry.show(fact, to=everybody, today=True)
    enquiry.show(forms.SubmitAccount, to=GROUP, today=True)
    # What works well and what needs revisiting stands in the overview of the innovation.
    enquiry.show(
        forms.RecordSynthesis,
        to=(LEADERS, COORDINATOR),
        today=True,
        hide=("by", "patterns", "themes", "contradictions", "prompts", "decision"),
        when=_is_closed,
    )
    enquiry.watch(*rules.WATCHES)


def _synthesising(enquiry: Builder) -> None:
    flags: dict[str, Any] = {"by": GROUP, "decision": True, "about": _cycle}
    begun = rules.cycle_has_begun
    enquiry.move(
        forms.RecordSynthesis,
        rules=(
            begun,
            rules.records_the_meeting,
            rules.synthesis_is_open,
            rules.follows_the_steps,
        ),
        **flags,
    )
    enquiry.move(
        forms.CloseSynthesis,
        rules=(
            begun,
            rules.records_the_meeting,
            rules.synthesis_is_open,
            rules.accounts_are_in,
            rules.outlook_is_decided,
        ),
        **flags,
    )
    enquiry.move(forms.CompleteTrialCycle, rules=(begun, rules.synthesis_is_closed), **flags)


def _is_closed(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """The group has closed this synthesis"""
    del viewer
    known = s.trials.syntheses.get(getattr(fact.entry, "trial_cycle", 0))
    return known is not None and known.closed


def _cycle(e: Any) -> str:
    return f"trial-cycle-{e.trial_cycle}"


def _start(s: Enquiry, e: forms.StartTrial, ctx: Ctx) -> Iterable[Any]:
    """A trial belongs to the cycle under way, or begins the next."""
    del ctx
    running = s.trials.running
    yield forms.TrialStarted(
        strategy=e.strategy,
        version=s.trying.strategies[e.strategy].version,
        cycle=s.trials.cycle if running else s.trials.cycle + 1,
        school=e.school,
        begins=e.begins,
        until=e.until,
        classes=e.classes,
    )
