"""Engines that die, launchers that are killed, and what they leave behind."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import nats
import pytest

from enquiry.engines import EngineError, engines, supervise
from enquiry.engines.account import Account
from enquiry.engines.child import Child
from enquiry.engines.folder import open_data_folder
from enquiry.engines.postgres import Postgres
from enquiry.engines.programs import postgres_programs
from enquiry.engines.progress import silence

LAUNCH = [sys.executable, "-m", "enquiry.cli", "engines", "--data"]


async def test_a_killed_postgresql_comes_back_with_everything_it_acknowledged(data, until):
    async with engines(data) as running:
        connection = await asyncpg.connect(running.database_url)
        await connection.execute("CREATE TABLE note AS SELECT 'seen in room 4' AS text")
        url, pid = running.database_url, running.pids["PostgreSQL"]
        os.kill(pid, signal.SIGKILL)
        await until(lambda: running.pids.get("PostgreSQL", pid) != pid)
        assert running.database_url == url
        again = await asyncpg.connect(url)
        assert await again.fetchval("SELECT text FROM note") == "seen in room 4"
        await again.close()
        connection.terminate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows whose the sessions are")
async def test_sessions_that_outlive_a_killed_postgresql_do_not_keep_it_from_coming_back(
    data, until
):
    async with engines(data) as running:
        busy = await asyncpg.connect(running.database_url)
        count = asyncio.create_task(busy.fetchval("SELECT count(*) FROM generate_series(1, 1e12)"))
        await asyncio.sleep(0.1)
        pid = running.pids["PostgreSQL"]
        os.kill(pid, signal.SIGKILL)
        await until(lambda: running.pids.get("PostgreSQL", pid) != pid)
        with pytest.raises(asyncpg.PostgresConnectionError):
            await count
        again = await asyncpg.connect(running.database_url)
        assert await again.fetchval("SELECT 1") == 1
        await again.close()


async def test_a_killed_nats_comes_back_where_its_clients_look_for_it(data, until):
    async with engines(data) as running:
        client = await nats.connect(running.nats_url, reconnect_time_wait=0.05)
        await client.jetstream().add_stream(name="bells", subjects=["bell"])
        await client.jetstream().publish("bell", b"1")
        pid = running.pids["NATS"]
        os.kill(pid, signal.SIGKILL)
        await until(lambda: running.pids.get("NATS", pid) != pid)
        await until(lambda: client.stats["reconnects"] == 1 and client.is_connected)
        assert (await client.jetstream().stream_info("bells")).state.messages == 1
        await client.close()


async def test_an_engine_that_keeps_dying_is_given_up_with_its_name(data, monkeypatch):
    monkeypatch.setattr(supervise, "BACKOFF_SECONDS", (0.0,))

    async def cannot(postgres: Postgres) -> Child:
        raise EngineError("no room on the disk")

    async with engines(data) as running:
        monkeypatch.setattr(Postgres, "start", cannot)
        os.kill(running.pids["PostgreSQL"], signal.SIGKILL)
        with pytest.raises(EngineError, match="PostgreSQL ended 5 times in a row"):
            await asyncio.wait_for(running.broken(), 15)
        assert set(running.pids) == {"NATS"}


async def test_an_error_that_nobody_thought_of_reaches_whoever_waits_for_trouble(data, monkeypatch):
    async def surprise(postgres: Postgres) -> Child:
        raise LookupError("nobody thought of this")

    async with engines(data) as running:
        monkeypatch.setattr(Postgres, "start", surprise)
        os.kill(running.pids["PostgreSQL"], signal.SIGKILL)
        with pytest.raises(LookupError, match="nobody thought of this"):
            await asyncio.wait_for(running.broken(), 15)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
async def test_a_launcher_killed_hard_leaves_no_engine_and_its_folder_usable(
    data, until, processes_on
):
    with subprocess.Popen([*LAUNCH, data], stdout=subprocess.PIPE, text=True) as launcher:
        try:
            assert launcher.stdout is not None
            assert launcher.stdout.readline().startswith("ENQUIRY_DATABASE_URL=")
            assert sorted(set(processes_on(data))) != []
        finally:
            launcher.kill()
    await until(lambda: processes_on(data) == [])
    async with engines(data) as running:
        assert set(running.pids) == {"PostgreSQL", "NATS"}


async def test_a_launcher_told_to_stop_stops_its_engines_and_ends_without_error(data, processes_on):
    with subprocess.Popen([*LAUNCH, data], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        launcher.stdout.readline()
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(20) == 0
    assert processes_on(data) == []


async def test_nats_stops_before_the_database_it_is_the_bell_of(data):
    async with engines(data):
        pass
    bell_ended = last_time(data / "log" / "nats.log", "Server Exiting", "%Y/%m/%d %H:%M:%S.%f")
    told = last_time(data / "log" / "postgres.log", "fast shutdown", "%Y-%m-%d %H:%M:%S.%f")
    assert bell_ended.replace(microsecond=bell_ended.microsecond // 1000 * 1000) <= told


def last_time(log: Path, text: str, form: str) -> datetime:
    line = [line for line in log.read_text().splitlines() if text in line][-1]
    stamp = " ".join(word for word in line.split() if word[0].isdigit() and len(word) > 9)[:26]
    return datetime.strptime(stamp, form)


async def test_a_pid_file_whose_number_is_somebody_elses_by_now_stops_nothing(data):
    account = open_data_folder(data).account
    # Of the same user, or PostgreSQL would see by itself that it cannot be its predecessor.
    with subprocess.Popen(["sleep", "60"], **as_user(account)) as bystander:
        pid_file = data / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{bystander.pid}\n{data}/postgres\n")
        try:
            async with engines(data) as running:
                assert running.pids["PostgreSQL"] != bystander.pid
            assert bystander.poll() is None
        finally:
            bystander.kill()


async def test_a_server_left_behind_by_a_launcher_of_ours_is_ended_first(data):
    left = await start_untied(data)
    try:
        async with engines(data) as running:
            assert running.pids["PostgreSQL"] != left.pid
            assert await asyncio.to_thread(left.wait, 10) == 0
    finally:
        left.kill()
        left.wait(10)
    assert "received fast shutdown request" in (data / "log" / "postgres.log").read_text()


async def test_a_server_that_somebody_else_started_is_left_alone_and_named(data, processes_on):
    theirs = await start_untied(data, ours=False)
    try:
        with pytest.raises(EngineError, match=rf"did not start \(process {theirs.pid}\)"):
            async with engines(data):
                pass
        assert theirs.poll() is None
    finally:
        theirs.send_signal(signal.SIGINT)
        theirs.wait(20)


async def start_untied(data: Path, *, ours: bool = True) -> subprocess.Popen[bytes]:
    """Start a server that outlives its launcher: one of ours, or an administrator."""
    folder = open_data_folder(data)
    folder.prepare()
    programs = postgres_programs(folder)
    command = Postgres(folder, silence)._command(programs)
    if not ours:
        command = [*command[:3], "-c", "listen_addresses=", "-k", str(folder.run)]
    with (data / "log" / "postgres.log").open("ab") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, cwd="/", **as_user(folder.account)
        )
    deadline = asyncio.get_running_loop().time() + 15
    while not (folder.sockets / ".s.PGSQL.5432").exists():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    return server


def as_user(account: Account) -> dict[str, Any]:
    if not account.foreign:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
