"""Strategies on the innovation grid: aimed for, refined, achieved."""

import pytest
from tests.kernel.enquiry.group import STRATEGY, agreed, launched

from enquiry.testing import named

TRYING = agreed(launched(), "strategy", strategy=STRATEGY)


def achieves(told, distance, extent, strategy="strategy"):
    form = {"strategy": str(named(strategy)), "distance": distance, "extent": extent}
    return told.who("Petra").does("record-achieved-placement", form)


@pytest.mark.parametrize(
    ("distance", "extent", "quadrant"),
    [
        ("near", "minor", "incremental"),
        ("near", "major", "replicable"),
        ("far", "minor", "unfocused"),
        ("far", "major", "radical"),
    ],
)
def test_the_kind_of_innovation_follows_from_the_coordinates(distance, extent, quadrant):
    told = achieves(TRYING, distance, extent)
    (shown,) = told.view("innovation-grid", "Grace")["strategies"]
    assert shown["aimed"]["quadrant"] == "incremental"
    assert shown["achieved"]["quadrant"] == quadrant
    assert shown["title"] == STRATEGY["title"]


def test_a_strategy_is_refined_into_another_version():
    form = {"strategy": str(named("strategy")), "change": "Partners rehearse first"}
    told = TRYING.who("Petra").does("refine-strategy", form).then("strategy-refined")
    assert told.live.state.trying.strategies[named("strategy")].version == 2


def test_what_the_group_has_not_adopted_is_not_refined():
    form = {"strategy": str(named("nothing")), "change": "Partners rehearse first"}
    TRYING.who("Petra").does("refine-strategy", form).refused("NOT_FOUND")


def test_an_unfocused_result_is_remarked_until_it_is_another():
    told = achieves(TRYING, "far", "minor").then(warns=["UNFOCUSED_INNOVATION"])
    achieves(told, "far", "major").then(resolves=["UNFOCUSED_INNOVATION"])


def test_only_small_steps_in_a_cycle_are_remarked():
    told = agreed(TRYING, "strategy", called="another", strategy=STRATEGY)
    told = achieves(told, "near", "minor").then(warns=[])
    told = achieves(told, "near", "minor", "another").then(warns=["INCREMENTAL_ONLY"])
    achieves(told, "near", "major", "another").then(resolves=["INCREMENTAL_ONLY"])
