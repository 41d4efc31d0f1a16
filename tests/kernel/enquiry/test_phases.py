"""The course of an enquiry: gates, going back, resting, ending, and the next cycle."""

import msgspec
import pytest
from tests.kernel.enquiry.group import (
    CHOICE,
    TRIED,
    agreed,
    claims,
    concluded,
    gathered,
    impacted,
    launched,
    prepared,
)
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, who

from enquiry.kernel.enquiry.gates import G1, G2, G3
from enquiry.testing import named


def reaches(told, stage):
    """It was accepted, whatever is remarked, and led there."""
    assert told.live.stage == stage
    return told


def advances(told, to, name="Ines"):
    return told.who(name).does("advance-phase", {"to": to})


def test_launching_begins_the_first_phase():
    told = launched()
    assert (told.live.stage, told.live.state.course.phase) == ("implementation", "implementation")
    told.who("Ines").does("launch-enquiry").refused("WRONG_STAGE")


class Quiet(msgspec.Struct, frozen=True):
    """Surroundings in which no warning was raised."""

    raised: dict = {}


def missing(gate, told, **changes):
    """The conditions of a gate that are unmet."""
    return [item["condition"] for item in gate.details(told.live.state.but(**changes), Quiet())]


def test_the_first_gate_tells_everything_that_is_missing_at_once():
    told = launched()
    assert missing(G1, told) == [*"bbbcccdefghi"]
    every = G1.details(told.live.state, Quiet())
    advances(told, "innovation").refused("GATE_NOT_MET", details=every)


def test_the_first_gate_opens_when_everything_is_in_place():
    told = reaches(advances(prepared(), "innovation"), "innovation")
    assert told.live.state.course.phase == "innovation"


def test_one_school_without_adopted_norms_is_named():
    told = prepared().who("Judith").does("propose-norms", {"items": [_ITEM]})
    told = told.does("adopt-norms", {"version": 2})
    told = told.who("Petra").does("adopt-norms", {"version": 2})
    missing = {"condition": "b", "sentence": G1.conditions[1].sentence, "school": str(CARRICK)}
    told = advances(told, "innovation")
    told.refused("GATE_NOT_MET", details=({**missing, "code": "NORMS_NOT_ADOPTED"},))


_ITEM = {"principle": "no_blame", "text": "We blame nobody"}


def test_an_open_warning_blocks_its_gate_until_somebody_answers_it():
    told = prepared(
        agreed(
            launched(),
            "method_choice",
            called="vague",
            method_choice={**CHOICE, "reason": "Not sure"},
            experience=TRIED,
        )
    )
    blocked = ({"condition": "WARNING_UNACKNOWLEDGED:METHOD_WITHOUT_REASON"},)
    told = advances(told, "innovation").refused("GATE_NOT_MET", details=blocked)
    (warning,) = [w for w in told.live.warnings.values() if w.code == "METHOD_WITHOUT_REASON"]
    note = {"warning": str(warning.id), "note": "We wanted to see for ourselves."}
    told = told.who("Ines").does("acknowledge-warning", note)
    reaches(advances(told, "innovation"), "innovation")


def test_warnings_block_exactly_the_gates_that_the_rules_name():
    leadership = {"LEADERSHIP_DOMINATED", "FACILITATOR_DEPENDENCY"}
    assert set(G1.warnings) == {"METHOD_WITHOUT_REASON", "QUESTION_TEST_FAILED"}
    assert set(G2.warnings) == {"NO_INTERIM_DATA", "SUBJECTIVE_ONLY"} | leadership
    assert (
        set(G3.warnings) == {"IMPACT_WITHOUT_STUDENT_EVIDENCE", "SINGLE_PERSPECTIVE"} | leadership
    )


def test_no_phase_is_skipped():
    advances(prepared(), "impact").refused("WRONG_STAGE")


def test_a_step_takes_a_facilitator_or_two_representatives():
    told = advances(prepared(), "innovation", "Grace").refused("NOT_PERMITTED")
    told = advances(told, "innovation", "Judith").then("step-supported", stage="implementation")
    told = advances(told, "innovation", "Judith").then("step-supported")
    reaches(advances(told, "innovation", "Petra"), "innovation")


def test_a_representative_and_the_deputy_of_one_school_are_one_voice():
    deputy = {"school": str(BECK_ROAD), "person": who("Tom"), "deputy": True}
    told = prepared().who("Ines").does("name-decision-rep", deputy)
    told = advances(told, "innovation", "Petra").then("step-supported")
    told = advances(told, "innovation", "Tom").then("step-supported", stage="implementation")
    reaches(advances(told, "innovation", "Hamish"), "innovation")


def test_one_who_has_left_no_longer_supports_a_step():
    told = advances(prepared(), "innovation", "Judith").who("Judith").does("leave-enquiry")
    advances(told, "innovation", "Petra").refused("GATE_NOT_MET")


def returns(told, to="implementation"):
    form = {"to": to, "reason": "Our question was not the right one"}
    return told.who("Ines").does("return-to-phase", form)


def test_going_back_needs_a_reason_and_loses_nothing():
    told = advances(prepared(), "innovation")
    bare = told.who("Ines").does("return-to-phase", {"to": "implementation"})
    bare.refused("VALIDATION_FAILED")
    told = returns(told).then("phase-returned", stage="implementation")
    assert told.live.state.focused.questions == (named("question"),)


