"""A triad that is not three: it rests, finds a third by common consent, and goes on."""

from tests.plugins.peer_triads.examples import (
    FIRST,
    GOALS,
    GRACE,
    LEWIS,
    PETRA,
    SIAN,
    TOM,
    V1,
    accepted,
    completed,
    invited,
    meeting,
    person,
    ready,
    reviewed,
    roles,
    rounds_done,
    talking,
)

from enquiry.testing import Story, named

WANTS_SIAN = {"person": str(SIAN)}
ONLINE = {"mode": "online"}


def left(story: Story, name: str = "Lewis") -> Story:
    """Somebody has left."""
    return story.who(name).does("leave-run")


def joined(story: Story) -> Story:
    """Both who remain want Siân, who accepts."""
    for name in ("Grace", "Petra"):
        story = story.who(name).does("replace-member", WANTS_SIAN)
    return story.who("Siân").does("accept-run-invitation")


def contracted(story: Story) -> Story:
    """Siân has stated goals and adopted the protocol."""
    return joined(story).does("state-goals", GOALS).does("adopt-protocol", V1)


def test_whoever_leaves_suspends_the_triad() -> None:
    story = left(completed()).then("participant-left", "triad-suspended", stage="suspended")
    assert set(story.live.state.people) == {GRACE, PETRA}


def test_leaving_needs_no_reason_and_is_possible_at_any_time() -> None:
    for story in (accepted(), ready(), meeting(), completed(), reviewed(completed())):
        left(story).then(stage="suspended")


def test_leaving_before_the_triad_is_complete_only_makes_room() -> None:
    story = invited()
    for name in ("Petra", "Lewis"):
        story = story.who(name).does("accept-run-invitation")
    story = left(story).then("participant-left", stage="forming")
    invite = {"person": str(SIAN), "role": "peer"}
    story = story.who("Grace").does("invite-to-run", invite).then("participant-invited")
    story = story.who("Siân").does("accept-run-invitation").then("participant-joined")
    story = story.who("Grace").does("accept-run-invitation")
    story.then("participant-joined", "triad-completed", stage="contracted")


def test_leaving_in_the_middle_of_a_meeting_ends_it() -> None:
    story = left(talking()).then(
        "participant-left", "meeting-incomplete", "triad-suspended", stage="suspended"
    )
    assert story.live.tracks == {"1": "meeting_incomplete", "1.1": "round_closed"}
    told = [fact for fact in story.reads("Grace") if fact["kind"] == "meeting-incomplete"]
    assert [fact["by"] for fact in told] == [None]


def test_a_suspended_triad_holds_no_meetings() -> None:
    story = left(completed()).who("Grace").does("open-meeting", ONLINE).refused("TRIAD_SUSPENDED")
    assert story.may("Grace")["open-meeting"].code == "TRIAD_SUSPENDED"
    story.does("begin-round", FIRST).refused("TRIAD_SUSPENDED")
    story.does("complete-meeting").refused("TRIAD_SUSPENDED")
    story.does("post-to-thread", {"text": "And now?"}).refused("TRIAD_SUSPENDED")


def test_own_actions_are_reviewed_also_while_suspended() -> None:
    outcome = {"action": str(named("1-Grace")), "outcome": "It worked."}
    left(completed()).who("Grace").does("review-action", outcome).then("action-reviewed")


def test_a_replacement_needs_both_who_remain_and_the_newcomer() -> None:
    story = left(completed()).who("Grace").does("replace-member", WANTS_SIAN)
    story = story.then("replacement-supported")
    story.who("Siân").does("accept-run-invitation").refused("NOT_FOUND")
    story = story.who("Grace").does("replace-member", WANTS_SIAN).then("replacement-supported")
    story = story.who("Petra").does("replace-member", WANTS_SIAN)
    story = story.then("replacement-supported", "replacement-invited")
    story = story.who("Siân").does("accept-run-invitation")
    story.then("participant-joined", "member-replaced", "triad-resumed", stage="active")


