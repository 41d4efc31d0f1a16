"""Tests for methods: stories told with given, who, does and then; and the conformance kit.

The whole test file of a method::

    from enquiry.testing import conformance
    from enquiry_peer_triads import METHOD
    test_conformance = conformance(METHOD)
"""

from enquiry.testing.kit import CHECKS, Check, Files, examination
from enquiry.testing.pytest_kit import conformance
from enquiry.testing.story import Story, given
from enquiry.testing.village import VILLAGE
from enquiry.testing.world import PLATFORM, World, named, person, world

__all__ = [
    "CHECKS",
    "PLATFORM",
    "VILLAGE",
    "Check",
    "Files",
    "Story",
    "World",
    "conformance",
    "examination",
    "given",
    "named",
    "person",
    "world",
]
