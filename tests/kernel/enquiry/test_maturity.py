"""How developed the partnership is: a school's own placement, and the joint one."""

import pytest
from tests.kernel.enquiry.group import (
    SCHOOLS,
    adopts,
    agreed,
    launched,
    proposes,
    responds,
)

from enquiry.testing import Story, named

TRUST = {"strand": "social-capital", "stage": "developing"}
COACHING = {"strand": "mentoring-coaching", "stage": "leading"}
JOINT = "joint_placement"


def places(told: Story, name: str, *strands: object, **more: object) -> Story:
    form = {"school": str(SCHOOLS[name]), "strands": strands or [TRUST, COACHING], **more}
    return told.who(name).does("place-school", form)


def seen(told: Story, name: str) -> list[str]:
    """Schools whose own placement somebody sees, in the view and in what they read."""
    view = told.view("maturity", name)
    read = [fact for fact in told.reads(name) if fact["kind"] == "school-placed"]
    schools = [one["school"] for one in view["schools"]]
    assert {fact["data"]["school"] for fact in read} == set(schools)
    return sorted(school for school in SCHOOLS if str(SCHOOLS[school]) in schools)


def test_a_school_is_placed_by_whoever_speaks_for_it():
    told = places(launched(), "Petra").then("school-placed")
    (shown,) = told.view("maturity", "Petra")["schools"]
    assert shown["stages"] == {"social-capital": "developing", "mentoring-coaching": "leading"}


def test_nobody_places_another_school():
    form = {"school": str(SCHOOLS["Judith"]), "strands": [TRUST]}
    launched().who("Petra").does("place-school", form).refused("NOT_PERMITTED")


@pytest.mark.parametrize("strands", [[TRUST, TRUST], [TRUST, {**TRUST, "strand": "speed"}]])
def test_each_strand_of_the_model_is_placed_once_and_no_other(strands):
    told = places(launched(), "Petra", *strands)
    told.refused("VALIDATION_FAILED", pointer="/strands/1/strand")


def test_a_schools_own_placement_is_for_that_school_and_the_facilitators():
    told = places(launched(), "Petra", note="We coach each other weekly")
    assert seen(told, "Tom") == seen(told, "Ines") == ["Petra"]
    assert seen(told, "Grace") == seen(told, "Hamish") == []


def test_schools_see_each_other_once_every_one_of_them_has_said_so():
    told = places(places(launched(), "Petra", comparable=True), "Judith", comparable=True)
    assert seen(told, "Grace") == ["Judith"]
    told = places(told, "Hamish", comparable=True)
    assert seen(told, "Grace") == sorted(SCHOOLS)
    assert seen(places(told, "Hamish"), "Grace") == ["Judith"]


def test_an_earlier_placement_is_not_shown_with_the_one_that_may_be_compared():
    told = places(launched(), "Petra", comparable=False)
    for name in SCHOOLS:
        told = places(told, name, comparable=True)
    read = [fact for fact in told.reads("Grace") if fact["kind"] == "school-placed"]
    assert len(read) == 3


def test_the_joint_placement_is_agreed_to_by_every_school():
    told = proposes(launched(), JOINT, placement=[TRUST])
    for name in ("Judith", "Petra"):
        told = responds(told, name, JOINT)
    told = adopts(told, JOINT).refused("NOT_ALL_AGREED")
    told = adopts(responds(told, "Hamish", JOINT, "can_live_with"), JOINT)
    told = told.then("decision-adopted", "alliance-placed")
    (joint,) = told.view("maturity", "Grace")["joint"]
    assert (joint["proposal"], joint["stages"]) == (
        str(named(JOINT)),
        {"social-capital": "developing"},
    )


def test_a_joint_placement_changes_no_schools_own_and_earlier_ones_stay():
    told = agreed(places(launched(), "Petra"), JOINT, placement=[TRUST])
    told = agreed(told, JOINT, called="later", placement=[{**TRUST, "stage": "embedding"}])
    view = told.view("maturity", "Petra")
    stages = [one["stages"]["social-capital"] for one in view["joint"]]
    assert stages == ["developing", "embedding"]
    assert view["schools"][0]["stages"]["mentoring-coaching"] == "leading"


def test_a_joint_placement_has_strands_of_the_model_only():
    told = proposes(launched(), JOINT, placement=[TRUST, {**TRUST, "strand": "speed"}])
    told.refused("VALIDATION_FAILED", pointer="/placement/1/strand")
    proposes(launched(), JOINT).refused("VALIDATION_FAILED", pointer="/placement")


def test_the_strands_come_with_their_dimension():
    strands = launched().view("maturity", "Petra")["strands"]
    assert len(strands) == 12
    assert {one["dimension"] for one in strands} == {
        "Professional development",
        "Partnership competence",
        "Collaborative capital",
    }
