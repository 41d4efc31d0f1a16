"""Starting the engines: the first time, again, beside another, and with something in the way."""

import asyncio
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import nats
import pytest

from enquiry.engines import EngineError, engines
from enquiry.engines.folder import SOCKET_PATH_BYTES_MAX, open_data_folder


async def test_a_new_folder_gets_a_database_with_checksums_and_one_collation(scratch):
    lines: list[str] = []
    async with engines(scratch / "deep" / "data", progress=lines.append) as running:
        connection = await asyncpg.connect(running.database_url)
        assert await connection.fetchval("SHOW server_version_num") >= "180000"
        assert await connection.fetchval("SHOW data_checksums") == "on"
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
        assert await connection.fetchval("SHOW fsync") == "on"
        collation = (
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'enquiry'"
        )
        assert await connection.fetchval(collation) == "bC.UTF-8"
        await connection.close()
        client = await nats.connect(running.nats_url)
        assert (await client.jetstream().account_info()).streams == 0
        await client.close()
    assert any("making a new database" in line for line in lines)


async def test_enquiry_is_no_superuser_so_that_row_level_security_binds_it(data):
    async with engines(data) as running:
        connection = await asyncpg.connect(running.database_url)
        rights = await connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = current_user")
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert await connection.fetchval(owner) == "enquiry"
        await connection.close()
    assert not rights["rolsuper"]
    assert not rights["rolbypassrls"]
    assert rights["rolcreaterole"]


async def test_what_was_written_is_there_after_a_restart(data):
    async with engines(data) as running:
        connection = await asyncpg.connect(running.database_url)
        await connection.execute("CREATE TABLE note AS SELECT 'seen in room 4' AS text")
        await connection.close()
        client = await nats.connect(running.nats_url)
        await client.jetstream().add_stream(name="bells", subjects=["bell"])
        await client.jetstream().publish("bell", b"1")
        await client.close()
    async with engines(data) as running:
        connection = await asyncpg.connect(running.database_url)
        assert await connection.fetchval("SELECT text FROM note") == "seen in room 4"
        await connection.close()
        client = await nats.connect(running.nats_url)
        assert (await client.jetstream().stream_info("bells")).state.messages == 1
        await client.close()


async def test_nobody_gets_in_without_the_password_or_the_token(data):
    async with engines(data) as running:
        secret = running.database_url.partition("://enquiry:")[2].partition("@")[0]
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(running.database_url.replace(secret, "guess"))
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(running.nats_url).port)
        writer.write(b'CONNECT {"auth_token": "guess"}\r\nPING\r\n')
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        await writer.wait_closed()
    assert b"-ERR 'Authorization Violation'" in answer
    assert b"PONG" not in answer


async def test_the_database_is_on_no_port_and_nats_on_the_loopback_alone(data):
    psutil = pytest.importorskip("psutil")
    async with engines(data) as running:
        pids = running.pids
        listening = {
            name: [
                connection.laddr.ip
                for connection in psutil.Process(pid).net_connections("tcp")
                if connection.status == psutil.CONN_LISTEN
            ]
            for name, pid in pids.items()
        }
    assert listening == {"PostgreSQL": [], "NATS": ["127.0.0.1"]}


async def test_secrets_can_be_read_by_their_owner_alone(data):
    async with engines(data) as running:
        secret_files = [*(data / "secrets").iterdir(), data / "nats" / "nats.json"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in secret_files} == {0o600}
        private = [data / "secrets", data / "run", data / "nats", data / "log", data / "postgres"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o700}
        token = running.nats_url.partition("://")[2].partition("@")[0]
    logs = "".join(path.read_text() for path in (data / "log").iterdir())
    assert token not in logs


