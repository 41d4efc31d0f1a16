"""A private NATS server with JetStream: a bell that may be lost, since the log can refill it."""

import asyncio
import signal
import time
from pathlib import Path

import msgspec
import structlog

from enquiry.engines.child import Child
from enquiry.engines.folder import DataFolder
from enquiry.engines.leftovers import end_left_behind
from enquiry.engines.programs import nats_program
from enquiry.engines.progress import Progress

READY_SECONDS_MAX = 60.0
STOP = ((signal.SIGTERM, 1.5),)
SYNC_INTERVAL = "5s"
"""How much a loss of power may cost. PostgreSQL is the truth and the relay publishes the rest
again, so flushing each message (a tenth of the speed) would buy nothing."""
MEMORY_BYTES_MAX = 256 * 1024 * 1024


class Nats:
    """The embedded NATS server of one data folder."""

    name = "NATS"

    def __init__(self, folder: DataFolder, progress: Progress) -> None:
        """Describe it; nothing happens before `start`."""
        self._folder = folder
        self._progress = progress
        self._configuration = folder.nats / "nats.json"
        self._pid_file = folder.run / "nats.pid"
        self._port: int | None = None

    @property
    def url(self) -> str:
        """How to reach it, once started; the same after a restart by the same launcher."""
        return f"nats://{self._folder.secret('nats-token')}@127.0.0.1:{self._port}"

    async def start(self) -> Child:
        """Start the server and wait until it takes connections.

        The system chooses a free port the first time; a restart asks for the same one again, so
        that clients find it. May be called again after the server died.

        Raises:
            EngineError: it cannot be started; the message says why.
        """
        began = time.monotonic()
        program = await asyncio.to_thread(nats_program, self._folder)
        await self._clear_the_way()
        self._write_configuration()
        command = [str(program), "--config", str(self._configuration)]
        child = await Child.start(
            command, self._folder.account, self._folder.log / "nats.log", signal.SIGTERM
        )
        try:
            await child.until(lambda: self._found_port(child.pid), READY_SECONDS_MAX, self.name)
        except BaseException:
            await self.stop(child)
            raise
        self._progress(f"{self.name}: ready after {time.monotonic() - began:.1f} s")
        return child

    async def stop(self, child: Child) -> None:
        """Stop cleanly; forcibly when that takes too long."""
        await child.end(STOP)

    def _write_configuration(self) -> None:
        configuration = {
            "host": "127.0.0.1",
            "port": self._port or -1,
            "server_name": "enquiry",
            "pid_file": str(self._pid_file),
            "ports_file_dir": str(self._folder.run),
            "authorization": {"token": self._folder.secret("nats-token")},
            "jetstream": {
                "store_dir": str(self._folder.nats),
                "sync_interval": SYNC_INTERVAL,
                "max_memory_store": MEMORY_BYTES_MAX,
            },
        }
        # The server's own format is a superset of JSON.
        content = msgspec.json.format(msgspec.json.encode(configuration))
        self._folder.write_private(self._configuration, content, for_engine=True)

    def _found_port(self, pid: int) -> bool:
        try:
            ports = msgspec.json.decode(self._ports_file(pid).read_bytes(), type=Ports)
        except (FileNotFoundError, msgspec.DecodeError):  # not there yet, or half written
            return False
        self._port = int(ports.nats[0].rpartition(":")[2])
        return True

    def _ports_file(self, pid: int) -> Path:
        return self._folder.run / f"nats-server_{pid}.ports"

    async def _clear_the_way(self) -> None:
        """End a server that an earlier launcher left behind: two on one store would ruin it."""
        for ports_file in self._folder.run.glob("nats-server_*.ports"):
            ports_file.unlink(missing_ok=True)
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return
        if await end_left_behind(pid, str(self._configuration), signal.SIGTERM, 10.0):
            event = "stopped a server that an earlier launcher left behind"
            structlog.get_logger().info(event, engine=self.name, pid=pid)


class Ports(msgspec.Struct, frozen=True):
    """The file in which the server tells where it listens."""

    nats: tuple[str, ...]
