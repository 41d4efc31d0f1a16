"""Who belongs to which circle around a stream today: by memberships, at each school's own day."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, VALLEY, joins, state, who

from enquiry.kernel.circles import circles
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run import Run
from enquiry.method.entry import State
from enquiry.method.roles import staff_of
from enquiry.testing import person

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
RUN = Run(school=BECK_ROAD, lead=person("Petra"), people={person("Hamish"): ("walker",)})
SERVED = Enquiry(
    members=(person("Grace"), person("Ines")), facilitators=(person("Ines"), person("Zed"))
)


def around(name, *, told=VALLEY, now=NOON, run=RUN, enquiry=None):
    """Circles of somebody around a run, without those that say which schools they are of."""
    found = circles(state(told), person(name), now, run, enquiry)
    return {circle for circle in found if not circle.startswith(("school:", "staff:"))}


MEMBERS = {"alliance-member", "anyone"}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Petra", {"staff"}),
        ("Declan", {"staff"}),
        ("Tom", {"staff", "leaders"}),
        ("Amina", set()),
        ("Pip", set()),
        ("Rosa", set()),
        ("Judith", set()),
        ("Ines", set()),
        ("Nasreen", {"steward"}),
    ],
)
def test_staff_and_leaders_are_those_of_the_runs_school(name, more):
    assert around(name) == MEMBERS | more


def test_a_stranger_belongs_to_no_circle():
    assert circles(state(VALLEY), person("Zed"), NOON, RUN, SERVED) == frozenset()


def test_everybody_belongs_to_their_schools():
    told = joins(VALLEY, "Grace", BECK_ROAD, "partner")
    found = circles(state(told), person("Grace"), NOON)
    assert found >= {f"school:{ASHLOW}", f"school:{BECK_ROAD}"}
    assert f"school:{CARRICK}" not in found


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-09T10:59Z", set()),
        ("2026-11-09T11:00Z", MEMBERS),
        ("2026-11-12T10:59Z", MEMBERS),
        ("2026-11-12T11:00Z", set()),
    ],
)
def test_a_membership_counts_on_the_day_it_is_at_its_school(now, expected):
    # Carrick is thirteen hours ahead: its day begins at eleven in the morning, UTC.
    told = joins(VALLEY, "Hamish", CARRICK, "teacher", since="2026-11-10", until="2026-11-13")
    assert around("Hamish", told=told, now=datetime.fromisoformat(now)) == expected


def test_staff_of_a_school_are_staff_until_its_own_midnight():
    told = joins(VALLEY, "Hamish", CARRICK, "teacher", until="2026-11-13")
    told = joins(told, "Hamish", ASHLOW, "partner")
    run = Run(school=CARRICK)
    last = datetime.fromisoformat("2026-11-12T10:59Z")
    assert around("Hamish", told=told, now=last, run=run) == MEMBERS | {"staff"}
    after = datetime.fromisoformat("2026-11-12T11:00Z")
    assert around("Hamish", told=told, now=after, run=run) == MEMBERS


def capacity(told, school, name, *people):
    form = {"school": str(school), "capacity": name, "people": [who(p) for p in people]}
    return told.who("Nasreen").does("name-capacity", form)


def test_cover_is_organised_at_the_runs_school():
    told = capacity(VALLEY, BECK_ROAD, "cover_organiser", "Kelly")
    told = capacity(told, CARRICK, "cover_organiser", "Hamish")
    assert around("Kelly", told=told) == MEMBERS | {"staff", "cover-organiser"}
    assert around("Hamish", told=told) == MEMBERS


@pytest.mark.parametrize(
    ("school", "name", "coordinates"),
    [
        (BECK_ROAD, "Kelly", True),
        (CARRICK, "Ines", True),
        (ASHLOW, "Judith", False),
    ],
)
def test_professional_learning_is_coordinated_at_the_school_of_everybody_who_takes_part(
    school, name, coordinates
):
    told = capacity(VALLEY, school, "cpd_lead", name)
    assert ("coordinator" in around(name, told=told)) is coordinates


def test_the_leads_own_school_coordinates_too():
    told = capacity(VALLEY, ASHLOW, "cpd_lead", "Judith")
    run = Run(school=BECK_ROAD, lead=person("Grace"))
    assert "coordinator" in around("Judith", told=told, run=run)


def test_a_task_ends_with_the_membership_of_the_school_that_gave_it():
    told = capacity(joins(VALLEY, "Judith", BECK_ROAD, "partner"), BECK_ROAD, "cpd_lead", "Judith")
    assert "coordinator" in around("Judith", told=told)
    left = joins(told, "Judith", BECK_ROAD, "partner", until="2026-11-03")
    assert around("Judith", told=left) == MEMBERS


def test_members_and_facilitators_are_those_of_the_enquiry_that_the_run_serves():
    assert around("Grace", enquiry=SERVED) == MEMBERS | {"enquiry-member"}
    assert around("Ines", enquiry=SERVED) == MEMBERS | {"enquiry-member", "facilitator"}
    assert around("Ines") == MEMBERS


def test_around_an_enquiry_its_own_members_and_facilitators_stand():
    assert around("Ines", run=SERVED) == MEMBERS | {"enquiry-member", "facilitator"}
    assert around("Petra", run=SERVED) == MEMBERS


def test_around_an_enquiry_those_who_lead_or_coordinate_a_school_that_takes_part_stand():
    told = capacity(VALLEY, CARRICK, "cpd_lead", "Hamish")
    joint = Enquiry(schools=(ASHLOW, CARRICK))
    assert around("Judith", run=joint, told=told) == MEMBERS | {"leaders"}
    assert around("Hamish", run=joint, told=told) == MEMBERS | {"coordinator"}
    for name in ("Tom", "Grace", "Ines"):
        assert around(name, run=joint, told=told) == MEMBERS


def test_whoever_leads_a_school_of_an_enquiry_stands_in_no_circle_of_its_runs():
    told = capacity(VALLEY, ASHLOW, "cpd_lead", "Grace")
    joint = Enquiry(schools=(ASHLOW, BECK_ROAD))
    assert around("Judith", enquiry=joint, told=told) == MEMBERS
    assert around("Grace", enquiry=joint, told=told) == MEMBERS


def test_a_facilitator_who_has_left_the_alliance_facilitates_no_more():
    left = joins(VALLEY, "Ines", CARRICK, "partner", until="2026-11-01")
    assert around("Ines", told=left, enquiry=SERVED) == set()


class Club(State):
    members: tuple[UUID, ...] = (person("Hamish"),)
    facilitators: tuple[UUID, ...] = (person("Hamish"),)


def test_an_enquiry_is_nothing_else_that_happens_to_have_members():
    assert around("Hamish", enquiry=Club()) == MEMBERS


def test_who_manages_whom_makes_no_circle():
    edges = {"manager": who("Judith"), "managed": [who("Petra")]}
    told = VALLEY.who("Nasreen").does("record-line-management", edges)
    assert around("Judith", told=told) == around("Judith")


def test_of_each_school_only_its_staff_are_in_the_circle_of_its_staff():
    here = state(VALLEY)
    found = {
        name: staff_of(BECK_ROAD) in circles(here, person(name), NOON)
        for name in ("Petra", "Declan", "Tom", "Amina", "Pip", "Rosa", "Judith", "Nasreen")
    }
    assert [name for name, staff in found.items() if staff] == ["Petra", "Declan", "Tom"]
