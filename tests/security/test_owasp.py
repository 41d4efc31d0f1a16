"""One test and more for every item of the OWASP API Security Top 10 (2023), over every address."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.api.test_refusals import is_problem
from tests.api.world import World, world
from tests.security.walking import ENDLESS, ROUTES, ask, is_action, is_page, who

from enquiry.runtime.terms import Asker
from enquiry_api import openapi
from enquiry_api.edge import Access, Endpoint
from enquiry_api.keysets import KEYS_MAX, SET_BYTES_MAX, NoKeys, fetching, public_keys
from enquiry_api.limits import Admission, Budgets, PerPerson
from enquiry_api.purposes import FORBIDDEN

BATCH = "send-offline"
"""Answers for each act that it holds; tests/api/test_offline.py sends some to strangers' runs."""


def asked(here: World) -> list[Endpoint]:
    """Every address that wants a token and comes to an end."""
    closed = (Access.PERSON, Access.OPERATOR)
    return [one for one in here.app.endpoints if one.access in closed and one.name != ENDLESS]


# API1: broken object level authorisation


async def test_what_belongs_to_another_alliance_is_absent_at_every_address(here: World) -> None:
    run, theirs = await here.open_circle(), str(here.alliance)
    await here.found_alliance()
    walked = [e for e in asked(here) if "{id}" in e.path and not is_page(e)]
    walked = [e for e in walked if e.name != BATCH]
    assert len(walked) > 50
    for endpoint in walked:
        streams = {"runs": run.rpartition("/")[2], "alliances": theirs}
        id_ = streams.get(endpoint.path.split("/")[2], theirs)
        mine = here.headers(here.stranger)
        answer = await ask(here, endpoint, mine, id_)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), endpoint.path
        absent = await ask(here, endpoint, mine, str(uuid4()))
        same = ("status", "code", "detail", "title")
        assert [absent.json()[k] for k in same] == [answer.json()[k] for k in same], endpoint.path


async def test_whoever_left_finds_nothing_at_the_next_request(here: World) -> None:
    run = await here.open_circle()
    assert (await here.get(here.member, run)).status_code == 200
    shown = await here.get(here.steward, f"/v1/alliances/{here.alliance}/views/directory")
    school = shown.json()["schools"][0]["school"]
    await here.at_alliance(
        "end-membership", person=str(here.member), school=school, until="2026-11-19"
    )
    is_problem(await here.get(here.member, run), 404, "NOT_FOUND")


# API2: broken authentication


@pytest.mark.parametrize("said", [None, "Bearer x", "Bearer enqs_x", "Basic eDp5", "Bearer a.b.c"])
async def test_no_address_for_people_opens_without_a_valid_token(
    here: World, said: str | None
) -> None:
    for endpoint in asked(here):
        answer = await ask(here, endpoint, {"Authorization": said} if said else {})
        if is_page(endpoint):
            assert answer.status_code in (303, 401), endpoint.path
            continue
        is_problem(answer, 401, "UNAUTHENTICATED")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), endpoint.path


# API3: broken object property level authorisation


