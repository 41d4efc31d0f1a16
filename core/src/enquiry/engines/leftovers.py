"""Processes that an earlier launcher left behind: recognised beyond doubt, then ended."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.01


def command_line(pid: int) -> str | None:
    """The command line of a running process; None when there is none (or it is a zombie).

    A pid in a file proves nothing: after a crash, and in a container almost surely, the number may
    belong to somebody else by now.
    """
    if sys.platform == "linux":
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        return raw.replace(b"\0", b" ").decode("utf-8", "replace") or None
    listing = subprocess.run(  # noqa: S603 - fixed program # nosec B603
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        timeout=5,
    )
    return listing.stdout.strip() or None


async def end_left_behind(pid: int, signature: str, number: signal.Signals, seconds: float) -> bool:
    """End a process that an earlier launcher left behind.

    Args:
        pid: its process id, as some file remembers it.
        signature: text that only a process of ours has in its command line; no other is touched.
        number: the signal that ends it properly.
        seconds: how long it may take before it is killed.

    Returns:
        Whether there was such a process.
    """

    def ours() -> bool:
        return signature in (command_line(pid) or "")

    if not ours():
        return False
    os.kill(pid, number)
    if not await _holds(lambda: not ours(), seconds):
        os.kill(pid, signal.SIGKILL)
        await _holds(lambda: not ours(), 5.0)
    return True


async def end_working_in(folder: Path, seconds: float) -> list[int]:
    """Wait for the processes that work in a folder to end; kill those that do not.

    Only Linux shows which they are; elsewhere this does nothing.

    Args:
        folder: the data folder of a cluster whose server is gone: nobody else works there.
        seconds: how long they may take.

    Returns:
        The process ids of those that had to be killed.
    """
    if await _holds(lambda: not working_in(folder), seconds):
        return []
    stubborn = working_in(folder)
    for pid in stubborn:
        os.kill(pid, signal.SIGKILL)
    await _holds(lambda: not working_in(folder), 5.0)
    return stubborn


def working_in(folder: Path) -> list[int]:
    """Process ids of those, visible to this user, whose working folder is this one."""
    processes = Path("/proc").glob("[0-9]*") if sys.platform == "linux" else ()
    return [int(process.name) for process in processes if _works_in(process, folder)]


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return Path(os.readlink(process / "cwd")) == folder
    except OSError:  # gone, or another user's; the cluster's own user could be seen
        return False


async def _holds(question: Callable[[], bool], seconds: float) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while not question():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True


def is_server_of(pid: int, cluster: Path) -> bool:
    """Whether a process is a PostgreSQL server of this cluster, as far as the system tells.

    A server works in the folder of its cluster. Only Linux shows that cheaply; elsewhere every
    PostgreSQL server is taken for one.
    """
    program = (command_line(pid) or "").partition(" ")[0]
    if Path(program).name not in {"postgres", "postmaster"}:
        return False
    if sys.platform != "linux":
        return True
    return _works_in(Path(f"/proc/{pid}"), cluster)
