"""Who reads what of a walk, at every moment on the way."""

from collections.abc import Callable

import pytest
from tests.plugins.learning_walks.examples import (
    TRIAL,
    closed,
    concluded,
    ids,
    in_corridor,
    note,
    pupil_walks,
    shared,
    sharing,
    told,
    walked,
    walking,
    with_pupils,
    withdrawn,
)
from tests.plugins.learning_walks.looking import EVERYBODY, readers, unsigned
from tests.plugins.learning_walks.school import TEAM, TOM

from enquiry.method.record import Ref, refs_in
from enquiry.testing import Story, harness, named, person


def group_told() -> Story:
    """The group, with Maya, is shown what rests on one visit."""
    story = pupil_walks().who("Petra")
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"}).does("end-walk")
    strength = {
        "kind": "strength",
        "text": "They begin at once",
        "note_ids": [str(named("Tom-writes"))],
    }
    story = story.does("record-outcome", strength, called="pattern")
    return story.does("record-next-step", TRIAL)


def test_a_pupil_reads_outcomes_when_they_are_shared_with_the_group() -> None:
    before = group_told()
    for kind in ("outcome-recorded", "next-step-recorded", "outcomes-shared", "items-withdrawn"):
        assert "Maya" not in readers(before, kind)
    hosts_only = before.does("share-outcomes", sharing("hosts", "pattern"))
    assert "Maya" not in readers(hosts_only, "outcomes-shared")
    story = before.does("share-outcomes", sharing("group", "pattern"))
    for kind in ("outcome-recorded", "next-step-recorded", "outcomes-shared"):
        assert all("note_ids" not in data for data in unsigned(story, kind, "Maya"))
    story = withdrawn(story, "Tom", "participate")
    unsigned(story, "items-withdrawn", "Maya")
    assert "Maya" not in readers(withdrawn(hosts_only, "Tom", "participate"), "items-withdrawn")


def test_what_happens_on_the_way_is_read_by_those_who_walk() -> None:
    story = pupil_walks().who("Petra").does("close-corridor", {"visit_no": 1}).does("end-walk")
    for kind in ("walk-begun", "visit-begun", "visit-ended", "corridor-closed", "walk-ended"):
        assert readers(story, kind) == {"Petra", "Tom", "Maya"}
    skipped = in_corridor(1).does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    skipped = skipped.does("skip-visit", {"visit_no": 2, "reason": "A trip"})
    for kind in ("corridor-skipped", "visit-skipped", "deviation-recorded"):
        assert readers(skipped, kind) == set(TEAM)


def test_a_pupil_hears_nothing_of_a_corridor_they_were_not_in() -> None:
    story = with_pupils("Maya").does("begin-visit", {"visit_no": 1, "present": ids("Petra", "Tom")})
    story = story.does("record-note", note(1)).does("end-visit", {"visit_no": 1})
    share = {"visit_no": 1, "kind": "noticing", "text": "Most began at once"}
    story = story.does("share-in-corridor", share)
    assert readers(story, "corridor-share-recorded") == {"Petra", "Tom"}


def test_a_note_taken_back_leaves_its_mark_only_where_it_could_be_read() -> None:
    begin = {"visit_no": 1, "present": ids("Petra", "Tom")}
    story = walking().does("begin-visit", begin)
    story = story.who("Tom").does("record-note", note(1), called="mine")
    story = story.does("retract-note", {"note": str(named("mine"))})
    assert readers(story, "note-retracted") == {"Tom", "Petra"}


def test_the_history_names_the_author_to_a_host_only_where_they_agreed() -> None:
    story = walked().who("Tom").does("agree-to-be-named", {"visit_no": 1, "agreed": True})
    notes = [fact for fact in story.reads("Kelly") if fact["kind"] == "note-recorded"]
    assert {fact["by"] for fact in notes} == {TOM, None}


# What views open


MOMENTS: tuple[Callable[[], Story], ...] = (
    told,
    lambda: in_corridor(1),
    pupil_walks,
    concluded,
    lambda: shared(audience="hosts"),
    lambda: shared(audience="group"),
    shared,
    closed,
    lambda: withdrawn(shared(), "Kelly"),
    lambda: withdrawn(shared(), "Tom", "participate"),
)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", EVERYBODY)
def test_a_view_holds_no_words_that_its_reader_may_not_read(
    moment: Callable[[], Story], name: str
) -> None:
    story = moment().settled()
    who = person(name)
    positions = {event.id: event.position for event in story.stream.events}
    allowed = {
        positions[recorded.was.id] for recorded, _ in harness.readable(story.stream, who, story.now)
    }
    for view in harness.views(story.stream, who, story.now):
        shown: set[Ref] = refs_in(harness.look(story.stream, view, who, story.now))
        assert {ref.position for ref in shown} <= allowed, view.name