async def test_a_field_that_no_form_has_is_refused(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    for extra in ("by", "recorded_at", "person", "operator", "__class__"):
        body = {"page": 1, "thought": "x", extra: str(here.steward)}
        is_problem(await here.act(run, "record-thought", body), 422, "VALIDATION_FAILED")
    history = (await here.get(here.member, f"{run}/history")).json()["items"]
    assert {one["by"] for one in history} == {str(here.member)}


# API4: unrestricted resource consumption


async def test_a_body_without_end_is_refused_at_every_address(here: World) -> None:
    mine = here.headers(here.member)
    for endpoint in asked(here):
        if endpoint.body is None or is_page(endpoint) or endpoint.access is Access.OPERATOR:
            continue
        body = b" " * (endpoint.body.bytes_max + 1)
        answer = await ask(here, endpoint, mine, str(here.alliance), body)
        is_problem(answer, 413, "BODY_TOO_LARGE")


async def test_what_costs_much_has_a_budget_of_its_own(tmp_path: Path) -> None:
    budgets = Budgets({"proofs": (2, 3), "exports": (1, 9), "replay": (1, 1)}, lambda: 0.0)
    settings = {"admit": PerPerson(1000, 60, lambda: 0.0), "budgets": budgets}
    async with world(tmp_path, **settings) as here:
        await here.found_alliance()
        path = "/v1/me/records"
        first = await here.get(here.member, path)
        assert first.status_code == 200
        refused = await here.get(here.member, path)
        is_problem(refused, 429, "TOO_MANY_REQUESTS")
        assert refused.headers["Retry-After"] == "60"
        assert '"person";q=1000;w=60, "exports";q=1;w=60' in refused.headers["RateLimit-Policy"]
        assert '"exports";r=0;t=60' in refused.headers["RateLimit"]
        assert (await here.get(here.member, "/v1/runs")).status_code == 200
        assert (await here.get(here.steward, path)).status_code == 200


def test_an_alliance_has_a_bucket_of_its_own_for_what_costs_much() -> None:
    budgets = Budgets({"proofs": (9, 2)}, lambda: 0.0)
    mine, other = uuid4(), uuid4()
    waits = [budgets.alliance("proofs", mine).retry_after for _ in range(3)]
    assert waits == [None, None, 30]
    assert budgets.alliance("proofs", other).retry_after is None
    assert budgets.person("proofs", Asker(mine)).retry_after is None


# API5: broken function level authorisation


def test_every_address_says_who_may_come(here: World) -> None:
    listed = {name for names in ROUTES.values() for name in names}
    served = {one.name for one in here.app.endpoints if not is_action(one)}
    assert served == listed
    for endpoint in here.app.endpoints:
        access = "person" if who(endpoint) == "steward" else who(endpoint)
        assert endpoint.access.value == access, endpoint.name


async def test_what_is_for_the_operator_is_for_nobody_else(here: World) -> None:
    for endpoint in asked(here):
        if who(endpoint) == "operator":
            for person in (here.steward, here.member, here.stranger):
                answer = await ask(here, endpoint, here.headers(person))
                is_problem(answer, 403, "NOT_PERMITTED")


async def test_what_is_for_stewards_is_for_no_other_member(here: World) -> None:
    for endpoint in asked(here):
        if who(endpoint) == "steward":
            mine = here.headers(here.member)
            answer = await ask(here, endpoint, mine, str(here.alliance))
            is_problem(answer, 403, "NOT_PERMITTED")


async def test_whoever_runs_the_platform_reads_no_content(here: World) -> None:
    run = await here.open_circle()
    for path in (run, f"{run}/history", f"/v1/alliances/{here.alliance}"):
        is_problem(await here.get(here.tokens.operator, path), 404, "NOT_FOUND")


# API6: unrestricted access to sensitive business flows


def test_everything_that_is_taken_along_is_counted_and_written_down(here: World) -> None:
    taken = [one for one in here.app.endpoints if one.budget == "exports"]
    assert {one.name for one in taken} >= {"take-records", "set-report", "write-enquiry-view"}
    assert [one.name for one in taken if one.watched is None] == []


@pytest.mark.parametrize("purpose", FORBIDDEN)
async def test_nothing_flows_into_what_judges_people(here: World, purpose: str) -> None:
    mine = here.headers(here.member, Enquiry_Purpose=purpose)
    for endpoint in asked(here):
        answer = await ask(here, endpoint, mine, str(here.alliance))
        assert answer.status_code == 403, endpoint.path


# API7: server side request forgery


def test_nobody_can_make_this_server_call_an_address(here: World) -> None:
    document = json.dumps(openapi.document(here.app.edge.installed, here.app.endpoints))
    assert '"format": "uri"' not in document
    for address in ("http://169.254.169.254/keys", "file:///etc/passwd", "gopher://x"):
        with pytest.raises(ValueError, match="https"):
            fetching(address)


# API8: security misconfiguration


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Host", "X-User"])
async def test_no_header_makes_anybody_somebody_else(tmp_path: Path, name: str) -> None:
    seen: list[Any] = []

    def admit(asker: Asker) -> Admission:
        seen.append(asker.person)
        return Admission()

    async with world(tmp_path, admit=admit) as here:
        await here.found_alliance()
        seen.clear()
        for value in ("10.0.0.1", f"for={here.steward}", "evil.example"):
            mine = here.headers(here.member) | {name: value}
            answer = await here.client.get("/v1/me", headers=mine)
            assert answer.json()["person"] == str(here.member)
            assert "evil.example" not in str(answer.headers)
        assert seen == [here.member] * 3


async def test_whatever_a_header_says_the_same_bucket_pays(tmp_path: Path) -> None:
    async with world(tmp_path, admit=PerPerson(5, 60, lambda: 0.0)) as here:
        mine = here.headers(here.stranger)
        spoofed = [mine | {"X-Forwarded-For": f"10.0.0.{n}", "Host": f"h{n}"} for n in range(6)]
        answers = [await here.client.get("/v1/runs", headers=said) for said in spoofed]
        assert [one.status_code for one in answers] == [200] * 5 + [429]


async def test_what_was_read_by_somebody_is_kept_for_nobody_else(here: World) -> None:
    run = await here.open_circle()
    for path in (run, f"{run}/history", "/v1/runs", "/v1/me", "/v1/me/accesses"):
        kept = (await here.get(here.member, path)).headers["Cache-Control"]
        assert kept.startswith(("private", "no-store")), path


# API9: improper inventory management


def test_what_is_described_is_what_is_served(here: World) -> None:
    document = openapi.document(here.app.edge.installed, here.app.endpoints)
    described = {(p, v.upper()) for p, verbs in document["paths"].items() for v in verbs}
    routed = {
        (route.path_format, verb)
        for route in here.app.routes
        for verb in route.methods
        if verb != "OPTIONS"
    }
    assert described == routed


# API10: unsafe consumption of APIs


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"null",
        b'{"keys": 7}',
        b'{"keys": []}',
        b'{"keys": [' + b"[" * 5000,
        json.dumps({"keys": [{"kty": "RSA"}] * (KEYS_MAX + 1)}).encode(),
    ],
    ids=["nothing", "list", "null", "number", "empty", "deep", "many"],
)
def test_what_an_identity_provider_says_is_not_believed_unread(document: bytes) -> None:
    assert len(document) < SET_BYTES_MAX
    with pytest.raises(NoKeys):
        public_keys(document)