def test_one_goes_back_to_an_earlier_phase_only():
    told = advances(prepared(), "innovation")
    returns(told, "impact").refused("WRONG_STAGE")
    returns(told, "innovation").refused("WRONG_STAGE")


def test_an_enquiry_that_rests_goes_on_where_it_was():
    told = advances(prepared(), "innovation").who("Ines").does("pause-enquiry")
    told = told.then("enquiry-paused", "schools-engaged", stage="paused")
    told = advances(told, "impact").refused("WRONG_STAGE")
    told = claims(told, "baseline").refused("WRONG_STAGE")
    told = told.who("Ines").does("resume-enquiry")
    told.then("enquiry-resumed", "schools-engaged", stage="innovation")


def test_an_abandoned_enquiry_takes_nothing_more_but_rights():
    told = launched().who("Ines").does("abandon-enquiry", {"reason": "Two schools merged"})
    told = told.then("enquiry-abandoned", "schools-engaged", stage="abandoned")
    told.does("invite-member", {"person": str(named("Tom"))}).refused("RECORD_CLOSED")
    told.who("Grace").does("leave-enquiry").then("member-left")


def test_two_schools_are_enough_and_within_one_school_three_members():
    told = gathered()
    assert "a" in missing(G1, told, schools=(ASHLOW,))
    assert "a" not in missing(G1, told, schools=(ASHLOW, BECK_ROAD))
    alone = {"schools": (ASHLOW,), "scope": "school"}
    assert "a" not in missing(G1, told, **alone)
    assert "a" in missing(G1, told, **alone, members=told.live.state.members[:2])


def test_a_target_is_set_by_a_facilitator():
    form = {"phase": "implementation", "by": "2026-10-23"}
    told = launched().who("Judith").does("set-phase-target", form).refused("NOT_PERMITTED")
    told = told.who("Ines").does("set-phase-target", form).then("phase-target-set")
    assert str(told.live.state.course.targets["implementation"]) == "2026-10-23"


# The end of a cycle, and the next


def closes(told, name="Ines"):
    return told.who(name).does("close-cycle")


def test_the_second_gate_opens_on_a_ready_synthesis_data_and_agreed_next_steps():
    told = impacted()
    assert told.live.stage == "impact"
    assert told.live.state.course.phase == "impact"


class Raised:
    """Surroundings in which the warnings of a story were raised."""

    def __init__(self, told):
        self.raised = told.live.warnings


def test_the_last_gate_tells_everything_that_is_missing_at_once():
    told = impacted()
    assert missing(G3, told) == [*"aaaaaaaaacdef"]
    every = G3.details(told.live.state, Raised(told))
    closes(told).refused("GATE_NOT_MET", details=every)


def test_a_cycle_is_closed_when_what_it_brought_is_said_and_decided():
    told = reaches(closes(concluded()), "cycle_closed")
    assert {w.code for w in told.live.warnings.values()} >= {"GROUP_REVIEW_MISSING"}


def continues(told, phase="innovation", **carried):
    form = {"entry_phase": phase, **carried}
    return told.who("Ines").does("start-next-cycle", form)


CARRIED = {
    "question": True,
    "measures": [str(named("measure"))],
    "strategies": [str(named("strategy"))],
}


def test_the_next_cycle_carries_what_it_is_to_go_on_with():
    told = reaches(continues(closes(concluded()), **CARRIED), "innovation")
    state = told.live.state
    assert (state.course.cycle, state.course.phase) == (2, "innovation")
    assert state.focused.focus == named("focus")
    assert state.measures[named("measure")].baselines[0].value == 41
    assert state.trying.of(2) == {named("strategy"): state.trying.strategies[named("strategy")]}


def test_a_carried_measure_may_have_another_baseline_beside_the_original():
    told = continues(closes(concluded()), **CARRIED)
    form = {"measure": str(named("measure")), "on": "2027-04-20", "value": 57}
    told = told.who("Grace").does("record-baseline", form).then("baseline-recorded")
    (measure,) = told.view("measures", "Grace")["measures"]
    assert [one["value"] for one in measure["baselines"]] == ["41", "57"]


@pytest.mark.parametrize("left_out", ["question", "measures", "strategies"])
def test_a_cycle_that_begins_with_innovation_carries_enough(left_out):
    carried = {name: value for name, value in CARRIED.items() if name != left_out}
    continues(closes(concluded()), **carried).refused("GATE_NOT_MET")


def test_a_cycle_that_begins_afresh_carries_nothing_but_the_norms():
    told = reaches(continues(closes(concluded()), "implementation"), "implementation")
    state = told.live.state
    assert (state.focused.focus, state.choices, dict(state.trying.of(2))) == (None, (), {})
    assert missing(G1, told) == [*"cccdeghi"]


def test_only_what_there_is_can_be_carried():
    strange = {**CARRIED, "measures": [str(named("nothing"))]}
    told = continues(closes(concluded()), **strange)
    told.refused("VALIDATION_FAILED", pointer="/measures/0")


def test_an_enquiry_is_closed_after_a_cycle_and_takes_rights_only():
    told = closes(concluded()).who("Ines").does("close-enquiry")
    told = told.then("enquiry-closed", "schools-engaged", stage="closed")
    told = claims(told, "evidence", called="late").refused("RECORD_CLOSED")
    told.who("Petra").does("leave-enquiry").then("member-left")
