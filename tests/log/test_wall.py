"""The second wall: what each role of the database sees and may do, by raw SQL and whoever asks."""

from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from tests.log.examples import data_key, notes, sealed_note

from enquiry.log.postgres import PostgresLog
from enquiry.log.wall import APPENDER, AUDITOR, ERASER, READER, SIGNER, WORKER

SEEN = ("stored_events", "subject_keys", "sealed")
REFUSED = asyncpg.InsufficientPrivilegeError


@pytest.fixture
def role(postgres_url, schema, log):
    """A bare connection as one of the roles."""

    @asynccontextmanager
    async def connected(name):
        settings = {"search_path": schema, "role": name}
        connection = await asyncpg.connect(postgres_url, timeout=10, server_settings=settings)
        try:
            yield connection
        finally:
            await connection.close(timeout=10)

    return connected


@pytest.fixture
async def two(log):
    """Two alliances with a sealed note each."""
    alliances = []
    for text in (b"one", b"two"):
        walk = uuid4()
        append = sealed_note(walk, 0, data_key(walk), text, new=True)
        append = msgspec.structs.replace(append, alliance=uuid4())
        await log.append(append)
        alliances.append(append.alliance)
    return alliances


async def counts(connection):
    return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in SEEN]


async def test_a_reader_who_is_bound_to_no_alliance_sees_nothing(role, two):
    async with role(READER) as reader:
        assert await counts(reader) == [0, 0, 0]


async def test_a_reader_sees_the_alliance_it_is_bound_to_and_none_of_another(role, two):
    async with role(READER) as reader, reader.transaction():
        await reader.execute("SELECT set_config('enquiry.alliance', $1, true)", str(two[0]))
        assert await counts(reader) == [1, 1, 1]
        for table in SEEN:
            found = await reader.fetch(f"SELECT alliance FROM {table}")
            assert [row["alliance"] for row in found] == [two[0]]
            theirs = await reader.fetch(f"SELECT 1 FROM {table} WHERE alliance = $1", two[1])
            assert theirs == []


async def test_what_a_reader_was_bound_to_ends_with_its_transaction(role, two):
    async with role(READER) as reader:
        async with reader.transaction():
            await reader.execute("SELECT set_config('enquiry.alliance', $1, true)", str(two[0]))
        assert await counts(reader) == [0, 0, 0]


async def test_texts_are_asked_for_as_somebody_of_one_alliance(log, two):
    assert [e.alliance for e in await log.read_at([1, 2], two[1])] == [two[1]]
    assert sorted(await log.sealed([1, 2], two[0])) == [(1, 0)]
    assert sorted(await log.sealed([1, 2])) == [(1, 0), (2, 0)]
    # Nothing of it clings to the connection.
    assert [e.alliance for e in await log.read_at([1, 2], two[0])] == [two[0]]
    assert len(await log.read_at([1, 2])) == 2


@pytest.mark.parametrize("name", [APPENDER, READER, WORKER, SIGNER, ERASER, AUDITOR])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = 'nicer'",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "INSERT INTO stored_events SELECT * FROM stored_events",
        "UPDATE idempotency SET first = 2",
        "DELETE FROM subject_keys",
        "UPDATE log SET id = gen_random_uuid()",
        "ALTER TABLE stored_events DISABLE TRIGGER USER",
        "ALTER TABLE stored_events NO FORCE ROW LEVEL SECURITY",
        "CREATE TABLE other (alliance uuid)",
    ],
)
async def test_no_role_changes_what_was_recorded(role, two, name, statement):
    async with role(name) as connection:
        with pytest.raises(REFUSED):
            await connection.execute(statement)


async def test_the_appender_appends_and_reads_no_table(role, log, two):
    await log.append(notes(uuid4()))
    async with role(APPENDER) as appender:
        for table in (*SEEN, "idempotency"):
            with pytest.raises(REFUSED):
                await appender.fetch(f"SELECT * FROM {table}")


