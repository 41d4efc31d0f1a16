"""A note in one run against a withdrawal from all: one of two ways, in every run alike."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Annotated
from uuid import UUID, uuid4

import pytest
from tests.kernel.gathering import LEAD, WALKER, Gathering, Kept, build
from tests.runtime.lists.shelves import projecting, shelf_in
from tests.runtime.scenes import NOON, Scene

from enquiry.kernel.methods import KERNEL
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.log.postgres import PostgresLog
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry.method.registry import load
from enquiry.method.rules import Reject, rule
from enquiry.privacy.source import KeyFile
from enquiry.runtime.everywhere import Withdrawing
from enquiry.runtime.lists import projector
from enquiry.runtime.lists.index import Index, stream_index
from enquiry.runtime.system import System
from enquiry.runtime.terms import Outcome

HOSTS = 20
"""People who are raced at the same time, each a host in two runs of their own."""
ROUNDS = 10
PATIENCE_SECONDS = 15
HEAD_START_SECONDS = 0.12
"""For the withdrawal, at most: it looks for its streams first."""
OBSERVED = ConsentPurpose.BE_OBSERVED


class SeeHost(Entry, records="host-seen"):
    """Write down what a host did"""

    about: Annotated[UUID, ask("About whom?", address=True, ui="people")]
    text: Annotated[str, text("What?", upto=500)]

    def apply(self, s: Gathering, was: Was) -> Gathering:
        kept = Kept(by=was.by, about=self.about, revision=was.revision)
        return s.but(notes={**s.notes, was.id: kept})


@rule("CONSENT_WITHDRAWN", "They do not take part any more.")
def still_agrees(s: Gathering, e: SeeHost, ctx: Ctx) -> bool:
    del ctx
    return not s.has_withdrawn(e.about, OBSERVED)


def _seeing(made):
    made.move(SeeHost, by=LEAD, rules=(still_agrees,))
    made.show(SeeHost, to=(LEAD, WALKER))


@pytest.fixture
async def processes(postgres_url, tmp_path, monkeypatch):
    """The same alliance as two processes see it; one index follows their log."""
    monkeypatch.setattr(projector, "POLL_SECONDS", 0.1)
    registry = load(builtins=(*KERNEL, build(extend=_seeing)), points=())
    source, schema = KeyFile.create(tmp_path / "keys"), f"log_{uuid4().hex}"
    async with AsyncExitStack() as stack:
        logs = [
            await stack.enter_async_context(await PostgresLog.open(postgres_url, schema=schema))
            for _ in range(3)
        ]
        shelf = await stack.enter_async_context(shelf_in(postgres_url))
        await stack.enter_async_context(projecting(logs[2], shelf, stream_index(logs[2], registry)))
        first, second = (
            System(log, registry, source, Index(shelf), lambda: NOON) for log in logs[:2]
        )
        scene = Scene(first)
        await scene.settle()
        yield [scene, replace(scene, system=second)]


async def does(scene, name, kind, body, run):
    return await scene.do(name, kind, body, run, method="gathering", key=uuid4().hex)


async def hosts(scene, name):
    """Somebody comes to the school, and is a host in two runs."""
    scene.people[name] = person = (await scene.ally("Nasreen", "add-person", {"name": name})).act
    school = str(scene.schools["Beck Road"])
    grant = {"person": str(person), "school": school, "standings": ["teacher"]}
    await scene.ally("Nasreen", "grant-membership", {**grant, "since": "2026-09-01"})
    form = {"purpose": "explore", "title": "Fractions", "school": school}
    runs = [(await does(scene, "Petra", "plan-run", form, None)).stream for _ in range(2)]
    for run in runs:
        await does(scene, "Petra", "name-host", {"person": str(person)}, run)
    return runs


async def agrees(scene, name, runs):
    form = {"purposes": [OBSERVED], "basis": "consent", "statement_version": 1}
    await asyncio.gather(*(does(scene, name, "record-consent", form, run) for run in runs))


async def attempt(act, head_start=0.0):
    await asyncio.sleep(head_start)
    try:
        return await act
    except Reject as refused:
        return refused


async def races(two, name, runs, rng):
    """Petra writes in one of the runs while the host withdraws from all of them."""
    hers, other = rng.sample(two, 2)
    form = {"about": str(hers.people[name]), "text": "Let three pupils explain"}
    note = does(hers, "Petra", "see-host", form, rng.choice(runs))
    asked = Withdrawing(
        asker=other.who(name),
        alliance=other.alliance,
        purposes=(OBSERVED,),
        key=uuid4().hex,
        now=other.now,
    )
    withdrawal = other.system.everywhere.withdraw(asked)
    late = rng.uniform(0, HEAD_START_SECONDS)
    return await asyncio.gather(attempt(note, late), attempt(withdrawal))


async def test_a_note_and_a_withdrawal_from_everything_end_in_one_of_two_ways(processes):
    first, _ = processes
    rng = random.Random("a note in one run, a withdrawal from all")
    runs = {f"Host {chr(65 + n)}": [] for n in range(HOSTS)}
    for name in runs:
        runs[name] = await hosts(first, name)
    ended = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(ROUNDS):
            await asyncio.gather(*(agrees(first, name, its) for name, its in runs.items()))
            each = (races(processes, name, its, rng) for name, its in runs.items())
            ended += [
                (name, *one) for name, one in zip(runs, await asyncio.gather(*each), strict=True)
            ]
    assert len(ended) == HOSTS * ROUNDS
    refused = [note for _, note, _ in ended if isinstance(note, Reject)]
    written = [one for one in ended if isinstance(one[1], Outcome)]
    assert refused
    assert written
    assert {note.code for note in refused} == {"CONSENT_WITHDRAWN"}
    assert all(done.streams == tuple(sorted(runs[name])) for name, _, done in ended)
    assert all(note.position < done.position for _, note, done in written)
    for its in runs.values():
        for run in its:
            page = await first.system.history(first.who("Petra"), run, None, 1000)
            assert "gathering/host-seen" not in {item.kind for item in page.items}
