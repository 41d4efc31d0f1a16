"""Withdrawing everywhere at once: one append over every run, all or nothing, whatever races it."""

from uuid import uuid4

import pytest
from tests.kernel.systems import methods, over
from tests.runtime.scenes import Scene

from enquiry.log.memory import MemoryLog
from enquiry.log.promise import Conflict
from enquiry.method.live import envelope_of
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile
from enquiry.runtime import everywhere
from enquiry.runtime.everywhere import Withdrawing
from enquiry.runtime.terms import Behind

RUNS = 3


async def does(scene, name, kind, body, run, **more):
    return await scene.do(name, kind, body, run, method="gathering", key=uuid4().hex, **more)


async def gathers(scene, host="Judith"):
    """Petra leads; it has started, and somebody is visited."""
    school = str(scene.schools["Beck Road"])
    form = {"purpose": "explore", "title": "Fractions", "school": school}
    run = (await does(scene, "Petra", "plan-run", form, None)).stream
    await does(scene, "Petra", "invite-to-run", {**person(scene, "Kelly"), "role": "walker"}, run)
    await does(scene, "Kelly", "accept-run-invitation", {}, run)
    for name in ("Petra", "Kelly"):
        await does(scene, name, "adopt-protocol", {"version": 2}, run)
    seen = await scene.system.read(scene.who("Petra"), run, scene.now)
    await does(scene, "Petra", "start-run", {}, run, if_match=seen.revision)
    await does(scene, "Petra", "name-host", person(scene, host), run)
    return run


def person(scene, name):
    return {"person": str(scene.people[name])}


def notes(scene, run, about="Judith"):
    form = {"about": str(scene.people[about]), "text": "Three pupils asked"}
    return does(scene, "Petra", "note", form, run)


def asks(scene, name="Judith", key="one", purposes=("be_observed",)):
    asked = Withdrawing(
        asker=scene.who(name),
        alliance=scene.alliance,
        purposes=purposes,
        key=key,
        now=scene.now,
    )
    return scene.system.everywhere.withdraw(asked)


async def left(scene, run):
    """Notes that Petra still reads in a run."""
    page = await scene.system.history(scene.who("Petra"), run, None, 1000)
    return [item for item in page.items if item.kind == "gathering/noted"]


async def facts(scene, kind="run/consent-withdrawn"):
    return [event for event in await scene.system.log.read_all(0, 10_000) if event.kind == kind]


@pytest.fixture
async def scene(tmp_path):
    found = Scene(over(MemoryLog(), methods(), KeyFile.create(tmp_path / "keys")))
    await found.settle()
    return found


async def test_one_append_withdraws_in_every_run_of_the_person(scene):
    runs = [await gathers(scene) for _ in range(RUNS)]
    elsewhere = await gathers(scene, host="Amina")
    for run in runs:
        await notes(scene, run)
    kept = await notes(scene, elsewhere, about="Amina")
    done = await asks(scene)
    recorded = await facts(scene)
    assert sorted(event.stream for event in recorded) == sorted(runs) == list(done.streams)
    first, last = recorded[0].position, recorded[-1].position
    between = await scene.system.log.read_all(first - 1, last - first + 1)
    assert {envelope_of(event.body).act for event in between} == {done.act}
    assert done.position >= last
    assert [await left(scene, run) for run in runs] == [[]] * RUNS
    assert [item.id for item in await left(scene, elsewhere)] == [kept.act]


async def test_asked_again_by_the_same_key_it_is_done_once(scene):
    await gathers(scene)
    first = await asks(scene)
    again = await asks(scene)
    assert (first.replayed, again.replayed) == (False, True)
    assert told(again) == told(first)
    assert len(await facts(scene)) == 1


def told(done):
    return (done.act, done.position, done.recorded_at, done.streams)


async def test_a_key_that_stood_for_other_purposes_is_refused(scene):
    await gathers(scene)
    await asks(scene)
    with pytest.raises(Reject) as refused:
        await asks(scene, purposes=("participate",))
    assert refused.value.code == "COMMAND_ID_REUSED"


async def test_whoever_has_no_part_anywhere_finds_nothing(scene):
    await gathers(scene, host="Amina")
    with pytest.raises(Reject) as refused:
        await asks(scene)
    assert refused.value.code == "NOT_FOUND"


async def test_an_invitation_is_no_part_to_withdraw_from(scene):
    run = await gathers(scene)
    other = await gathers(scene, host="Amina")
    invitation = {**person(scene, "Judith"), "role": "walker"}
    await does(scene, "Petra", "invite-to-run", invitation, other)
    assert (await asks(scene)).streams == (run,)


async def test_it_is_refused_whole_where_one_stream_keeps_moving(scene, monkeypatch):
    runs = [await gathers(scene) for _ in range(2)]
    log, tried = scene.system.log, []

    async def moved(append):
        tried.append(append)
        raise Conflict(runs[0], 1, 2)

    monkeypatch.setattr(log, "append", moved)
    with pytest.raises(Reject) as refused:
        await asks(scene)
    assert refused.value.code == "VERSION_CONFLICT"
    assert len(tried) == everywhere.ATTEMPTS_MAX
    assert await facts(scene) == []


async def test_a_run_that_was_joined_meanwhile_is_not_missed(scene, monkeypatch):
    first, late = await gathers(scene), await gathers(scene, host="Amina")
    listing, whole = scene.system.listing, scene.system.listing.taken_part
    asked = []

    async def taken_part(who):
        asked.append(who)
        async for stream in whole(who):
            if len(asked) > 1 or stream != late:
                yield stream
        if len(asked) == 1:  # the index was read: from here on it is too late to be found in it
            await does(scene, "Petra", "name-host", person(scene, "Judith"), late)
            await notes(scene, late)

    monkeypatch.setattr(listing, "taken_part", taken_part)
    done = await asks(scene)
    assert done.streams == tuple(sorted((first, late)))
    assert await left(scene, late) == []
    assert (await asks(scene)).streams == done.streams
    assert len(await facts(scene)) == 2


async def test_a_run_that_was_joined_afterwards_stays_as_it_is(scene):
    first, later = await gathers(scene), await gathers(scene, host="Amina")
    await asks(scene)
    await does(scene, "Petra", "name-host", person(scene, "Judith"), later)
    assert (await asks(scene)).streams == (first,)
    assert [event.stream for event in await facts(scene)] == [first]


async def test_while_the_index_is_behind_it_is_not_judged(scene, monkeypatch):
    await gathers(scene)

    async def reached(position, seconds):
        return False

    monkeypatch.setattr(scene.system.listing, "reached", reached)
    with pytest.raises(Behind):
        await asks(scene)
    assert await facts(scene) == []
