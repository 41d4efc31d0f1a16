"""Keep the engines running: start both at once, bring back one that dies, stop in order."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import structlog

from enquiry.engines.child import Child
from enquiry.engines.errors import EngineError
from enquiry.engines.folder import DataFolder, open_data_folder
from enquiry.engines.nats import Nats
from enquiry.engines.postgres import Postgres
from enquiry.engines.progress import Progress, silence

RESTARTS_MAX = 5
"""In a row, inclusive; an engine that then ran for `STEADY_SECONDS` starts with a clean slate."""
STEADY_SECONDS = 60.0
BACKOFF_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Before the first, second ... restart in a row."""


class Engine(Protocol):
    """What the supervisor needs of an engine."""

    @property
    def name(self) -> str:
        """As people call it."""
        ...

    @property
    def url(self) -> str:
        """How to reach it, credentials included; known once it was started."""
        ...

    async def start(self) -> Child:
        """Repair what is broken, start, wait until it is ready."""
        ...

    async def stop(self, child: Child) -> None:
        """Stop it cleanly, or forcibly in the end."""
        ...


class Supervised:
    """One engine, and the task that brings it back."""

    def __init__(self, engine: Engine, broken: asyncio.Future[None]) -> None:
        """Hold an engine that is not started yet.

        Args:
            engine: what to keep running.
            broken: gets the error when that fails for good.
        """
        self.engine = engine
        self._broken = broken
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id; None while it is being brought back."""
        return None if self._child is None else self._child.pid

    async def start(self) -> None:
        """Start it and watch over it from now on."""
        self._child = await self.engine.start()
        self._watch = asyncio.create_task(self._bring_back(), name=f"watch {self.engine.name}")
        self._watch.add_done_callback(self._report)

    async def stop(self) -> None:
        """Stop watching, then stop the engine."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._child is not None:
            await self.engine.stop(self._child)
            self._child = None

    async def _bring_back(self) -> None:
        clock = asyncio.get_running_loop().time
        log = structlog.get_logger().bind(engine=self.engine.name)
        restarts, running_since = 0, clock()
        while True:
            if self._child is not None:
                code = await self._child.wait()
                self._child = None
                restarts = 0 if clock() - running_since >= STEADY_SECONDS else restarts
                log.warning("engine ended by itself", exit_code=code)
            if restarts == RESTARTS_MAX:
                self._give_up(log)
                return
            await asyncio.sleep(BACKOFF_SECONDS[min(restarts, len(BACKOFF_SECONDS) - 1)])
            restarts += 1
            try:
                self._child = await self.engine.start()
            except (EngineError, OSError) as error:
                log.warning("engine did not come back", restart=restarts, reason=str(error))
                continue
            running_since = clock()
            log.warning("engine brought back", restart=restarts, pid=self._child.pid)

    def _report(self, watch: asyncio.Task[None]) -> None:
        """Nobody watches the watcher: an error nobody thought of must not go unheard."""
        error = None if watch.cancelled() else watch.exception()
        if error is not None and not self._broken.done():
            self._broken.set_exception(error)

    def _give_up(self, log: structlog.typing.FilteringBoundLogger) -> None:
        log.error("engine given up", restarts=RESTARTS_MAX)
        if not self._broken.done():
            sentence = f"{self.engine.name} ended {RESTARTS_MAX} times in a row; see its log"
            self._broken.set_exception(EngineError(sentence))


class Engines:
    """The engines this process may use: the embedded ones, or those of somebody else."""

    def __init__(
        self, database_url: str | None, nats_url: str | None, data: Path | None, progress: Progress
    ) -> None:
        """Decide which are ours; an address that is given means: not ours."""
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._given = {"PostgreSQL": database_url, "NATS": nats_url}
        self.folder: DataFolder | None = None
        self._own: dict[str, Supervised] = {}
        if database_url is not None and nats_url is not None:
            return
        if data is None:
            raise EngineError("a data folder is needed for the engines that have no address")
        self.folder = open_data_folder(data)
        # In the order of starting; stopped in reverse, so that the truth outlives its bell.
        for engine in (Postgres(self.folder, progress), Nats(self.folder, progress)):
            if self._given[engine.name] is None:
                self._own[engine.name] = Supervised(engine, self._broken)

    @property
    def database_url(self) -> str:
        """Address of PostgreSQL, credentials included; stays the same while this lives."""
        return self._given["PostgreSQL"] or self._own["PostgreSQL"].engine.url

    @property
    def nats_url(self) -> str:
        """Address of NATS, credentials included; stays the same while this lives."""
        return self._given["NATS"] or self._own["NATS"].engine.url

    @property
    def pids(self) -> Mapping[str, int]:
        """Process ids by engine name, of those that are ours and running at this moment."""
        pids = {name: supervised.pid for name, supervised in self._own.items()}
        return MappingProxyType({name: pid for name, pid in pids.items() if pid is not None})

    async def broken(self) -> None:
        """Wait for the day an engine cannot be kept running; that day, raise `EngineError`.

        Never returns otherwise: whoever serves should wait for this beside its own work, and stop.
        """
        await asyncio.shield(self._broken)

    async def start(self) -> None:
        """Start all of ours at once; when one fails, none is left running.

        Raises:
            EngineError: one could not be started.
        """
        tasks = [asyncio.create_task(supervised.start()) for supervised in self._own.values()]
        if not tasks:
            return
        try:
            await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop all of ours, NATS before PostgreSQL."""
        for supervised in reversed(self._own.values()):
            await supervised.stop()
        if not self._broken.cancel() and not self._broken.cancelled():
            self._broken.exception()  # an error that nobody waited for ends here


@asynccontextmanager
async def engines(
    data: Path | None,
    database_url: str | None = None,
    nats_url: str | None = None,
    progress: Progress = silence,
) -> AsyncGenerator[Engines]:
    """Have PostgreSQL and NATS running while the block runs.

    Enter it from a thread that lives as long as the block, such as the main one: on Linux the
    engines end when the thread that started them does, so that a launcher killed hard leaves
    nothing behind.

    Args:
        data: folder for everything the embedded engines keep; may be None when both addresses are
            given. Made when missing; locked against other launchers for as long as the block runs.
        database_url: address of a PostgreSQL of your own; None: the embedded one.
        nats_url: address of a NATS server of your own; None: the embedded one.
        progress: told a line at each step that takes time.

    Yields:
        The addresses, once both are ready.

    Raises:
        EngineError: an engine cannot be started, or another launcher uses the data folder.
    """
    async with AsyncExitStack() as stack:
        these = Engines(database_url, nats_url, data, progress)
        if these.folder is not None:
            await asyncio.to_thread(these.folder.prepare)
            stack.enter_context(these.folder.lock())
        stack.push_async_callback(these.stop)
        await these.start()
        yield these
