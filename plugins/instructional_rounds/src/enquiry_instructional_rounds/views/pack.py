"""The problem of practice, what the host was given, and what the network remembers."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.run.forms import ShareAudience
from enquiry.method.method import Look
from enquiry.method.roles import COORDINATOR, ENQUIRY, LEADERS, MEMBER, STAFF, Viewer
from enquiry_instructional_rounds.state.pieces import Choice, Option, Problem
from enquiry_instructional_rounds.state.rounds import Rounds


class AnswerShown(Struct, frozen=True):
    """What was answered to one test."""

    test: str
    verdict: str
    note: str | None


class ProblemShown(Struct, frozen=True):
    """A problem of practice, as it was published."""

    text: str
    context: str
    staff_involvement: str
    tests: tuple[AnswerShown, ...]
    theory_of_action: str | None
    data_refs: tuple[str, ...]
    published_at: datetime


class ProblemSheet(Struct, frozen=True):
    """The problem that the host school chose; nothing before it is published."""

    problem: ProblemShown | None


def _problem(problem: Problem) -> ProblemShown:
    return ProblemShown(
        text=problem.text,
        context=problem.context,
        staff_involvement=problem.staff_involvement,
        tests=tuple(AnswerShown(n, a.verdict.value, a.note) for n, a in problem.answers.items()),
        theory_of_action=problem.theory,
        data_refs=problem.data,
        published_at=problem.at,
    )


def problem_sheet(s: Rounds, look: Look) -> ProblemSheet:
    """The present problem."""
    del look
    return ProblemSheet(_problem(s.problems[-1]) if s.problems else None)


# Who may open the pack


def audiences_of(viewer: Viewer) -> frozenset[str]:
    """Audiences of what the host lead shares to which somebody belongs by their circles."""
    found: set[str] = set()
    if not {STAFF.name, COORDINATOR.name}.isdisjoint(viewer.circles):
        found.add(ShareAudience.STAFF)
    if not {MEMBER.name, ENQUIRY.name}.isdisjoint(viewer.circles):
        found.add(ShareAudience.NETWORK)
    return frozenset(found)


def is_passed_on(s: Rounds, item: UUID, viewer: Viewer) -> bool:
    """Whether the host lead shared this item with the viewer, and it stands."""
    audiences = s.shared.get(item, ())
    return s.stands(item) and not audiences_of(viewer).isdisjoint(audiences)


def reaches(s: Rounds, viewer: Viewer) -> bool:
    """Whether the host lead shared anything with the viewer that stands."""
    return any(is_passed_on(s, item, viewer) for item in s.shared)


def _reads_all(s: Rounds, viewer: Viewer) -> bool:
    person = viewer.person
    inside = s.inside(person) or person in s.host_side()
    return inside or LEADERS.name in viewer.circles


def may_open(s: Rounds, viewer: Viewer) -> bool:
    """It is shared with the host; beyond the host side, something was passed on."""
    return s.shared_at is not None and (_reads_all(s, viewer) or reaches(s, viewer))


def is_shared(s: Rounds, viewer: Viewer) -> bool:
    """It is shared with the host."""
    del viewer
    return s.shared_at is not None


class Line(Struct, frozen=True):
    """A pattern or a prediction."""

    id: UUID
    statement: str


class DecisionShown(Struct, frozen=True):
    """What the host lead made of an option."""

    decision: Choice
    plan: str | None
    review_on: date | None


class OptionInPack(Struct, frozen=True):
    """An option, and what was decided about it."""

    id: UUID
    horizon: str
    actor_level: str
    statement: str
    support_needed: str | None
    decided: DecisionShown | None


class HostPack(Struct, frozen=True):
    """What the rounds brought: a gift of data, not a report card."""

    problem: ProblemShown | None
    patterns: tuple[Line, ...]
    predictions: tuple[Line, ...]
    options: tuple[OptionInPack, ...]
    examples: tuple[str, ...]
    """Words of cards that the network chose to show, in no order."""
    some_withdrawn: bool


def host_pack(s: Rounds, look: Look) -> HostPack:
    """Everything that stands; for whom the host lead passed something on to, that alone."""
    everything = _reads_all(s, look.viewer)

    def shown(id_: UUID) -> bool:
        return s.stands(id_) and (everything or is_passed_on(s, id_, look.viewer))

    examples = sorted(s.shown_examples()) if everything else []
    return HostPack(
        problem=_problem(s.problems[-1]) if s.problems else None,
        patterns=tuple(Line(id_, p.text) for id_, p in s.patterns.items() if shown(id_)),
        predictions=tuple(Line(id_, p.text) for id_, p in s.predictions.items() if shown(id_)),
        options=tuple(_option(id_, o) for id_, o in s.options.items() if shown(id_)),
        examples=tuple(s.cards[id_].text for id_ in examples),
        some_withdrawn=s.pack_lost,
    )


def _option(id_: UUID, option: Option) -> OptionInPack:
    decided = option.decided
    return OptionInPack(
        id=id_,
        horizon=option.horizon.value,
        actor_level=option.actor_level.value,
        statement=option.text,
        support_needed=option.support,
        decided=None
        if decided is None
        else DecisionShown(decided.decision, decided.plan, decided.review_on),
    )


class FollowUpShown(Struct, frozen=True):
    """What came of it."""

    id: UUID
    text: str
    measures: tuple[UUID, ...]


class Memory(Struct, frozen=True):
    """What the network remembers of these rounds."""

    problems: tuple[ProblemShown, ...]
    """As published one after the other, the first one first."""
    options: tuple[OptionInPack, ...]
    follow_ups: tuple[FollowUpShown, ...]


def memory(s: Rounds, look: Look) -> Memory:
    """Problems over time, options that stand with what was decided, and what came of them."""
    del look
    return Memory(
        problems=tuple(_problem(problem) for problem in s.problems),
        options=tuple(_option(id_, option) for id_, option in s.live_options().items()),
        follow_ups=tuple(
            FollowUpShown(id_, one.text, one.measures)
            for id_, one in s.follow_ups.items()
            if id_ not in s.gone
        ),
    )
