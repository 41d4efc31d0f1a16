"""Declining late, withdrawing consent, leaving: what vanishes, what is told, and to whom."""

from typing import Any

import pytest
from tests.plugins.learning_walks.examples import (
    AMINA,
    HAMISH,
    KELLY,
    TEAM,
    TOM,
    closed,
    concluded,
    ids,
    in_corridor,
    in_room,
    joined,
    note,
    outcome,
    planned,
    scheduled,
    shared,
    sharing,
    team,
    told,
    visit,
    visited,
    walked,
    walking,
    with_pupils,
    withdrawn,
)
from tests.plugins.learning_walks.test_planning import held
from tests.plugins.learning_walks.test_pooling import REVIEW, consents, evidence

from enquiry import Reject
from enquiry.testing import Story, named, person

EVERYBODY = (*TEAM, "Kelly", "Declan", "Anya", "Helen", "Cora", "Corin", "Nora", "Stranger")


def kinds(story: Story, name: str) -> list[str]:
    return [fact["kind"] for fact in story.reads(name)]


def signed_by(story: Story, author: Any) -> set[str]:
    """Who is shown a fact with this author's name on it, besides the author."""
    return {
        name
        for name in EVERYBODY
        if person(name) != author and any(fact["by"] == author for fact in story.reads(name))
    }


def decline(number: int) -> dict[str, Any]:
    return {"visit_no": number, "answer": "decline"}


# Hosts decline late


def test_before_the_visit_it_is_dropped_and_the_walk_goes_on() -> None:
    story = walking().who("Kelly").does("respond-as-host", decline(1))
    story = story.then("host-declined", "released", "released", warns=())
    assert story.live.stage == "walking"
    assert story.live.state.deviations == {}


def test_during_the_visit_it_ends_and_its_notes_and_corridor_are_dropped() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1), called="mine")
    story = story.who("Kelly").does("respond-as-host", decline(1))
    story = story.then("host-declined", "released", "released", warns=())
    assert story.live.tracks["1"] == "dropped"
    assert "note-recorded" not in kinds(story, "Tom")
    assert story.view("my-notes", by="Tom") == {"notes": []}
    assert story.live.state.deviations == {}
    begin = {"visit_no": 2, "present": ids(*TEAM)}
    story = story.who("Tom").does("record-note", note(1)).refused("NOTES_WINDOW_CLOSED")
    story.who("Petra").does("begin-visit", begin).then("visit-begun")


def test_remarks_about_notes_go_with_them() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1, text="An excellent display"))
    story = story.who("Kelly").does("respond-as-host", decline(1))
    story.then(resolves=("EVALUATIVE_LANGUAGE",))


def test_after_the_visit_a_host_withdraws_instead() -> None:
    in_corridor(1).who("Kelly").does("respond-as-host", decline(1)).refused("WRONG_STAGE")
    visited(1).who("Kelly").does("respond-as-host", decline(1)).refused("WRONG_STAGE")


def test_declining_leaves_no_mark_with_the_other_walkers() -> None:
    story = walking().who("Kelly").does("respond-as-host", decline(1))
    assert signed_by(story, KELLY) == {"Petra", "Cora"}
    for name in ("Tom", "Amina", "Hamish"):
        line = story.view("timetable", by=name)["visits"][0]
        assert (line["visit_no"], line["status"]) == (1, "not_held")
    skipped = walking().does("skip-visit", {"visit_no": 1, "reason": "A trip"})
    lines = [one.view("timetable", by="Tom")["visits"][0] for one in (story, skipped)]
    assert lines[0] == lines[1]


def test_whoever_organises_cover_learns_that_a_host_declined_and_not_why() -> None:
    answer = {**decline(1), "note": "Not this week"}
    story = walking().who("Kelly").does("respond-as-host", answer)
    shown = {
        name: [f["data"] for f in story.reads(name) if f["kind"] == "host-declined"]
        for name in ("Petra", "Cora")
    }
    assert shown["Petra"] == [{"visit_no": 1, "note": "Not this week"}]
    assert shown["Cora"] == [{"visit_no": 1}]


# A host withdraws


