"""Rounds have every property that a method must have."""

from tests.plugins.instructional_rounds.walked import BODIES, STARTS, WORLD

from enquiry.testing import conformance
from enquiry_instructional_rounds import METHOD

test_conformance = conformance(
    METHOD,
    world=WORLD,
    bodies=BODIES,
    starts=STARTS,
    walks=2 * (len(STARTS) + 1),
    moves=30,
)
