"""``enquiry engines``: PostgreSQL and NATS alone, for those who develop against them."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path

import rich_click as click

from enquiry.cli.options import engine_options
from enquiry.engines import EngineError, engines


@click.command("engines")
@engine_options
def engines_command(data: Path, database_url: str | None, nats_url: str | None) -> None:
    """Start the embedded engines, print their addresses, and wait for Ctrl-C.

    The addresses are printed as the environment variables with which other processes use them. They
    hold passwords.
    """
    try:
        run_until_told(_engines(data, database_url, nats_url))
    except EngineError as error:
        raise click.ClickException(str(error)) from error


async def _engines(data: Path, database_url: str | None, nats_url: str | None) -> None:
    async with engines(data, database_url, nats_url, progress=_tell) as running:
        click.echo(f"ENQUIRY_DATABASE_URL='{running.database_url}'")
        click.echo(f"ENQUIRY_NATS_URL='{running.nats_url}'")
        _tell(f"Data in {data}. Ctrl-C stops the engines.")
        await running.broken()


def _tell(line: str) -> None:
    click.echo(line, err=True)


def run_until_told(
    work: Coroutine[None, None, None],
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> None:
    """Run until the work ends, or SIGINT or SIGTERM cancels it; being told to stop is no error.

    ``loop`` makes the event loop, for whoever wants a faster one.
    """

    async def guarded() -> None:
        task = asyncio.ensure_future(work)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(guarded())
