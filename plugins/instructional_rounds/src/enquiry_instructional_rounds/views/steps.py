"""What the network makes of the cards: patterns, predictions, the next level of work."""

from uuid import UUID

from msgspec import Struct

from enquiry.method.method import Look
from enquiry_instructional_rounds.state.pieces import ActorLevel, DebriefStep, Horizon, Pattern
from enquiry_instructional_rounds.state.rounds import Rounds
from enquiry_instructional_rounds.views.cards import shuffled


class PatternShown(Struct, frozen=True):
    """A pattern, and which teams have agreed to this version."""

    pattern: UUID
    version: int
    statement: str
    cards: tuple[UUID, ...]
    """Those that are still on the board, in its order."""
    agreed_by: tuple[int, ...]
    waiting_for: tuple[int, ...]
    status: str
    """``open`` during analysis; then ``agreed``, ``parked`` or ``unsupported``."""


class Wall(Struct, frozen=True):
    """The pattern wall."""

    patterns: tuple[PatternShown, ...]


def wall(s: Rounds, look: Look) -> Wall:
    """Every pattern, the parked ones too."""
    return Wall(
        tuple(
            _pattern(s, id_, pattern, look)
            for id_, pattern in s.patterns.items()
            if id_ not in s.gone
        )
    )


def _pattern(s: Rounds, id_: UUID, pattern: Pattern, look: Look) -> PatternShown:
    live = (card for card in pattern.cards if s.card(card) is not None)
    return PatternShown(
        pattern=id_,
        version=pattern.version,
        statement=pattern.text,
        cards=tuple(sorted(live, key=lambda card: shuffled(look.stream, card))),
        agreed_by=tuple(sorted(pattern.agreed)),
        waiting_for=s.missing(pattern),
        status=_status(s, id_),
    )


def _status(s: Rounds, id_: UUID) -> str:
    if s.step in (DebriefStep.DESCRIBE, DebriefStep.ANALYSE):
        return "open"
    if id_ not in s.carried:
        return "parked"
    return "agreed" if s.carries(id_) else "unsupported"


class PatternAgreed(Struct, frozen=True):
    """A pattern that every team agreed to."""

    pattern: UUID
    statement: str


def agreed(s: Rounds) -> tuple[PatternAgreed, ...]:
    """Patterns that others may rest on."""
    return tuple(PatternAgreed(id_, p.text) for id_, p in s.patterns.items() if s.carries(id_))


def _reads_results(s: Rounds, look: Look) -> bool:
    """The network always does; the host team from the next level of work on."""
    inside = s.inside(look.viewer.person) or "facilitator" in look.viewer.circles
    return inside or s.step == DebriefStep.NEXT_LEVEL or s.completed_at is not None


class PredictionShown(Struct, frozen=True):
    """A prediction."""

    prediction: UUID
    statement: str
    patterns: tuple[UUID, ...]
    supported: bool


class Predictions(Struct, frozen=True):
    """What a pupil here would learn who did all that was asked."""

    patterns: tuple[PatternAgreed, ...]
    predictions: tuple[PredictionShown, ...]


def predictions(s: Rounds, look: Look) -> Predictions:
    """The network sees every prediction, the host team those that stand."""
    if not _reads_results(s, look):
        return Predictions((), ())
    shown = tuple(
        PredictionShown(id_, one.text, _cited(s, one.patterns), s.stands(id_))
        for id_, one in s.predictions.items()
        if _shows(s, id_, look)
    )
    return Predictions(agreed(s), shown)


def _cited(s: Rounds, patterns: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(id_ for id_ in patterns if s.carries(id_))


def _shows(s: Rounds, id_: UUID, look: Look) -> bool:
    inside = s.inside(look.viewer.person) or "facilitator" in look.viewer.circles
    return s.stands(id_) or (inside and s.item(id_) is not None)


class OptionShown(Struct, frozen=True):
    """An option."""

    option: UUID
    horizon: Horizon
    actor_level: ActorLevel
    statement: str
    support_needed: str | None
    patterns: tuple[UUID, ...]
    supported: bool


class NextLevel(Struct, frozen=True):
    """Options by horizon, then by who acts; and what is still missing."""

    patterns: tuple[PatternAgreed, ...]
    options: tuple[OptionShown, ...]
    missing_horizons: tuple[Horizon, ...]
    network_acts: bool


def chart(s: Rounds, look: Look) -> NextLevel:
    """The network sees every option, the host team those that stand."""
    if not _reads_results(s, look):
        return NextLevel((), (), (), network_acts=False)
    horizons, levels = list(Horizon), list(ActorLevel)
    shown = [
        OptionShown(
            option=id_,
            horizon=one.horizon,
            actor_level=one.actor_level,
            statement=one.text,
            support_needed=one.support,
            patterns=_cited(s, one.patterns),
            supported=s.stands(id_),
        )
        for id_, one in s.options.items()
        if _shows(s, id_, look)
    ]
    shown.sort(key=lambda one: (horizons.index(one.horizon), levels.index(one.actor_level)))
    standing = s.live_options().values()
    found = {option.horizon for option in standing}
    return NextLevel(
        patterns=agreed(s),
        options=tuple(shown),
        missing_horizons=tuple(one for one in Horizon if one not in found),
        network_acts=any(one.actor_level == ActorLevel.NETWORK for one in standing),
    )
