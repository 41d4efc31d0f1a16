"""The keyring: one key for one person's values in one stream, never two, and never one again."""

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest

from enquiry.log.promise import Conflict, KeyGone, SealedValue
from enquiry.privacy.cache import Owner
from enquiry.privacy.keys import (
    Erased,
    KeyDestroyed,
    Keyring,
    Personal,
    Withheld,
    _wrapping,
)
from enquiry.privacy.sealing import NotAuthentic
from enquiry.privacy.source import KeyFile, KeySourceUnavailable

AROHA, WIREMU = UUID(int=10), UUID(int=11)
NOTE = Personal("text", AROHA, "contribution", "Pupils explained their thinking to each other.")
NAME = Personal("name", AROHA, "identity", "Aroha Ngata")
REPLY = Personal("reply", WIREMU, "contribution", "Which ones?")


# --- sealing


async def test_what_one_process_records_another_reads(new_keyring, record, read):
    envelope = await record(new_keyring(), [NOTE, NAME, REPLY])
    assert await read(new_keyring(), envelope, [NOTE, NAME, REPLY]) == [
        NOTE.text,
        NAME.text,
        REPLY.text,
    ]


async def test_each_person_and_kind_has_a_key_of_its_own_and_each_pair_one(keyring, new_envelope):
    values = [NOTE, NAME, REPLY, NOTE._replace(path="second")]
    batch = await keyring.seal([(new_envelope(), values), (new_envelope(), [NOTE])])
    first, second = batch.values
    assert [value.slot for value in first] == [0, 1, 2, 3]
    assert [value.slot for value in second] == [0]
    keys = [value.key for value in (*first, *second)]
    assert len(set(keys)) == 3
    assert keys[0] == keys[3] == keys[4]
    assert {(key.subject, key.kind) for key in batch.keys} == {
        (AROHA, "contribution"),
        (AROHA, "identity"),
        (WIREMU, "contribution"),
    }


async def test_one_person_has_another_key_in_another_stream(keyring, new_envelope):
    here, there = new_envelope(stream=UUID(int=5)), new_envelope(stream=UUID(int=6))
    batch = await keyring.seal([(here, [NOTE]), (there, [NOTE])])
    assert batch.values[0][0].key != batch.values[1][0].key
    assert [key.stream for key in batch.keys] == [here.stream, there.stream]


async def test_an_event_without_personal_values_needs_no_key(keyring, log, new_envelope):
    batch = await keyring.seal([(new_envelope(), [])])
    assert batch.values == ((),)
    assert batch.keys == ()
    assert log.asked == 0


async def test_a_stored_key_is_used_again_and_not_sent_again(
    new_keyring, record, new_envelope, log
):
    await record(new_keyring(), [NOTE])
    batch = await new_keyring().seal([(new_envelope(), [NOTE])])
    assert batch.keys == ()
    assert [batch.values[0][0].key] == list(log.keys)


# --- races


async def test_two_that_make_the_same_key_end_with_one_and_both_read_both(
    new_keyring, new_envelope, append_of, log, read
):
    one, other = new_keyring(), new_keyring()
    mine, theirs = new_envelope(), new_envelope()
    winner = await one.seal([(mine, [NOTE])])
    loser = await other.seal([(theirs, [NOTE])])
    assert winner.keys[0].id != loser.keys[0].id
    winner.commit(await log.append(append_of(mine, winner)))
    with pytest.raises(Conflict):
        await log.append(append_of(theirs, loser))
    loser.abandon()

    afresh = await other.seal([(theirs, [NOTE])])
    assert afresh.keys == ()
    afresh.commit(await log.append(append_of(theirs, afresh, revision=2)))
    assert list(log.keys) == [winner.keys[0].id]
    for keyring in (one, other):
        assert await read(keyring, mine, [NOTE], 1) == [NOTE.text]
        assert await read(keyring, theirs, [NOTE], 2) == [NOTE.text]


async def test_a_key_is_not_used_before_its_append_was_recorded(keyring, new_envelope):
    first = await keyring.seal([(new_envelope(), [NOTE])])
    second = await keyring.seal([(new_envelope(), [NOTE])])
    assert first.keys[0].id != second.keys[0].id


