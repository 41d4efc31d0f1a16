"""A note or a post is taken back by whoever wrote it, until its round closes."""

import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    SECOND,
    ended,
    meeting,
    reviewed,
    rounds_done,
    spoken,
    talking,
)

from enquiry.testing import Story, named

NOTE = {"kind": "other", "text": "A silence."}


def noted() -> Story:
    """Lewis, who observes, has noted something."""
    return talking().who("Lewis").does("record-observer-note", NOTE, called="note")


def posted(story: Story, name: str = "Petra") -> Story:
    """Somebody has written to the thread."""
    return story.who(name).does("post-to-thread", {"text": "Hm."}, called="post")


def takes_back(story: Story, name: str, called: str) -> Story:
    """Somebody wants to take back what is called so."""
    return story.who(name).does("retract-contribution", {"contribution": str(named(called))})


def read(story: Story, name: str) -> set[str]:
    """Kinds of the facts that somebody reads."""
    return {fact["kind"] for fact in story.reads(name)}


def test_a_post_that_was_taken_back_is_gone_from_the_thread() -> None:
    story = takes_back(posted(talking()), "Petra", "post").then("contribution-retracted", warns=())
    for name in ("Grace", "Petra", "Lewis"):
        assert story.view("meetings", name)["thread"] == []
        assert "posted-to-thread" not in read(story, name)
        assert "contribution-retracted" in read(story, name)


def test_a_note_that_was_taken_back_never_opens() -> None:
    story = takes_back(noted(), "Lewis", "note").then("contribution-retracted")
    story = spoken(story)
    [told] = story.view("growth-log", "Petra")["entries"]
    assert told["notes"] == []
    assert story.view("meetings", "Lewis")["meetings"][0]["rounds"][0]["notes"] == []


def test_that_a_note_was_taken_back_is_told_only_from_the_observers_turn_on() -> None:
    story = takes_back(noted(), "Lewis", "note").then("contribution-retracted")
    assert "contribution-retracted" in read(story, "Lewis")
    for name in ("Grace", "Petra"):
        assert "contribution-retracted" not in read(story, name)
    story = spoken(story)
    for name in ("Grace", "Petra"):
        assert "contribution-retracted" in read(story, name)


def test_an_observer_rests_no_feedback_on_a_note_that_was_taken_back() -> None:
    story = ended(takes_back(noted(), "Lewis", "note"))
    story = story.who("Grace").does("give-client-feedback", {"text": "You waited."})
    given = {"text": "It opened up.", "notes": [str(named("note"))]}
    story = story.who("Lewis").does("give-observer-feedback", given)
    story.refused("VALIDATION_FAILED", pointer="/notes/0")


@pytest.mark.parametrize("name", ["Grace", "Petra"])
def test_nobody_takes_back_what_somebody_else_noted(name: str) -> None:
    takes_back(spoken(noted()), name, "note").refused("NOT_FOUND")


def test_nothing_is_taken_back_twice() -> None:
    story = takes_back(noted(), "Lewis", "note").then("contribution-retracted")
    takes_back(story, "Lewis", "note").refused("NOT_FOUND")


def test_notes_and_posts_of_a_closed_round_stay() -> None:
    story = spoken(posted(noted())).who("Petra").does("close-round")
    takes_back(story, "Lewis", "note").refused("WRONG_STAGE")
    takes_back(story, "Petra", "post").refused("WRONG_STAGE")


def test_a_post_between_rounds_is_taken_back_also_in_the_next_one() -> None:
    story = posted(rounds_done(meeting(), FIRST)).who("Grace").does("begin-round", SECOND)
    takes_back(story, "Petra", "post").then("contribution-retracted")


def test_a_note_of_a_broken_off_round_stays() -> None:
    story = noted().who("Grace").does("end-meeting-early", {"reason": "The bell."})
    takes_back(story, "Lewis", "note").refused("WRONG_STAGE")


@pytest.mark.parametrize("called", ["topic", "act", "goals"])
def test_what_is_put_differently_is_not_taken_back(called: str) -> None:
    story = talking().who("Grace").does("set-topic", {"topic": "Who answers"}, called="topic")
    story = story.does("commit-action", {"text": "Wait"}, called="act")
    goals = {"goals": ["Wait longer"], "strengths": ["calm room"]}
    story = story.does("state-goals", goals, called="goals")
    takes_back(story, "Grace", called).refused("WRONG_STAGE")


def test_after_the_close_nothing_is_taken_back() -> None:
    story = posted(rounds_done(meeting(), FIRST)).who("Grace")
    story = reviewed(story.does("end-meeting-early", {"reason": "The bell."}))
    story = story.who("Grace").does("close-run").then("closed")
    takes_back(story, "Petra", "post").refused("RECORD_CLOSED")


def test_of_what_whoever_withdrew_had_taken_back_nothing_is_told() -> None:
    story = takes_back(posted(talking()), "Petra", "post").then("contribution-retracted")
    story = story.who("Petra").does("withdraw-consent", {"purposes": ["participate"]})
    assert "contribution-retracted" not in read(story, "Grace")


def test_of_a_close_and_a_taking_back_whatever_comes_second_is_judged_by_the_first() -> None:
    before = spoken(noted()).who("Grace").does("commit-action", {"text": "Wait"})
    closed = before.who("Petra").does("close-round").then("round-closed")
    takes_back(closed, "Lewis", "note").refused("WRONG_STAGE")
    taken = takes_back(before, "Lewis", "note").then("contribution-retracted")
    taken = taken.who("Petra").does("close-round").then("round-closed")
    assert taken.view("growth-log", "Petra")["entries"][0]["notes"] == []
