"""Notes about single items: a verdict and a note for each message of the health check (2.21)."""

from pathlib import Path
from typing import Any

import pytest
from tests.kernel.ballots import GROUP, Poll, poll

from enquiry.kernel.surveys.instrument import shipped
from enquiry.method.rules import Reject

CHECK: dict[str, Any] = {"instrument": "jpd-health-check", "anonymous": True}
WORDS = "Nobody has said what comes first"


@pytest.fixture
async def group(tmp_path: Path) -> Poll:
    """Seven people, reviewed."""
    made = poll(tmp_path)
    await made.settle()
    return made


async def judges(group: Poll, name: str, *items: str, key: str | None = None, **notes: str) -> Any:
    """Somebody answers *partly* to these items, with notes about some of them."""
    given = [
        {"item": item, "value": 2, **({"note": notes[item]} if item in notes else {})}
        for item in items
    ]
    form = {"survey": str(group.survey), "answers": given}
    return await group.do(name, "submit-survey", form, key=key or name)


def test_the_second_version_asks_the_same_and_takes_a_note_about_each_item() -> None:
    first, second = (shipped()["jpd-health-check", version] for version in (1, 2))
    assert second.items == first.items
    assert (first.notes, second.notes) == (False, True)
    assert (second.least, second.most, second.words) == (first.least, first.most, first.words)


async def test_notes_are_told_by_item_to_whoever_reads_and_to_nobody_else(group: Poll) -> None:
    await group.opens(**CHECK)
    for number, name in enumerate(GROUP):
        notes = {"aims": f"{6 - number} of us know"} if number < 3 else {"trust": "We dare"}
        await judges(group, name, "aims", "trust", **notes)
    assert (await group.seen("Petra"))["notes"] == []
    await group.closes()
    told = [(one["item"], one["note"]) for one in (await group.seen("Petra"))["notes"]]
    aims = [("aims", f"{count} of us know") for count in (4, 5, 6)]
    assert told == [*aims, *[("trust", "We dare")] * 3]
    assert (await group.seen("Kelly"))["notes"] == []


async def test_a_note_about_an_item_that_few_answered_is_told_to_nobody(group: Poll) -> None:
    await group.opens(**CHECK)
    for number, name in enumerate(GROUP):
        few = ("aims",) if number < 4 else ()
        await judges(group, name, "trust", *few, aims=WORDS)
    await group.closes()
    seen = await group.seen("Petra")
    assert seen["results"]["people"] == 6
    assert seen["notes"] == []
    assert not any(WORDS.encode() in body for body in await group.everything())


async def test_a_note_about_an_item_that_just_enough_answered_is_told(group: Poll) -> None:
    await group.opens(**CHECK)
    for number, name in enumerate(GROUP):
        enough = ("aims",) if number < 5 else ()
        await judges(group, name, "trust", *enough, **({"aims": WORDS} if number == 0 else {}))
    await group.closes()
    (only,) = (await group.seen("Petra"))["notes"]
    assert (only["item"], only["note"]) == ("aims", WORDS)


async def test_of_too_few_answers_no_note_is_kept(group: Poll) -> None:
    await group.opens(**CHECK)
    for name in GROUP[:4]:
        await judges(group, name, "aims", aims=WORDS)
    await group.closes()
    assert (await group.seen("Petra"))["notes"] == []
    kinds = [e.kind for e in await group.scene.system.log.read_stream(group.stream)]
    assert "polling/survey-comments-received" not in kinds


async def test_an_instrument_without_notes_takes_none(group: Poll) -> None:
    await group.opens(**CHECK, version=1)
    with pytest.raises(Reject) as refused:
        await judges(group, "Kelly", "trust", "aims", aims=WORDS)
    assert (refused.value.code, refused.value.pointer) == ("VALIDATION_FAILED", "/answers/1/note")


async def test_an_anonymous_note_names_nobody(group: Poll) -> None:
    await group.opens(**CHECK)
    with pytest.raises(Reject) as refused:
        await judges(group, "Kelly", "aims", aims="Ask b.okafor@beckroad.example, who decides")
    assert refused.value.code == "IDENTIFYING_TEXT"


async def test_nothing_of_a_note_is_on_record_with_whoever_wrote_it(group: Poll) -> None:
    await group.opens(**CHECK)
    before = await group.scene.system.log.head()
    await judges(group, "Kelly", "aims", aims=WORDS)
    (only,) = await group.scene.system.log.read_all(before, 100)
    assert only.seals == b""
    assert WORDS.encode() not in only.body


async def test_a_signed_note_is_read_by_the_owner(group: Poll) -> None:
    signed: dict[str, Any] = {**CHECK, "anonymous": False}
    await group.opens(**signed)
    await judges(group, "Kelly", "aims", aims=WORDS)
    await group.closes()
    (only,) = (await group.seen("Petra"))["notes"]
    assert only["note"] == WORDS
    assert (await group.seen("Amina"))["notes"] == []
