"""Keys in memory: bounded in number and in time."""

from uuid import UUID, uuid4

import pytest

from enquiry.privacy.cache import CACHE_SECONDS, KeyCache, Owner
from enquiry.privacy.sealing import DataKey


def owner(number: int) -> Owner:
    return Owner(UUID(int=1), UUID(int=2), UUID(int=number), "contribution")


def key() -> DataKey:
    return DataKey(uuid4(), bytes(32))


@pytest.fixture
def cache(clock) -> KeyCache:
    return KeyCache(clock, keys_max=3)


def put(cache: KeyCache, number: int) -> DataKey:
    held = key()
    cache.put(cache.mark(), owner(number), held)
    return held


def test_a_key_is_found_by_its_owner_and_by_its_id(cache):
    held = put(cache, 1)
    assert cache.of_owner(owner(1)) is held
    assert cache.of_id(held.id) is held
    assert cache.of_owner(owner(2)) is None
    assert cache.of_id(uuid4()) is None


def test_the_least_recently_used_key_makes_room(cache):
    held = [put(cache, number) for number in range(3)]
    assert cache.of_id(held[0].id)
    put(cache, 3)
    assert len(cache) == 3
    assert cache.of_id(held[1].id) is None
    assert cache.of_owner(owner(1)) is None
    assert cache.of_owner(owner(0)) is held[0]


def test_a_thousand_keys_do_not_fill_more_than_its_bound(cache):
    for number in range(1000):
        put(cache, number)
        assert len(cache) <= 3
    assert len(cache._ids) == 3


def test_an_age_counts_from_before_the_log_was_asked(cache, clock):
    mark = cache.mark()
    clock.now += CACHE_SECONDS - 1
    held = key()
    cache.put(mark, owner(1), held)
    assert cache.of_id(held.id) is held
    clock.now += 1
    assert cache.of_id(held.id) is None
    assert len(cache) == 0


def test_keys_that_nobody_asks_for_again_leave_memory_in_passing(clock):
    cache = KeyCache(clock)
    for number in range(100):
        put(cache, number)
    clock.now += CACHE_SECONDS
    put(cache, 100)
    assert len(cache) == 1
    assert len(cache._ids) == 1


def test_an_owners_new_key_takes_the_place_of_the_old(cache):
    old, new = put(cache, 1), put(cache, 1)
    assert cache.of_id(old.id) is None
    assert cache.of_owner(owner(1)) is new
    assert len(cache) == 1


def test_forgetting_any_key_keeps_out_those_being_looked_up(cache):
    mark = cache.mark()
    cache.forget([uuid4()])
    held = key()
    cache.put(mark, owner(1), held)
    assert cache.of_id(held.id) is None
    cache.put(cache.mark(), owner(1), held)
    assert cache.of_id(held.id) is held
