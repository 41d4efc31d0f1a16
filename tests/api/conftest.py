"""A world for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.api.world import World, world


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """An application with an alliance, a steward, a member and a stranger."""
    async with world(tmp_path) as made:
        await made.found_alliance()
        yield made
