"""The application with an alliance in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.api.world import World, world


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.found_alliance()
        yield made
