"""Every attack on the history, by somebody with all rights in the database: detected, and named.

One test or more for each row of the table of threats. Each tells who notices: the signer, which
signs no more; the verifier, on an auditor's own machine; or the examination of the database.
"""

from uuid import uuid4

import pytest
from tests.audit.signing import Desk, bundle, judged, leaves, policy_of, record, record_sealed
from tests.audit.tars import files, packed, relisted
from tests.log.examples import HILLSIDE, RIVERBANK

from enquiry.audit import tree
from enquiry.audit.examine import Examination, Flaw, first_bad
from enquiry.audit.keys import KeyRing, policy_line
from enquiry.audit.notes import Checkpoint
from enquiry.audit.proofs import Proofs
from enquiry.audit.signing import rotate
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import Rejected, head, policy
from enquiry.audit.verifier.single import check_extends, check_proof
from enquiry.log.leaf import entry

RECOMPUTED = (
    "UPDATE stored_events SET leaf = leaf_v1(alliance, sequence, notification_id, recorded_at,"
    " event_id, topic, state, seals)"
)
FLIPS = {
    "originator_id": "gen_random_uuid()",
    "originator_version": "originator_version + 1000",
    "topic": "topic || 'x'",
    "state": "set_byte(state, 5, get_byte(state, 5) # 1)",
    "notification_id": "notification_id + 1000",
    "event_id": "gen_random_uuid()",
    "alliance": "gen_random_uuid()",
    "sequence": "sequence + 1000",
    "recorded_at": "recorded_at + 1",
    "seals": "decode(repeat('00', 50), 'hex')",
    "leaf": "set_byte(leaf, 31, get_byte(leaf, 31) # 128)",
}


@pytest.fixture
async def signed(desk) -> Desk:
    """Forty notes and two sealed ones, under a signature."""
    await record(desk.log, 40)
    await record_sealed(desk.log, b"one", b"two")
    await desk.signer.round()
    return desk


async def examined(desk: Desk, alliance=HILLSIDE) -> list[Flaw]:
    return await Examination(desk.log, desk.store, alliance).flaws()


async def test_where_nobody_tampered_nothing_is_found(signed, tmp_path):
    assert await examined(signed) == []
    assert judged(signed, await bundle(signed, tmp_path / "b.tar", sealed=True)).code == 0


async def test_every_column_is_known_to_be_tampered_with(admin, schema):
    rows = await admin.fetch(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = $1 AND table_name = 'stored_events'",
        schema,
    )
    assert {row[0] for row in rows} == {*FLIPS, "metadata"}


# Change a stored event


@pytest.mark.parametrize("column", FLIPS)
async def test_a_change_in_any_column_names_the_event(signed, admin, column, tmp_path):
    await admin.execute(f"UPDATE stored_events SET {column} = {FLIPS[column]} WHERE sequence = 17")
    assert first_bad(await examined(signed)) == 17
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    # What the digest does not cover stands in the body, too, and the bundle holds the body.
    elsewhere = column in ("originator_id", "originator_version", "leaf")
    assert (report.code, report.first_bad) == ((0, None) if elsewhere else (1, 17))


async def test_a_change_of_body_and_leaf_names_the_event(signed, admin, tmp_path):
    await admin.execute("UPDATE stored_events SET state = state || ' ' WHERE sequence = 17")
    await admin.execute(RECOMPUTED)
    assert first_bad(await examined(signed)) == 17
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    assert (report.code, report.first_bad) == (1, 17)


# Change body, leaf and tiles


async def rebuilt(desk: Desk, admin) -> None:
    """Tiles made anew to fit the events as they are now."""
    await admin.execute(RECOMPUTED)
    await admin.execute("DELETE FROM tiles WHERE tree = $1", HILLSIDE)
    _, stored = tree.grown(tree.Frontier(), await leaves(desk.log))
    await desk.store.grow(HILLSIDE, 0, {}, stored)


async def test_a_change_with_its_tiles_is_not_signed_and_not_believed(signed, admin, tmp_path):
    await admin.execute("UPDATE stored_events SET state = state || ' ' WHERE sequence = 17")
    await rebuilt(signed, admin)
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    assert report.code == 1
    assert "is not the one that was signed" in report.findings[0].what
    assert "another tree of 42 leaves than was signed" in (await examined(signed))[0].what
    await record(signed.log, 1)
    await signed.signer.round()
    assert "another tree of 42 leaves than was signed" in signed.signer.refused[HILLSIDE]


async def test_a_change_in_an_inner_tile_is_named(desk, admin, tmp_path):
    await record(desk.log, 300)
    await desk.signer.round()
    await admin.execute("UPDATE tiles SET hashes = sha256(hashes) WHERE level = 1")
    assert [flaw.what for flaw in await examined(desk)] == [
        "the tile above tile 0/000 holds another root of it"
    ]
    report = judged(desk, await bundle(desk, tmp_path / "b.tar"))
    assert report.findings[0].what == "tile 1/0 does not hold the root over events 0 to 255"
    assert "another tree" in await refusal(desk)


