"""Overviews: a school's own row, and parts that nobody types."""

import pytest
from tests.kernel.enquiry.group import (
    CHOICE,
    FOCUS,
    OUTCOMES,
    SCHOOLS,
    SYNTHESIS,
    accounts,
    agreed,
    launched,
    prepared,
    questioned,
    reports,
    rows,
    trying,
)
from tests.kernel.valley import ASHLOW, BECK_ROAD


def shown(told, form, name="Hamish"):
    return next(one for one in told.view("overviews", name)["overviews"] if one["form"] == form)


def test_a_school_fills_in_its_own_row_and_everybody_reads_it():
    told = rows(launched(), "Petra", individual_priority="Short answers")
    (row,) = shown(told.then("overview-row-recorded"), "implementation")["rows"]
    assert row["cells"] == {"individual_priority": "Short answers"}


def test_nobody_fills_in_the_row_of_another_school():
    form = {"form": "implementation", "school": str(ASHLOW), "individual_priority": "Theirs"}
    launched().who("Tom").does("record-overview-row", form).refused("NOT_PERMITTED")


def test_the_groups_part_follows_from_decisions_and_is_never_typed():
    told = rows(launched(), "Judith", group_part="Our focus", individual_priority="Ours")
    told.refused("FORM_IS_DERIVED", pointer="/group_part")
    told = rows(launched(), "Judith", "overall", individual_priority="Ours")
    told.refused("FORM_IS_DERIVED", pointer="/form")


@pytest.mark.parametrize(
    ("form", "cells", "pointer"),
    [
        ("implementation", {"school_feedback": "Fine"}, "/school_feedback"),
        ("impact", {}, "/student_outcomes"),
        ("implementation", {}, "/individual_priority"),
    ],
)
def test_each_overview_has_cells_of_its_own(form, cells, pointer):
    rows(launched(), "Petra", form, **cells).refused("VALIDATION_FAILED", pointer=pointer)


def test_what_was_decided_stands_in_the_overviews():
    told = questioned(launched())
    group = shown(told, "implementation")["group"]
    assert group["agreed_collective_focus"] == ["Explaining cause and effect"]
    assert len(group["collective_question"]) == 1
    told = agreed(told, "next_steps", steps=[{"text": "Visit each other"}])
    assert shown(told, "overall")["group"]["agreed_next_steps"] == ["Visit each other"]


def test_the_overall_overview_has_every_row():
    told = launched()
    for name in SCHOOLS:
        told = rows(told, name, individual_priority="Ours")
    assert len(shown(told, "overall")["rows"]) == 3


def test_a_row_is_filled_in_cell_by_cell():
    told = rows(launched(), "Petra", individual_priority="Short answers")
    told = rows(told, "Petra", school_specific_priority="Year 6")
    (row,) = shown(told, "implementation")["rows"]
    assert set(row["cells"]) == {"individual_priority", "school_specific_priority"}


def overview(told, form, name="Grace"):
    return next(one for one in told.view("overviews", name)["overviews"] if one["form"] == form)


def test_what_came_of_it_is_the_schools_row_of_the_impact_overview():
    form = {"school": str(BECK_ROAD), "outcomes": OUTCOMES}
    told = launched().who("Petra").does("record-outcomes", form).then("outcomes-recorded")
    (row,) = overview(told, "impact")["rows"]
    assert row["school"] == str(BECK_ROAD)
    assert row["cells"] == {
        "student_outcomes": "More explain why",
        "professional_outcomes": "We plan the talk",
        "organisation_outcomes": "Too early",
    }


def test_what_the_group_reads_in_a_closed_synthesis_is_its_feedback():
    points = {"strengths": ["Partners listen"], "weaknesses": ["It takes long"]}
    told = trying()
    for name in SCHOOLS:
        told = accounts(reports(told, name), name)
    form = {"trial_cycle": 1, **SYNTHESIS, **points, "decision": "retrial_refined"}
    told = told.who("Grace").does("record-synthesis", form)
    assert overview(told, "innovation")["group"]["working_well"] == []
    told = told.does("close-synthesis", {"trial_cycle": 1})
    for shown in ("innovation", "overall"):
        group = overview(told, shown)["group"]
        assert group["working_well"] == ["Partners listen"]
        assert group["needs_revisiting"] == ["It takes long"]


def test_the_overall_overview_names_the_focus_and_the_methods():
    group = overview(prepared(), "overall")["group"]
    assert group["agreed_collective_focus"] == [FOCUS["title"]]
    assert group["agreed_methods"] == [CHOICE["method"]]
