"""Cover: whoever is booked while they are timetabled to teach is told of, and nobody is refused."""

import pytest
from tests.kernel.schedule import books, diary
from tests.kernel.valley import (
    ASHLOW,
    BECK_ROAD,
    CARRICK,
    VALLEY,
    YEAR,
    has_calendar,
    joins,
    state,
    who,
)

# 19 November 2026 is a Thursday.
THURSDAYS = {"weekday": 4, "starts": "09:00:00", "ends": "10:00:00"}
THAT_DAY = {"on": "2026-11-19", "starts": "09:00:00", "ends": "10:00:00"}


def teaches(told, name, *lessons, school=BECK_ROAD, by="Nasreen"):
    form = {"school": str(school), "person": who(name), "lessons": list(lessons)}
    return told.who(by).does("set-timetable", form)


@pytest.mark.parametrize("lesson", [THURSDAYS, THAT_DAY])
def test_whoever_teaches_meanwhile_needs_cover(lesson):
    told = diary(teaches(VALLEY, "Tom", lesson))
    told = books(told, "visit-1", "09:10", "09:20", "Tom", "Kelly").then(warns=["COVER_NEEDED"])
    (warning,) = told.live.warnings.values()
    assert (warning.about, warning.params) == ("visit-1", {"person": who("Tom")})


@pytest.mark.parametrize(
    ("start", "end"),
    [("08:50", "09:00"), ("10:00", "10:10"), ("2026-11-20T09:10", "2026-11-20T09:20")],
)
def test_back_to_back_or_on_another_day_needs_none(start, end):
    told = diary(teaches(VALLEY, "Tom", THURSDAYS))
    books(told, "visit-1", start, end, "Tom").then(warns=[])


def test_the_teacher_who_is_visited_is_where_they_teach():
    told = diary(teaches(VALLEY, "Declan", THURSDAYS))
    books(told, "visit-1", "09:10", "09:20", "Tom", visited="Declan").then(warns=[])


def test_a_weekly_lesson_is_not_held_on_a_day_without_school():
    told = has_calendar(VALLEY, BECK_ROAD, YEAR)
    told = diary(teaches(told, "Tom", THURSDAYS))
    books(told, "visit-1", "2026-12-24T09:10", "2026-12-24T09:20", "Tom").then(
        warns=["OUTSIDE_TERM"]
    )


def test_a_lesson_goes_by_the_clock_at_its_school():
    early = {"weekday": 5, "starts": "09:00:00", "ends": "10:00:00"}
    told = diary(teaches(VALLEY, "Hamish", early, school=CARRICK))
    # Nine on Friday at Carrick is eight on Thursday evening, UTC.
    evening = books(told, "visit-1", "2026-11-19T20:10", "2026-11-19T20:20", "Hamish")
    evening.then(warns=["COVER_NEEDED"])
    books(told, "visit-1", "09:10", "09:20", "Hamish").then(warns=[])


def test_lessons_at_a_school_are_replaced_as_a_whole_and_those_of_another_stay():
    told = teaches(joins(VALLEY, "Tom", ASHLOW, "teacher"), "Tom", THAT_DAY, school=ASHLOW)
    told = teaches(told, "Tom", THURSDAYS, THAT_DAY)
    told = teaches(told, "Tom", THURSDAYS)
    lessons = next(p for id_, p in state(told).people.items() if str(id_) == who("Tom")).lessons
    assert [lesson.school for lesson in lessons] == [ASHLOW, BECK_ROAD]


def test_decided_on_what_has_changed_since_it_is_refused():
    seen = VALLEY.stream.live.revision
    told = teaches(VALLEY, "Tom", THURSDAYS).then()
    form = {"school": str(BECK_ROAD), "person": who("Tom"), "lessons": []}
    told.does("set-timetable", form, if_match=seen).refused("VERSION_CONFLICT")


@pytest.mark.parametrize(
    ("by", "allowed"), [("Tom", True), ("Kelly", True), ("Petra", False), ("Judith", False)]
)
def test_a_leader_or_the_teacher_says_when_they_teach(by, allowed):
    told = teaches(VALLEY, "Kelly", THURSDAYS, by=by)
    told.then("timetable-set") if allowed else told.refused("NOT_PERMITTED")


@pytest.mark.parametrize(
    ("lesson", "pointer"),
    [
        ({**THURSDAYS, "on": "2026-11-19"}, "/lessons/0/weekday"),
        ({"starts": "09:00:00", "ends": "10:00:00"}, "/lessons/0/weekday"),
        ({**THURSDAYS, "ends": "09:00:00"}, "/lessons/0/ends"),
        ({**THURSDAYS, "ends": "10:00:00Z"}, "/lessons/0/ends"),
    ],
)
def test_a_lesson_is_weekly_or_on_one_day_and_ends_after_it_starts(lesson, pointer):
    teaches(VALLEY, "Tom", lesson).refused("VALIDATION_FAILED", pointer=pointer)


def test_whoever_does_not_belong_to_the_school_has_no_lessons_there():
    teaches(VALLEY, "Tom", THURSDAYS, school=ASHLOW).refused("NOT_FOUND")


def test_nobody_but_stewards_and_whoever_recorded_it_reads_when_somebody_teaches():
    told = teaches(VALLEY, "Kelly", THURSDAYS, by="Tom")
    readers = [
        name
        for name in ("Nasreen", "Tom", "Kelly", "Petra", "Judith")
        if any(fact["kind"] == "timetable-set" for fact in told.reads(name))
    ]
    assert readers == ["Nasreen", "Tom"]
