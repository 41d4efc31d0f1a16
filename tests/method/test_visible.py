"""Who reads what: nobody but the author, unless a row says so; by the role held at the time."""

import pytest
from tests.method import turns
from tests.method.moments import NOTE, at_pooling, in_corridor, in_room, planned, with_outcome

from enquiry import MEMBER, Builder, Entry, Reject, State, Was
from enquiry.testing import Story, given, named, person


def _kinds(story: Story, name: str) -> list[str]:
    return [fact["kind"] for fact in story.reads(name) if fact["kind"] not in _CORE]


_CORE = {"opened", "stage-entered", "track-entered", "warning-raised", "warning-resolved"}


def test_an_author_always_reads_their_own() -> None:
    story = in_room(1).who("Nia").does("record-note", NOTE)
    assert "note-recorded" in _kinds(story, "Nia")


def test_without_a_row_nobody_else_reads_it() -> None:
    story = in_room(1).who("Nia").does("record-note", NOTE)
    assert "note-recorded" not in _kinds(story, "Lena")
    assert "note-recorded" not in _kinds(story, "Omar")


def test_a_row_lets_its_role_read() -> None:
    story = in_room(1).who("Nia").does("record-note", NOTE)
    assert "note-recorded" in _kinds(story, "Petra")


def test_a_hidden_author_is_not_told() -> None:
    story = at_pooling()
    (note,) = [fact for fact in story.reads("Lena") if fact["kind"] == "note-recorded"]
    assert note["by"] is None
    assert note["data"]["text"] == NOTE["text"]


def test_a_hidden_field_is_not_told() -> None:
    story = with_outcome().who("Petra").does("share-outcomes")
    (outcome,) = [fact for fact in story.reads("Lena") if fact["kind"] == "outcome-recorded"]
    assert "notes" not in outcome["data"]
    (whole,) = [fact for fact in story.reads("Petra") if fact["kind"] == "outcome-recorded"]
    assert whole["data"]["notes"] == [str(named("note 1"))]


def test_a_condition_of_a_row_is_judged_today() -> None:
    story = with_outcome()
    assert "outcome-recorded" not in _kinds(story, "Lena")
    assert "outcome-recorded" in _kinds(story.who("Petra").does("share-outcomes"), "Lena")


def test_somebody_who_joins_later_reads_what_rows_hold_for_today() -> None:
    story = planned().does("add-walker", {"person": person("Omar")})
    assert _kinds(story, "Omar") == ["planned"]


def test_a_view_is_absent_for_whoever_may_not_ask_for_it() -> None:
    story = in_corridor(1)
    with pytest.raises(Reject) as refusal:
        story.view("outcomes", "Lena")
    assert refusal.value.code == "NOT_FOUND"
    assert story.view("outcomes", "Nia") == {"outcomes": []}


def test_a_view_shows_texts_in_place_of_references() -> None:
    assert with_outcome().view("outcomes", "Nia") == {"outcomes": ["comments are read twice"]}


def _triad() -> Story:
    three = [person(name) for name in ("Petra", "Nia", "Omar")]
    story = given(turns.METHOD).who("Petra").does("form", {"three": three})
    return story.who("Omar").does("record-note", {"text": "what would a pupil say?"})


def test_a_note_is_kept_until_its_stage_has_begun() -> None:
    story = _triad()
    assert "note-recorded" not in _kinds(story, "Nia")
    story = story.who("Nia").does("end-conversation")
    assert "note-recorded" in _kinds(story, "Nia")
    assert "note-recorded" in _kinds(story, "Petra")


def test_rotation_opens_nothing_that_was_said_before() -> None:
    """After the turn Nia is client and Petra observer: the topic of then is not the observer's."""
    story = _triad().who("Petra").does("set-topic", {"topic": "a difficult lesson"})
    story = (
        story.who("Nia").does("end-conversation").who("Petra").does("take-turn", {"action": "x"})
    )
    assert story.view("chairs", "Petra")["chairs"]["observer"] == str(person("Petra"))
    story = story.who("Petra").does("record-note", {"text": "what was missed?"})
    assert _notes(story, "Omar") == ["what would a pupil say?"]
    assert _notes(story, "Nia") == ["what would a pupil say?"]
    story = story.who("Omar").does("end-conversation")
    assert _notes(story, "Nia") == ["what would a pupil say?", "what was missed?"]


def test_a_stage_that_came_before_the_recording_does_not_count() -> None:
    """Feedback was reached in the first turn; the note of the second waits for the second."""
    story = _triad().who("Nia").does("end-conversation").who("Petra")
    story = story.does("take-turn", {"action": "x"})
    story = story.who("Petra").does("record-note", {"text": "what was missed?"})
    assert _notes(story, "Omar") == ["what would a pupil say?"]


def _notes(story: Story, name: str) -> list[str]:
    return [fact["data"]["text"] for fact in story.reads(name) if fact["kind"] == "note-recorded"]


class Nothing(State):
    """Nothing is remembered, but who said it."""

    by: tuple[str, ...] = ()


class Say(Entry, records="said"):
    """Say something"""

    def apply(self, s: Nothing, was: Was) -> Nothing:
        """Remember who."""
        return s.but(by=(str(was.by),))


def test_a_row_since_the_first_stage_holds_from_the_start() -> None:
    talk = Builder("talk", 1, "Talk", state=Nothing, roles=(), cast=lambda s: {"all": _ALL})
    first, _ = talk.stages("first", final=("last",))
    talk.move(Say, by=MEMBER)
    talk.show(Say, to=MEMBER, since=first)
    story = given(talk.build()).who("Petra").does("say")
    assert _kinds(story, "Nia") == ["said"]


_ALL = (person("Petra"), person("Nia"))
