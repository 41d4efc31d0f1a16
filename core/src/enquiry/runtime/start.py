"""Starting and stopping, in order: log, keys, methods, projections, relay, timers."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog
from asyncpg import Pool

from enquiry.audit.files import FolderBusy
from enquiry.audit.signing import FOLDER as SIGNER_FOLDER
from enquiry.audit.signing import signing
from enquiry.audit.store import TreeStore
from enquiry.kernel.methods import KERNEL
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Unavailable
from enquiry.log.wall import SIGNER, WORKER, as_role
from enquiry.method.registry import Registry, load
from enquiry.privacy.ledger import LedgerFile
from enquiry.privacy.source import KeyFile, KeySource
from enquiry.runtime.boxes import PostgresBoxes
from enquiry.runtime.erasure.flow import Erasures
from enquiry.runtime.erasure.honour import honour
from enquiry.runtime.feed.relay import Listener, Relay
from enquiry.runtime.lists.index import Index, stream_index
from enquiry.runtime.lists.projector import project
from enquiry.runtime.lists.shelf import Shelf
from enquiry.runtime.retention import ClockAhead, Retention
from enquiry.runtime.system import System, wall_clock

KEY_FILE = Path("keys") / "key-encryption-keys"
"""Where the key-encryption key lies in the data folder."""
TICK_SECONDS = 60.0
RETAIN_SECONDS = 3600.0
"""Between two looks for what is kept no longer; the first comes with the start."""
ERASE_SECONDS = 60.0
"""Between two looks for erasures that were granted."""
HEED_SECONDS = 5.0
"""Between two looks for keys that another process has destroyed."""
INDEX_CONNECTIONS_MAX = 4
"""One projects, the others answer."""
INDEX_PATIENCE_SECONDS = 5.0
"""How long a start waits for lists that are complete; a long log takes longer, and lists say so."""

_log = structlog.get_logger()


def installed(*, allow: Collection[str] | None = None, strict: bool = False) -> Registry:
    """The kernel's own methods and those of the installed plug-ins; ``allow`` names which."""
    return load(builtins=KERNEL, allow=allow, strict=strict)


