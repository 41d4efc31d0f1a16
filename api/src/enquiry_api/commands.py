"""``enquiry serve``: everything in one process, over its own engines or over yours."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import click
import msgspec
import uvloop
from msgspec import Struct

from enquiry.cli.options import engine_options
from enquiry.cli.start_engines import run_until_told
from enquiry.engines import EngineError, Engines, engines
from enquiry.runtime.start import running
from enquiry.runtime.system import System
from enquiry_api.app import Application, create_app
from enquiry_api.clock import StoryClock, WallClock
from enquiry_api.identity import LocalTokens, signing_key
from enquiry_api.logs import log_as_json
from enquiry_api.server import address, listen, serving

TOKEN_SECONDS = 30 * 24 * 3600
"""How long the operator's token that is printed stays valid."""


class Ready(Struct, frozen=True):
    """What a program that started the server wants to know of it."""

    url: str
    token: str
    """An operator's token."""
    data: str
    pids: dict[str, int]


class Options(Struct, frozen=True, kw_only=True):
    """How to serve."""

    host: str
    port: int
    data: Path
    story_clock: bool
    database_url: str | None
    nats_url: str | None


@asynccontextmanager
async def served(options: Options) -> AsyncGenerator[tuple[Ready, asyncio.Task[None], System]]:
    """A server that is up; it, the system and the engines are stopped in this order at the end."""
    bound = listen(options.host, options.port)
    clock = StoryClock() if options.story_clock else WallClock()
    async with (
        engines(options.data, options.database_url, options.nats_url, progress=_tell) as started,
        running(
            options.data,
            started.database_url,
            started.nats_url,
            clock=clock.now,
            timers=not options.story_clock,
            progress=_tell,
        ) as system,
    ):
        identity = LocalTokens(signing_key(options.data / "keys" / "local-tokens.pem"))
        app = _application(system, identity, clock)
        async with serving(app, bound) as task:
            token, _ = identity.mint(identity.operator, TOKEN_SECONDS, operator=True)
            yield Ready(address(bound), token, str(options.data), _pids(started)), task, system


def _application(
    system: System, identity: LocalTokens, clock: StoryClock | WallClock
) -> Application:
    registry = system.registry
    methods = [compiled.method for compiled in registry.methods.values()]
    statuses = {
        f"{id_}@{version}": listed.status
        for listed in registry.listed
        for id_, version in listed.methods
    }
    return create_app(system, methods, identity, clock=clock, statuses=statuses)


def _pids(started: Engines) -> dict[str, int]:
    return {"server": os.getpid(), **started.pids}


def _tell(line: str) -> None:
    click.echo(line, err=True)


def write_ready(ready: Ready, file: Path) -> None:
    """Write the file at once or not at all, for its owner only: it holds a token."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(msgspec.json.encode(ready))
    new.replace(file)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--clock",
    type=click.Choice(["wall", "client"]),
    default="wall",
    show_default=True,
    help="client: requests say what time it is (Enquiry-Now); for playing stories.",
)
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write address, token and process ids there as JSON once requests are taken.",
)
@engine_options
def serve(
    host: str,
    port: int,
    clock: str,
    ready_file: Path | None,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Serve the API until Ctrl-C.

    Prints the address, an operator's token, and where the data is.
    """
    options = Options(
        host=host,
        port=port,
        data=data,
        story_clock=clock == "client",
        database_url=database_url,
        nats_url=nats_url,
    )
    log_as_json()
    try:
        run_until_told(_serve(options, ready_file), uvloop.new_event_loop)
    except (EngineError, OSError) as error:
        raise click.ClickException(str(error)) from error


async def _serve(options: Options, ready_file: Path | None) -> None:
    async with served(options) as (ready, task, _):
        if ready_file is not None:
            write_ready(ready, ready_file)
        click.echo(f"Enquiry is at {ready.url} (reference: {ready.url}/v1/reference)")
        click.echo(f"Operator's token: {ready.token}")
        click.echo(f"Data: {ready.data}")
        _tell("Ctrl-C stops.")
        # Not `await task`: being told to stop must reach the server in order, not cancel it.
        await asyncio.wait({task})
