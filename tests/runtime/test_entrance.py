"""The entrance in memory and in PostgreSQL: one suite for both, and what the database holds."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from enquiry.log.promise import Unavailable
from enquiry.log.wall import APPENDER, READER, ROLES, WORKER
from enquiry.runtime.entrance import Access, MemoryEntrance, PostgresEntrance, ServiceToken

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


@pytest.fixture
def schema():
    return f"entrance_{uuid4().hex}"


@pytest.fixture(params=["memory", "postgres"])
async def entrance(request, schema):
    if request.param == "memory":
        yield MemoryEntrance()
        return
    url = request.getfixturevalue("postgres_url")
    worker = {"role": WORKER}
    async with (
        asyncpg.create_pool(url, min_size=0, max_size=1) as pool,
        asyncpg.create_pool(url, min_size=0, max_size=1, server_settings=worker) as works,
    ):
        made = PostgresEntrance(pool, schema, works)
        await made.prepare()
        await PostgresEntrance(pool, schema, works).prepare()
        yield made
        await pool.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture
async def there(postgres_url, schema):
    """Connections to the tables as one role or another, with one access and one token in them."""
    async with asyncpg.create_pool(postgres_url, min_size=0, max_size=1) as pool:
        made = PostgresEntrance(pool, schema)
        await made.prepare()
        await made.record(access())
        await made.issue(token())

        async def run(role, statement):
            settings = {"search_path": schema} | ({"role": role} if role else {})
            connection = await asyncpg.connect(postgres_url, server_settings=settings, timeout=10)
            try:
                return await connection.fetch(statement)
            finally:
                await connection.close(timeout=10)

        yield run
        await pool.execute(f'DROP SCHEMA "{schema}" CASCADE')


def access(**changes):
    said = {"alliance": uuid4(), "person": uuid4(), "stream": uuid4(), "at": NOON}
    said |= {"kind": "export", "route": "set-report", "outcome": "allowed", "trace_id": "0" * 32}
    return Access(**(said | changes))


def token(**changes):
    said = {"id": uuid4(), "alliance": uuid4(), "digest": uuid4().bytes * 2, "prefix": "enqs_ab"}
    said |= {"person": uuid4(), "title": "Sync", "scopes": ("read", "act"), "purpose": "research"}
    said |= {"issued_by": uuid4(), "issued_at": NOON, "expires_at": NOON + timedelta(days=1)}
    return ServiceToken(**(said | changes))


async def test_what_was_written_down_is_read_newest_first(entrance):
    first, other = access(), access()
    second = access(alliance=first.alliance, stream=None)
    for one in (first, other, second):
        await entrance.record(one)
    assert list(await entrance.of_alliance(first.alliance, 10)) == [second, first]
    assert list(await entrance.of_alliance(first.alliance, 1)) == [second]


async def test_people_read_what_they_did_and_what_was_done_with_their_streams(entrance):
    mine, theirs, others = access(), access(), access()
    for one in (mine, theirs, others):
        await entrance.record(one)
    found = await entrance.concerning(mine.person, [theirs.stream], 10)
    assert list(found) == [theirs, mine]


async def test_a_token_is_found_by_its_digest_and_by_no_other(entrance):
    made = token()
    await entrance.issue(made)
    assert await entrance.token(made.digest) == made
    assert await entrance.token(b"x" * 32) is None
    assert list(await entrance.tokens(made.alliance)) == [made]
    assert list(await entrance.tokens(uuid4())) == []


async def test_a_token_is_ended_once_and_by_its_own_alliance_alone(entrance):
    made = token()
    await entrance.issue(made)
    assert not await entrance.revoke(uuid4(), made.id, NOON)
    assert await entrance.revoke(made.alliance, made.id, NOON)
    assert not await entrance.revoke(made.alliance, made.id, NOON)
    await entrance.used(made.id, NOON)
    found = await entrance.token(made.digest)
    assert (found.revoked_at, found.last_used_at) == (NOON, NOON)


@pytest.mark.parametrize("statement", ["UPDATE accesses SET outcome = 'x'", "DELETE FROM accesses"])
async def test_nobody_changes_what_was_written_down(there, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await there(WORKER, statement)
    with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
        await there(None, statement)


async def test_the_log_is_not_emptied_at_once_either(there):
    with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
        await there(None, "TRUNCATE accesses")


@pytest.mark.parametrize("role", [role for role in ROLES if role != WORKER])
@pytest.mark.parametrize("table", ["accesses", "service_tokens"])
async def test_whoever_does_other_work_sees_nothing_of_it(there, schema, role, table):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await there(role, f'SELECT * FROM "{schema}".{table}')
    assert {APPENDER, READER} < set(ROLES)


@pytest.mark.parametrize("column", ["digest", "scopes", "person", "alliance", "expires_at"])
async def test_of_a_token_nothing_changes_but_its_use_and_its_end(there, column):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await there(WORKER, f"UPDATE service_tokens SET {column} = {column}")
    await there(WORKER, "UPDATE service_tokens SET revoked_at = now()")


async def test_rows_are_kept_apart_by_force_on_both_tables(there):
    rows = await there(
        None,
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        " AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity ORDER BY 1",
    )
    assert [row["relname"] for row in rows] == ["accesses", "service_tokens"]


async def test_a_database_that_is_away_is_said_to_be_so(postgres_url):
    pool = asyncpg.create_pool(postgres_url, min_size=0, max_size=1)
    async with pool:
        made = PostgresEntrance(pool, "enquiry_nowhere")
        with pytest.raises(Unavailable):
            await made.record(access())
