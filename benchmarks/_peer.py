"""What benchmarks of the log share: the event, a PostgreSQL, the library's recorder as a peer."""

import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from enquiry.engines import engines

KIND = "learning-walk/note-recorded"
BODY = json.dumps(
    {"visit": str(UUID(int=1)), "prompt": "questioning", "seen": "x" * 262}, separators=(",", ":")
).encode()
"""About 350 bytes."""
PSYCOPG = psycopg.pq.__impl__
"""``binary`` or ``c`` where that was added; ``python``, which is slower, as the library asks."""


@asynccontextmanager
async def database(url: str | None) -> AsyncIterator[str]:
    """Address of a PostgreSQL: the one that is given, or one that is started for this."""
    with tempfile.TemporaryDirectory(prefix="enquiry-bench-") as folder:
        data = Path(folder, "data")
        data.parent.chmod(0o711)
        async with engines(data, url, "nats://unused") as running:
            yield running.database_url


@contextmanager
def recorder(
    url: str, schema: str, connections: int = 1, *, create: bool = False
) -> Iterator[PostgresApplicationRecorder]:
    """The library's own recorder, on tables that it makes or on ours."""
    address = urlsplit(url)
    where: dict[str, str] = {"host": address.hostname or "", "port": str(address.port or 5432)}
    where |= dict(parse_qsl(address.query))
    with PostgresDatastore(
        dbname=address.path[1:],
        user=address.username or "",
        password=address.password or "",
        host=where["host"],
        port=where["port"],
        pool_size=connections,
        schema=schema,
    ) as datastore:
        theirs = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        if create:
            theirs.create_table()
        yield theirs
