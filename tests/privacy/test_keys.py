"""The keyring: one key for one person's values in one stream, never two, and never one again."""

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest

from enquiry.log.promise import Appended, Conflict, KeyGone, SealedValue
from enquiry.privacy.cache import CACHE_SECONDS, Owner
from enquiry.privacy.keys import (
    Erased,
    KeyDestroyed,
    Keyring,
    Personal,
    Withheld,
    _wrapping,
)
from enquiry.privacy.sealing import Context, NotAuthentic
from enquiry.privacy.source import KeyFile, KeySourceUnavailable

AROHA, WIREMU = UUID(int=10), UUID(int=11)
NOTE = Personal("text", AROHA, "contribution", "Pupils explained their thinking to each other.")
NAME = Personal("name", AROHA, "identity", "Aroha Ngata")
REPLY = Personal("reply", WIREMU, "contribution", "Which ones?")


def places(envelope, values, position=1):
    """What is wanted of an event at a position, as a view would ask for it."""
    return {
        (position, slot): Context(envelope, slot, value.path, value.subject, value.kind)
        for slot, value in enumerate(values)
    }


@pytest.fixture
def record(log, append_of, new_envelope):
    """Seal values in an event of their own, append it, and give its envelope."""

    async def record(keyring, values, revision=1, envelope=None):
        envelope = envelope or new_envelope()
        batch = await keyring.seal([(envelope, values)])
        batch.commit(await log.append(append_of(envelope, batch, revision)))
        return envelope

    return record


@pytest.fixture
def read(log):
    """Open everything an event holds, by slot."""

    async def read(keyring, envelope, values, position=1):
        opened = await keyring.unseal(places(envelope, values, position), log.values)
        return [opened[position, slot] for slot in range(len(values))]

    return read


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


# --- memory


async def test_a_key_in_memory_is_used_without_asking_for_less_than_a_minute(
    keyring, record, read, log, clock
):
    envelope = await record(keyring, [NOTE])
    log.asked = 0
    clock.now += CACHE_SECONDS - 0.001
    assert await read(keyring, envelope, [NOTE]) == [NOTE.text]
    assert log.asked == 0
    clock.now += 0.001
    assert await read(keyring, envelope, [NOTE]) == [NOTE.text]
    assert log.asked == 1


async def test_using_a_key_does_not_prolong_its_stay(keyring, record, new_envelope, log, clock):
    await record(keyring, [NOTE])
    await log.shred(list(log.keys))
    for _ in range(3):
        clock.now += CACHE_SECONDS / 4
        batch = await keyring.seal([(new_envelope(), [NOTE])])
        batch.commit(Appended(2, 2, 0))
    clock.now += CACHE_SECONDS / 4
    with pytest.raises(KeyDestroyed):
        await keyring.seal([(new_envelope(), [NOTE])])


@pytest.mark.parametrize("how", ["forget", "clear"])
async def test_a_forgotten_key_is_gone_at_once(keyring, record, read, log, how):
    envelope = await record(keyring, [NOTE, NAME])
    assert await read(keyring, envelope, [NOTE, NAME]) == [NOTE.text, NAME.text]
    key = log.values[1, 0].key
    await log.shred([key])
    if how == "forget":
        keyring.forget([key, uuid4()])
    else:
        keyring.clear()
    log.asked = 0
    erased = Erased("contribution", AROHA, key)
    assert await read(keyring, envelope, [NOTE, NAME]) == [erased, NAME.text]
    assert log.asked == (1 if how == "forget" else 2)


async def test_a_key_destroyed_while_it_is_being_read_does_not_stay(
    keyring, new_keyring, record, read, log, monkeypatch
):
    envelope = await record(new_keyring(), [NOTE])
    (key,) = log.keys
    answer = log.wrapped_key

    async def destroyed_meanwhile(wanted):
        record = await answer(wanted)
        await log.shred([key])
        keyring.forget([key])
        return record

    monkeypatch.setattr(log, "wrapped_key", destroyed_meanwhile)
    assert await read(keyring, envelope, [NOTE]) == [NOTE.text]  # it was there when asked
    monkeypatch.undo()
    assert await read(keyring, envelope, [NOTE]) == [Erased("contribution", AROHA, key)]


async def test_a_key_destroyed_between_append_and_commit_does_not_stay(
    keyring, new_envelope, append_of, log
):
    envelope = new_envelope()
    batch = await keyring.seal([(envelope, [NOTE])])
    appended = await log.append(append_of(envelope, batch))
    await log.shred(list(log.keys))
    keyring.forget(log.keys)
    batch.commit(appended)
    with pytest.raises(KeyDestroyed):
        await keyring.seal([(new_envelope(), [NOTE])])


async def test_a_key_that_was_looked_up_is_not_asked_for_again(
    new_keyring, record, read, new_envelope, log
):
    envelope = await record(new_keyring(), [NOTE])
    reader = new_keyring()
    log.asked = 0
    for _ in range(3):
        assert await read(reader, envelope, [NOTE]) == [NOTE.text]
        await reader.seal([(new_envelope(), [NOTE])])
    assert log.asked == 1


async def test_a_page_of_many_values_asks_for_each_key_once(new_keyring, record, read, log):
    values = [NOTE._replace(path=f"notes/{i}") for i in range(50)]
    envelope = await record(new_keyring(), values)
    backup = dict(log.values)

    async def questions():
        log.asked = 0
        await read(new_keyring(), envelope, values)
        return log.asked

    assert await questions() == 1
    await log.shred(list(log.keys))
    assert await questions() == 1
    log.values.update(backup)
    assert await questions() == 1
    log.lose_keys()
    assert await questions() == 1
