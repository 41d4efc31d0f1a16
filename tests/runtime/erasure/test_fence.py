"""Destroyed keys stay destroyed: whatever dies in between, and whatever is restored."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.runtime.erasure.asking import OTHER, WORD, erasures, granted, notes, stands, written
from tests.runtime.scenes import Scene

from enquiry.kernel.alliance.erasures import Stand
from enquiry.log.leaf import leaf
from enquiry.log.promise import KeyRecord
from enquiry.privacy.ledger import LedgerFile, LedgerRefused, MemoryLedger
from enquiry.runtime.erasure.fence import FACT, Fence, fact_id
from enquiry.runtime.erasure.honour import honour


class Killed(Exception):
    """The process ended here."""


async def keys_of(scene: Scene, name: str) -> list[KeyRecord]:
    return list(await scene.system.log.keys_of(scene.alliance, scene.people[name]))


async def facts(scene: Scene) -> list[Any]:
    return [event for event in await scene.system.log.read_all() if event.kind == FACT]


async def test_every_key_of_the_person_goes_and_no_other(scene: Scene) -> None:
    stream = await written(scene)
    request = await granted(scene)
    (done,) = await erasures(scene, MemoryLedger()).round(scene.now)
    assert done.done
    assert not any(key.living for key in await keys_of(scene, "Kelly"))
    assert all(key.living for key in await keys_of(scene, "Petra"))
    hers, kellys = await notes(scene, stream)
    assert hers == f"A vase of {OTHER}"
    assert kellys["placeholder"] == "erased"  # pyright: ignore[reportIndexIssue, reportArgumentType, reportCallIssue]
    told = await stands(scene, request)
    assert (told.stand, told.keys, told.values) == (Stand.DONE, 2, 2)
    assert told.copies_until == (scene.now + timedelta(days=35)).date()


async def test_the_fact_stands_in_the_stream_whose_key_it_is_and_names_nobody(
    scene: Scene,
) -> None:
    await written(scene)
    keys = {key.id: key for key in await keys_of(scene, "Kelly")}
    await granted(scene)
    await erasures(scene, MemoryLedger()).round(scene.now)
    found = {event.id: event for event in await facts(scene)}
    assert found.keys() == {fact_id(key) for key in keys}
    for key in keys.values():
        event = found[fact_id(key.id)]
        assert event.stream == key.stream
        assert not any(str(person).encode() in event.body for person in scene.people.values())


STEPS = ("after-the-fact", "after-the-ledger", "after-the-shredding", "before-saying-so")


class DyingLedger(MemoryLedger):
    """Dies when it is asked to remember."""

    def add(self, keys: Any) -> None:
        del keys
        raise Killed


@pytest.mark.parametrize("step", STEPS)
async def test_a_crash_between_any_two_steps_is_made_good(
    scene: Scene, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await written(scene)
    request = await granted(scene)
    ledger = MemoryLedger()
    log = scene.system.log
    shred = log.shred

    async def dies(keys: Any) -> int:
        if step == "after-the-shredding":
            await shred(keys)
        raise Killed

    async def does_not_say(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        eraser = erasures(scene, DyingLedger() if step == "after-the-fact" else ledger)
        if step == "before-saying-so":
            patched.setattr(eraser, "_complete", does_not_say)
        elif step != "after-the-fact":
            patched.setattr(log, "shred", dies)
        with pytest.raises(Killed):
            await eraser.round(scene.now)
    assert (await stands(scene, request)).stand is Stand.GRANTED
    await honour(log, ledger, scene.now)
    said = {event.id for event in await facts(scene)}
    for key in await keys_of(scene, "Kelly"):
        assert key.living == (fact_id(key.id) not in said)
    (done,) = await erasures(scene, ledger).round(scene.now)
    assert done.done
    assert (await stands(scene, request)).keys == 2
    assert ledger.read() >= {key.id for key in await keys_of(scene, "Kelly")}
    assert len(await facts(scene)) == 2  # nothing is said twice
    assert WORD not in str(await notes(scene, stream))


async def test_a_second_round_does_nothing(scene: Scene) -> None:
    await written(scene)
    await granted(scene)
    eraser = erasures(scene, MemoryLedger())
    await eraser.round(scene.now)
    head = await scene.system.log.head()
    assert await eraser.round(scene.now) == []
    assert await scene.system.log.head() == head


async def test_the_fact_is_enough_for_this_process_to_open_nothing_more(scene: Scene) -> None:
    stream = await written(scene)
    assert WORD in str(await notes(scene, stream))
    keys = [key for key in await keys_of(scene, "Kelly") if key.stream == stream]
    fence = Fence(scene.system.log, DyingLedger(), scene.system.forget)
    with pytest.raises(Killed):
        await fence.destroy(keys, "requested", scene.now)  # pyright: ignore[reportArgumentType]
    assert WORD not in str(await notes(scene, stream))


async def test_another_process_drops_the_key_when_it_looks(
    scene: Scene, another: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await written(scene)
    async with another() as other:
        viewed = await other.view(scene.who("Petra"), stream, "page", scene.now)
        assert WORD in str(viewed)
        await granted(scene)
        await erasures(scene, MemoryLedger()).round(scene.now)
        await other.heed()
        viewed = await other.view(scene.who("Petra"), stream, "page", scene.now)
        assert WORD not in str(viewed)


async def test_where_the_end_of_the_log_was_lost_the_ledger_knows(scene: Scene) -> None:
    """The database is that of before the erasure: no fact, and living keys."""
    stream = await written(scene)
    keys = await keys_of(scene, "Kelly")
    ledger = MemoryLedger()
    ledger.add(key.id for key in keys)
    assert await honour(scene.system.log, ledger, scene.now) == len(keys)
    assert not any(key.living for key in await keys_of(scene, "Kelly"))
    said = await facts(scene)
    assert {event.id for event in said} == {fact_id(key.id) for key in keys}
    assert all(b'"why":"again"' in event.body for event in said)
    assert [leaf(event) for event in said] == [event.leaf for event in said]
    assert await honour(scene.system.log, ledger, scene.now) == 0
    assert stream in {key.stream for key in keys}


def test_the_ledger_keeps_what_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "destroyed-keys"
    ids = [UUID(int=n) for n in range(1, 4)]
    LedgerFile(path).add(ids[:2])
    LedgerFile(path).add(ids[1:])
    assert LedgerFile(path).read() == frozenset(ids)
    assert path.read_text().count("\n") == 4
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_is_passed_over_and_ended(tmp_path: Path) -> None:
    path = tmp_path / "destroyed-keys"
    LedgerFile(path).add([UUID(int=1)])
    with path.open("ab") as file:
        file.write(b"00000000-00")
    LedgerFile(path).add([UUID(int=2)])
    assert LedgerFile(path).read() == {UUID(int=1), UUID(int=2)}


def test_a_ledger_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "destroyed-keys"
    path.write_text("this is no id of a data key, nor anything like it\n")
    with pytest.raises(LedgerRefused, match="line 1"):
        LedgerFile(path).read()