async def test_a_key_made_for_a_replayed_append_is_dropped_because_it_was_not_stored(
    new_keyring, new_envelope, append_of, log
):
    one, other = new_keyring(), new_keyring()
    first, repeated = new_envelope(), new_envelope()
    mine = await one.seal([(first, [NOTE])])
    theirs = await other.seal([(repeated, [NOTE])])
    mine.commit(await log.append(append_of(first, mine, key=b"same request")))
    replay = await log.append(append_of(repeated, theirs, key=b"same request"))
    assert replay.replayed
    theirs.commit(replay)

    later = await other.seal([(new_envelope(), [NOTE])])
    assert later.values[0][0].key == mine.keys[0].id


async def test_many_at_once_end_with_one_key(new_keyring, new_envelope, append_of, log, read):
    async def insist(keyring):
        while True:
            envelope = new_envelope()
            revision = (await log.revisions([envelope.stream]))[envelope.stream]
            batch = await keyring.seal([(envelope, [NOTE])])
            await asyncio.sleep(0)
            try:
                appended = await log.append(append_of(envelope, batch, revision + 1))
            except Conflict:
                batch.abandon()
                continue
            batch.commit(appended)
            return appended.first, envelope

    keyrings = [new_keyring(), new_keyring()]
    async with asyncio.timeout(10):
        written = await asyncio.gather(*(insist(keyrings[i % 2]) for i in range(20)))
    assert len(log.keys) == 1
    for keyring in keyrings:
        for position, envelope in written:
            assert await read(keyring, envelope, [NOTE], position) == [NOTE.text]


# --- absent, destroyed, never made


async def test_a_destroyed_key_is_never_made_again(new_keyring, record, new_envelope, log):
    await record(new_keyring(), [NOTE])
    (key,) = log.keys
    await log.shred([key])
    with pytest.raises(KeyDestroyed) as refusal:
        await new_keyring().seal([(new_envelope(), [NOTE])])
    assert refusal.value.key == key
    assert refusal.value.owner == Owner(UUID(int=1), UUID(int=2), AROHA, "contribution")


async def test_destroying_one_key_leaves_the_persons_other_kinds_writable(
    new_keyring, record, new_envelope, log
):
    await record(new_keyring(), [NOTE])
    await log.shred(list(log.keys))
    batch = await new_keyring().seal([(new_envelope(), [NAME, REPLY])])
    assert len(batch.keys) == 2


async def test_a_key_destroyed_elsewhere_is_refused_by_the_log_and_then_by_the_keyring(
    keyring, record, new_envelope, append_of, log
):
    await record(keyring, [NOTE])
    await log.shred(list(log.keys))
    envelope = new_envelope()
    stale = await keyring.seal([(envelope, [NOTE])])  # still in memory: nobody told this process
    with pytest.raises(KeyGone):
        await log.append(append_of(envelope, stale, revision=2))
    stale.abandon()
    with pytest.raises(KeyDestroyed):
        await keyring.seal([(envelope, [NOTE])])


async def test_an_erased_value_shows_as_erased_and_the_others_are_read(
    new_keyring, record, read, log
):
    envelope = await record(new_keyring(), [NOTE, NAME, REPLY])
    key = log.values[1, 1].key
    assert await log.shred([key]) == 1
    assert await read(new_keyring(), envelope, [NOTE, NAME, REPLY]) == [
        NOTE.text,
        Erased("identity", AROHA, key),
        REPLY.text,
    ]


async def test_a_ciphertext_that_comes_back_from_a_backup_stays_erased(
    new_keyring, record, read, log
):
    envelope = await record(new_keyring(), [NOTE])
    (key,) = log.keys
    backup = dict(log.values)
    await log.shred([key])
    log.values.update(backup)
    assert await read(new_keyring(), envelope, [NOTE]) == [Erased("contribution", AROHA, key)]


async def test_a_value_deleted_alone_is_not_shown_as_its_persons_erasure(
    keyring, record, read, log
):
    envelope = await record(keyring, [NOTE, REPLY])
    key = log.values.pop((1, 0)).key
    assert await read(keyring, envelope, [NOTE, REPLY]) == [
        Withheld("contribution", AROHA, key, "value-absent"),
        REPLY.text,
    ]


