"""The signer on real PostgreSQL: what it signs, after which crashes, and what it refuses."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from tests.audit import naive
from tests.audit.signing import Desk, leaves, record, until
from tests.log.examples import HILLSIDE, RIVERBANK

from enquiry.audit import tree
from enquiry.audit.anchors import Anchors
from enquiry.audit.files import FolderRefused
from enquiry.audit.signer import PAGE, checkpoint_entry
from enquiry.audit.tiles import Tiles, needed, tiles_of
from enquiry.log.promise import Unavailable


async def test_what_was_recorded_is_signed_and_its_tiles_are_stored(log, store, desk):
    await record(log, 300)
    assert await desk.signer.round() == 1
    found = await desk.checkpoint()
    assert (found.size, found.root) == (300, naive.root(await leaves(log)))
    assert found.origin == f"enquiry/{log.id}/{HILLSIDE}"
    held = await store.tiles(HILLSIDE, [tile for tile, _ in tiles_of(300)])
    assert {tile: len(part) // 32 for tile, part in held.items()} == dict(tiles_of(300))


async def test_a_tree_grows_from_round_to_round_and_over_restarts(log, store, desk):
    for number in (1, 1, 254, 1, 300, 0, 7):
        await record(log, number)
        await desk.signer.round()
        desk.restarted()
    found = await desk.checkpoint()
    hashes = await leaves(log)
    assert (found.size, found.root) == (564, naive.root(hashes))
    spans = tree.consistency(257, 564)
    tiles = Tiles(await store.tiles(HILLSIDE, needed(spans)))
    assert list(tree.proof(spans, tiles.hash_of)) == naive.proof(257, hashes)
    assert desk.signer.refused == {}


async def test_more_than_a_page_is_signed_at_once(log, desk):
    await record(log, PAGE + 60)
    await desk.signer.round()
    assert (await desk.checkpoint()).root == naive.root(await leaves(log))


async def test_each_alliance_has_a_tree_of_its_own(log, desk):
    await record(log, 3)
    await record(log, 5, alliance=RIVERBANK)
    assert await desk.signer.round() == 2
    assert (await desk.checkpoint(HILLSIDE)).root == naive.root(await leaves(log))
    assert (await desk.checkpoint(RIVERBANK)).root == naive.root(await leaves(log, RIVERBANK))


async def test_where_nothing_happened_nothing_is_signed(log, desk):
    assert await desk.signer.round() == 0
    await record(log, 2)
    assert await desk.signer.round() == 1
    assert await desk.signer.round() == 0
    assert desk.restarted() is not None
    assert await desk.signer.round() == 0


async def test_the_platform_tree_holds_every_checkpoint_and_key(log, store, desk):
    await record(log, 2)
    await desk.signer.round()
    await record(log, 1, alliance=RIVERBANK)
    await desk.signer.round()
    entries = [entry for _, entry in await store.platform_entries(0, 100)]
    assert [entry.split(b"\n")[0] for entry in entries] == [
        b"EQP1 key",
        b"EQP1 checkpoint",
        b"EQP1 checkpoint",
    ]
    assert entries[2] == checkpoint_entry(await desk.checkpoint(RIVERBANK))
    top = await desk.checkpoint(log.id)
    assert (top.size, top.origin) == (3, f"enquiry/{log.id}")
    assert top.root == naive.root([tree.leaf_hash(entry) for entry in entries])


async def test_events_are_signed_while_it_runs(log, desk):
    running = asyncio.create_task(desk.signer.run(0.05))
    try:
        await record(log, 3)

        async def signed() -> bool:
            found = await desk.store.newest(HILLSIDE)
            return found is not None and found[0] == 3

        await until(signed)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_only_one_process_signs_at_a_time(log, store, desk):
    async with store.turn(log.id) as first, store.turn(log.id) as second:
        assert (await first(), await second()) == (True, False)


async def test_who_loses_the_connection_loses_the_turn(log, store, admin):
    async with store.turn(log.id) as first:
        assert await first()
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'enquiry-audit' AND datname = current_database()"
        )
        with pytest.raises(Unavailable):
            await first()
    async with store.turn(log.id) as again:
        assert await again()


async def test_a_broken_memory_of_one_tree_stops_that_tree_alone(log, desk):
    await record(log, 3)
    await record(log, 3, alliance=RIVERBANK)
    await desk.signer.round()
    (desk.folder / "last" / str(HILLSIDE)).write_text("nothing")
    await record(log, 1)
    await record(log, 1, alliance=RIVERBANK)
    assert await desk.signer.round() == 1
    assert "holds no checkpoint" in desk.signer.refused[HILLSIDE]


def test_only_one_process_has_the_folder(desk):
    with pytest.raises(FolderRefused, match="another process"):
        Anchors(desk.folder / "last")


def test_a_folder_inside_a_database_cluster_is_refused(tmp_path):
    (tmp_path / "PG_VERSION").write_text("18")
    with pytest.raises(FolderRefused, match="restored with the database"):
        Anchors(tmp_path / "signer")


class Crash(Exception):
    pass


@pytest.mark.parametrize("step", ["grow", "put", "announce", "publish"])
async def test_a_crash_between_any_two_steps_is_made_good(log, store, desk, monkeypatch, step):
    await record(log, 5)
    await desk.signer.round()
    await record(log, 300)

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(desk.anchors if step == "put" else store, step, crash)
        desk.signer._announced.clear()
        with pytest.raises(Crash):
            await desk.signer.round()
    desk.restarted()
    await desk.signer.round()
    assert desk.signer.refused == {}
    assert (await desk.checkpoint()).root == naive.root(await leaves(log))
    entries = [entry for _, entry in await store.platform_entries(0, 100)]
    assert checkpoint_entry(await desk.checkpoint()) in entries


# Refusals


async def refusal(desk: Desk, tree_: UUID = HILLSIDE) -> str:
    await desk.signer.round()
    return desk.signer.refused[tree_]


async def test_a_shorter_log_is_not_signed(log, desk, admin):
    await record(log, 10)
    await desk.signer.round()
    await admin.execute("DELETE FROM stored_events WHERE sequence >= 7")
    assert "ended at 10 and ends at 7" in await refusal(desk, log.id)
    desk.restarted()
    assert await refusal(desk) == "leaf 9 is no longer there"
    assert (await desk.checkpoint()).size == 10


async def test_another_end_of_the_same_length_is_not_signed(log, desk, admin):
    await record(log, 10)
    await desk.signer.round()
    await admin.execute("DELETE FROM stored_events WHERE sequence >= 7")
    await record(log, 8, name="another walk")
    assert await refusal(desk) == "leaf 9 is not what it was"
    await record(log, 4, name="another walk")
    assert await desk.signer.round() == 0


async def test_a_restored_database_is_not_signed(log, desk, admin):
    await record(log, 10)
    await desk.signer.round()
    await record(log, 290)
    await desk.signer.round()
    for statement in (
        "DELETE FROM stored_events WHERE sequence >= 10",
        "DELETE FROM tiles WHERE level > 0",
        "UPDATE tiles SET hashes = substr(hashes, 1, 320) WHERE number = 0",
        "DELETE FROM tiles WHERE number > 0",
        "DELETE FROM checkpoints WHERE size > 10",
    ):
        await admin.execute(statement)
    desk.restarted()
    assert await refusal(desk) == "there are 10 leaves; 300 were signed"
    await record(log, 400, name="another walk")
    desk.restarted()
    assert "another tree of 300 leaves" in await refusal(desk)


async def test_a_rewritten_history_is_not_signed_even_with_its_tiles(log, desk, admin):
    await record(log, 300)
    await desk.signer.round()
    await admin.execute("UPDATE stored_events SET state = '{}' WHERE sequence = 3")
    await admin.execute(
        "UPDATE stored_events SET leaf = leaf_v1(alliance, sequence, notification_id, recorded_at,"
        " event_id, topic, state, seals)"
    )
    await admin.execute("DELETE FROM tiles")
    _, stored = tree.grown(tree.Frontier(), await leaves(log))
    await desk.store.grow(HILLSIDE, 0, {}, stored)
    await record(log, 1)
    assert "another tree of 300 leaves" in await refusal(desk)


async def test_bytes_without_their_digest_are_not_signed(log, desk, admin):
    await record(log, 3)
    await admin.execute("UPDATE stored_events SET state = '{}' WHERE sequence = 1")
    assert await refusal(desk) == "event 1 has another digest than its bytes"


async def test_a_gap_is_not_signed(log, desk, admin):
    await record(log, 3)
    await admin.execute("DELETE FROM stored_events WHERE sequence = 1")
    assert await refusal(desk) == "event 1 is missing"


async def test_a_signer_with_an_old_memory_does_not_sign(log, desk):
    await record(log, 3)
    await desk.signer.round()
    old = (desk.folder / "last" / str(HILLSIDE)).read_text()
    await record(log, 3)
    await desk.signer.round()
    (desk.folder / "last" / str(HILLSIDE)).write_text(old)
    await record(log, 1)
    assert await refusal(desk) == "6 leaves were published; this signer remembers 3"


async def test_a_signer_without_memory_does_not_sign(log, desk):
    await record(log, 3)
    await desk.signer.round()
    (desk.folder / "last" / str(HILLSIDE)).unlink()
    desk.restarted()
    assert await refusal(desk) == "3 leaves were published; this signer remembers 0"


async def test_an_alliance_that_vanished_is_noticed(log, desk, admin):
    await record(log, 3)
    await record(log, 3, alliance=RIVERBANK)
    await desk.signer.round()
    await admin.execute("DELETE FROM stored_events WHERE alliance = $1", HILLSIDE)
    desk.restarted()
    assert await refusal(desk) == "leaf 2 is no longer there"


async def test_a_refused_alliance_keeps_no_other_from_being_signed(log, desk, admin):
    await record(log, 3)
    await admin.execute("UPDATE stored_events SET state = '{}' WHERE sequence = 1")
    await record(log, 2, alliance=RIVERBANK)
    assert await desk.signer.round() == 1
    assert list(desk.signer.refused) == [HILLSIDE]
    assert (await desk.checkpoint(RIVERBANK)).size == 2


async def test_a_changed_platform_tree_is_not_signed(log, desk, admin):
    await record(log, 3)
    await desk.signer.round()
    await admin.execute("UPDATE platform_entries SET entry = 'nothing' WHERE number = 1")
    await record(log, 3)
    assert await refusal(desk, log.id) == "leaf 1 is not what it was"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM checkpoints",
        "DELETE FROM tiles",
        "UPDATE tiles SET hashes = substr(hashes, 33) WHERE level = 0",
        "UPDATE tiles SET number = 7",
        "UPDATE platform_entries SET entry = ''",
    ],
)
async def test_the_database_refuses_to_take_back_what_was_signed(
    log, desk, postgres_url, schema, statement
):
    await record(log, 3)
    await desk.signer.round()
    connection = await asyncpg.connect(
        postgres_url, timeout=10, server_settings={"search_path": f"{schema}_audit"}
    )
    try:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(statement)
    finally:
        await connection.close(timeout=10)
