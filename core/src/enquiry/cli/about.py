"""``enquiry about``: everything about one person, for whoever answers their request."""

import asyncio
import os
import time
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import click
import msgspec

from enquiry.cli.named import registry
from enquiry.cli.options import engine_options
from enquiry.engines import EngineError, engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.privacy.keys import Keyring
from enquiry.privacy.source import KeyFileRefused
from enquiry.runtime.start import key_file
from enquiry.runtime.subject_access import About, SubjectAccess
from enquiry.runtime.texts import Opener


@click.command("about")
@click.option("--alliance", type=click.UUID, required=True, help="In which alliance.")
@click.option("--person", type=click.UUID, required=True, help="Whose: a person's or pupil's id.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file, JSON, which only its owner can read. It must not exist.",
)
@engine_options
def about_command(
    alliance: UUID,
    person: UUID,
    to: Path,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Write down everything about one person: readable, complete, and nothing about others.

    Look through it before it is handed on: what somebody wrote may name others in its words.
    """
    try:
        found = asyncio.run(_gather(alliance, person, data, database_url, nats_url))
        _write(to, found)
    except (EngineError, FileExistsError, KeyFileRefused, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{to}: {len(found)} facts")


async def _gather(
    alliance: UUID, person: UUID, data: Path, database_url: str | None, nats_url: str | None
) -> list[About]:
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(engines(data, database_url, nats_url))
        log = await stack.enter_async_context(await PostgresLog.open(own.database_url))
        keyring = Keyring(log, await key_file(data, log), time.monotonic)
        access = SubjectAccess(log, registry(), Opener(log, keyring))
        return await access.about(alliance, person)


def _write(to: Path, found: list[About]) -> None:
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
