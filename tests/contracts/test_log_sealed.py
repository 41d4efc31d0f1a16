"""What every log promises about personal values: beside the events, and destroyed for good."""

from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.log.examples import (
    MONDAY,
    RIVERBANK,
    data_key,
    event,
    notes,
    outcomes,
    sealed_note,
    stream_of,
)

from enquiry.log.leaf import leaf, seals
from enquiry.log.promise import Appended, KeyGone, Malformed, SealedValue


async def test_a_sealed_value_lies_beside_its_event(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(notes(uuid4()))
    append = sealed_note(walk, 0, key, b"first", b"second", new=True)
    await log.append(append)
    assert await log.sealed([1, 2]) == {
        (2, 0): SealedValue(0, key.id, b"first"),
        (2, 1): SealedValue(1, key.id, b"second"),
    }
    (stored,) = await log.read_stream(walk)
    assert stored.seals == seals(append.events[0].sealed)
    assert stored.leaf == leaf(stored)


async def test_slots_may_leave_gaps(log):
    walk = uuid4()
    key = data_key(walk)
    values = tuple(SealedValue(slot, key.id, b"%d" % slot) for slot in (0, 7, 32_767))
    append = sealed_note(walk, 0, key, new=True)
    await log.append(replace(append, events=(event(walk, 1, *values),)))
    assert sorted(await log.sealed([1])) == [(1, 0), (1, 7), (1, 32_767)]
    (stored,) = await log.read_stream(walk)
    assert stored.seals == seals(values)
    assert stored.leaf == leaf(stored)


async def test_a_data_key_is_found_by_its_id_and_by_its_owner(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    assert await log.wrapped_key(key.id) == key
    assert await log.find_key(walk, key.subject, key.kind) == key
    assert await log.find_key(walk, key.subject, "safeguarding") is None
    assert await log.find_key(uuid4(), key.subject, key.kind) is None
    assert await log.wrapped_key(uuid4()) is None


async def test_a_data_key_seals_later_events_too(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"one", new=True))
    await log.append(sealed_note(walk, 1, key, b"two", new=False))
    assert (await log.sealed([2]))[2, 0].ciphertext == b"two"


async def test_a_data_key_made_a_moment_ago_seals_what_follows_at_once(log):
    walk = uuid4()
    key = data_key(walk)
    first, second = await outcomes(
        log,
        sealed_note(walk, 0, key, b"one", new=True),
        sealed_note(walk, 1, key, b"two", new=False),
    )
    assert (first.first, second.first) == (1, 2)


async def test_an_append_that_loses_leaves_neither_value_nor_key(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(notes(walk))
    (lost,) = await outcomes(log, sealed_note(walk, 0, key, b"text", new=True))
    assert not isinstance(lost, Appended)
    assert await log.sealed([1, 2]) == {}
    assert await log.wrapped_key(key.id) is None


async def test_of_two_who_make_the_same_data_key_one_loses_as_a_conflict(log):
    walk, teacher = uuid4(), uuid4()
    mine, theirs = data_key(walk, teacher), data_key(walk, teacher)
    first, second = await outcomes(
        log,
        sealed_note(walk, 0, mine, b"mine", new=True),
        sealed_note(walk, 0, theirs, b"theirs", new=True),
    )
    assert isinstance(first, Appended)
    assert not isinstance(second, Appended)
    assert await log.find_key(walk, teacher, mine.kind) == mine


async def test_shredding_destroys_a_key_and_what_it_sealed_and_nothing_else(log):
    walk = uuid4()
    doomed, kept = data_key(walk), data_key(walk)
    await log.append(sealed_note(walk, 0, doomed, b"one", b"two", new=True))
    await log.append(sealed_note(walk, 1, kept, b"three", new=True))
    before = await log.read_all()
    assert await log.shred([doomed.id]) == 2
    assert await log.sealed([1, 2]) == {(2, 0): SealedValue(0, kept.id, b"three")}
    assert await log.wrapped_key(doomed.id) == replace(doomed, wrapped=b"")
    assert await log.find_key(walk, doomed.subject, doomed.kind) == replace(doomed, wrapped=b"")
    assert await log.wrapped_key(kept.id) == kept
    after = await log.read_all()
    assert after == before
    assert all(stored.leaf == leaf(stored) for stored in after)


async def test_shredding_may_be_repeated(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    assert [await log.shred([key.id]), await log.shred([key.id, uuid4()])] == [1, 0]
    assert await log.shred([]) == 0


async def test_nothing_can_be_sealed_under_a_destroyed_key(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    await log.shred([key.id])
    with pytest.raises(KeyGone) as refusal:
        await log.append(sealed_note(walk, 1, key, b"more", new=False))
    assert refusal.value.key == key.id
    assert await log.head() == 1


async def test_a_destroyed_key_is_never_made_again_for_its_owner(log):
    walk = uuid4()
    key = data_key(walk)
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    await log.shred([key.id])
    successor = data_key(walk, key.subject, key.kind)
    for attempt in (key, successor):
        with pytest.raises(KeyGone):
            await log.append(sealed_note(walk, 1, attempt, b"more", new=True))
    assert await log.head() == 1


async def test_nothing_can_be_sealed_under_a_key_nobody_knows(log):
    walk = uuid4()
    unknown = data_key(walk)
    lost, won = await outcomes(
        log, sealed_note(walk, 0, unknown, b"text", new=False), notes(walk, 0)
    )
    assert isinstance(lost, KeyGone)
    assert won.first == 1


async def test_nothing_can_be_sealed_under_a_key_that_only_a_loser_brought(log):
    walk, other = uuid4(), uuid4()
    await log.append(notes(walk))
    key = data_key(walk)
    lost, refused = await outcomes(
        log,
        sealed_note(walk, 0, key, b"text", new=True),
        sealed_note(other, 0, key, b"text", new=False),
    )
    assert not isinstance(lost, Appended)
    assert isinstance(refused, KeyGone)


async def test_nothing_can_be_sealed_under_a_key_of_another_alliance(log):
    theirs, ours = uuid4(), uuid4()
    key = data_key(theirs)
    await log.append(sealed_note(theirs, 0, key, b"text", new=True, alliance=RIVERBANK))
    with pytest.raises(KeyGone):
        await log.append(sealed_note(ours, 0, key, b"text", new=False))


WALK, TEACHER = stream_of("walk"), stream_of("teacher")
KEY = data_key(WALK, TEACHER)
SEALED = sealed_note(WALK, 0, KEY, b"text", new=True)


@pytest.mark.parametrize(
    "append",
    [
        pytest.param(replace(SEALED, keys=(data_key(uuid4()),)), id="a stream not written"),
        pytest.param(replace(SEALED, keys=(KEY, KEY)), id="the same key twice"),
        pytest.param(replace(SEALED, keys=(KEY, data_key(WALK, TEACHER))), id="two for one"),
        pytest.param(replace(SEALED, keys=(replace(KEY, wrapped=b""),)), id="no bytes"),
        pytest.param(replace(SEALED, keys=(replace(KEY, commitment=b"c"),)), id="no commitment"),
        *(
            pytest.param(
                replace(
                    SEALED,
                    events=(event(WALK, 1, *(SealedValue(s, KEY.id, b"") for s in slots)),),
                ),
                id=f"slots {slots}",
            )
            for slots in [(1, 0), (0, 0), (-1,), (32_768,)]
        ),
    ],
)
async def test_sealed_values_that_contradict_themselves_are_refused(log, append):
    with pytest.raises(Malformed):
        await log.append(append)
    assert await log.head() == 0


async def test_a_replay_brings_no_second_key(log):
    walk = uuid4()
    key = data_key(walk)
    append = replace(sealed_note(walk, 0, key, b"text", new=True), key=b"k", fingerprint=b"f")
    first, again = await outcomes(log, append, append)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.recorded_at == MONDAY
    assert await log.sealed([1, 2]) == {(1, 0): SealedValue(0, key.id, b"text")}
