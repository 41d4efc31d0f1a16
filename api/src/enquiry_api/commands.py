"""``enquiry serve``: everything in one process, over its own engines or over yours."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

import asyncpg
import click
import msgspec
import uvloop
from msgspec import Struct
from rich.console import Console

from enquiry.cli.options import allowed, engine_options, is_strict
from enquiry.cli.start_engines import run_until_told
from enquiry.engines import EngineError, Engines, engines
from enquiry.engines.child import rotate
from enquiry.engines.progress import Progress, silence
from enquiry.log.wall import WORKER, as_role
from enquiry.runtime.entrance import Entrance, PostgresEntrance
from enquiry.runtime.start import running
from enquiry.runtime.system import System
from enquiry_api.app import Application, create_app
from enquiry_api.clock import StoryClock, WallClock
from enquiry_api.doors import Doors, single_sign_on
from enquiry_api.identity import Identity, LocalTokens, signing_key
from enquiry_api.limits import REQUESTS_PER_MINUTE, PerPerson
from enquiry_api.logs import json_logger, log_as_json
from enquiry_api.machines import Machines
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
    requests_per_minute: int = REQUESTS_PER_MINUTE
    """Of one person; 0: as many as they like."""
    signer: bool = True
    """Sign the histories, where no other process does."""


@asynccontextmanager
async def served(
    options: Options, tell: Progress = silence
) -> AsyncGenerator[tuple[Ready, asyncio.Task[None]]]:
    """A server that is up; it, the system and the engines are stopped in this order at the end.

    Yields:
        What is to be known of it, and a task that ends before the block does only if something is
        wrong: the server ended, or an engine cannot be kept running (`EngineError`).
    """
    bound = listen(options.host, options.port)
    clock = StoryClock() if options.story_clock else WallClock()
    async with AsyncExitStack() as stack:
        started = await stack.enter_async_context(
            engines(options.data, options.database_url, options.nats_url, progress=tell)
        )
        log = stack.enter_context(_log(options, tell))
        log_as_json(log)
        system = await stack.enter_async_context(
            running(
                options.data,
                started.database_url,
                started.nats_url,
                clock=clock.now,
                timers=not options.story_clock,
                signer=options.signer,
                allow=allowed(),
                strict=is_strict(),
                progress=tell,
            )
        )
        local = LocalTokens(signing_key(options.data / "keys" / "local-tokens.pem"))
        people = single_sign_on(os.environ)
        entrance = await _entrance(stack, system, started.database_url)
        doors = Doors(local, people, Machines(entrance, clock.now))
        app = _application(system, (doors, entrance), clock, log, tell, options.requests_per_minute)
        task = await stack.enter_async_context(serving(app, bound))
        over = asyncio.create_task(_over(task, started))
        stack.push_async_callback(_cancelled, over)
        token, _ = local.mint(local.operator, TOKEN_SECONDS, operator=True)
        yield Ready(address(bound), token, str(options.data), _pids(started)), over


async def _entrance(stack: AsyncExitStack, system: System, database_url: str) -> PostgresEntrance:
    """Tokens of machines and the access log; as a worker, where the second wall is up."""
    pool = await stack.enter_async_context(
        asyncpg.create_pool(database_url, min_size=0, max_size=1)
    )
    settings = as_role(WORKER, up=getattr(system.log, "wall_down", None) is None)
    works = await stack.enter_async_context(
        asyncpg.create_pool(database_url, min_size=0, max_size=2, server_settings=settings)
    )
    entrance = PostgresEntrance(pool, works=works)
    await entrance.prepare()
    return entrance


@contextmanager
def _log(options: Options, tell: Progress) -> Generator[BinaryIO]:
    """Where requests are written down: standard error; a file, where that is somebody's screen."""
    if not sys.stderr.isatty():
        yield sys.stderr.buffer
        return
    path = options.data / "log" / "server.log"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    rotate(path)
    tell(f"writing requests down in {path}")
    with path.open("ab", buffering=0) as file:
        yield file


async def _over(server: asyncio.Task[None], started: Engines) -> None:
    """Ends with the server, or with the day an engine cannot be kept running."""
    broken = asyncio.create_task(started.broken())
    try:
        # Not `await server`: what ends this must not cancel it, it is stopped in order.
        await asyncio.wait({server, broken}, return_when=asyncio.FIRST_COMPLETED)
        if broken.done():
            await broken
    finally:
        await _cancelled(broken)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _application(
    system: System,
    doors: tuple[Identity, Entrance],
    clock: StoryClock | WallClock,
    log: BinaryIO,
    tell: Progress,
    requests_per_minute: int,
) -> Application:
    registry = system.registry
    methods = [compiled.method for compiled in registry.methods.values()]
    for listed in registry.listed:
        if listed.status == "quarantined":
            tell(f"{listed.name} is in quarantine: {listed.reason}")
    statuses = {
        f"{id_}@{version}": listed.status
        for listed in registry.listed
        for id_, version in listed.methods
    }
    return create_app(
        system,
        methods,
        doors[0],
        entrance=doors[1],
        clock=clock,
        statuses=statuses,
        admit=PerPerson(requests_per_minute) if requests_per_minute else None,
        log=json_logger(log),
    )


def _pids(started: Engines) -> dict[str, int]:
    return {"server": os.getpid(), **started.pids}


@contextmanager
def telling() -> Generator[Progress]:
    """Tells what is being done: one moving line on a screen, a line each elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda line: click.echo(line, err=True)
        return
    with console.status("starting") as status:

        def tell(line: str) -> None:
            console.print(line, style="dim", highlight=False)
            status.update(line)

        yield tell


def tell_ready(ready: Ready) -> None:
    """Tell where it is, who its operator is, and where the data are."""
    click.echo(f"Enquiry is at {ready.url} (reference: {ready.url}/v1/reference)")
    click.echo(f"Operator's token: {ready.token}")
    click.echo(f"Data: {ready.data}")
    click.echo("Ctrl-C stops.", err=True)


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
    "--requests-per-minute",
    type=click.IntRange(min=0),
    envvar="ENQUIRY_REQUESTS_PER_MINUTE",
    show_envvar=True,
    default=REQUESTS_PER_MINUTE,
    show_default=True,
    help="How many one person may send; 0: as many as they like.",
)
@click.option(
    "--signer/--no-signer",
    default=True,
    show_default=True,
    help="Sign the histories here; not where 'enquiry signer run' does.",
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
    requests_per_minute: int,
    signer: bool,
    ready_file: Path | None,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Serve the API until Ctrl-C.

    Prints the address, an operator's token, and where the data is. People come by tokens that the
    operator has made for them; or by single sign-on, where ENQUIRY_OIDC_ISSUER,
    ENQUIRY_OIDC_AUDIENCE and ENQUIRY_OIDC_JWKS name a provider (docs/security.md).
    """
    options = Options(
        host=host,
        port=port,
        data=data,
        story_clock=clock == "client",
        database_url=database_url,
        nats_url=nats_url,
        requests_per_minute=requests_per_minute,
        signer=signer,
    )
    try:
        run_until_told(_serve(options, ready_file), uvloop.new_event_loop)
    except (EngineError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


async def _serve(options: Options, ready_file: Path | None) -> None:
    async with AsyncExitStack() as stack:
        with telling() as tell:
            ready, over = await stack.enter_async_context(served(options, tell))
        if ready_file is not None:
            write_ready(ready, ready_file)
        tell_ready(ready)
        await over
