"""Two sound methods keep to every check: one with a track, one whose roles rotate."""

from tests.method.turns import METHOD as TURNS
from tests.method.walk import METHOD as WALK

from enquiry.testing import conformance

test_walk = conformance(WALK)
test_turns = conformance(TURNS)
