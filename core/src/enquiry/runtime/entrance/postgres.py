"""The entrance in PostgreSQL: two tables in a schema of their own, behind the second wall."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from asyncpg import Pool

from enquiry.log.migrate import migrate, quoted
from enquiry.log.promise import Unavailable
from enquiry.log.wall import raise_wall
from enquiry.runtime.entrance.keeping import Access, ServiceToken

SCHEMA = "enquiry_entrance"
SQL = files("enquiry.runtime.entrance") / "sql"
PATIENCE_SECONDS = 10.0
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


@cache
def _query(name: str, schema: str) -> str:
    return (SQL / "queries" / f"{name}.sql").read_text("utf-8").replace("{schema}", quoted(schema))


class PostgresEntrance:
    """Access log and tokens in one database."""

    def __init__(self, pool: Pool, schema: str = SCHEMA, works: Pool | None = None) -> None:
        """Describe them; ``prepare`` must come before everything else.

        Args:
            pool: connections to the database as the owner of the tables, who makes them.
            schema: where the tables are.
            works: connections as a role that reads and adds; ``None``: those of the owner.
        """
        self._pool = pool
        self._works = works or pool
        self._schema = schema

    async def prepare(self) -> None:
        """Make or migrate the tables; several processes may do so at once."""
        async with self._pool.acquire(timeout=PATIENCE_SECONDS) as connection:
            plain: Any = connection
            await migrate(plain, self._schema, SQL / "migrations", "entrance")
            wall = (SQL / "walls" / "entrance.sql").read_text("utf-8")
            await raise_wall(plain, self._schema, "entrance", wall)

    async def record(self, access: Access) -> None:
        """See ``Entrance``."""
        await self._rows("access_record", *msgspec.structs.astuple(access))

    async def of_alliance(self, alliance: UUID, limit: int) -> Sequence[Access]:
        """See ``Entrance``."""
        rows = await self._rows("access_of_alliance", alliance, limit)
        return [_made(Access, row) for row in rows]

    async def concerning(
        self, person: UUID, streams: Sequence[UUID], limit: int
    ) -> Sequence[Access]:
        """See ``Entrance``."""
        rows = await self._rows("access_concerning", person, list(streams), limit)
        return [_made(Access, row) for row in rows]

    async def issue(self, token: ServiceToken) -> None:
        """See ``Entrance``."""
        await self._rows("token_issue", *msgspec.structs.astuple(token))

    async def token(self, digest: bytes) -> ServiceToken | None:
        """See ``Entrance``."""
        rows = await self._rows("token_by_digest", digest)
        return _made(ServiceToken, rows[0]) if rows else None

    async def tokens(self, alliance: UUID) -> Sequence[ServiceToken]:
        """See ``Entrance``."""
        rows = await self._rows("token_list", alliance)
        return [_made(ServiceToken, row) for row in rows]

    async def used(self, token: UUID, at: datetime) -> None:
        """See ``Entrance``."""
        await self._rows("token_used", token, at)

    async def revoke(self, alliance: UUID, token: UUID, at: datetime) -> bool:
        """See ``Entrance``."""
        return bool(await self._rows("token_revoke", alliance, token, at))

    async def _rows(self, name: str, *arguments: Any) -> Sequence[Any]:
        text = _query(name, self._schema)
        try:
            async with self._works.acquire(timeout=PATIENCE_SECONDS) as connection:
                return await connection.fetch(text, *arguments, timeout=PATIENCE_SECONDS)
        except _LOST as error:
            raise Unavailable(type(error).__name__) from None


def _made(kind: Any, row: Any) -> Any:
    fields = dict(row)
    if "scopes" in fields:
        fields["scopes"] = tuple(fields["scopes"])
    return kind(**fields)
