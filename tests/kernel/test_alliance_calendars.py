"""When a school is open: one academic year at a time, and the days of the week."""

import pytest
from tests.kernel.valley import (
    ASHLOW,
    CARRICK,
    NEXT_YEAR,
    VALLEY,
    YEAR,
    has_calendar,
    state,
)


def calendar_of(told, school):
    found = state(told).schools[school].calendar
    assert found is not None
    return found


def test_a_calendar_goes_by_the_schools_own_zone_and_its_years_stand_in_order():
    found = calendar_of(has_calendar(VALLEY, CARRICK, NEXT_YEAR, YEAR), CARRICK)
    assert (found.zone, found.weekdays) == ("Pacific/Auckland", (1, 2, 3, 4, 5))
    assert [year.label for year in found.years] == ["2026/27", "2027/28"]


def test_without_a_word_of_the_week_a_school_is_open_from_monday_to_friday():
    told = VALLEY.who("Judith").does("set-academic-year", {"school": str(ASHLOW), **YEAR})
    assert calendar_of(told, ASHLOW).weekdays == (1, 2, 3, 4, 5)
    told = told.does("set-school-week", {"school": str(ASHLOW), "weekdays": [6, 1, 6]})
    found = calendar_of(told, ASHLOW)
    assert (found.weekdays, len(found.years)) == ((1, 6), 1)


@pytest.mark.parametrize("again", [{"label": "2026/27"}, {"label": "the year that begins"}])
def test_a_year_replaces_the_one_of_its_name_or_its_first_day(again):
    short = {"day": "2026-12-18", "opens": "09:00:00", "closes": "12:00:00"}
    told = has_calendar(VALLEY, ASHLOW, {**YEAR, "short_days": [short]}, NEXT_YEAR)
    assert len(calendar_of(told, ASHLOW).partial_days) == 1
    told = told.does("set-academic-year", {"school": str(ASHLOW), **YEAR, **again, "terms": []})
    found = calendar_of(told, ASHLOW)
    assert [(year.label, len(year.terms)) for year in found.years] == [
        (again["label"], 0),
        ("2027/28", 1),
    ]
    assert found.partial_days == ()


SHORT = {"day": "2026-12-18", "opens": "09:00:00", "closes": "12:00:00"}


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"until": "2026-09-01"}, "/until"),
        ({"terms": [*reversed(YEAR["terms"])]}, "/terms/1"),
        ({"terms": [{**YEAR["terms"][0], "first": "2026-08-31"}]}, "/terms/0"),
        ({"terms": [{**YEAR["terms"][1], "until": "2027-09-02"}]}, "/terms/0"),
        ({"terms": [{**YEAR["terms"][0], "until": "2026-09-01"}]}, "/terms/0/until"),
        (
            {"breaks": [{"kind": "closure", "first": "2026-10-26", "until": "2026-10-26"}]},
            "/breaks/0/until",
        ),
        ({"short_days": [{**SHORT, "closes": "09:00:00"}]}, "/short_days/0/closes"),
        ({"short_days": [SHORT, {**SHORT, "opens": "09:00:00Z"}]}, "/short_days/1/closes"),
        ({"short_days": [{**SHORT, "day": "2027-09-01"}]}, "/short_days/0/day"),
        ({"label": "long", "until": "2027-09-02"}, "/first"),
    ],
)
def test_a_year_must_hang_together_and_lie_beside_the_others(changed, pointer):
    told = has_calendar(VALLEY, ASHLOW, NEXT_YEAR)
    form = {"school": str(ASHLOW), **YEAR, **changed}
    told.does("set-academic-year", form).refused("VALIDATION_FAILED", pointer=pointer)
