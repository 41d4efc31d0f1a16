"""Taking something back against what closes its window: one of the two, never both."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.kernel.systems import over
from tests.kernel.test_run_retracting import RETRACTING
from tests.kernel.test_withdrawal_race import attempt, caught_up, does, gathers, kinds
from tests.runtime.scenes import Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.postgres import PostgresLog
from enquiry.method.registry import load
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile
from enquiry.runtime.terms import Outcome

RUNS = 10
"""In which it is raced at the same time."""
RACES_EACH = 6
PATIENCE_SECONDS = 60
HEAD_START_SECONDS = 0.05
"""For the one or the other, at most: on a busy machine, too, each is first now and then."""


@pytest.fixture
async def processes(postgres_url, tmp_path):
    """The same alliance as two processes see it, which have only the log in common."""
    registry = load(builtins=(*KERNEL, RETRACTING), points=())
    source, schema = KeyFile.create(tmp_path / "keys"), f"log_{uuid4().hex}"
    async with AsyncExitStack() as stack:
        logs = [
            await stack.enter_async_context(await PostgresLog.open(postgres_url, schema=schema))
            for _ in range(2)
        ]
        first = Scene(over(logs[0], registry, source))
        await first.settle()
        yield [first, replace(first, system=over(logs[1], registry, source))]


async def races(two, run, rng):
    """Petra takes a note back in one process, and corrects it in the other: what was corrected
    stays, and what was taken back can no longer be corrected."""
    hers, other = rng.sample(two, 2)
    form = {"about": str(hers.people["Judith"]), "text": "Three pupils asked"}
    note = (await does(hers, "Petra", "note", form, run)).act
    await caught_up(two, [run])
    taken = does(hers, "Petra", "retract-contribution", {"contribution": str(note)}, run)
    correction = {"contribution": str(note), "text": "Two, not three"}
    corrected = does(other, "Petra", "correction-note", correction, run)
    ahead = rng.uniform(-HEAD_START_SECONDS, HEAD_START_SECONDS)
    return await asyncio.gather(attempt(taken, max(-ahead, 0)), attempt(corrected, max(ahead, 0)))


async def test_of_taking_back_and_correcting_the_one_that_comes_second_is_refused(processes):
    rng = random.Random("taken back or corrected")
    first, _ = processes
    runs = await asyncio.gather(*(gathers(first) for _ in range(RUNS)))
    ended = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(RACES_EACH):
            ended += await asyncio.gather(*(races(processes, run, rng) for run in runs))
    taken = [late for done, late in ended if isinstance(done, Outcome)]
    stayed = [late for late, done in ended if isinstance(done, Outcome)]
    assert len(taken) + len(stayed) == RUNS * RACES_EACH
    assert taken
    assert stayed
    assert {type(one) for one in (*taken, *stayed)} == {Reject}
    assert {refused.code for refused in taken} == {"NOT_FOUND"}
    assert {refused.code for refused in stayed} == {"WRONG_STAGE"}
    assert "run/contribution-retracted" in await kinds(first, runs[0], "Petra")
