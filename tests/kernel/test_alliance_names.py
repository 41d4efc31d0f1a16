"""Who gets to know whom by name in an alliance."""

import pytest
from tests.kernel.valley import ASHLOW, VALLEY, joins, who


def names_at(told, reader):
    shown = told.view("directory", reader)
    schools = [member["name"] for school in shown["schools"] for member in school["members"]]
    return {*schools, *(member["name"] for member in shown["unattached"])}


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        ("Nasreen", True),
        ("Petra", True),
        ("Declan", True),
        ("Tom", True),
        ("Pip", True),
        ("Judith", False),
        ("Hamish", False),
        ("Ines", False),
        ("Amina", False),
        ("Rosa", False),
    ],
)
def test_a_pupil_is_known_by_name_to_the_staff_of_their_own_school_alone(reader, sees):
    assert ("Pip" in names_at(VALLEY, reader)) is sees
    told = [f for f in VALLEY.reads(reader) if f["kind"] == "person-added"]
    assert any(f["data"]["person"] == who("Pip") for f in told) is sees


def test_whoever_belongs_nowhere_yet_is_known_by_name_to_stewards_and_to_whoever_added_them():
    told = VALLEY.who("Tom").does("add-person", {"name": "Nia", "person": who("Zed")})
    assert "Nia" in names_at(told, "Nasreen")
    assert "Nia" not in names_at(told, "Hamish")
    assert any(f["data"].get("name") == "Nia" for f in told.reads("Tom"))
    told = joins(told, "Zed", ASHLOW, "teacher")
    assert "Nia" not in names_at(told, "Hamish")
    assert "Zed" in names_at(told, "Hamish")
