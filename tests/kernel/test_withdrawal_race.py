"""A note and a withdrawal at the same moment: whichever is sequenced second loses, every time."""

import asyncio
import itertools
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest
from tests.kernel.casework import CASEWORK
from tests.kernel.systems import over
from tests.runtime.scenes import Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.postgres import PostgresLog
from enquiry.method.registry import load
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile
from enquiry.runtime.terms import Outcome

RACES = 1000
AT_ONCE = 20
"""Runs in which it is raced at the same time, in each of the two processes."""
LABELS = [f"{letter}{n}" for n in range(10) for letter in "ABCDE"]
AFTER = 60
"""Races after the end, each in a run of its own."""
PATIENCE_SECONDS = 120
HEAD_START_SECONDS = 0.1
"""For the one or the other, at most: on a busy machine, too, each is first now and then."""


@dataclass
class Raced:
    """How one race ended."""

    run: UUID
    label: str
    note: Outcome | Reject
    withdrawal: Outcome | Reject


@pytest.fixture
async def processes(postgres_url, tmp_path):
    """The same alliance as two processes see it, which have only the log in common."""
    registry = load(builtins=(*KERNEL, CASEWORK), points=())
    source, schema = KeyFile.create(tmp_path / "keys"), f"log_{uuid4().hex}"
    async with AsyncExitStack() as stack:
        logs = [
            await stack.enter_async_context(await PostgresLog.open(postgres_url, schema=schema))
            for _ in range(3)
        ]
        first = Scene(over(logs[0], registry, source))
        await first.settle()
        yield [first, *(replace(first, system=over(log, registry, source)) for log in logs[1:])]


async def does(scene, name, kind, body, run, **more):
    return await scene.do(name, kind, body, run, method="gathering", key=uuid4().hex, **more)


async def gathers(scene):
    """Petra leads, Kelly walks along; it has started."""
    school = str(scene.schools["Beck Road"])
    form = {"purpose": "explore", "title": "Fractions", "school": school}
    run = (await does(scene, "Petra", "plan-run", form, None)).stream
    invite = {"person": str(scene.people["Kelly"]), "role": "walker"}
    await does(scene, "Petra", "invite-to-run", invite, run)
    await does(scene, "Kelly", "accept-run-invitation", {}, run)
    for name in ("Petra", "Kelly"):
        await does(scene, name, "adopt-protocol", {"version": 2}, run)
    seen = await scene.system.read(scene.who("Petra"), run, scene.now)
    await does(scene, "Petra", "start-run", {}, run, if_match=seen.revision)
    return run


async def registers(scene, run, label):
    form = {"label": label, "real_identity": f"Pupil of {label}"}
    await does(scene, "Petra", "register-pupil", form, run)


async def attempt(act, head_start):
    await asyncio.sleep(head_start)
    try:
        return await act
    except Reject as refused:
        return refused


async def races(processes, run, label, written, rng):
    """Kelly writes in one process while Petra hands on the withdrawal in the other."""
    hers, other = rng.sample(processes, 2)
    note = does(hers, "Kelly", *written, run)
    form = {"pupil_label": label, "purposes": ["be_observed"]}
    withdrawal = does(other, "Petra", "withdraw-consent", form, run)
    ahead = rng.uniform(-HEAD_START_SECONDS, HEAD_START_SECONDS)
    ended = await asyncio.gather(attempt(note, max(-ahead, 0)), attempt(withdrawal, max(ahead, 0)))
    return Raced(run, label, *ended)


async def caught_up(scenes, runs):
    """Both processes know the runs as they stand: neither has a start."""
    for scene in scenes:
        for run in runs:
            await scene.system.read(scene.who("Petra"), run, scene.now)


def note_of(label):
    return "see-pupil", {"label": label, "text": "Counts on fingers"}


async def run_races(processes, count):
    first, *_ = two = processes[:2]
    rng = random.Random("a note and a withdrawal")
    runs = await asyncio.gather(*(gathers(first) for _ in range(AT_ONCE)))
    ended = []
    for label in itertools.islice(LABELS, count // AT_ONCE):
        await asyncio.gather(*(registers(first, run, label) for run in runs))
        await caught_up(two, runs)
        each = (races(two, run, label, note_of(label), rng) for run in runs)
        ended += await asyncio.gather(*each)
    return runs, ended


async def closed_with_a_note(scene, label):
    """A run that is over, and Kelly's note in it."""
    run = await gathers(scene)
    await registers(scene, run, label)
    noted = await does(scene, "Kelly", *note_of(label), run)
    seen = await scene.system.read(scene.who("Petra"), run, scene.now)
    await does(scene, "Petra", "close-run", {}, run, if_match=seen.revision)
    return run, noted.act


async def kinds(scene, run, name):
    """Kinds of what somebody reads in a run."""
    page = await scene.system.history(scene.who(name), run, None, 10_000)
    return {item.kind for item in page.items}


def both_ways(ended, code):
    """Which came first in each: notes before the withdrawal, and those refused after it."""
    first = [one for one in ended if isinstance(one.note, Outcome)]
    second = [one for one in ended if isinstance(one.note, Reject)]
    assert first
    assert second
    assert all(isinstance(one.withdrawal, Outcome) for one in ended)
    assert {one.note.code for one in second} == {code}
    assert all(one.note.position < one.withdrawal.position for one in first)
    return first, second


async def test_a_thousand_races_of_a_note_and_a_withdrawal_end_in_one_of_two_ways(processes):
    async with asyncio.timeout(PATIENCE_SECONDS):
        runs, ended = await run_races(processes, RACES)
    assert len(ended) == RACES
    first, _ = both_ways(ended, "CONSENT_WITHDRAWN")
    third = processes[2]
    for run in runs:
        recorded = await third.system.log.read_stream(run)
        written = {event.id for event in recorded if event.kind == "gathering/pupil-seen"}
        assert written == {one.note.act for one in first if one.run == run}
        for name in ("Petra", "Kelly"):
            assert "gathering/pupil-seen" not in await kinds(third, run, name)


async def test_what_may_still_be_written_after_the_end_races_in_the_same_two_ways(processes):
    first, second, third = processes
    two = [first, second]
    rng = random.Random("after the end")
    async with asyncio.timeout(PATIENCE_SECONDS):
        over_ = await asyncio.gather(*(closed_with_a_note(first, "A") for _ in range(AFTER)))
        await caught_up(two, [run for run, _ in over_])
        ended = await asyncio.gather(
            *(races(two, run, "A", _corrects(note), rng) for run, note in over_)
        )
    both_ways(ended, "NOT_FOUND")
    for run, _ in over_:
        left = {"gathering/pupil-seen", "run/correction-noted"}
        assert left & await kinds(third, run, "Kelly") == set()


def _corrects(note):
    return "correction-note", {"contribution": str(note), "text": "Two, not three"}
