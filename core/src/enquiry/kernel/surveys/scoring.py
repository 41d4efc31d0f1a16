"""From answers to what may be told of them. Pure; who answered what is not known here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.smallnumbers import Table, crossed, shown
from enquiry.kernel.surveys.instrument import Instrument, Scale
from enquiry.method.entry import Piece
from enquiry.method.fields import ask, plain, text

ALL = "*"
KEY = plain("Key", because="a key of the instrument", upto=64)
_NOTE = text(
    "What makes you think so? Name nobody.",
    upto=500,
    lines=2,
    kind="research",
    guard="contributions",
)


class Given(Piece):
    """One answer to one item."""

    item: Annotated[str, KEY]
    value: Annotated[int, ask("Which answer?", ge=0, le=100)]
    note: Annotated[str, _NOTE] | None = None
    """Where the instrument takes one about each item."""


class Noted(Piece):
    """A note about one item of an anonymous survey: whose it was is not known."""

    survey: UUID
    """Whose it is instead."""
    item: Annotated[str, KEY]
    note: Annotated[str, text("Note", upto=500, subject="survey", kind="research")]


class Ballot(Struct, frozen=True):
    """What one person answered. Nothing here tells who, when, or in which order."""

    values: Mapping[str, int]
    """By item; items may be left out."""
    school: UUID | None = None
    comment: str | None = None
    notes: Mapping[str, str] = {}
    """By item."""


class Mean(Piece):
    """The mean of a scale over a group of people."""

    scale: Annotated[str, KEY]
    school: UUID | None = None
    """``None``: everybody."""
    people: int
    tenths: int
    """The mean times ten, rounded half up."""


class Count(Piece):
    """How many people gave one answer to one item."""

    item: Annotated[str, KEY]
    value: int
    people: int


class Results(Piece):
    """What may be told of a survey."""

    people: int
    """How many answered."""
    means: tuple[Mean, ...] = ()
    counts: tuple[Count, ...] = ()
    """Answers that too few people gave are missing, and so are those that would give them away."""


def score(scale: Scale, values: Mapping[str, int]) -> Fraction | None:
    """The mean of what one person answered on a scale; ``None``: they answered too little of it.

    Source: 4.13 (total with at least 10 answered, subscale with at least 5 of 6).
    """
    answered = [values[item] for item in scale.items if item in values]
    return Fraction(sum(answered), len(answered)) if len(answered) >= scale.at_least else None


def results(of: Instrument, ballots: Sequence[Ballot], n: int) -> Results | None:
    """What may be told; ``None`` where fewer than ``n`` people answered.

    Args:
        of: what was asked.
        ballots: what was answered, in any order.
        n: the small number: no figure is about fewer people.
    """
    if len(ballots) < n:
        return None
    if of.report == "scales":
        means = tuple(mean for scale in of.every_scale for mean in _means(scale, ballots, n))
        return Results(people=len(ballots), means=means)
    counts = tuple(count for item in of.items for count in _counts(of, item.key, ballots, n))
    return Results(people=len(ballots), counts=counts)


def notes_told(survey: UUID, of: Instrument, ballots: Sequence[Ballot], n: int) -> Iterable[Noted]:
    """Notes about the items that at least ``n`` people answered, each item's in alphabetical order.

    About an item that fewer answered a note could be anybody's of those few: it is told to nobody.
    Two notes by one person are not told as such, and no note with the answer beside it.

    Source: 2.21, 4.5.
    """
    for item in of.items:
        if sum(item.key in ballot.values for ballot in ballots) >= n:
            notes = (ballot.notes[item.key] for ballot in ballots if item.key in ballot.notes)
            yield from (Noted(survey=survey, item=item.key, note=note) for note in sorted(notes))


def _means(scale: Scale, ballots: Iterable[Ballot], n: int) -> Iterable[Mean]:
    """A school's value, and everybody's; never anything about fewer people."""
    scores: dict[UUID | None, list[Fraction]] = {}
    for ballot in ballots:
        found = score(scale, ballot.values)
        if found is not None:
            scores.setdefault(ballot.school, []).append(found)
    cells = {str(school): len(held) for school, held in scores.items()}
    figures = {cell: frozenset([cell]) for cell in cells if cell != str(None)}
    table = Table(cells, figures | ({ALL: frozenset(cells)} if cells else {}))
    told = shown(table, n)
    if ALL in told:
        yield _mean(scale, None, [one for held in scores.values() for one in held])
    for school in sorted(school for school in scores if school is not None):
        if str(school) in told:
            yield _mean(scale, school, scores[school])


def _mean(scale: Scale, school: UUID | None, scores: Sequence[Fraction]) -> Mean:
    tenths = sum(scores, Fraction(0)) * 10 / len(scores)
    rounded = int(tenths + Fraction(1, 2))
    return Mean(scale=scale.key, school=school, people=len(scores), tenths=rounded)


def _counts(of: Instrument, item: str, ballots: Sequence[Ballot], n: int) -> Iterable[Count]:
    """How many gave each answer; ``unanswered`` is a cell like the others, and is never told."""
    given = Counter(ballot.values.get(item) for ballot in ballots)
    every = (*range(of.least, of.most + 1), None)
    table = crossed({(item, str(value)): given[value] for value in every})
    told = shown(table, n)
    for value in range(of.least, of.most + 1):
        if f"{item}/{value}" in told:
            yield Count(item=item, value=value, people=given[value])
