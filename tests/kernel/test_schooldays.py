"""School days, academic years and wall clocks, told by the schools of the scenarios."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from enquiry.kernel.schooldays import (
    AcademicYear,
    BeyondCalendar,
    Break,
    Days,
    Interval,
    PartialDay,
    SchoolCalendar,
    Term,
    academic_year_of,
    add_school_days,
    days,
    days_strictly_between,
    instant_of,
    interval_of,
    is_open_at,
    is_school_day,
    local_date,
    shared,
    wall_clock,
)
from enquiry.method.texts import unmarked

LONDON = "Europe/London"

YEAR_2026 = AcademicYear(
    "2026/27",
    Days(date(2026, 9, 1), date(2027, 9, 1)),
    terms=(
        Term("Autumn", days(date(2026, 9, 1), date(2026, 12, 18))),
        Term("Spring", days(date(2027, 1, 4), date(2027, 3, 25))),
        Term("Summer", days(date(2027, 4, 12), date(2027, 7, 21))),
    ),
    breaks=(
        Break("half_term", days(date(2026, 10, 26), date(2026, 10, 30))),
        Break("half_term", days(date(2027, 2, 15), date(2027, 2, 19))),
    ),
)
CALDER = SchoolCalendar(LONDON, (YEAR_2026,))

YEAR_2027_SOUTH = AcademicYear(
    "2027",
    Days(date(2027, 1, 28), date(2028, 1, 27)),
    terms=(
        Term("1", days(date(2027, 2, 1), date(2027, 4, 15))),
        Term("2", days(date(2027, 5, 3), date(2027, 7, 9))),
    ),
)
ROTORUA = SchoolCalendar("Pacific/Auckland", (YEAR_2027_SOUTH,))


def test_a_walk_on_19_november_announced_on_11_november_gives_five_school_days_notice():
    assert days_strictly_between(CALDER, date(2026, 11, 11), date(2026, 11, 19)) == 5


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 11, 12), date(2026, 11, 19), 4),
        (date(2026, 11, 18), date(2026, 11, 19), 0),
        (date(2026, 11, 19), date(2026, 11, 19), 0),
        (date(2026, 11, 20), date(2026, 11, 19), 0),
        (date(2026, 11, 13), date(2026, 11, 16), 0),  # Friday to Monday
        (date(2026, 10, 23), date(2026, 11, 2), 0),  # over half-term
        (date(2026, 12, 17), date(2027, 1, 5), 2),  # over Christmas
        (date(2027, 2, 12), date(2027, 2, 23), 1),
        (date(2026, 8, 1), date(2026, 9, 2), 1),  # from the holidays
    ],
)
def test_notice_counts_whole_school_days_between_and_neither_end(
    first: date, last: date, count: int
):
    assert days_strictly_between(CALDER, first, last) == count


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 9, 5), False),
        (date(2026, 10, 26), False),
        (date(2026, 10, 30), False),
        (date(2026, 11, 2), True),
        (date(2026, 12, 18), True),
        (date(2026, 12, 21), False),
        (date(2027, 3, 25), True),
        (date(2027, 3, 26), False),
        (date(2027, 7, 21), True),
        (date(2027, 7, 22), False),
        (date(2029, 11, 14), False),
    ],
)
def test_school_days_are_weekdays_of_a_term_outside_its_breaks(day: date, expected: bool):
    assert is_school_day(CALDER, day) is expected


def test_staff_days_and_closures_are_no_school_days_and_partial_days_are():
    year = msgspec.structs.replace(
        YEAR_2026,
        breaks=(
            Break("staff_day", days(date(2026, 11, 16), date(2026, 11, 16))),
            Break("closure", days(date(2026, 11, 17), date(2026, 11, 18))),
        ),
    )
    early = PartialDay(date(2026, 11, 13), time(8, 45), time(12, 0))
    school = SchoolCalendar(LONDON, (year,), (early,))

    assert [day for day in range(9, 21) if is_school_day(school, date(2026, 11, day))] == [
        *(9, 10, 11, 12, 13),
        *(19, 20),
    ]


def test_a_school_is_open_at_a_moment_of_a_school_day_unless_it_closed_early():
    early = PartialDay(date(2026, 11, 13), time(8, 45), time(12, 0))
    school = SchoolCalendar(LONDON, (YEAR_2026,), (early,))

    def opened(*wall: int) -> bool:
        return is_open_at(school, instant_of(datetime(*wall), LONDON))

    assert opened(2026, 11, 13, 8, 45)
    assert not opened(2026, 11, 13, 8, 44)
    assert not opened(2026, 11, 13, 12, 0)
    assert opened(2026, 11, 12, 12, 0)
    assert not opened(2026, 11, 14, 12, 0)


def test_a_school_that_works_from_sunday_to_thursday_says_so():
    school = SchoolCalendar("Asia/Muscat", (YEAR_2026,), weekdays=(7, 1, 2, 3, 4))

    assert is_school_day(school, date(2026, 9, 6))
    assert not is_school_day(school, date(2026, 9, 4))


def test_adding_school_days_steps_over_half_term():
    assert add_school_days(CALDER, date(2026, 10, 23), 1) == date(2026, 11, 2)
    assert add_school_days(CALDER, date(2026, 11, 2), -1) == date(2026, 10, 23)
    assert add_school_days(CALDER, date(2026, 8, 1), 1) == date(2026, 9, 1)
    assert add_school_days(CALDER, date(2026, 10, 28), 0) == date(2026, 10, 28)


@pytest.mark.parametrize(
    ("calendar", "day", "count"),
    [
        (CALDER, date(2027, 7, 20), 2),
        (CALDER, date(2026, 9, 2), -2),
        (CALDER, date(2030, 1, 1), 1),
        (CALDER, date(2020, 1, 1), -1),
        (SchoolCalendar(LONDON), date(2026, 9, 2), 1),
        (shared((CALDER, SchoolCalendar(LONDON))), date(2026, 9, 2), 1),
    ],
)
def test_school_days_that_no_calendar_records_cannot_be_added(
    calendar: SchoolCalendar, day: date, count: int
):
    with pytest.raises(BeyondCalendar):
        add_school_days(calendar, day, count)


def test_a_southern_year_is_the_labelled_year_of_the_school_not_of_the_calendar():
    january = academic_year_of(ROTORUA, date(2028, 1, 20))
    assert january is not None
    assert january.label == "2027"
    assert academic_year_of(ROTORUA, date(2027, 1, 20)) is None
    autumn = academic_year_of(CALDER, date(2027, 8, 31))
    assert autumn is not None
    assert autumn.label == "2026/27"


def test_one_academic_year_may_begin_on_the_day_the_last_one_ends():
    following = AcademicYear("2027/28", Days(date(2027, 9, 1), date(2028, 9, 1)), terms=())
    school = SchoolCalendar(LONDON, (YEAR_2026, following))

    assert academic_year_of(school, date(2027, 9, 1)) == following


def test_schools_share_the_days_on_which_all_are_open():
    other = msgspec.structs.replace(
        YEAR_2026, breaks=(Break("closure", days(date(2026, 11, 12), date(2026, 11, 13))),)
    )
    both = shared((CALDER, SchoolCalendar(LONDON, (other,))))

    assert days_strictly_between(both, date(2026, 11, 11), date(2026, 11, 19)) == 3
    assert not is_school_day(both, date(2026, 10, 28))
    assert add_school_days(both, date(2026, 11, 11), 1) == date(2026, 11, 16)


def test_the_calendar_of_no_school_is_refused():
    with pytest.raises(ValueError, match="no school"):
        shared(())


def test_a_day_is_the_schools_day_not_the_servers():
    late = datetime(2026, 11, 11, 23, 30, tzinfo=UTC)
    assert local_date(late, LONDON) == date(2026, 11, 11)
    assert local_date(late, "Pacific/Auckland") == date(2026, 11, 12)
    assert local_date(datetime(2026, 6, 1, 23, 30, tzinfo=UTC), LONDON) == date(2026, 6, 2)


def test_a_plan_keeps_the_hosts_wall_clock_when_the_clocks_change():
    before = instant_of(datetime(2026, 10, 23, 9, 10), LONDON)
    after = instant_of(datetime(2026, 11, 2, 9, 10), LONDON)

    assert before == datetime(2026, 10, 23, 8, 10, tzinfo=UTC)
    assert after == datetime(2026, 11, 2, 9, 10, tzinfo=UTC)


def test_a_southern_plan_keeps_its_wall_clock_when_its_clocks_change():
    # They go forward on 27 September 2026, and back on 4 April 2027.
    before = instant_of(datetime(2026, 9, 25, 9, 10), "Pacific/Auckland")
    after = instant_of(datetime(2026, 9, 28, 9, 10), "Pacific/Auckland")
    autumn = instant_of(datetime(2027, 4, 5, 9, 10), "Pacific/Auckland")

    assert before == datetime(2026, 9, 24, 21, 10, tzinfo=UTC)
    assert after == datetime(2026, 9, 27, 20, 10, tzinfo=UTC)
    assert autumn == datetime(2027, 4, 4, 21, 10, tzinfo=UTC)
    assert wall_clock(datetime(2026, 9, 27, 2, 30), "Pacific/Auckland") == "skipped"
    assert wall_clock(datetime(2027, 4, 4, 2, 30), "Pacific/Auckland") == "repeated"


def test_a_time_the_clocks_skip_is_moved_on_by_as_much_as_they_are():
    skipped = datetime(2027, 3, 28, 1, 30)

    assert wall_clock(skipped, LONDON) == "skipped"
    moved = instant_of(skipped, LONDON).astimezone(ZoneInfo(LONDON))
    assert moved.replace(tzinfo=None) == datetime(2027, 3, 28, 2, 30)
    assert instant_of(skipped, LONDON, later=True) == instant_of(skipped, LONDON)


def test_of_a_time_the_clocks_show_twice_the_first_is_meant_unless_the_later_is_asked_for():
    twice = datetime(2026, 10, 25, 1, 30)

    assert wall_clock(twice, LONDON) == "repeated"
    assert instant_of(twice, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant_of(twice, LONDON, later=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_interval_lasts_its_minutes_across_a_change_of_the_clocks():
    night = interval_of(datetime(2026, 10, 25, 0, 30), 90, LONDON)

    assert night.end - night.start == timedelta(minutes=90)
    assert night.end.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None) == datetime(2026, 10, 25, 1)


def test_visits_back_to_back_do_not_overlap():
    first = interval_of(datetime(2026, 11, 19, 9, 10), 8, LONDON)
    second = interval_of(datetime(2026, 11, 19, 9, 18), 8, LONDON)

    assert not first.overlaps(second)
    assert not second.overlaps(first)
    assert first.overlaps(interval_of(datetime(2026, 11, 19, 9, 17), 1, LONDON))
    assert first.holds(first.start)
    assert not first.holds(first.end)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Days(date(2026, 9, 1), date(2026, 9, 1)),
        lambda: SchoolCalendar("Europe/Ashlow"),
        lambda: SchoolCalendar("../etc/passwd"),
        lambda: SchoolCalendar("Europe"),
        lambda: SchoolCalendar(LONDON, (YEAR_2026, YEAR_2026)),
        lambda: msgspec.structs.replace(YEAR_2026, terms=YEAR_2026.terms[::-1]),
        lambda: msgspec.structs.replace(YEAR_2026, days=days(date(2026, 9, 2), date(2027, 8, 31))),
        lambda: PartialDay(date(2026, 11, 13), time(12), time(12)),
        lambda: PartialDay(date(2026, 11, 13), time(8, tzinfo=UTC), time(12)),
        lambda: Interval(datetime(2026, 11, 19, 9), datetime(2026, 11, 19, 10)),
        lambda: interval_of(datetime(2026, 11, 19, 9), 0, LONDON),
        lambda: instant_of(datetime(2026, 11, 19, 9, tzinfo=UTC), LONDON),
        lambda: local_date(datetime(2026, 11, 19, 9), LONDON),
        lambda: is_open_at(CALDER, datetime(2026, 11, 19, 9)),
    ],
)
def test_what_cannot_be_is_refused(make):
    with pytest.raises(ValueError):
        make()


def test_a_calendar_survives_its_encoding_and_refuses_an_overlap_on_the_way_in():
    school = SchoolCalendar(
        LONDON, (YEAR_2026,), (PartialDay(date(2026, 12, 18), time(8, 45), time(12)),)
    )
    encoded = msgspec.json.encode(school)
    assert msgspec.json.decode(encoded, type=SchoolCalendar) == school

    twice = msgspec.to_builtins(school)
    twice["years"] = [*twice["years"], *twice["years"]]
    with pytest.raises(msgspec.ValidationError, match="overlap"):
        msgspec.convert(twice, SchoolCalendar)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(encoded.replace(b"[1,2,3,4,5]", b"[0]"), type=SchoolCalendar)


def test_a_calendar_cannot_be_changed_and_is_one_value():
    assert hash(CALDER) == hash(SchoolCalendar(LONDON, (YEAR_2026,)))
    with pytest.raises(AttributeError):
        CALDER.zone = "UTC"  # pyright: ignore[reportAttributeAccessIssue]


def test_no_text_of_a_calendar_is_about_a_person():
    assert unmarked(SchoolCalendar) == []
