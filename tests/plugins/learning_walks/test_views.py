"""Every read model: what it shows to each kind of reader, and who may not ask for it."""

from tests.plugins.learning_walks.examples import (
    closed,
    ids,
    in_corridor,
    note,
    ready,
    scheduled,
    team,
    told,
    visit,
    visited,
    walked,
    walking,
)
from tests.plugins.learning_walks.looking import asks_for, own_notes
from tests.plugins.learning_walks.school import AMINA, DECLAN, HAMISH, KELLY, PETRA, TEAM, TOM

from enquiry.testing import named

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
