"""Who the three are, and what they agree on before they meet."""

import pytest
from tests.plugins.peer_triads.examples import (
    GOALS,
    GRACE,
    JUDITH,
    LEWIS,
    MAYA,
    PETRA,
    PLAN,
    SIAN,
    THE_THREE,
    TOM,
    V1,
    accepted,
    alliance,
    calder,
    everybody,
    invited,
    planned,
    ready,
)

from enquiry.testing import given, person
from enquiry_peer_triads import METHOD


@pytest.mark.parametrize(
    "members",
    [
        [GRACE, PETRA],
        [GRACE, PETRA, LEWIS, SIAN],
        [GRACE, PETRA, GRACE],
        [GRACE],
    ],
)
def test_a_triad_is_exactly_three_different_people(members: list[object]) -> None:
    form = {"members": [str(member) for member in members]}
    planned().does("form-triad", form).refused("TRIAD_SIZE", pointer="/members")


def test_whoever_plans_may_form_a_triad_they_belong_to() -> None:
    story = planned().does("form-triad", {"members": THE_THREE}).then("triad-formed")
    assert story.live.stage == "forming"
    assert set(story.live.state.invited) == {GRACE, PETRA, LEWIS}


def test_nobody_puts_three_others_together() -> None:
    others = {"members": [str(PETRA), str(LEWIS), str(SIAN)]}
    planned().does("form-triad", others).refused("NOT_PERMITTED")


def test_a_coordinator_forms_a_triad_of_others_and_then_steps_back() -> None:
    story = planned(by="Corin").does("form-triad", {"members": THE_THREE}).then("triad-formed")
    assert "cancel-run" in story.may("Corin")
    story = everybody(story, "accept-run-invitation").then("participant-joined", "triad-completed")
    assert story.live.state.lead == GRACE
    assert not any(action.allowed for action in story.may("Corin").values())
    story = everybody(everybody(story, "state-goals", GOALS), "adopt-protocol", V1)
    story = story.who("Petra").does("open-meeting", {"mode": "in_person"}).then()
    assert [fact["kind"] for fact in story.reads("Corin")] == [
        "planned",
        "triad-formed",
    ], "their own acts, and nothing of what the three do"


def test_a_coordinator_who_formed_a_triad_sees_who_accepts_and_declines() -> None:
    story = planned(by="Corin").does("form-triad", {"members": THE_THREE})
    story = story.who("Petra").does("accept-run-invitation")
    story = story.who("Lewis").does("decline-run-invitation")
    kinds = [fact["kind"] for fact in story.reads("Corin")]
    assert "participant-joined" in kinds
    assert "participant-declined" in kinds


def test_members_are_colleagues_known_to_the_alliance() -> None:
    for outsider in (person("Stranger"), MAYA):
        form = {"members": [str(GRACE), str(PETRA), str(outsider)]}
        story = planned().does("form-triad", form)
        story.refused("VALIDATION_FAILED", pointer="/members/2")


def test_a_triad_is_formed_once() -> None:
    invited().does("form-triad", {"members": THE_THREE}).refused("WRONG_STAGE")


def test_forming_on_what_is_no_longer_so_is_a_conflict() -> None:
    story = planned()
    seen = story.live.revision
    story = story.does("form-triad", {"members": THE_THREE}, if_match=seen).then("triad-formed")
    # The rule of the stage comes before the check of the version.
    story.does("form-triad", {"members": THE_THREE}, if_match=seen).refused("WRONG_STAGE")


def test_three_acceptances_make_a_triad() -> None:
    story = invited().who("Grace").does("accept-run-invitation").then("participant-joined")
    assert story.live.stage == "forming"
    story = story.who("Petra").does("accept-run-invitation").then("participant-joined")
    story = story.who("Lewis").does("accept-run-invitation")
    story.then("participant-joined", "triad-completed", stage="contracted")


def test_nobody_accepts_without_an_invitation() -> None:
    invited().who("Tom").does("accept-run-invitation").refused("NOT_FOUND")
    accepted().who("Grace").does("accept-run-invitation").refused("NOT_PERMITTED")


def test_declining_leaves_room_for_somebody_else() -> None:
    story = invited().who("Lewis").does("decline-run-invitation").then("participant-declined")
    invite = {"person": str(SIAN), "role": "peer"}
    story = story.who("Grace").does("invite-to-run", invite).then("participant-invited")
    story = story.who("Siân").does("accept-run-invitation").then("participant-joined")
    assert set(story.live.state.people) == {SIAN}


