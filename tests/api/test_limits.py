"""Over a real connection: how much anybody may ask for, and what they are told of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from tests.api.world import World, world

from enquiry.runtime.terms import Asker
from enquiry_api import limits
from enquiry_api.limits import PerPerson
from enquiry_api.offline import BATCH_BYTES_MAX
from enquiry_api.server import address, listen, serving
from enquiry_api.strictjson import BODY_BYTES_MAX

MINE = "/v1/runs"


class Watch:
    """A clock that goes when it is told to."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def over_http(folder: Path, **settings: object) -> AsyncIterator[tuple[World, str]]:
    """The application behind a real server, and its address."""
    async with world(folder, **settings) as here:
        bound = listen("127.0.0.1", 0)
        async with serving(here.app, bound):
            yield here, address(bound)


def asked_by(here: World, person: UUID) -> dict[str, str]:
    return {"Authorization": f"Bearer {here.token(person)}"}


async def test_who_sends_more_than_their_share_is_told_when_to_come_again(tmp_path: Path) -> None:
    watch = Watch()
    async with (
        over_http(tmp_path, admit=PerPerson(3, 60, watch)) as (here, url),
        httpx.AsyncClient(base_url=url, timeout=10) as client,
    ):
        mine = asked_by(here, here.stranger)
        left = [(await client.get(MINE, headers=mine)).headers["RateLimit"] for _ in range(3)]
        assert left == ['"person";r=2;t=20', '"person";r=1;t=40', '"person";r=0;t=60']
        refused = await client.get(MINE, headers=mine)
        assert refused.status_code == 429
        assert refused.json()["code"] == "TOO_MANY_REQUESTS"
        assert refused.headers["Retry-After"] == "20"
        assert refused.headers["RateLimit-Policy"] == '"person";q=3;w=60'
        assert refused.headers["RateLimit"] == '"person";r=0;t=60'

        watch.seconds += 20
        assert (await client.get(MINE, headers=mine)).status_code == 200
        assert (await client.get(MINE, headers=mine)).status_code == 429


async def test_another_token_of_the_same_person_takes_from_the_same_share(tmp_path: Path) -> None:
    async with (
        over_http(tmp_path, admit=PerPerson(1, 60, Watch())) as (here, url),
        httpx.AsyncClient(base_url=url, timeout=10) as client,
    ):
        first, second = (here.tokens.mint(here.stranger, hour * 3600)[0] for hour in (1, 2))
        statuses = [
            (await client.get(MINE, headers={"Authorization": f"Bearer {token}"})).status_code
            for token in (first, second)
        ]
        assert statuses[0] == 200
        assert statuses[1] == 429


async def test_one_persons_haste_is_nobody_elses_wait(tmp_path: Path) -> None:
    async with (
        over_http(tmp_path, admit=PerPerson(1, 60, Watch())) as (here, url),
        httpx.AsyncClient(base_url=url, timeout=10) as client,
    ):
        assert (await client.get(MINE, headers=asked_by(here, here.stranger))).status_code == 200
        assert (await client.get(MINE, headers=asked_by(here, here.stranger))).status_code == 429
        assert (await client.get(MINE, headers=asked_by(here, here.member))).status_code == 200
        for _ in range(3):
            assert (await client.get("/livez")).status_code == 200
            assert (await client.get("/v1/methods")).status_code == 200


async def test_what_was_refused_by_the_limit_was_not_done_and_can_be_sent_again(
    tmp_path: Path,
) -> None:
    watch = Watch()
    admit = PerPerson(1, 60, watch)
    async with (
        over_http(tmp_path, admit=admit) as (here, url),
        httpx.AsyncClient(base_url=url, timeout=10) as client,
    ):
        person, key = here.tokens.operator, {"Idempotency-Key": "founding"}
        said = {"Authorization": f"Bearer {here.token(person, operator=True)}", **key}
        body = {"name": "Ryburn", "steward": str(uuid4()), "steward_name": "Ada Holm"}
        path = "/v1/alliances/actions/alliance/create-alliance"
        await client.get(MINE, headers=said)
        head = await here.app.edge.system.log.head()
        assert (await client.post(path, json=body, headers=said)).status_code == 429
        assert await here.app.edge.system.log.head() == head
        watch.seconds += 60
        assert (await client.post(path, json=body, headers=said)).status_code == 201


async def test_a_refusal_says_what_is_left_too(tmp_path: Path) -> None:
    async with (
        over_http(tmp_path, admit=PerPerson(9, 60, Watch())) as (here, url),
        httpx.AsyncClient(base_url=url, timeout=10) as client,
    ):
        absent = await client.get(f"{MINE}/{uuid4()}", headers=asked_by(here, here.member))
        assert (absent.status_code, absent.headers["RateLimit"]) == (404, '"person";r=8;t=7')


async def test_without_a_limit_nothing_is_said_of_one(tmp_path: Path) -> None:
    async with (
        over_http(tmp_path) as (here, url),
        httpx.AsyncClient(base_url=url, timeout=10) as client,
    ):
        answer = await client.get(MINE, headers=asked_by(here, here.member))
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers


async def test_a_body_that_is_too_large_is_refused_and_ends_the_connection(tmp_path: Path) -> None:
    async with over_http(tmp_path) as (here, url), httpx.AsyncClient(timeout=10) as client:
        said = asked_by(here, here.member) | {
            "Idempotency-Key": "k",
            "Content-Type": "application/json",
        }
        run = f"{url}/v1/runs/{uuid4()}"
        one = f"{run}/actions/reading-circle/record-thought"
        for path, size in ((one, BODY_BYTES_MAX), (f"{run}/offline", BATCH_BYTES_MAX)):
            refused = await client.post(path, content=b" " * (size + 1), headers=said)
            assert (refused.status_code, refused.json()["code"]) == (413, "BODY_TOO_LARGE")
            assert refused.headers["Connection"] == "close"
            taken = await client.post(path, content=b" " * size, headers=said)
            assert taken.status_code not in (413, 500)


def test_of_very_many_people_only_those_are_remembered_whose_share_is_not_whole(
    monkeypatch,
) -> None:
    monkeypatch.setattr(limits, "PEOPLE_MAX", 2)
    watch = Watch()
    admit = PerPerson(1, 60, watch)
    hasty = Asker(uuid4())
    for _ in range(2):
        admit(Asker(uuid4()))
    watch.seconds += 60
    assert admit(hasty).retry_after is None
    assert admit(hasty).retry_after == 60
    assert admit(Asker(uuid4())).retry_after is None
    assert admit(hasty).retry_after == 60


def test_a_share_is_given_out_in_full_for_any_number() -> None:
    for quota in (1, 7, 3000, 9999):
        admit, asker = PerPerson(quota, 60, Watch()), Asker(uuid4())
        taken = sum(admit(asker).retry_after is None for _ in range(quota + 10))
        assert taken == quota
