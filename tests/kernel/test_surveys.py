"""Surveys: opened after an ethics review, answered once, told in numbers about enough people."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.kernel.ballots import GROUP, TRUST, Poll, poll

from enquiry.method.rules import Reject


@pytest.fixture
async def group(tmp_path: Path) -> Poll:
    """Seven people, reviewed."""
    made = poll(tmp_path)
    await made.settle()
    return made


async def test_no_survey_is_opened_before_the_ethics_review(tmp_path: Path) -> None:
    group = poll(tmp_path)
    await group.settle(reviewed=False)
    with pytest.raises(Reject) as refused:
        await group.opens()
    assert refused.value.code == "ETHICS_REVIEW_REQUIRED"


async def test_only_whoever_leads_opens_a_survey(group: Poll) -> None:
    with pytest.raises(Reject) as refused:
        await group.opens("Kelly")
    assert refused.value.code == "NOT_PERMITTED"


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"instrument": "stars"}, "/instrument"),
        ({"version": 99}, "/instrument"),
        ({"anonymous": False}, "/anonymous"),
        ({"closes_on": "2026-11-02"}, "/closes_on"),
        ({"min_n": 4}, "/min_n"),
    ],
)
async def test_a_survey_that_could_not_be_asked_is_refused(
    group: Poll, form: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Reject) as refused:
        await group.opens(**form)
    assert (refused.value.code, refused.value.pointer) == ("VALIDATION_FAILED", pointer)


async def decides_for_two(group: Poll) -> None:
    """The school shows numbers about two people on."""
    scene = group.scene
    seen = await scene.system.read(scene.who("Nasreen"), scene.alliance, scene.now)
    form = {"school": str(scene.schools["Beck Road"]), "policy": {"small_number": 2}}
    await scene.do(
        "Nasreen", "set-policy", form, scene.alliance, method="alliance", if_match=seen.revision
    )


@pytest.mark.parametrize("instrument", ["trust-pulse", "jpd-health-check"])
async def test_no_school_can_let_fewer_than_five_answer_anonymously(
    group: Poll, instrument: str
) -> None:
    await decides_for_two(group)
    with pytest.raises(Reject, match="anonymously") as refused:
        await group.opens(instrument=instrument, min_n=4)
    assert (refused.value.code, refused.value.pointer) == ("VALIDATION_FAILED", "/min_n")
    await group.opens(instrument=instrument, min_n=5)


async def test_what_is_signed_may_be_told_of_as_few_as_the_school_decides(group: Poll) -> None:
    await decides_for_two(group)
    await group.opens(instrument="jpd-health-check", anonymous=False, min_n=2)
    for name in GROUP[:2]:
        await group.answers(name, 3, items=["trust"])
    await group.closes()
    assert (await group.seen("Kelly"))["results"]["people"] == 2


async def test_nobody_from_outside_is_asked(group: Poll) -> None:
    with pytest.raises(Reject) as refused:
        await group.opens(audience=[str(group.scene.people["Judith"])])
    assert refused.value.pointer == "/audience"


async def test_five_answers_are_told_and_four_are_not(group: Poll) -> None:
    for count, people in ((4, None), (5, 5)):
        await group.opens()
        for name in GROUP[:count]:
            await group.answers(name)
        await group.closes()
        told = (await group.seen("Kelly"))["results"]
        assert (told and told["people"]) == people


async def test_an_answer_that_few_gave_is_not_told_nor_can_it_be_worked_out(group: Poll) -> None:
    await group.opens()
    for value, name in zip((5, 5, 5, 5, 5, 1), GROUP, strict=True):
        await group.answers(name, value)
    await group.closes()
    told = (await group.seen("Kelly"))["results"]
    assert told["people"] == 6
    assert told["counts"] == []


async def test_an_answer_that_enough_gave_is_told(group: Poll) -> None:
    await group.opens(min_n=5)
    items = TRUST[:1]
    for name in GROUP[:5]:
        await group.answers(name, 5, items=items)
    await group.answers("Dee", 5, items=TRUST[1:])
    await group.closes()
    assert (await group.seen("Kelly"))["results"]["people"] == 6


async def test_nothing_is_told_before_the_survey_is_closed(group: Poll) -> None:
    await group.opens()
    for name in GROUP:
        await group.answers(name)
    for name in ("Petra", "Kelly"):
        seen = await group.seen(name)
        assert (seen["results"], seen["comments"], seen["closed"]) == (None, [], False)


async def test_nobody_answers_twice(group: Poll) -> None:
    await group.opens()
    await group.answers("Kelly", 5)
    with pytest.raises(Reject, match="have answered") as refused:
        await group.answers("Kelly", 1)
    assert refused.value.code == "WRONG_STAGE"
    assert len((await group.box()).words) == 1


async def test_the_same_answer_sent_again_is_taken_once(group: Poll) -> None:
    await group.opens()
    first = await group.answers("Kelly", key="kept")
    again = await group.answers("Kelly", key="kept")
    assert again.replayed
    assert again.position == first.position
    assert len((await group.box()).words) == 1


async def test_whoever_was_not_asked_does_not_answer(group: Poll) -> None:
    await group.opens(audience=[str(group.scene.people["Kelly"])])
    with pytest.raises(Reject, match="not asked") as refused:
        await group.answers("Amina")
    assert refused.value.code == "NOT_PERMITTED"


async def test_nobody_answers_after_the_last_day(group: Poll) -> None:
    await group.opens()
    group.scene.later(days=8)
    with pytest.raises(Reject, match="last day") as refused:
        await group.answers("Kelly")
    assert refused.value.code == "RECORD_CLOSED"


async def test_nobody_answers_a_closed_survey_and_nothing_is_kept_of_the_attempt(
    group: Poll,
) -> None:
    await group.opens()
    await group.closes()
    with pytest.raises(Reject, match="is closed") as refused:
        await group.answers("Kelly")
    assert refused.value.code == "RECORD_CLOSED"
    assert await group.box() is None


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ([{"item": "stars", "value": 1}], "/answers/0/item"),
        ([{"item": "gain", "value": 6}], "/answers/0/value"),
        ([{"item": "gain", "value": 0}], "/answers/0/value"),
        ([{"item": "gain", "value": 1}] * 2, "/answers/1/item"),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(
    group: Poll, given: list[dict[str, object]], pointer: str
) -> None:
    await group.opens()
    form = {"survey": str(group.survey), "answers": given}
    with pytest.raises(Reject) as refused:
        await group.do("Kelly", "submit-survey", form)
    assert (refused.value.code, refused.value.pointer) == ("VALIDATION_FAILED", pointer)


async def test_what_was_written_freely_is_read_by_the_owner_alone(group: Poll) -> None:
    await group.opens()
    for name in GROUP[:5]:
        await group.answers(name, 4, f"Words that begin with {name[-1]}")
    await group.closes()
    shown = (await group.seen("Petra"))["comments"]
    assert shown == sorted(shown)
    assert len(shown) == 5
    assert (await group.seen("Kelly"))["comments"] == []


async def test_whoever_cannot_close_a_survey_is_not_named_to_read_it(group: Poll) -> None:
    with pytest.raises(Reject) as refused:
        await group.opens(owner=str(group.scene.people["Kelly"]))
    assert (refused.value.code, refused.value.pointer) == ("VALIDATION_FAILED", "/owner")


async def test_of_too_few_answers_not_even_the_words_are_kept(group: Poll) -> None:
    await group.opens()
    await group.answers("Kelly", 4, "Nobody shall read this")
    await group.closes()
    assert (await group.seen("Petra"))["comments"] == []
    kinds = [e.kind for e in await group.scene.system.log.read_stream(group.stream)]
    assert "polling/survey-comments-received" not in kinds
    assert await group.box() is None


async def test_an_anonymous_comment_says_of_nobody_who_they_are(
    group: Poll,
) -> None:
    await group.opens()
    with pytest.raises(Reject) as refused:
        await group.answers("Kelly", 4, "Write to b.okafor@beckroad.example, who never listens.")
    assert refused.value.code == "IDENTIFYING_TEXT"


async def test_a_signed_survey_is_read_by_its_owner_with_names(group: Poll) -> None:
    await group.opens(instrument="jpd-health-check", anonymous=False)
    await group.answers("Kelly", 3, "We mean it", items=["trust"])
    history = await group.scene.system.history(group.scene.who("Petra"), group.stream, None, 100)
    (read,) = [i for i in history.items if i.kind == "polling/survey-response-submitted"]
    assert read.by == group.scene.people["Kelly"]
    assert read.data["comment"] == "We mean it"
    theirs = await group.scene.system.history(group.scene.who("Amina"), group.stream, None, 100)
    assert "polling/survey-response-submitted" not in json.dumps([i.kind for i in theirs.items])
