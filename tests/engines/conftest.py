"""What the tests of the engines look at: processes, and messages in a stream."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest


@pytest.fixture
def processes_on() -> Callable[[Path], list[str]]:
    """Names of the engine processes whose command line names a data folder."""

    def look(data: Path) -> list[str]:
        found: list[str] = []
        for process in psutil.process_iter(["name", "cmdline", "status"]):
            facts = process.info
            words = " ".join(facts["cmdline"] or ())
            if f"{data}/" in words and facts["status"] != psutil.STATUS_ZOMBIE:
                found.append(facts["name"])
        return sorted(found)

    return look


@pytest.fixture
def until() -> Callable[..., object]:
    """Wait until a question is answered with something true; give up after some seconds."""

    async def wait(question: Callable[[], object], seconds: float = 15.0) -> object:
        deadline = asyncio.get_running_loop().time() + seconds
        while not (answer := question()):
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.02)
        return answer

    return wait
