"""The guide: who sees which box, what a box holds, and what is remarked at the gates."""

import pytest
from tests.kernel.enquiry.group import NORMS, launched, prepared
from tests.kernel.valley import ASHLOW, BECK_ROAD

from enquiry.kernel.enquiry.guide.questions import QUESTIONS, Dimension
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.method.rules import Reject
from enquiry.testing import named


def fills(told, name, dimension, box, school=BECK_ROAD, **answers):
    questions = QUESTIONS[Phase.IMPLEMENTATION, Dimension(dimension), box]
    choices = {question.key for question in questions if question.choices}
    rows = [
        {"key": key, ("choice" if key in choices else "text"): value}
        for key, value in answers.items()
    ]
    form = {
        "phase": "implementation",
        "dimension": dimension,
        "school": str(school),
        "box": box,
        "answers": rows,
    }
    return told.who(name).does("record-form-entry", form)


def keys(told, name):
    """What somebody reads of the guide; where there is nothing for them, there is no guide."""
    try:
        shown = told.view("guide", name)
    except Reject:
        return set()
    return {answer["key"] for answer in shown["answers"]}


def recorded(told, name):
    return [f["data"]["key"] for f in told.reads(name) if f["kind"] == "form-entry-recorded"]


def test_every_phase_and_dimension_has_three_boxes():
    assert len(QUESTIONS) == 45
    assert all(QUESTIONS.values())


def test_what_is_assessed_is_for_facilitators_only_whoever_asks():
    told = fills(launched(), "Ines", "development", 2, model_fit="Full rounds are too heavy")
    assert keys(told, "Ines") == {"model_fit"}
    for name in ("Tom", "Petra", "Judith"):
        assert keys(told, name) == set()
        assert recorded(told, name) == []


def test_what_is_asked_is_for_that_school_and_the_facilitators():
    told = fills(launched(), "Petra", "diagnosis", 1, strengths="We talk a lot")
    assert keys(told, "Tom") == keys(told, "Ines") == {"strengths"}
    assert keys(told, "Judith") == set()
    assert recorded(told, "Judith") == []


def test_of_the_aide_memoire_a_school_reads_what_was_agreed_with_it():
    told = fills(
        launched(), "Ines", "diagnosis", 3, agreed_support="A day a term", evidence_used="Tests"
    )
    assert keys(told, "Ines") == {"agreed_support", "evidence_used"}
    assert keys(told, "Petra") == {"agreed_support"}
    assert recorded(told, "Petra") == ["agreed_support"]
    assert keys(told, "Judith") == set()


@pytest.mark.parametrize(("name", "box"), [("Petra", 2), ("Petra", 3), ("Judith", 1), ("Tom", 1)])
def test_a_box_that_is_not_ones_own_is_not_there(name, box):
    key = QUESTIONS[Phase.IMPLEMENTATION, Dimension.DATA, box][-1].key
    fills(launched(), name, "data", box, **{key: "yes"}).refused("NOT_FOUND")


def test_a_box_holds_its_own_questions_with_their_choices():
    told = fills(launched(), "Ines", "drive", 2, strengths="No")
    told.refused("VALIDATION_FAILED", pointer="/answers/0/key")
    told = fills(launched(), "Ines", "drive", 2, staying_power="enormous")
    told.refused("VALIDATION_FAILED", pointer="/answers/0/choice")
    fills(launched(), "Ines", "drive", 2, staying_power="high").then("form-entry-recorded")


def shares(told, text):
    form = {
        "school": str(BECK_ROAD),
        "phase": "implementation",
        "dimension": "development",
        "text": text,
    }
    return told.who("Ines").does("share-form-entry", form)


def test_what_a_facilitator_tells_a_school_is_read_there_and_nowhere_else():
    told = shares(launched(), "Begin with something smaller").then("form-entry-shared")
    assert "form-entry-shared" in {f["kind"] for f in told.reads("Tom")}
    assert "form-entry-shared" not in {f["kind"] for f in told.reads("Judith")}


def test_the_norms_have_an_item_on_rotating_where_the_guide_found_that_it_is_needed():
    told = fills(launched(), "Ines", "distributed_leadership", 2, ground_rules_needed="yes")
    bare = {"items": [{"principle": "no_blame", "text": "We blame nobody"}]}
    told = told.who("Judith").does("propose-norms", bare)
    told = told.refused("VALIDATION_FAILED", pointer="/items")
    told.does("propose-norms", NORMS).then("norms-proposed")


def test_a_school_whose_plan_does_not_name_the_work_hears_of_it_with_the_facilitators():
    told = fills(launched(), "Petra", "drive", 1, in_staff_plan_and_school_plan="no")
    told = told.then(warns=["NOT_LINKED_TO_SCHOOL_PLAN"])
    assert "NOT_LINKED_TO_SCHOOL_PLAN" in told.warned("Tom")
    assert "NOT_LINKED_TO_SCHOOL_PLAN" not in told.warned("Judith")
    told = fills(told, "Petra", "drive", 1, in_staff_plan_and_school_plan="yes")
    told.then(resolves=["NOT_LINKED_TO_SCHOOL_PLAN"])


def test_each_school_and_dimension_without_an_aide_memoire_is_remarked_at_the_first_gate():
    told = fills(prepared(), "Ines", "diagnosis", 3, ASHLOW, evidence_used="Tests")
    told = told.who("Ines").does("advance-phase", {"to": "innovation"})
    incomplete = [w for w in told.live.warnings.values() if w.code == "FORM_INCOMPLETE"]
    assert len(incomplete) == 3 * 5 - 1
    assert "FORM_INCOMPLETE" in told.warned("Ines")
    assert "FORM_INCOMPLETE" not in told.warned("Grace")


PLACED = {
    "on": "2026-10-06",
    "skill": "low",
    "participation": "high",
    "evidence": "Everybody comes; talk wanders",
}


def test_where_the_facilitator_sees_the_group_is_theirs_until_they_share_it():
    told = launched().who("Ines").does("place-group", PLACED, called="placement")
    with pytest.raises(Reject, match="nothing here"):
        told.view("guide", "Grace")
    told.who("Grace").does("place-group", PLACED).refused("NOT_PERMITTED")
    told = told.who("Ines").does("share-placement", {"placement": str(named("placement"))})
    (placement,) = told.view("guide", "Grace")["placements"]
    assert "protocols" in placement["reading"]
