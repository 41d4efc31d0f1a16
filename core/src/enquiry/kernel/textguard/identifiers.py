"""A roster made ready: every form of every name and code, with what it takes to count."""

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from enquiry.kernel.textguard.findings import Reason
from enquiry.kernel.textguard.fold import fold
from enquiry.kernel.textguard.lexicon import Lexicon
from enquiry.kernel.textguard.names import NameForms, Parts, name_forms, spellings
from enquiry.kernel.textguard.passage import cut, is_unspaced
from enquiry.kernel.textguard.roster import Person, Roster

Needs = Literal["nothing", "capital", "title", "place", "place_if_spaced", "capitals"]
"""What a form must have beside it to count.

``nothing``: it counts wherever it stands. ``capital``: it is also a word, so its case decides.
``title``: only after a title. ``place``: only after a place word. ``place_if_spaced``: the same,
where it is written with a space ("B 4"). ``capitals``: all letters must be capitals.
"""

Doubt = Literal["never", "always", "unless_capitals"]
"""When a form without a place word before it may as well be something else: initials that are an
abbreviation ("PE") always, a class that reads as a number with a unit ("5m") unless in capitals."""


class Identifier(Struct, frozen=True):
    """What one form stands for."""

    needs: Needs
    why: Reason
    doubt: Doubt = "never"


Form = tuple[Parts, Identifier]

_SHORTEST_LOCAL_PART = 3
_SHORTEST_ANY_CASE = 3
_NUMBER_AND_LETTERS = re.compile("[0-9]+([a-z]+)")
_LETTERS_OR_DIGITS = re.compile("[0-9]+|[^0-9]+")


def identifiers(roster: Roster, lexicon: Lexicon) -> Iterator[Form]:
    """Yield every form that identifies, the more telling reason first."""
    titles, places = all_titles(roster, lexicon), all_places(roster, lexicon)
    for person in roster.people:
        yield from _person(person, titles, lexicon)
    for room in roster.rooms:
        yield from _code(room, "room_code", places, lexicon)
    for code in roster.classes:
        yield from _code(code, "class_code", places, lexicon)
    for short in roster.initials:
        yield from _initials(short, lexicon)


def all_titles(roster: Roster, lexicon: Lexicon) -> frozenset[str]:
    """Return the titles of the language and those that people of the roster use."""
    own = {"".join(cut(fold(person.title)[0])) for person in roster.people}
    return lexicon.titles | (own - {""})


def all_places(roster: Roster, lexicon: Lexicon) -> frozenset[str]:
    """Return the place words of the language and those of the school."""
    return lexicon.places | frozenset(cut(fold(" ".join(roster.places))[0]))


def _person(person: Person, titles: frozenset[str], lexicon: Lexicon) -> Iterator[Form]:
    forms = name_forms(person, titles)
    for form in forms.full:
        yield form, Identifier("capital" if lexicon.is_word(form) else "nothing", "full_name")
    for form in forms.family:
        # One letter, or one ideograph, is too little to go by.
        counts = person.role != "other" and len("".join(form)) > 1
        yield form, _name(form, counts, "family_name", lexicon)
    for form in forms.first:
        counts = person.role in ("host", "pupil") and len("".join(form)) > 1
        yield form, _name(form, counts, "first_name", lexicon)
    yield from _local_part(person, forms, lexicon)


def _name(form: Parts, counts: bool, why: Reason, lexicon: Lexicon) -> Identifier:
    if not counts:
        return Identifier("title", why)
    return Identifier("capital" if lexicon.is_word(form) else "nothing", why)


def _local_part(person: Person, forms: NameForms, lexicon: Lexicon) -> Iterator[Form]:
    """What stands before the @, unless it is a plain first name, a word or a number."""
    local = person.email.partition("@")[0]
    for form in spellings(local):
        joined = "".join(form)
        is_plain = form in forms.first or lexicon.is_word(form) or joined.isdigit()
        if len(joined) >= _SHORTEST_LOCAL_PART and not is_plain:
            yield form, Identifier("nothing", "email")


def _code(code: str, why: Reason, places: frozenset[str], lexicon: Lexicon) -> Iterator[Form]:
    for form in spellings(code):
        joined = "".join(form)
        for place in places:
            yield (place + joined,), Identifier("nothing", why)
        if joined.isdigit() or (len(joined) == 1 and not is_unspaced(joined)):
            yield form, Identifier("place", why)
            continue
        unit = _NUMBER_AND_LETTERS.fullmatch(joined)
        doubt: Doubt = "unless_capitals" if unit and unit[1] in lexicon.units else "never"
        yield form, Identifier("capital" if lexicon.is_word(form) else "nothing", why, doubt)
        apart = tuple(_LETTERS_OR_DIGITS.findall(joined))
        if len(form) == 1 and len(apart) > 1:
            yield apart, Identifier("place_if_spaced", why)


def _initials(short: str, lexicon: Lexicon) -> Iterator[Form]:
    for form in spellings(short):
        joined = "".join(form)
        is_word = joined in lexicon.abbreviations or lexicon.is_word((joined,))
        if len(joined) < 2:
            continue
        if is_word:
            yield form, Identifier("capitals", "initials", "always")
        elif len(joined) < _SHORTEST_ANY_CASE:
            yield form, Identifier("capitals", "initials")
        else:
            yield form, Identifier("nothing", "initials")