async def test_a_lost_key_is_not_shown_as_an_erasure(new_keyring, record, read, log):
    envelope = await record(new_keyring(), [NOTE])
    (key,) = log.keys
    log.lose_keys()
    assert await read(new_keyring(), envelope, [NOTE]) == [
        Withheld("contribution", AROHA, key, "key-absent")
    ]
    log.values.clear()
    assert await read(new_keyring(), envelope, [NOTE]) == [
        Withheld("contribution", AROHA, None, "key-absent")
    ]


async def test_placeholders_can_be_told_from_texts_in_json():
    erased = Erased("identity", AROHA, UUID(int=3))
    withheld = Withheld("identity", AROHA, None, "key-absent")
    shown = msgspec.json.encode(["", erased, withheld])
    back = msgspec.json.decode(shown, type=list[str | Erased | Withheld])
    assert back == ["", erased, withheld]


async def test_a_lost_key_encryption_key_is_an_outage_and_not_an_erasure(
    new_keyring, record, log, clock, read
):
    envelope = await record(new_keyring(), [NOTE])
    blind = Keyring(log, KeyFile({uuid4(): b"x" * 32}), clock)
    with pytest.raises(KeySourceUnavailable):
        await read(blind, envelope, [NOTE])
    with pytest.raises(KeySourceUnavailable):
        await blind.seal([(envelope, [NOTE])])


# --- tampering in the database


async def test_two_values_that_change_places_are_withheld(new_keyring, record, read, log):
    second = NOTE._replace(path="second")
    envelope = await record(new_keyring(), [NOTE, second, REPLY])
    one, two = log.values[1, 0], log.values[1, 1]
    log.values[1, 0] = SealedValue(0, two.key, two.ciphertext)
    log.values[1, 1] = SealedValue(1, one.key, one.ciphertext)
    withheld = Withheld("contribution", AROHA, one.key, "not-authentic")
    assert await read(new_keyring(), envelope, [NOTE, second, REPLY]) == [
        withheld,
        withheld,
        REPLY.text,
    ]


@pytest.mark.parametrize("field", ["stream", "subject", "kind", "wrapped", "commitment"])
async def test_an_altered_record_of_a_key_gives_no_key(
    new_keyring, record, read, new_envelope, log, field
):
    envelope = await record(new_keyring(), [NOTE])
    (key,) = log.keys
    other = {"stream": uuid4(), "subject": uuid4(), "kind": "other"}
    value = other.get(field) or bytes(len(getattr(log.keys[key], field)))
    log.put_key(key, **{field: value})
    assert await read(new_keyring(), envelope, [NOTE]) == [
        Withheld("contribution", AROHA, key, "not-authentic")
    ]
    if field in ("wrapped", "commitment"):
        with pytest.raises(NotAuthentic):
            await new_keyring().seal([(new_envelope(), [NOTE])])


async def test_a_second_key_under_a_recorded_id_is_refused_by_its_commitment(
    new_keyring, record, read, log, source
):
    # An operator holds the key-encryption key, and can wrap whatever key he likes.
    envelope = await record(new_keyring(), [NOTE])
    (key,) = log.keys
    owner = Owner(envelope.alliance, envelope.stream, AROHA, "contribution")
    bound = _wrapping(owner, key)
    assert await source.unwrap(log.keys[key].wrapped, bound)  # this is how it was wrapped
    log.put_key(key, wrapped=await source.wrap(b"f" * 32, bound))
    assert await read(new_keyring(), envelope, [NOTE]) == [
        Withheld("contribution", AROHA, key, "not-authentic")
    ]


async def test_another_alliance_cannot_open_a_value_with_the_same_ids(
    new_keyring, record, read, log
):
    envelope = await record(new_keyring(), [NOTE])
    foreign = msgspec.structs.replace(envelope, alliance=uuid4())
    (key,) = log.keys
    shown = [Withheld("contribution", AROHA, key, "not-authentic")]
    assert await read(new_keyring(), foreign, [NOTE]) == shown
    with pytest.raises(NotAuthentic):
        await new_keyring().seal([(foreign, [NOTE])])
    warm = new_keyring()
    assert await read(warm, envelope, [NOTE]) == [NOTE.text]
    assert await read(warm, foreign, [NOTE]) == shown