async def test_nothing_that_the_appender_makes_stands_in_for_a_table_of_the_log(
    postgres_url, schema, log, two
):
    settings = {"search_path": schema, "role": APPENDER}
    appender = await asyncpg.connect(postgres_url, timeout=10, server_settings=settings)
    try:
        await appender.execute("CREATE TEMP TABLE stored_events (notification_id bigint)")
        found = await appender.fetchval("SELECT count(*) FROM pg_temp.stored_events")
        assert found == 0
        path = await appender.fetchval(
            "SELECT proconfig FROM pg_proc WHERE oid = $1::regproc", f"{schema}.append_v1"
        )
        assert f"search_path={schema}, pg_temp" in path
    finally:
        await appender.close(timeout=10)


async def test_the_signer_reads_events_and_no_ciphertext(role, two):
    async with role(SIGNER) as signer:
        assert await signer.fetchval("SELECT count(*) FROM stored_events") == 2
        assert await signer.fetchval("SELECT count(id) FROM subject_keys") == 2
        for statement in ("SELECT * FROM sealed", "SELECT wrapped FROM subject_keys"):
            with pytest.raises(REFUSED):
                await signer.fetch(statement)


async def test_an_auditor_reads_the_events_of_all_and_nothing_else(role, two):
    async with role(AUDITOR) as auditor:
        assert await auditor.fetchval("SELECT count(*) FROM stored_events") == 2
        for table in ("sealed", "subject_keys", "idempotency"):
            with pytest.raises(REFUSED):
                await auditor.fetch(f"SELECT * FROM {table}")


@pytest.mark.parametrize("name", [APPENDER, READER, WORKER, SIGNER, AUDITOR])
async def test_nobody_but_the_eraser_destroys(role, two, name):
    async with role(name) as connection:
        for statement in (
            "DELETE FROM sealed",
            "UPDATE subject_keys SET state = 'destroyed', wrapped = ''",
            "SELECT shred_v1('{}')",
        ):
            with pytest.raises(REFUSED):
                await connection.execute(statement)


async def test_a_login_that_can_make_no_roles_works_and_says_that_the_wall_is_down(database):
    name, parts = f"plain_{uuid4().hex}", urlsplit(database)
    admin = await asyncpg.connect(database, timeout=10)
    await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain'")
    await admin.execute(f"GRANT CREATE ON DATABASE {parts.path[1:]} TO {name}")
    await admin.close(timeout=10)
    url = urlunsplit(parts._replace(netloc=f"{name}:plain@{parts.netloc.rpartition('@')[2]}"))
    async with await PostgresLog.open(url, schema="plain") as log:
        assert log.wall_down is not None
        assert "cannot take the roles" in log.wall_down
        append = notes(uuid4())
        await log.append(append)
        assert len(await log.read_all()) == 1
        assert await log.read_at([1], uuid4()) == []
        assert len(await log.read_at([1], append.alliance)) == 1


async def test_an_application_takes_the_roles_and_can_never_be_the_owner(database):
    name, parts = f"app_{uuid4().hex}", urlsplit(database)
    admin = await asyncpg.connect(database, timeout=10)
    await admin.execute(f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD 'app'")
    url = urlunsplit(parts._replace(netloc=f"{name}:app@{parts.netloc.rpartition('@')[2]}"))
    async with await PostgresLog.open(database, application_url=url) as log:
        assert log.wall_down is None
        await log.append(notes(uuid4()))
        assert len(await log.read_all()) == 1
        users = await admin.fetch(
            "SELECT DISTINCT usename FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'enquiry-log'"
        )
        assert [row["usename"] for row in users] == [name]
    application = await asyncpg.connect(url, timeout=10)
    for statement in (f"SET ROLE {parts.username}", "SELECT * FROM enquiry.stored_events"):
        with pytest.raises(REFUSED):
            await application.execute(statement)
    await application.close(timeout=10)
    await admin.close(timeout=10)
