"""Withdrawing: at any time, without a reason, and what is somebody's goes with them."""

import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    GRACE,
    LEWIS,
    PETRA,
    SECOND,
    completed,
    ended,
    invited,
    meeting,
    reviewed,
    rounds_done,
    spoken,
    talking,
)

from enquiry.testing import Story, named

NO_MORE = {"purposes": ["participate"]}
TOPIC = {"topic": "Who answers in my lessons"}
NOTE = {"kind": "opening_question", "text": "What would you see?"}


def withdrawn(story: Story, name: str = "Grace", purpose: str = "participate") -> Story:
    return story.who(name).does("withdraw-consent", {"purposes": [purpose]})


def full_round() -> Story:
    """A round with a topic, a post, a note, feedback and an action; the meeting is still open."""
    story = talking().who("Grace").does("set-topic", TOPIC)
    story = story.who("Petra").does("post-to-thread", {"text": "Say more."})
    story = story.who("Lewis").does("record-observer-note", NOTE, called="note")
    story = spoken(story).who("Grace").does("commit-action", {"text": "Wait"}, called="act")
    return story.who("Petra").does("close-round")


def texts(story: Story, name: str) -> set[str]:
    found: set[str] = set()
    for fact in story.reads(name):
        found |= {value for value in fact["data"].values() if isinstance(value, str)}
    return found


@pytest.mark.parametrize("purpose", ["participate", "share_group"])
def test_topic_and_actions_of_a_client_who_withdraws_are_gone_for_the_others(purpose: str) -> None:
    story = full_round()
    assert {"Who answers in my lessons", "Wait"} <= texts(story, "Petra")
    story = withdrawn(story, purpose=purpose)
    for name in ("Petra", "Lewis"):
        assert not {"Who answers in my lessons", "Wait", "You waited."} & texts(story, name)
        shown = story.view("meetings", name)["meetings"][0]["rounds"][0]
        assert (shown["topic"], shown["actions"]) == (None, [])
        assert (shown["client_feedback"], shown["notes"]) == (None, [])


def test_what_others_said_about_the_clients_matter_goes_too() -> None:
    story = withdrawn(full_round())
    for name in ("Petra", "Lewis", "Grace"):
        assert not {"Say more.", "What would you see?"} & texts(story, name)


def test_feedback_on_somebody_elses_coaching_stays_with_the_coach() -> None:
    story = withdrawn(full_round())
    assert story.view("growth-log", "Petra")["entries"][0]["observer"] == "It opened up."


def test_feedback_on_the_coaching_of_somebody_who_withdraws_is_gone() -> None:
    story = withdrawn(full_round(), "Petra")
    for name in ("Grace", "Lewis"):
        assert not {"You waited.", "It opened up."} & texts(story, name)
    assert "Who answers in my lessons" in texts(story, "Lewis")


def test_the_owner_keeps_what_is_theirs() -> None:
    story = withdrawn(full_round())
    assert {"Who answers in my lessons", "Wait", "You waited."} <= texts(story, "Grace")
    mine = story.view("my-record", "Grace")
    assert mine["topics"] == ["Who answers in my lessons"]
    assert mine["actions"][0]["text"] == "Wait"


def test_the_run_shows_a_neutral_standing() -> None:
    story = withdrawn(full_round())
    story = story.then(
        "consent-withdrawn", "meeting-incomplete", "triad-suspended", stage="suspended"
    )
    for name in ("Petra", "Lewis"):
        told = story.reads(name)
        assert not any(fact["kind"] == "consent-withdrawn" for fact in told)
        neutral = {"triad-suspended", "meeting-incomplete"}
        assert all(fact["by"] is None for fact in told if fact["kind"] in neutral)
    assert story.view("meetings-held", "Corin")["standing"] == "paused"
    assert story.warned("Petra") == []


def test_no_warning_names_who_withdrew() -> None:
    before = completed()
    withdrawn(before).then(warns=[])


def test_withdrawing_something_else_changes_nothing_for_the_triad() -> None:
    story = withdrawn(full_round(), purpose="quote_verbatim").then("consent-withdrawn")
    assert story.live.stage == "active"
    assert "Wait" in texts(story, "Petra")


