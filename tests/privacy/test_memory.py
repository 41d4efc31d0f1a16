"""How long the keyring holds a key: briefly, and not past its destruction."""

from uuid import UUID, uuid4

import pytest

from enquiry.log.promise import Appended
from enquiry.privacy.cache import CACHE_SECONDS
from enquiry.privacy.keys import Erased, KeyDestroyed, Personal

AROHA = UUID(int=10)
NOTE = Personal("text", AROHA, "contribution", "Pupils explained their thinking to each other.")
NAME = Personal("name", AROHA, "identity", "Aroha Ngata")


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
