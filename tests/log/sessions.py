"""What other sessions of the database are doing."""

import asyncio

import asyncpg


async def until_somebody_waits(connection: asyncpg.Connection) -> None:
    """Until a session waits for a lock; nothing tells it but asking again."""
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    async with asyncio.timeout(10):
        while not await connection.fetchval(waiting):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def drop(url: str, schema: str) -> None:
    """Throw a scratch log away: the last checkpoint of a test run would write all of its files."""
    connection = await asyncpg.connect(url, timeout=30)
    try:
        quoted = '"' + schema.replace('"', '""') + '"'
        await connection.execute(f"DROP SCHEMA IF EXISTS {quoted} CASCADE")
    finally:
        await connection.close()
