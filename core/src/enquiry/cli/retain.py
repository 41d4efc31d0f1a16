"""``enquiry retain``: what is kept no longer, listed or destroyed."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from enquiry.cli.named import registry
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.runtime.retention import ClockAhead, Retention
from enquiry.runtime.start import ledger_file
from enquiry.runtime.system import wall_clock


@click.command("retain")
@click.option(
    "--database-url",
    envvar="ENQUIRY_DATABASE_URL",
    show_envvar=True,
    required=True,
    help="The PostgreSQL of the log.",
)
@click.option("--schema", default="enquiry", show_default=True, help="Schema of the log.")
@click.option("--destroy", is_flag=True, help="Record that it is kept no longer, then destroy it.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="List what will be due at the start of this day, UTC. Only without --destroy.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ENQUIRY_DATA",
    show_envvar=True,
    help="Folder of the server: what is destroyed is written down beside its keys, too.",
)
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="Destroy although nothing has been recorded for half a year.",
)
def retain_command(
    database_url: str,
    schema: str,
    destroy: bool,
    on: datetime | None,
    data: Path | None,
    clock_is_right: bool,
) -> None:
    """List what is kept no longer; with --destroy, see to it that nobody can read it any more.

    A server does the same once an hour. Nothing that is destroyed comes back, from no backup either
    once the server has started over it.
    """
    if destroy and on is not None:
        raise click.UsageError("What is not due yet is not destroyed: leave out --on.")
    now = on.replace(tzinfo=UTC) if on is not None else wall_clock()
    try:
        lines = asyncio.run(
            _retain(database_url, schema, now, data, destroy=destroy, sure=clock_is_right)
        )
    except ClockAhead as refused:
        says = f"{refused} If the clock is right, say --clock-is-right."
        raise click.ClickException(says) from refused
    except Unavailable as error:
        raise click.ClickException(str(error)) from error
    for line in lines or ["nothing is due"]:
        click.echo(line)


async def _retain(
    url: str, schema: str, now: datetime, data: Path | None, *, destroy: bool, sure: bool
) -> list[str]:
    ledger = ledger_file(data) if data is not None else None
    async with await PostgresLog.open(url, schema=schema, readers_max=2) as log:
        retention = Retention(log, registry(), ledger=ledger)
        if destroy:
            if not sure:
                await retention.check_clock(now)
            return [
                f"destroyed {one.keys} keys and {one.ciphertexts} texts: {one.due.stream} "
                f"{one.due.kind} ({one.due.what})"
                for one in await retention.round(now)
            ]
        return [
            f"{one.since} {one.stream} {one.kind} ({one.what})" async for one in retention.due(now)
        ]
