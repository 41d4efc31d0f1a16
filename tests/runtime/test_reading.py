"""Reading: as each viewer may, now and in the past, with nothing private in the clear on disk."""

import asyncio

import pytest

from enquiry.log.memory import MemoryLog
from enquiry.method.live import envelope_of
from enquiry.method.rules import Reject
from enquiry.runtime.terms import Change

CANARY = "wind pushes the sail"


async def test_history_shows_each_viewer_their_own_part(scene):
    book = await scene.notebook("Kelly", "Amina")
    await scene.note("Kelly", "Kelly", "Mine", book)
    mine = await scene.system.history(scene.who("Kelly"), book, None, 100)
    theirs = await scene.system.history(scene.who("Amina"), book, None, 100)
    assert "notebook/note-written" in [item.kind for item in mine.items]
    assert "notebook/note-written" not in [item.kind for item in theirs.items]


async def test_history_is_paged_without_loss_or_repeat(scene):
    book = await scene.notebook("Kelly")
    for n in range(7):
        await scene.note("Kelly", "Kelly", f"Number {n}", book)
    whole = await scene.system.history(scene.who("Petra"), book, None, 100)
    found, cursor = [], None
    while True:
        page = await scene.system.history(scene.who("Petra"), book, cursor, 3)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [item.id for item in found] == [item.id for item in whole.items]


async def test_a_cursor_of_somebody_else_is_refused(scene):
    book = await scene.notebook("Kelly")
    with pytest.raises(Reject) as refused:
        await scene.system.history(scene.who("Petra"), book, "-1; drop", 3)
    assert refused.value.code == "VALIDATION_FAILED"


async def test_a_view_shows_no_text_whose_fact_the_viewer_may_not_read(scene):
    book = await scene.notebook("Kelly", "Amina")
    await scene.note("Kelly", "Kelly", CANARY, book)
    page = await scene.system.view(scene.who("Amina"), book, "page", scene.now)
    assert page["notes"][0]["text"] == {"placeholder": "withheld", "reason": "not-yours"}


async def test_a_view_opens_no_text_that_a_row_hides_from_the_viewer(scene):
    book = await scene.notebook("Kelly", "Amina")
    await scene.note("Petra", "Kelly", CANARY, book)
    kelly = scene.who("Kelly")
    page = await scene.system.view(kelly, book, "page", scene.now)
    assert page["notes"][0]["text"] == {"placeholder": "withheld", "reason": "not-yours"}
    items = (await scene.system.history(kelly, book, None, 100)).items
    [note] = [item for item in items if item.kind == "notebook/note-written"]
    assert note.data == {"about": str(kelly.person)}
    mine = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
    assert mine["notes"][0]["text"] == CANARY


async def test_the_past_is_shown_as_it_was_without_what_was_withdrawn_since(scene):
    book = await scene.notebook("Kelly", "Amina")
    about_kelly = await scene.note("Petra", "Kelly", "About the first guest", book)
    about_amina = await scene.note("Petra", "Amina", "About the second guest", book)
    await scene.do("Kelly", "withdraw", {}, book)
    petra = scene.who("Petra")
    then = await scene.system.view(petra, book, "page", scene.now, about_kelly.position)
    assert then["notes"] == []
    then = await scene.system.view(petra, book, "page", scene.now, about_amina.position)
    assert [note["text"] for note in then["notes"]] == ["About the second guest"]
    read = await scene.system.read(petra, book, scene.now, about_kelly.position)
    assert read.revision == about_kelly.revision


async def test_before_it_was_opened_there_was_nothing(scene):
    book = await scene.notebook("Kelly")
    with pytest.raises(Reject) as refused:
        await scene.system.read(scene.who("Petra"), book, scene.now, 1)
    assert refused.value.code == "NOT_FOUND"


async def test_the_inbox_lists_what_a_person_can_do_in_every_open_run(scene):
    first = await scene.notebook("Kelly")
    second = await scene.notebook("Amina")
    inbox = await scene.system.inbox(scene.who("Kelly"), scene.now, None, 10)
    assert [item.run.id for item in inbox.items] == [first]
    assert {action.kind for action in inbox.items[0].actions} >= {"write-note", "withdraw"}
    lead = await scene.system.inbox(scene.who("Petra"), scene.now, None, 1)
    assert [item.run.id for item in lead.items] == [second]
    rest = await scene.system.inbox(scene.who("Petra"), scene.now, lead.next, 1)
    assert [item.run.id for item in rest.items] == [first]


