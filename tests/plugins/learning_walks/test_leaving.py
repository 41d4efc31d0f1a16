"""A walker withdraws, or leaves: what vanishes, what stays, who leads then."""

import pytest
from tests.plugins.learning_walks.examples import (
    concluded,
    in_room,
    joined,
    note,
    outcome,
    planned,
    scheduled,
    shared,
    team,
    visit,
    walked,
    with_pupils,
    withdrawn,
)
from tests.plugins.learning_walks.looking import held, kinds, signed_by
from tests.plugins.learning_walks.school import AMINA, HAMISH, TEAM, TOM

from enquiry import Reject
from enquiry.testing import named, person

# A walker withdraws, or leaves


def test_what_a_walker_wrote_vanishes_when_they_withdraw() -> None:
    story = withdrawn(concluded(), "Tom", "participate").then("consent-withdrawn", warns=())
    state = story.live.state
    assert TOM not in state.team()
    assert all(one.by != TOM for one in state.live_notes().values())
    assert all(one.by != TOM for one in state.live_shares().values())
    assert state.live_outcomes() == {}
    assert signed_by(story, TOM) <= {"Petra", "Amina", "Hamish"}
    written = ("note-recorded", "corridor-share-recorded", "outcome-recorded")
    for name in TEAM:
        assert not [f for f in story.reads(name) if f["by"] == TOM and f["kind"] in written]


def test_outcomes_lose_the_notes_of_a_walker_who_withdrew() -> None:
    both = {**outcome(1), "note_ids": [str(named("hamish-1")), str(named("tom-3"))]}
    story = walked().who("Tom").does("record-outcome", both, called="pattern")
    story = shared(story.who("Petra"))
    story = withdrawn(story, "Hamish", "participate")
    story = story.then("consent-withdrawn", "items-withdrawn")
    assert story.view("outcome-sheet", by="Helen")["withdrawn"] == 1


def test_whoever_leaves_takes_nothing_back_and_keeps_what_is_theirs() -> None:
    story = walked().who("Tom").does("leave-run").then("participant-left", warns=())
    assert TOM in {one.by for one in story.live.state.live_notes().values()}
    assert "note-recorded" in kinds(story, "Petra")
    assert len(story.view("my-notes", by="Tom")["notes"]) == 3
    assert {fact["by"] for fact in story.reads("Tom") if fact["kind"] == "note-recorded"} == {TOM}
    with pytest.raises(Reject):
        story.view("corridors", by="Tom")


def test_whoever_has_left_may_still_withdraw() -> None:
    story = concluded().who("Tom").does("leave-run")
    assert len(story.live.state.live_outcomes()) == 2
    story = withdrawn(story, "Tom", "participate").then("consent-withdrawn")
    assert story.live.state.live_outcomes() == {}
    assert story.view("my-notes", by="Tom") == {"notes": []}


def test_somebody_may_say_for_a_pupil_that_they_stop() -> None:
    story = with_pupils("Maya").does("record-pupil-declined", {"person": str(person("Maya"))})
    story = story.then("pupil-declined", "booked")
    assert person("Maya") not in story.live.state.visits[1].visitors
    assert person("Maya") not in story.live.state.team()


def test_a_walker_who_leaves_is_free_in_the_visits_to_come() -> None:
    story = scheduled().who("Tom").does("leave-run")
    assert all(TOM not in one.visitors for one in story.live.state.visits.values())
    assert TOM not in held(story)["visit-2"].people


def test_the_scribe_leads_when_the_lead_leaves() -> None:
    role = {"person": str(AMINA), "walk_role": "timekeeper_scribe"}
    story = team().who("Petra").does("assign-walk-role", role)
    story = story.does("leave-run").then("participant-left")
    assert story.live.state.lead == AMINA


def test_whoever_joined_first_leads_when_there_is_no_scribe() -> None:
    story = joined("Hamish", "Tom").who("Petra").does("leave-run")
    assert story.live.state.lead == HAMISH


def test_a_walk_that_nobody_is_left_to_lead_is_cancelled() -> None:
    story = joined("Maya", role="pupil-walker").who("Petra").does("leave-run")
    story.then("participant-left", stage="cancelled")
    withdrawn(planned(), "Petra", "participate").then("consent-withdrawn", stage="cancelled")


def test_a_cancelled_walk_frees_its_rooms() -> None:
    story = joined("Tom").who("Petra")
    story = story.does(
        "set-walk-focus",
        {
            "focus": "Feedback",
            "link_to_improvement_aim": "marking",
            "criteria": [{"id": "c1", "text": "time is given"}],
        },
    )
    story = story.does("schedule-visit", visit(1, visitors=("Petra", "Tom")))
    story = story.who("Tom").does("leave-run").who("Petra").does("leave-run")
    story = story.then("participant-left", "released", stage="cancelled")
    assert held(story) == {}


def test_the_lead_who_leaves_mid_walk_leaves_the_others_able_to_go_on() -> None:
    story = in_room(1).who("Petra").does("leave-run").who("Tom")
    assert story.live.state.lead == TOM
    story = story.does("end-visit", {"visit_no": 1}).at("2026-11-19 09:18")
    story.then("visit-ended")


def test_a_note_and_a_withdrawal_that_meet_are_ordered() -> None:
    first = in_room(1).who("Tom").does("record-note", note(1), called="mine")
    story = withdrawn(first, "Kelly").then()
    assert named("mine") in story.live.state.gone
    story = withdrawn(in_room(1), "Kelly").who("Tom").does("record-note", note(1))
    story.refused("CONSENT_WITHDRAWN")


def test_the_past_is_shown_without_what_was_withdrawn() -> None:
    story = withdrawn(walked(), "Kelly")
    hidden = set(story.live.state.gone)
    assert {named("tom-1"), named("hamish-1"), named("Petra-says-1")} <= hidden
    assert not {named("tom-2"), named("tom-3")} & hidden
