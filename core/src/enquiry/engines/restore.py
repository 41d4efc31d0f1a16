"""Bring an embedded database back: to the end of its changes, to a time, or to an event.

What is there already is set aside, never overwritten. Keys are not touched: those of today know who
was erased since.
"""

import asyncio
import shlex
import shutil
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import asyncpg
from msgspec import Struct

from enquiry.engines.account import Account, barrier
from enquiry.engines.backup import KEYS, Base, bases, check_copy, free, whole
from enquiry.engines.child import Child, tail
from enquiry.engines.errors import EngineError
from enquiry.engines.folder import DataFolder, open_data_folder, sync_folder
from enquiry.engines.postgres import OWNER, PORT, SETTINGS, STOP, SUPERUSER, statement
from enquiry.engines.programs import postgres_programs
from enquiry.engines.progress import Progress, silence

RECOVERY_SECONDS_MAX = 6 * 3600.0
POLL_SECONDS = 0.05
Target = datetime | int | None
"""A time, a position, or the end of what was kept."""


class Restored(Struct, frozen=True):
    """What a database holds after it was restored."""

    base: Base
    log: UUID | None
    position: int
    """Of its newest event."""
    aside: Path | None
    """Where the database lies that was there before."""


async def restore(
    backups: Path,
    data: Path,
    to: Target = None,
    keys: Path | None = None,
    progress: Progress = silence,
) -> Restored:
    """Restore the database of a data folder; nothing may run on it.

    Args:
        backups: as ``back_up`` has made it.
        data: made when missing.
        to: the last commit that is to be there is the last before this time, or the one that
            recorded the event at this position (and whatever was recorded in the same moment).
        keys: a folder that ``copy_keys`` has made; only what is missing in the data folder is
            taken from it.
        progress: told a line at each step.

    Raises:
        EngineError: there is no such backup, it is damaged, or it does not reach so far.
    """
    folder, backups = open_data_folder(data), whole(backups)
    base = _chosen(bases(backups), to)
    obstacle = barrier(backups / "wal", folder.account)
    if obstacle not in (None, backups / "wal"):
        raise EngineError(f"the user {folder.account.name} cannot enter {obstacle}")
    await asyncio.to_thread(folder.prepare)
    with folder.lock():
        programs = await asyncio.to_thread(postgres_programs, folder)
        progress(f"checking {base.name}")
        await asyncio.to_thread(check_copy, backups / base.name)
        work = _Recovery(folder, programs, backups, base, progress)
        log, position = await work.reach(to)
        aside = _set_aside(folder)
        work.cluster.rename(folder.postgres)
        folder.archive_to.unlink(missing_ok=True)
        sync_folder(folder.root)
        if keys is not None:
            _bring_keys(folder, keys)
    return Restored(base, log, position, aside)


def _chosen(found: list[Base], to: Target) -> Base:
    """The newest base from which the target can be reached."""
    early = [
        base
        for base in found
        if to is None or (base.at <= to if isinstance(to, datetime) else base.position <= to)
    ]
    if not early:
        first = f"the first is of {found[0].at}" if found else "there is none"
        raise EngineError(f"no base backup reaches back so far: {first}")
    return early[-1]


