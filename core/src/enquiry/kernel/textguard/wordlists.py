"""The word lists of each language: data files, versioned, read once.

A file is named ``<language>.<version>.toml``. A released file is never edited: a change is a new
version, because what was said about a text names the version it was said by.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

_FILES = resources.files("enquiry.kernel.textguard").joinpath("words")
_FILE_NAME = re.compile(r"([a-z]{2,3})\.([1-9][0-9]*)\.toml")
_FALLBACK = "und"


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """What the author reads, one sentence for each ``Reason``. None of them holds a name."""

    family_name: str
    title_and_name: str
    full_name: str
    first_name: str
    room_code: str
    class_code: str
    initials: str
    email: str
    name_or_word: str
    code_or_word: str
    one_room_only: str
    evaluative: str
    inference: str
    teacher_focused: str
    teacher_mentioned: str


class WordLists(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one language that the rules need. A school's own lists are another value.

    Phrases are compared folded: case, accents and hyphens do not count. Fields that hold one string
    are words separated by white space.
    """

    version: str
    """Recorded with every result; ``<language>.<number>`` for the files that are shipped."""
    lang: str
    titles: str
    """Stand before a name."""
    titles_alone: str
    """Of these titles, those that also stand alone ("Miss", "Sir")."""
    places: str
    """Stand before a room or class number."""
    numbering: str
    """Stand between such a word and the number ("room no. 14")."""
    contractions: str
    """Endings over an apostrophe, with the apostrophe ("'s", "n't")."""
    dictionary: str
    """Words that are also names. All other words of this value that are one word count as well."""
    abbreviations: str
    """Short forms in capitals that are also somebody's initials ("PE", "IT")."""
    units: str
    """Follow a number, so that "5m" need not be class 5M."""
    years: str
    """Stand before the number of a year group."""
    pupils: str
    """Stand before a pupil's label ("pupil A")."""
    openers: tuple[str, ...]
    """May come before the grammatical start ("then", "at first")."""
    teachers: tuple[str, ...]
    """Mean the teacher when an observation starts with them."""
    teachers_mentioned: tuple[str, ...]
    """Mean the teacher anywhere in what a pupil said; with a capital here, only with a capital."""
    subjects: tuple[tuple[str, ...], ...]
    """Groups of names for the same school subject."""
    evaluative: tuple[str, ...]
    inference: tuple[str, ...]
    neutral: tuple[str, ...]
    """Phrases with an evaluative or inferring word in them that judge nobody ("strong acid")."""
    sentences: Sentences


@cache
def languages() -> Mapping[str, tuple[int, ...]]:
    """Return the versions that are shipped, ascending, by primary language tag."""
    found: dict[str, list[int]] = {}
    for file in _FILES.iterdir():
        name = _FILE_NAME.fullmatch(file.name)
        if name is not None:
            found.setdefault(name[1], []).append(int(name[2]))
    return {lang: tuple(sorted(versions)) for lang, versions in found.items()}


@cache
def word_lists(lang: str, version: int | None = None) -> WordLists:
    """Return the word lists for a text.

    Args:
        lang: BCP 47 tag of the text, such as ``en-GB``. Where its language has no file, the lists
            of ``und`` are given: titles, but no words that judge and none that are also names.
        version: a version that was recorded earlier; the newest if not given.

    Raises:
        LookupError: that version of that language is not shipped.
    """
    primary = re.split("[-_]", lang.lower(), maxsplit=1)[0]
    known = languages()
    if primary not in known and version is None:
        primary = _FALLBACK
    versions = known.get(primary, ())
    chosen = version or (versions[-1] if versions else 0)
    if chosen not in versions:
        raise LookupError(f"no word lists {primary}.{chosen}")
    raw = _FILES.joinpath(f"{primary}.{chosen}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(raw), WordLists)
