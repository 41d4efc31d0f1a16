"""A school's own words: who is a pupil here is a learner there."""

import unicodedata
from typing import Annotated
from uuid import UUID

from enquiry.kernel.alliance.state import Alliance, SchoolWord
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask
from enquiry.method.roles import MEMBER, Role
from enquiry.method.rules import Rule, Unmet, Verdict, rule

WORDS_MAX = 50
_BETWEEN = frozenset(" -'’·")
"""What may stand between the letters of a word."""


class SetSchoolWords(Entry, records="school-words-set"):
    """Set the words that a school uses, such as learner for pupil"""

    school: Annotated[UUID, ask("Which school?", address=True)]
    words: Annotated[tuple[SchoolWord, ...], ask("Which words?", at_most=WORDS_MAX)]
    """Every word from now on; empty: those that everybody uses."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace the words."""
        known = s.schools.get(self.school)
        if known is None:
            return s
        return s.but(schools={**s.schools, self.school: known.but(words=self.words)})


@rule("VALIDATION_FAILED", "A word has letters, and spaces, hyphens or apostrophes between them.")
def words_are_words(s: Alliance, e: SetSchoolWords, ctx: Ctx) -> Verdict:
    """Labels stay text: no digits, no signs, nothing that a page could mistake for its own."""
    del s, ctx
    for number, word in enumerate(e.words):
        for name in ("one", "many"):
            if not _is_word(getattr(word, name)):
                return Unmet(pointer=f"/words/{number}/{name}")
    return True


def _is_word(said: str) -> bool:
    kinds = [unicodedata.category(char)[0] for char in said if char not in _BETWEEN]
    return "L" in kinds and set(kinds) <= {"L", "M"}


@rule("VALIDATION_FAILED", "For one thing there is one word in each language.")
def one_word_for_each(s: Alliance, e: SetSchoolWords, ctx: Ctx) -> Verdict:
    """Nobody has to guess which word counts."""
    del s, ctx
    named = [(word.concept, word.lang.casefold()) for word in e.words]
    return True if len(named) == len(set(named)) else Unmet(pointer="/words")


def words(alliance: Builder, steward: Role, for_school: tuple[Rule, ...]) -> None:
    """Add the move to the alliance; ``for_school`` says who answers for a school."""
    by, rules = (steward, MEMBER), (*for_school, words_are_words, one_word_for_each)
    # The words are replaced as a whole, so whoever does it says which ones they saw.
    alliance.move(
        SetSchoolWords,
        by=by,
        rules=rules,
        decision=True,
        about=lambda e: f"words-of-{e.school}",
    )
    alliance.show(SetSchoolWords, to=by)
