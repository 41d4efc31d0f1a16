"""The player plays what a story says, and stops where it does not come true."""

import textwrap
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from tests.api.world import world

from enquiry_api.clock import WallClock
from enquiry_api.journeys.calling import Caller, Unreachable
from enquiry_api.journeys.player import Differs, Player
from enquiry_api.journeys.story import Story, StoryError, story_of
from enquiry_api.server import address, listen, serving

PART = """
journey: An alliance
people: {ines: Ines Falk, petra: Petra Novák}
steps:
  - when: 2026-09-01 09:00
    who: operator
    do: alliance/create-alliance
    with: {name: Calder, steward: $ines, steward_name: Ines Falk}
    as: calder
  - who: ines
    on: calder
    all:
      - {do: alliance/add-school, with: {name: Beck Road, zone: Europe/London}, as: beck}
      - {do: alliance/add-person, with: {name: Petra Novák, person: $petra}}
      - do: alliance/grant-membership
        with: {person: $petra, school: $beck, standings: [teacher], since: 2026-09-01}
"""
STORY = """
journey: A circle
after: [part.yaml]
steps:
  - when: 2026-11-03 16:00
    who: petra
    do: reading-circle/open-circle
    in: calder
    with: {name: Slow readers}
    as: circle
  - who: petra
    read: circle
    expect: {stage: reading, can: [choose-book], cannot: {record-thought: BOOK_MISSING}}
  - {who: ines, read: circle, expect: NOT_FOUND}
"""


@asynccontextmanager
async def served(folder: Path, **settings: Any) -> AsyncIterator[tuple[str, str]]:
    async with world(folder, **settings) as here:
        bound = listen("127.0.0.1", 0)
        async with serving(here.app, bound):
            yield address(bound), here.token(here.tokens.operator, operator=True)


@pytest.fixture
def server(portal: BlockingPortal, tmp_path: Path) -> Iterator[tuple[str, str]]:
    with portal.wrap_async_context_manager(served(tmp_path)) as told:
        yield told


@pytest.fixture
def player(server: tuple[str, str], tmp_path: Path) -> Iterator[Player]:
    (tmp_path / "part.yaml").write_text(PART)
    player = Player(*server)
    yield player
    player.close()


def story(tmp_path: Path, *more: str) -> Story:
    """The story of the circle, and what these texts add to its steps."""
    steps = (textwrap.indent(textwrap.dedent(one).strip(), "  ") for one in more)
    text = STORY + "".join(f"{step}\n" for step in steps)
    return story_of(text, str(tmp_path / "circle.yaml"))


CHOOSE = """
- {who: petra, do: reading-circle/choose-book, on: circle, with: {book: Emma, pages: 400}}
"""
THINK = """
- who: petra
  do: reading-circle/record-thought
  on: circle
  with: {page: 3, thought: She is wrong.}
  as: thought
"""


def test_a_story_that_comes_true_is_played_to_its_end(player: Player, tmp_path: Path) -> None:
    seen: list[str] = []
    player.watch = lambda scene: seen.append(scene.tell)
    assert player.play(story(tmp_path, CHOOSE, THINK)) == 9
    assert seen[0] == "operator: alliance/create-alliance"
    assert seen[-1] == "petra: reading-circle/record-thought"


def test_decisions_rest_on_the_current_revision_unless_the_step_says_so(
    player: Player, tmp_path: Path
) -> None:
    player.play(
        story(
            tmp_path,
            CHOOSE,
            "- {who: petra, read: circle, save: {seen: /revision}}",
            CHOOSE,
            """
            - who: petra
              do: reading-circle/choose-book
              on: circle
              with: {book: Persuasion, pages: 300}
              based_on: $seen
              expect: {refused: VERSION_CONFLICT, status: 412, params: {current: 4}}
            """,
        )
    )


def test_the_same_key_sends_the_same_thing_again(player: Player, tmp_path: Path) -> None:
    twice = THINK.replace("as: thought", "key: once")
    player.play(
        story(
            tmp_path,
            CHOOSE,
            twice + "  expect: {replayed: false}",
            twice + "  expect: {replayed: true, status: 200}",
        )
    )


def test_warnings_are_looked_at(player: Player, tmp_path: Path) -> None:
    raised = CHOOSE.strip().removesuffix("}") + ", expect: {warnings: [FOCUS_DRIFT]}}"
    player.play(story(tmp_path, CHOOSE, THINK, raised))


