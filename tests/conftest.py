"""Real engines for the tests that need them: one PostgreSQL and one NATS for each test process.

They start when the first test asks for them (about a second) and stop at the end, by process id.
Each worker of a parallel run has its own: there is nothing to share, to count or to leave locked.
"""

import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from enquiry.engines import Engines, engines


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """An event loop beside the tests; the engines live on it, whatever loops the tests make."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def own_engines(portal: BlockingPortal) -> Iterator[Engines]:
    """The engines of this test process."""
    with (
        scratch_folder() as folder,
        portal.wrap_async_context_manager(engines(folder / "data")) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def postgres_url(own_engines: Engines) -> str:
    """Address of a real PostgreSQL, as a role that is no superuser. Other tests use it too."""
    return own_engines.database_url


@pytest.fixture(scope="session")
def nats_url(own_engines: Engines) -> str:
    """Address of a real NATS with JetStream. Other tests use it too: name streams uniquely."""
    return own_engines.nats_url


@pytest.fixture
def database(portal: BlockingPortal, postgres_url: str) -> Iterator[str]:
    """Address of an empty database for one test; open connections are cut at its end."""
    name = f"test_{uuid.uuid4().hex}"
    portal.call(execute, postgres_url, f"CREATE DATABASE {name} TEMPLATE template0")
    yield urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
    portal.call(execute, postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def made_data(portal: BlockingPortal) -> Iterator[Path]:
    """A data folder in which engines have run once and were stopped."""
    with scratch_folder() as folder:
        with portal.wrap_async_context_manager(engines(folder / "data")):
            pass
        yield folder / "data"


@pytest.fixture
def data(scratch: Path, made_data: Path) -> Path:
    """A data folder for one test, to start, kill and spoil engines in; faster than a new one."""
    subprocess.run(["cp", "-a", made_data, scratch / "data"], check=True, timeout=60)
    return scratch / "data"


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for one test, with a short path, that engines started by root can reach."""
    with scratch_folder() as folder:
        yield folder


@contextmanager
def scratch_folder() -> Iterator[Path]:
    # pytest's own folders are closed to others, and under root the engines run as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="enquiry-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=30)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
