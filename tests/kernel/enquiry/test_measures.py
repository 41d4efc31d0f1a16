"""Measures: what fits, what is compared, and the distance travelled."""

import pytest
from tests.kernel.enquiry.group import (
    MEASURE,
    brings,
    concluded,
    launched,
    measured,
    prepared,
    reports,
    tries,
    trying,
)

from enquiry.testing import named


def reading(told, value, on="2027-02-04", **more):
    form = {"measure": str(named("measure")), "on": on, "value": value, **more}
    return told.who("Grace").does("record-reading", form, called=f"reading {value}")


def shown(told, name="Grace"):
    (measure,) = told.view("measures", name)["measures"]
    return measure


def test_the_distance_travelled_is_from_the_original_baseline():
    told = reading(reading(measured(launched()), 49), 57, on="2027-03-11", final=True)
    measure = shown(told)
    assert [one["distance"] for one in measure["readings"]] == ["8", "16"]
    assert (measure["distance"], measure["reached"]) == ("16", False)
    assert shown(reading(told, 60))["reached"]


def test_of_a_measure_that_is_to_fall_less_is_success():
    told = reading(measured(launched(), target=20), 15)
    assert (shown(told)["distance"], shown(told)["reached"]) == ("-26", True)


def test_values_in_another_unit_are_not_compared():
    told = reading(measured(launched()), 12, unit="pupils")
    told.refused("MEASURE_MISMATCH", pointer="/unit")


def test_a_reading_of_other_people_is_remarked_and_not_compared():
    told = reading(measured(launched()), 70, population_changed=True)
    told = told.then(warns=["POPULATION_CHANGED"])
    assert shown(told)["readings"][0]["distance"] is None
    assert shown(told)["distance"] is None


@pytest.mark.parametrize("value", [-1, 100.5, None])
def test_a_percentage_lies_between_0_and_100(value):
    told = reading(measured(launched()), value)
    told.refused("VALIDATION_FAILED", pointer="/value")


def test_what_has_no_number_is_told_in_words():
    told = measured(launched(), None, kind="qualitative", unit="words")
    told = reading(told, 3).refused("VALIDATION_FAILED", pointer="/note")
    form = {"measure": str(named("measure")), "on": "2027-02-04", "note": "They ask why"}
    told = told.who("Grace").does("record-reading", form).then("reading-recorded")
    assert shown(told)["distance"] is None


def test_nobody_reads_what_was_not_defined():
    reading(launched(), 3).refused("NOT_FOUND")


def test_of_two_who_record_the_baseline_at_the_same_time_the_second_looks_again():
    told = measured(launched(), None)
    seen = told.live.revision
    form = {"measure": str(named("measure")), "on": "2026-10-08", "value": 41}
    told = told.who("Grace").does("record-baseline", form)
    told.who("Petra").does("record-baseline", form, if_match=seen).refused("VERSION_CONFLICT")


def test_a_missing_baseline_is_remarked_once_the_first_phase_is_over():
    told = prepared()
    told = (
        told.who("Grace")
        .does("define-measure", {**MEASURE, "level": "professional"}, called="second")
        .then(warns=[])
    )
    told = told.who("Ines").does("advance-phase", {"to": "innovation"})
    assert "BASELINE_MISSING" in {w.code for w in told.live.warnings.values()}
    form = {"measure": str(named("second")), "reason": "The school year was over"}
    told = told.who("Grace").does("declare-baseline-unobtainable", form)
    told.then(resolves=["BASELINE_MISSING"])


def test_a_baseline_after_the_first_deployed_trial_is_remarked():
    told = tries(trying(), 1)
    told = reports(told, "Judith").then(warns=[])
    form = {"measure": str(named("measure")), "on": "2026-11-20", "value": 44}
    told.who("Grace").does("record-baseline", form).then(warns=["BASELINE_AFTER_START"])


def test_a_way_of_collecting_that_does_not_fit_is_remarked():
    told = measured(launched(), None, aspect="interaction", collected_by=["questionnaire"])
    told.then(warns=["METHOD_MEASURE_MISMATCH"])
    told = measured(launched(), None, aspect="views", collected_by=["questionnaire"])
    told.then(warns=[])


def test_the_five_questions_before_collecting_are_answered_or_it_is_remarked():
    told = measured(launched(), None, appropriate=None)
    told.then(warns=["COLLECTION_PLAN_INCOMPLETE"])


def test_evidence_gathered_in_a_way_that_does_not_fit_its_measure_is_remarked():
    told = measured(launched(), aspect="interaction")
    told = brings(told, measures=[str(named("measure"))], collection_method="questionnaire")
    assert {w.code for w in told.settled().live.warnings.values()} >= {"METHOD_MEASURE_MISMATCH"}
    told = told.who("Grace").does("retract-evidence", {"item": str(named("evidence"))})
    codes = {w.code for w in told.settled().live.warnings.values() if w.standing}
    assert "METHOD_MEASURE_MISMATCH" not in codes


def test_a_baseline_of_the_next_cycle_is_not_late_for_the_trials_of_the_first():
    told = concluded().who("Ines").does("close-cycle")
    told = told.does("start-next-cycle", {"entry_phase": "implementation"})
    told = told.who("Grace").does("define-measure", MEASURE, called="second")
    form = {"measure": str(named("second")), "on": "2027-04-20", "value": 44}
    told = told.does("record-baseline", form).settled()
    standing = {w.code for w in told.live.warnings.values() if w.standing}
    assert "BASELINE_AFTER_START" not in standing
