"""How a person's name is written: which words are family names, and every way to write each.

A *part* is a run of letters, folded. "O'Brien" has the parts ``o`` and ``brien``; each way to write
it is a tuple of parts: ``("o", "brien")`` for "O'Brien", "O Brien" and "O-Brien", ``("obrien",)``
for "OBrien".
"""

import re
from itertools import combinations, product

from msgspec import Struct

from enquiry.kernel.textguard.fold import fold
from enquiry.kernel.textguard.passage import cut, is_unspaced
from enquiry.kernel.textguard.roster import Person

Parts = tuple[str, ...]

# Small words that belong to the family name after them: "van den Berg", "de la Cruz", "Ó Riain".
# They are about names, not about the language of a text, so they are the same for every language.
_PARTICLES = frozenset(
    {"a", "abu", "af", "al", "ap", "av", "bin", "bint", "binti", "da", "das", "de", "degli"}
    | {"dei", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el", "ferch", "ibn"}
    | {"la", "las", "le", "li", "los", "mac", "mc", "na", "ni", "nic", "o", "saint", "san"}
    | {"santa", "st", "te", "ten", "ter", "ua", "ui", "van", "von", "y", "zu", "zur"}
)
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])|(?<=^O)(?=[A-Z][a-z])")
_HYPHEN = re.compile("[-‐‑–־]")
_RUN_TOGETHER = re.compile("(mc|o(?=[bcdfghjklmnpqrstvwxz]))(.{3,})")
_MOST_JOINTS = 5
_UNSPACED_LENGTHS = range(2, 5)


class NameForms(Struct, frozen=True):
    """The ways in which a text can name one person. No form is empty, and none occurs twice."""

    family: tuple[Parts, ...]
    first: tuple[Parts, ...]
    full: tuple[Parts, ...]
    """First and family name together."""


class _Words(Struct, frozen=True):
    given: tuple[str, ...]
    family: tuple[str, ...]


def name_forms(person: Person, titles: frozenset[str]) -> NameForms:
    """Return every form of a person's name.

    Args:
        person: their ``name`` may be one word, have several family names, particles ("van den"), a
            leading title, the form "Family, First" or a family name in capitals.
        titles: folded titles, to be taken off the front.
    """
    words = _divide(person, titles)
    phrases = _phrases(words.family)
    family = [form for phrase in phrases for form in _phrase_forms(phrase)]
    family += [_in_a_row(phrases[a:b]) for a, b in combinations(range(len(phrases) + 1), 2)]
    given = words.given
    called = [name for name in (person.preferred, *given[:1]) if name]
    first = [form for name in called for form in _spellings(name, apart=False)]
    full: list[Parts] = [
        a + b
        for a, phrase in product(first, phrases)
        for b in _spellings(" ".join(phrase), apart=_has_particle(phrase))
    ]
    whole = tuple(part for word in (*given, *words.family) for part in _parts(word))
    if len(words.family) + len(given) > 1:
        full.append(whole)
    if given and is_unspaced(fold(given[0])[0]):
        full.append(tuple(part for word in (*words.family, *given) for part in _parts(word)))
    return NameForms(
        *(tuple(dict.fromkeys(filter(None, forms))) for forms in (family, first, full))
    )


def _in_a_row(phrases: list[tuple[str, ...]]) -> Parts:
    """Several family names, one after the other, as one form: "García López"."""
    return tuple(part for phrase in phrases for word in phrase for part in _parts(word))


def spellings(text: str) -> list[Parts]:
    """Return the ways to write a code, a phrase or the local part of an address."""
    return _spellings(text, apart=False)


