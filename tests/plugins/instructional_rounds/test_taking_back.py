"""A private note is taken back by its author alone, and nobody learns that there was one."""

import pytest
from tests.plugins.instructional_rounds.examples import (
    describing,
    found,
    in_rooms,
    posted,
    reviewed_by,
)
from tests.plugins.instructional_rounds.looking import kinds
from tests.plugins.instructional_rounds.school import NAMES

from enquiry.testing import Story, named

NOTE = {"visit_no": 1, "focus": "pupils", "text": "Six began at once"}


def writes(story: Story) -> Story:
    """Grace writes something for herself."""
    return story.who("Grace").does("write-private-note", NOTE, called="note")


def noted() -> Story:
    """She has done so in the first room."""
    return writes(in_rooms())


def takes_back(story: Story, name: str, called: str = "note") -> Story:
    """Somebody wants to take back what is called so."""
    return story.who(name).does("retract-contribution", {"contribution": str(named(called))})


def test_a_private_note_that_was_taken_back_is_gone() -> None:
    story = takes_back(noted(), "Grace").then("contribution-retracted", warns=())
    assert story.view("my-notes", "Grace")["notes"] == []
    assert "private-note-written" not in kinds(story, "Grace")


def test_nobody_else_learns_that_there_was_one() -> None:
    story = takes_back(noted(), "Grace").then("contribution-retracted")
    assert "contribution-retracted" in kinds(story, "Grace")
    for name in NAMES:
        if name != "Grace":
            assert "contribution-retracted" not in kinds(story, name), name


@pytest.mark.parametrize("name", ["Ines", "Nasreen", "Petra"])
def test_nobody_takes_back_the_note_of_somebody_else(name: str) -> None:
    takes_back(noted(), name).refused("NOT_FOUND")


def test_a_note_is_taken_back_once() -> None:
    story = takes_back(noted(), "Grace").then("contribution-retracted")
    takes_back(story, "Grace").refused("NOT_FOUND")


def test_a_note_can_still_be_taken_back_when_the_debrief_is_complete() -> None:
    takes_back(writes(found()).who("Ines").does("complete-debrief"), "Grace").then(
        "contribution-retracted"
    )


def test_after_the_close_it_is_not_taken_back_any_more() -> None:
    story = reviewed_by(writes(found()).who("Ines").does("complete-debrief"), "Ines", "Hamish")
    story = story.who("Ines").does("share-with-host").does("close-run").then("closed")
    takes_back(story, "Grace").refused("RECORD_CLOSED")


@pytest.mark.parametrize("called", ["prediction", "month"])
def test_what_the_network_found_together_is_not_taken_back(called: str) -> None:
    name = "Tom" if called == "prediction" else "Grace"
    takes_back(found(), name, called).refused("WRONG_STAGE")


def test_it_is_nobodys_to_correct_or_to_share_also_now() -> None:
    story = noted().who("Grace")
    correction = {"contribution": str(named("note")), "text": "Five, not six"}
    story.does("correction-note", correction).refused("NOT_FOUND")
    shared = {"item": str(named("note")), "audience": "group"}
    story.does("share-item", shared).refused("NOT_FOUND")


def test_a_card_is_withdrawn_by_a_move_of_its_own() -> None:
    story = posted(describing(), "copied")
    takes_back(story, "Grace", "copied").refused("NOT_FOUND")
    story.does("withdraw-card", {"card": str(named("copied"))}).then("card-withdrawn")
