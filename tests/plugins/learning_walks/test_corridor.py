"""The corridor after each visit, and the end of the walk."""

import pytest
from tests.plugins.learning_walks.examples import (
    all_speak,
    concluded,
    in_corridor,
    in_room,
    minute,
    note,
    visited,
    walking,
)
from tests.plugins.learning_walks.school import AMINA, HAMISH
from tests.plugins.learning_walks.test_walking import begin, share

from enquiry.testing import named, person

# LW-E12: the corridor


def test_the_corridor_hears_everybody_who_was_present() -> None:
    story = all_speak(in_corridor(1), 1, "Petra", "Tom").who("Petra")
    story = story.does("close-corridor", {"visit_no": 1})
    story = story.refused(
        "DEBRIEF_SHARE_MISSING", details=({"person": str(AMINA)}, {"person": str(HAMISH)})
    )
    for name in ("Amina", "Hamish"):
        story = story.who(name).does("share-in-corridor", share(1, "nothing_to_add")).then()
    story.who("Petra").does("close-corridor", {"visit_no": 1}).then("corridor-closed")


def test_the_corridor_does_not_wait_for_who_has_left() -> None:
    story = all_speak(in_corridor(1), 1, "Petra", "Tom", "Hamish").who("Amina").does("leave-run")
    story = story.who("Petra").does("close-corridor", {"visit_no": 1})
    story.then("corridor-closed")


def test_only_those_present_share() -> None:
    story = walking().does("begin-visit", begin(1, "Petra", "Tom"))
    story = story.does("end-visit", {"visit_no": 1}).at(minute(story, 1, 8))
    story.who("Amina").does("share-in-corridor", share(1)).refused("NOT_PRESENT_AT_VISIT")


@pytest.mark.parametrize("kind", ["noticing", "wondering"])
def test_a_noticing_or_wondering_says_something(kind: str) -> None:
    story = in_corridor(1).who("Tom").does("share-in-corridor", {"visit_no": 1, "kind": kind})
    story = story.refused("VALIDATION_FAILED", pointer="/text")
    story.does("share-in-corridor", share(1, kind)).then("corridor-share-recorded")


def test_nothing_to_add_says_nothing() -> None:
    words = share(1, "nothing_to_add", text="But one thing")
    story = in_corridor(1).who("Tom").does("share-in-corridor", words)
    story.refused("VALIDATION_FAILED", pointer="/text")


def test_a_share_rests_on_notes_of_its_own_visit() -> None:
    other = share(2, note_ids=[str(named("tom-1"))])
    story = in_corridor(2, visited(1)).who("Tom").does("share-in-corridor", other)
    story = story.refused("VALIDATION_FAILED", pointer="/note_ids/0")
    own = share(2, note_ids=[str(named("hamish-2"))])
    story.does("share-in-corridor", own).then("corridor-share-recorded")


def test_a_share_names_nobody() -> None:
    names = share(1, text="Declan Moss does this too")
    in_corridor(1).who("Tom").does("share-in-corridor", names).refused("IDENTIFYING_TEXT")


def test_the_corridor_opens_when_the_visit_ends() -> None:
    in_room(1).who("Tom").does("share-in-corridor", share(1)).refused("WRONG_STAGE")
    visited(1).who("Tom").does("share-in-corridor", share(1)).refused("WRONG_STAGE")


def test_only_the_lead_closes_the_corridor_and_the_walk() -> None:
    story = in_corridor(1).who("Tom").does("close-corridor", {"visit_no": 1})
    story = story.refused("NOT_PERMITTED")
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story = story.refused("NOT_PERMITTED")
    story.does("end-walk").refused("NOT_PERMITTED")


def test_nobody_joins_once_the_walk_has_begun() -> None:
    story = walking().does("invite-to-run", {"person": str(person("Nora")), "role": "walker"})
    story.refused("WRONG_STAGE")


def test_the_actions_say_which_visit_they_are_about() -> None:
    actions = in_room(2, visited(1)).may("Petra")
    assert actions["end-visit"].keys == ("2",)
    assert not actions["close-corridor"].allowed
    assert actions["end-walk"].code == "DEBRIEF_REQUIRED"


def test_nothing_is_written_once_the_run_is_closed() -> None:
    story = concluded().who("Petra").does("close-run").then(stage="closed", warns=("NOT_SHARED",))
    story.who("Tom").does("record-note", note(1)).refused("RECORD_CLOSED")
