"""Peer triads have every property that a method must have."""

from tests.plugins.peer_triads.walked import BODIES, STARTS, WORLD

from enquiry.testing import conformance
from enquiry_peer_triads import METHOD

test_conformance = conformance(
    METHOD,
    world=WORLD,
    bodies=BODIES,
    starts=STARTS,
    walks=3 * (len(STARTS) + 1),
    moves=25,
)
