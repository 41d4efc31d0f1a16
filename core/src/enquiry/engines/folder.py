"""The data folder: what lies where, who may read it, and that one launcher at a time uses it.

::

    lock          held by the launcher while it runs; tells its process id
    secrets/      passwords and tokens, one a file, for the launcher alone
    postgres/     the database cluster
    nats/         the JetStream store and the server's configuration
    run/          sockets, pid and ports files; remade at each start
    log/          what the engines said: postgres.log, nats.log
    archive-to    where the database keeps its changes, once it has been backed up
    programs/     a copy of the engines, only where they cannot reach the environment
"""

import fcntl
import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from enquiry.engines.account import Account, barrier, engine_account
from enquiry.engines.errors import EngineError

SOCKET_PATH_BYTES_MAX = 103
"""Inclusive: Linux takes 107, macOS and the BSDs 103."""
SOCKET_NAME = ".s.PGSQL.5432"
MACHINE_WIDE = Path("/var/lib/enquiry")


class DataFolder(Struct, frozen=True):
    """Where the engines keep everything."""

    root: Path
    """Absolute, without symbolic links."""
    account: Account
    """Who the engines run as."""

    @property
    def postgres(self) -> Path:
        """The database cluster."""
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        """The JetStream store and the configuration of its server."""
        return self.root / "nats"

    @property
    def run(self) -> Path:
        """Pid and ports files, and the socket where its path is short enough."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """What the engines said."""
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        """One secret a file, for the launcher alone."""
        return self.root / "secrets"

    @property
    def archive_to(self) -> Path:
        """A line that says where the database keeps its changes; nowhere, while it is missing."""
        return self.root / "archive-to"

    @property
    def sockets(self) -> Path:
        """The folder of PostgreSQL's socket: `run`, or a private one elsewhere if too deep."""
        if len(os.fsencode(self.run / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
            return self.run
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"enquiry-{self.account.uid}-{digest}"

    def secret(self, name: str) -> str:
        """Read a secret, or make it when there is none: 43 characters, safe in a URL.

        It is on disk before it is returned, so that nothing is ever locked with a lost key.
        """
        path = self.secrets / name
        if not path.exists():
            self.write_private(path, secrets.token_urlsafe(32).encode())
        return path.read_text().strip()

    def write_private(self, path: Path, content: bytes, *, for_engine: bool = False) -> None:
        """Write a file that only its owner can read (mode 600), all of it or nothing.

        Args:
            path: in a folder that exists; replaced when it is there.
            content: exactly what the file is to hold.
            for_engine: whether the engine reads it, not the launcher.
        """
        draft = path.with_name(path.name + ".draft")
        draft.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
            # By descriptor: in a folder of the engines' user, a name may be exchanged meanwhile.
            if for_engine:
                self.account.own(file.fileno())
            else:
                self._keep(file.fileno())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)

    def _keep(self, path: Path | int) -> None:
        """Leave what root makes in somebody's folder to them."""
        owner = self.root.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.chown(path, owner.st_uid, owner.st_gid)

    def prepare(self) -> None:
        """Make the folders that are missing.

        Raises:
            EngineError: a folder belongs to somebody else, or the engines cannot reach it.
        """
        try:
            self._prepare()
        except PermissionError as error:
            raise EngineError(
                f"cannot use the data folder {self.root}: {error.strerror} at {error.filename}."
                " It may have been made by another user; choose a folder of your own with --data."
            ) from error

    def _prepare(self) -> None:
        obstacle = barrier(self.root, self.account)
        if obstacle is not None:
            raise EngineError(
                f"the engines run as the user {self.account.name}, who cannot enter {obstacle}, so"
                f" they cannot keep data in {self.root}. Choose another folder with --data, start"
                f" Enquiry as an ordinary user, or let others pass: chmod o+x {obstacle}"
            )
        # Engines that run as another user must be able to pass through, not to look.
        make_folder(self.root, 0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.log, self.secrets):
            make_folder(folder, 0o700)
            self._keep(folder)
        for folder in (self.nats, self.run, self.sockets):
            make_folder(folder, 0o700)
            self.account.own(folder)
        self._refuse_strange_sockets()

    def _refuse_strange_sockets(self) -> None:
        """Somebody else may have put a folder in that place of the shared temporary folder."""
        status = self.sockets.lstat()
        if status.st_uid != self.account.uid or status.st_mode & 0o077:
            raise EngineError(f"{self.sockets} is not private to the user {self.account.name}")

    @contextmanager
    def lock(self) -> Generator[None]:
        """Hold the folder for this process; however the process ends, the hold ends with it.

        Raises:
            EngineError: another launcher holds it.
        """
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
                raise EngineError(
                    f"Enquiry is already running on the data folder {self.root} (process {holder})."
                    " Stop that one first, or give this one a folder of its own with --data."
                ) from None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(descriptor)


def open_data_folder(root: Path) -> DataFolder:
    """Describe the data folder at a path and who its engines run as; touches nothing."""
    resolved = root.expanduser().resolve()
    return DataFolder(root=resolved, account=engine_account(resolved))


def make_folder(path: Path, mode: int) -> None:
    """Make a folder, and its parents, with exactly this mode; leaves one that exists as it is."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)  # another launcher may be as quick
        path.chmod(mode)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def default_data_folder(
    environ: Mapping[str, str] = os.environ, prefix: Path = Path(sys.prefix)
) -> Path:
    """The data folder when nobody names one.

    ``.enquiry/data`` in the checkout when this environment lies in one; otherwise ``enquiry`` in
    the user's folder for data. When root starts Enquiry where an unprivileged user cannot go (a
    checkout under root's private home), it is a folder in ``/var/lib/enquiry`` of its own for that
    place, and stays so.

    Args:
        environ: consulted for ``XDG_DATA_HOME`` and ``HOME``.
        prefix: the Python environment.
    """
    checkout = prefix.parent
    if (checkout / "run.py").is_file():
        home = checkout / ".enquiry" / "data"
    else:
        base = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME", "~")) / ".local" / "share"
        home = Path(base) / "enquiry"
    home = home.expanduser().resolve()
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    elsewhere = MACHINE_WIDE / digest
    if os.geteuid() == 0 and (elsewhere.is_dir() or barrier(home, engine_account(home))):
        return elsewhere
    return home
