"""What is replaced as a whole is a decision, about one thing of one school or person."""

import pytest
from tests.kernel.valley import ASHLOW, BECK_ROAD, VALLEY, YEAR, who

REPLACED = {
    "set-policy": {"school": str(BECK_ROAD), "policy": {}},
    "set-academic-year": {"school": str(BECK_ROAD), **YEAR},
    "set-school-week": {"school": str(BECK_ROAD), "weekdays": [1]},
    "register-classes": {"school": str(BECK_ROAD), "codes": ["3R"]},
    "name-capacity": {"school": str(BECK_ROAD), "capacity": "cpd_lead", "people": [who("Tom")]},
    "record-line-management": {"manager": who("Tom"), "managed": [who("Petra")]},
}


@pytest.mark.parametrize("kind", REPLACED)
def test_what_is_replaced_as_a_whole_is_refused_to_whoever_did_not_see_it(kind):
    seen = VALLEY.stream.live.revision
    told = VALLEY.who("Nasreen").does(kind, REPLACED[kind], if_match=seen).then()
    told.does(kind, REPLACED[kind], if_match=seen).refused("VERSION_CONFLICT")


def test_decisions_for_two_schools_do_not_stand_in_each_others_way():
    seen = VALLEY.stream.live.revision
    told = VALLEY.who("Judith").does(
        "set-policy", {"school": str(ASHLOW), "policy": {}}, if_match=seen
    )
    told = told.then().who("Tom").does("set-policy", REPLACED["set-policy"], if_match=seen).then()
    told.does("name-capacity", REPLACED["name-capacity"], if_match=seen).then()
