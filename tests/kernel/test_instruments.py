"""Instruments are data: read, checked, and scored as they say."""

import re
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest

from enquiry.kernel.surveys.instrument import (
    FlawedInstrument,
    Instrument,
    instrument,
    shipped,
    wording,
)
from enquiry.kernel.surveys.scoring import Ballot, results, score

EFFICACY = shipped()["collective-efficacy", 1]
ASHLOW, BECK = UUID(int=1), UUID(int=2)
SMALLEST = """
id = "one"
version = 1
title = "One question"
source = "us"
anonymous = true
report = "items"
least = 1
most = 5
[words]
1 = "no"
[[items]]
key = "a"
gist = "a thing"
"""


def test_the_instruments_of_the_specification_are_shipped() -> None:
    assert {id_ for id_, _ in shipped()} == {
        "collective-efficacy",
        "trust-pulse",
        "partnership-maturity",
        "jpd-health-check",
    }


def test_every_instrument_that_is_shipped_is_in_the_list_of_instruments() -> None:
    page = (Path(__file__).parents[2] / "docs/instruments.md").read_text()
    for id_, version in shipped():
        assert re.search(rf"`{id_}` \| {version} ", page), id_


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "a"', 'key = "a"\ngist = "twice"\n[[items]]\nkey = "a"', "two items"),
        ("most = 5", "most = 1", "no choice"),
        ('1 = "no"', '6 = "no"', "cannot be given"),
        ("version = 1", "version = 0", "version"),
        ('report = "items"', 'report = "scales"', "has none"),
        ('report = "items"', 'report = "stars"', "stars"),
        ("least = 1", "least = 1\nprogress = true", "not anonymous"),
        ('source = "us"', "", "source"),
        ('source = "us"', 'source = "us"\nstars = 1', "stars"),
        ('source = "us"', "source = us", "Invalid"),
    ],
)
def test_an_instrument_that_contradicts_itself_is_refused(old: str, new: str, says: str) -> None:
    assert instrument(SMALLEST).keys == {"a"}
    with pytest.raises(FlawedInstrument, match=says):
        instrument(SMALLEST.replace(old, new))


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        ('key = "s"\ntitle = "S"\nitems = ["b"]\nat_least = 1', "not asked"),
        ('key = "s"\ntitle = "S"\nitems = ["a", "a"]\nat_least = 1', "twice"),
        ('key = "s"\ntitle = "S"\nitems = ["a"]\nat_least = 2', "more answers"),
        ('key = "s"\ntitle = "S"\nitems = ["a"]\nat_least = 0', "or none"),
    ],
)
def test_a_scale_that_cannot_be_counted_is_refused(scale: str, says: str) -> None:
    with pytest.raises(FlawedInstrument, match=says):
        instrument(f"{SMALLEST}\n[[scales]]\n{scale}\n")


def test_the_two_subscales_of_collective_efficacy_share_no_item() -> None:
    strategies, discipline = EFFICACY.scales
    assert set(strategies.items) | set(discipline.items) == EFFICACY.keys
    assert not set(strategies.items) & set(discipline.items)


def answered(count: int, value: int = 7) -> dict[str, int]:
    return {str(number): value for number in range(1, count + 1)}


def test_the_total_needs_ten_answers_and_a_subscale_five_of_six() -> None:
    total, strategies, _ = EFFICACY.every_scale
    assert score(total, answered(10)) == 7
    assert score(total, answered(9)) is None
    five = dict.fromkeys(strategies.items[:5], 3)
    assert score(strategies, five) == 3
    assert score(strategies, dict.fromkeys(strategies.items[:4], 3)) is None


def test_a_mean_is_of_what_was_answered() -> None:
    total = EFFICACY.every_scale[0]
    assert score(total, {**answered(10, 5), "11": 9}) == Fraction(59, 11)


def ballots(school: UUID, count: int, value: int) -> list[Ballot]:
    return [Ballot(answered(12, value), school) for _ in range(count)]


def means(of: Instrument, given: list[Ballot]) -> dict[tuple[str, UUID | None], int]:
    told = results(of, given, 5)
    assert told is not None
    return {(mean.scale, mean.school): mean.tenths for mean in told.means}


def test_a_schools_value_is_told_from_five_people_on() -> None:
    told = means(EFFICACY, [*ballots(ASHLOW, 5, 6), *ballots(BECK, 5, 9)])
    assert told["total", ASHLOW] == 60
    assert told["total", BECK] == 90
    assert told["total", None] == 75


def test_no_schools_value_is_told_that_leaves_few_others() -> None:
    told = means(EFFICACY, [*ballots(ASHLOW, 7, 6), *ballots(BECK, 2, 9)])
    assert set(told) == {(scale.key, None) for scale in EFFICACY.every_scale}


def test_efficacy_is_never_told_by_item() -> None:
    told = results(EFFICACY, ballots(ASHLOW, 20, 6), 5)
    assert told is not None
    assert told.counts == ()


def test_a_wording_fits_the_version_that_it_words() -> None:
    one = instrument(SMALLEST)
    head = 'instrument = "one"\nversion = 1\nlang = "en"\nattribution = "by permission"\n'
    assert wording(f'{head}[items]\na = "Is it a thing?"', one).items["a"] == "Is it a thing?"
    with pytest.raises(FlawedInstrument, match="not worded"):
        wording(f"{head}[items]", one)
    with pytest.raises(FlawedInstrument, match="version 2"):
        wording(f'{head.replace("version = 1", "version = 2")}[items]\na = "x"', one)
