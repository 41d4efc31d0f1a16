"""Stories: what they assert, they must be able to deny."""

import pytest
from tests.method.moments import planned, walking
from tests.method.walk import METHOD, PlanWalk

from enquiry.testing import given, named, person


def test_a_story_denies_an_acceptance_that_was_a_refusal() -> None:
    with pytest.raises(AssertionError, match="it was refused: NOT_PERMITTED"):
        given(METHOD).who("Otto").does("plan-walk", {"focus": "Talk"}).then("planned")


def test_a_story_denies_a_refusal_that_was_an_acceptance() -> None:
    with pytest.raises(AssertionError, match="it was accepted: core/opened, small-walk/planned"):
        given(METHOD).who("Petra").does("plan-walk", {"focus": "Talk"}).refused("NOT_PERMITTED")


@pytest.mark.parametrize(
    "claim",
    [
        lambda story: story.then("begun"),
        lambda story: story.then("planned", "planned"),
        lambda story: story.then("planned", warns=[]),
        lambda story: story.then("planned", warns=["TEAM_NOT_FOUR", "FEEDBACK_LATE"]),
        lambda story: story.then(PlanWalk(focus="Something else"), warns=["TEAM_NOT_FOUR"]),
        lambda story: story.then(warns=["TEAM_NOT_FOUR"], stage="walking"),
        lambda story: story.then(warns=["TEAM_NOT_FOUR"], resolves=["TEAM_NOT_FOUR"]),
    ],
)
def test_a_story_denies_what_did_not_come_of_it(claim) -> None:
    story = given(METHOD).who("Petra").does("plan-walk", {"focus": "Talk"})
    with pytest.raises(AssertionError):
        claim(story)


def test_a_fact_can_be_expected_as_a_whole() -> None:
    story = given(METHOD).who("Petra").does("plan-walk", {"focus": "Talk"})
    story.then(PlanWalk(focus="Talk"), warns=["TEAM_NOT_FOUR"])


def test_a_story_denies_another_code_pointer_or_detail() -> None:
    story = walking().does("begin-visit", {"visit": 1, "present": [person("Lena")]})
    story.refused("WALKER_HOSTS_ROOM", pointer="/present/0")
    with pytest.raises(AssertionError, match="pointer"):
        story.refused("WALKER_HOSTS_ROOM", pointer="/present/1")
    with pytest.raises(AssertionError, match="code"):
        story.refused("NOT_FOUND")
    with pytest.raises(AssertionError, match="details"):
        story.refused("WALKER_HOSTS_ROOM", details=[{"visit": 1}])


def test_whatever_is_not_asserted_must_be_accepted() -> None:
    with pytest.raises(AssertionError, match="begin-walk: VISITS_OUTSTANDING"):
        planned().does("begin-walk").who("Nia")


def test_a_story_goes_on_from_any_moment_without_changing_it() -> None:
    story = planned().settled()
    one = story.does("cancel-walk", {"reason": "rain"}).then("cancelled")
    other = story.does("add-walker", {"person": person("Omar")}).then("walker-added")
    assert (one.live.stage, other.live.stage) == ("cancelled", "planned")


def test_time_is_told_and_otherwise_passes_by_the_minute() -> None:
    story = planned().at("2026-11-19 09:12").settled()
    assert story.now.isoformat() == "2026-11-19T09:12:00+00:00"
    later = story.does("cancel-walk", {"reason": "rain"})
    assert (later.now - story.now).total_seconds() == 60


def test_an_act_can_be_named_and_referred_to() -> None:
    story = planned().does("add-walker", {"person": person("Omar")}, called="Omar joins").settled()
    assert story.stream.events[-1].id == named("Omar joins")


def test_a_misspelt_name_or_move_is_told() -> None:
    with pytest.raises(KeyError):
        given(METHOD).who("Petronella")
    with pytest.raises(AssertionError, match="no move"):
        planned().does("plan-wlak").then()
    with pytest.raises(AssertionError, match="nobody did anything"):
        given(METHOD).who("Petra").then()
