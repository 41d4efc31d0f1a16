"""A rehearsal, with real engines: written, copied, written on, restored, and what then goes on."""

import asyncio
import sys
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.runtime.scenes import NOON, Scene

from enquiry.audit.acceptance import Acceptance, remembered_in
from enquiry.audit.files import FolderRefused
from enquiry.audit.store import TreeStore
from enquiry.cli.restored import database, report
from enquiry.engines import engines
from enquiry.engines.backup import back_up
from enquiry.engines.restore import restore
from enquiry.log.postgres import PostgresLog
from enquiry.runtime import start
from enquiry.runtime.restored import NotAccepted, accept
from enquiry.runtime.start import running
from enquiry.runtime.terms import Reset

pytestmark = pytest.mark.slow
LOST = "The disk of the server broke; the copy of the day before is the newest."


@asynccontextmanager
async def served(data):
    async with (
        engines(data) as own,
        running(data, own.database_url, own.nats_url, timers=False, clock=lambda: NOON) as system,
    ):
        yield system


async def until(question, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not (answer := await question()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return answer


def signed(system, alliance):
    """Whether everything of an alliance is signed."""

    async def look():
        newest = await system.trees.newest(alliance)
        return newest is not None and newest[0] == len(await system.log.read_alliance(alliance))

    return look


def refuses(system, tree):
    async def look():
        return system.signer.refused.get(tree)

    return look


async def school(scene, name):
    await scene.ally("Nasreen", "add-school", {"name": name, "zone": "Europe/London"})


async def checked(data, erased=()):
    async with database(data, None) as url, await PostgresLog.open(url) as log:
        store = await TreeStore.open(url)
        try:
            remembered = remembered_in(data / "signer")
            return await Acceptance(log, store, remembered, erased).judge()
        finally:
            await store.close()


async def a_key(data):
    async with database(data, None) as url:
        connection = await asyncpg.connect(url, timeout=10)
        key = await connection.fetchval("SELECT min(id::text)::uuid FROM enquiry.subject_keys")
        await connection.close(timeout=10)
        return key


@pytest.fixture
async def lost(data, scratch):
    """A folder whose database was restored to before its last school joined."""
    backups = scratch / "backups"
    async with served(data) as system:
        scene = Scene(system)
        await scene.settle()
        await until(signed(system, scene.alliance))
        kept = await system.log.head()
        await back_up(data, backups)
        await school(scene, "Cross Lane")
        await until(signed(system, scene.alliance))
        former = system.log.id
    assert (await checked(data)).findings == ()
    told = await restore(backups, data, to=kept)
    assert (told.position, told.log) == (kept, former)
    return data, scene, kept, former


async def test_a_restored_log_is_served_but_not_signed_until_somebody_says_that_the_rest_is_lost(
    lost,
):
    data, scene, kept, former = lost
    found = await checked(data)
    assert [one.what for one in found.findings if "were signed" in one.what]

    async with served(data) as system:
        assert await system.log.head() == kept
        why = await until(refuses(system, scene.alliance))
        assert "were signed" in why
        assert (await system.health())["unsigned"] > 0
        with pytest.raises(FolderRefused):  # its signer runs
            await accept(system.trees._pool._connect_args[0], data / "signer", LOST, NOON)
        scene.system = system
        await school(scene, "Dale")
        assert (await system.trees.newest(scene.alliance))[0] <= kept
        item = await anext(system.changes(scene.who("Nasreen"), kept + 1000))
        assert isinstance(item, Reset)

    async with database(data, None) as url:
        decided = await accept(url, data / "signer", LOST, NOON)
        assert decided.former == former
    assert (data / "signer" / f"before-{former}" / str(former)).exists()

    async with served(data) as system:
        assert system.log.id == decided.log != former
        await until(signed(system, scene.alliance))
        assert system.signer.refused == {}
        [(_, first)] = await system.trees.platform_entries(0, 1)
        assert first.decode().splitlines()[:2] == ["EQP1 restored", str(former)]
        assert LOST in first.decode()

        async def relayed():
            return system.relay.position == await system.log.head()

        await until(relayed)
    found = await checked(data)
    assert (found.findings, found.head) == ((), decided.position)


async def test_the_decision_waits_until_everything_else_is_stopped_and_needs_a_reason(lost):
    data, _, _, former = lost
    async with database(data, None) as url, await PostgresLog.open(url) as log:
        await log.wait(10_000, 0.01)
        await asyncio.sleep(0.1)
        for reason, why in ((LOST, "stop every server"), ("", "a reason"), ("a\nb", "a reason")):
            with pytest.raises(NotAccepted, match=why):
                await accept(url, data / "signer", reason, NOON)
    assert (await checked(data)).log == former


async def test_who_was_erased_after_the_backup_does_not_come_back_with_it(data, scratch):
    ledger_file = getattr(start, "ledger_file", None)
    if ledger_file is None:
        pytest.skip("nothing is written down of destroyed keys outside of the database yet")
    backups = scratch / "backups"
    async with served(data) as system:
        await Scene(system).settle()
        base = await back_up(data, backups)
    key = await a_key(data)
    async with database(data, None) as url, await PostgresLog.open(url) as log:
        ledger_file(data).add([key])
        await log.shred([key])
    await restore(backups, data, to=base.position)
    found = await checked(data, [key])
    assert [one.what for one in found.findings if "lives again" in one.what]
    async with served(data) as system:
        again = await system.log.wrapped_key(key)
        assert again is not None
        assert again.wrapped == b""


async def test_the_command_names_the_first_bad_event_and_exits_with_one(data):
    async with served(data) as system:
        scene = Scene(system)
        await scene.settle()
        await until(signed(system, scene.alliance))
    assert (await run("check-log", "--data", data))[0] == 0
    async with database(data, None) as url:
        connection = await asyncpg.connect(url, timeout=10)
        await connection.execute("ALTER TABLE enquiry.stored_events DISABLE TRIGGER USER")
        await connection.execute(
            "UPDATE enquiry.stored_events SET state = state || ' ' WHERE notification_id IN (3, 5)"
        )
        await connection.close(timeout=10)
    code, said = await run("check-log", "--data", data)
    assert code == 1
    assert said.splitlines()[-1] == "the first bad event is the one at position 3"
    assert report(await checked(data))[-1] == said.splitlines()[-1]
    code, _ = await run("check-log", "--data", data, "--database-url", "postgresql://127.0.0.1:9/x")
    assert code == 3


async def test_a_folder_is_backed_up_and_restored_by_commands(data, scratch):
    async with served(data) as system:
        await Scene(system).settle()
        head = await system.log.head()
        where = ("--to", scratch / "backups", "--keys-to", scratch / "safe")
        code, said = await run("backup", "--data", data, *where)
        assert (code, f"up to position {head}" in said) == (0, True)
    [keys] = (scratch / "safe").iterdir()
    fresh = scratch / "fresh"
    back = ("restore", "--data", fresh, "--from", scratch / "backups")
    assert (await run(*back, "--to", "yesterday"))[0] == 2
    code, said = await run(*back, "--keys-from", keys)
    assert (code, f"position {head}" in said) == (0, True)
    async with served(fresh) as system:
        assert await system.log.head() == head


async def run(*arguments):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "enquiry.cli",
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()
