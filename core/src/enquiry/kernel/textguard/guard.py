"""The guard: one roster, made ready once, against which any number of texts are examined."""

from typing import get_args

import msgspec

from enquiry.kernel.textguard.findings import About, Finding, Findings, Weight
from enquiry.kernel.textguard.identifiers import all_titles
from enquiry.kernel.textguard.identify import Identify
from enquiry.kernel.textguard.language import Language, Narrowing
from enquiry.kernel.textguard.lexicon import lexicon
from enquiry.kernel.textguard.passage import Passage
from enquiry.kernel.textguard.roster import Roster
from enquiry.kernel.textguard.wordlists import WordLists, word_lists
from enquiry.method import ctx
from enquiry.method.fields import Profile

_HINTED: tuple[About, ...] = get_args(About)


class Guard:
    """Examines texts of one run in one language. It never changes, so threads may share it."""

    def __init__(self, roster: Roster, lists: WordLists) -> None:
        """Make a roster ready (a few milliseconds). Keep the guard as long as the roster stands.

        Args:
            roster: people, rooms, classes and what else must not be named.
            lists: the words of the language of the texts, from ``word_lists`` or a school's own.
        """
        words = lexicon(lists)
        self._lists = lists
        self._identify = Identify(roster, words)
        self._narrowing = Narrowing(roster, words)
        self._language = Language(words, all_titles(roster, words), roster.labels)

    def examine(
        self, text: str, profile: Profile, *, verbatim: bool = False, about: About = ""
    ) -> Findings:
        """Return what a text holds that it should not. The same text always gives the same answer.

        Args:
            text: as the author wrote it; any length, in one pass.
            profile: kind of field. ``private`` is never refused and gives hints only.
            verbatim: the author says that words between quotation marks are a literal quotation.
                Those words may judge and guess; they may not identify.
            about: what the text records, where that has a hint of its own.

        Source: domain rules 4.4 (identifying, narrowing, evaluative, inference) and 6.2 (hints).
        """
        passage = Passage(text)
        found = self._findings(passage, profile, verbatim=verbatim, about=about)
        return Findings(profile, self._lists.lang, self._lists.version, tuple(found))

    def _findings(
        self, passage: Passage, profile: Profile, *, verbatim: bool, about: About
    ) -> list[Finding]:
        is_private = profile == "private"
        weight: Weight = "hint" if is_private else "warn"
        found = [] if is_private else self._identify.findings(passage)
        found += self._narrowing.findings(passage, weight)
        found += self._language.judgements(passage, weight, verbatim=verbatim)
        found += self._language.hints(passage, weight, about)
        found.sort(key=lambda finding: (finding.start, -finding.end, finding.code))
        return found


def text_check(guard: Guard) -> ctx.TextCheck:
    """Return the guard as methods see it: what refuses or warns, without what is only a hint."""

    def check(text: str, profile: str, verbatim: bool, about: str = "") -> tuple[ctx.Finding, ...]:
        kind = msgspec.convert(profile, Profile)
        known: About = about if about in _HINTED else ""
        found = guard.examine(text, kind, verbatim=verbatim, about=known).found
        return tuple(
            ctx.Finding(one.code, one.start, one.end, one.why)
            for one in found
            if one.weight != "hint"
        )

    return check


def examine(
    text: str,
    profile: Profile,
    roster: Roster,
    lang: str,
    *,
    verbatim: bool = False,
    about: About = "",
) -> Findings:
    """Examine one text with the newest word lists of its language; for many texts keep a ``Guard``.

    Args:
        text: as the author wrote it.
        profile: kind of field.
        roster: who and what must not be named.
        lang: BCP 47 tag of the text.
        verbatim: quotations are literal.
        about: what the text records.
    """
    guard = Guard(roster, word_lists(lang))
    return guard.examine(text, profile, verbatim=verbatim, about=about)
