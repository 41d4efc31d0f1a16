"""Labels: every one has a key, other languages where there are any, and a school's own words."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.api.gathered import Gathered, gathering

from enquiry.kernel.alliance.state import Concept, SchoolWord
from enquiry.kernel.methods import KERNEL
from enquiry.method.method import Method
from enquiry.method.registry import load
from enquiry_api import labels as labelled
from enquiry_api.installed import Installed
from enquiry_api.labels import by_package, lint, update
from enquiry_api.labels_command import labels_command
from enquiry_api.methods import shown_method
from enquiry_api.words import PLAIN, SAID, Languages, accepted, catalogue, swap

GERMAN = "de-AT, fr;q=0.2"
LEARNER = {"concept": "pupil", "one": "ākonga", "many": "ākonga"}


@pytest.fixture(scope="module")
def methods() -> tuple[Method, ...]:
    """Everything that is installed and sound."""
    return tuple(compiled.method for compiled in load(builtins=KERNEL).methods.values())


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Gathered]:
    async with gathering(tmp_path) as made:
        yield made


async def actions(told: Gathered, name: str, **headers: str) -> dict[str, Any]:
    seen = await told.here.get(told.people[name], told.run, **headers)
    return {action["kind"]: action for action in seen.json()["actions"]}


# Keys


def _said(value: Any) -> Iterator[str]:
    """Every label inside what is shown of a method."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in SAID and isinstance(inner, str):
                yield inner
            else:
                yield from _said(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _said(inner)


def test_every_label_that_people_are_shown_has_a_key(methods: tuple[Method, ...]) -> None:
    import msgspec

    keyed = {text for told in by_package(methods).values() for text in told.values()}
    installed, unkeyed = Installed(methods), set[str]()
    for method in methods:
        shown = msgspec.to_builtins(shown_method(installed, method))
        unkeyed |= {text for text in _said(shown) if text and text not in keyed}
    assert unkeyed == set()


def test_keys_are_names_with_dots_and_nothing_else(methods: tuple[Method, ...]) -> None:
    key = re.compile(r"[A-Za-z][\w-]*(\.[\w<>-]+)+")
    keys = [key_ for told in by_package(methods).values() for key_ in told]
    assert [one for one in keys if not key.fullmatch(one)] == []


def test_no_catalogue_names_a_key_that_stands_for_nothing(methods: tuple[Method, ...]) -> None:
    found = lint(methods)
    assert {one.lang for one in found} == {"de"}
    unknown = [(one.package, one.unknown) for one in found if one.unknown]
    assert unknown == [], "`python3 run.py labels --update de` leaves them out"


def test_a_key_that_stands_for_nothing_would_be_found(
    methods: tuple[Method, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    some, lost = by_package(methods), "run.move.leave-run.title"
    del some["enquiry.kernel"][lost]
    monkeypatch.setattr(labelled, "by_package", lambda _: some)
    [kernel] = [one for one in lint(methods) if one.package == "enquiry.kernel"]
    assert lost in kernel.unknown


def test_a_text_that_is_reworded_is_said_in_english_until_somebody_looks() -> None:
    told = {one.key: one.english for one in catalogue("enquiry_api", "de")}
    key = "page.certificate.school"
    _, before = update("enquiry_api", "de", told)
    _, after = update("enquiry_api", "de", {**told, key: "Place"})
    assert b"fuzzy" not in before
    assert b'#, fuzzy\nmsgctxt "page.certificate.school"\nmsgid "Place"\nmsgstr "Schule"' in after


def test_the_command_says_how_far_a_language_is() -> None:
    said = CliRunner().invoke(labels_command, ["--package", "enquiry_peer_triads"])
    assert said.exit_code == 0, said.output
    assert re.search(r"enquiry_peer_triads +de +\d+ of \d+", said.output)


# Languages


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", ()),
        ("de", ("de",)),
        ("en;q=0.3, de-AT;q=0.9, fr", ("fr", "de-AT", "en")),
        ("de;q=0, en", ("en",)),
        ("*, ;;, de;q=x, ٣", ()),
        (",".join(["xx"] * 500), ("xx",) * 20),
    ],
)
def test_languages_are_taken_in_the_readers_order(header: str, tags: tuple[str, ...]) -> None:
    assert accepted(header) == tags


@pytest.mark.parametrize("header", ["", "en-GB", "fr, ja", "nonsense!", "de;q=0"])
def test_where_nothing_fits_it_is_said_in_english(header: str) -> None:
    assert Languages().words(accepted(header)) is PLAIN


async def test_actions_reasons_and_questions_come_in_the_readers_language(told: Gathered) -> None:
    english = await actions(told, "Petra")
    german = await actions(told, "Petra", Accept_Language=GERMAN)
    assert english["invite-to-run"]["title"].startswith("Invite somebody")
    assert german["invite-to-run"]["title"] == "Jemanden einladen; ablehnen geht ohne Grund"
    asked = german["invite-to-run"]["form"]["properties"]["role"]["title"]
    assert asked == "In welcher Rolle?"
    assert english.keys() == german.keys()
    # The method itself has no catalogue: what is its own stays as it is.
    assert german["note"]["title"] == english["note"]["title"]


async def test_a_refusal_keeps_its_code_in_every_language(told: Gathered) -> None:
    path = f"{told.run}/actions/gathering/issue-certificate"
    body = {"person": told.who("Kelly")}
    refused = await told.here.post(told.people["Petra"], path, body, Accept_Language=GERMAN)
    assert refused.json()["code"] == "CERTIFICATE_CRITERIA_NOT_MET"
    sentence = "Die Voraussetzungen für eine Bescheinigung sind noch nicht erfüllt."
    assert refused.json()["detail"] == sentence


async def test_a_certificate_is_printed_in_the_readers_language(told: Gathered) -> None:
    await told.notes("Kelly", "A note")
    here = f"{told.run}/certificates/{await told.certify('Petra', 'Kelly')}/page"
    read = await told.here.get(told.people["Kelly"], here, Accept_Language=GERMAN)
    assert '<html lang="de">' in read.text
    assert "Teilnahmebescheinigung" in read.text
    assert "19. November 2026" in read.text
    assert "Accept-Language" in read.headers["Vary"]


async def test_two_languages_are_two_representations(told: Gathered) -> None:
    english = await told.here.get(told.people["Petra"], told.run)
    tag = english.headers["ETag"]
    same = await told.here.get(told.people["Petra"], told.run, If_None_Match=tag)
    german = await told.here.get(
        told.people["Petra"], told.run, If_None_Match=tag, Accept_Language=GERMAN
    )
    assert (same.status_code, german.status_code) == (304, 200)


async def test_labels_are_there_by_key_for_whoever_draws_more(told: Gathered) -> None:
    read = (await told.here.get(None, "/v1/labels?owner=run", Accept_Language=GERMAN)).json()
    assert (read["lang"], read["languages"]) == ("de", ["en", "de"])
    assert read["items"]["run.move.leave-run.title"] == "Gehen; ein Grund ist nicht nötig"
    assert all(key.startswith("run.") for key in read["items"])
    english = (await told.here.get(None, "/v1/labels?owner=run")).json()
    assert english["items"].keys() == read["items"].keys()
    assert english["english"] == []
    assert "run.move.leave-run.title" not in read["english"]


_GENDERED = re.compile(
    r"\b(he|she|his|her|him|hers|himself|herself|er oder sie|jemand\w*, der)\b", re.IGNORECASE
)


def test_no_translation_knows_it_either(methods: tuple[Method, ...]) -> None:
    said = [one.text for found in lint(methods) for one in catalogue(found.package, "de")]
    assert len(said) > 1000
    assert [text for text in said if _GENDERED.search(text)] == []
    assert _GENDERED.search("Sagen, ob er oder sie kommt")


def test_no_label_knows_anybodys_gender(methods: tuple[Method, ...]) -> None:
    every = {text for told in by_package(methods).values() for text in told.values()}
    assert [text for text in every if _GENDERED.search(text)] == []
    assert _GENDERED.search("Ask her first.")


# A school's own words


async def words(told: Gathered, *given: dict[str, str], by: str = "Ines") -> Any:
    path = f"/v1/alliances/{told.here.alliance}"
    person = told.people[by]
    tag = (await told.here.get(person, path)).headers["ETag"]
    body = {"school": told.school, "words": list(given)}
    kind = f"{path}/actions/alliance/set-school-words"
    return await told.here.post(person, kind, body, If_Match=tag)


async def test_a_schools_members_read_its_words(told: Gathered) -> None:
    before = (await actions(told, "Petra"))["record-pupil-declined"]
    done = await words(told, LEARNER)
    assert done.status_code == 201, done.text
    after = (await actions(told, "Petra"))["record-pupil-declined"]
    assert before["title"].startswith("Record that a pupil does not")
    assert after["title"].startswith("Record that an ākonga does not")
    assert after["form"]["properties"]["person"]["title"] == "Which ākonga?"
    assert (await words(told)).status_code == 201
    assert (await actions(told, "Petra"))["record-pupil-declined"] == before


async def test_other_schools_keep_theirs(told: Gathered) -> None:
    await words(told, LEARNER)
    here = told.here
    other = await here.at_alliance("add-school", name="Hillside", zone="Europe/London")
    told.school = other["act"]
    await told.comes("Wilf Adler")
    await told.does("Petra", "invite-to-run", person=told.who("Wilf"), role="walker")
    await told.does("Wilf", "accept-run-invitation")
    title = (await actions(told, "Wilf"))["record-pupil-declined"]["title"]
    assert "a pupil" in title


async def test_words_of_another_language_are_left_alone(told: Gathered) -> None:
    await words(told, {**LEARNER, "lang": "de"})
    title = (await actions(told, "Petra"))["record-pupil-declined"]["title"]
    assert "a pupil" in title


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ([{**LEARNER, "one": "<b>pupil</b>"}], "/words/0/one"),
        ([{**LEARNER, "many": "pupils 2"}], "/words/0/many"),
        ([{**LEARNER, "one": "--"}], "/words/0/one"),
        ([LEARNER, {**LEARNER, "lang": "EN"}], "/words"),
    ],
)
async def test_words_are_words_and_one_for_each_thing(
    told: Gathered, given: list[dict[str, str]], pointer: str
) -> None:
    refused = await words(told, *given)
    assert (refused.status_code, refused.json()["code"]) == (422, "VALIDATION_FAILED")
    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_only_who_answers_for_a_school_sets_its_words(told: Gathered) -> None:
    refused = await words(told, LEARNER, by="Kelly")
    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_PERMITTED")


WORDS = tuple(
    SchoolWord(concept=concept, one=one, many=many)
    for concept, one, many in (
        (Concept.PUPIL, "student", "students"),
        (Concept.TEACHER, "educator", "educators"),
        (Concept.CLIENT, "coachee", "coachees"),
    )
)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Which pupil?", "Which student?"),
        ("Pupils, by their labels", "Students, by their labels"),
        ("A teacher and the pupil's book", "An educator and the student's book"),
        ("whose teachers teach a pupil", "whose educators teach a student"),
        ("the client: talks", "the coachee: talks"),
        ("pupil-walker and pupilage", "pupil-walker and pupilage"),
    ],
)
def test_whole_words_change_with_their_article(label: str, said: str) -> None:
    put = swap("en", WORDS)
    assert put is not None
    assert put(label) == said


async def test_labels_of_nobody_are_none_and_of_no_name_are_refused(told: Gathered) -> None:
    assert (await told.here.get(None, "/v1/labels?owner=nothing")).json()["items"] == {}
    refused = await told.here.get(None, "/v1/labels?owner=%00")
    assert (refused.status_code, refused.json()["code"]) == (400, "QUERY_INVALID")
