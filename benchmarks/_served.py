"""A server for benchmarks: the real one, in a process of its own, with one more empty address.

python -m benchmarks._served DATA READY_FILE
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import uvloop
from litestar import Request, post
from litestar.response.base import ASGIResponse

from enquiry.engines import engines
from enquiry.runtime.start import running
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.commands import TOKEN_SECONDS, Ready, write_ready
from enquiry_api.identity import LocalTokens, signing_key
from enquiry_api.server import address, listen, serving


@post("/empty")
async def empty(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Reads the body and answers: the least that a POST can cost here."""
    await request.body()
    return ASGIResponse(body=b"{}", status_code=201, media_type="application/json")


async def serve(data: Path, ready_file: Path) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    bound = listen("127.0.0.1", 0)
    clock = StoryClock()
    async with (
        engines(data) as started,
        running(
            data, started.database_url, started.nats_url, clock=clock.now, timers=False
        ) as system,
    ):
        identity = LocalTokens(signing_key(data / "keys" / "local-tokens.pem"))
        methods = [compiled.method for compiled in system.registry.methods.values()]
        app = create_app(system, methods, identity, clock=clock)
        app.register(empty)
        async with serving(app, bound):
            token, _ = identity.mint(identity.operator, TOKEN_SECONDS, operator=True)
            pids = {"server": os.getpid(), **started.pids}
            write_ready(Ready(address(bound), token, str(data), pids), ready_file)
            await stop.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
