"""A real log with a signer beside it, in schemas and a folder of their own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tests.audit.signing import Desk
from tests.log.sessions import drop

from enquiry.audit.store import TreeStore
from enquiry.log.postgres import PostgresLog


@pytest.fixture
def schema(portal, postgres_url) -> Iterator[str]:
    """A schema for a log; that of its trees is named after it."""
    name = f"log_{uuid4().hex}"
    yield name
    for one in (name, f"{name}_audit"):
        portal.call(drop, postgres_url, one)


@pytest.fixture
async def log(postgres_url, schema) -> AsyncIterator[PostgresLog]:
    async with await PostgresLog.open(postgres_url, schema=schema) as opened:
        yield opened


@pytest.fixture
async def store(postgres_url, schema, log) -> AsyncIterator[TreeStore]:
    opened = await TreeStore.open(postgres_url, schema=f"{schema}_audit", log_schema=schema)
    yield opened
    await opened.close()


@pytest.fixture
def desk(log, store, tmp_path: Path) -> Iterator[Desk]:
    """Where one sits who signs for this log."""
    desk = Desk(log, store, tmp_path / "signer")
    yield desk
    desk.leave()


@pytest.fixture
async def admin(postgres_url, schema, store) -> AsyncIterator[asyncpg.Connection]:
    """Somebody with full rights in the database, and all triggers out of the way."""
    path = f"{schema}_audit, {schema}"
    connection = await asyncpg.connect(
        postgres_url, timeout=10, server_settings={"search_path": path}
    )
    for table in ("stored_events", "sealed", "subject_keys", "tiles", "checkpoints"):
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await connection.execute("ALTER TABLE platform_entries DISABLE TRIGGER USER")
    yield connection
    await connection.close(timeout=10)
