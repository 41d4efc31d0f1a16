"""Rules and remarks about trials, and their share in the gates."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.trials import forms
from enquiry.kernel.enquiry.trials.state import DEPLOYED, Outlook, Synthesis, TrialStatus
from enquiry.kernel.vocabulary import Respondents
from enquiry.method.codes import Audience, Step
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, Warn, Watch, rule

MAX_STRATEGIES = 3
"""More strategies in trial than this are too many fronts (`maxConcurrentStrategies`)."""


@rule("NOT_PERMITTED", "A school's own members say what it tries.", source="2.19")
def is_of_that_school(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The actor belongs to the school that tries the strategy, or facilitates."""
    school = e.school if hasattr(e, "school") else s.trials.trials[e.trial].school
    held = around.alliance(ctx).held(ctx.actor, ctx.now)
    return ctx.actor in s.facilitators or any(m.school == school for m in held)


@rule("VALIDATION_FAILED", "This school does not take part.")
def school_takes_part(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Only schools of the enquiry try its strategies."""
    del ctx
    return True if e.school in s.schools else Unmet(pointer="/school")


@rule("VALIDATION_FAILED", "A trial ends on the day it begins, or later.")
def ends_after_it_begins(s: Enquiry, e: forms.StartTrial, ctx: Ctx) -> Verdict:
    """Its last day is not before its first."""
    del s, ctx
    return True if e.until is None or e.until >= e.begins else Unmet(pointer="/until")


@rule("NOT_FOUND", "There is no such trial.")
def trial_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was begun here."""
    del ctx
    return e.trial in s.trials.trials


@rule("VALIDATION_FAILED", "Say why it was not deployed, or only partly.", source="2.11")
def says_why_not(s: Enquiry, e: forms.ReportTrialStatus, ctx: Ctx) -> Verdict:
    """Where a strategy was not deployed there is a reason, and no blame."""
    del s, ctx
    short = e.status in (TrialStatus.NOT_DEPLOYED, TrialStatus.PARTLY)
    return Unmet(pointer="/reason") if short and e.reason is None else True


@rule("NOT_FOUND", "There is no such account of yours.")
def account_is_own(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Nobody withdraws what somebody else wrote."""
    account = s.trials.accounts.get(e.account)
    return account is not None and account.by == ctx.actor


def _synthesis(s: Enquiry, cycle: int) -> Synthesis:
    return s.trials.syntheses.get(cycle, Synthesis())


@rule("RECORD_CLOSED", "The synthesis of this trial cycle is closed.", source="2.11")
def synthesis_of_account_is_open(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """An account may be withdrawn until the group has read all of them together."""
    del ctx
    return not _synthesis(s, s.trials.accounts[e.account].cycle).closed


@rule("RECORD_CLOSED", "The synthesis of this trial cycle is closed.", source="2.11")
def synthesis_is_open(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """What was closed is not reworded."""
    del ctx
    return not _synthesis(s, e.trial_cycle).closed


@rule("NOT_PERMITTED", "Whoever records the meeting records what the group reads.", source="2.19")
def records_the_meeting(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """While a meeting is open, its recorder writes for it; between meetings, any member."""
    del e
    recorders = [one.recorder for one in s.meetings.meetings.values() if not one.closed]
    return not recorders or ctx.actor in recorders


@rule("NOT_FOUND", "There is no such trial cycle.")
def cycle_has_begun(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """A trial of that cycle was begun."""
    del ctx
    return s.trials.since <= e.trial_cycle <= s.trials.cycle


@rule(
    "VALIDATION_FAILED",
    "First patterns, then themes, strengths or weaknesses, then what contradicts, then the prompts,"
    " then the decision.",
    source="2.11",
)
def follows_the_steps(s: Enquiry, e: forms.RecordSynthesis, ctx: Ctx) -> Verdict:
    """Nothing is recorded before what it rests on."""
    del ctx
    after = forms.steps(_synthesis(s, e.trial_cycle), e)
    if after.outlook is not None and not after.prompts:
        return Unmet(pointer="/decision")
    if after.prompts and not after.readings:
        return Unmet(pointer="/prompts")
    if e.contradictions and not after.readings:
        return Unmet(pointer="/contradictions")
    return Unmet(pointer="/themes") if after.readings and not after.patterns else True


@rule("ACCOUNTS_MISSING", "A school that deployed the strategy has no account yet.", source="2.11")
def accounts_are_in(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Each school that deployed it has at least one account of its trial."""
    del ctx
    told = {account.trial for account in s.trials.accounts.values()}
    missing = tuple(
        {"school": str(trial.school), "trial": str(id_)}
        for id_, trial in s.trials.of(e.trial_cycle).items()
        if trial.status in DEPLOYED and id_ not in told
    )
    return Unmet(details=missing) if missing else True


@rule("WRONG_STAGE", "The synthesis of this trial cycle is to be decided and closed first.")
def synthesis_is_closed(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """A trial cycle ends with what the group read in it."""
    del ctx
    known = _synthesis(s, e.trial_cycle)
    return known.closed and known.outlook is not None and e.trial_cycle > s.trials.completed


@rule("SYNTHESIS_UNDECIDED", "Say first what follows.", source="2.11", step=Step.DOMAIN)
def outlook_is_decided(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """A synthesis is closed with its decision."""
    del ctx
    return _synthesis(s, e.trial_cycle).outlook is not None


# Remarks


def _not_by_all(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    last = s.trials.completed
    if last < s.trials.since:
        return ()
    deployed = {t.school for t in s.trials.of(last).values() if t.status in DEPLOYED}
    if deployed.issuperset(s.schools):
        return ()
    return (Warn("NOT_DEPLOYED_BY_ALL", about=f"trial-cycle-{last}"),)


def _has_data(s: Enquiry, *, independent: bool) -> bool:
    """Whether the last completed trial cycle, or one after it, has data."""
    last = s.trials.completed
    read = any(r.trial_cycle >= last for m in s.measures.values() for r in reversed(m.readings))
    return read or any(
        item.trial_cycle >= last
        and (not independent or item.respondents != Respondents.IMPLEMENTING_TEACHERS)
        for item in s.items.values()
        if item.stands
    )


def _no_data(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    if s.trials.completed < s.trials.since or _has_data(s, independent=False):
        return ()
    return (Warn("NO_INTERIM_DATA", about="trials"),)


def _subjective(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    if s.trials.completed < s.trials.since or _has_data(s, independent=True):
        return ()
    return (Warn("SUBJECTIVE_ONLY", about="trials"),)


def _gaps(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """To each member who has none, and the facilitators: nobody is named to the group."""
    del ctx
    last = s.trials.completed
    if last < s.trials.since:
        return ()
    told = {a.by for a in s.trials.accounts.values() if a.cycle == last}
    return tuple(
        Warn("ACCOUNT_GAP", about=f"trial-cycle-{last}", person=person, audience=Audience.PERSON)
        for person in s.members
        if person not in told and person not in s.facilitators
    )


def _fronts(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    many = len(s.trials.in_trial) > MAX_STRATEGIES
    return (Warn("TOO_MANY_FRONTS", about="trials"),) if many else ()


_DATA = ("trials", "measures", "items")
_TOLD = ("trials", "members", "facilitators")
WATCHES = (
    Watch("NOT_DEPLOYED_BY_ALL", _not_by_all, source="2.11", looks_at=("trials", "schools")),
    Watch("NO_INTERIM_DATA", _no_data, source="2.11", looks_at=_DATA),
    Watch("SUBJECTIVE_ONLY", _subjective, source="2.11", looks_at=_DATA),
    Watch("ACCOUNT_GAP", _gaps, source="2.11", looks_at=_TOLD),
    Watch("TOO_MANY_FRONTS", _fronts, source="2.4", looks_at=("trials",)),
)


def once_through(s: Enquiry, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """Said when the second gate is passed: tried once only, or never refined."""
    del ctx
    if e.to != "impact":
        return ()
    number = s.trials.completed - s.trials.since + 1
    refined = any(
        one.refined == s.course.cycle or _came_later(s, id_)
        for id_, one in s.trying.of(s.course.cycle).items()
    )
    said: list[Warn] = []
    if number == 1:
        said.append(Warn("SINGLE_TRIAL_CYCLE", about=f"cycle-{s.course.cycle}"))
    if not refined:
        said.append(Warn("NO_REFINEMENT", about=f"cycle-{s.course.cycle}"))
    return tuple(said)


def _came_later(s: Enquiry, strategy: UUID) -> bool:
    """Whether a strategy was proposed only when others were being tried in this cycle."""
    known = s.agreement.proposals[strategy]
    return known.cycle == s.course.cycle and known.phase == Phase.INNOVATION


def _completed(s: Enquiry) -> bool:
    stated = {
        number: {t.school for t in s.trials.of(number).values() if t.status != TrialStatus.PLANNED}
        for number in range(s.trials.since, s.trials.completed + 1)
    }
    return any(schools.issuperset(s.schools) for schools in stated.values())


def _ready(s: Enquiry) -> bool:
    known = _synthesis(s, s.trials.cycle)
    return known.closed and known.outlook == Outlook.READY_FOR_IMPACT


COMPLETED = Condition(
    "a",
    "A trial cycle is complete, in which every school has said how far it came.",
    unless(_completed),
)
READY = Condition(
    "b",
    "The synthesis of the last trial cycle says that the group is ready to judge the impact.",
    unless(_ready),
)
