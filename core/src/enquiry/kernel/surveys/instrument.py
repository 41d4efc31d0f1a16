"""Instruments: questionnaires as data files, versioned, checked when they are read.

A file is named ``<id>.<version>.toml``. A released file is never edited: a change is a new version,
because a survey names the version that was asked. The files hold gists. The exact wording of an
instrument that somebody else has published is loaded by the operator (``wording``), with the
publisher's permission.

Source: 4.13.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

_FILES = resources.files("enquiry.kernel.surveys").joinpath("instruments")


class FlawedInstrument(ValueError):
    """An instrument contradicts itself. The message says where."""


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is asked."""

    key: str
    gist: str
    """What it asks, in our words."""


class Scale(Struct, frozen=True, forbid_unknown_fields=True):
    """Items that are reported together, as a mean."""

    key: str
    title: str
    items: tuple[str, ...]
    at_least: int
    """So many of its items somebody must have answered to count."""


class Instrument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A questionnaire."""

    id: str
    version: int
    title: str
    source: str
    anonymous: bool
    """It may only be asked anonymously."""
    report: Literal["scales", "items"]
    """What is told of the answers: means of scales, or how many gave which answer to each item.
    Never both: with the one, small numbers of the other could be worked out."""
    least: int
    most: int
    """Answers are whole numbers from ``least`` to ``most``, both included."""
    words: Mapping[str, str]
    """What some of the numbers mean."""
    items: tuple[Item, ...]
    scales: tuple[Scale, ...] = ()
    total_at_least: int | None = None
    """So many items somebody must have answered to count in the total; ``None``: there is none."""
    comment: bool = False
    """Whether something may be written freely about the whole of it."""
    notes: bool = False
    """Whether something may be written freely about each item."""
    progress: bool = False
    """A progress assessment: no ethics review is needed, and it is never anonymous (2.14, 2.15)."""

    @property
    def free(self) -> bool:
        """Whether anything may be written freely."""
        return self.comment or self.notes

    @property
    def every_scale(self) -> tuple[Scale, ...]:
        """The scales, and the total as one of them."""
        if self.total_at_least is None:
            return self.scales
        keys = tuple(item.key for item in self.items)
        return (Scale("total", "Total", keys, self.total_at_least), *self.scales)

    @property
    def keys(self) -> frozenset[str]:
        """Keys of its items."""
        return frozenset(item.key for item in self.items)


def instrument(raw: str) -> Instrument:
    """An instrument from the text of a file (TOML).

    Raises:
        FlawedInstrument: it is not one; the message says what is wrong.
    """
    try:
        made = msgspec.convert(tomllib.loads(raw), Instrument)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise FlawedInstrument(str(error)) from error
    for says, amiss in _flaws(made):
        if amiss:
            raise FlawedInstrument(f"{made.id}: {says}")
    return made


def _flaws(made: Instrument) -> tuple[tuple[str, bool], ...]:
    keys = [item.key for item in made.items]
    scales = made.every_scale
    return (
        ("it asks nothing", not keys),
        ("two items have one key", len(set(keys)) < len(keys)),
        ("two scales have one key", len({s.key for s in scales}) < len(scales)),
        (
            "a scale has an item that is not asked",
            any(not made.keys.issuperset(s.items) for s in scales),
        ),
        ("a scale counts an item twice", any(len(set(s.items)) < len(s.items) for s in scales)),
        (
            "a scale needs more answers than it has items, or none",
            any(not 1 <= s.at_least <= len(s.items) for s in scales),
        ),
        ("there is no choice of answers", made.least >= made.most),
        (
            "a word is for an answer that cannot be given",
            any(not _is_answer(made, w) for w in made.words),
        ),
        ("it reports scales and has none", made.report == "scales" and not scales),
        ("its version is not a number from 1", made.version < 1),
        ("a progress assessment is not anonymous", made.progress and made.anonymous),
    )


def _is_answer(made: Instrument, word: str) -> bool:
    return word.isdecimal() and made.least <= int(word) <= made.most


@cache
def shipped() -> Mapping[tuple[str, int], Instrument]:
    """The instruments that are shipped, by id and version.

    Raises:
        FlawedInstrument: a file contradicts itself or its name.
    """
    found: dict[tuple[str, int], Instrument] = {}
    for file in sorted(_FILES.iterdir(), key=lambda one: one.name):
        made = instrument(file.read_text(encoding="utf-8"))
        if file.name != f"{made.id}.{made.version}.toml":
            raise FlawedInstrument(f"{file.name} holds {made.id}, version {made.version}")
        found[made.id, made.version] = made
    return found


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """The exact wording of one version of an instrument in one language, with its permission."""

    instrument: str
    version: int
    lang: str
    """BCP 47."""
    attribution: str
    """What must stand beside it, as its publisher asks."""
    items: Mapping[str, str]
    """The exact words, by the item's key."""


def wording(raw: str, of: Instrument) -> Wording:
    """The exact wording from the text of an operator's file (TOML).

    Raises:
        FlawedInstrument: it belongs to another version, or does not word every item.
    """
    try:
        made = msgspec.convert(tomllib.loads(raw), Wording)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise FlawedInstrument(str(error)) from error
    if (made.instrument, made.version) != (of.id, of.version):
        raise FlawedInstrument(f"the wording is for {made.instrument}, version {made.version}")
    differ = sorted(of.keys.symmetric_difference(made.items))
    if differ:
        raise FlawedInstrument(f"{of.id}: these items are not worded, or not asked: {differ}")
    return made
