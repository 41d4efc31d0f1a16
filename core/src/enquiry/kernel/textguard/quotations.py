"""Where a text quotes: what stands between a pair of quotation marks, in the usual styles."""

import re

# An apostrophe inside a word, or after it, opens nothing: "the pupils' books".
_OPENING = re.compile(r"[\"“”„«»「『‹›]|(?<!\w)['‘]")
_CLOSING = {
    '"': re.compile('"'),
    "“": re.compile("”"),
    "”": re.compile("”"),
    "„": re.compile("[“”]"),
    "«": re.compile("»"),
    "»": re.compile("«"),
    "‹": re.compile("›"),
    "›": re.compile("‹"),
    "「": re.compile("」"),
    "『": re.compile("』"),
    "‘": re.compile(r"’(?!\w)"),
    "'": re.compile(r"'(?!\w)"),
}


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the half-open places between marks, marks included; one left open quotes nothing."""
    places: list[tuple[int, int]] = []
    never_closed: set[str] = set()
    after = 0
    for opening in _OPENING.finditer(text):
        mark = opening[0]
        if opening.start() < after or mark in never_closed:
            continue
        closing = _CLOSING[mark].search(text, opening.end())
        if closing is None:
            never_closed.add(mark)
            continue
        after = closing.end()
        places.append((opening.start(), after))
    return places
