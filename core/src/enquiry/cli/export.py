"""``enquiry export``: the history of an alliance, or of one run, for an auditor's own machine."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import click

from enquiry.audit.export import Wanted, export
from enquiry.audit.files import FolderRefused
from enquiry.audit.keys import KeyRing
from enquiry.audit.proofs import NotSigned
from enquiry.audit.replay import Replay
from enquiry.audit.signing import FOLDER
from enquiry.audit.store import TreeStore
from enquiry.cli.named import registry
from enquiry.cli.options import engine_options
from enquiry.engines import EngineError, engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable


@click.command("export")
@click.option("--alliance", type=click.UUID, required=True, help="Whose history.")
@click.option("--run", type=click.UUID, help="Only this run (or enquiry, or alliance stream).")
@click.option("--sealed", is_flag=True, help="Also sealed values, as ciphertexts.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The bundle; its name may end with .eqaudit.tar.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The signer's, whose key signs the bundle. Default: 'signer' in the data folder.",
)
@engine_options
def export_command(
    alliance: UUID,
    run: UUID | None,
    sealed: bool,
    to: Path,
    folder: Path | None,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Write a bundle up to the newest checkpoint, for 'enquiry verify'.

    It holds what was recorded, without anything that is sealed. Whoever has it can read which
    events there were, of what kind and when.
    """
    wanted = Wanted(alliance, run, sealed)
    try:
        asyncio.run(_export(wanted, to, folder or data / FOLDER, data, database_url, nats_url))
    except (EngineError, FolderRefused, NotSigned, Unavailable) as error:
        to.unlink(missing_ok=True)
        raise click.ClickException(str(error)) from error


async def _export(
    wanted: Wanted,
    to: Path,
    folder: Path,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    path = folder / "keys.json"
    ring = KeyRing.open(path) if path.exists() else None
    methods = registry().methods
    replay = Replay(lambda method, version: methods.get((method, version)))
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(engines(data, database_url, nats_url))
        log = await stack.enter_async_context(await PostgresLog.open(running.database_url))
        store = await TreeStore.open(running.database_url)
        stack.push_async_callback(store.close)
        with to.open("wb") as file:
            found = await export(log, store, wanted, file, ring, replay)
    signed = "signed" if ring is not None else "not signed: the signer's keys are not here"
    click.echo(f"{to}: {found.size} events of {found.origin}; {signed}")
