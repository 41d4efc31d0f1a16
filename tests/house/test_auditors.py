"""The page for auditors: its programs are run, its layout is held against stored events."""

import re
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import asyncpg
import pytest
from tests.house.tree import ROOT
from tests.log.examples import data_key, notes, sealed_note

from enquiry.log.leaf import entry
from enquiry.log.postgres import PostgresLog
from enquiry.method.live import Envelope
from enquiry.privacy.keys import Erased, Reason

PAGE = (ROOT / "docs/auditors.md").read_text()
COLUMNS = (
    "alliance",
    "sequence",
    "notification_id",
    "recorded_at",
    "event_id",
    "topic",
    "state",
    "seals",
)
"""What the leaf is made of."""


def program(name: str) -> Any:
    """A function of the page, defined by the page alone."""
    [code] = [
        code
        for code in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        if f"def {name}(" in code
    ]
    scope: dict[str, Any] = {}
    exec(code, scope)
    return scope[name]


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, cell by cell."""
    [part] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    lines = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert lines is not None
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]
    ]


@pytest.fixture
def schema() -> str:
    """In place of the one that the page names: a schema that nobody else uses."""
    return f"log_{uuid4().hex}"


@pytest.fixture
async def log(postgres_url: str, schema: str) -> AsyncIterator[PostgresLog]:
    """A log with two notes, and one with two sealed texts."""
    walk = uuid4()
    async with await PostgresLog.open(postgres_url, schema=schema) as opened:
        await opened.append(notes(walk, 0, 2))
        texts = (b"one", b"two")
        await opened.append(sealed_note(walk, 2, data_key(walk), *texts, new=True))
        yield opened


@pytest.fixture
async def connection(postgres_url: str, log: PostgresLog) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(postgres_url, timeout=10)
    yield opened
    await opened.close(timeout=10)


async def test_the_program_of_the_page_recomputes_every_stored_leaf(
    connection: asyncpg.Connection, schema: str
) -> None:
    rows = await connection.fetch(f"SELECT * FROM {schema}.stored_events ORDER BY notification_id")
    assert [len(row["seals"]) for row in rows] == [0, 0, 100]
    leaf = program("leaf")
    for row in rows:
        stored = {column: row[column] for column in COLUMNS}
        assert leaf(**stored) == row["leaf"]
        for column in COLUMNS:
            assert leaf(**(stored | {column: _other(row[column])})) != row["leaf"]


def _other(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return value + bytes(50)
    return value + "x" if isinstance(value, str) else uuid4()


async def test_the_entry_is_laid_out_as_the_page_says(log: PostgresLog) -> None:
    *_, event = await log.read_all()
    kind = event.kind.encode()
    fields = {
        "the letters `EQL1`": b"EQL1",
        "`alliance`": event.alliance.bytes,
        "`sequence`": event.sequence.to_bytes(8, "big"),
        "`notification_id`": event.position.to_bytes(8, "big"),
        "`recorded_at`": event.recorded_at.to_bytes(8, "big"),
        "`event_id`": event.id.bytes,
        "length of `topic`, 1 to 255": bytes([len(kind)]),
        "`topic`, ASCII": kind,
        "SHA-256 of `state`": sha256(event.body).digest(),
        "number of sealed values": b"\0\2",
        "`seals`: slot (2), id of the key (16), SHA-256 of the ciphertext (32)": event.seals,
    }
    rest = entry(event)
    for size, field in table("The leaf"):
        length = {"length": len(kind), "50 each": 100}.get(size) or int(size)
        assert rest[:length] == fields.pop(field)
        rest = rest[length:]
    assert rest == b""
    assert fields == {}


async def test_the_page_names_every_column_of_the_log(
    connection: asyncpg.Connection, schema: str
) -> None:
    columns = await connection.fetch(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = $1 AND table_name = 'stored_events' ORDER BY ordinal_position",
        schema,
    )
    said = [(name.strip("`"), type_) for name, type_, _ in table("The log")]
    assert said == [tuple(column) for column in columns]


def test_the_page_names_every_field_of_the_body() -> None:
    assert {row[0].strip("`") for row in table("The body")} == set(Envelope.__struct_fields__)


def test_the_page_names_every_placeholder() -> None:
    said = {row[0].strip("`") for row in table("What is sealed")}
    reasons = ({*get_args(Reason)} - {"erased"}) | {"not-yours"}
    withheld = {f'{{"placeholder": "withheld", "reason": "{reason}"}}' for reason in reasons}
    fields = ", ".join(f'"{name}"' for name in Erased.__struct_fields__)
    assert said == withheld | {f'{{"placeholder": "erased", {fields}}}'}


async def test_the_stock_recorder_reads_it_as_the_page_says(
    postgres_url: str, schema: str, connection: asyncpg.Connection, log: PostgresLog
) -> None:
    role, password = f"auditor_{uuid4().hex}", uuid4().hex
    [grants] = re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    grants = re.sub(r"\benquiry\b", schema, grants.replace("TO auditor;", f"TO {role};"))
    address = urlsplit(postgres_url)
    where = {"dbname": address.path[1:], "user": role, "password": password, "schema": schema}
    where |= dict(parse_qsl(address.query))
    await connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    await connection.execute(grants)
    try:
        found = program("read")(10, **where)
    finally:
        await connection.execute(grants.replace("GRANT", "REVOKE").replace("TO", "FROM"))
        await connection.execute(f"DROP ROLE {role}")
    assert [(n.id, n.topic, n.state) for n in found] == [
        (event.position, event.kind, event.body) for event in await log.read_all()
    ]
