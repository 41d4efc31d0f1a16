"""Single sign-on: whose token counts, by keys that a provider publishes and may change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.api.issuer import AUDIENCE, NOW, Issuer, crafted, issuing
from tests.api.test_refusals import is_problem
from tests.api.world import world

from enquiry.log.promise import Unavailable
from enquiry_api.identity import LEEWAY_SECONDS
from enquiry_api.keysets import FORCED_SECONDS, FRESH_SECONDS, STALE_SECONDS, KeySets, fetching
from enquiry_api.oidc import Provider, SingleSignOn
from enquiry_api.problems import Refused


class Clocks:
    """Wall and monotonic clock, which stand where they are put."""

    def __init__(self) -> None:
        self.wall, self.steady = float(NOW), 50.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuing() as made:
        yield made


def sso(issuer: Issuer, clocks: Clocks, **settings: Any) -> SingleSignOn:
    provider = Provider(issuer=issuer.name, audience=AUDIENCE, **settings)
    keys = KeySets(fetching(issuer.url), lambda: clocks.steady)
    return SingleSignOn(provider, keys, lambda: clocks.wall)


async def refuses(sign_on: SingleSignOn, token: str) -> None:
    with pytest.raises(Refused) as refused:
        await sign_on.identify(token)
    assert refused.value.code == "UNAUTHENTICATED"


@pytest.mark.parametrize("kind", ["EC", "RSA", "OKP"])
async def test_a_token_of_the_provider_says_who_bears_it(
    issuer: Issuer, clocks: Clocks, kind: str
) -> None:
    issuer.new_key("mine", kind)
    caller = await sso(issuer, clocks).identify(issuer.token("mine"))
    again = await sso(issuer, clocks).identify(issuer.token("first", jti="another"))
    assert caller.asker.person == again.asker.person
    assert not caller.asker.operator
    assert caller.expires == NOW + 600


async def test_two_subjects_are_two_people_and_so_are_two_providers(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    petra = (await sign_on.identify(issuer.token())).asker.person
    sam = (await sign_on.identify(issuer.token(sub="sam"))).asker.person
    issuer.name = "https://login.example/other"
    elsewhere = (await sso(issuer, clocks).identify(issuer.token())).asker.person
    assert len({petra, sam, elsewhere}) == 3


async def test_a_directory_may_hold_the_ids_of_people(issuer: Issuer, clocks: Clocks) -> None:
    person = uuid4()
    sign_on = sso(issuer, clocks, person_claim="enquiry_person")
    caller = await sign_on.identify(issuer.token(enquiry_person=str(person)))
    assert caller.asker.person == person
    await refuses(sign_on, issuer.token())
    await refuses(sign_on, issuer.token(enquiry_person="Petra"))


async def test_a_subject_that_looks_like_an_id_is_not_taken_for_one(
    issuer: Issuer, clocks: Clocks
) -> None:
    """Otherwise a provider could speak for people who were added by other ways."""
    somebody = uuid4()
    caller = await sso(issuer, clocks).identify(issuer.token(sub=str(somebody)))
    assert caller.asker.person != somebody


async def test_roles_in_a_token_mean_nothing(issuer: Issuer, clocks: Clocks) -> None:
    claims: dict[str, Any] = {"operator": True, "roles": ["steward"], "email": "head@school"}
    caller = await sso(issuer, clocks).identify(issuer.token(**claims))
    assert not caller.asker.operator


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://login.example/other"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "https://other.example"},
    "no audience": {"aud": None},
    "expired": {"exp": NOW - LEEWAY_SECONDS - 1},
    "no expiry": {"exp": None},
    "an expiry that is no time": {"exp": "tomorrow"},
    "not valid yet": {"nbf": NOW + LEEWAY_SECONDS + 1},
    "issued in the future": {"iat": NOW + LEEWAY_SECONDS + 1},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject without end": {"sub": "x" * 256},
}


@pytest.mark.parametrize("why", WRONG)
async def test_a_token_that_is_not_for_here_or_now_is_nothing(
    issuer: Issuer, clocks: Clocks, why: str
) -> None:
    await refuses(sso(issuer, clocks), issuer.token(**WRONG[why]))


@pytest.mark.parametrize(
    "claims", [{"exp": NOW - LEEWAY_SECONDS + 1}, {"nbf": NOW + LEEWAY_SECONDS}]
)
async def test_two_clocks_may_differ_by_the_leeway(
    issuer: Issuer, clocks: Clocks, claims: dict[str, Any]
) -> None:
    assert await sso(issuer, clocks).identify(issuer.token(**claims))


@pytest.mark.parametrize(
    "typ", ["JWT", None, "id+jwt", "dpop+jwt"], ids=["JWT", "none", "id", "dpop"]
)
async def test_a_token_of_another_type_is_nothing(
    issuer: Issuer, clocks: Clocks, typ: str | None
) -> None:
    await refuses(sso(issuer, clocks), issuer.token(header={"typ": typ}))


async def test_a_type_counts_where_it_is_configured(issuer: Issuer, clocks: Clocks) -> None:
    sign_on = sso(issuer, clocks, types=("JWT",))
    assert await sign_on.identify(issuer.token(header={"typ": "JWT"}))
    long = issuer.token(header={"typ": "application/at+jwt"})
    assert await sso(issuer, clocks).identify(long)
    await refuses(sign_on, long)


async def test_a_token_without_a_signature_is_nothing(issuer: Issuer, clocks: Clocks) -> None:
    sign_on = sso(issuer, clocks)
    for name in ("none", "None", "NONE", ""):
        header = {"alg": name, "typ": "at+jwt", "kid": "first"}
        await refuses(sign_on, crafted(header, issuer.claims()))
    head, body, _ = issuer.token().split(".")
    for token in (f"{head}.{body}.", f"{head}.{body}", "", "..", "x", "x" * 9000):
        await refuses(sign_on, token)


async def test_the_public_key_is_no_secret_to_sign_with(issuer: Issuer, clocks: Clocks) -> None:
    """Algorithm confusion: what everybody knows taken for a secret that nobody does."""
    sign_on, public = sso(issuer, clocks), issuer.new_key("rsa", "RSA")
    for secret in (public.as_pem(private=False), public.as_der(private=False), b""):
        for name in ("HS256", "HS384", "HS512"):
            header = {"alg": name, "typ": "at+jwt", "kid": "rsa"}
            await refuses(sign_on, crafted(header, issuer.claims(), secret))


async def test_an_algorithm_of_another_kind_of_key_is_nothing(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    for name in ("RS256", "Ed25519"):
        header = {"alg": name, "typ": "at+jwt", "kid": "first"}
        await refuses(sign_on, crafted(header, issuer.claims(), b"x"))


async def test_an_algorithm_that_is_not_configured_is_nothing(
    issuer: Issuer, clocks: Clocks
) -> None:
    await refuses(sso(issuer, clocks, algorithms=("RS256",)), issuer.token())


@pytest.mark.parametrize("algorithms", [("HS256",), ("none",), ("ES256", "HS512"), ()])
def test_no_algorithm_that_proves_nothing_can_be_configured(algorithms: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="algorithms"):
        Provider(issuer="i", audience="a", algorithms=algorithms)


@pytest.mark.parametrize("place", ["jwk", "jku", "x5u", "x5c"])
async def test_a_key_that_a_token_brings_along_is_not_looked_at(
    issuer: Issuer, clocks: Clocks, place: str
) -> None:
    async with issuing() as thief:
        own = thief.new_key("first")
        said: Any = own.as_dict(private=False) if place == "jwk" else thief.url
        header: dict[str, Any] = {"kid": "first", place: [said] if place == "x5c" else said}
        claims = issuer.claims()
        await refuses(sso(issuer, clocks), thief.signed(own, header, **claims))
        assert thief.fetched == 0
    assert issuer.fetched == 1


async def test_an_extension_that_must_be_understood_is_not(issuer: Issuer, clocks: Clocks) -> None:
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "first", "crit": ["exp"], "exp": NOW}
    await refuses(sso(issuer, clocks), crafted(header, issuer.claims(), b"x"))


@pytest.mark.parametrize("deep", [b"[" * 4000, b'{"a":' * 1000], ids=["lists", "objects"])
async def test_a_header_without_end_breaks_nothing(
    issuer: Issuer, clocks: Clocks, deep: bytes
) -> None:
    import base64

    token = base64.urlsafe_b64encode(deep).decode() + ".e30.e30"
    await refuses(sso(issuer, clocks), token)


async def test_a_new_key_is_found_when_its_first_token_comes(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    await sign_on.identify(issuer.token())
    issuer.new_key("second")
    clocks.pass_(FORCED_SECONDS)
    assert await sign_on.identify(issuer.token("second"))
    assert issuer.fetched == 2


async def test_a_key_that_is_no_longer_published_ends_with_the_set(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    stolen = issuer.token(exp=NOW + 86_400)
    assert await sign_on.identify(stolen)
    del issuer.keys["first"]
    issuer.new_key("second")
    clocks.pass_(FRESH_SECONDS - 1)
    assert await sign_on.identify(stolen)
    clocks.pass_(1)
    await refuses(sign_on, stolen)


async def test_another_key_of_the_same_name_takes_the_place_of_the_first(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    old = issuer.token(exp=NOW + 86_400)
    assert await sign_on.identify(old)
    issuer.new_key("first")
    clocks.pass_(FRESH_SECONDS)
    await refuses(sign_on, old)
    assert await sign_on.identify(issuer.token(exp=NOW + 86_400))


async def test_a_storm_of_unknown_keys_is_no_storm_for_the_provider(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    await sign_on.identify(issuer.token())
    clocks.pass_(FORCED_SECONDS)
    tokens = [issuer.token(header={"kid": f"unknown-{n}"}) for n in range(50)]
    await asyncio.gather(*(refuses(sign_on, token) for token in tokens))
    assert issuer.fetched == 2
    clocks.pass_(FORCED_SECONDS - 1)
    await refuses(sign_on, tokens[0])
    assert issuer.fetched == 2


async def test_many_who_come_at_once_wait_for_one_fetch(issuer: Issuer, clocks: Clocks) -> None:
    sign_on = sso(issuer, clocks)
    tokens = [issuer.token(sub=f"teacher-{n}") for n in range(20)]
    callers = await asyncio.gather(*(sign_on.identify(token) for token in tokens))
    assert len({caller.asker.person for caller in callers}) == 20
    assert issuer.fetched == 1


async def test_a_provider_that_is_away_for_a_while_locks_nobody_out(
    issuer: Issuer, clocks: Clocks
) -> None:
    sign_on = sso(issuer, clocks)
    token = issuer.token(exp=NOW + 86_400)
    await sign_on.identify(token)
    issuer.status = 500
    clocks.pass_(STALE_SECONDS - 1)
    assert await sign_on.identify(token)
    clocks.pass_(1)
    with pytest.raises(Unavailable):
        await sign_on.identify(token)
    issuer.status = 200
    clocks.pass_(FORCED_SECONDS)
    assert await sign_on.identify(token)


async def test_keys_that_cannot_check_a_signature_are_left_out(
    issuer: Issuer, clocks: Clocks
) -> None:
    hidden = issuer.keys.pop("first")
    issuer.new_key("good")
    issuer.extra = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"},
        hidden.as_dict(private=False) | {"use": "enc"},
        {"kty": "EC", "kid": "broken"},
        {"kty": "moon", "kid": "odd"},
    ]
    sign_on = sso(issuer, clocks)
    assert await sign_on.identify(issuer.token("good"))
    await refuses(sign_on, issuer.signed(hidden, {"kid": "first"}))
    header = {"alg": "HS256", "typ": "at+jwt", "kid": "secret"}
    await refuses(sign_on, crafted(header, issuer.claims(), b"secret"))


@pytest.mark.parametrize("address", ["http://login.example/keys", "file:///keys", "login", ""])
def test_keys_come_by_a_way_on_which_nobody_can_change_them(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        fetching(address)


async def test_who_signs_in_and_is_known_nowhere_sees_nothing(
    issuer: Issuer, tmp_path: Path
) -> None:
    clocks = Clocks()
    async with world(tmp_path, identity=sso(issuer, clocks)) as here:
        bearer = {"Authorization": f"Bearer {issuer.token()}"}
        mine = await here.client.get("/v1/alliances", headers=bearer)
        assert (mine.status_code, mine.json()["items"]) == (200, [])
        broken = {"Authorization": f"Bearer {issuer.token(aud='x')}"}
        is_problem(await here.client.get("/v1/runs", headers=broken), 401, "UNAUTHENTICATED")
        assert issuer.token() not in here.written.getvalue().decode()


def test_the_id_of_a_person_is_for_ever_the_same() -> None:
    provider = Provider(issuer="https://login.example/calder", audience=AUDIENCE)
    assert provider.person("petra") == UUID("952c77ce-e7c2-59e6-9b91-e2f335fe2a01")
