"""What holds for every text and every roster: nothing hides a name, nothing gives one away."""

import string
import unicodedata

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from enquiry.kernel.textguard import Findings, Guard, Person, Profile, Roster, word_lists
from enquiry.kernel.textguard.fold import fold
from enquiry.kernel.textguard.passage import cut

ENGLISH = word_lists("en")
PEOPLE = (
    Person("1", "Kelly Rowe", "host", title="Ms", email="krowe@beckroad.example"),
    Person("2", "Siobhan O'Brien", "host"),
    Person("3", "Ngozi Adeyemi-Cole"),
    Person("4", "Joost van den Berg"),
    Person("5", "Petra Novák"),
    Person("6", "Tāne Ngata", "host"),
    Person("7", "Søren Kjær", "host"),
    Person("8", "Олена Шевченко"),
    Person("9", "Ελένη Παπαδάκη"),
    Person("10", "محمد العلي", "host"),
    Person("11", "王芳", "host"),
    Person("12", "Maisie", "pupil"),
    Person("13", "Strauß", "pupil"),
    Person("14", "Mr Young", "host"),
)
ROSTER = Roster(PEOPLE, rooms=("B4", "14"), classes=("3R",), initials=("KRO",), labels=("A", "B"))
GUARD = Guard(ROSTER, ENGLISH)

SPOKEN = ["Rowe", "O'Brien", "Adeyemi-Cole", "Adeyemi", "van den Berg", "Novák", "Ngata", "Kjær"]
SPOKEN += ["Шевченко", "Παπαδάκη", "محمد", "Maisie", "Strauß", "Kelly Rowe", "Tāne", "王芳"]
INVISIBLE = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u200e",
    "\u202a",
    "\ufe0f",
]
ACCENTS = ["\u0300", "\u0301", "\u0308", "\u030a", "\u0327", "\u0328", "\u0331", "\u0338"]
SEPARATORS = ["'", "’", "-", "‐", ".", " ", "ʼ", "\u00a0"]
FILLER = st.text(string.ascii_lowercase[:5] + " .,;", max_size=20)

A_NAME = st.sampled_from(SPOKEN)
A_PROFILE: st.SearchStrategy[Profile] = st.sampled_from(["cards", "reports", "private"])
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from(list("RoweB4 .'-\"“”@14\n") + INVISIBLE + ACCENTS),
    ),
    max_size=60,
) | st.lists(
    st.sampled_from([*SPOKEN, "Young", "Ms", "room", "14", "B4", "don't", "good", "'", '"', "K."]),
    max_size=8,
).map(" ".join)


def refused(text: str, guard: Guard = GUARD) -> list[str]:
    return [one.span for one in guard.examine(text, "cards").rejected]


def letters(text: str) -> str:
    return "".join(cut(fold(text)[0]))


@st.composite
def sprinkled(draw: st.DrawFn, name: str, characters: list[str]) -> str:
    """The name with characters put after some of its letters."""
    return "".join(
        one + "".join(draw(st.lists(st.sampled_from(characters), max_size=2)) if one != " " else [])
        for one in name
    )


@given(ANY_TEXT, A_PROFILE, st.booleans(), st.sampled_from(["", "observation", "pupil_said"]))
def test_the_same_text_always_gets_the_same_answer(text, profile, verbatim, about):
    again = Guard(ROSTER, ENGLISH) if len(text) % 7 == 0 else GUARD
    assert GUARD.examine(text, profile, verbatim=verbatim, about=about) == again.examine(
        text, profile, verbatim=verbatim, about=about
    )


@given(ANY_TEXT, A_PROFILE, st.booleans(), st.sampled_from(["", "observation", "pupil_said"]))
def test_every_span_lies_inside_the_text_and_says_what_stands_there(text, profile, verbatim, about):
    found = GUARD.examine(text, profile, verbatim=verbatim, about=about).found
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.span == text[one.start : one.end]
    assert list(found) == sorted(found, key=lambda one: (one.start, -one.end, one.code))


@given(ANY_TEXT)
def test_no_answer_holds_a_name_that_is_not_in_the_text(text: str):
    answer = letters(msgspec.json.encode(GUARD.examine(text, "cards")).decode())
    for name in (letters(word) for person in PEOPLE for word in person.name.split()):
        if len(name) > 3 and name not in letters(text):
            assert name not in answer


@given(ANY_TEXT)
def test_identifying_places_do_not_overlap(text: str):
    found = [
        one
        for one in GUARD.examine(text, "cards").found
        if one.code in ("IDENTIFYING_TEXT", "MAY_IDENTIFY")
    ]
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start for end, one in zip(ends, found, strict=False))


