"""Copies of the embedded database: a base backup, and its log of changes from then on.

::

    <backups>/
        base-20261123T101500Z/          the cluster, as it was at that moment
        base-20261123T101500Z.json      when that was, of which log, and how far it went
        wal/                            every change since, in files of 16 MB

The folder holds no key-encryption key: whoever has both can read everything, and a person who was
erased must stay unreadable in every copy. Keys are copied elsewhere (``copy_keys``).
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from enquiry.engines.account import barrier
from enquiry.engines.errors import EngineError
from enquiry.engines.folder import DataFolder, make_folder, open_data_folder, sync_folder
from enquiry.engines.postgres import OWNER, SUPERUSER, Postgres, statement
from enquiry.engines.programs import postgres_programs
from enquiry.engines.progress import Progress, silence

KEYS = ("keys", "signer")
"""What in a data folder is copied apart: what opens values, and what has been signed."""
ARCHIVE_SECONDS = 300.0
"""How long to wait until the last changes lie in the backup folder."""


class Base(Struct, frozen=True):
    """A base backup."""

    name: str
    at: datetime
    """When it was complete. What comes after is in the changes."""
    log: UUID | None = None
    """Id of the log; ``None``: there was none yet."""
    position: int = 0
    """Of the newest event in it, or an earlier one."""


def bases(backups: Path) -> list[Base]:
    """The base backups in a folder, oldest first; half-made ones are left out."""
    found = [
        msgspec.json.decode(path.read_bytes(), type=Base) for path in backups.glob("base-*.json")
    ]
    return sorted(found, key=lambda base: base.at)


async def back_up(data: Path, backups: Path, progress: Progress = silence) -> Base:
    """Copy the cluster, whether it runs or not, and keep its changes from now on.

    Args:
        data: the data folder.
        backups: made when missing; better on another machine. The next base goes beside the others.
        progress: told a line at each step, and how far the copy is.

    Raises:
        EngineError: the copy cannot be made, or the engines cannot write there.
    """
    folder, backups = open_data_folder(data), whole(backups)
    refuse_inside(backups, folder.root)
    if not (folder.postgres / "PG_VERSION").exists():
        raise EngineError(f"there is no database of ours in {folder.root}")
    _prepare(folder, backups)
    async with AsyncExitStack() as stack:
        server = Postgres(folder, progress)
        if not server.is_up():
            await asyncio.to_thread(folder.prepare)
            stack.enter_context(folder.lock())
            child = await server.start()
            stack.push_async_callback(server.stop, child)
        connection = await asyncpg.connect(server.superuser_url("postgres"), timeout=30)
        stack.push_async_callback(connection.close, timeout=10)
        await _can_archive(connection)
        base = await _copy(folder, server, backups, progress)
        progress("waiting until the last changes are there, too")
        await _archived(connection)
    return base


def whole(path: Path) -> Path:
    """A path as it is from everywhere."""
    return path.expanduser().resolve()


def _prepare(folder: DataFolder, backups: Path) -> None:
    wal = backups / "wal"
    make_folder(backups, 0o711 if folder.account.foreign else 0o700)
    make_folder(wal, 0o700)
    obstacle = barrier(backups, folder.account)
    if obstacle is not None:
        raise EngineError(
            f"the engines run as the user {folder.account.name}, who cannot enter {obstacle}, so"
            " they cannot keep their changes there. Choose another folder."
        )
    folder.account.own(wal)
    folder.write_private(folder.archive_to, f"{wal}\n".encode(), for_engine=True)


async def _can_archive(connection: asyncpg.Connection) -> None:
    if await connection.fetchval("SHOW archive_mode") != "on":
        raise EngineError(
            "the database was started by an older Enquiry, which keeps no changes; restart it"
        )


async def _copy(folder: DataFolder, server: Postgres, backups: Path, progress: Progress) -> Base:
    name = f"base-{await _time(server):%Y%m%dT%H%M%S%fZ}"
    draft = backups / f"{name}.part"
    programs = await asyncio.to_thread(postgres_programs, folder)
    await run(
        [
            str(programs / "pg_basebackup"),
            f"--pgdata={draft}",
            f"--dbname=host={folder.sockets} port=5432 user={SUPERUSER}",
            "--checkpoint=fast",
            "--wal-method=stream",
            "--manifest-checksums=SHA256",
            "--progress",
            "--no-password",
        ],
        {"PGPASSWORD": folder.secret(f"postgres-{SUPERUSER}")},
        progress,
    )
    log, position = await _told(server)
    draft.rename(backups / name)
    base = Base(name, await _time(server), log, position)
    path = backups / f"{name}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(base)))
    path.chmod(0o600)
    sync_folder(backups)
    return base


async def _time(server: Postgres) -> datetime:
    """The time by the clock of the database, which stamps its changes by it."""
    connection = await asyncpg.connect(server.superuser_url("postgres"), timeout=30)
    try:
        return await connection.fetchval("SELECT clock_timestamp()")
    finally:
        await connection.close(timeout=10)


async def _told(server: Postgres) -> tuple[UUID | None, int]:
    connection = await asyncpg.connect(server.superuser_url(OWNER), timeout=30)
    try:
        row = await connection.fetchrow(statement("log_told"))
        return (row[0], row[1]) if row is not None else (None, 0)
    except asyncpg.UndefinedTableError:
        return None, 0
    finally:
        await connection.close(timeout=10)


async def _archived(connection: asyncpg.Connection) -> None:
    """Wait until everything up to now is kept."""
    wanted = await connection.fetchval(statement("switch_wal"))
    deadline = asyncio.get_running_loop().time() + ARCHIVE_SECONDS
    while True:
        last, failed = await connection.fetchrow(statement("archived")) or (None, None)
        if last is not None and last >= wanted:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise EngineError(f"the changes do not reach the backup folder (last failed: {failed})")
        await asyncio.sleep(0.1)


async def run(command: Sequence[str], extra: dict[str, str], progress: Progress) -> None:
    """Run a program of PostgreSQL to its end, telling what it says.

    Raises:
        EngineError: it failed; the message carries what it said last.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **extra},
    )
    said: list[str] = []
    try:
        while process.stderr is not None and (part := await process.stderr.read(4096)):
            for line in part.decode("utf-8", "replace").replace("\r", "\n").splitlines():
                if line.strip():
                    said = [*said[-5:], line.strip()]
                    progress(line.strip())
        code = await process.wait()
    except BaseException:
        process.terminate()
        await process.wait()
        raise
    if code != 0:
        raise EngineError(f"{Path(command[0]).name} failed: {' / '.join(said)}")


