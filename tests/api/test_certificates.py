"""Certificates: who took part, when and for how long; never how well."""

import ast
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from tests.api.gathered import Gathered, gathering
from tests.house.tree import modules, nodes

from enquiry.kernel.textguard import Guard, Roster, word_lists
from enquiry.runtime.certificates import Certificate
from enquiry_api.certificates import STATEMENT, printed, shown

MINE = "/v1/me/certificates"
WALKED = Certificate(
    id=UUID(int=1),
    run=UUID(int=2),
    alliance=UUID(int=3),
    person=UUID(int=4),
    name="Zoë <Ní> Bhriain",
    method="walk",
    version=1,
    title="Learning walk",
    school="Beck Road",
    dates=(date(2026, 11, 19), date(2026, 11, 20)),
    minutes=95,
    criteria=("present at visits", "the walk was completed"),
    issued_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    position=9,
)


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Gathered]:
    async with gathering(tmp_path) as made:
        yield made


async def test_everybody_finds_their_own_certificates_in_one_place(told: Gathered) -> None:
    await told.notes("Kelly", "A note")
    id_ = await told.certify("Petra", "Kelly")
    listed = await told.here.get(told.people["Kelly"], MINE)
    [mine] = listed.json()["items"]
    assert (mine["id"], mine["name"], mine["title"]) == (id_, "Kelly Shaw", "Gathering")
    assert (mine["minutes"], mine["hours"], mine["criteria"]) == (30, 0.5, ["wrote a note"])
    assert (mine["school"], mine["statement"]) == ("Beck Road", STATEMENT)
    for name in ("Petra", "Hamish", "Declan"):
        assert (await told.here.get(told.people[name], MINE)).json()["items"] == []


async def test_without_meeting_the_criteria_there_is_none(told: Gathered) -> None:
    refused = await told.tries("Petra", "issue-certificate", person=told.who("Kelly"))
    assert (refused.status_code, refused.json()["code"]) == (409, "CERTIFICATE_CRITERIA_NOT_MET")


@pytest.mark.parametrize("name", ["Declan", "Ines"])
async def test_only_those_who_take_part_issue_one(told: Gathered, name: str) -> None:
    await told.notes("Kelly", "A note")
    path = f"{told.run}/actions/gathering/issue-certificate"
    refused = await told.here.post(told.people[name], path, {"person": told.who("Kelly")})
    assert refused.status_code == {"Declan": 403, "Ines": 404}[name]


async def test_those_who_take_part_read_it_and_nobody_else(told: Gathered) -> None:
    await told.notes("Kelly", "A note")
    here = f"{told.run}/certificates/{await told.certify('Petra', 'Kelly')}"
    for name in ("Kelly", "Petra", "Hamish"):
        read = await told.here.get(told.people[name], here)
        assert (read.status_code, read.json()["name"]) == (200, "Kelly Shaw")
    for name in ("Declan", "Ines"):
        absent = await told.here.get(told.people[name], here)
        assert (absent.status_code, absent.json()["code"]) == (404, "NOT_FOUND")
        assert (await told.here.get(told.people[name], f"{here}/page")).status_code == 404


async def test_whoever_has_left_keeps_their_own(told: Gathered) -> None:
    await told.notes("Kelly", "A note")
    here = f"{told.run}/certificates/{await told.certify('Petra', 'Kelly')}"
    other = f"{told.run}/certificates/{await _hamish(told)}"
    await told.does("Kelly", "leave-run")
    kelly = told.people["Kelly"]
    assert len((await told.here.get(kelly, MINE)).json()["items"]) == 1
    assert (await told.here.get(kelly, here)).status_code == 200
    assert (await told.here.get(kelly, other)).status_code == 404


async def _hamish(told: Gathered) -> str:
    await told.notes("Hamish", "A note")
    return await told.certify("Petra", "Hamish")


async def test_the_newest_of_a_run_is_listed_and_the_older_stays_readable(told: Gathered) -> None:
    await told.notes("Kelly", "A note")
    old, new = [await told.certify("Petra", "Kelly") for _ in range(2)]
    kelly = told.people["Kelly"]
    [mine] = (await told.here.get(kelly, MINE)).json()["items"]
    assert mine["id"] == new
    assert (await told.here.get(kelly, f"{told.run}/certificates/{old}")).status_code == 200


@pytest.mark.parametrize("id_", ["1", "0192f0c0-1234-7000-8000-0123456789ab"])
async def test_what_is_no_certificate_is_not_there(told: Gathered, id_: str) -> None:
    await told.notes("Kelly", "A note")
    seen = await told.here.get(told.people["Kelly"], f"{told.run}/certificates/{id_}")
    assert (seen.status_code, seen.json()["code"]) == (404, "NOT_FOUND")


async def test_a_certificate_is_a_page_too(told: Gathered) -> None:
    await told.notes("Kelly", "A note")
    await told.certify("Petra", "Kelly")
    kelly = told.people["Kelly"]
    [mine] = (await told.here.get(kelly, MINE)).json()["items"]
    read = await told.here.get(kelly, mine["page"])
    assert read.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script" not in read.headers["Content-Security-Policy"]
    assert "Kelly Shaw" in read.text
    again = await told.here.get(kelly, mine["page"], If_None_Match=read.headers["ETag"])
    assert again.status_code == 304


class _Outline(HTMLParser):
    """The elements of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.lang: str | None = None
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.lang = dict(attrs).get("lang", self.lang)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_says_everything_as_text_in_an_order_that_can_be_read_aloud() -> None:
    page = _Outline(printed(WALKED).decode())
    assert page.lang == "en"
    assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("title") == 1
    assert {"script", "img", "table", "link"}.isdisjoint(page.tags)
    text = " ".join(page.words)
    said = ["Zoë <Ní> Bhriain", "Learning walk", "Beck Road", "19 November 2026", "1 h 35 min"]
    places = [text.index(one) for one in (*said, "present at visits", STATEMENT)]
    assert places == sorted(places)


def test_a_name_that_was_erased_is_said_to_be() -> None:
    erased = msgspec.structs.replace(WALKED, name={"placeholder": "erased"})
    assert "A name that was erased" in printed(erased).decode()


def _criteria() -> list[str]:
    """What methods say was met, as it stands in their code."""
    return [
        text
        for path in modules("plugins")
        for node in nodes(path)
        if isinstance(node, ast.Assign)
        and getattr(node.targets[0], "id", "").lower() == "criteria"
        and isinstance(node.value, ast.Tuple)
        for text in ast.literal_eval(node.value)
    ]


def test_the_words_of_every_method_are_found() -> None:
    assert {"present at visits", "was coach, client and observer in every completed meeting"} <= {
        *_criteria()
    }


@pytest.mark.parametrize("text", sorted({*_criteria(), STATEMENT}))
def test_no_word_of_a_certificate_is_about_quality(text: str) -> None:
    guard = Guard(Roster(), word_lists("en"))
    assert not guard.examine(text, "notes_shared").found
    assert guard.examine("an excellent walk", "notes_shared").found


def test_hours_are_minutes_in_another_unit() -> None:
    assert shown(WALKED).hours == 1.58