@pytest.mark.parametrize("purpose", ["be_observed", "participate"])
def test_after_the_visit_its_notes_and_shares_vanish_for_everybody(purpose: str) -> None:
    story = withdrawn(walked(), "Kelly", purpose)
    assert {one.visit for one in story.live.state.live_notes().values()} == {2, 3}
    assert {one.visit for one in story.live.state.live_shares().values()} == {2, 3}
    for name in EVERYBODY:
        for fact in story.reads(name):
            if fact["kind"] in ("note-recorded", "corridor-share-recorded"):
                assert fact["data"]["visit_no"] != 1
    cells = story.view("coverage", by="Tom")["cells"]
    assert sum(cell["notes"] for cell in cells if cell["visit_no"] == 1) == 0


def test_whose_room_it_was_vanishes_too() -> None:
    story = withdrawn(walked(), "Kelly")
    key = story.view("visit-key", by="Petra")
    assert [line["visit_no"] for line in key["visits"]] == [2, 3]
    for name in ("Petra", "Cora"):
        hosts = {f["data"].get("host") for f in story.reads(name) if f["kind"] == "visit-scheduled"}
        assert str(KELLY) not in hosts


def test_no_timetable_holds_a_visit_that_was_withdrawn() -> None:
    story = withdrawn(walked(), "Kelly")
    for name in ("Petra", "Tom"):
        lines = story.view("timetable", by=name)["visits"]
        assert [line["visit_no"] for line in lines] == [2, 3]


def test_corrections_share_the_fate_of_what_they_correct() -> None:
    correction = {"contribution": str(named("tom-1")), "text": "It was seven"}
    story = walked().who("Tom").does("correction-note", correction)
    assert "correction-noted" in kinds(story, "Petra")
    story = withdrawn(story, "Kelly")
    assert "correction-noted" not in kinds(story, "Petra")
    assert "correction-noted" not in kinds(story, "Tom")


def test_an_outcome_that_loses_all_its_notes_is_no_longer_supported() -> None:
    story = withdrawn(concluded(), "Declan")
    sheet = story.view("outcome-sheet", by="Tom")
    assert [item["supported"] for item in sheet["questions"]] == [False]
    assert [item["supported"] for item in sheet["patterns"]] == [True]


def test_an_outcome_that_falls_to_one_visit_is_unsupported_only_if_it_was_shared_widely() -> None:
    story = withdrawn(concluded(), "Kelly")
    assert story.view("outcome-sheet", by="Tom")["patterns"][0]["supported"]
    story = withdrawn(shared(audience="hosts"), "Kelly")
    assert story.view("outcome-sheet", by="Tom")["patterns"][0]["supported"]
    story = withdrawn(shared(), "Kelly")
    assert not story.view("outcome-sheet", by="Tom")["patterns"][0]["supported"]


def test_what_was_shared_leaves_the_sheet_and_the_sheet_says_so() -> None:
    before = shared().view("outcome-sheet", by="Helen")
    assert (len(before["patterns"]), before["withdrawn"]) == (1, 0)
    story = withdrawn(shared(), "Kelly").then("consent-withdrawn", "items-withdrawn", warns=())
    after = story.view("outcome-sheet", by="Helen")
    assert (after["patterns"], after["withdrawn"]) == ([], 1)
    assert len(after["next_steps"]) == 1
    assert "outcome-recorded" not in kinds(story, "Helen")


def test_those_who_saw_it_are_told_that_something_was_withdrawn_and_not_whose() -> None:
    story = withdrawn(shared(), "Kelly")
    notices = {
        name: [fact for fact in story.reads(name) if fact["kind"] == "items-withdrawn"]
        for name in EVERYBODY
    }
    assert {name for name, found in notices.items() if found} == {
        *TEAM,
        "Kelly",
        "Declan",
        "Anya",
        "Helen",
        "Cora",
        "Corin",
        "Nora",
    }
    for name, found in notices.items():
        assert all(one["by"] is None for one in found) or name == "Kelly"
    assert notices["Helen"][0]["data"]["outcomes"] == [str(named("pattern"))]


def test_nobody_is_told_when_nothing_that_was_shared_is_lost() -> None:
    withdrawn(concluded(), "Kelly").then("consent-withdrawn", warns=())
    withdrawn(shared(), "Declan").then("consent-withdrawn", warns=())


def test_a_withdrawal_names_nobody() -> None:
    for story in (withdrawn(walking(), "Kelly"), withdrawn(shared(), "Kelly")):
        assert signed_by(story, KELLY) == set()


def test_withdrawing_before_the_visit_drops_it_and_frees_the_room() -> None:
    story = withdrawn(told(), "Kelly").then("consent-withdrawn", "released", "released")
    assert story.live.tracks["1"] == "dropped"
    assert "visit-1" not in held(story)


