"""Who reads which fact: for each kind of reader, those who may and those who must not."""

import pytest
from tests.plugins.learning_walks.examples import (
    FOCUS,
    closed,
    concluded,
    consents,
    ids,
    in_corridor,
    in_room,
    note,
    planned,
    pupil_walks,
    ready,
    scheduled,
    served,
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
from tests.plugins.learning_walks.looking import EVERYBODY, STAFF, readers, unsigned
from tests.plugins.learning_walks.school import C1, HOSTS, KELLY, TEAM, TOM

from enquiry.testing import Story, harness, named, person

# Plans


def test_whoever_joins_later_reads_the_plan() -> None:
    story = team(scheduled_alone())
    assert readers(story, "planned") == set(TEAM)
    assert readers(story, "walk-focus-set") == set(TEAM)
    assert readers(story, "visit-scheduled") == set(TEAM) | {"Cora"}


def scheduled_alone() -> Story:
    story = planned().does("set-walk-focus", FOCUS)
    return story.does("schedule-visit", visit(1, visitors=("Petra",)))


def test_whoever_is_invited_reads_what_for_and_not_where() -> None:
    story = scheduled().does("invite-to-run", {"person": str(person("Nora")), "role": "walker"})
    assert "Nora" in readers(story, "walk-focus-set")
    assert "Nora" not in readers(story, "visit-scheduled")


def test_hosts_read_the_focus_and_their_own_visit_once_they_are_told() -> None:
    assert not set(HOSTS) & readers(scheduled(), "walk-focus-set")
    story = told()
    assert readers(story, "walk-focus-set") >= set(HOSTS)
    for number, host in enumerate(("Kelly", "Declan", "Anya"), start=1):
        mine = [f["data"] for f in story.reads(host) if f["kind"] == "visit-scheduled"]
        assert [one["visit_no"] for one in mine] == [number]


def test_walkers_do_not_read_who_hosts() -> None:
    story = told()
    for name in ("Tom", "Amina", "Hamish"):
        plans = [f["data"] for f in story.reads(name) if f["kind"] == "visit-scheduled"]
        assert len(plans) == 3
        assert all("host" not in plan for plan in plans)
    for name in ("Petra", "Cora"):
        plans = [f["data"] for f in story.reads(name) if f["kind"] == "visit-scheduled"]
        assert plans[0]["host"] == str(KELLY)


def test_hosts_learn_what_the_walk_is_called_and_not_why_this_method_was_chosen() -> None:
    story = told(scheduled(team(planned(plan={"reason": "It shows practice across rooms"}))))
    (plan,) = [fact["data"] for fact in story.reads("Kelly") if fact["kind"] == "planned"]
    assert plan["title"] == "Written feedback"
    assert "reason" not in plan


def test_walk_roles_are_known_to_everybody_who_walks() -> None:
    assert readers(with_pupils("Maya"), "walk-role-assigned") == {"Petra", "Tom", "Maya"}
    assert readers(with_pupils("Maya"), "started") == {"Petra", "Tom", "Maya"}


def test_a_pupil_reads_where_they_go_and_not_who_teaches_there() -> None:
    story = with_pupils("Maya").does("schedule-visit", visit(2, visitors=("Petra", "Tom")))
    plans = [fact["data"] for fact in story.reads("Maya") if fact["kind"] == "visit-scheduled"]
    assert [plan["visit_no"] for plan in plans] == [1]
    assert all("host" not in plan for plan in plans)


def test_the_notice_is_known_to_walkers_and_to_who_organises_cover() -> None:
    assert readers(told(), "hosts-notified") == {*TEAM, "Cora"}


def test_who_organises_cover_does_not_read_what_a_host_adds() -> None:
    answer = {"visit_no": 1, "answer": "accept", "note": "Come quietly"}
    story = told().who("Kelly").does("respond-as-host", answer)
    notes = {
        name: [f["data"].get("note") for f in story.reads(name) if f["kind"] == "host-accepted"]
        for name in ("Petra", "Cora")
    }
    assert notes == {"Petra": ["Come quietly"], "Cora": [None]}


def test_answers_of_hosts_are_for_the_lead_and_who_organises_cover() -> None:
    story = told().who("Kelly").does("respond-as-host", {"visit_no": 1, "answer": "accept"})
    assert readers(story, "host-accepted") == {"Kelly", "Petra", "Cora"}


def test_stages_and_remarks_do_not_say_who_caused_them() -> None:
    story = walking().who("Kelly").does("respond-as-host", {"visit_no": 1, "answer": "decline"})
    entered = [fact for fact in story.reads("Tom") if fact["kind"] == "track-entered"]
    assert entered[-1]["data"] == {"stage": "dropped", "key": "1"}
    assert {fact["by"] for fact in entered} == {None}


# Notes


def test_notes_wait_for_the_corridor() -> None:
    story = in_room(1).who("Tom").does("record-note", note(1))
    assert readers(story, "note-recorded") == {"Tom"}
    story = story.who("Petra").does("end-visit", {"visit_no": 1})
    assert readers(story, "note-recorded") == set(TEAM)


def test_notes_of_a_visit_are_for_those_who_were_there_and_the_lead() -> None:
    begin = {"visit_no": 1, "present": ids("Tom", "Hamish")}
    story = walking().does("begin-visit", begin).who("Tom").does("record-note", note(1))
    story = story.who("Petra").does("end-visit", {"visit_no": 1})
    assert readers(story, "note-recorded") == {"Tom", "Hamish", "Petra"}


def test_a_host_reads_the_own_visit_without_names_and_no_other() -> None:
    assert "Kelly" not in readers(in_corridor(1), "note-recorded")
    notes = [fact for fact in visited(1).reads("Kelly") if fact["kind"] == "note-recorded"]
    assert {fact["by"] for fact in notes} == {None}
    assert {fact["data"]["visit_no"] for fact in notes} == {1}
    assert "Declan" not in readers(visited(1), "note-recorded")


def test_nobody_else_reads_notes_even_when_outcomes_are_shared() -> None:
    outsiders = set(EVERYBODY) - set(TEAM) - set(HOSTS)
    for story in (walked(), shared(), closed()):
        assert not outsiders & readers(story, "note-recorded")
        assert not outsiders & readers(story, "corridor-share-recorded")


def test_a_note_that_its_author_shares_is_read_by_the_whole_team() -> None:
    begin = {"visit_no": 1, "present": ids("Petra", "Tom")}
    story = walking().does("begin-visit", begin)
    story = story.who("Tom").does("record-note", note(1), called="mine")
    share = {"item": str(named("mine")), "audience": "group"}
    story = story.does("share-item", share)
    assert readers(story, "note-recorded") == set(TEAM)


def test_a_note_that_was_taken_back_is_gone_and_leaves_a_mark_for_the_team() -> None:
    story = in_corridor(1).who("Tom").does("retract-note", {"note": str(named("tom-1"))})
    assert "Tom" not in {n for n in readers(story, "note-recorded") if _wrote(story, n, TOM)}
    assert readers(story, "note-retracted") == set(TEAM)


def _wrote(story: Story, reader: str, author: object) -> bool:
    notes = [fact for fact in story.reads(reader) if fact["kind"] == "note-recorded"]
    return any(fact["by"] == author for fact in notes)


def test_corridor_talk_is_for_walkers() -> None:
    assert readers(visited(1), "corridor-share-recorded") == set(TEAM)


def test_a_correction_is_read_by_those_who_read_what_it_corrects() -> None:
    begin = {"visit_no": 1, "present": ids("Petra", "Tom")}
    story = walking().does("begin-visit", begin)
    story = story.who("Tom").does("record-note", note(1), called="mine")
    correction = {"contribution": str(named("mine")), "text": "It was seven"}
    story = story.does("correction-note", correction)
    assert readers(story, "correction-noted") == {"Tom", "Petra"}


def test_agreeing_to_be_named_is_told_to_that_host_alone() -> None:
    story = walked().who("Tom").does("agree-to-be-named", {"visit_no": 1, "agreed": True})
    assert readers(story, "naming-answered") == {"Tom", "Kelly"}


# Pupils


def test_a_pupil_reads_the_own_notes_and_what_was_said_where_they_were() -> None:
    story = pupil_walks()
    notes = [fact["by"] for fact in story.reads("Maya") if fact["kind"] == "note-recorded"]
    assert notes == [person("Maya")]
    said = [fact for fact in story.reads("Maya") if fact["kind"] == "corridor-share-recorded"]
    assert len(said) == 3
    assert {person("Maya")} <= {
        fact["by"] for fact in story.reads("Tom") if fact["kind"] == "note-recorded"
    }


def test_a_pupil_reads_nothing_that_staff_keep_among_themselves() -> None:
    story = pupil_walks().who("Petra")
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story = story.does("end-walk")
    story = story.does(
        "record-outcome",
        {
            "kind": "strength",
            "text": "They begin at once",
            "note_ids": [str(named("Tom-writes"))],
        },
    )
    for kind in ("deviation-recorded", "visit-skipped", "outcome-recorded", "host-accepted"):
        assert "Maya" not in readers(story, kind)
    assert story.warned("Maya") == []
    views = {one.name for one in harness.views(story.settled().stream, person("Maya"), story.now)}
    assert views == {"timetable", "my-notes", "corridors"}


# Outcomes


@pytest.mark.parametrize(
    ("audience", "expected"),
    [("hosts", set(HOSTS)), ("group", set[str]()), ("staff", STAFF)],
)
def test_outcomes_reach_their_audience_and_nobody_else(audience: str, expected: set[str]) -> None:
    assert readers(concluded(), "outcome-recorded") == set(TEAM)
    story = shared(audience=audience)
    assert readers(story, "outcome-recorded") == set(TEAM) | expected
    assert readers(story, "next-step-recorded") == set(TEAM) | expected
    assert readers(story, "outcomes-shared") == set(TEAM) | expected
    for name in expected:
        for fact in story.reads(name):
            if fact["kind"] == "outcome-recorded":
                assert fact["by"] is None
                assert "note_ids" not in fact["data"]


def test_reflections_at_the_end_are_for_the_walkers() -> None:
    story = shared().who("Petra").does("close-run", {"reflections": "Shorter visits next time"})
    assert readers(story, "closed") == set(TEAM)


def test_staff_learn_what_the_run_is_called_once_they_see_outcomes() -> None:
    assert "Helen" not in readers(concluded(), "planned")
    (plan,) = [fact for fact in shared().reads("Helen") if fact["kind"] == "planned"]
    assert plan["data"]["title"] == "Written feedback"
    assert "reason" not in plan["data"]


# Every audience, fact by fact


def told_to_all() -> Story:
    """In an enquiry that Ines facilitates: shared with hosts, staff and the alliance."""
    story = consents(served(), "Kelly", "Anya").who("Petra")
    for audience in ("hosts", "staff", "alliance"):
        story = story.does("share-outcomes", sharing(audience, "pattern"))
    return story


SHEET = ("outcome-recorded", "next-step-recorded", "outcomes-shared", "walk-focus-set", "planned")


@pytest.mark.parametrize("kind", SHEET)
def test_staff_the_alliance_and_hosts_read_what_the_walk_brought_without_names(kind: str) -> None:
    # Hosts know who leads: it is the lead who told them of the focus.
    hosts = () if kind in ("planned", "walk-focus-set") else ("Declan",)
    for data in unsigned(told_to_all(), kind, *hosts, "Helen", "Corin", "Freya"):
        assert "note_ids" not in data
        assert "reason" not in data


def test_the_facilitator_reads_outcomes_before_they_are_shared_and_never_who_wrote_them() -> None:
    for kind in ("outcome-recorded", "next-step-recorded"):
        for data in unsigned(served(), kind, "Ines"):
            assert "note_ids" not in data
    assert "Ines" in readers(served(), "walk-focus-set")
    for kind in ("note-recorded", "corridor-share-recorded", "visit-scheduled"):
        assert "Ines" not in readers(served(), kind)


def test_nobody_of_the_alliance_reads_what_is_shared_with_staff_alone() -> None:
    for kind in (*SHEET, "items-withdrawn"):
        assert "Freya" not in readers(withdrawn(shared(), "Kelly"), kind)


def test_everybody_who_saw_it_is_told_of_a_withdrawal() -> None:
    story = withdrawn(told_to_all(), "Kelly")
    unsigned(story, "items-withdrawn", "Declan", "Helen", "Corin", "Freya", "Petra")


def concluded_elsewhere() -> Story:
    """The third room is at Carrick, whose host agrees that others may know."""
    story = scheduled().does("schedule-visit", visit(3, room=C1, host="Freya"))
    return consents(concluded(walked(walking(ready(told(story))))), "Freya")


def test_hosts_are_told_of_withdrawals_only_of_what_they_saw() -> None:
    hosts = unsigned(
        withdrawn(shared(audience="hosts"), "Tom", "participate"),
        "items-withdrawn",
        "Kelly",
        "Declan",
    )
    assert len(hosts) == 2
    hosts_only = withdrawn(shared(audience="hosts"), "Tom", "participate")
    assert "Helen" not in readers(hosts_only, "items-withdrawn")
    story = withdrawn(shared(concluded_elsewhere(), audience="staff"), "Tom", "participate")
    assert "Freya" not in readers(story, "items-withdrawn")