async def key_file(data: Path, log: PostgresLog) -> KeyFile:
    """The key-encryption key, beside the database and never inside it.

    A new one is made for an empty log only: with events there, a missing file means lost keys.
    """
    path = data / KEY_FILE
    if path.exists() or await log.head() > 0:
        return KeyFile.open(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return KeyFile.create(path)


def ledger_file(data: Path) -> LedgerFile:
    """Which keys were destroyed, beside the key-encryption key: no restored database undoes it."""
    return LedgerFile(data / "keys" / "destroyed-keys")


@asynccontextmanager
async def running(
    data: Path,
    database_url: str,
    nats_url: str | None = None,
    *,
    clock: Callable[[], datetime] = wall_clock,
    timers: bool = True,
    signer: bool = True,
    allow: Collection[str] | None = None,
    strict: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> AsyncGenerator[System]:
    """The whole system over these engines; stops everything it started, in order.

    Args:
        data: folder for what belongs in no database: the key-encryption key.
        database_url: of PostgreSQL; its schema is made or migrated.
        nats_url: of NATS with JetStream; ``None`` for no relay.
        clock: tells the time to what has no command.
        timers: look once a minute what the passing of time has brought about, and once an hour
            what is kept no longer.
        signer: sign the history of every alliance, where no other process does.
        allow: names of the plug-ins to load; ``None``: all of them.
        strict: a plug-in in quarantine is fatal.
        progress: hears what is being done.
    """
    async with AsyncExitStack() as stack:
        progress("opening the log")
        log = await stack.enter_async_context(await PostgresLog.open(database_url))
        if log.wall_down is not None:
            _log.warning("the second wall in the database is down", why=log.wall_down)
        source = await key_file(data, log)
        ledger = ledger_file(data)
        again = await honour(log, ledger, clock())
        if again:
            _log.warning("destroyed again what a restored database had brought back", keys=again)
        progress("loading the methods")
        registry = installed(allow=allow, strict=strict)
        progress("bringing the lists up to date")
        listing = await _index(stack, log, registry, database_url)
        boxes = await _boxes(stack, source, log, database_url)
        system = System(log, registry, source, listing, clock, boxes)
        await system.start()
        stack.push_async_callback(system.stop)
        if timers:
            _background(stack, "timers", lambda: _tick(system))
            _background(stack, "retention", lambda: _retain(system, ledger))
            _background(stack, "erasures", lambda: _erase(system, ledger))
        _background(stack, "heeding", lambda: _heed(system))
        await _trees(stack, log, data, database_url, system, signer=signer)
        if nats_url is not None:
            _feed(stack, log, nats_url, system)
        yield system


async def _workers(stack: AsyncExitStack, log: PostgresLog, url: str, size: int = 2) -> Pool:
    """Connections as a worker, where the second wall is up."""
    settings = as_role(WORKER, up=log.wall_down is None)
    pool = asyncpg.create_pool(url, min_size=0, max_size=size, server_settings=settings)
    return await stack.enter_async_context(pool)


async def _boxes(
    stack: AsyncExitStack, source: KeySource, log: PostgresLog, database_url: str
) -> PostgresBoxes:
    """Keep what must not be recorded with an act."""
    pool = await stack.enter_async_context(
        asyncpg.create_pool(database_url, min_size=0, max_size=1)
    )
    boxes = PostgresBoxes(pool, source, works=await _workers(stack, log, database_url))
    await boxes.prepare()
    return boxes


async def _index(
    stack: AsyncExitStack, log: PostgresLog, registry: Registry, database_url: str
) -> Index:
    """Keep the index of streams; a long log may still be folded when this returns."""
    pool = await stack.enter_async_context(
        asyncpg.create_pool(database_url, min_size=0, max_size=2)
    )
    works = await _workers(stack, log, database_url, INDEX_CONNECTIONS_MAX)
    shelf = Shelf(pool, works=works)
    await shelf.prepare()
    _background(stack, "index", lambda: project(log, shelf, stream_index(log, registry)))
    index = Index(shelf)
    await index.reached(await log.head(), INDEX_PATIENCE_SECONDS)
    return index


async def _trees(
    stack: AsyncExitStack,
    log: PostgresLog,
    data: Path,
    database_url: str,
    system: System,
    *,
    signer: bool,
) -> None:
    """Serve proofs; sign, unless another process does."""
    system.trees = await TreeStore.open(database_url, role=SIGNER)
    stack.push_async_callback(system.trees.close)
    if signer:
        try:
            begun = signing(log, system.trees, data / SIGNER_FOLDER)
            system.signer = await stack.enter_async_context(begun)
        except FolderBusy as busy:
            _log.warning("nothing is signed here", why=str(busy))


def _feed(stack: AsyncExitStack, log: PostgresLog, nats_url: str, system: System) -> None:
    """Publish references, and be woken by those that anybody publishes."""
    relay = Relay(log, nats_url, on_reset=system.tail.restart)
    listener = Listener(log.id, nats_url, lambda _: system.tail.ring())
    system.relay = relay
    _background(stack, "relay", relay.run)
    _background(stack, "listener", listener.run)


def _background(stack: AsyncExitStack, name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run something until the stack unwinds."""

    async def forever() -> None:
        await run()

    task = asyncio.create_task(forever(), name=name)

    async def end() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)


async def _tick(system: System) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        try:
            recorded = await system.tick(system.clock())
        except Unavailable:
            continue
        if recorded:
            _log.info("timers", recorded=recorded)


async def _erase(system: System, ledger: LedgerFile) -> None:
    """Carry out what was granted; at first what a crash has interrupted."""
    erasures = Erasures(system.log, system.registry, ledger, system.forget)
    while True:
        with contextlib.suppress(Unavailable):
            for one in await erasures.round(system.clock()):
                _log.info("erasure", request=str(one.request), done=one.done)
        await asyncio.sleep(ERASE_SECONDS)


async def _heed(system: System) -> None:
    """Open nothing with keys that another process has destroyed."""
    while True:
        await asyncio.sleep(HEED_SECONDS)
        with contextlib.suppress(Unavailable):
            await system.heed()


async def _retain(system: System, ledger: LedgerFile) -> None:
    """Destroy what is kept no longer; at first what a crash has interrupted."""
    retention = Retention(system.log, system.registry, system.forget, ledger)
    while True:
        await retained(system, retention)
        await asyncio.sleep(RETAIN_SECONDS)


async def retained(system: System, retention: Retention) -> None:
    """One look; whatever goes wrong is told, and the next look comes all the same."""
    now = system.clock()
    try:
        await retention.check_clock(now)
        gone = await retention.round(now)
    except Unavailable:
        return
    except ClockAhead as refused:
        _log.warning("retention is put off", why=str(refused))
    except Exception:  # noqa: BLE001 - whatever it is, the next look comes
        _log.exception("retention failed; it is tried again")
    else:
        if gone:
            _log.info("retention", destroyed=sum(one.keys for one in gone))
