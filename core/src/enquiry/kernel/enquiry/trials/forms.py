"""Forms and facts of trials, accounts and syntheses."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.trials.state import (
    Account,
    Outlook,
    Synthesis,
    Trial,
    TrialStatus,
)
from enquiry.kernel.vocabulary import Verdict
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text

_TRIAL = ask("Which trial?", address=True, ui="choice")
_CYCLE = ask("Which trial cycle?", address=True, ge=1)
_SAID = "contributions"


class StartTrial(Entry):
    """Begin to try a strategy at your school"""

    strategy: Annotated[UUID, ask("Which strategy?", address=True, ui="choice")]
    school: Annotated[UUID, ask("At which school?", address=True, ui="choice")]
    begins: Annotated[date, ask("From which day on?", ui="date")]
    until: Annotated[date, ask("Until which day?", ui="date")] | None = None
    classes: Annotated[str, text("With which classes?", upto=300)] | None = None


class TrialStarted(Entry, records="trial-started"):
    """A school began to try a strategy"""

    strategy: UUID
    version: int
    cycle: int
    school: UUID
    begins: date
    until: date | None = None
    classes: Annotated[str, text("Classes", upto=300)] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The first trial after a completed cycle begins the next; something has happened."""
        made = Trial(
            strategy=self.strategy,
            version=self.version,
            cycle=self.cycle,
            school=self.school,
            begins=self.begins,
            enquiry_cycle=s.course.cycle,
        )
        trials = s.trials.but(cycle=self.cycle, trials={**s.trials.trials, was.id: made})
        return s.but(trials=trials, course=s.course.but(progressed_at=was.at))


class ReportTrialStatus(Entry, records="trial-status-reported"):
    """Say how far your school has come"""

    trial: Annotated[UUID, _TRIAL]
    status: Annotated[TrialStatus, ask("How far?", ui="choice")]
    reason: Annotated[str, text("Why was it not deployed?", upto=500, guard=_SAID)] | None = None
    """Required where it was not, or only partly."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last status counts."""
        trial = s.trials.trials[self.trial].but(status=self.status)
        return s.but(trials=s.trials.but(trials={**s.trials.trials, self.trial: trial}))


class _Said(Entry):
    """What a member makes of a trial"""

    trial: Annotated[UUID, _TRIAL]
    what_i_did: Annotated[str, text("What did you do?", upto=4000, lines=4, guard=_SAID)]
    what_i_experienced: Annotated[
        str, text("What did you experience?", upto=4000, lines=4, guard=_SAID)
    ]
    reflections: Annotated[str, text("What do you make of it?", upto=4000, guard=_SAID)] | None = (
        None
    )
    recommendations: (
        Annotated[str, text("What do you recommend?", upto=4000, guard=_SAID)] | None
    ) = None


class DraftAccount(_Said, records="account-drafted"):
    """Draft your account of a trial; nobody else reads it"""


class SubmitAccount(_Said, records="account-submitted"):
    """Submit your account of a trial to the group"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A later account of the same trial stands beside the earlier."""
        made = Account(by=was.by, trial=self.trial, cycle=s.trials.trials[self.trial].cycle)
        return s.but(trials=s.trials.but(accounts={**s.trials.accounts, was.id: made}))


class WithdrawAccount(Entry, records="account-withdrawn"):
    """Withdraw your account"""

    account: Annotated[UUID, ask("Which account?", address=True, ui="choice")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Nobody reads it any longer."""
        accounts = {id_: a for id_, a in s.trials.accounts.items() if id_ != self.account}
        gone = s.without((self.account,), was.revision)
        return s.but(trials=s.trials.but(accounts=accounts), gone=gone)


_POINT = Annotated[str, text("Point", upto=1000, lines=2, guard=_SAID)]


_CONTRADICTS = text("What contradicts what?", upto=1000, lines=2, guard=_SAID)
_SOUGHT = text("Which reasons have you looked for?", upto=1000, guard=_SAID)


class Contradiction(Piece):
    """What does not fit together, and why that may be."""

    text: Annotated[str, _CONTRADICTS]
    reasons_sought: Annotated[str, _SOUGHT] | None = None


class Prompts(Piece):
    """What the group asks itself before it decides."""

    evidence_tells: Annotated[str, text("What does the evidence tell?", upto=2000, guard=_SAID)]
    adjustment_needed: Annotated[str, text("What is to be adjusted?", upto=2000, guard=_SAID)]
    fits_expectation: Annotated[str, text("Does it fit what we expected?", upto=2000, guard=_SAID)]
    shared_view_reached: Annotated[Verdict, ask("Do we share a view?", ui="choice")]
    way_forward_agreed: Annotated[Verdict, ask("Have we agreed the way forward?", ui="choice")]


class RecordSynthesis(Entry, records="synthesis-recorded"):
    """Record what the group reads in all accounts and evidence of a trial cycle"""

    trial_cycle: Annotated[int, _CYCLE]
    patterns: Annotated[tuple[_POINT, ...], ask("Which patterns?", at_most=20)] = ()
    themes: Annotated[tuple[_POINT, ...], ask("Which themes?", at_most=20)] = ()
    strengths: Annotated[tuple[_POINT, ...], ask("Which strengths?", at_most=20)] = ()
    weaknesses: Annotated[tuple[_POINT, ...], ask("Which weaknesses?", at_most=20)] = ()
    contradictions: Annotated[
        tuple[Contradiction, ...], ask("Which contradictions?", at_most=20)
    ] = ()
    prompts: Annotated[Prompts, ask("Before you decide", ui="group")] | None = None
    decision: Annotated[Outlook, ask("What follows?", ui="choice")] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It may be recorded in several goes, in the order of its steps."""
        synthesis = steps(s.trials.syntheses.get(self.trial_cycle, Synthesis()), self)
        syntheses = {**s.trials.syntheses, self.trial_cycle: synthesis}
        return s.but(trials=s.trials.but(syntheses=syntheses))


def steps(known: Synthesis, e: RecordSynthesis) -> Synthesis:
    """How far the synthesis is with what is recorded now."""
    return known.but(
        patterns=known.patterns or bool(e.patterns),
        readings=known.readings or bool(e.themes or e.strengths or e.weaknesses),
        prompts=known.prompts or e.prompts is not None,
        outlook=e.decision or known.outlook,
        strengths=(*known.strengths, *e.strengths),
        weaknesses=(*known.weaknesses, *e.weaknesses),
    )


class CloseSynthesis(Entry, records="synthesis-closed"):
    """Close the synthesis of a trial cycle"""

    trial_cycle: Annotated[int, _CYCLE]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """No account is withdrawn from it any longer, but by withdrawing consent."""
        known = s.trials.syntheses.get(self.trial_cycle, Synthesis())
        syntheses = {**s.trials.syntheses, self.trial_cycle: known.but(closed=True)}
        return s.but(trials=s.trials.but(syntheses=syntheses))


class CompleteTrialCycle(Entry, records="trial-cycle-completed"):
    """Complete a trial cycle"""

    trial_cycle: Annotated[int, _CYCLE]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The next trial begins another."""
        return s.but(trials=s.trials.but(completed=self.trial_cycle))
