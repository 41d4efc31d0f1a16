"""A text cut into words, with what the rules ask about each: case, place, neighbours."""

import re
from collections.abc import Iterator
from itertools import accumulate

from enquiry.kernel.textguard.findings import Code, Finding, Reason, Weight
from enquiry.kernel.textguard.fold import fold, is_mark

# Scripts written without spaces (Han, kana, Hangul, Thai, Lao, Tibetan, Myanmar, Khmer): every
# character is a word of its own, so that names are found inside a line.
_UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003134f"
)
_WORD_OR_CHARACTER = f"[^\\x00-/:-`{{-\\x7f{_UNSPACED}]+|[{_UNSPACED}]"
_ASCII_WORD = re.compile("([a-z0-9]+)")
_WORD = re.compile(f"({_WORD_OR_CHARACTER})")
_UNSPACED_WORD = re.compile(f"[{_UNSPACED}]")
_SOFT = frozenset("'`._-")
_NEAR = re.compile("[\\s'`._/-]{0,3}")
_SPACE = re.compile("\\s")
_BEFORE_NUMBER = re.compile("[\\s'\"`._/#:(-]{0,4}")
_ENDS_SENTENCE = re.compile("[.!?:\n\"]|(?:^|\\s)'")
_LONGEST_JOINED = 40
_LONGEST_ABBREVIATION = 4


def is_unspaced(word: str) -> bool:
    """Whether the word is one character of a script that is written without spaces."""
    return _UNSPACED_WORD.match(word) is not None


def cut(folded: str) -> list[str]:
    """Return the words of a folded text, in order; everything else stands between words."""
    return _WORD.findall(folded)


class Passage:
    """One text under examination. Words are counted from 0."""

    def __init__(self, text: str) -> None:
        """Fold and cut the text."""
        self.text = text
        self.folded, self._origin = fold(text)
        cutter = _ASCII_WORD if self._origin is None else _WORD
        pieces: list[str] = cutter.split(self.folded)
        self.words = pieces[1::2]
        self.gaps = pieces[::2]
        """What stands before each word, and after the last."""
        self._pieces = pieces
        self._borders: list[int] = []
        self.soft = self._soft()
        """Words that a hyphen, an apostrophe or a full stop ties to the next one."""

    def _soft(self) -> frozenset[int]:
        if _SOFT.isdisjoint(self.gaps):
            return frozenset()
        inner = range(1, len(self.words))
        return frozenset(word - 1 for word in inner if self.gaps[word] in _SOFT)

    def _begin(self, word: int) -> int:
        return self._border(2 * word)

    def _end(self, word: int) -> int:
        return self._border(2 * word + 1)

    def _border(self, piece: int) -> int:
        """Where a piece ends. Put off until a place is asked for, as most texts need none."""
        if not self._borders:
            self._borders = list(accumulate(map(len, self._pieces)))
        return self._borders[piece]

    def follows(self, word: int) -> bool:
        """Whether a word goes on from the one before it, so that both can be one name or phrase.

        A full stop and a space end a sentence, unless the word before can be an abbreviation.
        """
        if word >= len(self.words):
            return False
        gap = self.gaps[word]
        if gap == " ":
            return True
        if not _NEAR.fullmatch(gap):
            return False
        return "." not in gap or gap == "." or len(self.words[word - 1]) <= _LONGEST_ABBREVIATION

    def follows_place(self, word: int) -> bool:
        """Whether a number goes on from the word before it, also over ``#`` or a colon."""
        return word > 0 and _BEFORE_NUMBER.fullmatch(self.gaps[word]) is not None

    def spaced(self, first: int, after: int) -> bool:
        """Whether white space stands between any two of the words ``first`` to ``after - 1``."""
        return any(_SPACE.search(self.gaps[word]) for word in range(first + 1, after))

    def readings(self, word: int, suffixes: frozenset[str]) -> Iterator[tuple[str, int]]:
        """Yield what can be read from a word on: itself, then joined over hyphens and the like.

        Args:
            word: where to start.
            suffixes: endings such as ``s`` that are never joined over an apostrophe: "Rowe's" is
                not "Rowes".

        Yields:
            The word as read, and the number of the word after it.
        """
        read = self.words[word]
        yield read, word + 1
        while word in self.soft and len(read) < _LONGEST_JOINED:
            word += 1
            more = self.words[word]
            if more in suffixes and self.gaps[word] == "'":
                return
            if read[-1].isdigit() and more[0].isdigit():
                return
            read += more
            yield read, word + 1

    def is_capital(self, word: int) -> bool:
        """Whether the author wrote the word with a capital first letter."""
        character = self.text[self._at(self._begin(word))]
        return character.isupper() or character.istitle()

    def is_shouted(self, word: int) -> bool:
        """Whether the author wrote the whole word, of two letters or more, in capitals."""
        return len(self.words[word]) > 1 and self.is_upper(word, word + 1)

    def is_upper(self, first: int, after: int) -> bool:
        """Whether the author wrote the words ``first`` to ``after - 1`` all in capitals."""
        start, end = self._place(first, after)
        return self.text[start:end].isupper()

    def begins_sentence(self, word: int) -> bool:
        """Whether a capital stands here anyway: start of a text, line, sentence or quotation."""
        if word == 0:
            return True
        gap = self.gaps[word]
        before = self.words[word - 1]
        if ")" in gap and before.isdigit() and self.begins_sentence(word - 1):
            return True  # "1) Young pupils"
        return _ENDS_SENTENCE.search(gap) is not None

    def finding(self, first: int, after: int, code: Code, weight: Weight, why: Reason) -> Finding:
        """Make a finding of the words ``first`` to ``after - 1``."""
        start, end = self._place(first, after)
        return Finding(code, weight, start, end, self.text[start:end], why)

    def original(self, begin: int, end: int) -> tuple[int, int]:
        """Return the half-open place in the author's text of a non-empty folded place."""
        start, after = self._at(begin), self._at(end - 1) + 1
        while after < len(self.text) and is_mark(self.text[after]):
            after += 1
        return start, after

    def _place(self, first: int, after: int) -> tuple[int, int]:
        return self.original(self._begin(first), self._end(after - 1))

    def _at(self, index: int) -> int:
        return index if self._origin is None else self._origin[index]
