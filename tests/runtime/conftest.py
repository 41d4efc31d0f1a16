"""Systems over the log in memory and over PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from tests.runtime.notebook import NOTEBOOK
from tests.runtime.scenes import NOON, Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.method.registry import load
from enquiry.privacy.source import KeyFile
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System


@pytest.fixture
def registry():
    return load(builtins=(*KERNEL, NOTEBOOK), points=())


@pytest.fixture
def key_source(tmp_path) -> KeyFile:
    return KeyFile.create(tmp_path / "keys")


def system_over(log, registry, source) -> System:
    return System(log, registry, source, Scan(log, Streams(log, registry)), lambda: NOON)


@pytest.fixture(params=["memory", "postgres"])
async def log(request):
    if request.param == "memory":
        yield MemoryLog()
        return
    url = request.getfixturevalue("postgres_url")
    async with await PostgresLog.open(url, schema=f"log_{uuid4().hex}") as opened:
        yield opened


@pytest.fixture
async def scene(log, registry, key_source) -> AsyncIterator[Scene]:
    system = system_over(log, registry, key_source)
    await system.start()
    found = Scene(system)
    await found.settle()
    yield found
    await system.stop()


@pytest.fixture
def another(log, registry, key_source) -> Callable:
    """A second process over the same log, as far as memory is concerned."""

    @asynccontextmanager
    async def opened():
        system = system_over(log, registry, key_source)
        yield system

    return opened
