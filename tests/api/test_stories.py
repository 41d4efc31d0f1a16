"""A story is read strictly: whatever cannot be meant is refused, with its line."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from enquiry_api.journeys.names import Names, instant_text, local
from enquiry_api.journeys.pointing import found
from enquiry_api.journeys.scenes import scenes
from enquiry_api.journeys.story import StoryError, read_story, story_of

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
HEAD = "journey: x\nsteps:\n"


def test_what_looks_like_a_time_a_number_or_a_no_stays_what_yaml_1_2_says() -> None:
    text = HEAD + (
        "  - {when: 2026-11-19 09:10, who: a, do: m/k, on: s, row: 012,"
        " with: {due: 2026-12-11, at: 12:30:45, no: no, count: 9, ratio: 0.5, none: null}}\n"
    )
    step = story_of(text, "x.yaml").steps[0]
    assert step.when == "2026-11-19 09:10"
    assert step.filled == {
        "due": "2026-12-11",
        "at": "12:30:45",
        "no": "no",
        "count": 9,
        "ratio": 0.5,
        "none": None,
    }


UNREADABLE = {
    "no mapping": ("- 1\n", "x.yaml:1: a story is a mapping"),
    "nothing": ("", "x.yaml:1: a story is a mapping"),
    "no yaml": ("journey: [\n", "x.yaml:2"),
    "an unknown word": (HEAD + "  - who: a\n    read: s\n    sleeps: 1\n", "x.yaml:3.*sleeps"),
    "an unknown expectation": (
        HEAD + "  - who: a\n    read: s\n    expect: {warned: 1}\n",
        "x.yaml:5.*warned",
    ),
    "a word of the wrong kind": (HEAD + "  - {who: 7, read: s}\n", "x.yaml:3"),
    "the same key twice": (HEAD + "  - {who: a, read: s, who: b}\n", "x.yaml:3: who stands twice"),
    "nothing to do": (HEAD + "  - {who: a}\n", "x.yaml:3: a step is one of"),
    "two things to do": (HEAD + "  - {who: a, read: s, do: m/k}\n", "x.yaml:3: a step is one of"),
    "nobody": (HEAD + "  - {read: s}\n", "x.yaml:3: say who"),
    "all within all": (
        HEAD + "  - {who: a, all: [{read: s, all: [{read: s}]}]}\n",
        "all cannot stand within all",
    ),
    "no such place": (HEAD + "  - {who: a, read: s, zone: Europe/Nowhere}\n", "no time zone"),
    "too long": (HEAD + "  - {who: a, read: s}\n" * 2001, "2000 are the most"),
}


@pytest.mark.parametrize(("text", "sentence"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_story_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(StoryError, match=sentence):
        story_of(text, "x.yaml")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"none\.yaml"):
        read_story(tmp_path / "none.yaml")


def test_the_first_step_says_when() -> None:
    with pytest.raises(StoryError, match=r"x\.yaml:3: the first step says when"):
        list(scenes(story_of(HEAD + "  - {who: a, read: s}\n", "x.yaml")))


def test_what_stands_around_several_holds_for_each_that_does_not_say_otherwise() -> None:
    text = HEAD + (
        "  - when: 2026-11-19 09:00\n    who: a\n    do: m/k\n    on: s\n    expect: no warning\n"
        "    all:\n      - {with: {x: 1}}\n      - {when: '09:05', who: b, expect: ok}\n"
    )
    first, second = scenes(story_of(text, "x.yaml"))
    assert (first.who, first.step.do, first.step.expect) == ("a", "m/k", "no warning")
    assert (second.who, second.step.do, second.step.expect) == ("b", "m/k", "ok")
    assert (second.now - first.now).seconds == 300
    assert second.step.line == 10


TIMES = [
    ("2026-11-19 09:10", "2026-11-19T09:10:00Z"),
    ("@2026-06-19 09:10", "2026-06-19T08:10:00Z"),
    ("09:10", "2026-11-19T09:10:00Z"),
]


@pytest.mark.parametrize(("said", "instant"), TIMES)
def test_a_local_time_is_an_instant(said: str, instant: str) -> None:
    assert instant_text(local(said, NOON, LONDON)) == instant


@pytest.mark.parametrize("said", ["9:10", "2026-02-30 09:10", "25:00", "noon", "2027-03-28 01:30"])
def test_a_time_that_there_is_not_is_refused(said: str) -> None:
    with pytest.raises(StoryError):
        local(said, NOON, LONDON)


def test_the_day_is_the_one_at_the_place() -> None:
    late = datetime(2026, 6, 18, 23, 30, tzinfo=UTC)
    assert instant_text(local("09:00", late, LONDON)) == "2026-06-19T08:00:00Z"


def test_names_of_stories_before_are_known_and_ones_own_come_first() -> None:
    before, own = Names(), Names()
    before.introduce("petra", "Petra Novák")
    own = Names((before,))
    own.introduce("petra", "Petra Novák")
    assert own.person("petra") == before.person("petra")
    own.introduce("petra", "Petra Brown")
    assert own.person("petra").called == "Petra Brown"
    assert set(own.people()) == {"petra"}


POINTERS = [
    ("", [{"a": [{"b": 1}, {"b": 2}], "x/y": 3}]),
    ("/a/0/b", [1]),
    ("/a/*/b", [1, 2]),
    ("/x~1y", [3]),
    ("/a/7", []),
    ("/a/-1", []),
    ("/a/b", []),
    ("/x~1y/z", []),
]


@pytest.mark.parametrize(("pointer", "there"), POINTERS)
def test_a_pointer_leads_to_everything_it_names(pointer: str, there: list[object]) -> None:
    assert found({"a": [{"b": 1}, {"b": 2}], "x/y": 3}, pointer) == there
