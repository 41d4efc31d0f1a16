"""A PostgreSQL log of their own for tests of what only PostgreSQL can do."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import pytest
from tests.log.sessions import drop

from enquiry.log.postgres import PostgresLog


@pytest.fixture
def schema(portal, postgres_url) -> Iterator[str]:
    """A schema that nobody else uses; not made yet."""
    name = f"log_{uuid4().hex}"
    yield name
    portal.call(drop, postgres_url, name)


@pytest.fixture
async def log(postgres_url, schema) -> AsyncIterator[PostgresLog]:
    """An open log."""
    async with await PostgresLog.open(postgres_url, schema=schema) as opened:
        yield opened


@pytest.fixture
async def other(postgres_url, schema, log) -> AsyncIterator[PostgresLog]:
    """The same log as another process would have it open."""
    async with await PostgresLog.open(postgres_url, schema=schema) as opened:
        yield opened


@pytest.fixture
async def connection(postgres_url, schema, log) -> AsyncIterator[asyncpg.Connection]:
    """A bare connection of somebody else to the same tables."""
    settings = {"search_path": schema}
    connection = await asyncpg.connect(postgres_url, timeout=10, server_settings=settings)
    yield connection
    await connection.close(timeout=10)
