"""Everybody asks a real server for everything, and sees what the matrix lets them, and no more.

One server on real engines, one play of all stories, a word of its own in every personal text. What
is found on the walk is judged by the matrix; each test below is one kind of thing that may not be.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from anyio.from_thread import BlockingPortal
from tests.conftest import execute
from tests.visibility.playing import served
from tests.visibility.walking import Walk

pytestmark = pytest.mark.slow

STORIES = (
    "journeys/learning_walk.yaml",
    "journeys/lesson_study.yaml",
    "journeys/rounds.yaml",
    "journeys/triad.yaml",
    "visibility/stories/walk.yaml",
    "visibility/stories/triad.yaml",
)
"""What is played, all together, in the order of its times. A method joins by a story of it."""


@pytest.fixture(scope="module")
def walk(
    portal: BlockingPortal,
    postgres_url: str,
    nats_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walk]:
    name = f"test_{uuid.uuid4().hex}"
    portal.call(execute, postgres_url, f"CREATE DATABASE {name} TEMPLATE template0")
    database = urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
    folder = tmp_path_factory.mktemp("walk")
    with portal.wrap_async_context_manager(served(folder, database, nats_url)) as here:
        made = Walk(here, portal)
        try:
            made.play(Path(__file__).resolve().parents[1] / story for story in STORIES)
            yield made
        finally:
            made.close()
    portal.call(execute, postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def looked(walk: Walk) -> Walk:
    """Everybody has looked at everything; nobody has tried to act."""
    walk.look()
    return walk


@pytest.fixture(scope="module")
def followed(looked: Walk) -> Walk:
    """Everybody has followed what changed."""
    looked.follow()
    return looked


@pytest.fixture(scope="module")
def tried(looked: Walk) -> Walk:
    """Everybody has tried everything."""
    looked.try_everything()
    return looked


def holds(walk: Walk, kind: str) -> None:
    """Something of this kind was looked at, and all of it is as it should be."""
    wrong = walk.findings.wrong.get(kind, [])
    assert walk.findings.looked.get(kind, 0) > 10, f"nobody looked whether {kind}"
    assert not wrong, f"{len(wrong)} times:\n" + "\n".join(wrong[:20])


# On the way. Each of these fixtures is set up within a test of its own, for its time is counted.


def test_at_every_turn_everybody_reads_what_the_matrix_lets_them(walk: Walk) -> None:
    holds(walk, "nobody reads what they may not")
    holds(walk, "everybody reads what they may")


def test_a_view_stays_the_same_for_whoever_learns_nothing(walk: Walk) -> None:
    holds(walk, "a view changes for those who learn something")


# At the end


def test_nobody_reads_what_the_matrix_denies(looked: Walk) -> None:
    holds(looked, "nobody reads what they may not")


def test_everybody_reads_what_the_matrix_grants(looked: Walk) -> None:
    holds(looked, "everybody reads what they may")


def test_streams_and_views_are_there_for_those_whom_the_matrix_names(looked: Walk) -> None:
    holds(looked, "what is promised is there")


def test_streams_and_views_are_absent_for_everybody_else(looked: Walk) -> None:
    holds(looked, "what is denied is absent")


def test_nothing_that_is_guessed_is_anything_but_shown_or_absent(looked: Walk) -> None:
    holds(looked, "what is asked for is shown or absent")


def test_what_hides_its_author_never_stands_beside_them(looked: Walk) -> None:
    holds(looked, "what is unsigned stays unsigned")


def test_lists_and_inboxes_hold_exactly_what_somebody_may_know(looked: Walk) -> None:
    holds(looked, "lists are exact")


# Live


def test_live_updates_tell_of_nothing_that_somebody_may_not_know(followed: Walk) -> None:
    holds(followed, "live updates tell of what is known")


def test_live_updates_come_only_where_somebody_sees_a_change(followed: Walk) -> None:
    holds(followed, "live updates come where something changed")


# Trying


def test_what_somebody_may_not_know_is_answered_like_what_is_not_there(tried: Walk) -> None:
    holds(tried, "what may not be known looks absent")


def test_nobody_learns_the_id_of_what_they_may_not_know(tried: Walk) -> None:
    holds(tried, "nobody learns of what they may not")


def test_names_of_people_stay_within_their_alliance(tried: Walk) -> None:
    holds(tried, "names stay within their alliance")


def test_a_guess_at_what_is_hidden_is_answered_like_a_guess_at_nothing(tried: Walk) -> None:
    holds(tried, "a guess tells nothing")


def test_what_is_sent_again_is_told_again_as_its_sender_may_see_it_today(tried: Walk) -> None:
    holds(tried, "what is sent again is told again")
    holds(tried, "what is sent again tells nothing new")


def test_nothing_is_recorded_by_looking_around(tried: Walk) -> None:
    holds(tried, "nothing is recorded by looking")


# For machines


def test_nothing_that_is_open_to_everybody_and_no_log_says_anything_of_anybody(tried: Walk) -> None:
    holds(tried, "machines are told nothing")


def test_every_address_that_there_is_was_asked_for(tried: Walk, followed: Walk) -> None:
    assert tried is followed
    missed = [f"{route.verb} {route.path}" for route in tried.missed()]
    assert missed == []


# That the walk can fail


def test_the_walk_saw_everything_that_was_said(looked: Walk) -> None:
    lost = [looked.whose(word) for word in looked.planted() - looked.saw]
    assert len(looked.planted()) > 100
    assert lost == []


def test_every_column_of_the_matrix_had_somebody_in_it(looked: Walk) -> None:
    assert looked.stood() >= {
        *("author", "group", "pupil", "lead", "host", "told", "invited", "former"),
        *("enquiry", "facilitator", "friend", "staff", "leader", "manager", "coordinator"),
        *("cover", "safeguarding", "member", "steward", "operator", "stranger", "nobody"),
    }
