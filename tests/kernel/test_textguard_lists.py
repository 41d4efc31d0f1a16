"""Word lists, languages, and the values that go in and out of the text guard."""

import hashlib
from importlib import resources

import msgspec
import pytest

from enquiry.kernel.textguard import (
    Descriptor,
    Guard,
    Person,
    Roster,
    examine,
    languages,
    text_check,
    word_lists,
)

ROSTER = Roster(
    (Person("kelly", "Kelly Rowe", "host", title="Ms"), Person("v1", "Mr Patel", "host"))
)
GUARD = Guard(ROSTER, word_lists("en-GB"))


def test_the_answer_names_the_word_lists_it_rests_on():
    found = GUARD.examine("…", "cards")
    assert (found.lang, found.words) == ("en", "en.1")


def test_rosters_and_findings_survive_their_encoding():
    found = GUARD.examine("Ms Rowe was excellent", "cards")
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
    assert msgspec.json.decode(msgspec.json.encode(ROSTER), type=Roster) == ROSTER


def test_methods_see_what_refuses_and_what_warns_but_no_hints():
    check = text_check(GUARD)
    found = check("Mr Patel was excellent", "cards", False)
    assert [(one.code, one.start, one.end) for one in found] == [
        ("IDENTIFYING_TEXT", 0, 8),
        ("EVALUATIVE_LANGUAGE", 13, 22),
    ]
    assert check("Mr Patel was excellent", "private", False) == ()
    with pytest.raises(msgspec.ValidationError):
        check("Mr Patel", "shared_notes", False)


def test_a_school_may_have_a_list_of_its_own():
    own = msgspec.structs.replace(word_lists("en"), version="beck-road.3", evaluative=("ace",))
    found = Guard(ROSTER, own).examine("An ace, excellent start", "cards")
    assert [one.span for one in found.found] == ["ace"]
    assert found.words == "beck-road.3"


def test_a_french_text_is_judged_in_french():
    roster = Roster(
        (Person("1", "Mme Rose Fontaine", "host"), Person("2", "Aurélie Petit", "host")),
        rooms=("14",),
        descriptors=(Descriptor("mathématiques", 1),),
    )
    found = examine(
        "Mme Fontaine est excellente. Petit à petit, en maths, salle 14, les élèves semblaient"
        " comprendre la fontaine",
        "cards",
        roster,
        "fr-CA",
    )
    assert [(one.code, one.span) for one in found.found] == [
        ("IDENTIFYING_TEXT", "Mme Fontaine"),
        ("EVALUATIVE_LANGUAGE", "excellente"),
        ("MAY_IDENTIFY", "Petit"),
        ("NARROWING_TEXT", "maths"),
        ("IDENTIFYING_TEXT", "salle 14"),
        ("INFERENCE_LANGUAGE", "semblaient"),
    ]
    assert found.words == "fr.1"
    assert word_lists("fr").sentences != word_lists("en").sentences


@pytest.mark.parametrize("lang", ["", "EN", "en_GB", "x-private", "zz-Latn"])
def test_any_tag_gives_some_word_lists(lang: str):
    assert word_lists(lang).lang in {"en", "und"}


@pytest.mark.parametrize(("lang", "version"), [("en", 99), ("zz", 1)])
def test_a_version_that_was_never_shipped_is_unknown(lang: str, version: int):
    with pytest.raises(LookupError):
        word_lists(lang, version)


LOCKED = {
    "en.1": "563112baf0e38698",
    "fr.1": "eab4112fd3b865f6",
    "und.1": "a033152d386ab841",
}


def test_a_released_word_list_is_never_edited():
    """When this fails, put the old file back and make the change in a new version."""
    folder = resources.files("enquiry.kernel.textguard").joinpath("words")
    shipped = {
        f"{lang}.{version}": hashlib.sha256(
            folder.joinpath(f"{lang}.{version}.toml").read_bytes()
        ).hexdigest()[:16]
        for lang, versions in languages().items()
        for version in versions
    }
    assert shipped == LOCKED


@pytest.mark.parametrize("lang", ["en", "fr", "und"])
def test_every_shipped_file_is_for_the_language_and_version_in_its_name(lang: str):
    for version in languages()[lang]:
        lists = word_lists(lang, version)
        assert (lists.lang, lists.version) == (lang, f"{lang}.{version}")
        assert set(lists.titles_alone.split()) <= set(lists.titles.split())
