"""Observation load: nobody is visited too often, by their line manager, or out of term."""

from datetime import datetime

import pytest
from tests.kernel.schedule import B4, C1, beside, books, changes, diary, slot
from tests.kernel.valley import (
    BECK_ROAD,
    CARRICK,
    NEXT_YEAR,
    VALLEY,
    YEAR,
    decides,
    has_calendar,
    manages,
)

from enquiry.kernel.bookings import visits_in_year
from enquiry.testing import named, person
from enquiry.testing.harness import surroundings

# The observation budget


DAYS = ("2026-11-19", "2026-11-20", "2026-11-23", "2027-01-05")


def visited(told, *days, teacher="Declan", kind="book"):
    for number, day in enumerate(days, 1):
        times = (f"{day}T09:10", f"{day}T09:20")
        told = books(told.then(), f"visit-{number}", *times, visited=teacher, kind=kind)
    return told


CALENDAR = has_calendar(VALLEY, BECK_ROAD, YEAR, NEXT_YEAR)


def test_the_fourth_visit_of_the_year_is_warned_about():
    told = visited(diary(CALENDAR), *DAYS).then(warns=["OBSERVATION_BUDGET_EXCEEDED"])
    (warning,) = told.live.warnings.values()
    assert warning.person == person("Declan")
    assert warning.params == {"visits": 4, "budget": 3}
    assert warning.about == "visit-4"


@pytest.mark.parametrize(("name", "sees"), [("Declan", True), ("Petra", False), ("Tom", False)])
def test_only_the_teacher_sees_it(name, sees):
    told = visited(diary(CALENDAR), *DAYS)
    assert told.warned(name) == (["OBSERVATION_BUDGET_EXCEEDED"] if sees else [])


def test_the_budget_starts_anew_with_the_schools_year():
    # The last day of the one year, and the first of the next.
    told = visited(diary(CALENDAR), *DAYS[:3]).then(warns=[])
    before = books(told, "visit-4", "2027-08-31T22:50", "2027-08-31T22:59", visited="Declan")
    before.then(warns=["OBSERVATION_BUDGET_EXCEEDED", "OUTSIDE_TERM"])
    after = books(told, "visit-4", "2027-08-31T23:00", "2027-08-31T23:10", visited="Declan")
    after.then(warns=[])


SOUTHERN = {
    "label": "2026",
    "first": "2026-01-28",
    "until": "2027-01-27",
    "terms": [{"label": "four", "first": "2026-10-12", "until": "2026-12-17"}],
}
NEXT_SOUTHERN = {
    "label": "2027",
    "first": "2027-01-27",
    "until": "2028-01-26",
    "terms": [{"label": "one", "first": "2027-02-01", "until": "2027-04-09"}],
}


def test_a_southern_budget_starts_anew_in_the_new_year_and_not_in_september():
    told = diary(has_calendar(VALLEY, CARRICK, SOUTHERN, NEXT_SOUTHERN))
    # Wednesday to Friday morning at Carrick; in UTC it is the evening before.
    days = ("2026-11-17", "2026-11-18", "2026-11-19")
    for number, day in enumerate(days, 1):
        times = (f"{day}T20:10", f"{day}T20:20")
        told = books(told.then(), f"visit-{number}", *times, visited="Hamish", room=C1)
    same = books(told, "visit-4", "2026-12-01T20:10", "2026-12-01T20:20", visited="Hamish", room=C1)
    same.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])
    # 26 January 2027, 11:00 UTC: the first moment of the new year at Carrick.
    new = books(told, "visit-4", "2027-01-26T11:00", "2027-01-26T11:10", visited="Hamish", room=C1)
    assert "OBSERVATION_BUDGET_EXCEEDED" not in new.warned("Hamish")


def test_a_year_that_nobody_has_recorded_yet_is_not_this_one():
    told = visited(diary(has_calendar(VALLEY, BECK_ROAD, YEAR)), *DAYS[:3])
    later = books(told, "visit-4", "2027-09-02T09:10", "2027-09-02T09:20", visited="Declan")
    later.then(warns=["OUTSIDE_TERM"])


def test_without_a_calendar_every_visit_counts():
    told = visited(diary(), *DAYS[:3])
    later = books(told, "visit-4", "2029-01-08T09:10", "2029-01-08T09:20", visited="Declan")
    later.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])


def test_what_was_replaced_or_released_does_not_count():
    told = visited(diary(CALENDAR), *DAYS[:3])
    told = books(told, "visit-3", "2026-11-24T09:10", "2026-11-24T09:20", visited="Declan")
    told = told.then(warns=[])
    told = changes(told, without=["visit-1"]).then(warns=[])
    told = books(told, "visit-4", "2026-11-25T09:10", "2026-11-25T09:20", visited="Declan")
    told.then(warns=[])


