"""Moving a log to another PostgreSQL by a dump, as the page on operations says."""

import asyncio
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tests.log.examples import data_key, notes, sealed_note

from enquiry.engines.programs import POSTGRES_INSTALLATION, POSTGRES_PACKAGE
from enquiry.log.postgres import PostgresLog


async def program(name, *arguments):
    package = Path(find_spec(POSTGRES_PACKAGE).origin).parent
    path = package / POSTGRES_INSTALLATION / "bin" / name
    process = await asyncio.create_subprocess_exec(
        path, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


@pytest.fixture
async def other_database(database):
    name = f"moved_{uuid4().hex}"
    connection = await asyncpg.connect(database, timeout=10)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield database.replace(database.partition("@/")[2].partition("?")[0], name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close(timeout=10)


async def test_a_dump_carries_the_whole_log_and_its_wall(database, other_database, tmp_path):
    walk = uuid4()
    async with await PostgresLog.open(database) as log:
        await log.append(notes(uuid4()))
        await log.append(sealed_note(walk, 0, data_key(walk), b"text", new=True))
        every, sealed, named = await log.read_all(), await log.sealed([2]), log.id
    dump = str(tmp_path / "log.sql")
    assert await program(
        "pg_dump", "--enable-row-security", "--no-owner", f"--file={dump}", database
    ) == (0, "")
    code, said = await program(
        "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}", other_database
    )
    assert code == 0, said
    async with await PostgresLog.open(other_database) as log:
        assert (log.id, log.wall_down) == (named, None)
        assert (await log.read_all(), await log.sealed([2])) == (every, sealed)
        assert len(await log.read_at([1, 2], every[0].alliance)) >= 1
        await log.append(notes(uuid4()))