def _divide(person: Person, titles: frozenset[str]) -> _Words:
    tokens = _without_titles(person.name.replace(",", ", ").split(), titles)
    if person.family:
        own = {part for name in person.family for part in _parts(name)}
        given = tuple(one for one in tokens if not own.issuperset(_parts(one)))
        return _Words(given, person.family)
    if len(tokens) < 2:
        return _divide_one("".join(tokens), is_pupil=person.role == "pupil")
    if person.name.count(",") == 1 and not tokens[-1].endswith(","):
        comma = next((at for at, one in enumerate(tokens) if one.endswith(",")), 0)
        given = _without_titles(tokens[comma + 1 :], titles)
        return _Words(tuple(given), tuple(tokens[: comma + 1]))
    shouted = tuple(one for one in tokens if _is_shouted(one))
    if 0 < len(shouted) < len(tokens):
        return _Words(tuple(one for one in tokens if one not in shouted), shouted)
    if all(is_unspaced(fold(one)[0]) for one in tokens):
        return _Words(tuple(tokens[1:]), tuple(tokens[:1]))
    return _Words(tuple(tokens[:1]), tuple(tokens[1:]))


def _divide_one(token: str, *, is_pupil: bool) -> _Words:
    """A single name is a pupil's first name, others' family name; Han and Hangul write both."""
    characters = cut(fold(token)[0])
    if len(characters) in _UNSPACED_LENGTHS and all(map(is_unspaced, characters)):
        return _Words(("".join(characters[1:]),), (characters[0],))
    return _Words((token,), ()) if is_pupil else _Words((), (token,))


def _without_titles(tokens: list[str], titles: frozenset[str]) -> list[str]:
    while len(tokens) > 1 and "".join(_parts(tokens[0])) in titles:
        tokens = tokens[1:]
    return [one for one in tokens if _parts(one)]


def _is_shouted(token: str) -> bool:
    letters = [one for one in token if one.isalpha()]
    return len(letters) > 1 and "." not in token and all(one.isupper() for one in letters)


def _phrases(family: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Put particles with the word after them; the last word is a name, whatever it is."""
    words = [word for text in family for word in text.split()]
    phrases: list[tuple[str, ...]] = []
    particles: list[str] = []
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if not last and "".join(_parts(word)) in _PARTICLES:
            particles.append(word)
            continue
        phrases.append((*particles, word))
        particles.clear()
    return phrases


def _has_particle(phrase: tuple[str, ...]) -> bool:
    return len(phrase) > 1


def _phrase_forms(phrase: tuple[str, ...]) -> list[Parts]:
    """A family name in full, without its particles, and each half of a double-barrelled one."""
    forms = _spellings(" ".join(phrase), apart=_has_particle(phrase))
    forms += _spellings(phrase[-1], apart=False)
    pieces = [piece for piece in _HYPHEN.split(phrase[-1]) if piece]
    if len(pieces) > 1:
        for piece in pieces:
            if "".join(_parts(piece)) not in _PARTICLES:
                forms += _spellings(piece, apart=False)
    return forms


def _spellings(text: str, *, apart: bool) -> list[Parts]:
    """Every way to write the words of a text, each word's parts apart or joined.

    Args:
        text: one or more words.
        apart: whether words may be joined as well ("de Silva", "DeSilva").
    """
    words = [_parts(word) for word in text.split()]
    if apart:
        words = [tuple(part for word in words for part in word)]
    ways = [_joinings(word) for word in words if word]
    return [tuple(part for way in choice for part in way) for choice in product(*ways)]


def _joinings(parts: Parts) -> list[Parts]:
    """Every way to write parts with and without separators; of a long word, the two extremes."""
    if any(map(is_unspaced, parts)):
        return [parts]
    if len(parts) > _MOST_JOINTS:
        return [parts, ("".join(parts),)]
    ways: list[Parts] = [parts[:1]]
    for part in parts[1:]:
        ways = [way for old in ways for way in ((*old, part), (*old[:-1], old[-1] + part))]
    return ways


def _parts(word: str) -> Parts:
    """Cut one word where a separator is, or where another hand would put one (McDonald, OBRIEN)."""
    pieces = [part for piece in _CAMEL.split(word) for part in cut(fold(piece)[0])]
    if len(pieces) == 1:
        run_together = _RUN_TOGETHER.fullmatch(pieces[0])
        if run_together is not None:
            return (run_together[1], run_together[2])
    return tuple(pieces)
