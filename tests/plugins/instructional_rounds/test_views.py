"""What each kind of viewer is shown at each moment, and what they are not."""

import pytest
from tests.plugins.instructional_rounds.examples import (
    completed,
    describing,
    drafting,
    finding,
    informed,
    planned,
    predicting,
    published,
    shared,
)
from tests.plugins.instructional_rounds.looking import asks_for, readers
from tests.plugins.instructional_rounds.school import HOSTS, NAMES, OBSERVERS

from enquiry import Reject
from enquiry.testing import Story, named
from enquiry_instructional_rounds import METHOD

NETWORK = {"Ines", *OBSERVERS}
HOSTED = {"Freya", "Hamish"}
NOBODY: set[str] = set()
VIEWS: dict[str, tuple[set[str], set[str]]] = {
    "problem-sheet": (NETWORK | HOSTED | {*HOSTS}, NETWORK | HOSTED | {*HOSTS}),
    "timetable": (NETWORK | {"Freya", *HOSTS}, NETWORK | {"Freya", *HOSTS}),
    "my-notes": ({*OBSERVERS}, {*OBSERVERS}),
    "debrief-board": (NETWORK, NETWORK),
    "my-cards": ({*OBSERVERS}, {*OBSERVERS}),
    "pattern-wall": (NETWORK, NETWORK),
    "predictions": (NETWORK | {"Hamish"}, NETWORK | {"Hamish"}),
    "next-level-chart": (NETWORK | {"Hamish"}, NETWORK | {"Hamish"}),
    "fidelity": (NETWORK, NETWORK),
    "host-pack": (NOBODY, NETWORK | HOSTED | {"Olufemi"}),
    "network-memory": (NOBODY, NETWORK | HOSTED),
}
"""Who may ask for each: when host teachers are informed, and when it is shared."""


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_is_for_those_whom_it_is_for(view: str) -> None:
    before, after = VIEWS[view]
    assert asks_for(informed(), view) == before
    assert asks_for(shared(), view) == after


def test_every_own_view_is_looked_at() -> None:
    own = {one.name for one in METHOD.views if "rounds" in one.build.__module__}
    assert own == VIEWS.keys()


@pytest.mark.parametrize("name", ["Bella", "Judith", "Corin", "Maya", "Stranger"])
def test_whoever_has_no_part_in_it_knows_of_nothing(name: str) -> None:
    for tell in (planned, informed, describing, shared):
        assert tell().may(name) == {}
        assert tell().reads(name) == []


def test_the_problem_is_told_with_its_tests() -> None:
    sheet = published().view("problem-sheet", by="Tom")["problem"]
    assert sheet["text"].startswith("Pupils complete tasks")
    assert {one["test"]: one["verdict"] for one in sheet["tests"]} == {
        "instructional_core": "yes",
        "observable": "yes",
        "actionable": "yes",
        "linked_to_strategy": "yes",
        "high_leverage": "yes",
    }
    assert drafting().view("problem-sheet", by="Tom") == {"problem": None}


def test_a_host_teacher_sees_the_own_visit_alone() -> None:
    [visit] = informed().view("timetable", by="Young")["visits"]
    assert (visit["visit_no"], visit["you"], visit["room"]) == (3, "host", "H5")


def test_whoever_plans_sees_every_visit_and_never_who_teaches_there() -> None:
    for name in ("Ines", "Freya"):
        lines = informed().view("timetable", by=name)["visits"]
        assert [one["visit_no"] for one in lines] == [1, 3, 2, 4]
        assert "host_teacher" not in lines[0]


def test_the_host_team_is_told_of_patterns_when_the_next_level_is_found() -> None:
    empty: dict[str, list[str]] = {"patterns": [], "predictions": []}
    assert predicting().view("predictions", by="Hamish") == empty
    told = finding().view("predictions", by="Hamish")
    assert [one["pattern"] for one in told["patterns"]] == [str(named("p1"))]
    assert "Hamish" not in readers(predicting(), "pattern-created")
    assert "Hamish" in readers(finding(), "pattern-created")


def test_the_next_level_is_told_by_horizon_and_actor() -> None:
    chart = completed().view("next-level-chart", by="Tom")
    found = [(one["horizon"], one["actor_level"]) for one in chart["options"]]
    assert found == [
        ("next_week", "teachers"),
        ("next_month", "school_leaders"),
        ("end_of_year", "network"),
    ]
    assert (chart["missing_horizons"], chart["network_acts"]) == ([], True)


def test_the_lengths_of_visits_are_for_the_network() -> None:
    held = completed().view("fidelity", by="Tom")["visits"]
    assert [one["minutes"] for one in held] == [20, 20, 20, 20]


def test_a_host_teacher_is_given_nothing_of_what_was_found() -> None:
    story = shared()
    for name in HOSTS:
        kinds = {fact["kind"] for fact in story.reads(name)}
        assert not kinds & {"pattern-created", "prediction-added", "next-level-option-added"}
        with pytest.raises(Reject):
            story.view("host-pack", by=name)


def _authors(story: Story, kind: str) -> set[object]:
    facts = [fact for name in NAMES for fact in story.reads(name) if fact["kind"] == kind]
    return {fact["by"] for fact in facts}


def test_who_declined_is_told_to_those_who_plan_until_the_debrief() -> None:
    answer = {"visit_no": 1, "answer": "decline"}
    story = informed().who("Patel").does("consent-as-host-teacher", answer)
    assert readers(story, "host-teacher-declined") == {"Patel", "Ines"}
    assert len(_authors(story, "host-teacher-declined")) == 1
