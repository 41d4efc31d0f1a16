"""``enquiry check-log`` and ``enquiry accept-restore``: whether a log may be served, and go on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import click

from enquiry.audit.acceptance import Acceptance, Accepted, remembered_in
from enquiry.audit.files import FolderRefused
from enquiry.audit.signing import FOLDER
from enquiry.audit.store import TreeStore
from enquiry.engines import EngineError, default_data_folder, engines
from enquiry.engines.folder import open_data_folder
from enquiry.engines.postgres import Postgres
from enquiry.engines.progress import silence
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.runtime.restored import NotAccepted, accept
from enquiry.runtime.system import wall_clock

UNCHECKED = 3
"""Exit code where nothing could be checked; 1: something is wrong."""

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ENQUIRY_DATA",
    show_envvar=True,
    default=default_data_folder,
    help="Folder of the embedded engines, of the keys and of the signer.",
)
_DATABASE = click.option(
    "--database-url",
    envvar="ENQUIRY_DATABASE_URL",
    show_envvar=True,
    help="Use this PostgreSQL in place of the embedded one, as the owner of the tables.",
)
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The signer's. Default: 'signer' in the data folder.",
)


class Unchecked(click.ClickException):
    """Nothing could be checked."""

    exit_code = UNCHECKED


@asynccontextmanager
async def database(data: Path, url: str | None) -> AsyncGenerator[str]:
    """Address of the database: yours, the embedded one that runs, or one that is started."""
    folder = open_data_folder(data)
    if url is not None:
        yield url
    elif Postgres(folder, silence).is_up():
        yield Postgres(folder, silence).url
    else:
        async with engines(data, nats_url="nats://unused") as running:
            yield running.database_url


@click.command("check-log")
@_DATA
@_DATABASE
@_FOLDER
@click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Which data keys were destroyed, an id a line.",
)
def check_log_command(
    data: Path, database_url: str | None, folder: Path | None, ledger: Path | None
) -> None:
    """Judge whether a log may be served: after a restore, a move, an upgrade.

    Looks at every event: its numbers, its digest, the tiles and checkpoints over it, what the
    signer remembers, ciphertexts and data keys. Exits with 1 if something is wrong, with 3 if
    nothing could be checked. Nobody should write meanwhile.
    """
    try:
        told = asyncio.run(_check(data, database_url, folder or data / FOLDER, ledger))
    except (EngineError, FolderRefused, Unavailable) as error:
        raise Unchecked(str(error)) from error
    for line in report(told):
        click.echo(line)
    if told.findings:
        raise SystemExit(1)


def report(told: Accepted) -> list[str]:
    """What was looked at, and what is wrong, a line each."""
    lines = [
        f"log {told.log}: {told.head} events of {told.alliances} alliances looked at, with their"
        " numbers, digests, tiles, ciphertexts and keys",
        f"held against {told.remembered} checkpoints that the signer remembers, and"
        f" {told.erased} keys that were destroyed",
    ]
    for finding in told.findings:
        where = "" if finding.position is None else f"position {finding.position}: "
        lines.append(f"{where}{finding.what}")
    if told.first_bad is not None:
        lines.append(f"the first bad event is the one at position {told.first_bad}")
    return lines if told.findings else [*lines, "nothing is wrong"]


async def _check(data: Path, url: str | None, folder: Path, ledger: Path | None) -> Accepted:
    remembered = remembered_in(folder)
    erased = _erased(ledger)
    async with (
        database(data, url) as address,
        await PostgresLog.open(address, readers_max=2) as log,
    ):
        store = await TreeStore.open(address)
        try:
            return await Acceptance(log, store, remembered, erased).judge()
        finally:
            await store.close()


def _erased(ledger: Path | None) -> frozenset[UUID]:
    if ledger is None:
        return frozenset()
    from enquiry.privacy.ledger import LedgerFile

    return LedgerFile(ledger).read()


@click.command("accept-restore")
@_DATA
@_DATABASE
@_FOLDER
@click.option(
    "--reason", required=True, help="Why the end is lost. Auditors read it; it names no person."
)
def accept_restore_command(
    data: Path, database_url: str | None, folder: Path | None, reason: str
) -> None:
    """Record that events which were signed are lost for good, and let the log go on without them.

    It takes another id, its trees begin anew, and the reason is the first thing that is signed.
    What was signed until now is kept in the signer's folder and in the database. Every server and
    worker must be stopped.
    """
    try:
        decided = asyncio.run(_accept(data, database_url, folder or data / FOLDER, reason))
    except (EngineError, FolderRefused, NotAccepted, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(decided)


async def _accept(data: Path, url: str | None, folder: Path, reason: str) -> str:
    async with database(data, url) as address:
        decided = await accept(address, folder, reason, wall_clock())
    return (
        f"log {decided.former} goes on as {decided.log} from position {decided.position}."
        " Give auditors the lines of 'enquiry signer keys' anew."
    )
