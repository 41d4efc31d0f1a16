"""A command travels to the log: judged, recorded once, never lost, never half done."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from enquiry.method.rules import Preconditioned, Reject


def codes(results):
    return [r.code if isinstance(r, Reject) else "ok" for r in results]


async def test_a_note_is_recorded_and_its_lead_can_read_it(scene):
    book = await scene.notebook("Kelly")
    said = await scene.note("Kelly", "Kelly", "Nine of twelve books show a change", book)
    page = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
    assert [note["text"] for note in page["notes"]] == ["Nine of twelve books show a change"]
    assert said.events[0].kind == "notebook/note-written"
    assert said.position == await scene.system.log.head()


async def test_the_same_command_again_answers_the_same_and_records_nothing(scene):
    book = await scene.notebook("Kelly")
    first = await scene.note("Kelly", "Kelly", "Once", book, key="again")
    head = await scene.system.log.head()
    second = await scene.note("Kelly", "Kelly", "Once", book, key="again")
    assert second.replayed
    assert not first.replayed
    assert (second.act, second.position, second.events) == (
        first.act,
        first.position,
        first.events,
    )
    assert await scene.system.log.head() == head


async def test_a_repeat_is_answered_even_when_the_command_would_now_be_refused(scene):
    book = await scene.notebook("Kelly")
    await scene.note("Kelly", "Kelly", "Before the close", book, key="again")
    seen = await scene.system.read(scene.who("Petra"), book, scene.now)
    await scene.do("Petra", "close-notebook", {}, book, if_match=seen.revision)
    repeated = await scene.note("Kelly", "Kelly", "Before the close", book, key="again")
    assert repeated.replayed


async def test_a_key_used_again_for_something_else_is_refused(scene):
    book = await scene.notebook("Kelly")
    await scene.note("Kelly", "Kelly", "One thing", book, key="again")
    with pytest.raises(Reject) as refused:
        await scene.note("Kelly", "Kelly", "Another thing", book, key="again")
    assert refused.value.code == "COMMAND_ID_REUSED"


async def test_a_refused_command_leaves_nothing_and_its_key_may_be_used_again(scene):
    book = await scene.notebook()
    head = await scene.system.log.head()
    with pytest.raises(Reject) as refused:
        await scene.note("Petra", "Kelly", "Too early", book, key="later")
    assert refused.value.code == "WRONG_STAGE"
    assert await scene.system.log.head() == head
    await scene.do("Petra", "add-guest", {"person": str(scene.people["Kelly"])}, book)
    assert not (await scene.note("Petra", "Kelly", "Too early", book, key="later")).replayed


async def test_sixty_four_notes_at_once_are_all_recorded(scene):
    book = await scene.notebook("Kelly")
    said = await asyncio.gather(
        *(scene.note("Kelly", "Kelly", f"Number {n}", book) for n in range(64))
    )
    assert len({one.position for one in said}) == 64
    page = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
    assert sorted(note["text"] for note in page["notes"]) == sorted(
        f"Number {n}" for n in range(64)
    )


async def test_a_process_whose_memory_is_behind_decides_on_what_the_log_holds(scene, another):
    book = await scene.notebook()
    async with another() as other:
        await other.read(scene.who("Petra"), book, scene.now)
        await scene.do("Petra", "add-guest", {"person": str(scene.people["Kelly"])}, book)
        mine, scene.system = scene.system, other
        said = await scene.note("Petra", "Kelly", "Seen by the other process", book)
        scene.system = mine
    page = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
    assert len(page["notes"]) == 1
    assert said.revision == (await scene.system.read(scene.who("Petra"), book, scene.now)).revision


async def test_a_decision_on_something_decided_since_is_a_conflict(scene):
    book = await scene.notebook("Kelly")
    seen = await scene.system.read(scene.who("Kelly"), book, scene.now)
    await scene.do("Petra", "set-heading", {"number": 1}, book, if_match=seen.revision)
    with pytest.raises(Reject) as refused:
        await scene.do("Kelly", "set-heading", {"number": 2}, book, if_match=seen.revision)
    assert refused.value.code == "VERSION_CONFLICT"


async def test_a_colleagues_note_does_not_make_a_decision_stale(scene):
    book = await scene.notebook("Kelly")
    seen = await scene.system.read(scene.who("Petra"), book, scene.now)
    await scene.note("Kelly", "Kelly", "Meanwhile", book)
    await scene.do("Petra", "set-heading", {"number": 1}, book, if_match=seen.revision)


async def test_of_two_decisions_on_one_thing_at_once_one_is_told_of_the_other(scene):
    book = await scene.notebook("Kelly")
    seen = await scene.system.read(scene.who("Petra"), book, scene.now)
    results = await asyncio.gather(
        scene.do("Petra", "set-heading", {"number": 1}, book, if_match=seen.revision),
        scene.do("Kelly", "set-heading", {"number": 2}, book, if_match=seen.revision),
        return_exceptions=True,
    )
    assert sorted(codes(results)) == ["VERSION_CONFLICT", "ok"]


async def test_a_decision_must_say_what_it_was_based_on(scene):
    book = await scene.notebook("Kelly")
    with pytest.raises(Preconditioned):
        await scene.do("Petra", "set-heading", {"number": 1}, book)


async def test_a_note_and_a_withdrawal_at_once_are_never_both_true(scene, another):
    async with another() as other:
        elsewhere = replace(scene, system=other)
        for _ in range(50):
            book = await scene.notebook("Kelly", "Amina")
            await other.read(scene.who("Kelly"), book, scene.now)
            elsewhere.count = scene.count = scene.count + 1000
            noted, _ = await asyncio.gather(
                scene.note("Petra", "Kelly", "About the first guest", book),
                elsewhere.do("Kelly", "withdraw", {}, book),
                return_exceptions=True,
            )
            page = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
            assert page["notes"] == []
            assert codes([noted])[0] in ("ok", "CONSENT_WITHDRAWN")


async def test_a_room_is_booked_once_however_many_ask_at_the_same_moment(scene):
    room = (
        (
            await scene.ally(
                "Nasreen",
                "register-room",
                {"school": str(scene.schools["Beck Road"]), "code": "B4"},
            )
        )
        .events[0]
        .id
    )
    books = [await scene.notebook() for _ in range(5)]
    wish = {
        "room": str(room),
        "school": str(scene.schools["Beck Road"]),
        "start": "2026-11-19T09:10:00Z",
        "end": "2026-11-19T10:10:00Z",
    }
    results = await asyncio.gather(
        *(scene.do("Petra", "book-room", wish, book) for book in books), return_exceptions=True
    )
    assert sorted(codes(results)) == ["ROOM_CLASH"] * 4 + ["ok"]


async def test_a_text_that_names_a_colleague_is_refused_with_its_span(scene):
    book = await scene.notebook("Kelly")
    with pytest.raises(Reject) as refused:
        await scene.note("Petra", "Kelly", "Then Ms Rowe ticked nine", book)
    assert refused.value.code == "IDENTIFYING_TEXT"
    assert refused.value.pointer == "/text"
    assert refused.value.details[0]["span"] == "Ms Rowe"


async def test_a_warning_is_raised_once_and_resolved_by_the_facts(scene):
    book = await scene.notebook("Kelly", "Amina")
    seen = await scene.system.read(scene.who("Petra"), book, scene.now)
    assert [(w.code, w.state) for w in seen.warnings] == [("NO_PUPIL_VOICE", "open")]
    await scene.note("Kelly", "Kelly", "A voice at last", book)
    seen = await scene.system.read(scene.who("Petra"), book, scene.now)
    assert seen.warnings == ()


async def test_a_stranger_hears_that_there_is_nothing(scene):
    book = await scene.notebook("Kelly")
    scene.people["Nobody"] = uuid4()
    for name in ("Judith", "Nobody"):
        with pytest.raises(Reject) as refused:
            await scene.note(name, "Kelly", "Let me in", book)
        assert refused.value.code == "NOT_FOUND"


async def end(scene, name):
    over = {
        "person": str(scene.people[name]),
        "school": str(scene.schools["Beck Road"]),
        "until": "2026-11-03",
    }
    await scene.ally("Nasreen", "end-membership", over)


async def test_whoever_lost_their_membership_is_out_at_once(scene):
    book = await scene.notebook("Kelly")
    await end(scene, "Petra")
    refused = [
        await asyncio.gather(asked, return_exceptions=True)
        for asked in (
            scene.do("Petra", "open-notebook", scene.titled("One more")),
            scene.note("Petra", "Kelly", "One last note", book),
            scene.system.read(scene.who("Petra"), book, scene.now),
            scene.system.view(scene.who("Petra"), book, "page", scene.now),
            scene.system.history(scene.who("Petra"), book, None, 10),
        )
    ]
    assert [codes(results) for results in refused] == [["NOT_FOUND"]] * 5
    assert (await scene.system.streams(scene.who("Petra"), "run", None, 10)).items == ()


async def test_whoever_lost_their_membership_may_still_withdraw_consent(scene):
    book = await scene.notebook("Kelly", "Amina")
    await scene.note("Petra", "Kelly", "About the first guest", book)
    await end(scene, "Kelly")
    await scene.do("Kelly", "withdraw", {}, book)
    page = await scene.system.view(scene.who("Petra"), book, "page", scene.now)
    assert page["notes"] == []


async def test_a_repeat_by_somebody_who_is_out_says_that_it_was_done_and_no_more(scene):
    book = await scene.notebook("Kelly")
    await scene.note("Kelly", "Kelly", "Once", book, key="again")
    await end(scene, "Kelly")
    repeated = await scene.note("Kelly", "Kelly", "Once", book, key="again")
    assert (repeated.replayed, repeated.events, repeated.warnings) == (True, (), ())
