"""What every log tells about data keys that live, and about those that were destroyed."""

from uuid import UUID, uuid4

from tests.log.examples import HILLSIDE, RIVERBANK, data_key, event, sealed_note

from enquiry.log.promise import KeyRecord


def told(key, alliance=HILLSIDE, *, living=True):
    return KeyRecord(key.id, alliance, key.stream, key.subject, key.kind, living)


async def test_living_keys_are_found_by_stream_and_kind(log):
    walk = uuid4()
    key, register = data_key(walk), data_key(walk, kind="register")
    await log.append(sealed_note(walk, 0, key, b"text", new=True))
    await log.append(sealed_note(walk, 1, register, b"name", new=True))
    assert await log.living_in(walk, "contribution") == [told(key)]
    await log.shred([key.id])
    assert await log.living_in(walk, "contribution") == []
    assert await log.living_in(walk, "register") == [told(register)]


async def test_the_keys_of_a_person_are_those_of_one_alliance_destroyed_ones_too(log):
    person = uuid4()
    here, there, foreign = (data_key(uuid4(), person) for _ in range(3))
    await log.append(sealed_note(here.stream, 0, here, b"a", new=True))
    await log.append(sealed_note(there.stream, 0, there, b"b", new=True))
    await log.append(sealed_note(foreign.stream, 0, foreign, b"c", new=True, alliance=RIVERBANK))
    await log.shred([there.id])
    found = await log.keys_of(HILLSIDE, person)
    assert sorted(found, key=lambda key: key.living) == [told(there, living=False), told(here)]
    assert [key.id for key in found] == sorted(key.id for key in found)


async def test_living_keys_come_page_by_page(log):
    keys = sorted((data_key(uuid4()) for _ in range(5)), key=lambda key: key.id)
    for key in keys:
        await log.append(sealed_note(key.stream, 0, key, b"a", new=True))
    await log.shred([keys[1].id])
    first = await log.living_after(UUID(int=0), 2)
    assert first == [told(keys[0]), told(keys[2])]
    assert await log.living_after(first[-1].id, 2) == [told(keys[3]), told(keys[4])]
    assert await log.living_after(keys[4].id) == []


async def test_which_keys_are_destroyed_is_told_of_those_asked_about(log):
    key, other = data_key(uuid4()), data_key(uuid4())
    await log.append(sealed_note(key.stream, 0, key, b"a", new=True))
    await log.append(sealed_note(other.stream, 0, other, b"a", new=True))
    await log.shred([key.id])
    assert await log.destroyed_among([key.id, other.id, uuid4()]) == {key.id}
    assert await log.destroyed_among([]) == frozenset()
    assert await log.half_shredded() == []


async def test_which_events_exist_is_told_of_those_asked_about(log):
    append = sealed_note(uuid4(), 0, data_key(uuid4()), new=False)
    await log.append(append)
    absent = event(uuid4(), 1)
    assert await log.existing([append.events[0].id, absent.id]) == {append.events[0].id}
