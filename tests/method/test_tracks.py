"""Parallel things inside one stage: each visit has its own small chart, and its own secrets."""

import pytest
from tests.method.moments import at_pooling, in_corridor, in_room, walking

from enquiry.method.decide import Undeclared
from enquiry.method.method import Enter, Stage
from enquiry.testing import named, person


def test_each_visit_has_a_stage_of_its_own() -> None:
    story = in_room(1)
    assert story.live.stage == "walking"
    assert story.live.tracks == {"1": "room"}
    story = in_corridor(1, story)
    story = story.who("Nia").does("share-in-corridor", {"visit": 1})
    story = story.who("Petra").does("share-in-corridor", {"visit": 1})
    story = story.does("close-corridor", {"visit": 1}).then("corridor-closed")
    story = in_room(2, story)
    assert story.live.tracks == {"1": "over", "2": "room"}


def test_a_move_is_judged_by_the_stage_of_its_own_visit() -> None:
    story = in_room(1)
    story.who("Petra").does("end-visit", {"visit": 2}).refused("WRONG_STAGE")
    story.who("Petra").does("end-visit", {"visit": 1}).then("visit-ended")


def test_an_action_names_the_visits_it_can_be_done_to() -> None:
    assert in_room(1).may("Petra")["end-visit"].keys == ("1",)
    assert walking().may("Petra")["end-visit"].keys == ()
    assert not walking().may("Petra")["end-visit"].allowed


def test_the_way_out_is_blocked_while_a_visit_is_open() -> None:
    story = in_room(1)
    blocked = story.may("Petra")["begin-visit"]
    assert (blocked.allowed, blocked.code) == (False, "DEBRIEF_REQUIRED")
    body = {"visit": 2, "present": [person("Petra")]}
    story.who("Petra").does("begin-visit", body).refused("DEBRIEF_REQUIRED", details=[{"visit": 1}])


def test_a_note_is_shown_when_its_own_visit_is_over_and_no_other() -> None:
    """Visit 1 is over, visit 2 is not: the host of visit 2 reads nothing yet."""
    story = at_pooling(visits=1)
    assert [fact["kind"] for fact in _notes(story, "Lena")] == ["note-recorded"]
    story = in_corridor(2, in_room(2, _after_first()))
    story = story.who("Nia").does("record-note", _note(2), called="second note")
    assert [fact["data"]["visit"] for fact in _notes(story, "Lena")] == [1]
    assert _notes(story, "Sam") == []


def test_a_later_visit_does_not_open_the_notes_of_one_still_open() -> None:
    """A host of visit 1 reads after visit 1, whatever happened in visit 2 meanwhile."""
    story = in_room(1)
    story = story.who("Nia").does("record-note", _note(1))
    assert _notes(story, "Lena") == []


def test_two_tracks_cannot_share_a_key() -> None:
    from enquiry.method.decide import _Plan
    from enquiry.testing.harness import surroundings

    story = in_room(1)
    ctx = surroundings(story.stream, person("Petra"), story.now, named("act"))
    plan = _Plan(story.stream.compiled, story.live, ctx, None, None)
    with pytest.raises(Undeclared, match="key of track"):
        plan._check_track(Stage("team", track="teams"), "1")
    assert Enter(Stage("team", track="teams"), "1").key == "1"


def _after_first():
    story = in_corridor(1, in_room(1))
    story = story.who("Nia").does("record-note", _note(1), called="first note")
    for name in ("Nia", "Petra"):
        story = story.who(name).does("share-in-corridor", {"visit": 1})
    return story.does("close-corridor", {"visit": 1})


def _note(visit: int) -> dict[str, object]:
    return {"visit": visit, "kind": "saw", "text": "pupils reread the comment"}


def _notes(story, name: str) -> list[dict[str, object]]:
    return [fact for fact in story.reads(name) if fact["kind"] == "note-recorded"]