async def refusal(desk: Desk) -> str:
    await record(desk.log, 1, name="one more")
    await desk.signer.round()
    return desk.signer.refused[HILLSIDE]


# Delete the end, then go on


async def test_a_history_that_lost_its_end_is_not_signed(signed, admin, tmp_path):
    await admin.execute("DELETE FROM stored_events WHERE sequence >= 30")
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    assert (report.code, report.first_bad) == (1, 30)
    assert first_bad(await examined(signed)) == 30
    await record(signed.log, 50, name="another walk")
    signed.restarted()
    await signed.signer.round()
    assert signed.signer.refused == {HILLSIDE: "leaf 41 is not what it was"}
    assert first_bad(await examined(signed)) == 30


# Rewrite everything, with the signing key


async def rewritten(desk: Desk, admin) -> str:
    """Another history of the same size under the right key; returns the note before."""
    before = (await desk.store.newest(HILLSIDE))[1]
    await admin.execute("UPDATE stored_events SET state = state || ' ' WHERE sequence = 17")
    await rebuilt(desk, admin)
    grown, _ = tree.grown(tree.Frontier(), await leaves(desk.log))
    name = f"enquiry/{desk.log.id}/{HILLSIDE}"
    note = desk.ring.signed(Checkpoint(name, grown.size, grown.root))
    await admin.execute("UPDATE checkpoints SET note = $1 WHERE tree = $2", note, HILLSIDE)
    return before


async def test_who_kept_a_checkpoint_proves_the_fork(signed, admin, tmp_path):
    before = await rewritten(signed, admin)
    path = await bundle(signed, tmp_path / "b.tar")
    assert judged(signed, path).findings == []
    report = judged(signed, path, before)
    assert report.code == 1
    assert "fork: another history of 42 events" in report.findings[0].what
    now = (await signed.store.newest(HILLSIDE))[1]
    assert set(report.evidence.values()) == {before, now}


# Show two auditors different histories


async def test_two_auditors_who_compare_notes_prove_a_split_view(signed, admin):
    before = await rewritten(signed, admin)
    now = (await signed.store.newest(HILLSIDE))[1]
    report = check_extends(before, now, None, policy_of(signed))
    assert report.code == 1
    assert "fork" in report.findings[0].what
    assert set(report.evidence.values()) == {before, now}


# Omit an event from what one auditor is shown


@pytest.mark.parametrize("left_out", [0, 17, 41])
async def test_an_event_that_is_left_out_is_named(signed, tmp_path, left_out):
    path = await bundle(signed, tmp_path / "b.tar")
    parts = files(path.read_bytes())
    [name] = [name for name in parts if "/entries/" in name]
    parts[name] = without(parts[name], left_out)
    report = check(Archive(packed(relisted(parts))), policy_of(signed))
    assert report.code == 1
    assert report.first_bad == left_out


def without(pack: bytes, index: int) -> bytes:
    """A pack of entries with one of them empty."""
    at, found = 0, b""
    for n in range(index + 1):
        size = int.from_bytes(pack[at : at + 2], "big")
        found = pack[:at] + b"\0\0" + pack[at + 2 + size :] if n == index else found
        at += 2 + size
    return found


async def test_an_event_that_is_missing_in_a_run_is_noticed_by_the_next(signed, admin, tmp_path):
    run = (await signed.log.read_alliance(HILLSIDE, 0, 1))[0].stream
    await admin.execute("DELETE FROM stored_events WHERE sequence = 17")
    report = judged(signed, await bundle(signed, tmp_path / "b.tar", stream=run))
    assert (report.code, report.first_bad) == (1, 18)


# Move an event


async def test_an_event_of_another_alliance_is_named(signed, admin, tmp_path):
    await record(signed.log, 1, alliance=RIVERBANK)
    await admin.execute("DELETE FROM stored_events WHERE alliance = $1 AND sequence = 17", HILLSIDE)
    await admin.execute(
        "UPDATE stored_events SET alliance = $1, sequence = 17 WHERE alliance = $2",
        HILLSIDE,
        RIVERBANK,
    )
    await admin.execute(RECOMPUTED)
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    assert (report.code, report.first_bad) == (1, 17)
    assert first_bad(await examined(signed)) == 17


async def test_two_events_that_changed_places_are_named(signed, admin, tmp_path):
    await admin.execute("UPDATE stored_events SET sequence = -1 WHERE sequence = 17")
    await admin.execute("UPDATE stored_events SET sequence = 17 WHERE sequence = 23")
    await admin.execute("UPDATE stored_events SET sequence = 23 WHERE sequence = -1")
    await admin.execute(RECOMPUTED)
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    assert {finding.event for finding in report.findings} >= {17, 23}
    assert first_bad(await examined(signed)) == 17