def test_time_and_names_in_a_form_become_what_they_stand_for(
    player: Player, tmp_path: Path
) -> None:
    """A local time is an instant; a person, a stream and an action are ids; ``$$`` is a dollar."""
    player.play(
        story(
            tmp_path,
            CHOOSE,
            """
            - when: 16:10
              who: petra
              do: reading-circle/record-thought
              on: circle
              with: {page: 3, thought: $$5 and @@home}
            - when: 2026-11-04 09:00
              who: petra
              do: reading-circle/invite-reader
              on: circle
              with: {person: $ines}
            - who: ines
              read: circle
              expect: {shows: {/updated_at: "@2026-11-04 09:00", /id: $circle, /roles: [reader]}}
            - who: petra
              read: circle
              history: true
              expect:
                shows: {/items/3/data/thought: $$5 and @@home, /items/4/data/person: $ines}
                counts: {/items: 5}
                says: [$$5 and @@home]
                never_says: [Maisie, $nobody-at-all]
            """.replace(", $nobody-at-all", ""),
        )
    )


def test_time_can_be_let_pass_and_the_past_be_read(player: Player, tmp_path: Path) -> None:
    player.play(
        story(
            tmp_path,
            CHOOSE.replace("{who", "{when: 2026-11-04 09:00, who"),
            "- {when: 2026-11-05 09:00, tick: true}",
            """
            - who: petra
              read: circle
              view: thoughts
              at: 2026-11-03 17:00
              expect: {shows: {/book: null}}
            - {who: petra, read: circle, view: thoughts, expect: {shows: {/book: Emma}}}
            """,
        )
    )


def test_several_people_can_do_the_same(player: Player, tmp_path: Path) -> None:
    player.play(
        story(
            tmp_path,
            CHOOSE,
            "- {who: petra, do: reading-circle/invite-reader, on: circle, with: {person: $ines}}",
            THINK.replace("who: petra", "who: [petra, ines]").replace("  as: thought\n", ""),
            "- {who: petra, read: circle, view: thoughts, expect: {shows: {/thoughts: 2}}}",
            "- {who: ines, inbox: true, expect: {counts: {/items: 1}}}",
        )
    )


def test_stories_played_together_share_what_came_before_and_follow_the_clock(
    player: Player, tmp_path: Path
) -> None:
    early = STORY.replace("2026-11-03 16:00", "2026-10-20 16:00")
    order: list[str] = []
    player.watch = lambda scene: order.append(scene.now.strftime("%m-%d"))
    count = player.play(
        story(tmp_path, CHOOSE.replace("{who", "{when: 2026-11-05 16:00, who")),
        story_of(early, str(tmp_path / "early.yaml")),
    )
    assert count == 4 + 4 + 3
    assert order == ["09-01"] * 4 + ["10-20"] * 3 + ["11-03"] * 3 + ["11-05"]


WRONG = {
    "accepted where it should be refused": (
        CHOOSE.strip().removesuffix("}") + ", expect: BOOK_MISSING}",
        ("outcome", "refused: BOOK_MISSING", "accepted"),
    ),
    "a warning that is not raised": (
        CHOOSE.strip().removesuffix("}") + ", expect: {warnings: [FOCUS_DRIFT]}}",
        ("warnings", ["FOCUS_DRIFT"], "no warning"),
    ),
    "another stage": (
        "- {who: petra, read: circle, expect: {stage: closed}}",
        ("stage", "closed", "reading"),
    ),
    "another value": (
        "- {who: petra, read: circle, view: thoughts, expect: {shows: {/thoughts: 1}}}",
        ("/thoughts", 1, 0),
    ),
    "a value of another kind": (
        "- {who: petra, read: circle, view: thoughts, expect: {shows: {/thoughts: false}}}",
        ("/thoughts", False, 0),
    ),
    "something that is not there": (
        "- {who: petra, read: circle, expect: {shows: {/nothing: 1}}}",
        ("/nothing", 1, "nothing"),
    ),
    "another count": (
        "- {who: petra, read: circle, history: true, expect: {counts: {/items: 9}}}",
        ("items at /items", 9, 2),
    ),
    "something that should be absent": (
        "- {who: petra, read: circle, history: true, expect: {absent: [/items/*/by]}}",
        None,
    ),
    "words that are missing": (
        "- {who: petra, read: circle, history: true, expect: {says: [Fast]}}",
        ("words", "says 'Fast'", "it does not"),
    ),
    "words that should not be there": (
        "- {who: petra, read: circle, history: true, expect: {never_says: [Slow]}}",
        ("words", "never says 'Slow'", "it does"),
    ),
    "a person who should not be there": (
        "- {who: petra, read: circle, history: true, expect: {never_says: [$petra]}}",
        None,
    ),
    "an action that is not allowed yet": (
        "- {who: petra, read: circle, expect: {can: [record-thought]}}",
        ("action record-thought", "allowed", "BOOK_MISSING"),
    ),
    "an action that is allowed already": (
        "- {who: petra, read: circle, expect: {cannot: {choose-book: BOOK_MISSING}}}",
        ("action choose-book", "BOOK_MISSING", "allowed"),
    ),
}


