"""Whoever copies the whole database cannot tell who answered what."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from tests.kernel.ballots import GROUP, Poll
from tests.kernel.polling import POLLING
from tests.runtime.scenes import NOON, Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.postgres import PostgresLog
from enquiry.method.registry import load
from enquiry.privacy.source import KeyFile
from enquiry.runtime.boxes import PostgresBoxes
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System

WORDS = "Only whoever reads the comments reads this."


async def dumped(connection: asyncpg.Connection, schemas: tuple[str, ...]) -> dict[str, list[Any]]:
    """Every row of every table of these schemas, as text."""
    found: dict[str, list[Any]] = {}
    tables = await connection.fetch(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY ($1)", schemas
    )
    for schema, table in tables:
        rows = await connection.fetch(f'SELECT t::text AS row, t.* FROM "{schema}"."{table}" t')
        found[table] = [
            row["row"] + "".join(str(value) for value in row.values() if isinstance(value, bytes))
            for row in rows
        ]
    return found


@pytest.fixture
async def group(tmp_path: Path, postgres_url: str) -> Any:
    """A group over PostgreSQL, and a way to look at everything that is stored."""
    name = uuid4().hex[:12]
    schemas = (f"log_{name}", f"boxes_{name}")
    source = KeyFile.create(tmp_path / "keys")
    registry = load(builtins=(*KERNEL, POLLING), points=())
    async with (
        asyncpg.create_pool(postgres_url, min_size=0, max_size=2) as pool,
        await PostgresLog.open(postgres_url, schema=schemas[0]) as log,
    ):
        boxes = PostgresBoxes(pool, source, schemas[1])
        await boxes.prepare()
        listing = Scan(log, Streams(log, registry))
        poll = Poll(Scene(System(log, registry, source, listing, lambda: NOON, boxes)))
        await poll.settle()
        await poll.opens()

        async def look() -> dict[str, list[Any]]:
            async with pool.acquire() as connection:
                return await dumped(connection, schemas)  # pyright: ignore[reportArgumentType]

        yield poll, look
        for schema in schemas:
            await pool.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


async def test_nothing_in_the_database_tells_who_answered_what(group: Any) -> None:
    poll, look = group
    before = await look()
    await poll.answers("Kelly", 1, WORDS)
    await poll.answers("Amina", 5)
    after = await look()
    new = {table: [r for r in rows if r not in before[table]] for table, rows in after.items()}
    assert {table: len(rows) for table, rows in new.items() if rows} == {
        "stored_events": 2,
        "idempotency": 2,
        "boxes": 1,
    }
    for rows in new.values():
        for row in rows:
            for told in (WORDS, "keep-word", "gain", '"value"'):
                assert told not in row
                assert told.encode().hex() not in row
    (box,) = new["boxes"]
    assert not any(str(person) in box for person in poll.scene.people.values())


async def test_a_survey_is_answered_and_closed_over_the_real_engine(group: Any) -> None:
    poll, look = group
    for name in GROUP:
        await poll.answers(name, 5, WORDS if name == "Ali" else None)
    await poll.closes()
    seen = await poll.seen("Petra")
    assert seen["results"]["people"] == len(GROUP)
    assert {c["people"] for c in seen["results"]["counts"]} <= {len(GROUP)}
    assert seen["comments"] == [WORDS]
    assert (await look())["boxes"] == []


async def test_two_servers_take_answers_at_once_and_close_with_all_of_them(
    group: Any, tmp_path: Path
) -> None:
    poll, _ = group
    first: System = poll.scene.system
    other = System(
        first.log,
        first.registry,
        KeyFile.open(tmp_path / "keys"),
        first.listing,
        lambda: NOON,
        poll.boxes,
    )
    systems = (first, other)
    for number, name in enumerate(GROUP):
        poll.scene.system = systems[number % 2]
        await poll.answers(name, 4)
    assert len((await poll.box()).words) == len(GROUP)
    await poll.closes()
    assert (await poll.seen("Kelly"))["results"]["people"] == len(GROUP)
