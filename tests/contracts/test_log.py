"""What every log promises: one suite for the reference in memory and for PostgreSQL."""

import asyncio
import contextlib
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.log.examples import HILLSIDE, MONDAY, RIVERBANK, event, notes, outcomes, stream_of

from enquiry.log.leaf import leaf, seals
from enquiry.log.memory import MemoryLog
from enquiry.log.promise import Appended, Conflict, KeyReused, Log, Malformed


async def test_an_event_comes_back_as_it_was_recorded(log):
    walk = uuid4()
    append = notes(walk)
    recorded = await log.append(append)
    (stored,) = await log.read_stream(walk)
    (new,) = append.events
    assert recorded == Appended(1, 1, MONDAY)
    assert (stored.position, stored.sequence, stored.revision) == (1, 0, 1)
    assert (stored.alliance, stored.stream, stored.id) == (HILLSIDE, walk, new.id)
    assert (stored.kind, stored.body, stored.recorded_at) == (new.kind, new.body, MONDAY)


async def test_every_body_comes_back_byte_for_byte(log):
    walk = uuid4()
    bodies = [b"", b"\x00\xff\\x41'\"", bytes(range(256)) * 300]
    for revision, body in enumerate(bodies):
        new = replace(event(walk, revision + 1), body=body)
        await log.append(replace(notes(walk, revision), events=(new,)))
    assert [stored.body for stored in await log.read_stream(walk)] == bodies


async def test_position_is_counted_over_all_and_sequence_within_each_alliance(log):
    ours, theirs = uuid4(), uuid4()
    await log.append(notes(ours, 0, 2))
    await log.append(notes(theirs, 0, 2, alliance=RIVERBANK))
    await log.append(notes(ours, 2))
    stored = await log.read_all()
    assert [e.position for e in stored] == [1, 2, 3, 4, 5]
    assert [e.sequence for e in stored] == [0, 1, 0, 1, 2]
    assert [e.revision for e in stored] == [1, 2, 1, 2, 3]


async def test_the_leaf_is_the_hash_of_what_was_stored(log):
    await log.append(notes(uuid4(), 0, 3))
    for stored in await log.read_all():
        assert stored.leaf == leaf(stored)
        assert stored.seals == seals(())


async def test_an_empty_log_answers_with_nothing(log):
    assert await log.head() == 0
    assert await log.read_all() == []
    assert await log.read_stream(uuid4()) == []
    assert await log.read_alliance(HILLSIDE) == []
    assert await log.sealed([1, 2]) == {}
    assert await log.find(HILLSIDE, b"key") is None
    nobody = uuid4()
    assert await log.revisions([nobody]) == {nobody: 0}


async def test_an_append_writes_several_streams_at_once(log):
    run, calendar = uuid4(), uuid4()
    both = (event(run, 1), event(calendar, 1), event(run, 2))
    recorded = await log.append(replace(notes(run), events=both, expected={run: 0, calendar: 0}))
    assert (recorded.first, recorded.last) == (1, 3)
    assert await log.revisions([run, calendar]) == {run: 2, calendar: 1}


async def test_an_append_to_several_streams_happens_whole_or_not_at_all(log):
    run, calendar = uuid4(), uuid4()
    await log.append(notes(calendar))
    both = (event(run, 1), event(calendar, 1))
    with pytest.raises(Conflict) as refusal:
        await log.append(replace(notes(run), events=both, expected={run: 0, calendar: 0}))
    assert (refusal.value.stream, refusal.value.expected, refusal.value.actual) == (calendar, 0, 1)
    assert await log.read_stream(run) == []


async def test_a_note_loses_against_a_consent_withdrawn_in_a_stream_it_only_read(log):
    run, consent = uuid4(), uuid4()
    await log.append(notes(consent))
    withdrawal = notes(consent, 1)
    note = notes(run, 0, also_read={consent: 1})
    first, second = await outcomes(log, withdrawal, note)
    assert isinstance(first, Appended)
    assert isinstance(second, Conflict)
    assert (second.stream, second.expected, second.actual) == (consent, 1, 2)
    assert await log.read_stream(run) == []


