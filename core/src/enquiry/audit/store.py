"""Tiles, checkpoints and keys in PostgreSQL: a schema of their own beside that of the log."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

import asyncpg
from asyncpg import Connection, Pool

from enquiry.audit.keys import Validity
from enquiry.audit.queries import MIGRATIONS, WALL, query
from enquiry.audit.tiles import WIDTH, Tile
from enquiry.audit.tree import HASH_BYTES, TILE_HEIGHT
from enquiry.log.migrate import migrate, quoted
from enquiry.log.promise import Unavailable
from enquiry.log.wall import as_role, raise_wall

SCHEMA = "enquiry_audit"
LOG_SCHEMA = "enquiry"
CONNECTIONS_MAX = 2
PATIENCE_SECONDS = 10.0
Signed = tuple[int, str]
"""Size and note of a checkpoint."""


class TreeStore:
    """What is kept of all trees of one log."""

    def __init__(self, pool: Pool, patience_seconds: float) -> None:
        """Made by ``open`` only."""
        self._pool = pool
        self._patience = patience_seconds

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        schema: str = SCHEMA,
        log_schema: str = LOG_SCHEMA,
        connections_max: int = CONNECTIONS_MAX,
        patience_seconds: float = PATIENCE_SECONDS,
        role: str | None = None,
        application_url: str | None = None,
    ) -> Self:
        """Migrate the schema, raise the second wall around it, and open it.

        Args:
            url: as the owner of the tables.
            schema: of the trees; made when it does not exist.
            log_schema: of the log.
            connections_max: at once.
            patience_seconds: bound for connecting, and for one query.
            role: of the second wall, to work as; ``None``: as the owner, to examine everything.
            application_url: the same database as the login that takes the role.

        Raises:
            Unavailable: PostgreSQL cannot be reached.
        """
        async with _reachable():
            connection: Connection = await asyncpg.connect(url, timeout=patience_seconds)
            try:
                await migrate(connection, schema, MIGRATIONS, "audit")
                down = await raise_wall(connection, schema, "audit", WALL, application_url)
            finally:
                await connection.close(timeout=patience_seconds)
            walled = role is not None and down is None
            pool = await asyncpg.create_pool(
                application_url if walled and application_url is not None else url,
                min_size=0,
                max_size=connections_max,
                timeout=patience_seconds,
                command_timeout=patience_seconds,
                server_settings={
                    "application_name": "enquiry-audit",
                    "search_path": f"{quoted(schema)}, {quoted(log_schema)}",
                    "synchronous_commit": "on",
                    "jit": "off",
                }
                | (as_role(role, up=down is None) if role is not None else {}),
            )
        return cls(pool, patience_seconds)

    async def close(self) -> None:
        """Let go of every connection."""
        self._pool.terminate()

    async def size(self, tree: UUID) -> int:
        """How many leaves of a tree stand in tiles."""
        ((size,),) = await self._fetch("tiles_size", tree)
        return size

    async def tiles(self, tree: UUID, wanted: Collection[Tile]) -> dict[Tile, bytes]:
        """The hashes of these tiles; those that do not exist are left out."""
        levels, numbers = [t.level for t in wanted], [t.number for t in wanted]
        rows = await self._fetch("tiles_get", tree, levels, numbers)
        return {Tile(level, number): hashes for level, number, hashes in rows}

    async def grow(
        self,
        tree: UUID,
        size: int,
        held: Mapping[Tile, bytes],
        stored: Mapping[int, list[bytes]],
    ) -> None:
        """Store the hashes that came to a tree.

        Args:
            tree: which one.
            size: how many leaves it had.
            held: its partial tiles at that size.
            stored: what came to each level, as `enquiry.audit.tree.grown` tells.
        """
        rows: list[tuple[int, int, bytes]] = []
        for level, hashes in stored.items():
            number, width = divmod(size >> (TILE_HEIGHT * level), WIDTH)
            before = held[Tile(level, number)][: width * HASH_BYTES] if width else b""
            whole = before + b"".join(hashes)
            step = WIDTH * HASH_BYTES
            rows += (
                (level, number + at // step, whole[at : at + step])
                for at in range(0, len(whole), step)
            )
        levels, numbers, parts = zip(*rows, strict=True)
        await self._fetch("tiles_put", tree, levels, numbers, parts)

    async def newest(self, tree: UUID) -> Signed | None:
        """The newest checkpoint of a tree."""
        return _signed(await self._fetch("checkpoint_newest", tree))

    async def covering(self, tree: UUID, size: int) -> Signed | None:
        """The first checkpoint that covers so many leaves; ``None``: not signed yet."""
        return _signed(await self._fetch("checkpoint_over", tree, size))

    async def publish(self, tree: UUID, size: int, note: str, entry: bytes | None) -> None:
        """Publish a checkpoint and, at once, what the platform tree is to say of it."""
        async with self._session() as session, session.transaction():
            await session.execute(query("checkpoint_put"), tree, size, note)
            if entry is not None:
                await session.execute(query("platform_add"), entry)

    async def announce(self, tree: UUID, keys: Collection[Validity]) -> None:
        """Publish which sizes each key may sign."""
        async with self._session() as session, session.transaction():
            for key in keys:
                await session.execute(query("keys_put"), tree, key.public, key.since, key.until)

    async def keys(self, tree: UUID) -> tuple[Validity, ...]:
        """Which sizes of a tree each key may sign, as the signer published it."""
        return tuple(Validity(*row) for row in await self._fetch("keys_get", tree))

    async def add_platform_entry(self, entry: bytes) -> None:
        """Add an entry to the platform tree, unless it is there."""
        await self._fetch("platform_add", entry)

    async def platform_entries(self, since: int, limit: int) -> list[tuple[int, bytes]]:
        """Entries of the platform tree with their numbers, from ``since`` on."""
        return [(row[0], row[1]) for row in await self._fetch("platform_get", since, limit)]

    async def platform_number(self, entry: bytes) -> int | None:
        """Where an entry stands in the platform tree."""
        rows = await self._fetch("platform_find", entry)
        return rows[0][0] if rows else None

    async def heads(self, after: int) -> dict[UUID, int]:
        """Alliances with events after this position, and how many events each has."""
        return {row[0]: row[1] for row in await self._fetch("heads_since", after)}

    async def data_keys(self, alliance: UUID) -> dict[UUID, tuple[bytes, bool]]:
        """The data keys of an alliance: what binds each to its bytes, and whether it lives."""
        return {row[0]: (row[1], row[2]) for row in await self._fetch("commitments", alliance)}

    async def destroyed_keys(self) -> set[UUID]:
        """Every data key that is destroyed, as the log's tables say now."""
        return {row[0] for row in await self._fetch("keys_destroyed")}

    async def erased_keys(self) -> set[UUID]:
        """Every data key that was destroyed, as the platform tree says for ever."""
        rows = await self._fetch("platform_erased")
        return {UUID(row[0].decode().split("\n")[1]) for row in rows}

    async def sealed_digests(
        self, alliance: UUID, first: int, last: int
    ) -> dict[tuple[int, int], tuple[UUID, bytes]]:
        """Key and digest of each ciphertext, by (position, slot); both positions inclusive."""
        rows = await self._fetch("sealed_of", alliance, first, last)
        return {(position, slot): (key, digest) for position, slot, key, digest in rows}

    async def stray_ciphertexts(self, alliance: UUID) -> list[tuple[int, int]]:
        """Position and slot of ciphertexts of which no event knows."""
        return [(row[0], row[1]) for row in await self._fetch("sealed_strays", alliance)]

    @asynccontextmanager
    async def turn(self, log: UUID) -> AsyncGenerator[Callable[[], Awaitable[bool]]]:
        """Ask whether this block is the one that signs for this log, among all processes.

        Yields:
            Tells whether it is. Raises ``Unavailable`` once the connection is lost, and the turn
            with it.
        """
        async with self._session() as session:
            mine = await session.fetchval(query("signer_turn"), str(log))

            async def still() -> bool:
                async with _reachable():
                    return mine and await session.fetchval("SELECT true")

            yield still

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[Any]:
        async with _reachable(), self._pool.acquire(timeout=self._patience) as session:
            yield session

    async def _fetch(self, name: str, *arguments: Any) -> list[Any]:
        async with _reachable():
            return await self._pool.fetch(query(name), *arguments)


def _signed(rows: list[Any]) -> Signed | None:
    return (rows[0][0], rows[0][1]) if rows else None


_LOST = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # asked at the very moment at which the connection went
    OSError,
    TimeoutError,
)


@asynccontextmanager
async def _reachable() -> AsyncGenerator[None]:
    try:
        yield
    except _LOST as failure:
        raise Unavailable(f"the trees could not be reached: {failure}") from failure
