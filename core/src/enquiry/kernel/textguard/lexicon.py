"""Word lists made ready: folded sets, and one trie for the language of judgement."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from enquiry.kernel.textguard.fold import fold
from enquiry.kernel.textguard.names import Parts, spellings
from enquiry.kernel.textguard.passage import cut
from enquiry.kernel.textguard.trie import Trie
from enquiry.kernel.textguard.wordlists import WordLists

Judgement = Literal["evaluative", "inference", "neutral"]


class Lexicon:
    """One language, folded. Read only."""

    def __init__(self, lists: WordLists) -> None:
        """Fold all lists. Takes a few milliseconds; ``lexicon`` keeps the result."""
        self.lists = lists
        self.titles = _folded(lists.titles)
        self.titles_alone = _folded(lists.titles_alone)
        self.places = _folded(lists.places)
        self.numbering = _folded(lists.numbering)
        self.abbreviations = _folded(lists.abbreviations)
        self.units = _folded(lists.units)
        self.years = _folded(lists.years)
        self.pupils = _folded(lists.pupils)
        self.suffixes, self.shields = _contractions(lists.contractions)
        self.dictionary = self._dictionary()
        self.judgements: Trie[Judgement] = Trie(_judgements(lists))
        self.subjects = {
            "".join(cut(fold(name)[0])): group for group in lists.subjects for name in group
        }
        self.openers = _phrases(lists.openers)
        self.teachers = _phrases(lists.teachers)
        self.teachers_mentioned: Trie[bool] = Trie(
            (parts, phrase[:1].isupper())
            for phrase in lists.teachers_mentioned
            for parts in spellings(phrase)
        )
        """Each with whether it takes a capital."""

    def is_word(self, parts: Parts) -> bool:
        """Whether a name or code is made of ordinary words of the language."""
        return "".join(parts) in self.dictionary or all(part in self.dictionary for part in parts)

    def _dictionary(self) -> frozenset[str]:
        lists = self.lists
        listed = _folded(lists.dictionary) | self.places | self.units | self.years | self.pupils
        phrases = [*lists.evaluative, *lists.inference, *lists.neutral]
        phrases += [name for group in lists.subjects for name in group]
        return listed | {cut(fold(phrase)[0])[0] for phrase in phrases if phrase.isalpha()}


@lru_cache(maxsize=32)
def lexicon(lists: WordLists) -> Lexicon:
    """Return word lists made ready; made once for each value."""
    return Lexicon(lists)


def _folded(words: str) -> frozenset[str]:
    return frozenset("".join(cut(fold(word)[0])) for word in words.split())


def _phrases(phrases: Iterable[str]) -> Trie[None]:
    return Trie((parts, None) for phrase in phrases for parts in spellings(phrase))


def _judgements(lists: WordLists) -> Iterator[tuple[Parts, Judgement]]:
    kinds: tuple[tuple[Judgement, tuple[str, ...]], ...] = (
        ("neutral", lists.neutral),
        ("evaluative", lists.evaluative),
        ("inference", lists.inference),
    )
    for kind, phrases in kinds:
        for phrase in phrases:
            for parts in spellings(phrase):
                yield parts, kind


def _contractions(endings: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Split endings into what follows the apostrophe, and pairs around it ("n't": n, t)."""
    pairs = [tuple(fold(ending)[0].split("'", 1)) for ending in endings.split()]
    suffixes = frozenset(after for _, after in pairs)
    return suffixes, frozenset((before, after) for before, after in pairs if before)
