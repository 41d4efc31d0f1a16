"""One engine process: start it, watch it, end it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from enquiry.engines import launch
from enquiry.engines.account import Account
from enquiry.engines.errors import EngineError

LOG_BYTES_MAX = 8 * 1024 * 1024
TAIL_LINES = 8
POLL_SECONDS = 0.01


class Child:
    """A running engine process. The pid stays the engine's own: nothing stands between."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        """Hold a process that was just started; use `start`."""
        self._process = process
        self.log = log

    @classmethod
    async def start(
        cls, command: Sequence[str], account: Account, log: Path, death_signal: signal.Signals
    ) -> Self:
        """Start a program as `account`, with output to `log`.

        Call it from a thread that lives as long as the engine is to live: on Linux the engine gets
        `death_signal` when that thread ends, however it ends.
        """
        rotate(log)
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *launch_command(command, account, death_signal),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return cls(process, log)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: ended by that signal."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait until it has ended; returns the exit code."""
        return await self._process.wait()

    async def until(self, ready: Callable[[], bool], seconds: float, name: str) -> None:
        """Wait until the engine says it is ready.

        Args:
            ready: cheap question asked about a hundred times a second.
            seconds: how long to wait at most.
            name: of the engine, for the message.

        Raises:
            EngineError: it ended, or was not ready in time. The message carries the end of its log.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        while not ready():
            if self.exit_code is not None:
                raise EngineError(f"{name} ended while starting.{tail(self.log)}")
            if asyncio.get_running_loop().time() > deadline:
                raise EngineError(f"{name} was not ready after {seconds:g} s.{tail(self.log)}")
            await asyncio.sleep(POLL_SECONDS)

    async def end(self, steps: Sequence[tuple[signal.Signals, float]]) -> None:
        """Send each signal in turn and wait that many seconds after it; in the end, kill."""
        for number, seconds in [*steps, (signal.SIGKILL, 5.0)]:
            if self.exit_code is not None:
                return
            self.send(number)
            try:
                await asyncio.wait_for(self._process.wait(), seconds)
            except TimeoutError:
                continue

    def send(self, number: signal.Signals) -> None:
        """Send a signal; does nothing when the process has ended."""
        try:
            self._process.send_signal(number)
        except ProcessLookupError:
            return


def launch_command(
    command: Sequence[str], account: Account, death_signal: signal.Signals
) -> list[str]:
    """The command that runs `command` as `account`, tied to the life of this process."""
    facts = (os.getpid(), account.uid, account.gid, int(death_signal))
    return [sys.executable, "-I", "-S", launch.__file__, *map(str, facts), *command]


def rotate(log: Path) -> None:
    """Set an engine's log aside (one generation) once it has grown past `LOG_BYTES_MAX`."""
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))


def tail(log: Path) -> str:
    """The last lines of a log, as the end of a message."""
    if not log.exists():
        return ""
    with log.open("rb") as source:
        source.seek(max(0, log.stat().st_size - 4096))
        lines = source.read().decode("utf-8", "replace").splitlines()[-TAIL_LINES:]
    return "\n".join([f" The end of {log}:", *(f"  {line}" for line in lines)])
