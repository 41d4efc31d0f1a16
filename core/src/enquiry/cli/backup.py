"""``enquiry backup`` and ``enquiry restore``: copies of the embedded database, and back again."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from enquiry.engines import EngineError, default_data_folder
from enquiry.engines.backup import back_up, copy_keys
from enquiry.engines.restore import Target, restore

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ENQUIRY_DATA",
    show_envvar=True,
    default=default_data_folder,
    help="Folder of the embedded engines.",
)


def _tell(line: str) -> None:
    click.echo(line, err=True)


@click.command("backup")
@_DATA
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Copy the database here, and keep every change here from now on.",
)
@click.option(
    "--keys-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Copy the keys here: another place, in other hands than the database's.",
)
def backup_command(data: Path, to: Path | None, keys_to: Path | None) -> None:
    """Copy the embedded database, while it runs or not; and, apart from it, the keys.

    Whoever has both copies can read everything, and an old copy of both would bring back who was
    erased since. So they may not lie in one folder: keep them in different places.
    """
    if to is None and keys_to is None:
        raise click.UsageError("Say where: --to for the database, --keys-to for the keys.")
    try:
        if keys_to is not None:
            for path in copy_keys(data, keys_to, to):
                click.echo(path)
        if to is not None:
            base = asyncio.run(back_up(data, to, _tell))
            click.echo(f"{to / base.name}: up to position {base.position} and beyond")
    except EngineError as error:
        raise click.ClickException(str(error)) from error


@click.command("restore")
@_DATA
@click.option(
    "--from",
    "backups",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Where 'enquiry backup --to' has put it.",
)
@click.option("--to", help="A position, or a time (RFC 3339). Without: the end of what was kept.")
@click.option(
    "--keys-from",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A copy of the keys. Only what is missing in the data folder is taken from it.",
)
def restore_command(data: Path, backups: Path, to: str | None, keys_from: Path | None) -> None:
    """Bring the embedded database back. What is there is set aside, not overwritten.

    Then run 'enquiry check-log'. If events are lost that were signed, nothing more is signed until
    'enquiry accept-restore' says that they are lost for good.
    """
    try:
        told = asyncio.run(restore(backups, data, target(to), keys_from, _tell))
    except EngineError as error:
        raise click.ClickException(str(error)) from error
    if told.aside is not None:
        click.echo(f"what was there lies in {told.aside}")
    click.echo(f"restored up to position {told.position} of log {told.log}")


def target(text: str | None) -> Target:
    """What ``--to`` says.

    Raises:
        UsageError: neither a position nor a time with its zone.
    """
    if text is None or (text.isascii() and text.isdigit()):
        return int(text) if text else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.UsageError("--to takes a position or a time with its zone, as RFC 3339 has it.")
    return found.astimezone(UTC)
