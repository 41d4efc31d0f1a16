"""The journey: what happened when, told from what the group shares."""

import pytest
from tests.kernel.enquiry.group import (
    agreed,
    brings,
    concluded,
    launched,
    measured,
    prepared,
    proposes,
    trying,
)
from tests.kernel.enquiry.test_meetings import meets

from enquiry.method.rules import Reject
from enquiry.testing import named


def moments(told, kind=None, name="Grace"):
    shown = told.view("timeline", name)["moments"]
    return [one for one in shown if kind in (None, one["kind"])]


def test_the_course_is_told_turn_by_turn():
    told = concluded().who("Ines").does("close-cycle")
    told = told.does("start-next-cycle", {"entry_phase": "implementation"})
    turns = [(one["what"], one["phase"], one["cycle"]) for one in moments(told, "course")]
    assert turns == [
        ("launched", "implementation", 1),
        ("advanced", "innovation", 1),
        ("advanced", "impact", 1),
        ("cycle_closed", "impact", 1),
        ("cycle_started", "implementation", 2),
    ]


def test_rests_returns_and_ends_are_turns_as_well():
    told = trying().who("Ines").does("pause-enquiry").does("resume-enquiry")
    told = told.does("return-to-phase", {"to": "implementation", "reason": "Too broad"})
    told = told.does("abandon-enquiry", {"reason": "Two schools merged"})
    turns = [one["what"] for one in moments(told, "course")]
    assert turns[2:] == ["paused", "resumed", "returned", "abandoned"]


def test_what_is_adopted_is_a_moment_and_what_is_proposed_is_none():
    told = proposes(launched(), "recommendation", statement="Plan the talk first")
    assert moments(told, "decision") == []
    told = agreed(told, "next_steps", steps=[{"text": "Visit each other"}])
    (decided,) = moments(told, "decision")
    assert (decided["what"], decided["title"]) == ("next_steps", "Visit each other")


def test_moments_stand_in_the_order_of_their_days():
    told = meets(measured(brings(launched())))
    days = [one["on"] for one in moments(told)]
    assert days == sorted(days)
    assert {one["kind"] for one in moments(told)} == {"course", "reading", "evidence", "meeting"}


def test_evidence_is_told_without_its_words_and_vanishes_when_it_is_retracted():
    told = brings(launched())
    (found,) = moments(told, "evidence")
    assert (found["what"], found["title"]) == ("student", None)
    told = told.does("retract-evidence", {"item": str(named("evidence"))})
    assert moments(told, "evidence") == []


def test_a_trial_says_at_which_school():
    assert len({one["school"] for one in moments(trying(), "trial")}) == 3


def test_everybody_of_the_group_reads_the_same_and_nobody_else_reads_any():
    told = prepared()
    assert moments(told, name="Ines") == moments(told, name="Tom") == moments(told)
    with pytest.raises(Reject, match="nothing here"):
        told.view("timeline", "Kelly")


def test_what_the_facilitator_notes_in_private_is_no_moment():
    told = launched()
    form = {"on": "2026-09-14", "skill": "low", "participation": "low", "evidence": "Silence"}
    told = told.who("Ines").does("place-group", {**form, "next_step": "Shorter tasks"})
    assert moments(told, name="Ines") == moments(launched(), name="Ines")


def test_a_trial_stays_in_its_cycle_when_its_strategy_is_carried_into_the_next():
    told = concluded().who("Ines").does("close-cycle")
    form = {"entry_phase": "implementation", "strategies": [str(named("strategy"))]}
    told = told.does("start-next-cycle", form)
    trials = [one for one in told.view("timeline", "Grace")["moments"] if one["kind"] == "trial"]
    assert {one["cycle"] for one in trials} == {1}
