"""Every remark of the catalogue: raised, read by whom it is for, answered, taken back, blocking."""

from functools import cache
from itertools import takewhile

import pytest
from tests.kernel.enquiry.remarked import REMARKS, Remark

from enquiry.kernel.enquiry.gates import G1, G2, G3
from enquiry.method.codes import WARNINGS
from enquiry.method.live import Raised
from enquiry.testing import Story

OF_ENQUIRIES = tuple(takewhile(lambda code: code != "EVALUATIVE_LANGUAGE", WARNINGS))
"""The catalogue begins with them; what methods have in common follows."""
STANDING = [code for code, remark in REMARKS.items() if remark.resolved is not None]
NOTE = "We have talked about it, and go on all the same."


@cache
def told_of(code: str) -> Story:
    return REMARKS[code].raised().settled()


def standing(told: Story, code: str) -> tuple[Raised, ...]:
    found = told.settled().live.standing.values()
    return tuple(one for one in found if one.code == code)


def answered(told: Story, code: str) -> Story:
    """Whoever answers for it has done so; a representative where the group depends on Ines."""
    name = "Petra" if code == "FACILITATOR_DEPENDENCY" else "Ines"
    for one in standing(told, code):
        told = told.who(name).does("acknowledge-warning", {"warning": str(one.id), "note": NOTE})
    return told.settled()


def blocked(told: Story, code: str) -> set[str]:
    """Gates that the remark holds shut."""
    said = f"WARNING_UNACKNOWLEDGED:{code}"
    live = told.settled().live
    around = _Around(live.warnings)
    gates = (G1, G2, G3)
    return {
        gate.name
        for gate in gates
        if any(item["condition"] == said for item in gate.details(live.state, around))
    }


class _Around:
    def __init__(self, raised: object) -> None:
        self.raised = raised


def test_every_remark_of_an_enquiry_has_its_story():
    assert tuple(REMARKS) == OF_ENQUIRIES


@pytest.mark.parametrize("code", REMARKS)
def test_it_is_raised_and_read_by_those_it_is_for_and_by_nobody_else(code: str):
    told, remark = told_of(code), REMARKS[code]
    assert standing(told, code)
    assert [name for name in remark.seen.split() if code not in told.warned(name)] == []
    assert [name for name in remark.unseen.split() if code in told.warned(name)] == []


@pytest.mark.parametrize("code", REMARKS)
def test_one_that_was_answered_stays_to_be_read_with_its_note(code: str):
    told = answered(told_of(code), code)
    assert {one.state for one in standing(told, code)} == {"acknowledged"}
    name = REMARKS[code].seen.split()[0]
    assert code in told.warned(name)


@pytest.mark.parametrize("code", STANDING)
def test_the_facts_take_it_back(code: str):
    remark: Remark = REMARKS[code]
    assert remark.resolved is not None
    assert standing(remark.resolved(told_of(code)), code) == ()


@pytest.mark.parametrize("code", REMARKS)
def test_it_blocks_exactly_its_gates_for_as_long_as_nobody_answers(code: str):
    told = told_of(code)
    assert blocked(told, code) == set(REMARKS[code].gate.split())
    assert blocked(answered(told, code), code) == set()
