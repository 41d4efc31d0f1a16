"""What is kept no longer: recorded, then destroyed, whatever comes between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace
from tests.runtime.notebook import NOTEBOOK
from tests.runtime.scenes import NOON, Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.leaf import leaf
from enquiry.log.postgres import PostgresLog
from enquiry.method.registry import Registry, load
from enquiry.method.retention import Keep
from enquiry.privacy.source import KeyFile
from enquiry.runtime.erasure.fence import FACT as DESTROYED
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.retention import FACT, Retention
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System

WORD = "chrysanthemum"
KEPT = Keep(kind="contribution", what="What was noted", terms=1)
EVE = datetime(2027, 3, 25, 23, 59, tzinfo=UTC)
"""The last minute of the last day of the term after the notebook was closed."""
DAY = datetime(2027, 3, 26, 0, 0, tzinfo=UTC)


@pytest.fixture
def registry() -> Registry:
    return load(builtins=(*KERNEL, replace(NOTEBOOK, retention=(KEPT,))), points=())


@pytest.fixture
def schema() -> str:
    return f"log_{uuid4().hex}"


@pytest.fixture
async def log(postgres_url: str, schema: str) -> AsyncIterator[PostgresLog]:
    async with await PostgresLog.open(postgres_url, schema=schema) as opened:
        yield opened


@pytest.fixture
async def scene(log: PostgresLog, registry: Registry, key_source: KeyFile) -> AsyncIterator[Scene]:
    listing = Scan(log, Streams(log, registry))
    system = System(log, registry, key_source, listing, lambda: NOON)
    await system.start()
    found = Scene(system)
    await found.settle()
    school = str(found.schools["Beck Road"])
    terms = [("2026-09-01", "2026-12-19"), ("2027-01-04", "2027-03-26")]
    await found.do(
        "Nasreen",
        "set-academic-year",
        {
            "school": school,
            "label": "2026/27",
            "first": "2026-09-01",
            "until": "2027-09-01",
            "terms": [{"label": f, "first": f, "until": u} for f, u in terms],
        },
        found.alliance,
        method="alliance",
        if_match=(await found.system.log.revisions([found.alliance]))[found.alliance],
    )
    yield found
    await system.stop()


async def closed(scene: Scene) -> UUID:
    stream = await scene.notebook("Kelly")
    await scene.note("Petra", "Kelly", f"A vase of {WORD}", stream)
    now = (await scene.system.log.revisions([stream]))[stream]
    await scene.do("Petra", "close-notebook", {}, stream, if_match=now)
    return stream


def retention(scene: Scene) -> Retention:
    return Retention(scene.system.log, scene.system.registry, scene.system.forget)


async def page(scene: Scene, stream: UUID) -> Any:
    return (await scene.system.view(scene.who("Petra"), stream, "page", scene.now))["notes"]


async def facts(scene: Scene, stream: UUID) -> list[str]:
    return [event.kind for event in await scene.system.log.read_stream(stream)]


async def test_nothing_goes_before_its_day_and_everything_on_it(scene: Scene) -> None:
    stream = await closed(scene)
    assert [one async for one in retention(scene).due(EVE)] == []
    assert await retention(scene).round(EVE) == []
    assert WORD in (await page(scene, stream))[0]["text"]
    (due,) = [one async for one in retention(scene).due(DAY)]
    assert (due.stream, due.kind, due.what, due.said) == (stream, "contribution", KEPT.what, False)
    assert WORD in (await page(scene, stream))[0]["text"]  # to list is not to destroy
    (gone,) = await retention(scene).round(DAY)
    assert (gone.keys, gone.ciphertexts) == (1, 2)
    shown = (await page(scene, stream))[0]["text"]
    assert (shown["placeholder"], shown["kind"]) == ("erased", "contribution")


async def test_an_open_stream_keeps_everything(scene: Scene) -> None:
    stream = await scene.notebook("Kelly")
    await scene.note("Petra", "Kelly", f"A vase of {WORD}", stream)
    assert await retention(scene).round(DAY.replace(year=2040)) == []
    assert WORD in (await page(scene, stream))[0]["text"]


async def test_the_fact_names_stream_and_kind_and_nobody(scene: Scene) -> None:
    stream = await closed(scene)
    await retention(scene).round(DAY)
    *_, last, fence = await scene.system.log.read_stream(stream)
    assert (last.kind, fence.kind) == (FACT, DESTROYED)
    assert b'"data":{"what":"contribution"}' in last.body
    said = last.body + fence.body
    assert not any(str(person).encode() in said for person in scene.people.values())


async def test_a_second_round_does_nothing(scene: Scene) -> None:
    stream = await closed(scene)
    await retention(scene).round(DAY)
    before = await facts(scene, stream)
    assert await retention(scene).round(DAY) == []
    assert await facts(scene, stream) == before


async def test_of_two_rounds_at_once_one_says_it_and_both_leave_nothing(scene: Scene) -> None:
    stream = await closed(scene)
    await asyncio.gather(*(retention(scene).round(DAY) for _ in range(4)))
    assert (await facts(scene, stream)).count(FACT) == 1
    assert (await page(scene, stream))[0]["text"]["placeholder"] == "erased"


class Killed(Exception):
    """The process ended here."""


async def test_a_kill_between_fact_and_destruction_is_made_good_by_the_next_round(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await closed(scene)

    async def dies(keys: Any) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(scene.system.log, "shred", dies)
        with pytest.raises(Killed):
            await retention(scene).round(DAY)
    assert (await facts(scene, stream)).count(FACT) == 1
    # The fact is enough: this process opens nothing more, although key and ciphertext are there.
    assert (await page(scene, stream))[0]["text"]["placeholder"] == "erased"
    (gone,) = await retention(scene).round(EVE)  # even by a clock that went back
    assert gone.due.said
    assert (await facts(scene, stream)).count(FACT) == 1
    assert (await page(scene, stream))[0]["text"]["placeholder"] == "erased"


async def test_a_key_from_a_backup_is_destroyed_again(
    scene: Scene, postgres_url: str, schema: str
) -> None:
    stream = await closed(scene)
    connection = await asyncpg.connect(postgres_url)
    try:
        backup = [
            tuple(row)
            for row in await connection.fetch(
                f'SELECT id, wrapped FROM "{schema}".subject_keys WHERE stream = $1',
                stream,
            )
        ]
        await retention(scene).round(DAY)
        # The triggers of the table refuse this; a restore does not ask them.
        await connection.execute(f'ALTER TABLE "{schema}".subject_keys DISABLE TRIGGER USER')
        for key, wrapped in backup:
            await connection.execute(
                f'UPDATE "{schema}".subject_keys SET state = $3, wrapped = $2 WHERE id = $1',
                key,
                wrapped,
                "living",
            )
        await connection.execute(f'ALTER TABLE "{schema}".subject_keys ENABLE TRIGGER USER')
    finally:
        await connection.close()
    (gone,) = await retention(scene).round(DAY)
    assert gone.due.said
    for key, _ in backup:
        found = await scene.system.log.wrapped_key(key)
        assert found is not None
        assert found.wrapped == b""


async def rows(url: str, schema: str) -> dict[str, str]:
    """Everything in every table of the log, as text."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = $1", schema
        )
        return {
            name: str(await connection.fetch(f'SELECT t::text FROM "{schema}"."{name}" t'))
            for (name,) in tables
        }
    finally:
        await connection.close()


