"""Rounds: three roles for three people, in turn; the observer waits; actions are the client's."""

from itertools import permutations

import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    SECOND,
    THIRD,
    client,
    completed,
    ended,
    meeting,
    roles,
    rounds_done,
    spoken,
    talking,
)

from enquiry.testing import Story, named

ACT = {"text": "Wait five seconds", "due": "2026-11-17"}
NAMES = ("Grace", "Petra", "Lewis")


def test_a_round_has_three_different_people_in_three_roles() -> None:
    story = meeting().who("Grace")
    same = roles(1, "Siân", "Grace", "Siân")
    story.does("begin-round", same).refused("ROLES_NOT_DISTINCT")
    for role, form in (
        ("coach", roles(1, "Siân", "Grace", "Lewis")),
        ("client", roles(1, "Petra", "Tom", "Lewis")),
        ("observer", roles(1, "Petra", "Grace", "Siân")),
    ):
        story.does("begin-round", form).refused("NOT_IN_TRIAD", pointer=f"/{role}")


def test_after_the_first_round_exactly_the_two_cyclic_shifts_are_left() -> None:
    story = rounds_done(meeting(), FIRST)
    legal: set[tuple[str, ...]] = set()
    for people in permutations(NAMES):
        try:
            story.who("Grace").does("begin-round", roles(2, *people)).then("round-begun")
        except AssertionError:
            story.who("Grace").does("begin-round", roles(2, *people)).refused("ROLE_REPEATED")
        else:
            legal.add(people)
    assert legal == {("Grace", "Lewis", "Petra"), ("Lewis", "Petra", "Grace")}


def test_swapping_two_roles_leaves_one_repeated() -> None:
    story = rounds_done(meeting(), FIRST).who("Grace")
    story.does("begin-round", roles(2, "Grace", "Petra", "Lewis")).refused("ROLE_REPEATED")
    story = rounds_done(story, SECOND).who("Grace")
    story.does("begin-round", roles(3, "Petra", "Grace", "Lewis")).refused("ROLE_REPEATED")
    story.does("begin-round", THIRD).then("round-begun")


def test_the_next_meeting_begins_the_rotation_anew() -> None:
    story = meeting(completed(), at="2026-11-20 16:00")
    story.then(warns=["ACTIONS_NOT_REVIEWED"]).does("begin-round", FIRST).then("round-begun")


def test_rounds_are_held_one_two_three_one_at_a_time() -> None:
    story = meeting().who("Grace")
    story.does("begin-round", {**FIRST, "round_no": 2}).refused("ROUND_ORDER", params={"next": 1})
    story.does("begin-round", {**FIRST, "round_no": 4}).refused("ROUND_ORDER")
    story.does("begin-round", {**FIRST, "round_no": 0}).refused("VALIDATION_FAILED")
    story = talking()
    story.does("begin-round", SECOND).refused("ROUND_ORDER")
    story.does("begin-round", {**SECOND, "round_no": 4}).refused("ROUND_ORDER")


@pytest.mark.parametrize("number", [1, 3, 4, 5])
def test_there_is_no_fourth_round(number: int) -> None:
    story = rounds_done(meeting(), FIRST, SECOND, THIRD).who("Petra")
    story.does("begin-round", {**FIRST, "round_no": number}).refused("ROUND_LIMIT")
    assert story.may("Petra")["begin-round"].code == "ROUND_LIMIT"


def test_only_the_client_sets_the_topic_and_may_set_it_again() -> None:
    for name in ("Petra", "Lewis"):
        talking().who(name).does("set-topic", {"topic": "Mine"}).refused("NOT_CLIENT")
    story = talking().who("Grace").does("set-topic", {"topic": "Who answers", "goal": 1}).then()
    story = story.does("set-topic", {"topic": "Who never answers"}).then("topic-set")
    shown = story.view("meetings", "Petra")["meetings"][0]["rounds"][0]
    assert (shown["topic"], shown["goal"]) == ("Who never answers", None)


def test_a_topic_points_to_a_goal_that_there_is() -> None:
    story = talking().who("Grace").does("set-topic", {"topic": "Who answers", "goal": 2})
    story.refused("VALIDATION_FAILED", pointer="/goal")


def test_a_topic_belongs_to_a_round() -> None:
    meeting().who("Grace").does("set-topic", {"topic": "Early"}).refused("WRONG_STAGE")
    rounds_done(meeting(), FIRST).who("Grace").does("set-topic", {"topic": "Late"}).refused(
        "WRONG_STAGE"
    )


NOTE = {"kind": "missed_question", "text": "Nobody asked about Year 9."}


