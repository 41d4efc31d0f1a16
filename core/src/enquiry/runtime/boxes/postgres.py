"""Boxes in PostgreSQL: one row for each, which holds one sealed value and nothing else."""

import os
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from asyncpg import Pool
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enquiry.log.migrate import migrate, quoted
from enquiry.log.promise import Unavailable
from enquiry.log.wall import raise_wall
from enquiry.method.method import Box
from enquiry.privacy.sealing import KEY_BYTES, NONCE_BYTES
from enquiry.privacy.source import KeySource
from enquiry.runtime.boxes.keeping import box_with

SCHEMA = "enquiry_boxes"
SQL = files("enquiry.runtime.boxes") / "sql"
PAD_BYTES = 4096
"""A box is a multiple of this, because its growth would tell how much somebody has written."""
ATTEMPTS_MAX = 64
PATIENCE_SECONDS = 10.0
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_held = msgspec.json.Decoder(dict[str, str])


class _Sealed(msgspec.Struct, frozen=True):
    """What a row holds."""

    wrapped: bytes
    nonce: bytes
    words: bytes


_sealed = msgspec.msgpack.Decoder(_Sealed)


@cache
def _query(name: str, schema: str) -> str:
    return (SQL / "queries" / f"{name}.sql").read_text("utf-8").replace("{boxes}", quoted(schema))


class PostgresBoxes:
    """Boxes in one database."""

    def __init__(
        self, pool: Pool, source: KeySource, schema: str = SCHEMA, works: Pool | None = None
    ) -> None:
        """Describe them; ``prepare`` must come before everything else.

        Args:
            pool: connections to the database as the owner of the table, who makes it.
            source: wraps the key under which a box is sealed, a new one each time.
            schema: where the table is.
            works: connections as a role that reads and writes; ``None``: those of the owner.
        """
        self._pool = pool
        self._works = works or pool
        self._source = source
        self._schema = schema

    async def prepare(self) -> None:
        """Make or migrate the table; several processes may do so at once."""
        async with self._pool.acquire(timeout=PATIENCE_SECONDS) as connection:
            plain: Any = connection
            await migrate(plain, self._schema, SQL / "migrations", "boxes")
            wall = (SQL / "walls" / "boxes.sql").read_text("utf-8")
            await raise_wall(plain, self._schema, "boxes", wall)

    async def read(self, box: UUID) -> Box | None:
        """See ``Boxes``."""
        _, held = await self._look(box)
        return box_with(held)

    async def put(self, box: UUID, tag: str, words: str) -> None:
        """See ``Boxes``."""
        await self._change(box, tag, words)

    async def take_back(self, box: UUID, tag: str) -> None:
        """See ``Boxes``."""
        await self._change(box, tag, None)

    async def empty(self, box: UUID) -> None:
        """See ``Boxes``."""
        await self._run("box_empty", box)

    async def _change(self, box: UUID, tag: str, words: str | None) -> None:
        """Write the whole box anew with or (``None``) without these words.

        Again, if somebody else did so meanwhile.
        """
        for _ in range(ATTEMPTS_MAX):
            revision, held = await self._look(box)
            changed = {t: w for t, w in held.items() if t != tag}
            if words is not None:
                changed[tag] = words
            if changed == held:
                return
            sealed = await self._seal(box, changed)
            if await self._run("box_write", box, revision, sealed) == 1:
                return
        raise Unavailable("too many answers at once; try again")

    async def _look(self, box: UUID) -> tuple[int, dict[str, str]]:
        row = await self._run("box_read", box)
        return (row["revision"], await self._open(box, row["sealed"])) if row else (0, {})

    async def _run(self, name: str, *arguments: Any) -> Any:
        text = _query(name, self._schema)
        try:
            async with self._works.acquire(timeout=PATIENCE_SECONDS) as connection:
                if name == "box_read":
                    return await connection.fetchrow(text, *arguments, timeout=PATIENCE_SECONDS)
                return await connection.fetchval(text, *arguments, timeout=PATIENCE_SECONDS)
        except _LOST as error:
            raise Unavailable("the boxes cannot be reached") from error

    async def _seal(self, box: UUID, held: dict[str, str]) -> bytes:
        """In the order of random tags, and padded."""
        plain = msgspec.json.encode(dict(sorted(held.items())))
        plain += b" " * (-len(plain) % PAD_BYTES)
        key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        wrapped = await self._source.wrap(key, box.bytes)
        return msgspec.msgpack.encode(
            _Sealed(wrapped, nonce, AESGCM(key).encrypt(nonce, plain, box.bytes))
        )

    async def _open(self, box: UUID, sealed: bytes) -> dict[str, str]:
        found = _sealed.decode(sealed)
        key = await self._source.unwrap(found.wrapped, box.bytes)
        return _held.decode(AESGCM(key).decrypt(found.nonce, found.words, box.bytes))