async def test_a_stream_that_was_only_read_does_not_move(log):
    run, consent = uuid4(), uuid4()
    await log.append(notes(consent))
    await log.append(notes(run, 0, also_read={consent: 1}))
    assert await log.revisions([run, consent]) == {run: 1, consent: 1}


async def test_of_many_who_write_the_same_revision_exactly_one_wins(log):
    walk = uuid4()
    for revision in range(5):
        results = await outcomes(log, *(notes(walk, revision) for _ in range(20)))
        winners = [r for r in results if isinstance(r, Appended)]
        losers = [r for r in results if isinstance(r, Conflict)]
        assert (len(winners), len(losers)) == (1, 19)
        assert {(c.stream, c.expected, c.actual) for c in losers} == {
            (walk, revision, revision + 1)
        }
    assert [e.revision for e in await log.read_stream(walk)] == [1, 2, 3, 4, 5]


async def test_an_append_sees_those_that_were_offered_just_before_it(log):
    walk = uuid4()
    results = await outcomes(log, *(notes(walk, n) for n in range(10)))
    assert [r.first for r in results] == list(range(1, 11))


async def test_losers_burn_no_number(log):
    walk, other = uuid4(), uuid4()
    await outcomes(
        log,
        notes(walk),
        notes(walk, 0, 3),
        notes(other, 0, 2),
        notes(other, 7, alliance=RIVERBANK),
        notes(walk, 1),
    )
    stored = await log.read_all()
    assert [e.position for e in stored] == [1, 2, 3, 4]
    assert [e.sequence for e in stored] == [0, 1, 2, 3]
    assert [(e.stream, e.revision) for e in stored] == [
        (walk, 1),
        (other, 1),
        (other, 2),
        (walk, 2),
    ]


async def test_a_stream_must_not_be_expected_beyond_its_end(log):
    walk = uuid4()
    with pytest.raises(Conflict) as refusal:
        await log.append(notes(walk, 3))
    assert (refusal.value.expected, refusal.value.actual) == (3, 0)


async def test_a_repeated_key_tells_where_the_original_went_and_records_nothing(log):
    walk = uuid4()
    original = await log.append(notes(walk, 0, 2, key=b"k", fingerprint=b"f"))
    again = await log.append(notes(walk, 0, 2, key=b"k", fingerprint=b"f", at=MONDAY + 9))
    assert again == replace(original, replayed=True)
    assert await log.head() == 2


async def test_a_key_offered_twice_at_the_same_time_is_recorded_once(log):
    walk = uuid4()
    twice = [notes(walk, 0, key=b"k", fingerprint=b"f") for _ in range(5)]
    results = await outcomes(log, *twice)
    assert [r.replayed for r in results] == [False, True, True, True, True]
    assert {(r.first, r.last, r.recorded_at) for r in results} == {(1, 1, MONDAY)}
    assert await log.head() == 1


async def test_a_key_cannot_be_used_again_for_something_else(log):
    await log.append(notes(uuid4(), key=b"k", fingerprint=b"f"))
    with pytest.raises(KeyReused):
        await log.append(notes(uuid4(), key=b"k", fingerprint=b"g"))
    first, second = await outcomes(
        log,
        notes(uuid4(), key=b"l", fingerprint=b"f"),
        notes(uuid4(), key=b"l", fingerprint=b"g"),
    )
    assert isinstance(first, Appended)
    assert isinstance(second, KeyReused)
    assert await log.head() == 2


async def test_a_key_is_forgotten_when_its_append_loses(log):
    walk = uuid4()
    await log.append(notes(walk))
    with pytest.raises(Conflict):
        await log.append(notes(walk, 0, key=b"k"))
    assert await log.find(HILLSIDE, b"k") is None
    lost, won = await outcomes(log, notes(walk, 0, key=b"k"), notes(walk, 1, key=b"k"))
    assert isinstance(lost, Conflict)
    assert won == Appended(2, 2, MONDAY)


