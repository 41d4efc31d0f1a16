"""``enquiry export``: what was recorded, for an auditor's own machine; each export is recorded."""

import asyncio
import os
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

import click
from msgspec import Struct

from enquiry.audit.export import Exported, Profile, Tell, Wanted, export, export_entry
from enquiry.audit.files import FolderRefused, write_whole
from enquiry.audit.keys import KeyRing
from enquiry.audit.proofs import NotSigned
from enquiry.audit.pseudonyms import SECRET_BYTES, Pseudonyms
from enquiry.audit.replay import Replay
from enquiry.audit.signing import FOLDER
from enquiry.audit.store import TreeStore
from enquiry.cli.named import registry
from enquiry.cli.options import engine_options
from enquiry.engines import EngineError, engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.method.registry import Registry
from enquiry.privacy.keys import Keyring
from enquiry.privacy.source import KeyFile
from enquiry.runtime.disclosure import Disclosure
from enquiry.runtime.start import KEY_FILE
from enquiry.runtime.system import wall_clock

SECRET = Path("keys") / "pseudonyms"
"""Where the secret of pseudonyms lies in the data folder."""
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class _Asked(Struct, frozen=True):
    """What is wanted, for whom, and where everything lies."""

    wanted: Wanted
    auditor: UUID | None
    to: Path
    signer: Path
    data: Path


@click.command("export")
@click.option("--alliance", type=click.UUID, required=True, help="Whose history.")
@click.option(
    "--run", "--stream", "run", type=click.UUID, help="Only this run, enquiry or other stream."
)
@click.option("--person", type=click.UUID, help="Only what this person recorded or is named in.")
@click.option(
    "--profile",
    type=click.Choice(get_args(Profile)),
    default="structure",
    show_default=True,
    help="How much is shown; see docs/proof-format.md.",
)
@click.option("--auditor", type=click.UUID, help="Who is to read it: pseudonyms are theirs alone.")
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
    person: UUID | None,
    profile: Profile,
    auditor: UUID | None,
    sealed: bool,
    to: Path,
    folder: Path | None,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Write a bundle up to the newest checkpoint, for 'enquiry verify'.

    Whoever has it can read which events there were, of what kind and when. What else it shows is up
    to the profile; 'full' holds everything that people wrote, in plain words: hand it to nobody but
    those who may read all of it. The export itself is recorded in the platform tree.
    """
    if (profile == "pseudonymised") != (auditor is not None):
        raise click.UsageError("Pseudonyms are somebody's own: say --auditor, and only then.")
    wanted = Wanted(alliance, run, sealed=sealed, person=person, profile=profile)
    asked = _Asked(wanted, auditor, to, folder or data / FOLDER, data)
    try:
        line = asyncio.run(_export(asked, database_url, nats_url))
    except (EngineError, FolderRefused, NotSigned, Unavailable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(line)


async def _export(asked: _Asked, database_url: str | None, nats_url: str | None) -> str:
    path = asked.signer / "keys.json"
    ring = KeyRing.open(path) if path.exists() else None
    methods = registry()
    replay = Replay(lambda method, version: methods.methods.get((method, version)))
    fresh = asked.to.with_name(f".{asked.to.name}.new")
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(engines(asked.data, database_url, nats_url))
        log = await stack.enter_async_context(await PostgresLog.open(running.database_url))
        store = await TreeStore.open(running.database_url)
        stack.push_async_callback(store.close)
        stack.callback(fresh.unlink, missing_ok=True)
        tell = _tell(asked, log, methods)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, _FRESH, 0o600), "wb") as file:
            found = await export(log, store, asked.wanted, file, ring, replay, tell)
        await _record(store, asked.wanted, found)
        fresh.replace(asked.to)
    signed = "signed" if ring is not None else "not signed: the signer's keys are not here"
    return f"{asked.to}: {found.size} events of {found.origin}; {signed}"


def _tell(asked: _Asked, log: PostgresLog, methods: Registry) -> Tell | None:
    """Opens what people wrote, if the profile says so."""
    if asked.wanted.profile in ("proof-only", "structure"):
        return None
    pseudonyms = None
    if asked.auditor is not None:
        secret = _secret(asked.data / SECRET)
        pseudonyms = Pseudonyms(secret, asked.wanted.alliance, asked.auditor)
    keyring = Keyring(log, KeyFile.open(asked.data / KEY_FILE), time.monotonic)
    return Disclosure(log, methods, keyring, asked.wanted.alliance, pseudonyms).tell


def _secret(path: Path) -> bytes:
    """The secret of pseudonyms, made when it is first needed; without it all names change."""
    if not path.exists():
        write_whole(path, os.urandom(SECRET_BYTES))
    return path.read_bytes()


async def _record(store: TreeStore, wanted: Wanted, found: Exported) -> None:
    """Put the export on record before anybody has it."""
    now = wall_clock()
    micros = int(now.timestamp()) * 1_000_000 + now.microsecond
    await store.add_platform_entry(export_entry(uuid4(), micros, "command", wanted, found))