def check_copy(base: Path) -> None:
    """Hold every file of a base backup against its manifest.

    Raises:
        EngineError: one is missing or is not what was copied.
    """
    manifest = msgspec.json.decode((base / "backup_manifest").read_bytes())
    for file in manifest["Files"]:
        path = base / (file.get("Path") or bytes.fromhex(file["Encoded-Path"]).decode())
        if not path.is_file():
            raise EngineError(f"{base.name} is damaged: {path.name} is missing")
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest != file["Checksum"]:
            raise EngineError(f"{base.name} is damaged: {path} is not what was copied")


def copy_keys(data: Path, to: Path, backups: Path | None = None) -> list[Path]:
    """Copy what opens values and what was signed, apart from the database.

    Together with the database, or a copy of it, they open everything; and whoever restores an old
    copy of both would bring back who was erased since. So they never lie in one place.

    Args:
        data: the data folder.
        to: made when missing; the copy is a new folder in it.
        backups: where the database is copied; ``to`` may not be in it, nor the other way round.

    Returns:
        The files.

    Raises:
        EngineError: they would lie in one place with the database.
    """
    to = to.expanduser().resolve()
    for other in (data.expanduser().resolve(), backups.expanduser().resolve() if backups else None):
        if other is not None:
            refuse_inside(to, other)
            refuse_inside(other, to)
    make_folder(to, 0o700)
    target = free(to, "keys")
    target.mkdir(mode=0o700)
    for name in KEYS:
        source = data / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("lock"))
    return sorted(path for path in target.rglob("*") if path.is_file())


def free(folder: Path, name: str) -> Path:
    """The first path in a folder, numbered from 1, at which nothing is."""
    number = 1
    while (path := folder / f"{name}-{number}").exists():
        number += 1
    return path


def refuse_inside(path: Path, other: Path) -> None:
    """Refuse a folder that lies in another.

    Raises:
        EngineError: it does.
    """
    if path == other or other in path.parents:
        raise EngineError(
            f"{path} lies in {other}; what is lost with one must be left in the other"
        )