async def test_two_alliances_may_use_the_same_key(log):
    await log.append(notes(uuid4(), key=b"k", fingerprint=b"f"))
    recorded = await log.append(notes(uuid4(), alliance=RIVERBANK, key=b"k", fingerprint=b"g"))
    assert not recorded.replayed
    assert await log.find(RIVERBANK, b"k") == (replace(recorded, replayed=True), b"g")


async def test_an_append_is_found_by_its_key(log):
    await log.append(notes(uuid4()))
    await log.append(notes(uuid4(), 0, 3, key=b"k", fingerprint=b"f"))
    assert await log.find(HILLSIDE, b"k") == (Appended(2, 4, MONDAY, replayed=True), b"f")
    assert await log.find(HILLSIDE, b"other") is None


async def test_time_never_runs_backwards_within_an_alliance(log):
    walk, theirs = uuid4(), uuid4()
    late = await log.append(notes(walk, at=MONDAY + 50))
    early, earlier, later = await outcomes(
        log,
        notes(walk, 1, at=MONDAY + 10),
        notes(theirs, at=MONDAY + 10, alliance=RIVERBANK),
        notes(walk, 2, at=MONDAY + 60),
    )
    told = [r.recorded_at - MONDAY for r in (late, early, earlier, later)]
    assert told == [50, 50, 10, 60]
    assert [e.recorded_at - MONDAY for e in await log.read_all()] == told


async def test_a_stream_is_read_after_one_revision_and_up_to_another(log):
    walk = uuid4()
    await log.append(notes(walk, 0, 5))
    assert await revisions_read(log, walk) == [1, 2, 3, 4, 5]
    assert await revisions_read(log, walk, after=2) == [3, 4, 5]
    assert await revisions_read(log, walk, after=2, upto=4) == [3, 4]
    assert await revisions_read(log, walk, upto=0) == []
    assert await revisions_read(log, walk, after=4, upto=2) == []
    assert await revisions_read(log, walk, after=5) == []
    assert await revisions_read(log, walk, after=0, upto=99) == [1, 2, 3, 4, 5]


async def revisions_read(log: Log, stream, **bounds):
    return [e.revision for e in await log.read_stream(stream, **bounds)]


async def test_the_whole_log_is_read_page_by_page(log):
    await log.append(notes(uuid4(), 0, 7))
    pages, after = [], 0
    while page := await log.read_all(after, 3):
        pages.append([e.position for e in page])
        after = page[-1].position
    assert pages == [[1, 2, 3], [4, 5, 6], [7]]


async def test_events_are_read_at_their_positions_and_missing_ones_passed_over(log):
    await log.append(notes(uuid4(), 0, 4))
    assert [e.position for e in await log.read_at([4, 2, 9, 2, 0])] == [2, 4]
    assert await log.read_at([]) == []


async def test_an_alliance_is_read_alone_from_a_sequence_on(log):
    ours, theirs = uuid4(), uuid4()
    for n in range(3):
        await log.append(notes(ours, n))
        await log.append(notes(theirs, n, alliance=RIVERBANK))
    stored = await log.read_alliance(RIVERBANK, since=1)
    assert [(e.sequence, e.position, e.stream) for e in stored] == [(1, 4, theirs), (2, 6, theirs)]
    assert [e.sequence for e in await log.read_alliance(HILLSIDE, 0, 2)] == [0, 1]
    assert await log.read_alliance(HILLSIDE, since=3) == []


async def test_a_stream_of_another_alliance_can_be_read_but_not_written(log):
    theirs, ours = uuid4(), uuid4()
    await log.append(notes(theirs, alliance=RIVERBANK))
    with pytest.raises(Malformed, match="another alliance"):
        await log.append(notes(theirs, 1))
    await log.append(notes(ours, 0, also_read={theirs: 1}))
    assert await log.revisions([theirs, ours]) == {theirs: 1, ours: 1}


async def test_a_stream_begun_by_another_alliance_a_moment_ago_cannot_be_written(log):
    stream = uuid4()
    first, second = await outcomes(log, notes(stream, alliance=RIVERBANK), notes(stream, 1))
    assert isinstance(first, Appended)
    assert isinstance(second, Malformed)