async def test_neither_word_nor_key_nor_ciphertext_is_left_in_any_table(
    scene: Scene, postgres_url: str, schema: str
) -> None:
    stream = await closed(scene)
    log = scene.system.log
    sealed = await log.sealed([event.position for event in await log.read_stream(stream)])
    key = await log.wrapped_key(next(iter(sealed.values())).key)
    assert key is not None
    secrets = [WORD, key.wrapped.hex(), *(value.ciphertext.hex() for value in sealed.values())]
    before = "".join((await rows(postgres_url, schema)).values())
    assert [secret in before for secret in secrets] == [False, True, True, True]
    await retention(scene).round(DAY)
    for table, found in (await rows(postgres_url, schema)).items():
        assert not any(secret in found for secret in secrets), table


async def test_the_run_still_reads_replays_and_proves(scene: Scene, registry: Registry) -> None:
    stream = await closed(scene)
    before = [event.leaf for event in await scene.system.log.read_stream(stream)]
    await retention(scene).round(DAY)
    events = await scene.system.log.read_stream(stream)
    assert [event.leaf for event in events][:-2] == before
    assert [leaf(event) for event in events] == [event.leaf for event in events]
    shown = await scene.system.read(scene.who("Petra"), stream, DAY)
    assert (shown.title, shown.stage) == (None, "closed")
    told = await scene.system.history(scene.who("Petra"), stream, None, 50)
    assert [item.kind for item in told.items[-2:]] == [FACT, DESTROYED]
    assert (told.items[-2].by, told.items[-2].data) == (None, {"what": "contribution"})
    assert told.items[-1].data == {"what": "contribution", "why": "kept_no_longer"}
    past = await scene.system.view(scene.who("Petra"), stream, "page", DAY, events[-3].position)
    assert past["notes"][0]["text"]["placeholder"] == "erased"


async def test_what_the_alliance_keeps_for_ever_stays(scene: Scene) -> None:
    await closed(scene)
    await retention(scene).round(DAY.replace(year=2060))
    assert {kind for _, _, kind in await scene.system.log.living()} == {"identity"}