def test_nobody_invites_a_fourth() -> None:
    invite = {"person": str(SIAN), "role": "peer"}
    invited().does("invite-to-run", invite).refused("TRIAD_SIZE")
    story = invited().who("Lewis").does("decline-run-invitation").then()
    again = {"person": str(PETRA), "role": "peer"}
    story.who("Grace").does("invite-to-run", again).refused("TRIAD_SIZE", pointer="/person")


def test_nobody_is_invited_before_the_three_are_named() -> None:
    invite = {"person": str(SIAN), "role": "peer"}
    planned().does("invite-to-run", invite).refused("WRONG_STAGE")


def test_goals_are_one_to_three_and_strengths_at_least_one() -> None:
    story = accepted().who("Grace")
    for wrong in (
        {"goals": [], "strengths": ["calm"]},
        {"goals": ["a", "b", "c", "d"], "strengths": ["calm"]},
        {"goals": ["a"], "strengths": []},
        {"goals": [" "], "strengths": ["calm"]},
    ):
        story = story.does("state-goals", wrong).refused("VALIDATION_FAILED")
    story.does("state-goals", GOALS).then("goals-stated")


def test_goals_stated_again_replace_the_earlier_ones() -> None:
    story = accepted().who("Grace").does("state-goals", GOALS)
    story = story.does("state-goals", {"goals": ["Ask less"], "strengths": ["patience"]})
    members = story.view("agreement", "Petra")["members"]
    assert members[0]["goals"] == ["Ask less"]


def test_everybody_adopts_the_same_protocol() -> None:
    accepted().who("Grace").does("adopt-protocol", {"version": 2}).refused(
        "VALIDATION_FAILED", pointer="/version"
    )
    accepted().who("Grace").does("adopt-protocol", V1).then("protocol-adopted")


def test_no_meeting_before_three_have_accepted() -> None:
    story = invited().who("Grace").does("accept-run-invitation")
    story.does("open-meeting", {"mode": "online"}).refused("WRONG_STAGE")


def test_the_lead_may_start_the_run_before_the_first_meeting() -> None:
    ready().who("Petra").does("start-run").refused("NOT_PERMITTED")
    story = ready().who("Grace").does("start-run").then("started", stage="active")
    story.does("open-meeting", {"mode": "online"}).then("meeting-opened")
    accepted().who("Grace").does("start-run").refused("GOALS_REQUIRED")


def test_times_are_chosen_within_their_ranges() -> None:
    for params in ({"conversation_minutes": 9}, {"conversation_minutes": 31}):
        story = given(METHOD, calder()).who("Grace").does("plan-run", {**PLAN, "params": params})
        story.refused("VALIDATION_FAILED", pointer="/params/conversation_minutes")
    story = planned({"conversation_minutes": 30, "meetings_planned": 4})
    story = everybody(story.does("form-triad", {"members": THE_THREE}), "accept-run-invitation")
    params = story.view("agreement", "Lewis")["params"]
    assert (params["conversation_minutes"], params["meetings_planned"]) == (30, 4)
    assert (params["client_feedback_minutes"], params["observer_feedback_minutes"]) == (3, 5)
    assert params["max_weeks_between_meetings"] == 6


def test_the_school_may_forbid_a_manager_in_a_triad() -> None:
    hard = {"manages": {JUDITH: (GRACE,)}, "hard": True}
    named = {"members": [str(GRACE), str(PETRA), str(JUDITH)]}
    planned(**hard).does("form-triad", named).refused("LINE_MANAGER_FORBIDDEN")
    # Those whom nobody among them manages may go together.
    planned(**hard).does("form-triad", {"members": THE_THREE}).then("triad-formed")


def test_nobody_joins_a_manager_where_the_school_has_come_to_forbid_it() -> None:
    story = invited().who("Grace").does("accept-run-invitation").then()
    stricter = alliance(manages={GRACE: (PETRA,)}, hard=True)
    others = {**story.stream.others, story.stream.world.alliance: stricter}
    story = story.but(stream=story.stream.but(others=others))
    story = story.who("Petra").does("accept-run-invitation").refused("LINE_MANAGER_FORBIDDEN")
    story.who("Lewis").does("accept-run-invitation").then("participant-joined")


def test_a_manager_is_not_invited_in_the_place_of_another_where_the_school_forbids_it() -> None:
    story = invited(manages={JUDITH: (GRACE,)}, hard=True)
    story = story.who("Lewis").does("decline-run-invitation").then()
    invite = {"person": str(JUDITH), "role": "peer"}
    story.who("Grace").does("invite-to-run", invite).refused("LINE_MANAGER_FORBIDDEN")
    invite = {"person": str(TOM), "role": "peer"}
    story.who("Grace").does("invite-to-run", invite).then("participant-invited")