@pytest.mark.parametrize(("step", "difference"), WRONG.values(), ids=WRONG.keys())
def test_the_first_difference_stops_the_play(
    player: Player, tmp_path: Path, step: str, difference: tuple[Any, Any, Any] | None
) -> None:
    with pytest.raises(Differs) as caught:
        player.play(story(tmp_path, step))
    found = caught.value.differences[0]
    if difference is not None:
        assert (found.what, found.expected, found.actual) == difference
    assert f"circle.yaml:{len(STORY.splitlines()) + 1}" in str(caught.value)
    assert "expected:" in str(caught.value)


def test_a_refusal_that_nobody_expected_is_told_whole(player: Player, tmp_path: Path) -> None:
    with pytest.raises(Differs, match="BOOK_MISSING") as caught:
        player.play(story(tmp_path, THINK.replace("- who", "- row: P2.7\n  who")))
    assert "(row P2.7)" in str(caught.value)


REFUSED = {
    "another code": ("{refused: WRONG_STAGE}", "outcome"),
    "another status": ("{refused: VALIDATION_FAILED, status: 409}", "status"),
    "another place": ("{refused: VALIDATION_FAILED, pointer: /thought}", "pointer"),
    "other details": ("{refused: VALIDATION_FAILED, details: [x]}", "details"),
    "other params": ("{refused: VALIDATION_FAILED, params: {x: 1}}", "params x"),
}


@pytest.mark.parametrize(("expect", "what"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_is_looked_at_closely(
    player: Player, tmp_path: Path, expect: str, what: str
) -> None:
    step = THINK.replace("page: 3", "page: three") + f"  expect: {expect}"
    with pytest.raises(Differs) as caught:
        player.play(story(tmp_path, CHOOSE, step))
    assert [one.what for one in caught.value.differences] == [what]


def test_no_warning_means_not_even_information(player: Player, tmp_path: Path) -> None:
    quiet = CHOOSE.strip().removesuffix("}") + ", expect: no warning}"
    with pytest.raises(Differs, match="FOCUS_DRIFT"):
        player.play(story(tmp_path, CHOOSE, THINK, quiet))
    player.play(story(tmp_path, CHOOSE, THINK, CHOOSE))


UNPLAYABLE = {
    "a name that stands for nothing": (
        CHOOSE.replace("Emma", "$emma"),
        "circle.yaml:15: \\$emma stands for nothing",
    ),
    "a stream that was never opened": (
        CHOOSE.replace("on: circle", "on: square"),
        "square is no stream",
    ),
    "somebody nobody knows": (CHOOSE.replace("petra", "omar"), "omar is nobody"),
    "a method that is not installed": (CHOOSE.replace("reading-circle", "x"), "no method x"),
    "an action that it does not have": (CHOOSE.replace("choose-book", "x"), "has no action x"),
    "a pointer that leads nowhere": (
        "- {who: petra, read: circle, save: {x: /nothing}}",
        "/nothing leads to 0 things",
    ),
    "time that goes backwards": (
        "- {when: 2026-11-03 15:59, who: petra, read: circle}",
        "is before the step before it",
    ),
    "an expectation that says nothing": (
        "- {who: petra, read: circle, expect: fine}",
        "what is 'fine'",
    ),
}


@pytest.mark.parametrize(("step", "sentence"), UNPLAYABLE.values(), ids=UNPLAYABLE.keys())
def test_a_story_that_cannot_be_played_says_where(
    player: Player, tmp_path: Path, step: str, sentence: str
) -> None:
    with pytest.raises(StoryError, match=sentence):
        player.play(story(tmp_path, step))


def test_a_server_with_its_own_clock_plays_no_stories(
    portal: BlockingPortal, tmp_path: Path
) -> None:
    (tmp_path / "part.yaml").write_text(PART)
    with portal.wrap_async_context_manager(served(tmp_path, clock=WallClock())) as told:
        player = Player(*told)
        with pytest.raises(Unreachable, match="--clock client"):
            player.play(story(tmp_path))
        player.close()


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(PART)
    bound = listen("127.0.0.1", 0)
    url = address(bound)
    bound.close()
    with pytest.raises(Unreachable, match=url):
        Player(url, "token").play(story(tmp_path))


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "http://"])
def test_an_address_is_one_of_http(url: str) -> None:
    with pytest.raises(Unreachable, match="no address"):
        Caller(url)


def test_people_of_a_play_are_told_with_a_token(player: Player, tmp_path: Path) -> None:
    player.play(story(tmp_path))
    called, token = player.people()["petra"]
    assert called == "Petra Novák"
    assert token.count(".") == 2
