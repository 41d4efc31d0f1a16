"""The rules of the debrief and of what comes after it: step 8, IR-E11 to IR-E17 in their order."""

from typing import Any
from uuid import UUID

from enquiry.kernel.run import forms as run
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule
from enquiry_instructional_rounds.forms import debrief
from enquiry_instructional_rounds.state.pieces import (
    CARDS_LEAST,
    CLASSROOMS_LEAST,
    ActorLevel,
    Card,
    DebriefStep,
    Horizon,
)
from enquiry_instructional_rounds.state.rounds import Rounds


def _cards(s: Rounds, ids: tuple[UUID, ...]) -> list[tuple[int, Card]]:
    known = ((number, s.card(id_)) for number, id_ in enumerate(ids))
    return [(number, card) for number, card in known if card is not None]


@rule("CARD_NOT_DESCRIPTIVE", "A card among these is yet to be reworded.", source="IR-E11")
def cards_are_descriptive(s: Rounds, e: Any, ctx: Ctx) -> Verdict:
    """Only what describes supports a pattern, or what two others find descriptive."""
    del ctx
    for number, card in _cards(s, e.card_ids or ()):
        if card.needs_rewording:
            return Unmet(pointer=f"/card_ids/{number}")
    return True


@rule("CARD_NOT_DESCRIPTIVE", "A card of this pattern is yet to be reworded.", source="IR-E11")
def its_cards_are_descriptive(s: Rounds, e: debrief.AgreePattern, ctx: Ctx) -> Verdict:
    """A card that was challenged since supports nothing until it is reworded or confirmed."""
    del ctx
    cards = _cards(s, s.patterns[e.pattern].cards)
    return not any(card.needs_rewording for _, card in cards)


@rule("PATTERN_NEEDS_EVIDENCE", "A pattern rests on at least two cards.", source="IR-E12")
def pattern_has_evidence(s: Rounds, e: Any, ctx: Ctx) -> Verdict:
    """At least two usable cards are cited."""
    del ctx
    if e.card_ids is None:
        return True
    cards = len(_cards(s, e.card_ids))
    return True if cards >= CARDS_LEAST else Unmet(params={"cards": cards, "least": CARDS_LEAST})


@rule("PATTERN_NEEDS_EVIDENCE", "Too few cards are left to this pattern.", source="IR-E12")
def enough_cards_are_left(s: Rounds, e: debrief.AgreePattern, ctx: Ctx) -> bool:
    """Nobody agrees to what rests on less than two cards."""
    del ctx
    return len(s.usable(s.patterns[e.pattern])) >= CARDS_LEAST


@rule(
    "PATTERN_SINGLE_CLASSROOM",
    "All its cards come from one classroom: it would be about that one.",
    source="IR-E12",
)
def pattern_spans_classrooms(s: Rounds, e: debrief.AgreePattern, ctx: Ctx) -> bool:
    """The cards come from at least two classrooms."""
    del ctx
    return s.classrooms(s.usable(s.patterns[e.pattern])) >= CLASSROOMS_LEAST


@rule("PATTERN_NOT_AGREED", "No pattern has the agreement of every team.", source="IR-E12")
def a_pattern_is_agreed(s: Rounds, e: debrief.AdvanceDebrief, ctx: Ctx) -> Verdict:
    """Analysis is left with at least one pattern that every team agreed to."""
    del ctx
    if e.to != DebriefStep.PREDICT or s.agreed_by_all():
        return True
    details = tuple(
        {"pattern": str(id_), "missing_teams": list(s.missing(pattern))}
        for id_, pattern in s.patterns.items()
        if id_ not in s.gone
    )
    return Unmet(details=details)


def _rests(s: Rounds, ids: tuple[UUID, ...]) -> Verdict:
    if not ids:
        return Unmet(pointer="/pattern_ids")
    bad = next((number for number, id_ in enumerate(ids) if not s.carries(id_)), None)
    return True if bad is None else Unmet(pointer=f"/pattern_ids/{bad}")


@rule("PREDICTION_NEEDS_PATTERN", "A prediction rests on agreed patterns.", source="IR-E14")
def prediction_has_patterns(s: Rounds, e: debrief.AddPrediction, ctx: Ctx) -> Verdict:
    """At least one pattern is cited, and every one of them was agreed by all and stands."""
    del ctx
    return _rests(s, e.pattern_ids)


@rule("OPTION_NEEDS_PATTERN", "An option rests on agreed patterns.", source="IR-E14")
def option_has_patterns(s: Rounds, e: debrief.AddNextLevelOption, ctx: Ctx) -> Verdict:
    """At least one pattern is cited, and every one of them was agreed by all and stands."""
    del ctx
    return _rests(s, e.pattern_ids)


@guard(
    "NEXT_LEVEL_INCOMPLETE",
    "There is something for next week, next month and the end of the year, and for the network.",
    source="IR-E15",
)
def next_level_is_complete(s: Rounds, ctx: Ctx) -> Verdict:
    """Each horizon has an option that stands, and one of them is the network's."""
    del ctx
    options = s.live_options().values()
    horizons = {option.horizon for option in options}
    details: list[dict[str, str]] = [{"horizon": h} for h in Horizon if h not in horizons]
    if not any(option.actor_level == ActorLevel.NETWORK for option in options):
        details.append({"actor_level": ActorLevel.NETWORK})
    return Unmet(details=tuple(details)) if details else True


@guard(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "A facilitator and a teacher of the host school review first whether anybody could be told.",
    source="IR-E17",
)
def both_have_reviewed(s: Rounds, ctx: Ctx) -> bool:
    """Both confirmed after the last change of anything that is shared."""
    del ctx
    last = max((s.output_revision(id_) or 0 for id_ in s.pack()), default=0)
    return s.reviewed_at > last


@guard(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "First it is reviewed, and shared with the host.",
    source="IR-E17, 4.1",
)
def host_has_the_results(s: Rounds, ctx: Ctx) -> bool:
    """Nothing reaches anybody before the host."""
    del ctx
    return s.shared_at is not None


@rule("SHARE_SCOPE_EXCEEDED", "This is not in what the host was given.", source="3.0, IR-E13b")
def item_is_in_the_pack(s: Rounds, e: run.ShareItem, ctx: Ctx) -> bool:
    """Only what stands is shared."""
    del ctx
    return s.stands(e.item)
