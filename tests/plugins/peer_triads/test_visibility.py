"""The rows of visibility and the read models say the same, for everybody and at every moment."""

from collections.abc import Callable, Iterator

import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    GOALS,
    NAMES,
    SECOND,
    SIAN,
    completed,
    meeting,
    reviewed,
    rounds_done,
    spoken,
    talking,
)

from enquiry import Reject
from enquiry.kernel.run import forms as run_forms
from enquiry.method.record import refs_in
from enquiry.method.visible import visible
from enquiry.testing import Story, harness, named
from enquiry_peer_triads import shown
from enquiry_peer_triads.forms import rounds

SAID = (*shown.CONTENT, rounds.RecordObserverNote, run_forms.RecordDeviation)


def eventful() -> Story:
    """Everything that can be said has been said, some of it shared."""
    story = talking().who("Grace").does("set-topic", {"topic": "Who answers"})
    story = story.who("Petra").does("state-goals", GOALS, called="goals")
    note = {"kind": "other", "text": "A silence."}
    story = story.who("Lewis").does("record-observer-note", note, called="note")
    story = story.who("Petra").does("declare-advice").does("post-to-thread", {"text": "Hm."})
    story = spoken(story).who("Grace").does("commit-action", {"text": "Wait"}, called="act")
    again = {"action": str(named("act")), "text": "Wait longer"}
    story = story.does("amend-action", again).who("Petra").does("close-round")
    story = story.who("Grace").does("begin-round", SECOND)
    story = story.who("Petra").does("record-observer-note", note)
    story = story.who("Grace").does("end-meeting-early", {"reason": "The bell."})
    outcome = {"action": str(named("act")), "outcome": "It worked."}
    story = story.who("Grace").does("review-action", outcome)
    return reviewed(story)


def replaced() -> Story:
    """Lewis has left; Siân has joined, and Grace has shared her action with her."""
    story = eventful().who("Lewis").does("leave-run")
    for name in ("Grace", "Petra"):
        story = story.who(name).does("replace-member", {"person": str(SIAN)})
    story = story.who("Siân").does("accept-run-invitation").does("state-goals", GOALS)
    share = {"item": str(named("act")), "audience": "group"}
    story = story.who("Grace").does("share-item", share)
    alone = {"item": str(named("goals")), "audience": "person", "person": str(SIAN)}
    return story.who("Petra").does("share-item", alone)


def withdrawn() -> Story:
    """After that, Grace has withdrawn."""
    return replaced().who("Grace").does("withdraw-consent", {"purposes": ["share_group"]})


STORIES = (eventful, replaced, withdrawn, lambda: rounds_done(meeting(), FIRST), completed)


@pytest.mark.parametrize("tell", STORIES)
def test_state_and_rows_agree_on_who_reads_what(tell: Callable[[], Story]) -> None:
    story = tell()
    stream, now = story.stream, story.now
    for name in NAMES:
        person = story.person(name)
        viewer = stream.viewer(person, now)
        for fact in stream.recorded():
            if isinstance(fact.entry, SAID):
                by_rows = visible(stream.compiled, stream.live, fact, viewer) is not None
                by_state = stream.live.state.reads(person, fact.was.id)
                assert by_rows == by_state, (name, fact.kind)


@pytest.mark.parametrize("tell", STORIES)
def test_no_view_holds_a_text_that_its_reader_may_not_read(tell: Callable[[], Story]) -> None:
    story = tell()
    for name in NAMES:
        allowed = set(_positions_read(story, name))
        for view in harness.views(story.stream, story.person(name), story.now):
            shown_ = harness.look(story.stream, view, story.person(name), story.now)
            assert {ref.position for ref in refs_in(shown_)} <= allowed, (name, view.name)


def _positions_read(story: Story, name: str) -> Iterator[int]:
    stream = story.stream
    viewer = stream.viewer(story.person(name), story.now)
    for event in stream.events:
        fact = stream.compiled.facts.recorded(event)
        if fact and visible(stream.compiled, stream.live, fact, viewer):
            yield event.position


@pytest.mark.parametrize("name", ["Judith", "Tom", "Maya", "Stranger"])
@pytest.mark.parametrize("tell", STORIES)
def test_the_triad_is_not_there_for_anybody_else(tell: Callable[[], Story], name: str) -> None:
    story = tell()
    assert story.reads(name) == []
    assert story.may(name) == {}
    story.who(name).does("post-to-thread", {"text": "Hello?"}).refused("NOT_FOUND")
    with pytest.raises(Reject):
        story.view("agreement", name)


def test_roles_are_recorded_as_they_were_so_that_rotation_leaks_nothing() -> None:
    story = rounds_done(meeting(), FIRST, SECOND)
    coaches = [
        fact.cast.get("coach")
        for fact in story.stream.recorded()
        if isinstance(fact.entry, rounds.ConversationEnded)
    ]
    assert coaches == [(story.person("Petra"),), (story.person("Grace"),)]


def test_a_newcomer_learns_nothing_of_how_earlier_meetings_went() -> None:
    story = replaced()
    kinds = {fact["kind"] for fact in story.reads("Siân")}
    assert not kinds & {"deviation-recorded", "meeting-incomplete", "conversation-ended"}
    assert {"participant-joined", "goals-stated", "action-committed"} <= kinds
    assert "advice-declared" not in kinds


def test_a_newcomer_sees_nothing_of_how_earlier_meetings_were_kept_to() -> None:
    shown = replaced().view("fidelity", "Siân")
    assert (shown["deviations"], shown["meetings"]) == ([], [])
    assert replaced().view("fidelity", "Petra")["deviations"] == ["PT-E09"]
