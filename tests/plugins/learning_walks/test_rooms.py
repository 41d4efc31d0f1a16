"""What rooms and people are like: subjects and year groups, lessons meanwhile; whose is whose."""

from datetime import time
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from tests.plugins.learning_walks.examples import PLAN, planned, scheduled, team, visit, walked
from tests.plugins.learning_walks.school import BECK_ROAD, ENQUIRY, PETRA, TOM, beck_road

from enquiry.kernel.alliance.state import Alliance, Lesson
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, World, named


def of(number: int, subject: str | None = None, year: str | None = None) -> dict[str, Any]:
    said = {"subject": subject, "year": year}
    return {**visit(number), **{name: value for name, value in said.items() if value}}


def told(*visits: dict[str, Any]) -> Story:
    story = team().who("Petra")
    for one in visits:
        story = story.does("schedule-visit", one)
    return story.then()


def test_a_subject_or_year_group_is_counted_by_the_rooms_that_have_it() -> None:
    story = told(of(1, "maths", "Year 8"), of(2, "maths", "Year 9"), of(3, "science"))
    found = story.live.state.descriptors()
    assert found == {"maths": 2, "Year 8": 1, "Year 9": 1, "science": 1}


def test_what_does_not_take_place_and_what_was_not_said_is_not_counted() -> None:
    story = told(of(1, "maths"), of(2, "maths"), of(3))
    story = story.does("skip-visit", {"visit_no": 2, "reason": "A trip"})
    assert story.live.state.descriptors() == {"maths": 1}


def test_a_room_that_is_visited_twice_is_one_room() -> None:
    again = {**of(2, "maths"), "location": visit(1)["location"], "host": visit(1)["host"]}
    assert told(of(1, "maths"), again).live.state.descriptors() == {"maths": 1}


def teaching(*lessons: Lesson) -> World:
    """Tom has these lessons."""
    world = beck_road()
    here = world.streams[world.alliance]
    assert isinstance(here, Alliance)
    people = {**here.people, TOM: here.people[TOM].but(lessons=lessons)}
    streams = {**world.streams, world.alliance: here.but(people=people)}
    return msgspec.structs.replace(world, streams=streams)


def test_a_walker_who_is_timetabled_to_teach_meanwhile_needs_cover() -> None:
    thursday = Lesson(school=BECK_ROAD, starts=time(9), ends=time(10), weekday=4)
    story = scheduled(team(planned(world=teaching(thursday))))
    needed = [w for w in story.settled().live.warnings.values() if w.code == "COVER_NEEDED"]
    assert [w.about for w in needed] == ["visit-1", "visit-2", "visit-3"]
    assert needed[0].params == {"person": str(TOM)}
    later = story.does("schedule-visit", visit(1, at="10:30")).settled()
    standing = [w for w in later.live.warnings.values() if w.standing and w.code == "COVER_NEEDED"]
    assert [w.about for w in standing] == ["visit-2", "visit-3"]


@pytest.mark.parametrize("enquiry", [None, Enquiry(members=(TOM,)), Enquiry(members=(PETRA,))])
def test_a_walk_serves_an_enquiry_of_which_its_planner_is_a_member(enquiry: Enquiry | None) -> None:
    story = planned(plan={**PLAN, "enquiry": str(ENQUIRY)}, enquiry=enquiry)
    if enquiry is not None and PETRA in enquiry.members:
        assert story.settled().live.state.enquiry == ENQUIRY
    else:
        story.refused("VALIDATION_FAILED", pointer="/enquiry")


@pytest.mark.parametrize("item", [named("tom-1"), uuid4()])
def test_nobody_shares_what_somebody_else_wrote_or_nobody_did(item: Any) -> None:
    share = {"item": str(item), "audience": "group"}
    walked().who("Petra").does("share-item", share).refused("NOT_FOUND")


def test_somebodys_own_is_theirs_to_share() -> None:
    share = {"item": str(named("tom-1")), "audience": "group"}
    story = walked().who("Tom").does("share-item", share).then("item-shared")
    assert story.live.state.shared[named("tom-1")] == ("group",)
