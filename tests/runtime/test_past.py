"""Past states: the same whatever was asked before, and read no further than they must be."""

import random
from datetime import timedelta

import pytest

from enquiry.runtime import streams as module
from enquiry.runtime.streams import Streams


@pytest.fixture
async def story(scene, log):
    """A notebook with many notes at several times."""
    one = await scene.notebook("Kelly", "Amina")
    for number in range(12):
        await scene.note("Kelly", "Amina", f"What a good question {number}", one)
        scene.later(minutes=5)
    return one, await log.read_stream(one)


@pytest.mark.parametrize("part", [1, 3, 2000])
async def test_a_past_state_is_the_same_whatever_was_asked_before(
    story, log, registry, monkeypatch, part
):
    monkeypatch.setattr(module, "PART", part)
    stream, events = story
    asked, chance = Streams(log, registry), random.Random(part)
    await asked.get(stream)
    moments = [event.position for event in events] * 2 + [0, events[-1].position + 9]
    moments += [module.instant(event.recorded_at) for event in events]
    moments += [module.instant(events[0].recorded_at) - timedelta(seconds=1)]
    chance.shuffle(moments)
    for at in moments:
        without = {event.id for event in events[1:] if chance.random() < 0.1}
        for left_out in ((), without):
            fresh = await Streams(log, registry).at(stream, at, left_out)
            assert await asked.at(stream, at, left_out) == fresh


async def test_a_later_moment_is_reached_from_an_earlier_one(story, log, registry, monkeypatch):
    stream, events = story
    streams, read = Streams(log, registry), []
    real = log.read_stream

    async def read_stream(stream, after=0, upto=None):
        read.append(after)
        return await real(stream, after, upto)

    monkeypatch.setattr(log, "read_stream", read_stream)
    await streams.at(stream, events[5].position)
    await streams.at(stream, events[9].position)
    await streams.at(stream, events[2].position)
    assert read == [0, 6, 0]


async def test_only_so_many_past_states_are_kept(story, log, registry, monkeypatch):
    monkeypatch.setattr(module, "PAST_MAX", 2)
    stream, events = story
    streams = Streams(log, registry)
    for event in events:
        await streams.at(stream, event.position)
        await streams.at(stream, event.position, {events[1].id, event.id})
    assert len(streams._past) <= 2
    assert all(len(kept) <= module.PAST_EACH_MAX for kept in streams._past.values())
