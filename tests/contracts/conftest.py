"""What the contracts are tried on."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from tests.log.sessions import drop

from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Log


@pytest.fixture(params=["memory", "postgres"])
async def log(request) -> AsyncIterator[Log]:
    if request.param == "memory":
        yield MemoryLog()
        return
    url = request.getfixturevalue("postgres_url")
    schema = f"log_{uuid4().hex}"
    async with await PostgresLog.open(url, schema=schema) as opened:
        yield opened
    await drop(url, schema)
