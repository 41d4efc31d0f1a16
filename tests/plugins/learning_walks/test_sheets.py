"""Read models that sum up: what each shows to each kind of reader."""

from datetime import UTC, datetime

import pytest
from tests.plugins.learning_walks.examples import (
    closed,
    concluded,
    consents,
    ids,
    in_room,
    note,
    outcome,
    scheduled,
    served,
    shared,
    sharing,
    told,
    visit,
    walked,
    with_pupils,
    withdrawn,
)
from tests.plugins.learning_walks.looking import (
    EVERYBODY,
    STAFF,
    asks_for,
    may_ask,
    own_notes,
)
from tests.plugins.learning_walks.school import DECLAN, KELLY, TEAM, alliance

from enquiry.testing import Story, named
from enquiry_learning_walks.views.sheets import kept_until

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