def test_closing_never_blocks_the_right_to_withdraw() -> None:
    story = (
        reviewed(
            rounds_done(full_round(), SECOND)
            .who("Grace")
            .does("end-meeting-early", {"reason": "The bell."})
        )
        .who("Grace")
        .does("close-run")
        .then(stage="closed")
    )
    assert "Wait" in texts(story, "Petra")
    story = withdrawn(story).then("consent-withdrawn", stage="closed")
    assert "Wait" not in texts(story, "Petra")
    assert "Wait" in texts(story, "Grace")


def test_whoever_has_left_may_withdraw_as_well() -> None:
    story = full_round().who("Grace").does("leave-run").then()
    assert "Wait" in texts(story, "Petra")
    story = withdrawn(story).then("consent-withdrawn", stage="suspended")
    assert "Wait" not in texts(story, "Petra")


def test_withdrawing_before_the_triad_is_complete_frees_a_place_and_names_nobody() -> None:
    story = withdrawn(invited().who("Grace").does("accept-run-invitation"))
    story = story.then("consent-withdrawn", "place-freed", stage="forming")
    story = story.who("Petra").does("accept-run-invitation").then("participant-joined")
    story = story.who("Lewis").does("withdraw-consent", NO_MORE).refused("NOT_PERMITTED")
    assert GRACE not in story.live.state.people


def test_nobody_who_withdrew_is_brought_back_against_their_will() -> None:
    story = withdrawn(full_round())
    wants = {"person": str(GRACE)}
    story = story.who("Petra").does("replace-member", wants).refused("CONSENT_WITHDRAWN")
    consent = {
        "purposes": ["participate"],
        "basis": "consent",
        "statement_version": 1,
        "valid_until": "2027-07-31",
    }
    story = story.who("Grace").does("record-consent", consent).then("consent-recorded")
    story = story.who("Petra").does("replace-member", wants).then("replacement-supported")
    story = story.who("Lewis").does("replace-member", wants).then()
    story = story.who("Grace").does("accept-run-invitation").then(stage="active")
    # What was withdrawn stays withdrawn; what is said from now on is shared.
    assert "Wait" not in texts(story, "Petra")
    story = story.does("post-to-thread", {"text": "Back again."})
    assert "Back again." in texts(story, "Petra")


def test_somebody_invited_may_not_join_after_withdrawing() -> None:
    story = completed().who("Lewis").does("leave-run").then()
    for name in ("Grace", "Petra"):
        story = story.who(name).does("replace-member", {"person": str(LEWIS)})
    story = withdrawn(story, "Lewis").then("consent-withdrawn")
    story.who("Lewis").does("accept-run-invitation").refused("CONSENT_WITHDRAWN")


def test_corrections_and_forms_share_the_fate_of_whose_they_are() -> None:
    story = full_round().who("Grace")
    about = {"contribution": str(named("act")), "text": "Seven, not five"}
    story = story.does("correction-note", about).then("correction-noted")
    form = {"form": "f", "target": "t", "values": [{"key": "k", "value": "My sheet"}]}
    story = story.does("attach-form", form).then("form-attached")
    assert "Seven, not five" in texts(story, "Petra")
    assert any(fact["kind"] == "form-attached" for fact in story.reads("Petra"))
    story = withdrawn(story).then()
    assert "Seven, not five" not in texts(story, "Petra")
    assert not any(fact["kind"] == "form-attached" for fact in story.reads("Petra"))
    assert "Seven, not five" in texts(story, "Grace")


def test_actions_of_somebody_who_withdrew_are_nobodys_to_review() -> None:
    story = withdrawn(full_round())
    outcome = {"action": str(named("act")), "outcome": "…"}
    story.who("Petra").does("review-action", outcome).refused("NOT_FOUND")


def test_a_note_of_the_round_and_a_withdrawal_are_ordered_never_both_true() -> None:
    story = ended(talking()).who("Grace").does("withdraw-consent", NO_MORE).then()
    story.who("Lewis").does("record-observer-note", NOTE).refused("TRIAD_SUSPENDED")
    assert set(story.live.state.people) == {PETRA, LEWIS}


def test_everything_said_in_a_form_of_the_past_is_withheld_today() -> None:
    story = withdrawn(full_round())
    withheld = story.live.state.withheld
    assert set(withheld.values()) == {GRACE}
    assert named("act") in withheld
    assert named("note") in story.live.state.gone
    assert FIRST["client"] == str(GRACE)
    assert meeting().live.state.withheld == {}
