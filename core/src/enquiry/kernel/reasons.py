"""Whether somebody said why a method was chosen."""

import unicodedata

VAGUE = frozenset({"not sure", "unsure", "don't know", "n/a", "tbc", "because we always do"})
"""Reasons that are none, normalised as ``has_reason`` does. Source: 2.5."""
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'"})
_AROUND = " .,;:!?\u2026\"'()-\u2013\u2014"
"""What may stand around a reason without saying anything."""


def has_reason(reason: str | None) -> bool:
    """Whether this says why, rather than that nobody knows.

    Compared without regard to case, width, kind of apostrophe, spaces, and marks at either end.
    """
    if reason is None:
        return False
    folded = unicodedata.normalize("NFKC", reason).translate(_QUOTES).casefold()
    words = " ".join(folded.split()).strip(_AROUND)
    return bool(words) and words not in VAGUE