def test_wanting_different_people_invites_nobody() -> None:
    story = left(completed()).who("Grace").does("replace-member", WANTS_SIAN).then()
    story = story.who("Petra").does("replace-member", {"person": str(TOM)})
    story = story.then("replacement-supported")
    assert not story.live.state.invited


def test_a_newcomer_may_decline_without_a_trace() -> None:
    story = left(completed())
    for name in ("Grace", "Petra"):
        story = story.who(name).does("replace-member", WANTS_SIAN)
    story = story.who("Siân").does("decline-run-invitation").then("participant-declined")
    assert story.live.stage == "suspended"
    again = story.who("Grace").does("replace-member", {"person": str(TOM)})
    again.then("replacement-supported").who("Siân").does("state-goals", GOALS).refused("NOT_FOUND")


def test_nobody_is_replaced_in_a_triad_of_three() -> None:
    completed().who("Grace").does("replace-member", WANTS_SIAN).refused("WRONG_STAGE")


def test_a_replacement_is_somebody_else_and_there_is_no_fourth() -> None:
    story = left(completed()).who("Grace")
    same = {"person": str(PETRA)}
    story.does("replace-member", same).refused("TRIAD_SIZE", pointer="/person")
    nobody = {"person": str(person("Stranger"))}
    story.does("replace-member", nobody).refused("VALIDATION_FAILED", pointer="/person")
    for name in ("Grace", "Petra"):
        story = story.who(name).does("replace-member", WANTS_SIAN)
    story.who("Grace").does("replace-member", {"person": str(TOM)}).refused("TRIAD_SIZE")


def test_the_lead_alone_invites_nobody_into_a_suspended_triad() -> None:
    invite = {"person": str(SIAN), "role": "peer"}
    left(completed()).who("Grace").does("invite-to-run", invite).refused("TRIAD_SUSPENDED")


def test_the_newcomer_states_goals_and_adopts_before_the_next_meeting() -> None:
    story = joined(left(completed())).who("Grace").does("open-meeting", ONLINE)
    story = story.refused("GOALS_REQUIRED", details=({"person": str(SIAN)},))
    story = story.who("Siân").does("state-goals", GOALS).then()
    story = story.who("Grace").does("open-meeting", ONLINE)
    story = story.refused("PROTOCOL_NOT_ADOPTED", details=({"person": str(SIAN)},))
    story = story.who("Siân").does("adopt-protocol", V1).then()
    story = story.who("Siân").does("open-meeting", ONLINE).at("2026-11-20 16:00")
    story = story.then("meeting-opened", warns=["ACTIONS_NOT_REVIEWED"])
    story.does("begin-round", roles(1, "Grace", "Siân", "Petra")).then("round-begun")


def test_a_triad_replaced_before_its_first_meeting_goes_back_to_its_contract() -> None:
    story = left(ready())
    joined(story).then("participant-joined", "member-replaced", "triad-resumed", stage="contracted")


def test_earlier_content_is_not_there_for_the_newcomer() -> None:
    story = contracted(left(completed()))
    kinds = {fact["kind"] for fact in story.reads("Siân")}
    assert not kinds & {
        "topic-set",
        "action-committed",
        "client-feedback-given",
        "observer-feedback-given",
        "posted-to-thread",
        "meeting-opened",
        "round-begun",
    }
    assert story.view("meetings", "Siân") == {"meetings": [], "thread": []}
    assert story.view("rotation", "Siân")["meetings"] == []
    stated = {m["person"]: m["goals"] for m in story.view("agreement", "Siân")["members"]}
    assert stated[str(GRACE)] == []
    assert stated[str(SIAN)] == GOALS["goals"]
    outcome = {"action": str(named("1-Grace")), "outcome": "Mine."}
    story.who("Siân").does("review-action", outcome).refused("NOT_FOUND")


def test_what_its_owner_shares_is_there_for_the_newcomer() -> None:
    story = contracted(left(completed()))
    share = {"item": str(named("1-Grace")), "audience": "group"}
    story.who("Petra").does("share-item", share).refused("NOT_FOUND")
    story = story.who("Grace").does("share-item", share).then("item-shared")
    shown = [fact for fact in story.reads("Siân") if fact["kind"] == "action-committed"]
    assert [fact["data"]["text"] for fact in shown] == ["Wait five seconds in two lessons"]
    outcome = {"action": str(named("1-Grace")), "outcome": "Mine."}
    story.who("Siân").does("review-action", outcome).refused("NOT_CLIENT")


