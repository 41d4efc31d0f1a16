"""What deserves a second look. Nothing here refuses; what has happened is recorded as it was.

Language is remarked by TextGuard, bookings by the kernel; both go when their cause goes.
"""

from collections.abc import Iterable
from typing import Any

from enquiry.kernel import around
from enquiry.kernel.schooldays import BeyondCalendar, add_school_days
from enquiry.method.codes import Audience
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Warn, Watch
from enquiry_instructional_rounds.rules.booking import team_label, visit_label
from enquiry_instructional_rounds.state.pieces import STANDING, Verdict, VisitStatus
from enquiry_instructional_rounds.state.rounds import Rounds


def _also_to_host_lead(s: Rounds, warn: Warn) -> Iterable[Warn]:
    """The group is the network; what the host lead alone can mend is said to them as well."""
    yield warn
    for person in s.host_leads():
        yield Warn(warn.code, warn.about, person, params=warn.params, audience=Audience.PERSON)


def _test_failed(s: Rounds, ctx: Ctx) -> tuple[Warn, ...]:
    """The problem of practice does not pass one of its tests."""
    del ctx
    present = s.problems[-1:]
    failed = [
        name
        for problem in present
        for name, answer in problem.answers.items()
        if answer.verdict == Verdict.NO
    ]
    if not failed:
        return ()
    return tuple(_also_to_host_lead(s, Warn("POP_TEST_FAILED", params={"tests": failed})))


def _team_size(s: Rounds, ctx: Ctx) -> tuple[Warn, ...]:
    """A team is smaller or larger than advised."""
    least, most = ctx.options.team_least, ctx.options.team_most
    return tuple(
        Warn("TEAM_NOT_THREE_TO_FIVE", about=team_label(no), params={"team": len(team)})
        for no, team in s.teams.items()
        if team and not least <= len(team) <= most
    )


def _visit_length(s: Rounds, ctx: Ctx) -> tuple[Warn, ...]:
    """A visit really took less or more time than advised."""
    least, most = ctx.options.visit_least, ctx.options.visit_most
    taken = {number: visit.took() for number, visit in s.visits.items()}
    return tuple(
        Warn("VISIT_LENGTH_ACTUAL", about=visit_label(number), params={"minutes": took})
        for number, took in taken.items()
        if took is not None and not least <= took <= most
    )


def few_classrooms(s: Rounds, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
    """When the debrief opens, a team has seen fewer classrooms than advised."""
    del e
    wanted = ctx.options.classrooms_per_team
    seen = {no: _seen_by(s, no) for no in s.standing_teams()}
    return tuple(
        Warn("FEW_CLASSROOMS_PER_TEAM", about=team_label(no), params={"classrooms": count})
        for no, count in seen.items()
        if count < wanted
    )


def _seen_by(s: Rounds, team: int) -> int:
    mine = (v for v in s.visits.values() if v.team == team and v.status == VisitStatus.DONE)
    return len({visit.host for visit in mine})


def _only_teacher(s: Rounds, ctx: Ctx) -> tuple[Warn, ...]:
    """Describing ended without a card on pupils or on the task."""
    del ctx
    return (Warn("ONLY_TEACHER_CARDS"),) if s.only_teacher else ()


def _no_dissent(s: Rounds, ctx: Ctx) -> tuple[Warn, ...]:
    """The debrief ended, and nobody had challenged a card or held back from a pattern."""
    del ctx
    return (Warn("NO_DISSENT_RECORDED"),) if s.unanimous else ()


def _follow_up_missing(s: Rounds, ctx: Ctx) -> tuple[Warn, ...]:
    """The agreed school days of the host school have passed, and no option was decided."""
    if s.shared_at is None or s.over_at is not None or not _is_past(s, ctx):
        return ()
    if any(option.decided is not None for option in s.options.values()):
        return ()
    days = ctx.options.follow_up_school_days
    missing = Warn("FOLLOW_UP_MISSING", params={"school_days": days})
    return tuple(_also_to_host_lead(s, missing))


def _is_past(s: Rounds, ctx: Ctx) -> bool:
    """The last of these school days is over at the host school, by its own calendar."""
    calendar = around.calendar(ctx, s.school)
    if calendar is None or s.shared_at is None:
        return False
    shared = around.local_date(ctx, s.school, s.shared_at)
    try:
        due = add_school_days(calendar, shared, ctx.options.follow_up_school_days)
    except BeyondCalendar:
        return False
    return around.local_date(ctx, s.school, ctx.now) > due


WATCHES = (
    Watch("POP_TEST_FAILED", _test_failed, source="3.2 warned"),
    Watch("TEAM_NOT_THREE_TO_FIVE", _team_size, source="3.2 warned"),
    Watch("VISIT_LENGTH_ACTUAL", _visit_length, source="3.2 warned"),
    Watch("ONLY_TEACHER_CARDS", _only_teacher, source="3.2 warned"),
    Watch("NO_DISSENT_RECORDED", _no_dissent, source="3.2 warned"),
    Watch("FOLLOW_UP_MISSING", _follow_up_missing, source="3.2 warned, 4.8", timed=True),
)


def moot(s: Rounds) -> frozenset[str]:
    """Visits that do not take place, and words that others have replaced."""
    gone = (visit_label(v.number) for v in s.visits.values() if v.status not in STANDING)
    replaced = (str(id_) for card in s.cards.values() for id_ in card.wordings[:-1])
    edited = (str(id_) for pattern in s.patterns.values() for id_ in pattern.acts[:-1])
    return frozenset((*gone, *replaced, *edited))