async def test_lists_hold_only_what_the_viewer_may_know(scene):
    book = await scene.notebook("Kelly")
    mine = await scene.system.streams(scene.who("Kelly"), "run", None, 10)
    theirs = await scene.system.streams(scene.who("Judith"), "run", None, 10)
    assert [item.id for item in mine.items] == [book]
    assert theirs.items == ()


async def test_nothing_personal_lies_in_the_clear_in_the_log(scene):
    book = await scene.notebook("Kelly")
    await scene.note("Kelly", "Kelly", CANARY, book)
    events = await scene.system.log.read_all(0, 1000)
    everything = b"".join(event.body for event in events)
    for word in (CANARY, "Petra", "Novák", "Year 6"):
        assert word.encode() not in everything
    if isinstance(scene.system.log, MemoryLog):
        return
    sealed = await scene.system.log.sealed([event.position for event in events])
    assert CANARY.encode() not in b"".join(value.ciphertext for value in sealed.values())


async def _next(changes, seconds=5):
    async with asyncio.timeout(seconds):
        async for change in changes:
            if isinstance(change, Change):
                return change
    return None


async def _nothing(changes, system):
    """Nothing but heartbeats comes, until everything that is on record has been looked at."""
    head = await system.log.head()
    async with asyncio.timeout(5):
        async for change in changes:
            if change is not None:
                return False
            if system.tail.position >= head:
                return True
    return False


async def test_a_follower_hears_of_what_they_can_see_and_of_nothing_else(scene):
    book = await scene.notebook("Kelly", "Amina")
    after = await scene.system.log.head()
    said = await scene.note("Kelly", "Kelly", "For the lead", book)
    lead = scene.system.changes(scene.who("Petra"), after)
    other = scene.system.changes(scene.who("Judith"), after)
    assert (await _next(lead)).position <= said.position
    assert await _nothing(other, scene.system)


async def test_a_withdrawal_is_noticed_by_whoever_lost_sight_of_something(scene):
    book = await scene.notebook("Kelly", "Amina")
    await scene.note("Petra", "Kelly", "First", book)
    await scene.note("Petra", "Amina", "Second", book)
    after = await scene.system.log.head()
    await scene.do("Kelly", "withdraw", {}, book)
    change = await _next(scene.system.changes(scene.who("Petra"), after))
    assert change is not None
    assert await _nothing(scene.system.changes(scene.who("Amina"), after), scene.system)


async def test_a_follower_from_the_future_is_told_to_start_again(scene):
    await scene.notebook("Kelly")
    head = await scene.system.log.head()
    async for change in scene.system.changes(scene.who("Petra"), head + 100):
        assert type(change).__name__ == "Reset"
        break


async def test_an_erased_text_is_a_placeholder_and_the_run_goes_on(scene):
    book = await scene.notebook("Kelly", "Amina")
    said = await scene.note("Kelly", "Amina", CANARY, book)
    log = scene.system.log
    sealed = await log.sealed([said.events[0].position])
    before = await scene.system.read(scene.who("Petra"), book, scene.now)
    keys = {value.key for value in sealed.values()}
    assert await log.shred(list(keys)) == 1
    scene.system.forget(keys)
    page = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
    assert page["notes"][0]["text"] == {
        "placeholder": "erased",
        "kind": "contribution",
        "subject": str(scene.people["Kelly"]),
        "key": str(next(iter(keys))),
    }
    after = await scene.system.read(scene.who("Petra"), book, scene.now)
    assert after == before


async def test_nothing_more_is_written_under_a_key_that_was_destroyed(scene):
    book = await scene.notebook("Kelly", "Amina")
    said = await scene.note("Kelly", "Amina", CANARY, book)
    log = scene.system.log
    sealed = await log.sealed([said.events[0].position])
    await log.shred([value.key for value in sealed.values()])
    head = await log.head()
    with pytest.raises(Reject) as refused:
        await scene.note("Kelly", "Amina", "One more", book)
    assert refused.value.code == "SUBJECT_ERASED"
    assert await log.head() == head


async def test_every_body_says_where_it_stands_and_which_lists_judged_it(scene):
    book = await scene.notebook("Kelly")
    said = await scene.note("Kelly", "Kelly", "Nine of twelve", book)
    events = await scene.system.log.read_all(0, 1000)
    bodies = {event.position: envelope_of(event.body) for event in events}
    assert [(b.stream, b.revision) for b in bodies.values()] == [
        (event.stream, event.revision) for event in events
    ]
    assert bodies[said.events[0].position].words == "en.1"
    assert bodies[1].words == ""