def test_an_owner_may_share_with_the_newcomer_alone_and_with_nobody_outside() -> None:
    story = contracted(left(completed()))
    item = {"item": str(named("1-Grace")), "audience": "person"}
    outside = {**item, "person": str(TOM)}
    story = story.who("Grace").does("share-item", outside).refused("VALIDATION_FAILED")
    gone = {**item, "person": str(LEWIS)}
    story = story.does("share-item", gone).refused("VALIDATION_FAILED")
    story = story.does("share-item", {**item, "person": str(SIAN)}).then("item-shared")
    assert any(fact["kind"] == "action-committed" for fact in story.reads("Siân"))


def test_what_is_said_after_joining_is_there_for_the_newcomer() -> None:
    story = contracted(left(completed())).who("Grace").does("post-to-thread", {"text": "Welcome!"})
    assert story.view("meetings", "Siân")["thread"][0]["text"] == "Welcome!"


def test_whoever_has_left_reads_only_what_is_their_own() -> None:
    story = left(completed())
    told = story.reads("Lewis")
    assert {fact["by"] for fact in told} == {LEWIS}
    assert story.view("my-record", "Lewis")["actions"][0]["text"] is not None
    assert list(story.live.state.former) == [LEWIS]
    story = story.who("Grace").does("state-goals", GOALS)
    assert story.reads("Lewis") == told
    assert story.warned("Lewis") == []


def test_who_leads_and_leaves_passes_the_lead_on() -> None:
    story = left(completed(), "Grace")
    assert story.live.state.lead == PETRA
    assert "cancel-run" in story.may("Petra")
    assert "cancel-run" not in story.may("Grace")


def test_when_all_have_left_the_triad_is_over() -> None:
    story = left(completed(), "Lewis")
    story = left(story, "Petra").then("participant-left", stage="suspended")
    left(story, "Grace").then("participant-left", stage="cancelled")


def test_one_who_remains_finds_two_others() -> None:
    story = left(left(completed(), "Lewis"), "Petra")
    story = story.who("Grace").does("replace-member", WANTS_SIAN)
    story = story.then("replacement-supported", "replacement-invited")
    story = story.who("Siân").does("accept-run-invitation")
    story = story.then("participant-joined", "member-replaced", stage="suspended")
    wants_tom = {"person": str(TOM)}
    story = story.who("Grace").does("replace-member", wants_tom).then("replacement-supported")
    story = story.who("Siân").does("replace-member", wants_tom).then()
    story.who("Tom").does("accept-run-invitation").then(stage="active")


def test_somebody_who_left_may_come_back_by_the_same_way() -> None:
    story = left(completed())
    for name in ("Grace", "Petra"):
        story = story.who(name).does("replace-member", {"person": str(LEWIS)})
    story = story.who("Lewis").does("accept-run-invitation").then(stage="active")
    assert story.view("meetings", "Lewis")["meetings"][0]["number"] == 1


def test_a_suspended_triad_may_look_back_and_close() -> None:
    said = {"progress_on_goals": "Much.", "what_helped": "Time."}
    story = left(completed()).who("Petra").does("record-triad-review", said)
    story = story.then("triad-reviewed", stage="suspended")
    story.who("Grace").does("close-run").then(stage="closed")


def test_a_coordinator_sees_a_pause_and_nobodys_name() -> None:
    story = left(
        talking(
            meeting(
                rounds_done(meeting(), FIRST)
                .who("Grace")
                .does("end-meeting-early", {"reason": "The bell."}),
                at="2026-11-10 16:00",
            )
        )
    )
    assert story.view("meetings-held", "Corin") == {
        "standing": "paused",
        "meetings": [
            {"number": 1, "status": "incomplete", "day": "2026-11-03"},
            {"number": 2, "status": "incomplete", "day": "2026-11-10"},
        ],
    }
