"""The questions of the guide as data: phase by dimension by box. Source: 2.8."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.vocabulary import Verdict


class Dimension(StrEnum):
    """The five elements that a facilitator works through with every school."""

    DIAGNOSIS = "diagnosis"
    DATA = "data"
    DEVELOPMENT = "development"
    DISTRIBUTED_LEADERSHIP = "distributed_leadership"
    DRIVE = "drive"


class Question(Struct, frozen=True):
    """A question of the guide."""

    key: str
    choices: tuple[str, ...] = ()
    """What may be answered; empty: words."""
    agreement: bool = False
    """It records an agreement with the school, which therefore reads it."""


_LEVELS = ("low", "medium", "high")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": _LEVELS,
    "verdict": tuple(Verdict),
    "yes": ("yes", "no"),
    "experience": ("none", "some", "strong"),
}
_AGREED = frozenset({"agreed_support", "agreed_involvement", "next_steps"})


def _questions(text: str) -> tuple[Question, ...]:
    def one(item: str) -> Question:
        key, _, sort = item.partition(":")
        return Question(key, _CHOICES.get(sort, ()), key in _AGREED)

    return tuple(one(item) for item in text.split())


_IMPLEMENTATION: Mapping[Dimension, tuple[str, str, str]] = {
    Dimension.DIAGNOSIS: (
        "strengths development_priorities plans_to_meet collaboration_maturity",
        "growth_state performance_level collaboration_capacity:level support_needed:level "
        "skills_to_develop_first real_need",
        "evidence_used agreed_support agreed_involvement",
    ),
    Dimension.DATA: (
        "data_for_focus baseline_data impact_gauge_learners impact_gauge_professional "
        "impact_gauge_organisation interim_monitoring",
        "is_precise_question:verdict drill_down_notes",
        "question_noted data_sets",
    ),
    Dimension.DEVELOPMENT: (
        "approaches_used_before how_effective what_worked what_did_not",
        "model_fit compromise",
        "experience_extent school_judgement",
    ),
    Dimension.DISTRIBUTED_LEADERSHIP: (
        "how_developed staff_experience",
        "direct_experience:experience ground_rules_needed:yes",
        "notes_for_first_meeting",
    ),
    Dimension.DRIVE: (
        "time_and_support in_staff_plan_and_school_plan:yes link_to_monitoring",
        "staying_power:level",
        "sustainability_commitments gaps_to_negotiate",
    ),
}
_INNOVATION: Mapping[Dimension, tuple[str, str, str]] = {
    Dimension.DIAGNOSIS: (
        "strategy_working strengths weaknesses",
        "progress changes_in_practice support_to_refine",
        "achieved group_assessment_of_strategies next_steps",
    ),
    Dimension.DATA: (
        "interim_data_used",
        "appropriate:verdict independent_data:yes",
        "data_noted returned_to_original_data:yes",
    ),
    Dimension.DEVELOPMENT: (
        "embed_plans promote_to_others",
        "deployed_by_all:verdict collective_accountability",
        "changing_practice:verdict group_views challenge_raised",
    ),
    Dimension.DISTRIBUTED_LEADERSHIP: (
        "organiser_next_meeting lead_next_phase_of_enquiry broker_of_resources",
        "roles_fulfilled group_functioning intervention_needed",
        "sharing_responsibility dominant_members:yes challenge_and_support",
    ),
    Dimension.DRIVE: (
        "notes",
        "contribution_per_school support_or_intervene",
        "contribution_to_focus contribution_to_group_learning",
    ),
}
_IMPACT: Mapping[Dimension, tuple[str, str, str]] = {
    Dimension.DIAGNOSIS: (
        "evidence_of_success most_effective least_effective why do_differently",
        "degree_of_impact mutual_influence",
        "impact_evidence group_effectiveness",
    ),
    Dimension.DATA: (
        "impact_on_learners impact_on_professionals impact_on_schools evidence",
        "relates_to_focus:verdict other_sources",
        "impact_data_types overall_judgement reflections_student reflections_professional "
        "reflections_organisational",
    ),
    Dimension.DEVELOPMENT: (
        "how_well_worked_together collective_outcomes",
        "honest_review",
        "group_assessment_of_impact corroborating_data_sets continue_or_advise",
    ),
    Dimension.DISTRIBUTED_LEADERSHIP: (
        "extent_distributed lack_of_leadership_moments takeaways",
        "adequately_shared:verdict",
        "group_reflections facilitator_reflections effect_on_outcome",
    ),
    Dimension.DRIVE: (
        "share_more_widely dissemination_plans next_steps another_cycle:yes",
        "notes",
        "notes",
    ),
}
QUESTIONS: Mapping[tuple[Phase, Dimension, int], tuple[Question, ...]] = {
    (phase, dimension, box): _questions(boxes[box - 1])
    for phase, dimensions in (
        (Phase.IMPLEMENTATION, _IMPLEMENTATION),
        (Phase.INNOVATION, _INNOVATION),
        (Phase.IMPACT, _IMPACT),
    )
    for dimension, boxes in dimensions.items()
    for box in (1, 2, 3)
}
"""Every question by phase, dimension and box (1: asked; 2: assessed; 3: aide-memoire)."""


def question(phase: Phase, dimension: Dimension, box: int, key: str) -> Question | None:
    """The question with this key, if that box has it."""
    return _find(QUESTIONS[phase, dimension, box], key)


def _find(questions: Iterable[Question], key: str) -> Question | None:
    return next((one for one in questions if one.key == key), None)