def test_withdrawing_in_the_room_ends_the_visit_without_deviation() -> None:
    story = withdrawn(in_room(1), "Kelly").then("consent-withdrawn", "released", "released")
    assert story.live.tracks["1"] == "dropped"
    assert story.live.state.deviations == {}
    begin = {"visit_no": 2, "present": ids(*TEAM)}
    story.who("Petra").does("begin-visit", begin).then("visit-begun")


def test_withdrawing_in_the_corridor_drops_the_corridor() -> None:
    story = withdrawn(in_corridor(1), "Kelly").then()
    share = {"visit_no": 1, "kind": "noticing", "text": "Most began at once"}
    story = story.who("Tom").does("share-in-corridor", share).refused("CONSENT_WITHDRAWN")
    story = story.who("Petra").does("end-walk")
    story.then(stage="pooling", warns=("CRITERION_WITHOUT_NOTES",) * 3)


def test_a_withdrawal_is_possible_when_the_run_is_closed() -> None:
    story = withdrawn(closed(), "Kelly").then("consent-withdrawn", "items-withdrawn")
    assert story.live.stage == "closed"
    assert story.view("outcome-sheet", by="Helen")["withdrawn"] == 1
    assert story.view("own-visit", by="Declan")["visits"][0]["notes"]


def test_a_withdrawal_does_not_keep_a_walk_from_being_closed() -> None:
    story = withdrawn(shared(), "Kelly")
    story = withdrawn(withdrawn(story, "Declan"), "Anya")
    assert story.live.state.live_notes() == {}
    story.who("Petra").does("close-run").then("closed", stage="closed", warns=())


def test_withdrawn_outcomes_are_not_shared_again() -> None:
    story = withdrawn(shared(), "Kelly").who("Petra")
    story = story.does("share-outcomes", sharing("staff", "pattern"))
    story.refused("OUTCOME_SINGLE_VISIT")
    story = withdrawn(concluded(), "Declan").who("Petra")
    story = story.does("share-outcomes", sharing("hosts", "question"))
    story.refused("SHARE_SCOPE_EXCEEDED", pointer="/outcome_ids/0")


def test_no_evidence_rests_on_what_was_withdrawn() -> None:
    story = concluded().who("Tom").does("review-identifiability", REVIEW)
    story = withdrawn(story, "Kelly").who("Tom")
    story.does("publish-run-evidence", evidence("pattern")).refused("SHARE_SCOPE_EXCEEDED")


def test_a_publication_that_rests_on_it_is_marked() -> None:
    story = shared().who("Tom").does("review-identifiability", REVIEW)
    story = story.does("publish-run-evidence", evidence("pattern"))
    story = story.who("Petra").does("publish-run-evidence", evidence("pattern"))
    story = withdrawn(story, "Kelly").then("consent-withdrawn", "items-withdrawn")
    told_of = next(f for f in story.reads("Helen") if f["kind"] == "items-withdrawn")
    assert told_of["data"]["publications"] == [str(one) for one in story.live.state.published]


# A host withdraws from sharing only


def test_a_host_may_keep_the_visit_and_withdraw_from_sharing_with_staff() -> None:
    story = withdrawn(shared(), "Kelly", "share_school").then(
        "consent-withdrawn", "items-withdrawn"
    )
    assert len(story.live.state.live_notes()) == 6
    assert story.view("outcome-sheet", by="Helen")["patterns"] == []
    assert story.view("own-visit", by="Kelly")["visits"][0]["notes"]
    story = story.who("Petra").does("share-outcomes", sharing("staff", "pattern"))
    story.refused("SHARE_SCOPE_EXCEEDED")


def test_withdrawing_from_the_alliance_leaves_the_school_alone() -> None:
    story = consents(concluded(), "Kelly", "Anya").who("Petra")
    story = story.does("share-outcomes", sharing("staff", "pattern"))
    story = story.does("share-outcomes", sharing("alliance", "pattern"))
    assert story.view("outcome-sheet", by="Freya")["patterns"]
    story = withdrawn(story, "Kelly", "share_alliance").then("consent-withdrawn", "items-withdrawn")
    assert story.view("outcome-sheet", by="Freya")["patterns"] == []
    assert story.view("outcome-sheet", by="Helen")["patterns"]


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
