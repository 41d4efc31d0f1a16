"""A private PostgreSQL 18, made, started, repaired and stopped by us; nobody is its superuser."""

import asyncio
import shlex
import shutil
import signal
import time
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import asyncpg
import structlog

from enquiry.engines.account import Account
from enquiry.engines.child import Child, tail
from enquiry.engines.errors import EngineError
from enquiry.engines.folder import SOCKET_NAME, DataFolder, sync_folder
from enquiry.engines.leftovers import (
    command_line,
    end_left_behind,
    end_working_in,
    is_server_of,
)
from enquiry.engines.programs import postgres_programs
from enquiry.engines.progress import Progress

MAJOR_VERSION = "18"
OWNER = "enquiry"
"""Role and database. It owns the database and may make roles and databases; it is no superuser, so
that row-level security binds it here exactly as it would on a server of your own."""
SUPERUSER = "postgres"
PORT = 5432
"""Only a part of the socket's name; no port of the machine is opened."""
INITDB_SECONDS_MAX = 120.0
READY_SECONDS_MAX = 300.0
"""Long, because recovery after a hard kill replays up to a gigabyte of log."""
SESSION_SECONDS_MAX = 2.0
"""How long sessions may take to notice that their server is gone; busy ones never do."""
STOP = ((signal.SIGINT, 2.5), (signal.SIGQUIT, 1.0))
"""Fast, then immediate; seconds after each."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # The server's log never shows a statement, a value or a key: what people wrote stays out of it.
    # Errors of statements reach the caller, who reports them.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    # Changes are kept from the first backup on (``archive_command``); on from the start, because it
    # cannot be turned on later without a restart. A file is ended after so many seconds at most.
    "archive_mode": "on",
    "archive_timeout": "60",
}


class Postgres:
    """The embedded database of one data folder."""

    name = "PostgreSQL"

    def __init__(self, folder: DataFolder, progress: Progress) -> None:
        """Describe it; nothing happens before `start`."""
        self._folder = folder
        self._progress = progress
        self._log = folder.log / "postgres.log"

    @property
    def url(self) -> str:
        """How to reach it as the owner; the same after every restart."""
        return self._url(OWNER, OWNER)

    def is_up(self) -> bool:
        """Whether some launcher runs it now."""
        if not (self._folder.sockets / SOCKET_NAME).exists():
            return False
        try:
            with self._folder.lock():
                return False
        except EngineError:
            return True

    def superuser_url(self, database: str) -> str:
        """How to reach a database of it as the superuser, for copies of the whole."""
        return self._url(SUPERUSER, database)

    def _url(self, role: str, database: str) -> str:
        secret = self._folder.secret(f"postgres-{role}")
        sockets = quote(str(self._folder.sockets), safe="")
        return f"postgresql://{role}:{secret}@/{database}?host={sockets}&port={PORT}"

    async def start(self) -> Child:
        """Make the cluster if there is none, start the server, wait until it takes connections.

        Also repairs what a hard kill left: a half-made cluster, the pid file of a dead server, a
        server whose launcher is gone. May be called again after the server died.

        Raises:
            EngineError: it cannot be started; the message says why and what to do.
        """
        began = time.monotonic()
        programs = await asyncio.to_thread(postgres_programs, self._folder)
        await self._make_cluster(programs)
        await self._clear_the_way()
        child = await Child.start(
            self._command(programs), self._folder.account, self._log, signal.SIGINT
        )
        try:
            await child.until(lambda: self._ready(child.pid), READY_SECONDS_MAX, self.name)
            await self._ensure_owner()
        except BaseException:
            await self.stop(child)
            raise
        self._progress(f"{self.name}: ready after {time.monotonic() - began:.1f} s")
        return child

    async def stop(self, child: Child) -> None:
        """End all connections and stop cleanly; forcibly when that takes too long."""
        await child.end(STOP)

    def _command(self, programs: Path) -> list[str]:
        options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        sockets = ("-c", f"unix_socket_directories={self._folder.sockets}")
        archive = ("-c", f"archive_command={archive_command(self._folder.archive_to)}")
        cluster = str(self._folder.postgres)
        return [str(programs / "postgres"), "-D", cluster, *sockets, *options, *archive]

    @property
    def _signature(self) -> str:
        """What only the command line of a server that we started on this folder contains."""
        return f"-D {self._folder.postgres} -c unix_socket_directories={self._folder.sockets} "

    def _ready(self, pid: int) -> bool:
        lines = self._pid_file_lines()
        # The eighth line is the state; the first tells whether the file is this server's.
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self._folder.postgres / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    async def _make_cluster(self, programs: Path) -> None:
        cluster = self._folder.postgres
        if cluster.is_dir():
            self._refuse_other_versions()
            return
        self._progress(f"{self.name}: making a new database in {cluster}")
        workshop = self._folder.root / "postgres.new"
        await asyncio.to_thread(empty_folder, workshop, self._folder.account)
        password = workshop / "password"
        secret = self._folder.secret(f"postgres-{SUPERUSER}").encode()
        self._folder.write_private(password, secret, for_engine=True)
        draft = workshop / "cluster"
        child = await Child.start(
            initdb_command(programs, draft, password),
            self._folder.account,
            self._log,
            signal.SIGKILL,
        )
        try:
            code = await asyncio.wait_for(child.wait(), INITDB_SECONDS_MAX)
        except BaseException:
            await child.end(())
            raise
        if code != 0:
            raise EngineError(f"cannot make a database in {cluster}.{tail(self._log)}")
        # It gets its name only when it is whole: a kill before this line leaves no cluster.
        draft.rename(cluster)
        sync_folder(self._folder.root)
        await asyncio.to_thread(remove_folder, workshop)

    def _refuse_other_versions(self) -> None:
        version_file = self._folder.postgres / "PG_VERSION"
        version = (
            version_file.read_text().strip() if version_file.exists() else "an unknown version"
        )
        if version != MAJOR_VERSION:
            raise EngineError(
                f"{self._folder.postgres} was made by PostgreSQL {version}; this Enquiry brings"
                f" {MAJOR_VERSION}. Export it with the Enquiry that made it, or choose another"
                " folder with --data."
            )

    async def _clear_the_way(self) -> None:
        """Deal with what is left of an earlier server.

        We hold the folder's lock, so no living launcher owns that server. PostgreSQL itself refuses
        to start while *any* process of its user has the number in the pid file, which may be
        anybody's by now, and while a session of the earlier server still runs.
        """
        pid_file = self._folder.postgres / "postmaster.pid"
        pid = next((int(line) for line in self._pid_file_lines()[:1] if line.isdigit()), None)
        if pid is not None and await end_left_behind(pid, self._signature, signal.SIGINT, 20.0):
            self._note("stopped a server that an earlier launcher left behind", pid)
        elif pid is not None and is_server_of(pid, self._folder.postgres):
            raise EngineError(
                f"a PostgreSQL that Enquiry did not start (process {pid}) is running on"
                f" {self._folder.postgres}. Stop it first: kill -INT {pid}"
            )
        elif pid is not None and command_line(pid) is not None:
            pid_file.unlink()
            self._note("removed a pid file whose number is somebody else's by now", pid)
        for session in await end_working_in(self._folder.postgres, SESSION_SECONDS_MAX):
            self._note("killed a session that outlived its server", session)

    def _note(self, event: str, pid: int) -> None:
        structlog.get_logger().info(event, engine=self.name, pid=pid)

    async def _ensure_owner(self) -> None:
        """Make the owner's role and database if they are missing; also proves that it answers."""
        try:
            connection = await asyncpg.connect(self._url(SUPERUSER, "postgres"), timeout=30)
            try:
                secret = self._folder.secret(f"postgres-{OWNER}")
                await connection.execute(statement("tell_secret"), secret)
                await connection.execute(statement("ensure_owner"))
                if not await connection.fetchval(statement("has_database"), OWNER):
                    await connection.execute(statement("create_database"))
            finally:
                await connection.close(timeout=10)
        except asyncpg.InvalidPasswordError as error:
            raise EngineError(
                f"the password in {self._folder.secrets} is not the one of the database in"
                f" {self._folder.postgres}. Restore the folder 'secrets' from the same backup."
            ) from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise EngineError(f"{self.name} does not answer: {error}.{tail(self._log)}") from error