def test_only_the_observer_takes_notes() -> None:
    for name in ("Grace", "Petra"):
        talking().who(name).does("record-observer-note", NOTE).refused("NOT_PERMITTED")
    talking().who("Lewis").does("record-observer-note", NOTE).then("observer-note-recorded")
    odd = {**NOTE, "kind": "brilliance"}
    talking().who("Lewis").does("record-observer-note", odd).refused("VALIDATION_FAILED")


def test_notes_are_the_observers_alone_until_their_turn() -> None:
    story = talking().who("Lewis").does("record-observer-note", NOTE, called="note")
    story = ended(story)
    assert not _reads_notes(story, "Grace")
    story = story.who("Grace").does("give-client-feedback").then()
    assert [_reads_notes(story, name) for name in NAMES] == [True, True, True]
    assert not _reads_notes(story, "Tom")


def test_notes_of_a_round_that_broke_off_stay_private() -> None:
    story = talking().who("Lewis").does("record-observer-note", NOTE, called="note")
    story = story.who("Grace").does("end-meeting-early", {"reason": "The bell."})
    later = rounds_done(meeting(story, at="2026-11-10 16:00"), FIRST)
    assert not _reads_notes(later, "Grace")
    assert _reads_notes(later, "Lewis")
    shared = later.who("Lewis").does(
        "share-item", {"item": str(named("note")), "audience": "group"}
    )
    assert _reads_notes(shared, "Grace")


def _reads_notes(story: Story, name: str) -> bool:
    told = any(fact["kind"] == "observer-note-recorded" for fact in story.reads(name))
    if name in NAMES:
        rounds = story.view("meetings", name)["meetings"][0]["rounds"]
        assert bool(rounds[0]["notes"]) == told
    return told


def test_during_the_conversation_the_observer_says_nothing() -> None:
    post = {"text": "Have you tried lolly sticks?"}
    story = talking().who("Lewis").does("post-to-thread", post).refused("OBSERVER_SILENT")
    assert story.may("Lewis")["post-to-thread"].code == "OBSERVER_SILENT"
    story = story.who("Grace").does("post-to-thread", {"text": "Link to my plan"}).then()
    story = ended(story).who("Lewis").does("post-to-thread", post).then("posted-to-thread")
    thread = story.view("meetings", "Petra")["thread"]
    assert [entry["text"] for entry in thread] == ["Link to my plan", post["text"]]


def test_there_is_no_way_round_the_observers_silence() -> None:
    story = rounds_done(meeting(), FIRST).who("Grace").does("begin-round", SECOND)
    story = story.who("Petra").does("record-observer-note", NOTE, called="note")
    share = {"item": str(named("note")), "audience": "group"}
    story.does("share-item", share).refused("OBSERVER_SILENT")
    form = {"form": "f", "target": "r", "values": [{"key": "k", "value": "Try lolly sticks"}]}
    story.does("attach-form", form).refused("OBSERVER_SILENT")
    correction = {"contribution": str(named("note")), "text": "Try lolly sticks"}
    story.does("correction-note", correction).refused("OBSERVER_SILENT")


def test_between_meetings_the_thread_is_open_to_all_three() -> None:
    completed().who("Lewis").does("post-to-thread", {"text": "See you!"}).then("posted-to-thread")


def test_coach_or_observer_end_the_conversation() -> None:
    talking().who("Grace").does("end-conversation").refused("NOT_PERMITTED")
    for name in ("Petra", "Lewis"):
        talking().who(name).does("end-conversation").then("conversation-ended")


def test_left_unsaid_the_clock_says_how_long_it_took() -> None:
    story = talking(meeting(at="2026-11-03 16:10"))
    began = story.live.updated_at
    later = began.replace(minute=began.minute + 18, second=40)
    story = story.who("Petra").does("end-conversation").at(later).then()
    assert story.live.state.last_round.minutes == 19
    said = talking().who("Petra").does("end-conversation", {"actual_minutes": 12})
    assert said.live.state.last_round.minutes == 12


