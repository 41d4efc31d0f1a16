"""The signer as it runs: in a server, as a process with few rights, with a new key."""

import asyncio
import re
import sys
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
from tests.audit.signing import Desk, record, until
from tests.house.tree import ROOT
from tests.log.examples import HILLSIDE

from enquiry.audit.files import FolderRefused
from enquiry.audit.signing import policy, ring_in, rotate, signing
from enquiry.audit.store import TreeStore
from enquiry.log.postgres import PostgresLog
from enquiry.runtime.start import running

PAGE = ROOT / "docs/proof-format.md"


async def test_a_server_signs_by_itself(database, tmp_path):
    async with running(tmp_path, database) as system:
        await record(system.log, 3)

        async def signed() -> bool:
            found = await system.trees.newest(HILLSIDE)
            return found is not None and found[0] == 3

        await until(signed)
        assert (await system.health())["unsigned"] == 0
        # A second server with the same folder leaves it to the first.
        async with running(tmp_path, database) as other:
            assert other.signer is None
            assert await other.trees.newest(HILLSIDE) is not None


@asynccontextmanager
async def role(postgres_url: str, schema: str, grants: str):
    """A role with the rights that the page gives to a signer, and no others."""
    name, password = f"signer_{uuid4().hex}", uuid4().hex
    grants = re.sub(r"\benquiry\b", schema, grants)
    grants = re.sub(r"\benquiry_audit\b", f"{schema}_audit", grants)
    grants = re.sub(r"\bsigner\b", name, grants)
    owner = await asyncpg.connect(postgres_url, timeout=10)
    await owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
    try:
        await owner.execute(grants)
        parts = urlsplit(postgres_url)
        host = parts.netloc.rpartition("@")[2]
        yield urlunsplit(parts._replace(netloc=f"{name}:{quote(password)}@{host}"))
    finally:
        await owner.execute(grants.replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
        await owner.execute(f"DROP ROLE {name}")
        await owner.close(timeout=10)


@pytest.fixture
def grants() -> str:
    [found] = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return found


async def test_a_signer_needs_no_right_to_change_the_log(
    postgres_url, schema, log, store, tmp_path, grants
):
    await record(log, 3)
    async with role(postgres_url, schema, grants) as url:
        own = await TreeStore.open(url, schema=f"{schema}_audit", log_schema=schema)
        async with (
            await PostgresLog.open(url, schema=schema) as read,
            signing(read, own, tmp_path, 0.05),
        ):

            async def signed() -> bool:
                return await store.newest(HILLSIDE) is not None

            await until(signed)
        await own.close()
        as_signer = await asyncpg.connect(url, timeout=10)
        for statement in (
            f"INSERT INTO {schema}.stored_events SELECT * FROM {schema}.stored_events",
            f"UPDATE {schema}.stored_events SET state = ''",
            f"DELETE FROM {schema}.stored_events",
            f"SELECT * FROM {schema}.sealed",
            f"SELECT * FROM {schema}.subject_keys",
            f"DELETE FROM {schema}_audit.checkpoints",
            f"UPDATE {schema}_audit.checkpoints SET note = ''",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await as_signer.execute(statement)
        await as_signer.close(timeout=10)


async def test_it_signs_as_a_process_of_its_own(postgres_url, schema, log, store, tmp_path):
    await record(log, 3)
    command = [sys.executable, "-m", "enquiry.cli", "signer", "run", "--folder", tmp_path / "s"]
    process = await asyncio.create_subprocess_exec(
        *command, "--database-url", postgres_url, "--schema", schema
    )
    try:

        async def signed() -> bool:
            assert process.returncode is None
            return await store.newest(HILLSIDE) is not None

        await until(signed, 60)
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_a_new_key_signs_on_and_the_old_one_only_what_it_signed(log, desk: Desk):
    await record(log, 10)
    await desk.signer.round()
    desk.leave()
    rotate(desk.folder)
    desk.sit_down()
    await record(log, 1)
    await desk.signer.round()
    ranges = [(key.since, key.until) for key in await desk.store.keys(HILLSIDE)]
    assert ranges == [(1, 10), (11, None)]
    desk.leave()
    lines = [line for line in policy(desk.folder) if f"/{HILLSIDE}+" in line]
    assert [line.split()[1:] for line in lines] == [["1", "10"], ["11", "-"]]
    desk.sit_down()


def test_the_key_is_not_changed_under_a_signer_that_runs(desk: Desk):
    with pytest.raises(FolderRefused, match="another process"):
        rotate(desk.folder)


async def test_a_server_that_lost_its_signing_keys_does_not_start(database, tmp_path):
    async with running(tmp_path, database) as system:
        await record(system.log, 1)

        async def signed() -> bool:
            return await system.trees.newest(HILLSIDE) is not None

        await until(signed)
    (tmp_path / "signer" / "keys.json").unlink()
    with pytest.raises(FolderRefused, match="missing"):
        async with running(tmp_path, database):
            pass
    async with running(tmp_path, database, signer=False) as system:
        assert system.signer is None


async def test_lost_keys_are_not_replaced_in_silence(log, desk: Desk):
    await record(log, 1)
    await desk.signer.round()
    (desk.folder / "keys.json").unlink()
    with pytest.raises(FolderRefused, match="missing"):
        ring_in(desk.folder, desk.anchors)


async def test_after_a_restore_a_new_history_begins_under_a_new_name(
    postgres_url, schema, log, store, desk, admin, tmp_path
):
    """As the page tells those who run it."""
    await record(log, 10)
    await desk.signer.round()
    await admin.execute("DELETE FROM stored_events WHERE sequence >= 7")
    await desk.restarted().round()
    assert HILLSIDE in desk.signer.refused
    desk.leave()
    desk.folder.rename(tmp_path / "before")
    await admin.execute("UPDATE log SET id = gen_random_uuid()")
    await admin.execute(f"DROP SCHEMA {schema}_audit CASCADE")
    own = await TreeStore.open(postgres_url, schema=f"{schema}_audit", log_schema=schema)
    async with await PostgresLog.open(postgres_url, schema=schema) as again:
        anew = Desk(again, own, tmp_path / "anew")
        assert await anew.signer.round() == 1
        found = await anew.checkpoint()
        assert (found.size, found.origin) == (7, f"enquiry/{again.id}/{HILLSIDE}")
        assert again.id != log.id
        anew.leave()
    await own.close()
    desk.sit_down()
