"""What holds for every school calendar, every day and every wall clock."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from enquiry.kernel.schooldays import (
    AcademicYear,
    BeyondCalendar,
    Break,
    Days,
    Interval,
    SchoolCalendar,
    Term,
    add_school_days,
    days_strictly_between,
    instant_of,
    is_school_day,
    local_date,
    shared,
    wall_clock,
)

LONDON = "Europe/London"

A_DAY = st.dates(date(2026, 7, 1), date(2027, 9, 30))
A_COUNT = st.integers(1, 60)
A_ZONE = st.sampled_from([LONDON, "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu", "UTC"])
A_WALL = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1))


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    """A school whose terms and breaks fall anywhere in the scenarios' year."""
    cuts = draw(st.lists(st.integers(0, 364), min_size=2, max_size=8, unique=True).map(sorted))
    start = date(2026, 9, 1)
    stretches = [
        Days(start + timedelta(days=a), start + timedelta(days=b))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    closed = draw(st.lists(st.integers(0, 350), max_size=6))
    breaks = tuple(
        Break("closure", Days(start + timedelta(days=day), start + timedelta(days=day + 5)))
        for day in closed
    )
    terms = tuple(Term(str(number), one) for number, one in enumerate(stretches))
    year = AcademicYear("2026/27", Days(start, date(2027, 9, 1)), terms, breaks)
    return SchoolCalendar(LONDON, (year,))


@given(calendars(), A_DAY, A_DAY)
def test_notice_is_the_number_of_school_days_one_could_list(
    calendar: SchoolCalendar, first: date, last: date
):
    listed = [
        day
        for day in (first + timedelta(days=n) for n in range(1, 500))
        if day < last and is_school_day(calendar, day)
    ]
    assert days_strictly_between(calendar, first, last) == len(listed)


@given(calendars(), A_DAY, A_DAY, A_DAY)
def test_notice_adds_up_over_a_day_in_between(
    calendar: SchoolCalendar, one: date, two: date, three: date
):
    first, middle, last = sorted((one, two, three))
    if first < middle < last:
        whole = days_strictly_between(calendar, first, last)
        parts = days_strictly_between(calendar, first, middle)
        parts += days_strictly_between(calendar, middle, last)
        assert whole == parts + is_school_day(calendar, middle)


@given(calendars(), A_DAY, A_COUNT)
def test_adding_school_days_lands_on_a_school_day_with_as_many_before_it(
    calendar: SchoolCalendar, day: date, count: int
):
    try:
        landed = add_school_days(calendar, day, count)
    except BeyondCalendar:
        assert days_strictly_between(calendar, day, date.max) < count
        return
    assert is_school_day(calendar, landed)
    assert days_strictly_between(calendar, day, landed) == count - 1


@given(calendars(), A_DAY, A_COUNT)
def test_going_on_and_back_by_as_many_school_days_ends_where_it_began(
    calendar: SchoolCalendar, day: date, count: int
):
    if is_school_day(calendar, day):
        try:
            there = add_school_days(calendar, day, count)
        except BeyondCalendar:
            return
        assert add_school_days(calendar, there, -count) == day


@given(calendars(), calendars(), A_DAY)
def test_what_schools_share_is_what_each_has(one: SchoolCalendar, other: SchoolCalendar, day: date):
    both = shared((one, other))
    assert is_school_day(both, day) == (is_school_day(one, day) and is_school_day(other, day))
    assert is_school_day(shared((one,)), day) == is_school_day(one, day)


@given(A_WALL, A_ZONE)
def test_a_wall_clock_comes_back_unless_the_clocks_skipped_it(wall: datetime, zone: str):
    seen = instant_of(wall, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if wall_clock(wall, zone) == "skipped":
        assert wall < seen <= wall + timedelta(hours=1)
    else:
        assert seen == wall


@given(A_WALL, A_ZONE)
def test_the_later_of_two_is_never_earlier(wall: datetime, zone: str):
    first, later = instant_of(wall, zone), instant_of(wall, zone, later=True)
    assert first <= later
    assert (first < later) == (wall_clock(wall, zone) == "repeated")


@given(A_WALL, st.integers(-12, 12), A_ZONE)
def test_the_local_day_does_not_depend_on_how_the_instant_is_written(
    wall: datetime, hours: int, zone: str
):
    instant = wall.replace(tzinfo=UTC)
    elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    assert local_date(instant, zone) == local_date(elsewhere, zone)


@given(st.lists(A_WALL, min_size=4, max_size=4, unique=True))
def test_intervals_overlap_when_an_instant_is_in_both(walls: list[datetime]):
    a, b, c, d = (wall.replace(tzinfo=UTC) for wall in walls)
    one, other = Interval(min(a, b), max(a, b)), Interval(min(c, d), max(c, d))
    shared_start = max(one.start, other.start)
    assert one.overlaps(other) == (one.holds(shared_start) and other.holds(shared_start))
    assert one.overlaps(other) == other.overlaps(one)