class _Recovery:
    """A server of its own that replays changes, reachable by us alone."""

    def __init__(
        self, folder: DataFolder, programs: Path, backups: Path, base: Base, progress: Progress
    ) -> None:
        self._folder = folder
        self._programs = programs
        self._backups = backups
        self._base = base
        self._progress = progress
        self._log = folder.log / "restore.log"
        self.cluster = folder.root / "postgres.restoring"

    async def reach(self, to: Target) -> tuple[UUID | None, int]:
        """Replay up to the target; gives the log's id and head there."""
        if not isinstance(to, int):
            at = to.astimezone(UTC).isoformat() if to is not None else None
            return await self._replay(f"recovery_target_time={at}" if at else None)
        if to == self._base.position:
            # It may lie before the moment at which the copy was whole: then it is never replayed.
            log, head = await self._replay("recovery_target=immediate")
            if head == to:
                return log, head
        log, head, xid = await self._replay_all(to)
        if head < to or xid is None:
            raise EngineError(f"what was kept ends at position {head}")
        if head == to:
            return log, head
        return await self._replay(f"recovery_target_xid={xid}")

    async def _replay_all(self, position: int) -> tuple[UUID | None, int, int | None]:
        """To the end, to learn which transaction recorded an event."""
        async with AsyncExitStack() as stack:
            connection = await self._recovered(stack, None)
            log, head = await _told(connection)
            xid = await connection.fetchval(statement("transaction_of"), position) if log else None
            await _secure(connection, self._folder)
        return log, head, xid

    async def _replay(self, target: str | None) -> tuple[UUID | None, int]:
        async with AsyncExitStack() as stack:
            connection = await self._recovered(stack, target)
            told = await _told(connection)
            await _secure(connection, self._folder)
        return told

    async def _recovered(self, stack: AsyncExitStack, target: str | None) -> asyncpg.Connection:
        self._progress(f"copying {self._base.name}")
        await asyncio.to_thread(self._copy)
        child = await Child.start(
            self._command(target), self._folder.account, self._log, STOP[0][0]
        )
        stack.push_async_callback(child.end, ((STOP[0][0], 60.0),))
        self._progress("replaying the changes")
        return await self._connected(stack, child)

    def _copy(self) -> None:
        shutil.rmtree(self.cluster, ignore_errors=True)
        shutil.copytree(self._backups / self._base.name, self.cluster, symlinks=True)
        (self.cluster / "recovery.signal").touch()
        # Trusted, because only the engines' account (and root) can enter the folder of the socket.
        (self.cluster / "restoring_hba.conf").write_text("local all all trust\n")
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        _own_all(self.cluster, self._folder.account)

    def _command(self, target: str | None) -> list[str]:
        wal = shlex.quote(str(self._backups / "wal")).replace("%", "%%")
        settings = {
            **SETTINGS,
            "unix_socket_directories": str(self._folder.sockets),
            "hba_file": str(self.cluster / "restoring_hba.conf"),
            "archive_mode": "off",
            "restore_command": f'cp {wal}/%f "%p"',
            "recovery_target_action": "promote",
        }
        if target is not None:
            name, _, value = target.partition("=")
            settings[name] = value
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self.cluster), *options]

    async def _connected(self, stack: AsyncExitStack, child: Child) -> asyncpg.Connection:
        """Wait until it has replayed everything that it is to replay."""
        sockets = quote(str(self._folder.sockets), safe="")
        url = f"postgresql://{SUPERUSER}@/{OWNER}?host={sockets}&port={PORT}"
        deadline = asyncio.get_running_loop().time() + RECOVERY_SECONDS_MAX
        while asyncio.get_running_loop().time() < deadline:
            if child.exit_code is not None:
                raise EngineError(f"the changes could not be replayed.{tail(self._log)}")
            try:
                connection = await asyncpg.connect(url, timeout=30)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(POLL_SECONDS)
                continue
            if not await connection.fetchval("SELECT pg_is_in_recovery()"):
                stack.push_async_callback(connection.close, timeout=10)
                return connection
            await connection.close(timeout=10)
            await asyncio.sleep(POLL_SECONDS)
        raise EngineError("the changes were not replayed in time")


async def _told(connection: asyncpg.Connection) -> tuple[UUID | None, int]:
    try:
        row = await connection.fetchrow(statement("log_told"))
    except asyncpg.UndefinedTableError:
        row = None
    return (row[0], row[1]) if row is not None else (None, 0)


async def _secure(connection: asyncpg.Connection, folder: DataFolder) -> None:
    """Give the roles the passwords of this data folder: those of the copy may be lost."""
    for role in (SUPERUSER, OWNER):
        secret = folder.secret(f"postgres-{role}")
        text = await connection.fetchval(statement("password_of"), role, secret)
        await connection.execute(text)
    await connection.execute("CHECKPOINT")


def _set_aside(folder: DataFolder) -> Path | None:
    if not folder.postgres.exists():
        return None
    aside = free(folder.root, "postgres.before")
    folder.postgres.rename(aside)
    return aside


def _own_all(path: Path, account: Account) -> None:
    account.own(path)
    path.chmod(0o700)
    for inside in path.rglob("*"):
        account.own(inside)


def _bring_keys(folder: DataFolder, keys: Path) -> None:
    for name in KEYS:
        if (keys / name).is_dir() and not (folder.root / name).exists():
            shutil.copytree(keys / name, folder.root / name)
            (folder.root / name).chmod(0o700)
