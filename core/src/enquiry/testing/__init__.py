"""Tests for methods: stories told with given, who, does and then; and the conformance kit."""

from enquiry.testing.story import Story, given
from enquiry.testing.world import PLATFORM, VILLAGE, World, named, person, world

__all__ = ["PLATFORM", "VILLAGE", "Story", "World", "given", "named", "person", "world"]
