"""``enquiry replay``: fold the log afresh, and compare with what people read."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import click
import msgspec

from enquiry.audit.replay import state_digest
from enquiry.cli.named import AS_JSON, registry
from enquiry.cli.options import engine_options
from enquiry.cli.verify import Judging
from enquiry.engines import EngineError, engines
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.method.registry import Registry
from enquiry.privacy.keys import Keyring
from enquiry.privacy.source import KeyFile
from enquiry.runtime.lists.compare import Compared, Comparison
from enquiry.runtime.lists.contents import contents
from enquiry.runtime.lists.index import NAME, stream_index
from enquiry.runtime.lists.shelf import Contradiction, Shelf
from enquiry.runtime.start import KEY_FILE
from enquiry.runtime.streams import Loaded, Streams

DIFFERENT, INCOMPLETE, USAGE = 1, 2, 3
"""Exit codes beside 0. Incomplete: nothing differs, and some streams could not be folded."""
_PROJECTIONS = {NAME: stream_index}
_CONNECTIONS_MAX = 4


class NoSuch(click.ClickException):
    """Said with 3: it was asked wrongly, or nothing is there that could be replayed."""

    exit_code = USAGE


@click.group("replay", cls=Judging)
def replay_command() -> None:
    """Fold the log afresh, beside the live tables and never into them.

    Exits with 0 if everything is as the log says, 1 if something is not, 2 if some streams could
    not be folded, 3 if it was asked wrongly.
    """


@replay_command.command("projection")
@click.argument("name", type=click.Choice(sorted(_PROJECTIONS)), default=NAME)
@click.option("--upto", type=click.IntRange(min=0), help="Only up to this position, inclusive.")
@AS_JSON
@engine_options
def projection_command(
    name: str,
    upto: int | None,
    as_json: bool,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Rebuild a projection in a scratch schema and compare it with the live one, row by row.

    Each row that differs is shown with the event that last touched it. With --upto, where the live
    one stands elsewhere, only digests are told: those of another day or code can be held against
    them. The content digest is told where the key-encryption key is in the data folder.
    """

    async def work(url: str, log: PostgresLog) -> Compared:
        methods = registry()
        async with asyncpg.create_pool(url, min_size=0, max_size=_CONNECTIONS_MAX) as pool:
            comparison = Comparison(
                log,
                Shelf(pool),
                lambda: _PROJECTIONS[name](log, methods),
                contents=_contents(data, log, methods),
                progress=_progress(),
            )
            return await comparison.run(upto)

    found: Compared = _run(work, data, database_url, nats_url)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
    else:
        for line in _lines(found):
            click.echo(line)
    if not found.same or found.altered is not None:
        raise SystemExit(DIFFERENT)
    if found.parked_live or found.parked_rebuilt:
        raise SystemExit(INCOMPLETE)


@replay_command.command("stream")
@click.argument("stream", type=click.UUID)
@click.option("--at", "said", help="A position, or a time (RFC 3339), inclusive. Default: now.")
@AS_JSON
@engine_options
def stream_command(
    stream: UUID,
    said: str | None,
    as_json: bool,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Fold one stream up to a position or time; tell its place and a digest of its state.

    It is folded twice, at once and event by event; if that makes a difference, it exits with 1. A
    bundle tells the same digests in data/replay, up to its checkpoint.
    """
    at = _moment(said)

    async def work(url: str, log: PostgresLog) -> tuple[Loaded | None, Loaded | None]:
        del url
        streams = Streams(log, registry())
        whole = await streams.at(stream, 2**63 - 1 if at is None else at)
        step: Loaded | None = None
        for event in await streams.events(stream, at):
            step = streams.move_on(stream, (event,))
        return whole, step

    whole, step = _run(work, data, database_url, nats_url)
    if whole is None or step is None:
        raise NoSuch("there is no such stream, or there was none then")
    live, digest = whole.live, state_digest(whole.live)
    told = {
        "stream": str(stream),
        "method": live.method,
        "version": live.version,
        "revision": live.revision,
        "position": live.position,
        "stage": live.stage,
        "installed": whole.compiled is not None,
        "state": digest,
    }
    click.echo(
        msgspec.json.format(msgspec.json.encode(told), indent=2).decode()
        if as_json
        else "\n".join(f"{name:10} {value}" for name, value in told.items())
    )
    if state_digest(step.live) != digest:
        click.echo("folded event by event, it is another state", err=True)
        raise SystemExit(DIFFERENT)
    if whole.compiled is None:
        raise SystemExit(INCOMPLETE)


def _moment(said: str | None) -> int | datetime | None:
    if said is None or said.isdecimal():
        return None if said is None else int(said)
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NoSuch(f"{said} is no position, and no time with an offset")
    return found


def _run(
    work: Callable[[str, PostgresLog], Awaitable[Any]],
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> Any:
    async def inner() -> Any:
        async with AsyncExitStack() as stack:
            running = await stack.enter_async_context(engines(data, database_url, nats_url))
            url = running.database_url
            log = await stack.enter_async_context(await PostgresLog.open(url, readers_max=2))
            return await work(url, log)

    try:
        return asyncio.run(inner())
    except (EngineError, Unavailable, Contradiction) as error:
        raise NoSuch(str(error)) from error
    except asyncpg.UndefinedTableError as error:
        raise NoSuch("nothing is live here: a server builds it first") from error


def _contents(data: Path, log: PostgresLog, methods: Registry) -> Any:
    path = data / KEY_FILE
    if not path.exists():
        return None
    return contents(log, methods, Keyring(log, KeyFile.open(path), time.monotonic))


def _progress() -> Callable[[int, int], None]:
    """Tell of every tenth part, on standard error."""
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        tenth = done * 10 // max(total, 1)
        if tenth != told:
            told = tenth
            click.echo(f"folded {done} of {total} events", err=True)

    return tell


def _lines(found: Compared) -> list[str]:
    verdict = "SAME" if found.same else "DIFFERENT"
    if found.live is None:
        verdict = "NOT COMPARED: the live one stands elsewhere"
    told = [
        verdict,
        f"  {found.projection} version {found.version} at position {found.position}",
        f"  rows: {found.equal} equal, {found.different} different, {found.missing} missing,"
        f" {found.extra} too many",
    ]
    for side, digests in (("live", found.live), ("rebuilt", found.rebuilt)):
        if digests is not None:
            told.append(f"  {side:8} structural {digests.structural}")
            told.append(f"  {side:8} content    {digests.content or 'not told: no keys here'}")
    if found.altered is not None:
        told.append(f"  position {found.altered}: has another digest than its bytes")
    for one in found.differences:
        told.append(f"  {one.what:9} {one.table} {' '.join(map(str, one.key))}")
        told.append(f"    live     {msgspec.json.encode(one.live).decode()}")
        told.append(f"    rebuilt  {msgspec.json.encode(one.rebuilt).decode()}")
        if one.touched is None:
            told.append("    no event touches this row")
        else:
            by = one.touched
            told.append(
                f"    last touched by {by.kind}, position {by.position} (sequence {by.sequence} of"
                f" {by.alliance}, revision {by.revision} of {by.stream})"
            )
    for where, parked in (("live", found.parked_live), ("rebuilt", found.parked_rebuilt)):
        told += [f"  {where}: stream {p.stream} is left out from {p.position}: {p.reason}"
                 for p in parked]  # fmt: skip
    return told
