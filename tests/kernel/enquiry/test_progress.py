"""Progress assessments: until their day, the last response counts, few are not told apart."""

from tests.kernel.enquiry.group import MEMBERS, SCHOOLS, launched, measured
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK

from enquiry.testing import named

HOME = {**SCHOOLS, "Grace": ASHLOW, "Tom": BECK_ROAD}


def asks(told, phase="implementation", closes_on="2027-03-19"):
    form = {"phase": phase, "closes_on": closes_on}
    return told.who("Ines").does("open-progress-assessment", form, called="round")


def responds(told, name, value=5, item="impl_5", school=None):
    form = {
        "assessment": str(named("round")),
        "school": str(school or HOME.get(name, CARRICK)),
        "responses": [{"item": item, "value": value}],
    }
    return told.who(name).does("submit-progress-assessment", form)


def shown(told, name="Grace"):
    (one,) = told.view("progress", name)["rounds"]
    return one


def test_a_second_response_takes_the_place_of_the_first():
    told = responds(responds(asks(launched()), "Hamish", 2), "Hamish", 4)
    assert shown(told)["responded"] == 1
    assert told.live.state.progress[named("round")].counts("impl_5") == (0, 1, 0, 0, 0)


def test_after_its_last_day_no_response_counts():
    told = asks(measured(launched())).at("2026-10-01 20:00")
    told = responds(told, "Hamish").at("2027-03-19 20:00")
    assert shown(told)["responded"] == 1
    responds(told, "Hamish").at("2027-03-20 09:00").refused("RECORD_CLOSED")


def test_a_facilitator_closes_it_before():
    told = asks(launched()).who("Grace")
    close = {"assessment": str(named("round"))}
    told = told.does("close-progress-assessment", close).refused("NOT_PERMITTED")
    told = told.who("Ines").does("close-progress-assessment", close)
    responds(told, "Hamish").refused("RECORD_CLOSED")


def test_items_are_those_of_the_phase():
    responds(asks(launched()), "Hamish", item="imp_1").refused(
        "VALIDATION_FAILED", pointer="/responses/0/item"
    )


def test_fewer_than_five_are_not_told_apart():
    told = asks(launched())
    for name in MEMBERS[:4]:
        told = responds(told, name)
    assert all(item["counts"] is None for item in shown(told)["items"])
    told = responds(told, MEMBERS[4], 1)
    counts = {item["item"]: item["counts"] for item in shown(told)["items"]}
    assert counts["impl_5"] == [4, 0, 0, 0, 1]


def test_what_somebody_answered_is_for_them_and_the_facilitators():
    told = responds(asks(launched()), "Hamish")
    for name, reads in (("Hamish", True), ("Ines", True), ("Grace", False)):
        found = "progress-assessment-submitted" in {f["kind"] for f in told.reads(name)}
        assert found is reads


def test_half_who_disagree_are_a_concern():
    told = responds(asks(launched()), "Hamish", 2, "impl_1").then(warns=["PROGRESS_CONCERN"])
    told = responds(responds(told, "Tom", 5, "impl_1"), "Grace", 5, "impl_1")
    told.then(resolves=["PROGRESS_CONCERN"])


def test_agreeing_to_what_the_record_does_not_show_is_remarked():
    told = responds(asks(launched()), "Hamish").then(warns=["PROGRESS_CONTRADICTION"])
    told = measured(told)
    open_ = [w.code for w in told.live.warnings.values() if w.standing]
    assert "PROGRESS_CONTRADICTION" not in open_
