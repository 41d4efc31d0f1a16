"""A real server on loopback stops in order, whoever still listens."""

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest
from tests.api.world import World, world

from enquiry_api.server import address, listen, serving

QUICK = 5.0
"""Seconds within which a server must have stopped."""


async def connect(
    here: World, bound: socket.socket, path: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(*bound.getsockname()[:2])
    token = here.token(here.member)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    await writer.drain()
    return reader, writer


async def test_open_streams_are_told_goodbye_and_do_not_keep_the_server(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        bound = listen("127.0.0.1", 0)
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(serving(here.app, bound))
            listeners = [await connect(here, bound, "/v1/events") for _ in range(10)]
            for reader, _ in listeners:
                await asyncio.wait_for(reader.readuntil(b"retry: 2000"), QUICK)
            await asyncio.wait_for(stack.aclose(), QUICK)
        for reader, writer in listeners:
            assert b"goodbye" in await asyncio.wait_for(reader.read(), QUICK)
            writer.close()


async def test_the_server_listens_on_a_free_port_and_answers(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        bound = listen("127.0.0.1", 0)
        async with serving(here.app, bound) as task:
            assert address(bound).startswith("http://127.0.0.1:")
            reader, writer = await connect(here, bound, "/livez")
            head = await asyncio.wait_for(reader.readuntil(b"alive"), QUICK)
            assert head.startswith(b"HTTP/1.1 200")
            assert b"server:" not in head.lower()
            writer.close()
            assert not task.done()


async def test_after_it_has_stopped_the_port_is_free(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        bound = listen("127.0.0.1", 0)
        port = bound.getsockname()[1]
        async with serving(here.app, bound):
            pass
    listen("127.0.0.1", port).close()


def test_a_port_that_another_program_has_is_refused() -> None:
    held = listen("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", held.getsockname()[1])
    held.close()
