"""``enquiry replay``: what whoever runs the place types, and what it exits with."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from click.testing import CliRunner, Result
from tests.runtime.scenes import Scene

from enquiry.cli import main
from enquiry.runtime.start import running


async def replay(data: Path, database: str, *words: object) -> Result:
    where = ("--data", data, "--database-url", database, "--nats-url", "nats://x")
    said = ["replay", *map(str, (*words, *where))]
    return await asyncio.to_thread(CliRunner().invoke, main, said)


@asynccontextmanager
async def founded(data: Path, database: str):
    async with running(data, database, signer=False, timers=False) as system:
        scene = Scene(system)
        await scene.settle()
        await system.reached(await system.log.head(), 20)
        yield scene


async def test_an_index_that_is_as_the_log_says_is_the_same(database, tmp_path):
    async with founded(tmp_path, database):
        found = await replay(tmp_path, database, "projection", "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert (told["equal"], told["live"]) == (1, told["rebuilt"])
    assert told["live"]["content"] is not None
    assert "folded" in found.stderr
    assert "Petra" not in found.output


async def test_a_row_that_was_changed_is_shown_with_the_event_that_last_touched_it(
    database, tmp_path
):
    async with founded(tmp_path, database) as scene:
        connection = await asyncpg.connect(database)
        await connection.execute(
            "UPDATE enquiry_views_stream_index_v1.stream_index SET closed = true"
        )
        await connection.close()
        [*_, last] = await scene.system.log.read_all()
        found = await replay(tmp_path, database, "projection")
    assert found.exit_code == 1
    assert found.stdout.startswith("DIFFERENT\n")
    assert f"different stream_index {scene.alliance}" in found.stdout
    assert 'live     {"closed":true}' in found.stdout
    assert f"last touched by {last.kind}, position {last.position} " in found.stdout


async def test_a_stream_is_folded_up_to_any_position_or_time(database, tmp_path):
    async with founded(tmp_path, database) as scene:
        words = ("stream", scene.alliance, "--json")
        events = await scene.system.log.read_all()
        now = json.loads((await replay(tmp_path, database, *words)).stdout)
        past = json.loads((await replay(tmp_path, database, *words, "--at", 3)).stdout)
        then = scene.now.isoformat()
        timed = json.loads((await replay(tmp_path, database, *words, "--at", then)).stdout)
        early = await replay(tmp_path, database, *words, "--at", "2020-01-01T00:00:00Z")
        strange = await replay(tmp_path, database, "stream", uuid4())
        wrong = await replay(tmp_path, database, *words, "--at", "tomorrow")
    assert (now["revision"], past["revision"]) == (len(events), 3)
    assert timed == now != past
    assert [one.exit_code for one in (early, strange, wrong)] == [3, 3, 3]


@pytest.mark.parametrize("words", [("projection",), ("projection", "nothing")])
async def test_asked_wrongly_it_exits_with_three(database, tmp_path, words):
    assert (await replay(tmp_path, database, *words)).exit_code == 3
