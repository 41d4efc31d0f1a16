"""``enquiry retain``: what is kept no longer, listed or destroyed."""

import asyncio
from datetime import UTC, datetime

import click

from enquiry.cli.named import registry
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.runtime.retention import Retention
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
def retain_command(database_url: str, schema: str, destroy: bool, on: datetime | None) -> None:
    """List what is kept no longer; with --destroy, see to it that nobody can read it any more.

    A server does the same once an hour. Nothing that is destroyed comes back, from no backup either
    once the server has started over it.
    """
    if destroy and on is not None:
        raise click.UsageError("What is not due yet is not destroyed: leave out --on.")
    now = on.replace(tzinfo=UTC) if on is not None else wall_clock()
    try:
        lines = asyncio.run(_retain(database_url, schema, now, destroy=destroy))
    except Unavailable as error:
        raise click.ClickException(str(error)) from error
    for line in lines or ["nothing is due"]:
        click.echo(line)


async def _retain(url: str, schema: str, now: datetime, *, destroy: bool) -> list[str]:
    async with await PostgresLog.open(url, schema=schema, readers_max=2) as log:
        retention = Retention(log, registry())
        if destroy:
            return [
                f"destroyed {one.keys} keys and {one.ciphertexts} texts: {one.due.stream} "
                f"{one.due.kind} ({one.due.what})"
                for one in await retention.round(now)
            ]
        return [
            f"{one.since} {one.stream} {one.kind} ({one.what})" async for one in retention.due(now)
        ]
