"""Tokens of machines: narrow, of one alliance, ended at once; and nobody is impersonated by one."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey
from tests.api.test_refusals import is_problem
from tests.api.world import NOON, World, world

from enquiry.runtime.entrance import MemoryEntrance
from enquiry_api import machines
from enquiry_api.doors import Doors
from enquiry_api.identity import LocalTokens
from enquiry_api.machines import PREFIX, Machines


class Now:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> Any:
        return self.at


class Site:
    """A server with machines, and an alliance on it."""

    def __init__(self, here: World, entrance: MemoryEntrance, now: Now) -> None:
        self.here, self.entrance, self.now = here, entrance, now
        self.path = f"/v1/alliances/{here.alliance}/service-tokens"

    async def issued(self, **wanted: Any) -> Any:
        body = {"title": "Timetable sync", "scopes": ["read"], "seconds": 3600} | wanted
        made = await self.here.post(self.here.steward, self.path, body)
        assert made.status_code == 201, made.text
        return made.json()

    async def belongs(self, person: str) -> None:
        """Added like everybody else, at a school."""
        standing = await self.here.get(
            self.here.steward, f"/v1/alliances/{self.here.alliance}/views/directory"
        )
        school = standing.json()["schools"][0]["school"]
        await self.here.at_alliance("add-person", name="Timetable sync", person=person)
        await self.here.at_alliance(
            "grant-membership",
            person=person,
            school=school,
            standings=["partner"],
            since="2026-09-01",
        )

    async def get(self, token: str, path: str, verb: str = "GET", **more: str) -> Any:
        said = {"Authorization": f"Bearer {token}", "Enquiry-Now": NOON.isoformat()}
        more = {name.replace("_", "-"): value for name, value in more.items()}
        return await self.here.client.request(verb, path, headers=said | more)


@pytest.fixture
async def site(tmp_path: Path) -> Any:
    local, entrance, now = LocalTokens(OKPKey.generate_key("Ed25519")), MemoryEntrance(), Now()
    doors = Doors(local, None, Machines(entrance, now))
    async with world(tmp_path, identity=doors, entrance=entrance) as here:
        here.tokens = local
        await here.found_alliance()
        yield Site(here, entrance, now)


async def test_a_machine_sees_what_its_memberships_let_it_see(site: Site) -> None:
    made = await site.issued()
    alliance = f"/v1/alliances/{site.here.alliance}"
    is_problem(await site.get(made["token"], alliance), 404, "NOT_FOUND")
    await site.belongs(made["service"]["person"])
    assert (await site.get(made["token"], alliance)).status_code == 200


async def test_a_token_is_random_and_only_its_digest_is_kept(site: Site) -> None:
    made, other = await site.issued(), await site.issued()
    token = made["token"]
    assert token.startswith(PREFIX)
    assert len(token) >= len(PREFIX) + 43
    assert token != other["token"]
    [kept, _] = await site.entrance.tokens(site.here.alliance)
    assert kept.digest == hashlib.sha256(token.encode()).digest()
    assert token[len(kept.prefix) :] not in repr(kept)
    assert token not in site.here.written.getvalue().decode()
    listed = await site.here.get(site.here.steward, site.path)
    assert token not in listed.text
    assert listed.json()["items"][0]["prefix"] == kept.prefix


async def test_an_end_is_one_at_the_next_request(site: Site) -> None:
    made = await site.issued()
    assert (await site.get(made["token"], "/v1/runs")).status_code == 200
    steward = site.here.headers(site.here.steward)
    ended = await site.here.client.delete(f"{site.path}/{made['service']['id']}", headers=steward)
    assert ended.status_code == 204
    is_problem(await site.get(made["token"], "/v1/runs"), 401, "UNAUTHENTICATED")
    again = await site.here.client.delete(f"{site.path}/{made['service']['id']}", headers=steward)
    is_problem(again, 404, "NOT_FOUND")


async def test_a_token_expires(site: Site) -> None:
    made = await site.issued(seconds=60)
    site.now.at = NOON + timedelta(seconds=59)
    assert (await site.get(made["token"], "/v1/runs")).status_code == 200
    site.now.at = NOON + timedelta(seconds=60)
    is_problem(await site.get(made["token"], "/v1/runs"), 401, "UNAUTHENTICATED")


async def test_it_is_told_when_a_token_was_used_last(site: Site) -> None:
    made = await site.issued()
    assert made["service"]["last_used_at"] is None
    await site.get(made["token"], "/v1/runs")
    listed = (await site.here.get(site.here.steward, site.path)).json()["items"]
    assert listed[0]["last_used_at"] == "2026-11-19T12:00:00Z"


async def test_a_machine_finds_nothing_in_another_alliance_even_if_it_was_added_there(
    site: Site,
) -> None:
    made = await site.issued()
    first = site.here.alliance
    await site.here.found_alliance()
    assert site.here.alliance != first
    await site.belongs(made["service"]["person"])
    found = await site.get(made["token"], f"/v1/alliances/{site.here.alliance}")
    is_problem(found, 404, "NOT_FOUND")
    assert (await site.get(made["token"], "/v1/alliances")).json()["items"] == []


@pytest.mark.parametrize(
    ("scope", "verb", "path"),
    [
        ("act", "GET", "/v1/runs"),
        ("proofs", "GET", "/v1/runs"),
        ("read", "POST", "/v1/alliances/x/actions/alliance/add-school"),
        ("read", "GET", "/v1/alliances/x/log/checkpoint"),
        ("read", "GET", "/v1/enquiries/x/views/dashboard/table.csv"),
        ("act", "GET", "/v1/events"),
    ],
)
async def test_a_token_without_the_scope_opens_nothing(
    site: Site, scope: str, verb: str, path: str
) -> None:
    made = await site.issued(scopes=[scope])
    said = {"Idempotency_Key": "k", "Content_Type": "application/json"} if verb == "POST" else {}
    refused = await site.get(made["token"], path, verb, **said)
    is_problem(refused, 403, "NOT_PERMITTED")


@pytest.mark.parametrize(
    "path", ["/v1/me/records", "/v1/me/timetable", "/v1/me/accesses", "the tokens themselves"]
)
async def test_what_is_for_people_is_for_no_machine(site: Site, path: str) -> None:
    made = await site.issued(scopes=["read", "act", "proofs", "exports"])
    await site.belongs(made["service"]["person"])
    path = path if path.startswith("/") else site.path
    is_problem(await site.get(made["token"], path), 403, "NOT_PERMITTED")


async def test_nobody_is_impersonated_by_a_machine(site: Site) -> None:
    body = {"title": "x", "scopes": ["read"], "seconds": 60, "person": str(site.here.member)}
    made = await site.here.post(site.here.steward, site.path, body)
    is_problem(made, 404, "NOT_FOUND")


async def test_a_machine_gets_a_new_token_and_stays_who_it_is(site: Site) -> None:
    first = await site.issued()
    second = await site.issued(person=first["service"]["person"])
    assert second["service"]["person"] == first["service"]["person"]
    assert second["token"] != first["token"]


async def test_stewards_alone_make_list_and_end_tokens(site: Site) -> None:
    body = {"title": "x", "scopes": ["read"], "seconds": 60}
    here = site.here
    for person, status, code in (
        (here.member, 403, "NOT_PERMITTED"),
        (here.stranger, 404, "NOT_FOUND"),
    ):
        is_problem(await here.post(person, site.path, body), status, code)
        is_problem(await here.get(person, site.path), status, code)
        gone = await here.client.delete(f"{site.path}/{uuid4()}", headers=here.headers(person))
        is_problem(gone, status, code)


async def test_no_token_is_made_for_a_forbidden_purpose(site: Site) -> None:
    body = {"title": "x", "scopes": ["read"], "seconds": 60, "purpose": "appraisal"}
    made = await site.here.post(site.here.steward, site.path, body)
    is_problem(made, 403, "APPRAISAL_USE_FORBIDDEN")


async def test_tokens_are_not_made_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "TOKENS_MAX", 1)
    await site.issued()
    body = {"title": "x", "scopes": ["read"], "seconds": 60}
    made = await site.here.post(site.here.steward, site.path, body)
    is_problem(made, 422, "VALIDATION_FAILED")


async def test_that_a_token_was_made_and_ended_is_written_down(site: Site) -> None:
    made = await site.issued()
    await site.here.client.delete(
        f"{site.path}/{made['service']['id']}", headers=site.here.headers(site.here.steward)
    )
    log = await site.here.get(site.here.steward, f"/v1/alliances/{site.here.alliance}/accesses")
    routes = [one["route"] for one in log.json()["items"]]
    assert routes == ["revoke-service-token", "issue-service-token"]
