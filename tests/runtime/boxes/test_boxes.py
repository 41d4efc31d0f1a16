"""Boxes, in memory and in PostgreSQL: what is put in is kept, and nothing tells who put it in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from enquiry.method.method import Box
from enquiry.privacy.source import KeyFile
from enquiry.runtime.boxes import Boxes, MemoryBoxes, PostgresBoxes

BOX, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def real(tmp_path: Path, postgres_url: str) -> AsyncIterator[PostgresBoxes]:
    """Boxes in a schema of their own."""
    async with asyncpg.create_pool(postgres_url, min_size=0, max_size=8) as pool:
        schema = f"boxes_{uuid4().hex[:12]}"
        made = PostgresBoxes(pool, KeyFile.create(tmp_path / "keys"), schema)
        await made.prepare()
        yield made
        await pool.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture(params=["memory", "postgres"])
def boxes(request: pytest.FixtureRequest) -> Boxes:
    """Either kind."""
    return MemoryBoxes() if request.param == "memory" else request.getfixturevalue("real")


async def rows(real: PostgresBoxes) -> list[tuple[UUID, int, bytes]]:
    found = await real._pool.fetch(  # pyright: ignore[reportPrivateUsage]
        f'SELECT box, revision, sealed FROM "{real._schema}".boxes'  # pyright: ignore[reportPrivateUsage]
    )
    return [(row["box"], row["revision"], row["sealed"]) for row in found]


async def test_a_box_holds_what_was_put_in_sorted(boxes: Boxes) -> None:
    for tag, words in (("1", "late"), ("2", "early"), ("3", "early")):
        await boxes.put(BOX, tag, words)
    assert await boxes.read(BOX) == Box(("early", "early", "late"))
    assert await boxes.read(OTHER) is None


async def test_what_is_put_in_twice_under_one_tag_is_there_once(boxes: Boxes) -> None:
    await boxes.put(BOX, "1", "first")
    await boxes.put(BOX, "1", "second")
    assert await boxes.read(BOX) == Box(("second",))


async def test_what_is_taken_back_was_never_there(boxes: Boxes) -> None:
    await boxes.put(BOX, "1", "mine")
    await boxes.put(BOX, "2", "theirs")
    await boxes.take_back(BOX, "1")
    await boxes.take_back(BOX, "9")
    await boxes.take_back(OTHER, "1")
    assert await boxes.read(BOX) == Box(("theirs",))
    await boxes.take_back(BOX, "2")
    assert await boxes.read(BOX) is None


async def test_an_emptied_box_holds_nothing_and_can_be_used_again(boxes: Boxes) -> None:
    await boxes.put(BOX, "1", "gone")
    await boxes.empty(BOX)
    await boxes.empty(OTHER)
    assert await boxes.read(BOX) is None
    await boxes.put(BOX, "2", "new")
    assert await boxes.read(BOX) == Box(("new",))


async def test_of_many_who_answer_at_once_nobody_is_lost(boxes: Boxes) -> None:
    await asyncio.gather(*(boxes.put(BOX, str(n), f"answer {n:02}") for n in range(12)))
    assert await boxes.read(BOX) == Box(tuple(f"answer {n:02}" for n in range(12)))


async def test_there_is_one_row_whatever_is_in_a_box_and_no_word_of_it(
    real: PostgresBoxes,
) -> None:
    sizes: set[int] = set()
    seen: set[bytes] = set()
    for number in range(5):
        await real.put(BOX, str(number), "a word that nobody reads")
        ((_, _, sealed),) = await rows(real)
        assert b"nobody" not in sealed
        sizes.add(len(sealed))
        seen.add(sealed[-64:])
    assert len(sizes) == 1, "its length does not tell how much is in it"
    assert len(seen) == 5, "it is sealed anew each time"


async def test_another_process_reads_what_was_put_in(real: PostgresBoxes) -> None:
    await real.put(BOX, "1", "kept")
    again = PostgresBoxes(
        real._pool,  # pyright: ignore[reportPrivateUsage]
        real._source,  # pyright: ignore[reportPrivateUsage]
        real._schema,  # pyright: ignore[reportPrivateUsage]
    )
    assert await again.read(BOX) == Box(("kept",))