def test_visits_of_other_runs_and_schools_count():
    told = visited(diary(CALENDAR), *DAYS[:3])
    away = beside(told, around=CALENDAR, school=CARRICK)
    visit = books(away, "visit-1", "09:30", "09:40", visited="Declan", room=C1)
    visit.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])


def test_the_count_of_visits_can_be_asked_for():
    told = visited(diary(CALENDAR), *DAYS[:2]).then()
    ctx = surroundings(told.stream, person("Petra"), told.now, named("asking"))
    at = datetime.fromisoformat("2027-01-05T09:00Z")
    assert visits_in_year(ctx, person("Declan"), at, "") == 2
    assert visits_in_year(ctx, person("Declan"), at, f"{told.live.stream}/visit-2") == 1
    assert visits_in_year(ctx, person("Kelly"), at, "") == 0


def test_a_hard_budget_refuses():
    told = visited(diary(decides(CALENDAR, BECK_ROAD, budget_is_hard=True)), *DAYS)
    told.refused("OBSERVATION_CAP_REACHED", params={"visits": 4, "cap": 3})


def test_a_hard_budget_counts_what_one_act_books():
    told = diary(decides(CALENDAR, BECK_ROAD, budget_is_hard=True, observation_budget=1))
    two = [slot(f"v{n}", f"09:{n}0", f"09:{n}5", visited="Declan") for n in (1, 2)]
    changes(told, *two).refused("OBSERVATION_CAP_REACHED")


def test_it_is_the_teachers_own_school_that_sets_the_budget():
    told = diary(decides(CALENDAR, CARRICK, observation_budget=0))
    books(told, "visit-1", "09:10", "09:20", visited="Declan").then(warns=[])
    visit = books(told, "visit-1", "09:10", "09:20", visited="Hamish")
    visit.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])


def test_a_decision_taken_again_takes_back_its_warning():
    told = visited(diary(CALENDAR), *DAYS, kind="rebook")
    told = told.then(warns=["OBSERVATION_BUDGET_EXCEEDED"])
    again = ("visit-4", "2027-09-06T09:10", "2027-09-06T09:20")
    books(told, *again, visited="Declan", kind="rebook").then(
        resolves=["OBSERVATION_BUDGET_EXCEEDED"]
    )


# Line managers


MANAGED = manages(VALLEY, "Tom", "Declan")


def test_a_visit_by_a_line_manager_is_remarked_to_the_two_alone():
    visit = books(diary(MANAGED), "visit-1", "09:10", "09:20", "Tom", "Kelly", visited="Declan")
    told = visit.then(warns=["LINE_MANAGER_CONFLICT", "LINE_MANAGER_CONFLICT"])
    seen = {name: told.warned(name) for name in ("Tom", "Declan", "Petra", "Kelly", "Nasreen")}
    assert {name for name, codes in seen.items() if codes} == {"Tom", "Declan"}
    assert seen["Tom"] == seen["Declan"] == ["LINE_MANAGER_CONFLICT"]


@pytest.mark.parametrize(
    ("people", "teacher"), [(("Declan",), "Tom"), (("Tom", "Declan"), None), (("Kelly",), "Declan")]
)
def test_only_visiting_whom_one_manages_is_a_conflict(people, teacher):
    books(diary(MANAGED), "visit-1", "09:10", "09:20", *people, visited=teacher).then(warns=[])


def test_a_school_may_refuse_it_without_saying_who_manages_whom():
    told = diary(decides(MANAGED, BECK_ROAD, line_manager_forbidden=True))
    visit = books(told, "visit-1", "09:10", "09:20", "Tom", "Kelly", visited="Declan")
    visit.refused("LINE_MANAGER_FORBIDDEN", details=(), params={})
    books(told, "visit-1", "09:10", "09:20", "Kelly", visited="Declan").then()


# Terms


@pytest.mark.parametrize(
    ("day", "outside"),
    [("2026-12-18", []), ("2026-12-19", ["OUTSIDE_TERM"]), ("2026-11-21", ["OUTSIDE_TERM"])],
)
def test_a_day_without_school_is_remarked(day, outside):
    told = books(diary(CALENDAR), "visit-1", f"{day}T23:30", f"{day}T23:40", room=B4)
    told.then(warns=outside)


def test_it_is_the_rooms_school_that_counts_or_else_the_runs():
    told = diary(has_calendar(CALENDAR, CARRICK))
    books(told, "visit-1", "09:10", "09:20", room=C1).then(warns=["OUTSIDE_TERM"])
    saturday = ("2026-11-21T09:10", "2026-11-21T09:20")
    books(told, "visit-1", *saturday).then(warns=["OUTSIDE_TERM"])
