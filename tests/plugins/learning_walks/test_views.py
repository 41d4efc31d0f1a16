"""Every read model: what it shows to each kind of reader, and who may not ask for it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.plugins.learning_walks.examples import (
    AMINA,
    DECLAN,
    ENQUIRY,
    HAMISH,
    INES,
    KELLY,
    PETRA,
    PLAN,
    TEAM,
    TOM,
    alliance,
    closed,
    concluded,
    ids,
    in_corridor,
    in_room,
    note,
    outcome,
    planned,
    ready,
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
from tests.plugins.learning_walks.test_pooling import consents

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, harness, named, person
from enquiry_learning_walks.sheets import kept_until

EVERYBODY = (
    *TEAM,
    "Kelly",
    "Declan",
    "Anya",
    "Helen",
    "Cora",
    "Corin",
    "Freya",
    "Ines",
    "Nora",
    "Maya",
    "Stranger",
)
STAFF = ("Petra", "Tom", "Kelly", "Declan", "Anya", "Helen", "Cora", "Corin", "Nora")


def asks_for(story: Story, view: str) -> set[str]:
    """Who may ask for a view."""
    return {name for name in EVERYBODY if may_ask(story, view, name)}


def may_ask(story: Story, view: str, name: str) -> bool:
    told_so_far = story.settled()
    known = harness.views(told_so_far.stream, person(name), told_so_far.now)
    return view in {one.name for one in known}


# Timetable


def test_walkers_and_hosts_who_were_told_have_a_timetable() -> None:
    assert asks_for(scheduled(), "timetable") == set(TEAM)
    assert asks_for(told(), "timetable") == {*TEAM, "Kelly", "Declan", "Anya"}


def test_a_walker_sees_the_own_visits_and_the_lead_sees_all() -> None:
    story = scheduled().does("schedule-visit", visit(2, visitors=("Tom", "Amina")))
    seen = {
        name: [line["visit_no"] for line in story.view("timetable", by=name)["visits"]]
        for name in TEAM
    }
    assert seen == {"Petra": [1, 2, 3], "Tom": [1, 2, 3], "Amina": [1, 2, 3], "Hamish": [1, 3]}
    roles = [line["you"] for line in story.view("timetable", by="Petra")["visits"]]
    assert roles == ["visitor", None, "visitor"]


def test_a_host_sees_the_own_visit_and_what_it_is_for() -> None:
    table = told().view("timetable", by="Kelly")
    assert table["focus"].startswith("How pupils use")
    assert [one["id"] for one in table["criteria"]] == ["c1", "c2", "c3"]
    (line,) = table["visits"]
    assert (line["visit_no"], line["you"], line["room"]) == (1, "host", "B4")
    assert line["visitors"] == ids(*TEAM)
    assert line["corridor_ends"] is None


def test_a_timetable_never_says_who_hosts() -> None:
    for name in ("Tom", "Amina", "Hamish"):
        shown = str(told().view("timetable", by=name))
        assert not any(str(host) in shown for host in (KELLY, DECLAN))


def test_times_are_those_of_the_school_and_say_so() -> None:
    story = team().who("Petra").does("schedule-visit", visit(1, day="2027-06-10", at="08:10"))
    (line,) = story.view("timetable", by="Tom")["visits"]
    assert line["zone"] == "Europe/London"
    assert line["day"] == "2027-06-10"
    assert line["starts"] == "2027-06-10T09:10:00+01:00"
    assert line["ends"] == "2027-06-10T09:18:00+01:00"
    assert line["corridor_ends"] == "2027-06-10T09:24:00+01:00"


def test_a_timetable_follows_the_visit_in_the_order_of_times() -> None:
    story = scheduled().does("schedule-visit", visit(1, at="11:00"))
    lines = story.view("timetable", by="Tom")["visits"]
    assert [line["visit_no"] for line in lines] == [2, 3, 1]
    lines = in_corridor(1).view("timetable", by="Tom")["visits"]
    assert [line["status"] for line in lines] == ["corridor", "scheduled", "scheduled"]


# My notes


def test_everybody_sees_their_own_notes_alone() -> None:
    story = in_corridor(1)
    mine = story.view("my-notes", by="Hamish")["notes"]
    assert [(one["note"], one["criterion"], one["kind"]) for one in mine] == [
        (str(named("hamish-1")), "c2", "pupil_said")
    ]
    assert mine[0]["text"] == '"I had to add a reason."'
    assert story.view("my-notes", by="Amina") == {"notes": []}
    assert asks_for(story, "my-notes") == set(TEAM)


# Own visit


def test_a_host_sees_the_own_visit_once_its_corridor_is_over() -> None:
    assert in_corridor(1).view("own-visit", by="Kelly")["visits"] == []
    seen = visited(1).view("own-visit", by="Kelly")
    (own,) = seen["visits"]
    assert (own["visit_no"], own["day"]) == (1, "2026-11-19")
    assert {one["note"] for one in own["notes"]} == {
        str(named("tom-1")),
        str(named("hamish-1")),
    }
    assert [one["text"] for one in seen["criteria"]][2] == "time is given"


def test_a_host_sees_it_after_a_skipped_corridor_too() -> None:
    story = in_corridor(1).does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    assert len(story.view("own-visit", by="Kelly")["visits"]) == 1


def test_only_hosts_ask_for_their_own_visit() -> None:
    assert asks_for(walked(), "own-visit") == {"Kelly", "Declan", "Anya"}


def test_names_are_shown_to_the_host_only_where_the_walker_agreed() -> None:
    story = walked().who("Tom").does("agree-to-be-named", {"visit_no": 1, "agreed": True})
    story = story.then("naming-answered")
    authors = {one["note"]: one["by"] for one in own_notes(story, "Kelly")}
    assert authors == {str(named("tom-1")): str(TOM), str(named("hamish-1")): None}
    assert {one["by"] for one in own_notes(story, "Anya")} == {None}
    story = story.does("agree-to-be-named", {"visit_no": 1, "agreed": False})
    assert {one["by"] for one in own_notes(story, "Kelly")} == {None}


def own_notes(story: Story, host: str) -> list[dict[str, Any]]:
    return story.view("own-visit", by=host)["visits"][0]["notes"]


def test_nobody_agrees_for_a_visit_they_were_not_at() -> None:
    begin = {"visit_no": 1, "present": ids("Petra", "Tom")}
    story = walking().does("begin-visit", begin).who("Amina")
    story = story.does("agree-to-be-named", {"visit_no": 1, "agreed": True})
    story.refused("NOT_PRESENT_AT_VISIT")


def test_agreeing_stays_possible_when_the_run_is_closed() -> None:
    story = closed().who("Tom").does("agree-to-be-named", {"visit_no": 1, "agreed": True})
    story.then("naming-answered")


# Corridors


def test_walkers_see_every_corridor_with_names() -> None:
    story = visited(1)
    (one,) = story.view("corridors", by="Amina")["corridors"]
    assert (one["visit_no"], one["status"], one["waiting_for"]) == (1, "done", [])
    assert [share["by"] for share in one["shares"]] == [
        str(PETRA),
        str(TOM),
        str(AMINA),
        str(HAMISH),
    ]
    assert asks_for(story, "corridors") == set(TEAM)


def test_a_corridor_shows_who_has_yet_to_speak() -> None:
    (one,) = in_corridor(1).view("corridors", by="Petra")["corridors"]
    assert one["waiting_for"] == ids(*TEAM)


def test_nobody_reads_what_was_said_after_a_visit_to_their_own_room() -> None:
    others = ("Petra", "Amina", "Hamish")
    story = scheduled().does("schedule-visit", visit(1, host="Tom", visitors=others))
    story = walking(ready(told(story)))
    story = story.does("begin-visit", {"visit_no": 1, "present": ids(*others)})
    story = story.who("Hamish").does("record-note", note(1))
    story = story.who("Petra").does("end-visit", {"visit_no": 1})
    share = {"visit_no": 1, "kind": "wondering", "text": "What helps them begin"}
    story = story.who("Amina").does("share-in-corridor", share)
    story = story.who("Petra").does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    assert story.view("corridors", by="Tom")["corridors"] == []
    assert story.view("outcome-sheet", by="Tom")["wonderings"] == []
    assert "corridor-share-recorded" not in [fact["kind"] for fact in story.reads("Tom")]
    notes = [fact for fact in story.reads("Tom") if fact["kind"] == "note-recorded"]
    assert [fact["by"] for fact in notes] == [None]
    assert len(story.view("corridors", by="Hamish")["corridors"]) == 1


# Outcome sheet


def test_the_team_sees_what_was_said_and_found() -> None:
    sheet = concluded().view("outcome-sheet", by="Amina")
    assert len(sheet["noticings"]) == 12
    (pattern,), (question,) = sheet["patterns"], sheet["questions"]
    assert (pattern["visits"], question["visits"]) == (2, 1)
    assert (pattern["supported"], pattern["shared_with"]) == (True, [])
    (step,) = sheet["next_steps"]
    assert (step["owner_role"], step["owner"]) == ("phase leaders", None)


def test_before_anything_is_shared_only_the_team_has_a_sheet() -> None:
    assert asks_for(concluded(), "outcome-sheet") == set(TEAM)


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("hosts", {"Kelly", "Declan", "Anya"}),
        ("group", set()),
        ("staff", set(STAFF)),
    ],
)
def test_each_audience_sees_what_is_shared_with_it(audience: str, readers: set[str]) -> None:
    story = shared(audience=audience)
    assert asks_for(story, "outcome-sheet") == {*TEAM, *readers}
    for name in readers - set(TEAM):
        sheet = story.view("outcome-sheet", by=name)
        assert [one["id"] for one in sheet["patterns"]] == [str(named("pattern"))]
        assert (sheet["questions"], sheet["noticings"], sheet["wonderings"]) == ([], [], [])
        assert sheet["patterns"][0]["visits"] is None
        assert sheet["patterns"][0]["text"].startswith("Pupils can repeat")


def test_what_is_shared_with_the_alliance_every_member_sees() -> None:
    story = shared(consents(concluded(), "Kelly", "Anya"), audience="alliance")
    assert asks_for(story, "outcome-sheet") == set(EVERYBODY) - {"Stranger"}
    assert len(story.view("outcome-sheet", by="Freya")["patterns"]) == 1


def test_hosts_see_the_draft_that_rests_on_one_visit_and_staff_do_not() -> None:
    story = concluded().who("Petra").does("share-outcomes", sharing("hosts", "question"))
    story = story.does("share-outcomes", sharing("staff", "pattern"))
    assert len(story.view("outcome-sheet", by="Declan")["questions"]) == 1
    assert story.view("outcome-sheet", by="Helen")["questions"] == []


def test_facilitators_of_the_enquiry_see_outcomes_and_nothing_from_the_corridor() -> None:
    sheet = served().view("outcome-sheet", by="Ines")
    assert len(sheet["patterns"]) == 1
    assert sheet["noticings"] == []


def served() -> Story:
    """The walk serves an enquiry that Ines facilitates."""
    enquiry = Enquiry(
        members=(PETRA, TOM),
        facilitators=(INES,),
        ethics_reviewed=True,
        reasons={"learning-walk": True},
    )
    story = planned(plan={**PLAN, "enquiry": str(ENQUIRY)}, enquiry=enquiry)
    return concluded(walked(walking(ready(told(scheduled(team(story)))))))


def test_pupils_who_walk_see_outcomes_once_they_are_shared_with_the_group() -> None:
    story = with_pupils("Maya").does(
        "begin-visit", {"visit_no": 1, "present": ids("Petra", "Maya")}
    )
    story = story.does("record-note", note(1), called="tom-1").does("end-visit", {"visit_no": 1})
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story = story.does("end-walk").does("record-outcome", outcome(1), called="pattern")
    assert not may_ask(story, "outcome-sheet", "Maya")
    story = story.does("share-outcomes", sharing("group", "pattern"))
    assert len(story.view("outcome-sheet", by="Maya")["patterns"]) == 1


# Visit key


def test_only_the_lead_and_who_organises_cover_know_whose_room_it_was() -> None:
    story = walked()
    assert asks_for(story, "visit-key") == {"Petra", "Cora"}
    key = story.view("visit-key", by="Cora")
    assert [(line["visit_no"], line["host"], line["room"]) for line in key["visits"]][:2] == [
        (1, str(KELLY), "B4"),
        (2, str(DECLAN), "B7"),
    ]
    assert key["visits"][0]["starts"] == "2026-11-19T09:10:00Z"


def test_the_key_is_kept_until_the_end_of_the_following_term() -> None:
    story = closed()
    assert not story.but(now=day(2027, 3, 25)).view("visit-key", by="Petra")["expired"]
    key = story.but(now=day(2027, 3, 26)).view("visit-key", by="Petra")
    assert key == {"visits": [], "expired": True}


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 12, tzinfo=UTC)


def test_without_a_calendar_the_key_is_kept() -> None:
    assert kept_until(None, day(2026, 11, 19).date()) is None
    calendar = next(iter(alliance().schools.values())).calendar
    assert kept_until(calendar, day(2027, 7, 1).date()) is None
    assert kept_until(calendar, day(2026, 12, 24).date()) == day(2027, 3, 26).date()


# Coverage


def test_coverage_counts_notes_by_criterion_and_visit() -> None:
    story = walked()
    table = story.view("coverage", by="Amina")
    assert table["visits"] == [1, 2, 3]
    counts = {(one["criterion"], one["visit_no"]): one["notes"] for one in table["cells"]}
    assert counts["c1", 1] == 1
    assert counts["c2", 3] == 1
    assert counts["c3", 2] == 0
    assert asks_for(story, "coverage") == set(TEAM)


# Fidelity


def test_fidelity_lists_deviations_lengths_and_remarks() -> None:
    story = in_room(1).does("end-visit", {"visit_no": 1}).at("2026-11-19 09:23")
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    seen = story.view("fidelity", by="Amina")
    assert seen["deviations"] == ["LW-E09"]
    held = [one for one in seen["visits"] if one["visit_no"] == 1]
    assert held == [{"visit_no": 1, "status": "done", "minutes": 13, "corridor_minutes": None}]
    assert [one["code"] for one in seen["warnings"]] == ["VISIT_LENGTH_ACTUAL"]
    assert asks_for(story, "fidelity") == set(TEAM)


def test_facilitators_see_fidelity() -> None:
    assert may_ask(served(), "fidelity", "Ines")


# Observation budget


def test_a_teacher_sees_the_own_number_and_who_organises_cover_sees_all() -> None:
    story = told()
    own = story.view("observation-budget", by="Kelly")["teachers"]
    assert own == [{"teacher": str(KELLY), "visits": 1, "budget": 3}]
    every = story.view("observation-budget", by="Cora")["teachers"]
    assert len(every) == 3
    assert asks_for(story, "observation-budget") == {"Kelly", "Declan", "Anya", "Cora"}


def test_visits_that_do_not_take_place_do_not_count() -> None:
    story = scheduled().does("schedule-visit", visit(4, host="Kelly", at="11:00"))
    story = told(story)
    assert own_load(story) == 2
    story = story.does("skip-visit", {"visit_no": 4, "reason": "Enough"})
    assert own_load(story) == 1
    assert own_load(closed()) == 1


def own_load(story: Story) -> int:
    return story.view("observation-budget", by="Kelly")["teachers"][0]["visits"]


def test_nobody_else_finds_any_view() -> None:
    story = closed()
    for view in story.stream.compiled.method.views:
        assert "Stranger" not in asks_for(story, view.name)
        assert "Zoe" not in asks_for(story, view.name)


def test_a_declined_host_has_no_view_any_more() -> None:
    story = told().who("Kelly").does("respond-as-host", {"visit_no": 1, "answer": "decline"})
    for view in ("timetable", "own-visit", "observation-budget"):
        assert not may_ask(story, view, "Kelly")


def test_whoever_withdrew_keeps_the_view_of_nothing() -> None:
    story = withdrawn(walked(), "Kelly")
    assert own_notes(story, "Kelly") == []
