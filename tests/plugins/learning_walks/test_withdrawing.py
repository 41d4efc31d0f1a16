"""Declining late, withdrawing consent, leaving: what vanishes, what is told, and to whom."""

from typing import Any

import pytest
from tests.plugins.learning_walks.examples import (
    closed,
    concluded,
    consents,
    ids,
    in_corridor,
    in_room,
    note,
    shared,
    sharing,
    told,
    visited,
    walked,
    walking,
    withdrawn,
)
from tests.plugins.learning_walks.looking import EVERYBODY, held, kinds, signed_by
from tests.plugins.learning_walks.school import KELLY, TEAM
from tests.plugins.learning_walks.test_pooling import CONFIRMS, REVIEW, evidence

from enquiry.testing import named


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
    story = story.does("publish-run-evidence", evidence("pattern"), called="proposal")
    story = story.who("Petra").does("publish-run-evidence", CONFIRMS)
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
