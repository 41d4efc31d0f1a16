"""Which tokens count where single sign-on is configured; half a configuration starts nothing."""

from pathlib import Path
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey
from tests.api.issuer import AUDIENCE, NOW, issuing
from tests.api.test_refusals import is_problem
from tests.api.world import world

from enquiry_api.doors import Doors, single_sign_on
from enquiry_api.identity import LocalTokens
from enquiry_api.keysets import KeySets, fetching
from enquiry_api.oidc import Provider, SingleSignOn
from enquiry_api.problems import Refused

SETTINGS = {
    "ENQUIRY_OIDC_ISSUER": "https://login.example/calder",
    "ENQUIRY_OIDC_AUDIENCE": AUDIENCE,
    "ENQUIRY_OIDC_JWKS": "https://login.example/calder/keys",
}


def test_without_settings_there_is_no_single_sign_on() -> None:
    assert single_sign_on({}) is None


@pytest.mark.parametrize("name", SETTINGS)
def test_half_a_configuration_is_refused_by_the_name_of_what_is_missing(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        single_sign_on(SETTINGS | {name: ""})


@pytest.mark.parametrize(
    "wrong",
    [
        {"ENQUIRY_OIDC_ALGORITHMS": "RS256, HS256"},
        {"ENQUIRY_OIDC_ALGORITHMS": "none"},
        {"ENQUIRY_OIDC_JWKS": "http://login.example/keys"},
    ],
)
def test_a_configuration_that_proves_nothing_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        single_sign_on(SETTINGS | wrong)


def test_settings_are_read_as_they_stand() -> None:
    more = {"ENQUIRY_OIDC_TOKEN_TYPES": "at+jwt, JWT", "ENQUIRY_OIDC_PERSON_CLAIM": "person"}
    found = single_sign_on(SETTINGS | more | {"ENQUIRY_OIDC_ALGORITHMS": "ES256"})
    assert found is not None
    assert found.provider == Provider(
        issuer=SETTINGS["ENQUIRY_OIDC_ISSUER"],
        audience=AUDIENCE,
        algorithms=("ES256",),
        types=("at+jwt", "JWT"),
        person_claim="person",
    )


async def test_with_single_sign_on_this_server_speaks_for_nobody_but_its_operator(
    tmp_path: Path,
) -> None:
    local = LocalTokens(OKPKey.generate_key("Ed25519"), lambda: NOW)
    async with issuing() as issuer:
        provider = Provider(issuer=issuer.name, audience=AUDIENCE)
        people = SingleSignOn(provider, KeySets(fetching(issuer.url)), lambda: NOW)
        doors = Doors(local, people)
        operator, _ = local.mint(local.operator, 600, operator=True)
        assert (await doors.identify(operator)).asker.operator
        assert (await doors.identify(issuer.token())).asker.person == provider.person("petra")
        for person, is_operator in ((uuid4(), False), (uuid4(), True)):
            with pytest.raises(Refused):
                await doors.identify(local.mint(person, 600, operator=is_operator)[0])
        async with world(tmp_path, identity=doors) as here:
            new = {"Authorization": f"Bearer {issuer.token()}"}
            told = (await here.client.get("/v1/me", headers=new)).json()
            assert told["person"] == str(provider.person("petra"))
            assert (told["operator"], told["expires_at"]) == (False, "2027-01-15T08:10:00Z")
            bearer = {"Authorization": f"Bearer {operator}"}
            made = await here.client.post(
                "/v1/tokens", json={"person": str(uuid4())}, headers=bearer
            )
            is_problem(made, 404, "NO_SUCH_ADDRESS")
