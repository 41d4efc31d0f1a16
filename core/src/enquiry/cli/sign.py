"""``enquiry signer``: sign in a process of its own, change the key, name the keys."""

import asyncio
from pathlib import Path
from uuid import UUID

import click

from enquiry.audit.examine import Examination, Flaw
from enquiry.audit.files import FolderRefused
from enquiry.audit.signer import EVERY_SECONDS
from enquiry.audit.signing import policy, rotate, signing
from enquiry.audit.store import TreeStore
from enquiry.cli.start_engines import run_until_told
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.log.wall import SIGNER

_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Keys and last checkpoints. Best on another volume than the database.",
)

_DATABASE = click.option(
    "--database-url",
    envvar="ENQUIRY_DATABASE_URL",
    show_envvar=True,
    required=True,
    help="The PostgreSQL of the log, as a role that may read it and write the trees.",
)
_SCHEMA = click.option("--schema", default="enquiry", show_default=True, help="Schema of the log.")


@click.group("signer")
def signer_command() -> None:
    """Sign the history of every alliance, apart from the server.

    Start the servers with --no-signer then: one process signs at a time.
    """


@signer_command.command("run")
@_FOLDER
@_DATABASE
@_SCHEMA
def run_command(folder: Path, database_url: str, schema: str) -> None:
    """Sign about once a second, until Ctrl-C. Says why, where it refuses."""
    try:
        run_until_told(_run(folder, database_url, schema))
    except (FolderRefused, Unavailable) as error:
        raise click.ClickException(str(error)) from error


async def _run(folder: Path, database_url: str, schema: str) -> None:
    log = await PostgresLog.open(database_url, schema=schema, readers_max=2)
    async with log:
        store = await TreeStore.open(
            database_url, schema=f"{schema}_audit", log_schema=schema, role=SIGNER
        )
        try:
            async with signing(log, store, folder) as signer:
                click.echo(f"signing for log {log.id}; keys in {folder}", err=True)
                told: set[str] = set()
                while True:
                    await asyncio.sleep(EVERY_SECONDS)
                    for tree, why in signer.refused.items():
                        line = f"refused to sign {tree}: {why}"
                        if line not in told:
                            click.echo(line, err=True)
                            told.add(line)
        finally:
            await store.close()


@signer_command.command("examine")
@click.option("--alliance", type=click.UUID, required=True, help="Whose history.")
@_DATABASE
@_SCHEMA
def examine_command(alliance: UUID, database_url: str, schema: str) -> None:
    """Hold every column, tile, ciphertext and key against what was signed; exits with 1 for a flaw.

    It runs where the database is. Whoever does not trust that place takes a bundle home instead.
    """
    try:
        flaws = asyncio.run(_examine(alliance, database_url, schema))
    except Unavailable as error:
        raise click.ClickException(str(error)) from error
    for flaw in flaws:
        where = "" if flaw.sequence is None else f"event {flaw.sequence}: "
        click.echo(f"{where}{flaw.what}")
    if flaws:
        raise SystemExit(1)
    click.echo("nothing is wrong")


async def _examine(alliance: UUID, database_url: str, schema: str) -> list[Flaw]:
    async with await PostgresLog.open(database_url, schema=schema, readers_max=2) as log:
        store = await TreeStore.open(database_url, schema=f"{schema}_audit", log_schema=schema)
        try:
            return await Examination(log, store, alliance).flaws()
        finally:
            await store.close()


@signer_command.command("rotate")
@_FOLDER
def rotate_command(folder: Path) -> None:
    """Retire the key at what it has signed, and go on with another. The signer must not run."""
    try:
        rotate(folder)
    except FolderRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo("The next start signs with a new key. Give auditors the lines of 'signer keys'.")


@signer_command.command("keys")
@_FOLDER
def keys_command(folder: Path) -> None:
    """Name which key may sign which sizes of which tree: the policy for 'enquiry verify'."""
    try:
        for line in policy(folder):
            click.echo(line)
    except FolderRefused as error:
        raise click.ClickException(str(error)) from error
