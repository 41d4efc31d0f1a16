"""A brisk pace, and a shelf of its own in a real PostgreSQL for each test."""

import pytest
from tests.runtime.lists.shelves import (
    shelf_in,
)

from enquiry.runtime.lists import projector


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    monkeypatch.setattr(projector, "POLL_SECONDS", 0.1)


@pytest.fixture
async def shelf(postgres_url):
    async with shelf_in(postgres_url) as shelf:
        yield shelf
