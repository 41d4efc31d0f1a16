"""Whoever reads everything that is stored cannot tell who answered what."""

import itertools
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.kernel.ballots import GROUP, TRUST, Poll, poll

from enquiry.log.promise import Append, Conflict
from enquiry.method.rules import Reject

COMMENT = "Meetings are great, but too long for me."


@pytest.fixture
async def group(tmp_path: Path) -> Poll:
    """Seven people and an open survey."""
    made = poll(tmp_path)
    await made.settle()
    await made.opens()
    return made


async def test_what_is_on_record_of_an_answer_says_only_that_somebody_answered(group: Poll) -> None:
    before = await group.scene.system.log.head()
    await group.answers("Kelly", 2, COMMENT)
    events = await group.scene.system.log.read_all(before, 100)
    (only,) = events
    data = json.loads(only.body)["data"]
    assert data == {"survey": str(group.survey), "answers": None, "comment": None}
    assert only.seals == b""


async def test_two_people_who_answer_differently_leave_records_of_one_length(group: Poll) -> None:
    sizes: set[int] = set()
    for name, value, comment in (("Kelly", 1, None), ("Amina", 5, COMMENT)):
        before = await group.scene.system.log.head()
        await group.answers(name, value, comment)
        (event,) = await group.scene.system.log.read_all(before, 100)
        sizes.add(len(event.body))
    assert len(sizes) == 1


async def test_no_remark_about_the_words_goes_on_record(group: Poll) -> None:
    made = await group.answers("Kelly", 4, COMMENT)
    assert made.warnings == ()
    kinds = [e.kind for e in await group.scene.system.log.read_stream(group.stream)]
    assert "core/warning-raised" not in kinds


async def test_the_digest_of_a_request_does_not_tell_what_was_answered(group: Poll) -> None:
    # The same key with another answer is taken for the same request: its digest leaves it out.
    await group.answers("Kelly", 1, key="mine")
    again = await group.answers("Kelly", 5, key="mine")
    assert again.replayed


async def test_the_box_holds_answers_in_no_order_of_arrival(group: Poll) -> None:
    for value, name in zip((5, 1, 4, 2, 3, 5), GROUP, strict=True):
        await group.answers(name, value)
    words = (await group.box()).words
    assert list(words) == sorted(words)
    assert not any(str(group.scene.people[name]) in one for name in GROUP for one in words)


async def test_the_order_in_which_people_answered_changes_nothing_that_is_told(
    tmp_path: Path,
) -> None:
    told: list[str] = []
    for number, order in enumerate(itertools.islice(itertools.permutations(GROUP[:5]), 0, 120, 40)):
        folder = tmp_path / str(number)
        folder.mkdir()
        group = poll(folder)
        await group.settle()
        await group.opens()
        for name in order:
            await group.answers(name, 4 + GROUP.index(name) % 2, f"From the {GROUP.index(name)}th")
        await group.closes()
        seen = await group.seen("Petra")
        told.append(json.dumps([seen["results"], seen["comments"]]))
    assert len(set(told)) == 1


async def test_the_state_forgets_in_which_order_people_answered(group: Poll) -> None:
    for name in reversed(GROUP):
        await group.answers(name)
    state: Any = await group.state()
    answered: tuple[UUID, ...] = state.surveys[group.survey].answered
    assert list(answered) == sorted(answered)


@pytest.mark.parametrize("name", ["Petra", "Amina"])
async def test_nobody_else_reads_that_somebody_has_answered(group: Poll, name: str) -> None:
    await group.answers("Kelly")
    history = await group.scene.system.history(group.scene.who(name), group.stream, None, 100)
    assert "polling/survey-response-submitted" not in {item.kind for item in history.items}


async def test_once_it_is_closed_nothing_of_a_single_answer_is_kept_anywhere(group: Poll) -> None:
    for name in GROUP:
        await group.answers(name, 4)
    await group.closes()
    assert await group.box() is None
    for body in await group.everything():
        assert TRUST[0].encode() not in body or b"counts" in body


async def test_whoever_is_refused_leaves_nothing_in_the_box(
    group: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, real = group.scene.system.log, group.scene.system.log.append
    lost: list[int] = []

    async def append(what: Append) -> object:
        if not lost:
            lost.append(1)
            raise Conflict(group.stream, 1, 2)
        return await real(what)

    monkeypatch.setattr(log, "append", append)
    await group.answers("Kelly")
    assert lost
    assert len((await group.box()).words) == 1


async def test_an_answer_that_is_refused_by_the_log_is_taken_back(
    group: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def append(what: Append) -> object:
        del what
        raise Conflict(group.stream, 1, 2)

    monkeypatch.setattr(group.scene.system.log, "append", append)
    with pytest.raises(Reject):
        await group.answers("Kelly")
    assert await group.box() is None