def statement(name: str) -> str:
    """The text of a statement in ``engines/sql``."""
    return resources.files("enquiry.engines").joinpath("sql", f"{name}.sql").read_text("utf-8")


def archive_command(marker: Path) -> str:
    """The shell command that keeps a file of changes where a marker says; without one, nowhere.

    A file that is there already is not written over: the same one is taken for kept, another is
    an error that PostgreSQL tells and tries again.
    """
    where = shlex.quote(str(marker)).replace("%", "%%")
    return (
        f"test ! -f {where} || {{ read -r to < {where} && "
        'if test -f "$to/%f"; then cmp -s "%p" "$to/%f"; '
        'else cp "%p" "$to/.%f.part" && sync "$to/.%f.part" && mv "$to/.%f.part" "$to/%f"; fi; }'
    )


def initdb_command(programs: Path, cluster: Path, password: Path) -> list[str]:
    """The command that makes a cluster: checksums on, one collation that is the same everywhere."""
    return [
        str(programs / "initdb"),
        f"--pgdata={cluster}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]


def empty_folder(path: Path, account: Account) -> None:
    """Make a folder anew, private to an account."""
    remove_folder(path)
    path.mkdir(mode=0o700)
    account.own(path)


def remove_folder(path: Path) -> None:
    """Remove a folder and all in it; does nothing when there is none."""
    shutil.rmtree(path, ignore_errors=True)