async def test_a_second_launcher_on_the_same_folder_is_told_who_is_there(data):
    async with engines(data) as first:
        with pytest.raises(EngineError, match=rf"already running on .*process {os.getpid()}\)"):
            async with engines(data):
                pass
        connection = await asyncpg.connect(first.database_url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    async with engines(data) as again:
        assert set(again.pids) == {"PostgreSQL", "NATS"}


async def test_a_path_too_long_for_a_socket_moves_the_socket_not_the_data(scratch, made_data):
    deep = scratch / ("d" * SOCKET_PATH_BYTES_MAX) / "data"
    deep.parent.mkdir(mode=0o711)
    copy = await asyncio.create_subprocess_exec("cp", "-a", made_data, deep)
    assert await copy.wait() == 0
    async with engines(deep) as running:
        connection = await asyncpg.connect(running.database_url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    sockets = open_data_folder(deep).sockets
    assert deep not in sockets.parents
    sockets.rmdir()


async def test_a_socket_folder_that_others_can_look_into_is_refused(scratch):
    deep = scratch / ("d" * SOCKET_PATH_BYTES_MAX) / "data"
    deep.parent.mkdir(mode=0o711)
    sockets = open_data_folder(deep).sockets
    sockets.mkdir()
    sockets.chmod(0o755)
    try:
        with pytest.raises(EngineError, match="is not private"):
            async with engines(deep):
                pass
    finally:
        sockets.rmdir()


async def test_engines_of_ones_own_are_used_as_they_are_and_nothing_is_started(scratch):
    async with engines(scratch / "unused", "postgresql://elsewhere/x", "nats://there") as running:
        assert running.database_url == "postgresql://elsewhere/x"
        assert running.nats_url == "nats://there"
        assert running.pids == {}
    assert not (scratch / "unused").exists()


async def test_a_database_of_ones_own_leaves_only_nats_to_us(data):
    async with engines(data, database_url="postgresql://elsewhere/x") as running:
        assert set(running.pids) == {"NATS"}


async def test_a_cluster_of_another_version_is_left_alone(data, processes_on):
    (data / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EngineError, match=r"made by PostgreSQL 16; this Enquiry brings 18"):
        async with engines(data):
            pass
    assert processes_on(data) == []  # NATS, which could start, was not left behind


async def test_lost_passwords_are_named_as_the_reason(data, processes_on):
    (data / "secrets" / "postgres-postgres").unlink()
    with pytest.raises(EngineError, match="is not the one of the database"):
        async with engines(data):
            pass
    assert processes_on(data) == []


async def test_a_half_made_cluster_is_made_anew(scratch):
    left = scratch / "data" / "postgres.new" / "cluster"
    left.mkdir(parents=True)
    (scratch / "data").chmod(0o711)
    (left / "PG_VERSION").write_text("18\n")
    async with engines(scratch / "data", nats_url="nats://there") as running:
        assert set(running.pids) == {"PostgreSQL"}
    assert not (scratch / "data" / "postgres.new").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
class TestStartedByRoot:
    async def test_the_engines_run_as_nobody(self, data):
        psutil = pytest.importorskip("psutil")
        async with engines(data) as running:
            users = {psutil.Process(pid).username() for pid in running.pids.values()}
        assert users == {"nobody"}

    async def test_a_folder_that_nobody_can_reach_is_refused_with_the_way_out(self, scratch):
        private = scratch / "private"
        private.mkdir(mode=0o700)
        with pytest.raises(EngineError, match=rf"cannot enter {private}, .* chmod o\+x {private}$"):
            async with engines(private / "data"):
                pass
        assert not (private / "data").exists()

    async def test_programs_that_nobody_can_reach_are_copied_into_the_data_folder(
        self, data, monkeypatch
    ):
        monkeypatch.setattr("enquiry.engines.programs.reachable", lambda path, account: False)
        async with engines(data) as running:
            connection = await asyncpg.connect(running.database_url)
            await connection.close()
            links = {os.readlink(f"/proc/{pid}/exe") for pid in running.pids.values()}
        assert all(Path(link).is_relative_to(data / "programs") for link in links)

    async def test_the_folder_of_an_ordinary_user_stays_theirs(self, scratch):
        folder = scratch / "data"
        folder.mkdir(mode=0o700)
        os.chown(folder, 12345, 12345)
        account = open_data_folder(folder).account
        assert (account.uid, account.gid) == (12345, 12345)