@given(A_NAME, FILLER, FILLER)
def test_a_name_is_found_wherever_it_stands(name: str, before: str, after: str):
    assert name in " ".join(refused(f"{before} {name} {after}"))


@given(A_NAME.flatmap(lambda name: sprinkled(name, INVISIBLE)), FILLER)
def test_invisible_characters_hide_no_name(name: str, filler: str):
    assert refused(f"{filler} {name} wrote")


@given(
    A_NAME.filter(lambda name: name not in ("王芳", "محمد")).flatmap(
        lambda name: sprinkled(name, ACCENTS)
    ),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
def test_added_accents_hide_no_name_however_they_are_encoded(name: str, form: str):
    assert refused(f"so {unicodedata.normalize(form, name)} wrote")


@given(A_NAME, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_removed_accents_hide_no_name(name: str, form: str):
    bare = "".join(
        one for one in unicodedata.normalize("NFD", name) if not unicodedata.combining(one)
    )
    assert refused(f"so {unicodedata.normalize(form, bare)} wrote")


@given(A_NAME, st.lists(st.booleans(), min_size=20, max_size=20))
def test_case_hides_no_name_that_is_not_a_word(name: str, flips: list[bool]):
    flipped = "".join(
        one.swapcase() if flip else one for one, flip in zip(name, flips, strict=False)
    )
    assert refused(f"so {flipped} wrote")


@given(st.sampled_from(["O'Brien", "Adeyemi-Cole"]), st.sampled_from([*SEPARATORS, ""]))
def test_separators_hide_no_name(name: str, separator: str):
    written = name.replace("'", separator).replace("-", separator)
    assert refused(f"so {written} wrote") == [written]


FULL_WIDTH = {ord(one): ord(one) + 0xFEE0 for one in string.ascii_letters}


@given(st.sampled_from(["Rowe", "O'Brien", "Maisie", "Kelly Rowe"]))
def test_full_width_letters_hide_no_name(name: str):
    assert refused(f"so {name.translate(FULL_WIDTH)} wrote")


A_WORD = st.text(string.ascii_lowercase, min_size=3, max_size=9)


@given(A_WORD, A_WORD, st.sampled_from(["host", "staff", "pupil"]))
@example("rowe", "rower", "host")
@example("rowe", "growe", "staff")
def test_only_whole_words_count(name: str, word: str, role):
    assume(name != word)
    guard = Guard(Roster((Person("1", f"{name.title()} {name.title()}", role),)), ENGLISH)
    assert refused(f"so {word} wrote", guard) == []


@given(A_WORD, A_WORD, st.sampled_from(["host", "staff", "pupil", "other"]))
def test_a_full_name_with_a_title_is_one_place(first: str, family: str, role):
    name = f"{first.title()} {family.title()}"
    guard = Guard(Roster((Person("1", name, role),)), ENGLISH)
    assert refused(f"so, Dr {name} wrote", guard) == [f"Dr {name}"]


@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=30))
@example(["", " ", "-", "'", ",", "Mr", "a,b,c"], "Mr a b")
def test_no_roster_however_odd_breaks_the_guard(names: list[str], text: str):
    people = tuple(Person(str(at), name, "host", email=name) for at, name in enumerate(names))
    roster = Roster(people, tuple(names), tuple(names), tuple(names), tuple(names))
    found = Guard(roster, ENGLISH).examine(text, "cards", about="observation")
    assert isinstance(found, Findings)


@given(st.text(max_size=30))
def test_folding_keeps_the_way_back(text: str):
    folded, origin = fold(text)
    places = list(range(len(text))) if origin is None else origin
    assert len(places) == len(folded)
    assert places == sorted(places)
    assert all(0 <= at < len(text) for at in places)
    assert all(one < "\x80" or unicodedata.category(one)[0] in "LNM" for one in folded)


@given(st.text(max_size=30))
@example("\U00016e80")
def test_what_is_folded_stays_as_it_is(text: str):
    folded = fold(text)[0]
    assert fold(folded)[0] == folded


LONG = ["a.a", "'a ", '"', "“ ", "@.", "@a.", "a@", "room ", "K. ", "o'", "\u0301", "Ms Rowe "]


@pytest.mark.parametrize("part", LONG)
def test_a_long_text_takes_time_in_proportion(part: str):
    """One that took the square of its length would run into the limit for a test."""
    GUARD.examine(part * 20_000, "cards", verbatim=True, about="observation")
