"""The soft rules: words that narrow down, judge or guess, and hints about what was looked at."""

import re
from collections.abc import Iterator

from enquiry.kernel.textguard.findings import About, Code, Finding, Weight
from enquiry.kernel.textguard.fold import fold
from enquiry.kernel.textguard.lexicon import Judgement, Lexicon
from enquiry.kernel.textguard.names import Parts, spellings
from enquiry.kernel.textguard.passage import Passage, cut
from enquiry.kernel.textguard.quotations import quotations
from enquiry.kernel.textguard.roster import Descriptor, Roster
from enquiry.kernel.textguard.trie import Meaning, Trie

_CODES: dict[Judgement, Code] = {
    "evaluative": "EVALUATIVE_LANGUAGE",
    "inference": "INFERENCE_LANGUAGE",
}
_YEAR = re.compile("([a-z]+)([0-9]+)")


class Narrowing:
    """The narrowing rule: a property that exactly one visited room has."""

    def __init__(self, roster: Roster, lexicon: Lexicon) -> None:
        """Make the properties of one room only ready."""
        self._suffixes = lexicon.suffixes
        self._forms: Trie[None] = Trie(
            (form, None)
            for descriptor in roster.descriptors
            if descriptor.rooms == 1
            for form in _descriptor_forms(descriptor, lexicon)
        )

    def findings(self, passage: Passage, weight: Weight) -> Iterator[Finding]:
        """Yield every such property that a passage mentions."""
        for first, after, _ in leftmost_longest(self._forms, passage, self._suffixes):
            yield passage.finding(first, after, "NARROWING_TEXT", weight, "one_room_only")


class Language:
    """The rules about words alone, whoever the text is about."""

    def __init__(self, lexicon: Lexicon, titles: frozenset[str], labels: tuple[str, ...]) -> None:
        """Take the words of a language, and the pseudonyms of a run."""
        self._lexicon = lexicon
        self._titles = titles
        self._labels: Trie[None] = Trie(
            (form, None) for label in labels for form in spellings(label)
        )

    def judgements(self, passage: Passage, weight: Weight, *, verbatim: bool) -> Iterator[Finding]:
        """Yield evaluative and inferring phrases.

        Args:
            passage: the text.
            weight: of the findings.
            verbatim: leave out what stands between quotation marks.
        """
        quotes = quotations(passage.text) if verbatim else []
        quoted = {at for start, end in quotes for at in range(start, end)}
        lexicon = self._lexicon
        for first, after, kind in leftmost_longest(lexicon.judgements, passage, lexicon.suffixes):
            if kind == "neutral":
                continue
            finding = passage.finding(first, after, _CODES[kind], weight, kind)
            if not quoted.issuperset(range(finding.start, finding.end)):
                yield finding

    def hints(self, passage: Passage, weight: Weight, about: About) -> Iterator[Finding]:
        """Yield at most one hint: an observation, or a question to a pupil, is on the teacher."""
        if about == "pupil_said":
            for first, after in self._teachers_mentioned(passage):
                yield passage.finding(
                    first, after, "PUPIL_ASKED_ABOUT_TEACHER", weight, "teacher_mentioned"
                )
                return
        if about == "observation" and not self._names_label(passage):
            for first, after in self._starts_with_teacher(passage):
                yield passage.finding(
                    first, after, "TEACHER_FOCUSED_OBSERVATION", weight, "teacher_focused"
                )
                return

    def _teachers_mentioned(self, passage: Passage) -> Iterator[tuple[int, int]]:
        lexicon = self._lexicon
        for first, after, needs_capital in leftmost_longest(
            lexicon.teachers_mentioned, passage, lexicon.suffixes
        ):
            if passage.is_capital(first) or not needs_capital:
                yield first, after

    def _starts_with_teacher(self, passage: Passage) -> Iterator[tuple[int, int]]:
        lexicon, words = self._lexicon, passage.words
        if not words:
            return
        openers = lexicon.openers.matches(passage, 0, lexicon.suffixes)
        first = max((after for after, _ in openers), default=0)
        if first == len(words):
            return
        for after, _ in lexicon.teachers.matches(passage, first, lexicon.suffixes):
            yield first, after
        titled = words[first] in self._titles and passage.follows(first + 1)
        if titled and passage.is_capital(first + 1):
            yield first, first + 2

    def _names_label(self, passage: Passage) -> bool:
        """Whether a pseudonym stands anywhere; one letter only as a capital that is no article."""
        for first, after, _ in leftmost_longest(self._labels, passage, self._lexicon.suffixes):
            if after - first > 1 or len(passage.words[first]) > 1:
                return True
            after_pupil = first > 0 and passage.words[first - 1] in self._lexicon.pupils
            if after_pupil or (passage.is_capital(first) and not passage.begins_sentence(first)):
                return True
        return False


def leftmost_longest(
    phrases: Trie[Meaning], passage: Passage, suffixes: frozenset[str]
) -> Iterator[tuple[int, int, Meaning]]:
    """Yield (first word, word after, meaning) of phrases that do not overlap."""
    free = 0
    for first in phrases.candidates(passage):
        if first < free:
            continue
        matches = phrases.matches(passage, first, suffixes)
        if matches:
            after, meaning = max(matches, key=lambda match: match[0])
            yield first, after, meaning
            free = after


def _descriptor_forms(descriptor: Descriptor, lexicon: Lexicon) -> Iterator[Parts]:
    """Every way to write a year group ("Y9", "Year 9"), a subject, or any other phrase."""
    words = cut(fold(descriptor.text)[0])
    yield from spellings(descriptor.text)
    for subject in lexicon.subjects.get("".join(words), ()):
        yield from spellings(subject)
    year = _YEAR.fullmatch("".join(words))
    if year is not None and year[1] in lexicon.years:
        for word in sorted(lexicon.years):
            yield word, year[2]
            yield (word + year[2],)