async def test_an_event_id_is_taken_once_and_a_neighbour_is_not_disturbed(log):
    walk, other = uuid4(), uuid4()
    taken = notes(walk)
    await log.append(taken)
    again = replace(notes(other), events=(replace(taken.events[0], stream=other),))
    neighbours = [notes(uuid4()) for _ in range(3)]
    results = await outcomes(log, neighbours[0], again, *neighbours[1:])
    assert isinstance(results[1], Malformed)
    assert [r.first for n, r in enumerate(results) if n != 1] == [2, 3, 4]


WALK = stream_of("walk")


@pytest.mark.parametrize(
    "append",
    [
        pytest.param(replace(notes(WALK), events=()), id="no events"),
        pytest.param(replace(notes(WALK), expected={}), id="a stream without a revision"),
        pytest.param(replace(notes(WALK), expected={WALK: 1}), id="a revision that skips"),
        pytest.param(replace(notes(WALK), expected={WALK: -1}), id="before the beginning"),
        pytest.param(
            replace(notes(WALK), events=(event(WALK, 1), event(WALK, 3))), id="a gap in a stream"
        ),
        pytest.param(replace(notes(WALK), events=(event(WALK, 1, kind=""),)), id="no kind"),
        pytest.param(replace(notes(WALK), events=(event(WALK, 1, kind="é"),)), id="not ASCII"),
        pytest.param(replace(notes(WALK), events=(event(WALK, 1, kind="k" * 256),)), id="long"),
        pytest.param(notes(WALK, key=b""), id="an empty key"),
        pytest.param(notes(WALK, key=b"k" * 65), id="a long key"),
        pytest.param(notes(WALK, at=-1), id="before 1970"),
    ],
)
async def test_an_append_that_contradicts_itself_is_refused(log, append):
    with pytest.raises(Malformed):
        await log.append(append)
    assert await log.head() == 0


async def test_kinds_and_keys_may_be_as_long_as_promised(log):
    walk = uuid4()
    longest = event(walk, 1, kind="k" * 255)
    await log.append(replace(notes(walk, key=b"k" * 64), events=(longest,)))
    (stored,) = await log.read_all()
    assert stored.kind == "k" * 255
    assert stored.leaf == leaf(stored)


@pytest.mark.parametrize("turns", range(8))
async def test_a_cancelled_caller_loses_nothing_and_doubles_nothing(log, turns):
    walk, other = uuid4(), uuid4()
    await log.append(notes(walk))
    task = asyncio.create_task(log.append(notes(walk, 1, key=b"k")))
    neighbour = asyncio.create_task(log.append(notes(other)))
    for _ in range(turns):  # of the event loop: not yet offered, queued, sent
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert isinstance(await neighbour, Appended)
    # Whether it was recorded, its key tells; offering it once more settles it either way.
    before = await log.find(HILLSIDE, b"k")
    after = await log.append(notes(walk, 1, key=b"k"))
    assert after.replayed == (before is not None)
    assert await log.revisions([walk, other]) == {walk: 2, other: 1}
    assert [e.position for e in await log.read_all()] == [1, 2, 3]


async def test_waiting_returns_at_once_when_the_log_is_already_further(log):
    await log.append(notes(uuid4(), 0, 2))
    assert await log.wait(1, 60) == 2


async def test_waiting_ends_with_the_next_append(log):
    async with asyncio.timeout(10):
        for head in range(3):
            waiting = asyncio.gather(*(log.wait(head, 60) for _ in range(3)))
            await asyncio.sleep(0)
            await log.append(notes(uuid4()))
            assert await waiting == [head + 1] * 3


async def test_waiting_in_vain_gives_the_head_there_is(log):
    await log.append(notes(uuid4()))
    assert await log.wait(1, 0.05) == 1
    assert await log.wait(5, 0) == 1


async def test_each_log_has_an_id_of_its_own(log):
    assert log.id != MemoryLog().id
