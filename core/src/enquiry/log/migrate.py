"""Bring a schema up to date: numbered SQL files, forward only, each applied once and remembered.

A set of migrations is a folder of files named ``0001_what_it_brings.sql``. Each runs in its own
transaction, with the schema as search path, under a lock that lets several processes start at once.
"""

from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from asyncpg import Connection

from enquiry.log.queries import query

LOG = files("enquiry.log") / "sql" / "migrations"


class Migration(NamedTuple):
    """One file of a set."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> bytes:
        """SHA-256 of the text, 32 bytes."""
        return sha256(self.sql.encode()).digest()


class MigrationChanged(Exception):
    """A file was edited after it had been applied; write a new one instead."""


def migrations(folder: Traversable) -> list[Migration]:
    """The files of a set, by number.

    Raises:
        ValueError: the numbers are not 1, 2, 3 ... without gaps.
    """
    found = sorted(
        Migration(int(file.name[:4]), file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    )
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations are numbered 1, 2, 3 ...: {[m.name for m in found]}")
    return found


async def migrate(
    connection: Connection,
    schema: str,
    folder: Traversable = LOG,
    bundle: str = "log",
) -> list[str]:
    """Apply what is missing; an up-to-date schema needs no right but to read.

    Args:
        connection: outside of a transaction.
        schema: made when it does not exist.
        folder: where the files are.
        bundle: name under which this set is remembered, so that several share a schema.

    Returns:
        Names of the migrations that were applied now, in order.

    Raises:
        MigrationChanged: an applied file has another digest today.
    """
    wanted = migrations(folder)
    applied = await _applied(connection, schema, bundle)
    names: list[str] = []
    for migration in wanted:
        digest = applied.get(migration.number)
        if digest is not None and digest != migration.digest:
            raise MigrationChanged(f"{bundle}: {migration.name} was changed after it was applied")
        if digest is None and await _apply(connection, schema, bundle, migration):
            names.append(migration.name)
    return names


async def _applied(connection: Connection, schema: str, bundle: str) -> dict[int, bytes]:
    async with connection.transaction():
        await connection.execute(query("migrations_path"), schema)
        if not await connection.fetchval(query("migrations_any")):
            return {}
        rows = await connection.fetch(query("migrations_applied"), bundle)
        return {row["number"]: row["sha256"] for row in rows}


async def _apply(connection: Connection, schema: str, bundle: str, migration: Migration) -> bool:
    async with connection.transaction():
        await connection.execute(query("migrations_lock"), schema)
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
        await connection.execute(query("migrations_path"), schema)
        await connection.execute(query("migrations_table"))
        number = await connection.fetchval(
            query("migrations_remember"),
            bundle,
            migration.number,
            migration.name,
            migration.digest,
        )
        if number is None:
            return False  # another process was faster
        await connection.execute(migration.sql)
    return True


def quoted(identifier: str) -> str:
    """An identifier as it stands in SQL, whatever it contains."""
    return '"' + identifier.replace('"', '""') + '"'