# Swap or change what is sealed


async def test_swapped_ciphertexts_are_named(signed, admin, tmp_path):
    await admin.execute(
        "UPDATE sealed SET ciphertext = other.ciphertext FROM sealed AS other"
        " WHERE sealed.position <> other.position"
    )
    assert first_bad(await examined(signed)) == 40
    report = judged(signed, await bundle(signed, tmp_path / "b.tar", sealed=True))
    assert (report.code, report.first_bad) == (1, 40)


async def test_a_ciphertext_that_was_never_signed_is_named(signed, admin):
    await admin.execute(
        "INSERT INTO sealed SELECT position, 7, alliance, key, ciphertext FROM sealed LIMIT 1"
    )
    await admin.execute(
        "INSERT INTO sealed SELECT 9999, 0, alliance, key, ciphertext FROM sealed LIMIT 1"
    )
    flaws = [flaw.what for flaw in await examined(signed)]
    assert "has a ciphertext in slot 7 that was never signed" in flaws
    assert "a ciphertext lies beside no event: position 9999, slot 0" in flaws


async def test_another_key_under_the_same_name_is_named(signed, admin):
    await admin.execute("UPDATE subject_keys SET commitment = sha256('another'), wrapped = 'x'")
    [flaw] = await examined(signed)
    assert flaw.sequence == 40
    assert "another one has its name" in flaw.what


async def test_a_key_that_vanished_is_named(signed, admin):
    await admin.execute("DELETE FROM subject_keys")
    assert first_bad(await examined(signed)) == 40


# Bring back what was erased


async def test_an_erased_key_that_lives_again_is_named(signed, admin):
    kept = await admin.fetch("SELECT * FROM sealed")
    [key] = await admin.fetch("SELECT id, wrapped FROM subject_keys")
    await signed.log.shred([key["id"]])
    await signed.restarted().round()
    assert await examined(signed) == []
    await admin.executemany("INSERT INTO sealed VALUES ($1, $2, $3, $4, $5)", kept)
    flaws = [flaw.what for flaw in await examined(signed)]
    assert flaws == ["has a ciphertext in slot 0 of a key that is gone"] * 2
    await admin.execute("UPDATE subject_keys SET state = 'living', wrapped = $1", key["wrapped"])
    assert [flaw.what for flaw in await examined(signed)] == [
        f"data key {key['id']} was destroyed, and lives again"
    ]


# Sign with a stolen key


async def test_a_retired_key_signs_nothing_that_is_believed(signed, admin, tmp_path):
    stolen = KeyRing.open(signed.folder / "keys.json")
    signed.leave()
    rotate(signed.folder)
    signed.sit_down()
    await record(signed.log, 3)
    name = f"enquiry/{signed.log.id}/{HILLSIDE}"
    forged = stolen.signed(Checkpoint(name, 45, bytes(32)))
    keys = policy_of(signed)
    with pytest.raises(Rejected, match="may sign sizes from 1 to 42, not 45"):
        head(forged, keys)
    await signed.signer.round()
    report = judged(signed, await bundle(signed, tmp_path / "b.tar"))
    assert report.code == 0


async def test_a_strange_key_signs_nothing_that_is_believed(signed, admin, tmp_path):
    stranger = KeyRing.create(tmp_path / "stranger")
    name = f"enquiry/{signed.log.id}/{HILLSIDE}"
    found = await signed.checkpoint()
    note = stranger.signed(Checkpoint(name, found.size, found.root))
    await admin.execute("UPDATE checkpoints SET note = $1 WHERE tree = $2", note, HILLSIDE)
    await admin.execute("UPDATE signing_keys SET public = $1", stranger.public[0])
    path = await bundle(signed, tmp_path / "b.tar")
    report = judged(signed, path)
    assert report.code == 1
    assert "no known key" in report.findings[0].what
    own = policy(policy_line(name, stranger.validities(uuid4())[0]))
    assert check(Archive.open(path), own).code == 1


async def test_a_proof_that_was_served_does_not_outlive_a_change(signed, admin):
    before = await Proofs(signed.store, HILLSIDE).inclusion(17)
    [event] = await signed.log.read_alliance(HILLSIDE, 17, 1)
    assert check_proof(before, entry(event), policy_of(signed)).code == 0
    await admin.execute("UPDATE stored_events SET state = state || ' ' WHERE sequence = 17")
    await rebuilt(signed, admin)
    [event] = await signed.log.read_alliance(HILLSIDE, 17, 1)
    report = check_proof(before, entry(event), policy_of(signed))
    assert (report.code, report.first_bad) == (1, 17)
