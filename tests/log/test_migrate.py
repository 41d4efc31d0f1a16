"""Migrations: forward only, each once, and never changed behind the back of those who have them."""

import asyncio
import shutil
from importlib.resources import as_file
from pathlib import Path

import asyncpg
import pytest
from tests.log.examples import notes, stream_of
from tests.log.sessions import drop

from enquiry.log.migrate import LOG, MigrationChanged, migrate, migrations
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable


@pytest.fixture
async def bare(postgres_url):
    """A connection to a database whose schema does not exist yet."""
    connection = await asyncpg.connect(postgres_url, timeout=10)
    yield connection
    await connection.close(timeout=10)


@pytest.fixture
def folder(tmp_path) -> Path:
    """The migrations of the log, to be tampered with."""
    with as_file(LOG) as files:
        return Path(shutil.copytree(files, tmp_path / "migrations"))


async def test_a_fresh_schema_gets_all_in_order_and_a_current_one_nothing(bare, schema):
    names = [migration.name for migration in migrations(LOG)]
    assert await migrate(bare, schema) == names
    assert await migrate(bare, schema) == []


async def test_processes_that_start_together_apply_each_once(postgres_url, schema):
    logs = await asyncio.gather(*(PostgresLog.open(postgres_url, schema=schema) for _ in range(5)))
    assert len({log.id for log in logs}) == 1
    for log in logs:
        await log.close()


async def test_a_file_that_was_changed_after_it_was_applied_is_refused(bare, schema, folder):
    await migrate(bare, schema, folder)
    with (folder / "0002_refusals.sql").open("a") as file:
        file.write("-- harmless?\n")
    with pytest.raises(MigrationChanged, match="0002_refusals"):
        await migrate(bare, schema, folder)


async def test_a_new_file_is_applied_to_a_log_that_has_events(bare, postgres_url, schema, folder):
    async with await PostgresLog.open(postgres_url, schema=schema) as log:
        await log.append(notes(stream_of("walk")))
        number = len(migrations(folder)) + 1
        new = folder / f"{number:04}_view.sql"
        new.write_text("CREATE VIEW topics AS SELECT topic FROM stored_events")
        assert await migrate(bare, schema, folder) == [f"{number:04}_view"]
        assert await log.head() == 1
    assert await bare.fetchval(f"SELECT count(*) FROM {schema}.topics") == 1


async def test_a_file_that_fails_leaves_nothing_and_can_be_mended(bare, schema, folder):
    await migrate(bare, schema, folder)
    number = len(migrations(folder)) + 1
    new = folder / f"{number:04}_more.sql"
    new.write_text("CREATE TABLE more (id int); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(bare, schema, folder)
    new.write_text("CREATE TABLE more (id int);")
    assert await migrate(bare, schema, folder) == [new.stem]


async def test_bundles_share_a_schema_and_number_their_files_alone(bare, schema, tmp_path):
    (tmp_path / "0001_tiles.sql").write_text("CREATE TABLE tiles (id int);")
    await migrate(bare, schema)
    assert await migrate(bare, schema, tmp_path, "audit") == ["0001_tiles"]
    assert await migrate(bare, schema, tmp_path, "audit") == []
    assert await migrate(bare, schema) == []


def test_a_gap_in_the_numbers_is_refused(folder):
    (folder / "0003_leaf_v1.sql").unlink()
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        migrations(folder)


async def test_a_schema_may_have_any_name(bare, postgres_url, schema):
    odd = f'{schema} "Ünd"'
    async with await PostgresLog.open(postgres_url, schema=odd) as log:
        await log.append(notes(stream_of("walk")))
        assert await log.wait(0, 5) == 1
    await drop(postgres_url, odd)


async def test_a_server_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(Unavailable):
        await PostgresLog.open(f"postgresql://nobody@/none?host={tmp_path}", patience_seconds=1)
