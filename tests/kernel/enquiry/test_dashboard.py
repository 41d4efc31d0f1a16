"""The dashboard shows the way: every condition of the next gate, and what blocks it."""

import pytest
from tests.kernel.enquiry.group import (
    brings,
    claims,
    concluded,
    gathered,
    launched,
    prepared,
    reviewed,
    trying,
)
from tests.kernel.valley import who

from enquiry.method.rules import Reject


def unmet(told, name="Grace"):
    gate = told.view("dashboard", name)["gate"]
    return [one["letter"] for one in gate["conditions"] if not one["met"]]


def test_before_the_launch_no_gate_is_next():
    shown = gathered().view("dashboard", "Grace")
    assert (shown["phase"], shown["gate"], shown["stage"]) == (None, None, "draft")


def test_every_unmet_condition_is_told_with_what_it_is_about():
    told = launched()
    assert unmet(told) == ["b", "c", "d", "e", "f", "g", "h", "i"]
    norms = told.view("dashboard", "Grace")["gate"]["conditions"][1]
    assert [item["code"] for item in norms["missing"]] == ["NORMS_NOT_ADOPTED"] * 3


def test_what_is_done_is_no_longer_missing():
    assert "f" in unmet(launched())
    assert "f" not in unmet(reviewed(launched()))


def test_a_gate_that_the_dashboard_calls_open_lets_the_group_through():
    told = prepared()
    assert told.view("dashboard", "Tom")["gate"]["open"]
    told = told.who("Ines").does("advance-phase", {"to": "innovation"})
    assert told.view("dashboard", "Tom")["gate"]["name"] == "G2"


def test_a_gate_that_it_calls_shut_refuses_for_the_very_same_letters():
    told = launched()
    letters = unmet(told)
    told = told.who("Ines").does("advance-phase", {"to": "innovation"})
    try:
        told.then()
    except AssertionError as refusal:
        said = str(refusal)
    assert said.startswith("it was refused: GATE_NOT_MET")
    assert all(f"'condition': '{letter}'" in said for letter in letters)
    assert "'condition': 'a'" not in said


def test_a_warning_that_nobody_answered_blocks_and_an_answered_one_does_not():
    told = claims(brings(concluded(), called="one"), "one", called="thin").settled()
    gate = told.view("dashboard", "Grace")["gate"]
    assert (gate["name"], gate["open"], gate["blocking"]) == ("G3", False, ["SINGLE_PERSPECTIVE"])
    (warning,) = [
        one
        for one in told.view("dashboard", "Ines")["warnings"]
        if one["code"] == "SINGLE_PERSPECTIVE"
    ]
    form = {"warning": warning["id"], "note": "We ask the pupils in March."}
    told = told.who("Ines").does("acknowledge-warning", form)
    assert told.view("dashboard", "Grace")["gate"]["open"]


def test_the_target_that_was_set_is_shown_beside_the_usual_length():
    told = launched().who("Ines")
    told = told.does("set-phase-target", {"phase": "implementation", "by": "2026-11-06"})
    first, second, _ = told.view("dashboard", "Grace")["targets"]
    assert (first["by"], first["usual_school_days"]) == ("2026-11-06", 30)
    assert second["by"] is None


def test_each_reader_sees_the_warnings_that_are_for_them():
    told = trying()
    codes = {
        name: {one["code"] for one in told.view("dashboard", name)["warnings"]}
        for name in ("Ines", "Grace")
    }
    assert "FORM_INCOMPLETE" in codes["Ines"] - codes["Grace"]
    assert "RUSHED_START" in codes["Ines"] & codes["Grace"]


@pytest.mark.parametrize("name", ["Kelly", "Nasreen", "Zed"])
def test_nobody_outside_the_group_sees_the_dashboard(name):
    with pytest.raises(Reject, match="nothing here"):
        launched().view("dashboard", name)


def test_a_critical_friend_sees_no_dashboard():
    told = launched().who("Ines").does("name-critical-friend", {"person": who("Kelly")})
    assert told.view("decisions", "Kelly")
    with pytest.raises(Reject, match="nothing here"):
        told.view("dashboard", "Kelly")
