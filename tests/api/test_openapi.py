"""The document says exactly what is served, and the page says what the document says."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import jsonschema_rs
import pytest
from tests.api.circle import CIRCLE, HOST, READER, Circle, OpenCircle, RecordThought
from tests.api.world import World

from enquiry.method.builder import Builder
from enquiry.method.method import Method
from enquiry_api import openapi
from enquiry_api.installed import Installed
from enquiry_api.reference import shape


async def document_of(here: World) -> dict[str, Any]:
    answer = await here.get(None, "/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


async def test_every_address_is_described_and_everything_described_is_served(here: World) -> None:
    document = await document_of(here)
    described = {(p, v.upper()) for p, verbs in document["paths"].items() for v in verbs}
    served = {
        (route.path_format, verb)
        for route in here.app.routes
        for verb in route.methods
        if verb != "OPTIONS"
    }
    assert described == served


async def test_every_reference_leads_somewhere(here: World) -> None:
    document = await document_of(here)
    names = re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document))
    assert set(names) <= set(document["components"]["schemas"])
    assert len(names) > 20


async def test_every_schema_is_one(here: World) -> None:
    document = await document_of(here)
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid({"$schema": document["jsonSchemaDialect"], **schema}), (
            name
        )


async def test_every_operation_has_its_own_name_and_a_title(here: World) -> None:
    document = await document_of(here)
    every = [made for verbs in document["paths"].values() for made in verbs.values()]
    assert len({made["operationId"] for made in every}) == len(every)
    assert all(made["summary"] for made in every)


async def test_every_action_has_its_own_closed_form_with_hints(here: World) -> None:
    document = await document_of(here)
    path = "/v1/runs/{id}/actions/reading-circle/record-thought"
    action = document["paths"][path]["post"]
    ref = action["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    form = document["components"]["schemas"][ref.rpartition("/")[2]]
    assert form["additionalProperties"] is False
    assert form["required"] == ["page", "thought"]
    assert form["properties"]["thought"]["title"] == "What do you think?"
    assert form["properties"]["page"]["maximum"] == 2000
    statuses = {"200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "429"}
    assert set(action["responses"]) == statuses | {"500", "503"}


async def test_only_decisions_speak_of_revisions(here: World) -> None:
    paths = (await document_of(here))["paths"]
    for kind, decision in (("choose-book", True), ("record-thought", False)):
        action = paths[f"/v1/runs/{{id}}/actions/reading-circle/{kind}"]["post"]
        names = {param["name"] for param in action["parameters"]}
        assert ("If-Match" in names) == decision
        assert ("428" in action["responses"]) == decision
        assert "Idempotency-Key" in names


def second_version() -> Method:
    """Another version of the circle, with a move of the same name and one of its own."""
    circle = Builder(
        "reading-circle",
        2,
        "Reading circle",
        state=Circle,
        roles=(HOST, READER),
        cast=CIRCLE.cast,
    )
    circle.stages("reading", final=("closed",))
    circle.move(OpenCircle, by=HOST, opens=True)
    circle.move(RecordThought, by=READER)
    return circle.build()


def test_versions_that_share_an_address_share_its_body() -> None:
    from enquiry_api import acting

    installed = Installed([CIRCLE, second_version()])
    endpoints = {e.path: e for e in acting.endpoints(installed)}
    document = openapi.document(installed, endpoints.values())
    path = "/v1/runs/{id}/actions/reading-circle/record-thought"
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert [one["$ref"].rpartition("/")[2] for one in body["oneOf"]] == [
        "reading-circle.v1.record-thought",
        "reading-circle.v2.record-thought",
    ]
    assert "oneOf" not in endpoints["/v1/runs/{id}/actions/reading-circle/choose-book"].body.schema


async def test_what_only_time_does_has_no_address(here: World) -> None:
    from enquiry_api.installed import is_for_people

    paths = (await document_of(here))["paths"]
    hidden = [m for m in here.app.edge.installed.methods for m in m.moves if not is_for_people(m)]
    assert not [m.kind for m in hidden if any(p.endswith(m.kind) for p in paths)]


class Page(HTMLParser):
    """What a browser and a screen reader make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.there: list[str] = []
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                where = self.there if (value or "").startswith(("#", "/")) else self.outside
                where.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


async def page_of(here: World) -> Page:
    answer = await here.get(None, "/v1/reference")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = Page()
    page.feed(answer.text)
    return page


async def test_the_page_shows_every_operation_and_needs_nothing_from_outside(here: World) -> None:
    document, page = await document_of(here), await page_of(here)
    for path, verbs in document["paths"].items():
        assert path in page.text
        assert all(m["summary"] in page.text for v, m in verbs.items() if v != "head")
    assert page.outside == []
    assert not {"script", "img", "iframe", "link"} & set(page.tags)


async def test_the_page_can_be_walked_with_a_keyboard(here: World) -> None:
    page = await page_of(here)
    assert page.tags.count("details") == page.tags.count("summary") > 20
    assert {"main", "nav", "h1"} <= set(page.tags)
    assert {link[1:] for link in page.there if link.startswith("#")} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 300}, "string, 1 to 300"),
        ({"type": ["string", "null"], "format": "uuid"}, "uuid"),
        ({"enum": ["yes", None]}, "one of yes, none"),
        (
            {"type": "array", "items": {"type": "integer"}, "maxItems": 3},
            "list of integer, any to 3",
        ),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, "A or null"),
        ({}, "anything"),
    ],
)
def test_a_schema_is_told_in_a_few_words(schema: dict[str, Any], words: str) -> None:
    assert shape(schema) == words


async def test_diagrams_are_served_whole_and_with_a_stage_marked(here: World) -> None:
    one = "/v1/methods/reading-circle/versions/1"
    links = (await here.get(None, one)).json()["links"]
    drawn = await here.get(None, links["svg"])
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg") or drawn.text.startswith("<?xml")
    marked = await here.get(None, f"{links['svg']}?stage=reading")
    assert marked.status_code == 200
    assert marked.content != drawn.content
    unknown = await here.get(None, f"{links['svg']}?stage=nowhere")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "QUERY_INVALID")
    written = await here.get(None, links["mermaid"])
    assert "stateDiagram" in written.text


async def test_a_method_tells_its_moves_with_forms_rules_and_readers(here: World) -> None:
    told = (await here.get(None, "/v1/methods/reading-circle/versions/1")).json()
    move = next(m for m in told["moves"] if m["kind"] == "record-thought")
    assert move["href"] == "/v1/runs/{id}/actions/reading-circle/record-thought"
    assert move["rules"][0]["sentence"] == "Choose a book first."
    assert move["rules"][0]["code"] == "BOOK_MISSING"
    assert move["schema"]["properties"]["thought"]["x-personal"]["subject"] == "by"
    fact = next(f for f in told["facts"] if f["kind"] == "reading-circle/thought-recorded")
    assert len(fact["audience"]) == 2


@pytest.mark.parametrize(
    "path", ["nothing/versions/1", "reading-circle/versions/9", "reading-circle/versions/x"]
)
async def test_a_method_that_is_not_installed_is_not_there(here: World, path: str) -> None:
    for end in ("", "/diagram.svg", "/diagram.mmd"):
        answer = await here.get(None, f"/v1/methods/{path}{end}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
