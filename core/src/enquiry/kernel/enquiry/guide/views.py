"""The guide as each reader may see it, and where the facilitator sees the group."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.guide.questions import question
from enquiry.kernel.enquiry.guide.state import Answer, Placement
from enquiry.kernel.enquiry.roles import FACILITATORS
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look
from enquiry.method.roles import Viewer

READINGS = {
    ("low", "low"): "build trust first; short structured tasks; explicit norms",
    ("low", "high"): "willing but unstructured: teach protocols, timeboxes, roles",
    ("high", "low"): "able but disengaged: check relevance, time, support; redistribute the lead",
    ("high", "high"): "ready: step back, raise challenge",
}
"""What a place on the grid suggests, by skill and participation. Source: 2.7."""


class AnswerShown(Struct, frozen=True):
    """An answered question."""

    phase: str
    dimension: str
    box: int
    school: UUID
    key: str
    text: Any
    choice: str | None
    cycle: int


class PlacementShown(Struct, frozen=True):
    """Where the facilitator sees the group."""

    id: UUID
    on: date
    skill: str
    participation: str
    evidence: Any
    next_step: Any
    reading: str
    shared: bool


class GuideShown(Struct, frozen=True):
    """What this reader may see of the guide."""

    answers: tuple[AnswerShown, ...]
    placements: tuple[PlacementShown, ...]


def guide(s: Enquiry, look: Look) -> GuideShown:
    """Everything for facilitators; a school its first box and what was agreed with it."""
    facilitates = look.has(FACILITATORS)
    answers = (one for one in s.guide.answers if facilitates or _theirs(one, look))
    placements = (one for one in s.guide.placements if facilitates or one.shared)
    return GuideShown(
        tuple(
            AnswerShown(
                one.phase,
                one.dimension,
                one.box,
                one.school,
                one.key,
                one.text,
                one.choice,
                one.cycle,
            )
            for one in answers
        ),
        tuple(_placement(one) for one in placements),
    )


def sees_any(s: Enquiry, viewer: Viewer) -> bool:
    """Whether there is anything in it for this viewer: to others there is no guide."""
    if viewer.person in s.facilitators:
        return True
    return any(one.shared for one in s.guide.placements) or any(
        f"school:{one.school}" in viewer.circles and opens_to_school(one) for one in s.guide.answers
    )


def _theirs(one: Answer, look: Look) -> bool:
    return f"school:{one.school}" in look.viewer.circles and opens_to_school(one)


def opens_to_school(one: Any) -> bool:
    """Whether a school reads an answer about itself: its first box, and agreements."""
    known = question(one.phase, one.dimension, one.box, one.key)
    return one.box == 1 or (one.box == 3 and known is not None and known.agreement)


def _placement(one: Placement) -> PlacementShown:
    return PlacementShown(
        one.id,
        one.on,
        one.skill,
        one.participation,
        one.evidence,
        one.next_step,
        READINGS[one.skill, one.participation],
        one.shared,
    )
