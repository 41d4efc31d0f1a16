"""When the time of something runs out: whole days, terms and academic years of a school."""

from datetime import date

import pytest

from enquiry.kernel.schooldays import AcademicYear, Days, SchoolCalendar, Term
from enquiry.method.retention import Keep
from enquiry.runtime.retention import TERM_DAYS_MAX, YEAR_DAYS_MAX, runs_out, strictest


def year(label: str, first: date, until: date, *terms: tuple[date, date]) -> AcademicYear:
    found = tuple(Term(f"Term {n}", Days(*both)) for n, both in enumerate(terms, 1))
    return AcademicYear(label, Days(first, until), found)


LEEDS = SchoolCalendar(
    "Europe/London",
    (
        year(
            "2026/27",
            date(2026, 9, 1),
            date(2027, 9, 1),
            (date(2026, 9, 1), date(2026, 12, 19)),
            (date(2027, 1, 4), date(2027, 3, 26)),
            (date(2027, 4, 12), date(2027, 7, 22)),
        ),
        year(
            "2027/28",
            date(2027, 9, 1),
            date(2028, 9, 1),
            (date(2027, 9, 1), date(2027, 12, 18)),
        ),
    ),
)
OTAGO = SchoolCalendar(
    "Pacific/Auckland",
    (
        year(
            "2026",
            date(2026, 1, 26),
            date(2027, 1, 25),
            (date(2026, 2, 2), date(2026, 4, 3)),
            (date(2026, 10, 12), date(2026, 12, 17)),
        ),
        year(
            "2027",
            date(2027, 1, 25),
            date(2028, 1, 24),
            (date(2027, 2, 1), date(2027, 4, 10)),
        ),
    ),
)
NOVEMBER = date(2026, 11, 3)
TERM, YEAR = Keep(kind="a", what="A", terms=1), Keep(kind="a", what="A", years=1)


def test_thirty_days_are_thirty_whole_days() -> None:
    assert runs_out(Keep(kind="a", what="A", days=30), NOVEMBER, LEEDS) == date(2026, 12, 4)


def test_no_day_at_all_is_over_with_the_end() -> None:
    assert runs_out(Keep(kind="a", what="A", days=0), NOVEMBER, None) == NOVEMBER


@pytest.mark.parametrize(
    ("calendar", "ended", "first_without"),
    [
        (LEEDS, NOVEMBER, date(2027, 3, 26)),
        (LEEDS, date(2026, 12, 27), date(2027, 3, 26)),
        (LEEDS, date(2027, 7, 1), date(2027, 12, 18)),
        (OTAGO, NOVEMBER, date(2027, 4, 10)),
        (OTAGO, date(2026, 3, 1), date(2026, 12, 17)),
    ],
    ids=["in a term", "in the holidays", "into the next year", "south", "south, within a year"],
)
def test_a_term_is_kept_to_the_end_of_the_one_that_follows(
    calendar: SchoolCalendar, ended: date, first_without: date
) -> None:
    assert runs_out(TERM, ended, calendar) == first_without


@pytest.mark.parametrize(
    ("calendar", "first_without"),
    [(LEEDS, date(2028, 9, 1)), (OTAGO, date(2028, 1, 24))],
    ids=["north", "south"],
)
def test_a_year_is_kept_to_the_end_of_the_academic_year_that_follows(
    calendar: SchoolCalendar, first_without: date
) -> None:
    assert runs_out(YEAR, NOVEMBER, calendar) == first_without


@pytest.mark.parametrize("calendar", [None, SchoolCalendar("Europe/London")])
def test_nothing_is_kept_for_want_of_a_calendar(calendar: SchoolCalendar | None) -> None:
    term, whole = runs_out(TERM, NOVEMBER, calendar), runs_out(YEAR, NOVEMBER, calendar)
    assert term is not None
    assert whole is not None
    assert (term - NOVEMBER).days == TERM_DAYS_MAX
    assert (whole - NOVEMBER).days == YEAR_DAYS_MAX


def test_what_is_kept_for_ever_never_runs_out() -> None:
    assert runs_out(Keep(kind="a", what="A", because="it is history"), NOVEMBER, LEEDS) is None


def test_of_several_calendars_the_longest_counts_and_of_several_schools_times_the_shortest() -> (
    None
):
    today = date(2027, 3, 1)
    march, april, may = ((date(2027, month, 26), today) for month in (3, 4, 5))
    assert strictest([march, april], []) == april
    assert strictest([march, april], [may]) == april
    assert strictest([april], [march, may]) == march
    assert strictest([], [may]) == may
    assert strictest([], []) is None
