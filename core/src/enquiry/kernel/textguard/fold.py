"""Folding: how texts are made comparable, with the way back to every original code point.

Case, diacritics, compatibility forms (ligatures, full-width letters) and invisible characters do
not count. What is left beyond ASCII are letters, digits and the vowel signs of scripts that spell
with them; all else becomes ASCII punctuation. Hangul is expected composed, as in NFC.
"""

import re
import unicodedata
from functools import lru_cache

_UNUSUAL = re.compile(r"[^\t\n\r -~]")
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"
    "|[\U000e0100-\U000e01ef]"
)
_HANGUL = re.compile("[\uac00-\ud7a3]")
_LINE_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u2022\u25e6\u2023"  # bullets begin a line too

_ASCII_OF = {
    **dict.fromkeys("‘’‚‛‹›ʻʼʹ′´׳״ꞌ", "'"),
    **dict.fromkeys("“”„‟«»「」『』〝〞", '"'),
    **dict.fromkeys("。．۔।॥։·・‧", "."),
    **dict.fromkeys(_LINE_BREAKS, "\n"),
    "؟": "?",
    "−": "-",
    "ـ": "",
    # Letters that carry their stroke or ligature inside, which no decomposition takes away.
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "ĸ": "k",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}


def fold(text: str) -> tuple[str, list[int] | None]:
    """Return the text in comparable form, and for each of its characters where it came from.

    Returns:
        The folded text, and a list as long as it: the index in ``text`` of the code point that each
        folded character was made from. ``None`` stands for "every character is where it was".
    """
    first = _UNUSUAL.search(text)
    if first is None:
        return text.lower(), None
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for found in _UNUSUAL.finditer(text, first.start()):
        at = found.start()
        pieces.append(text[done:at].lower())
        origin.extend(range(done, at))
        piece = _fold_character(text[at])
        pieces.append(piece)
        origin.extend([at] * len(piece))
        done = at + 1
    pieces.append(text[done:].lower())
    origin.extend(range(done, len(text)))
    return "".join(pieces), origin


def is_mark(character: str) -> bool:
    """Whether the character only adds to the one before it, such as a combining accent."""
    return unicodedata.category(character)[0] == "M"


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    if character in _ASCII_OF:
        return _ASCII_OF[character]
    if _HANGUL.match(character):
        return character
    bare = _without_diacritics(character)
    bare = _without_diacritics(bare.casefold())
    folded = "".join(_ascii_unless_word(one) for one in bare)
    # A footnote number or a fraction is no part of the word it follows.
    is_small = unicodedata.category(character) == "No" and folded != character
    return f" {folded}" if is_small else folded


def _without_diacritics(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(one for one in decomposed if not _is_diacritic(one))


def _is_diacritic(character: str) -> bool:
    """Accents, overlays, Semitic points; not vowel signs, viramas, kana voicing, which spell."""
    position = unicodedata.combining(character)
    return position == 1 or 10 <= position <= 36 or position >= 200


def _ascii_unless_word(character: str) -> str:
    if character in _ASCII_OF:
        return _ASCII_OF[character]
    if _INVISIBLE.match(character):
        return ""
    if character < "\x80" and character.isprintable():
        return character
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return character
    return {"Cf": "", "Cc": "", "Pd": "-", "Zs": " ", "Pi": '"', "Pf": '"'}.get(category, ",")
