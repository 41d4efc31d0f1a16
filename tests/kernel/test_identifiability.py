"""What leaves the people it came from was read for what could identify them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from enquiry.kernel.identifiability import (
    Audience,
    Check,
    GuardResult,
    Reading,
    guarded,
    holds,
    month_of,
    public,
    readers_missing,
    school_labels,
)
from enquiry.kernel.textguard import Guard, Person, Roster, text_check, word_lists

PETRA, KELLY = UUID(int=1), UUID(int=2)
ASHLOW, BECK, CARRICK = UUID(int=11), UUID(int=12), UUID(int=13)
NAMES = {ASHLOW: "Ashlow", BECK: "Beck Road", CARRICK: "Carrick"}


def reading(**changes: Any) -> Reading:
    read = Reading(
        reader=PETRA,
        revision=10,
        audience=Audience.PUBLIC,
        clear=tuple(Check),
        guard=GuardResult(words="en.1"),
        confirmed=True,
    )
    return read.but(**changes)


def test_a_reading_that_found_nothing_lets_it_be_released() -> None:
    assert holds(reading(), Audience.ALLIANCE, 9)


@pytest.mark.parametrize("left", list(Check))
def test_every_point_of_the_checklist_is_looked_at(left: Check) -> None:
    clear = tuple(check for check in Check if check is not left)
    assert not holds(reading(clear=clear), Audience.SCHOOL, 9)


def test_a_reading_before_the_last_change_is_none() -> None:
    assert not holds(reading(), Audience.SCHOOL, 10)


def test_a_reader_who_did_not_confirm_holds_it_back() -> None:
    assert not holds(reading(confirmed=False), Audience.SCHOOL, 9)


def test_what_text_guard_found_holds_it_back() -> None:
    found = GuardResult(words="en.1", identifying=1)
    assert not holds(reading(guard=found), Audience.SCHOOL, 9)
    remarked = GuardResult(words="en.1", remarked=3)
    assert holds(reading(guard=remarked), Audience.SCHOOL, 9)


def test_a_reading_for_a_narrower_audience_does_not_hold_for_a_wider_one() -> None:
    narrow = reading(audience=Audience.SCHOOL)
    assert holds(narrow, Audience.GROUP, 9)
    assert not holds(narrow, Audience.ALLIANCE, 9)


@pytest.mark.parametrize("audience", [Audience.GROUP, Audience.SCHOOL, Audience.ALLIANCE])
def test_one_reader_is_enough_within_the_alliance(audience: Audience) -> None:
    assert readers_missing([], audience, 9) == 1
    assert readers_missing([reading()], audience, 9) == 0


def test_for_the_public_a_second_reader_is_needed_and_nobody_is_two() -> None:
    assert readers_missing([reading()], Audience.PUBLIC, 9) == 1
    assert readers_missing([reading(), reading(revision=11)], Audience.PUBLIC, 9) == 1
    assert readers_missing([reading(), reading(reader=KELLY)], Audience.PUBLIC, 9) == 0


def test_what_text_guard_found_is_counted_with_its_word_lists() -> None:
    lists = word_lists("en")
    roster = Roster(people=(Person(id="1", name="Petra Novák", role="host"),), rooms=("B12",))
    check = text_check(Guard(roster, lists))
    found = guarded(["Pupils explained why.", "Ms Novák asked in B12."], check, lists.version)
    assert found.identifying >= 2
    assert found.words == lists.version
    assert guarded(["Pupils explained why."], check, lists.version).identifying == 0


def test_the_public_reads_a_month_and_no_day() -> None:
    assert month_of(date(2026, 11, 30)) == "2026-11"
    midnight = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert month_of(midnight) == "2026-11"
    assert month_of(midnight, "Pacific/Auckland") == "2026-12"


def test_a_school_is_named_only_if_it_consents() -> None:
    labels = school_labels(NAMES, {BECK})
    assert labels == {ASHLOW: "School A", BECK: "Beck Road", CARRICK: "School B"}


def test_a_single_school_that_does_not_consent_is_not_told_by_its_absence() -> None:
    labels = school_labels(NAMES, {ASHLOW, BECK})
    assert set(labels.values()) == {"School A", "School B", "School C"}
    assert school_labels({ASHLOW: "Ashlow"}, {ASHLOW}) == {ASHLOW: "Ashlow"}
    assert school_labels({ASHLOW: "Ashlow"}, ()) == {ASHLOW: "School A"}


def test_nothing_within_a_public_value_keeps_a_day_or_a_school() -> None:
    value = {
        "school": BECK,
        "visits": [{"on": date(2026, 11, 3), "at": datetime(2026, 11, 3, 9, tzinfo=UTC)}],
        "by": {ASHLOW: 3},
    }
    shown = public(value, school_labels(NAMES, ()))
    assert shown == {
        "school": "School B",
        "visits": [{"on": "2026-11", "at": "2026-11"}],
        "by": {"School A": 3},
    }
