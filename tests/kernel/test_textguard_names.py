"""How people are called: whose names the text guard knows, in how many spellings, and where."""

import msgspec
import pytest

from enquiry.kernel.textguard import (
    Guard,
    Person,
    Roster,
    word_lists,
)

KELLY = Guard(Roster((Person("kelly", "Kelly Rowe", "host", title="Ms"),)), word_lists("en-GB"))


def spans(guard: Guard, text: str) -> list[str]:
    return [one.span for one in guard.examine(text, "cards").rejected]


def one_person(*names: str, **more: str) -> Guard:
    people = tuple(Person(name, name, "host", **more) for name in names)
    return Guard(Roster(people), word_lists("en"))


# Whose names count


@pytest.mark.parametrize(
    ("role", "text", "refused"),
    [
        ("host", "Kelly waited", ["Kelly"]),
        ("pupil", "Kelly waited", ["Kelly"]),
        ("staff", "Kelly waited", []),
        ("other", "Kelly waited", []),
        ("staff", "Rowe waited", ["Rowe"]),
        ("other", "Rowe waited", []),
        ("other", "Ms Rowe waited", ["Ms Rowe"]),
        ("other", "Kelly Rowe waited", ["Kelly Rowe"]),
        ("staff", "Miss Kelly waited", ["Miss Kelly"]),
    ],
)
def test_a_first_name_counts_for_hosts_and_pupils_a_visitor_only_in_full(
    role: str, text: str, refused: list[str]
):
    person = msgspec.convert({"id": "1", "name": "Kelly Rowe", "role": role}, Person)
    assert spans(Guard(Roster((person,)), word_lists("en")), text) == refused


def test_a_first_name_of_one_letter_is_too_short_to_count():
    guard = one_person("J Rowe")
    assert spans(guard, "J folded it") == []
    assert spans(guard, "J Rowe folded it") == ["J Rowe"]


def test_the_name_in_use_counts_beside_the_one_on_paper():
    guard = one_person("Katherine Rowe", preferred="Kaz")
    assert spans(guard, "Kaz folded, so did Katherine") == ["Kaz", "Katherine"]
    assert spans(guard, "Kaz Rowe folded") == ["Kaz Rowe"]


# How names are divided


@pytest.mark.parametrize(
    ("name", "family", "first"),
    [
        ("Kelly Rowe", ["Rowe"], ["Kelly"]),
        ("Rowe, Kelly", ["Rowe"], ["Kelly"]),
        ("Young, Mr David", ["Mr Young"], ["David"]),
        ("ROWE Kelly", ["Rowe"], ["Kelly"]),
        ("Kelly ROWE", ["Rowe"], ["Kelly"]),
        ("Dr. Kelly J. Rowe", ["Rowe"], ["Kelly"]),
        ("María José García López", ["José", "García", "López", "García López"], ["María"]),
        ("Joost van den Berg", ["Berg", "van den Berg", "Vandenberg"], ["Joost"]),
        ("Ana de la Cruz", ["Cruz", "de la Cruz", "Delacruz"], ["Ana"]),
        ("Huw ap Gruffudd", ["Gruffudd", "ap Gruffudd"], ["Huw"]),
        ("Ngozi Adeyemi-Cole", ["Adeyemi", "Cole", "Adeyemi Cole"], ["Ngozi"]),
        ("Nguyễn Văn", ["Văn"], ["Nguyễn"]),
        ("Quang Le", ["Le"], ["Quang"]),
        ("Fiona MCDONALD", ["McDonald", "Mc Donald"], ["Fiona"]),
        ("FIONA MCDONALD", ["McDonald", "Mc Donald"], ["Fiona"]),
        ("王 芳华", ["王芳华", "王 芳华"], ["芳华"]),
        ("Suharto", ["Suharto"], []),
        ("Tāne", ["Tane"], []),
    ],
)
def test_one_string_tells_which_words_are_family_names(
    name: str, family: list[str], first: list[str]
):
    staff = Guard(Roster((Person("1", name, "staff"),)), word_lists("und"))
    host = Guard(Roster((Person("1", name, "host"),)), word_lists("und"))
    for spoken in family:
        assert spans(staff, f"there {spoken} wrote"), spoken
        assert spans(host, f"there {spoken} wrote"), spoken
    for spoken in first:
        assert not spans(staff, f"there {spoken} wrote"), spoken
        assert spans(host, f"there {spoken} wrote") == [spoken]


def test_whoever_keeps_the_roster_can_say_which_is_the_family_name():
    said = Person("1", "Wang Xiuying", "staff", family=("Wang",))
    guard = Guard(Roster((said,)), word_lists("en"))
    assert spans(guard, "there Wang wrote") == ["Wang"]
    assert spans(guard, "there Xiuying wrote") == []


def test_particles_alone_are_nobody():
    guard = one_person("Joost van den Berg", "Ana de la Cruz")
    assert spans(guard, "They saw a van, la la, de, den and der") == []


def test_an_article_is_no_initial():
    assert spans(KELLY, "A Rowe lesson") == ["Rowe"]
    assert spans(KELLY, "A. Rowe spoke") == ["A. Rowe"]
    assert spans(KELLY, "It was A Rowe who spoke") == ["A Rowe"]


def test_pupils_say_ms_j_when_the_name_has_a_j_in_it():
    guard = one_person("Kelly J. Rowe")
    assert spans(guard, "Ms J and Kelly J spoke of x and J") == ["Ms J", "Kelly J"]


def test_a_possessive_is_not_a_longer_name():
    assert spans(one_person("Ann Rowes"), "Rowe's display and Rowes' display") == ["Rowes"]


# Words that are names


def test_pupil_b_may_rise():
    guard = Guard(Roster((Person("1", "Ann Rose"),)), word_lists("en"))
    assert spans(guard, "Then pupil B rose from the chair") == []


def test_a_school_with_mr_will_may_still_say_what_miss_will_do():
    guard = Guard(Roster((Person("1", "Ann Will"),)), word_lists("en"))
    assert spans(guard, "Miss will help and Sir will not") == []
    assert spans(guard, "Miss Will helps") == ["Miss Will"]
    assert spans(guard, "mrs will helps") == ["mrs will"]


def test_a_language_without_a_word_list_lets_every_match_count():
    guard = Guard(Roster((Person("v3", "Mr Young", "host"),)), word_lists("cy"))
    found = guard.examine("young", "cards")
    assert [one.span for one in found.rejected] == ["young"]
    assert (found.lang, found.words) == ("und", "und.1")


# Spans


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("é “Ms Rowe” – so", "Ms Rowe"),
        ("the oﬃce of Rowe, ½ and ﬁve", "Rowe"),
        ("so R\u200bo\u0301\u200bw\u00ade said", "R\u200bo\u0301\u200bw\u00ade"),
        ("so Rowe\u0301 said", "Rowe\u0301"),
        ("so \u2067Rowe\u2069 said", "Rowe"),
        ("so Ｒｏｗｅ said", "Ｒｏｗｅ"),
        ("so Ms\n Rowe said", "Ms\n Rowe"),
        ("👩‍🏫 Rowe 👍", "Rowe"),
        ("Rowe² said", "Rowe"),
    ],
)
def test_spans_point_into_the_text_as_the_author_wrote_it(text: str, span: str):
    found = KELLY.examine(text, "cards").rejected
    assert [one.span for one in found] == [span]
    assert text[found[0].start : found[0].end] == span


def test_a_ligature_inside_a_name_is_reported_whole():
    assert spans(one_person("Ola Hoﬃn"), "so Hoffin and Hoﬃn said") == ["Hoffin", "Hoﬃn"]
