"""A triad from its forming to its second meeting: Grace Lund, Petra Novák, Lewis Achebe."""

import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    GOALS,
    LEWIS,
    SIAN,
    THE_THREE,
    V1,
    everybody,
    planned,
    roles,
)

from enquiry import Reject
from enquiry.testing import Story, named


def test_three_colleagues_meet_twice() -> None:
    story = _contracted(_formed())
    story = _first_round(_opened(story))
    story = _rest_of_the_meeting(story)
    _others_see_only_that_they_met(story)
    _second_meeting(story)


def _formed() -> Story:
    story = planned().does("form-triad", {"members": [*THE_THREE, str(SIAN)]})
    story = story.refused("TRIAD_SIZE")
    story = story.does("form-triad", {"members": THE_THREE}).then("triad-formed")
    return everybody(story, "accept-run-invitation").then(
        "participant-joined", "triad-completed", stage="contracted"
    )


def _contracted(story: Story) -> Story:
    for name in ("Grace", "Petra"):
        story = story.who(name).does("state-goals", GOALS).at("2026-11-03 16:00").then()
    story = story.who("Grace").does("open-meeting", {"mode": "online"})
    story = story.refused("GOALS_REQUIRED", details=({"person": str(LEWIS)},))
    story = story.who("Lewis").does("state-goals", GOALS).at("2026-11-03 16:05").then()
    story = story.who("Grace").does("open-meeting", {"mode": "online"})
    return story.refused("PROTOCOL_NOT_ADOPTED")


def _opened(story: Story) -> Story:
    story = everybody(story.at("2026-11-03 16:06"), "adopt-protocol", V1)
    story = story.who("Grace").does("open-meeting", {"mode": "online"}).at("2026-11-03 16:08")
    return story.then("meeting-opened", "started", stage="active")


def _first_round(story: Story) -> Story:
    at = "2026-11-03 16:10"
    wrong = roles(1, "Petra", "Grace", "Grace")
    story = story.does("begin-round", wrong).at(at).refused("ROLES_NOT_DISTINCT")
    stranger = roles(1, "Petra", "Grace", "Siân")
    story = story.does("begin-round", stranger).at(at).refused("NOT_IN_TRIAD")
    story = story.does("begin-round", FIRST).at("2026-11-03 16:11").then("round-begun")
    topic = {"topic": "behaviour in 8C"}
    story = story.who("Petra").does("set-topic", topic).at("2026-11-03 16:12")
    story = story.refused("NOT_CLIENT")
    topic = {"topic": "Who answers in my lessons", "goal": 1}
    story = story.who("Grace").does("set-topic", topic).at("2026-11-03 16:12").then("topic-set")
    said = "What would you see if they all expected to be asked?"
    note = {"kind": "opening_question", "text": said}
    story = story.who("Lewis").does("record-observer-note", note, called="note")
    story = story.at("2026-11-03 16:20").then("observer-note-recorded")
    assert _reads_note(story, "Lewis")
    assert not _reads_note(story, "Petra")
    assert not _reads_note(story, "Grace")
    post = {"text": "Have you tried lolly sticks?"}
    story = story.does("post-to-thread", post).at("2026-11-03 16:22").refused("OBSERVER_SILENT")
    story = story.who("Petra").does("end-conversation", {"actual_minutes": 20})
    story = story.at("2026-11-03 16:31").then("conversation-ended")
    story = story.who("Lewis").does("give-observer-feedback").at("2026-11-03 16:32")
    story = story.refused("FEEDBACK_ORDER")
    story = story.who("Grace").does("give-client-feedback", {"text": "You let me think."})
    story = story.at("2026-11-03 16:33").then("client-feedback-given")
    feedback = {"text": "One question opened it up.", "notes": [str(named("note"))]}
    story = story.who("Lewis").does("give-observer-feedback", feedback)
    story = story.at("2026-11-03 16:33").then("observer-feedback-given")
    act = {"text": "Cold-call with 5 s wait in 7B, two lessons", "due": "2026-11-17"}
    story = story.who("Grace").does("commit-action", act, called="grace").then("action-committed")
    return story.who("Petra").does("close-round").then("round-closed")


def _reads_note(story: Story, name: str) -> bool:
    return any(fact["kind"] == "observer-note-recorded" for fact in story.reads(name))


def _rest_of_the_meeting(story: Story) -> Story:
    at = "2026-11-03 16:41"
    again = roles(2, "Grace", "Petra", "Lewis")
    story = story.who("Petra").does("begin-round", again).at(at).refused("ROLE_REPEATED")
    second = roles(2, "Grace", "Lewis", "Petra")
    story = story.does("begin-round", second).at(at).then("round-begun")
    third = roles(3, "Lewis", "Petra", "Grace")
    story = story.who("Grace").does("begin-round", third).at("2026-11-03 16:43")
    story = story.refused("ROUND_ORDER")
    story = story.does("end-conversation").at("2026-11-03 17:08")
    story = story.then("conversation-ended", warns=["TIMEBOX_OVERRUN"])
    story = story.who("Lewis").does("give-client-feedback").then()
    story = story.who("Petra").does("give-observer-feedback").at("2026-11-03 17:09").then()
    story = story.who("Lewis").does("commit-action", {"text": "Three open questions"}).then()
    story = story.who("Grace").does("close-round").at("2026-11-03 17:10").then()
    story = story.does("complete-meeting").at("2026-11-03 17:11").refused("INCOMPLETE_ROTATION")
    story = story.does("begin-round", third).at("2026-11-03 17:12").then()
    story = story.who("Grace").does("end-conversation").at("2026-11-03 17:31").then()
    story = story.who("Petra").does("give-client-feedback").then()
    story = story.who("Grace").does("give-observer-feedback").then()
    story = story.who("Lewis").does("close-round").then(warns=["NO_ACTION_COMMITTED"])
    fourth = roles(4, "Petra", "Grace", "Lewis")
    story = story.who("Petra").does("begin-round", fourth).at("2026-11-03 17:40")
    story = story.refused("ROUND_LIMIT")
    story = story.does("complete-meeting").at("2026-11-03 17:41")
    return story.then("meeting-completed", warns=["UNEQUAL_TIME"])


def _others_see_only_that_they_met(story: Story) -> None:
    day_after = story.at("2026-11-04 09:00")
    assert day_after.reads("Judith") == []
    with pytest.raises(Reject, match="nothing here"):
        day_after.view("meetings", "Judith")
    shown = day_after.view("meetings-held", "Corin")
    held = {"number": 1, "status": "completed", "day": "2026-11-03"}
    assert shown == {"standing": "under_way", "meetings": [held]}
    assert day_after.reads("Corin") == []


def _second_meeting(story: Story) -> None:
    story = story.who("Lewis").does("open-meeting", {"mode": "online"}).at("2026-11-24 16:00")
    story = story.then("meeting-opened", warns=["ACTIONS_NOT_REVIEWED"])
    outcome = {"action": str(named("grace")), "outcome": "Everybody had a go."}
    story = story.who("Petra").does("review-action", outcome).at("2026-11-24 16:02")
    story = story.refused("NOT_CLIENT")
    story = story.does("open-meeting", {"mode": "online"}).at("2026-11-24 16:03")
    story.refused("MEETING_OPEN")