def test_first_the_client_speaks_then_the_observer_then_the_round_is_closed() -> None:
    story = talking()
    story.who("Grace").does("give-client-feedback").refused("WRONG_STAGE")
    story.who("Lewis").does("give-observer-feedback").refused("FEEDBACK_ORDER")
    story.who("Petra").does("close-round").refused("FEEDBACK_ORDER")
    story = ended(story)
    story.who("Lewis").does("give-observer-feedback").refused("FEEDBACK_ORDER")
    story = story.who("Grace").does("give-client-feedback").then("client-feedback-given")
    story.who("Petra").does("close-round").refused("FEEDBACK_ORDER")
    story.who("Grace").does("give-client-feedback").refused("WRONG_STAGE")
    story = story.who("Lewis").does("give-observer-feedback").then("observer-feedback-given")
    story.does("give-observer-feedback").refused("WRONG_STAGE")
    story.who("Lewis").does("close-round").refused("NOT_PERMITTED")
    story = story.who("Petra").does("close-round").then(warns=["NO_ACTION_COMMITTED"])
    story.does("close-round").refused("WRONG_STAGE")
    story.who("Lewis").does("give-observer-feedback").refused("WRONG_STAGE")


def test_feedback_is_given_by_whose_turn_it_is() -> None:
    ended(talking()).who("Petra").does("give-client-feedback").refused("NOT_PERMITTED")
    story = ended(talking()).who("Grace").does("give-client-feedback").then()
    story.does("give-observer-feedback").refused("NOT_PERMITTED")


def test_the_observers_feedback_rests_on_own_notes_of_the_round() -> None:
    story = rounds_done(talking_with_note("first"), action=False)
    story = spoken_up_to_observer(story)
    wrong = {"notes": [str(named("nobodys"))]}
    story.does("give-observer-feedback", wrong).refused("VALIDATION_FAILED", pointer="/notes/0")
    right = {"text": "There.", "notes": [str(named("first"))]}
    story.does("give-observer-feedback", right).then("observer-feedback-given")


def talking_with_note(called: str) -> Story:
    return talking().who("Lewis").does("record-observer-note", NOTE, called=called)


def spoken_up_to_observer(story: Story) -> Story:
    story = ended(story).who("Grace").does("give-client-feedback").then()
    return story.who("Lewis")


def test_notes_of_an_earlier_round_are_no_ground_for_feedback() -> None:
    story = talking_with_note("first")
    story = spoken_up_to_observer(story).does("give-observer-feedback").then()
    story = story.who("Petra").does("close-round")
    story = ended(story.who("Grace").does("begin-round", SECOND), SECOND)
    story = story.who("Lewis").does("give-client-feedback").then()
    wrong = {"notes": [str(named("first"))]}
    story.who("Petra").does("give-observer-feedback", wrong).refused("VALIDATION_FAILED")


def test_only_the_client_commits_to_actions_until_the_round_is_closed() -> None:
    for name in ("Petra", "Lewis"):
        talking().who(name).does("commit-action", ACT).refused("NOT_CLIENT")
    talking().who("Grace").does("commit-action", ACT).then("action-committed")
    story = spoken(talking()).who("Grace").does("commit-action", ACT).then("action-committed")
    story = story.who("Petra").does("close-round").then("round-closed")
    story.who("Grace").does("commit-action", ACT).refused("WRONG_STAGE")
    story.who("Lewis").does("commit-action", ACT).refused("WRONG_STAGE")


def test_the_client_may_put_an_action_differently_while_the_round_is_open() -> None:
    story = talking().who("Grace").does("commit-action", ACT, called="act").then()
    other = {"action": str(named("act")), "text": "Wait seven seconds"}
    story.who("Petra").does("amend-action", other).refused("NOT_CLIENT")
    story = story.who("Grace").does("amend-action", other).then("action-amended")
    shown = story.view("my-record", "Grace")["actions"][0]
    assert (shown["text"], shown["due"]) == ("Wait seven seconds", None)
    story = spoken(story).who("Petra").does("close-round").then()
    story.who("Grace").does("amend-action", other).refused("WRONG_STAGE")
    later = story.who("Grace").does("begin-round", SECOND).then()
    later.does("amend-action", other).refused("WRONG_STAGE")


def test_only_the_owner_reviews_an_action() -> None:
    story = completed()
    outcome = {"action": str(named("1-Grace")), "outcome": "Everybody had a go."}
    for name in ("Petra", "Lewis"):
        story.who(name).does("review-action", outcome).refused("NOT_CLIENT")
    story = story.who("Grace").does("review-action", outcome).then("action-reviewed")
    assert story.view("my-record", "Grace")["actions"][0]["outcome"] == "Everybody had a go."
    unknown = {**outcome, "action": str(named("nothing"))}
    story.does("review-action", unknown).refused("NOT_FOUND")


def test_a_client_of_one_round_is_not_the_client_of_the_next() -> None:
    story = rounds_done(meeting(), FIRST).who("Grace").does("begin-round", SECOND).then()
    assert client(SECOND) == "Lewis"
    story.who("Grace").does("commit-action", ACT).refused("NOT_CLIENT")
