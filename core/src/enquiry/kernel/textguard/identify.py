"""The identifying rule: does a form of the roster, where it stands in this text, name somebody?

A name that is also a word of the language counts when it has a capital inside a sentence or a title
before it; at the start of a sentence, or among words all in capitals, it may be either; without a
capital it is the word.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from enquiry.kernel.textguard.findings import Code, Finding, Reason
from enquiry.kernel.textguard.identifiers import Identifier, all_places, all_titles, identifiers
from enquiry.kernel.textguard.lexicon import Lexicon
from enquiry.kernel.textguard.passage import Passage
from enquiry.kernel.textguard.roster import Roster
from enquiry.kernel.textguard.trie import Trie

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"]+@[^\s@,;:<>()\[\]\"]+\.[^\s@,;:!?<>()\[\]\".']+")


class Match(Struct, frozen=True):
    """Words ``first`` to ``after - 1`` of a passage name somebody, or may."""

    first: int
    after: int
    code: Code
    why: Reason


class Identify:
    """The identifying rule for one roster in one language. Read only once made."""

    def __init__(self, roster: Roster, lexicon: Lexicon) -> None:
        """Make every form of every name and code ready."""
        self._lexicon = lexicon
        self._titles = all_titles(roster, lexicon)
        self._places = all_places(roster, lexicon)
        self._forms: Trie[Identifier] = Trie(identifiers(roster, lexicon))

    def findings(self, passage: Passage) -> list[Finding]:
        """Return every place that names somebody or may; none overlap."""
        found = _addresses(passage) if "@" in passage.folded else []
        matches = [
            match for first in self._forms.candidates(passage) for match in self._at(passage, first)
        ]
        addressed = {at for one in found for at in range(one.start, one.end)}
        for match in _apart(matches):
            weight = "reject" if match.code == "IDENTIFYING_TEXT" else "warn"
            finding = passage.finding(match.first, match.after, match.code, weight, match.why)
            if addressed.isdisjoint(range(finding.start, finding.end)):
                found.append(finding)
        return found

    def _at(self, passage: Passage, first: int) -> Iterable[Match]:
        for after, form in self._forms.matches(passage, first, self._lexicon.suffixes):
            if self._is_contraction(passage, first, after):
                continue
            if form.why in ("room_code", "class_code"):
                match = self._judge_code(passage, first, after, form)
            elif form.why in ("initials", "email"):
                match = _judge_short(passage, first, after, form)
            else:
                match = self._judge_name(passage, first, after, form)
            if match is not None:
                yield match

    def _is_contraction(self, passage: Passage, first: int, after: int) -> bool:
        """Whether the one word is the front of another: "Don" in "don't"."""
        if after != first + 1 or first not in passage.soft or passage.gaps[after] != "'":
            return False
        word, ending = passage.words[first], passage.words[after]
        return any(ending == tail and word.endswith(head) for head, tail in self._lexicon.shields)

    def _judge_name(
        self, passage: Passage, first: int, after: int, form: Identifier
    ) -> Match | None:
        start = self._initial_before(passage, first)
        titled = self._title_before(passage, start, after)
        if titled < start:
            return Match(titled, after, "IDENTIFYING_TEXT", "title_and_name")
        if form.needs == "title":
            return None
        if form.needs == "nothing" or (start < first and passage.is_capital(first)):
            return Match(start, after, "IDENTIFYING_TEXT", form.why)
        return _judge_word(passage, first, after, Match(first, after, "IDENTIFYING_TEXT", form.why))

    def _judge_code(
        self, passage: Passage, first: int, after: int, form: Identifier
    ) -> Match | None:
        start = self._place_before(passage, first)
        if start < first:
            return Match(start, after, "IDENTIFYING_TEXT", form.why)
        if form.needs == "place":
            return None
        if form.needs == "place_if_spaced" and passage.spaced(first, after):
            return None
        sure = Match(first, after, "IDENTIFYING_TEXT", form.why)
        if form.needs == "capital":
            return _judge_word(passage, first, after, sure)
        if form.doubt == "unless_capitals" and not passage.is_upper(first, after):
            return Match(first, after, "MAY_IDENTIFY", "code_or_word")
        return sure

    def _initial_before(self, passage: Passage, first: int) -> int:
        """Take in an initial: "K. Rowe"."""
        before = first - 1
        if first == 0 or len(passage.words[before]) > 1 or not passage.follows(first):
            return first
        if not passage.is_capital(before):
            return first
        # "A Rowe lesson" begins with an article, "A. Rowe" does not.
        is_article = passage.begins_sentence(before) and "." not in passage.gaps[first]
        return first if is_article else before

    def _title_before(self, passage: Passage, first: int, after: int) -> int:
        """Take in titles: "Prof. Dr Falk". "Sir will help" holds none, although "Mr will" does."""
        start = first
        while start and passage.words[start - 1] in self._titles and passage.follows(start):
            alone = passage.words[start - 1] in self._lexicon.titles_alone
            if alone and start == first and self._is_lower_word(passage, first, after):
                break
            start -= 1
        return start

    def _is_lower_word(self, passage: Passage, first: int, after: int) -> bool:
        if passage.is_capital(first):
            return False
        return self._lexicon.is_word(tuple(passage.words[first:after]))

    def _place_before(self, passage: Passage, first: int) -> int:
        """Take in a place word: "room 14", "Rm. no. 14"."""
        start = first
        if start and passage.words[start - 1] in self._lexicon.numbering:
            start -= 1 if passage.follows_place(start) else 0
        if start and passage.words[start - 1] in self._places and passage.follows_place(start):
            return start - 1
        return first


def _judge_word(passage: Passage, first: int, after: int, sure: Match) -> Match | None:
    """Decide by capitals whether an ordinary word is a name here."""
    if not all(passage.is_capital(word) for word in range(first, after)):
        return None
    if after - first > 1:
        return sure
    around = (first - 1, first + 1)
    among_capitals = passage.is_shouted(first) and any(
        0 <= word < len(passage.words) and passage.is_shouted(word) for word in around
    )
    if among_capitals or passage.begins_sentence(first):
        return Match(first, after, "MAY_IDENTIFY", "name_or_word")
    return sure


def _judge_short(passage: Passage, first: int, after: int, form: Identifier) -> Match | None:
    """Decide on initials and parts of addresses."""
    if form.needs == "capitals" and not passage.is_upper(first, after):
        return None
    if form.doubt == "always":
        return Match(first, after, "MAY_IDENTIFY", "code_or_word")
    return Match(first, after, "IDENTIFYING_TEXT", form.why)


def _addresses(passage: Passage) -> list[Finding]:
    """Every e-mail address identifies, whoever it belongs to."""
    found: list[Finding] = []
    for address in _ADDRESS.finditer(passage.folded):
        start, end = passage.original(*address.span())
        span = passage.text[start:end]
        found.append(Finding("IDENTIFYING_TEXT", "reject", start, end, span, "email"))
    return found


def _apart(matches: list[Match]) -> list[Match]:
    """Keep the leftmost longest matches; what may identify yields to what does."""
    kept: list[Match] = []
    taken: set[int] = set()
    for match in sorted(matches, key=lambda m: (m.code != "IDENTIFYING_TEXT", m.first, -m.after)):
        words = range(match.first, match.after)
        if taken.isdisjoint(words):
            kept.append(match)
            taken.update(words)
    return kept
