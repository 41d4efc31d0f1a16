"""Who asks, what for, and when: judged before anything else, and told to nobody."""

import base64
import hashlib
import hmac
import stat
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from tests.api.test_refusals import is_problem
from tests.api.world import NOON, World, world

from enquiry_api import purposes
from enquiry_api.clock import WallClock
from enquiry_api.identity import (
    AUDIENCE,
    ISSUER,
    LEEWAY_SECONDS,
    REMEMBERED_MAX,
    LocalTokens,
    signing_key,
)
from enquiry_api.problems import Refused

PERSON = UUID("0192f0c0-1234-7000-8000-0123456789ab")
CLOSED = [
    ("GET", "/v1"),
    ("GET", "/v1/runs"),
    ("GET", "/v1/runs/x"),
    ("GET", "/v1/methods"),
    ("GET", "/v1/codes/NOT_FOUND"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/reference"),
    ("GET", "/v1/inbox"),
    ("GET", "/v1/events"),
    ("GET", "/nowhere"),
    ("PUT", "/v1/runs"),
    ("POST", "/v1/tokens"),
    ("POST", "/v1/runs/x/offline"),
    ("POST", "/v1/runs/x/actions/reading-circle/record-thought"),
]


class Seconds:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def tokens(seconds: Seconds) -> LocalTokens:
    return LocalTokens(OKPKey.generate_key("Ed25519"), seconds)


async def test_a_token_says_who_bears_it(tokens: LocalTokens) -> None:
    token, expires = tokens.mint(PERSON, 60, operator=True, purpose="research")
    caller = await tokens.identify(token)
    assert caller.asker.person == PERSON
    assert caller.asker.operator
    assert (caller.purpose, caller.expires) == ("research", expires)


async def test_nobody_is_an_operator_without_being_told(tokens: LocalTokens) -> None:
    caller = await tokens.identify(tokens.mint(PERSON, 60)[0])
    assert not caller.asker.operator


async def test_a_token_ends_even_when_it_is_remembered(
    tokens: LocalTokens, seconds: Seconds
) -> None:
    token, expires = tokens.mint(PERSON, 60)
    await tokens.identify(token)
    seconds.now = expires + LEEWAY_SECONDS - 1
    await tokens.identify(token)
    seconds.now = expires + LEEWAY_SECONDS
    with pytest.raises(Refused):
        await tokens.identify(token)


async def test_a_token_of_another_server_is_nothing(tokens: LocalTokens) -> None:
    stranger = LocalTokens(OKPKey.generate_key("Ed25519"))
    with pytest.raises(Refused):
        await tokens.identify(stranger.mint(PERSON, 60)[0])


async def test_a_forged_token_is_nothing(seconds: Seconds) -> None:
    key = OKPKey.generate_key("Ed25519")
    tokens = LocalTokens(key, seconds)
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(PERSON), "exp": int(seconds.now) + 60}
    wrong = {
        "no expiry": {k: v for k, v in good.items() if k != "exp"},
        "no subject": {k: v for k, v in good.items() if k != "sub"},
        "another audience": {**good, "aud": "other"},
        "another issuer": {**good, "iss": "other"},
        "issued tomorrow": {**good, "iat": int(seconds.now) + 86400},
        "a subject that is no id": {**good, "sub": "Petra"},
    }
    sign = {"algorithms": ["Ed25519"]}
    for why, claims in wrong.items():
        with pytest.raises(Refused):
            await tokens.identify(jwt.encode({"alg": "Ed25519"}, claims, key, **sign))
        assert why
    honest = jwt.encode({"alg": "Ed25519"}, good, key, **sign)
    assert (await tokens.identify(honest)).asker.person == PERSON
    head, body, _ = honest.split(".")
    for token in (f"{head}.{body}.", f"{head}.{body}", "", "x", "x" * 5000, *forged(key, body)):
        with pytest.raises(Refused):
            await tokens.identify(token)


def forged(key: OKPKey, body: str) -> list[str]:
    """Signed with what everybody knows: the public key as a secret, or nothing."""
    tokens: list[str] = []
    for name in ("HS256", "none"):
        head = base64.urlsafe_b64encode(b'{"alg":"%s"}' % name.encode()).rstrip(b"=").decode()
        public = key.as_pem(private=False)
        mac = hmac.digest(public, f"{head}.{body}".encode(), hashlib.sha256)
        signature = base64.urlsafe_b64encode(mac).rstrip(b"=").decode() if name != "none" else ""
        tokens.append(f"{head}.{body}.{signature}")
    return tokens


async def test_tokens_are_not_remembered_without_bound(tokens: LocalTokens) -> None:
    tokens._known = {str(n): None for n in range(REMEMBERED_MAX)}
    await tokens.identify(tokens.mint(PERSON, 60)[0])
    assert len(tokens._known) == 1


def test_the_key_stays_the_same_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tokens.pem"
    made, again = signing_key(path), signing_key(path)
    assert made.thumbprint() == again.thumbprint()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["tokens.pem"]


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "tokens.pem"
    signing_key(path)
    path.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        signing_key(path)


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Basic abc", "Bearer abc", "Bearer a.b.c", "abc"]
)
async def test_without_a_valid_token_nobody_gets_in(here: World, said: str) -> None:
    headers = {"Authorization": said} if said else {}
    answer = await here.client.get("/v1/runs", headers=headers)
    is_problem(answer, 401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "path",
    ["/v1", "/v1/methods", "/v1/codes", "/v1/openapi.json", "/v1/reference", "/livez", "/readyz"],
)
async def test_what_says_nothing_of_anybody_needs_no_token(here: World, path: str) -> None:
    assert (await here.client.get(path)).status_code == 200


