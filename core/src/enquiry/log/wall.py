"""The second wall: who may do what in the database, held by the database itself.

The owner of the tables migrates and does nothing else. Every connection that works takes one of the
roles below, which own nothing; forced row-level security and grants say what each may see and do.
A login that cannot make or take these roles works as the owner: then this wall is down, and whoever
starts the program is told so.
"""

from hashlib import sha256
from importlib.resources import files
from urllib.parse import unquote, urlsplit

import asyncpg
from asyncpg import Connection

from enquiry.log.migrate import quoted
from enquiry.log.queries import query

APPENDER = "enquiry_appender"
"""Calls the append function, and touches no table."""
READER = "enquiry_reader"
"""Sees the alliance to which its transaction is bound (``enquiry.alliance``); not bound, no row."""
WORKER = "enquiry_worker"
"""Folds the log of all: projections, relay, timers; writes what it folds into."""
SIGNER = "enquiry_signer"
"""Reads events; writes tiles and checkpoints."""
ERASER = "enquiry_eraser"
"""Alone destroys data keys, and deletes what is sealed under them."""
AUDITOR = "enquiry_auditor"
"""Reads the events of all: for the stock recorder of the eventsourcing library."""
ROLES = (APPENDER, READER, WORKER, SIGNER, ERASER, AUDITOR)

WALL = (files("enquiry.log") / "sql" / "walls" / "log.sql").read_text("utf-8")
ATTEMPTS_MAX = 3
"""Roles belong to the whole server: databases beside each other may make them at once."""


async def raise_wall(
    connection: Connection,
    schema: str,
    bundle: str,
    text: str = WALL,
    application_url: str | None = None,
) -> str | None:
    """Lay down who may do what in a schema, unless that stands already.

    Args:
        connection: of the tables' owner, outside of a transaction.
        schema: migrated.
        bundle: name under which this wall is remembered.
        text: its statements; ``{schema}`` and ``{roles}`` are filled in.
        application_url: another login, which is to take the roles; ``None``: the owner's own.

    Returns:
        ``None``: the wall is up. Otherwise why it is down, as a sentence for operators.
    """
    login = login_of(application_url)
    missing: list[str] = []
    for attempt in range(ATTEMPTS_MAX):
        try:
            missing = await _missing(connection, login)
            await _make(connection, missing, login)
            break
        except asyncpg.InsufficientPrivilegeError:
            who = login or "the login of the database's address"
            return f"{who} cannot take the roles {', '.join(missing)}, nor can they be made"
        except asyncpg.InternalServerError:  # somebody else changed the same role just now
            if attempt == ATTEMPTS_MAX - 1:
                raise
    try:
        await _lay(connection, schema, f"wall {bundle}", _filled(text, schema))
    except asyncpg.InsufficientPrivilegeError as refusal:
        return f"the login of the database's address does not own the tables: {refusal}"
    return None


def login_of(url: str | None) -> str | None:
    """Name of the login in an address; ``None`` where it has none."""
    name = urlsplit(url).username if url is not None else None
    return None if name is None else unquote(name)


def as_role(role: str, *, up: bool) -> dict[str, str]:
    """Settings of a session that works as this role, where the wall is up."""
    return {"role": role} if up else {}


async def _missing(connection: Connection, login: str | None) -> list[str]:
    return [row[0] for row in await connection.fetch(query("wall_roles"), list(ROLES), login)]


async def _make(connection: Connection, missing: list[str], login: str | None) -> None:
    for role in missing:
        async with connection.transaction():
            await connection.execute(query("wall_tell"), role, login)
            await connection.execute(query("wall_make_role"))


async def _lay(connection: Connection, schema: str, bundle: str, text: str) -> None:
    digest = sha256(text.encode()).digest()
    async with connection.transaction():
        await connection.execute(query("migrations_path"), schema)
        if await connection.fetchval(query("wall_known"), bundle, digest):
            return
        await connection.execute(query("migrations_lock"), schema)
        await connection.execute(text)
        await connection.execute(query("wall_remember"), bundle, digest)


def _filled(text: str, schema: str) -> str:
    return text.replace("{schema}", quoted(schema)).replace("{roles}", ", ".join(ROLES))
