"""A brisk pace, and a client of the test NATS."""

from collections.abc import AsyncIterator

import nats
import pytest

from enquiry.runtime.feed import mirror, session
from enquiry.runtime.feed import relay as feed


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """What takes a moment in production takes less here."""
    monkeypatch.setattr(feed, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(mirror, "ACK_SECONDS", 0.5)
    monkeypatch.setattr(session, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(session, "PAUSE_SECONDS_MAX", 0.1)


@pytest.fixture
async def js(nats_url) -> AsyncIterator:
    client = await nats.connect(nats_url)
    yield client.jetstream()
    await client.close()