async def test_a_cookie_is_enough_to_read_and_never_to_act(here: World) -> None:
    run = await here.open_circle()
    here.client.cookies.set("enquiry_token", here.token(here.member))
    assert (await here.client.get(run)).status_code == 200
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.client.post(path, json={}, headers={"Idempotency-Key": "k"})
    is_problem(done, 401, "UNAUTHENTICATED")


@pytest.mark.parametrize(("verb", "path"), CLOSED)
@pytest.mark.parametrize("purpose", purposes.FORBIDDEN)
async def test_a_forbidden_purpose_closes_every_door_but_health(
    here: World, verb: str, path: str, purpose: str
) -> None:
    headers = here.headers(here.member, Enquiry_Purpose=purpose.replace("_", "-").title())
    answer = await here.client.request(verb, path, headers=headers)
    is_problem(answer, 403, "APPRAISAL_USE_FORBIDDEN")
    health = await here.client.get("/livez", headers=headers)
    assert health.status_code == 200


async def test_a_forbidden_purpose_among_others_is_forbidden(here: World) -> None:
    answer = await here.get(here.member, "/v1/runs", Enquiry_Purpose="research, pay")
    is_problem(answer, 403, "APPRAISAL_USE_FORBIDDEN")


@pytest.mark.parametrize("purpose", purposes.ALLOWED)
async def test_every_honest_purpose_is_allowed(here: World, purpose: str) -> None:
    answer = await here.get(here.member, "/v1/runs", Enquiry_Purpose=purpose)
    assert answer.status_code == 200


@pytest.mark.parametrize("purpose", ["curiosity", "", "research,"])
async def test_a_purpose_that_nobody_understands_is_refused(here: World, purpose: str) -> None:
    answer = await here.get(here.member, "/v1/runs", Enquiry_Purpose=purpose)
    is_problem(answer, 400, "HEADER_INVALID")


async def test_a_purpose_in_the_token_counts_like_one_in_a_header(here: World) -> None:
    token = here.token(here.member, purpose="inspection")
    headers = {"Authorization": f"Bearer {token}", "Enquiry-Purpose": "research"}
    answer = await here.client.get("/v1/runs", headers=headers)
    is_problem(answer, 403, "APPRAISAL_USE_FORBIDDEN")


async def test_an_operator_can_make_a_token_for_somebody(here: World) -> None:
    made = await here.post(here.tokens.operator, "/v1/tokens", {"person": str(here.member)})
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await here.client.get("/v1/runs", headers=headers)).status_code == 200


async def test_nobody_else_can(here: World) -> None:
    made = await here.post(here.steward, "/v1/tokens", {"person": str(here.member)})
    is_problem(made, 403, "NOT_PERMITTED")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"person": "Petra"},
        {"person": str(PERSON), "seconds": 59},
        {"person": str(PERSON), "seconds": 10**9},
        {"person": str(PERSON), "admin": True},
    ],
)
async def test_a_token_is_asked_for_with_care(here: World, body: dict[str, object]) -> None:
    made = await here.post(here.tokens.operator, "/v1/tokens", body)
    is_problem(made, 422, "VALIDATION_FAILED")


async def test_no_token_is_made_for_a_forbidden_purpose(here: World) -> None:
    body = {"person": str(PERSON), "purpose": "pay"}
    made = await here.post(here.tokens.operator, "/v1/tokens", body)
    is_problem(made, 403, "APPRAISAL_USE_FORBIDDEN")


async def test_another_identity_makes_no_local_tokens(tmp_path: Path) -> None:
    class Elsewhere:
        async def identify(self, token: str):
            raise Refused("UNAUTHENTICATED")

    async with world(tmp_path, identity=Elsewhere()) as here:
        made = await here.post(here.member, "/v1/tokens", {"person": str(uuid4())})
        is_problem(made, 404, "NO_SUCH_ADDRESS")


async def test_a_server_with_its_own_clock_takes_no_time_from_anybody(tmp_path: Path) -> None:
    async with world(tmp_path, clock=WallClock()) as here:
        answer = await here.get(here.member, "/v1/runs")
        is_problem(answer, 400, "CLOCK_NOT_SETTABLE")
        tick = await here.post(here.tokens.operator, "/v1/clock/ticks")
        is_problem(tick, 404, "NO_SUCH_ADDRESS")


async def test_a_story_goes_on_at_its_latest_time(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    later = NOON + timedelta(days=30)
    path = f"{run}/actions/reading-circle/record-thought"
    body = {"page": 1, "thought": "x"}
    await here.post(here.member, path, body, Enquiry_Now=later.isoformat())
    headers = here.headers(here.member, Idempotency_Key="now")
    del headers["Enquiry-Now"]
    done = await here.client.post(path, json=body, headers=headers)
    assert done.json()["recorded_at"] == later.isoformat().replace("+00:00", "Z")


async def test_time_passes_when_an_operator_says_so(here: World) -> None:
    tick = await here.post(here.tokens.operator, "/v1/clock/ticks")
    assert (tick.status_code, tick.json()["changes"]) == (200, 0)
    is_problem(await here.post(here.steward, "/v1/clock/ticks"), 403, "NOT_PERMITTED")


@pytest.mark.parametrize(
    "now",
    [
        "noon",
        "2026-11-19T12:00:00",
        "1800000000",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "2026-02-30T12:00:00Z",
    ],
)
async def test_a_time_without_an_offset_is_no_time(here: World, now: str) -> None:
    answer = await here.get(here.member, "/v1/runs", Enquiry_Now=now)
    is_problem(answer, 400, "HEADER_INVALID")
