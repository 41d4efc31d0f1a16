"""Lesson study has every property that a method must have."""

from tests.plugins.lesson_study.walked import BODIES, STARTS, WORLD

from enquiry.testing import conformance
from enquiry_lesson_study import METHOD

test_conformance = conformance(
    METHOD,
    world=WORLD,
    bodies=BODIES,
    starts=STARTS,
    walks=3 * (len(STARTS) + 1),
    moves=25,
)
