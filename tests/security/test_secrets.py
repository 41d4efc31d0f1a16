"""What is written down about requests: no token, no key, nothing that anybody wrote."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from tests.api.issuer import AUDIENCE, NOW, issuing
from tests.api.world import World, world

from enquiry.runtime.entrance import MemoryEntrance
from enquiry_api.doors import Doors
from enquiry_api.identity import LocalTokens
from enquiry_api.keysets import KeySets, fetching
from enquiry_api.machines import Machines
from enquiry_api.oidc import Provider, SingleSignOn

CANARY = "Maisie cried in 4B"


def lines(here: World) -> list[dict[str, Any]]:
    """Every line that was written, each of which must be one JSON object."""
    return [json.loads(line) for line in here.written.getvalue().splitlines()]


async def test_no_secret_of_any_kind_reaches_any_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    # The client that plays the people, which is none of ours, writes down what it asks for.
    caplog.set_level(logging.CRITICAL, logger="httpx")
    key = OKPKey.generate_key("Ed25519")
    local, entrance = LocalTokens(key), MemoryEntrance()
    async with issuing() as issuer:
        people = SingleSignOn(
            Provider(issuer=issuer.name, audience=AUDIENCE),
            KeySets(fetching(issuer.url)),
            lambda: NOW,
        )
        doors = Doors(local, None, Machines(entrance, lambda: here.app.edge.clock.now()))
        async with world(tmp_path, identity=doors, entrance=entrance) as here:
            here.tokens = local
            await here.found_alliance()
            secrets = [
                local.mint(here.member, 60)[0],
                issuer.token(),
                issuer.token("first", sub="x"),
            ]
            secrets.append(await story(here))
            for token in (*secrets, "enqs_" + "a" * 43, secrets[0][:-4] + "AAAA"):
                bearer = {"Authorization": f"Bearer {token}"}
                await here.client.get("/v1/runs", headers=bearer)
                await here.client.get("/v1/runs", headers={"Cookie": f"enquiry_token={token}"})
                await here.client.get(f"/v1/{token}", headers=bearer)
                await here.client.get(f"/v1/runs?token={token}", headers=bearer)
            await people.identify(issuer.token())
            written = here.written.getvalue().decode()
    secrets.append(key.as_dict(private=True)["d"])
    secrets.append((tmp_path / "keys").read_text().split()[-1])
    printed = capfd.readouterr()
    told = written + caplog.text + printed.out + printed.err
    assert written.count("answered") > 20
    for secret in (*secrets, CANARY, "Maisie", "Petra", "Ines Falk", "Silas Marner"):
        assert secret not in told, secret[:8]


async def story(here: World) -> str:
    """People write, take along and are refused; returns the token of a machine."""
    run = await here.open_circle()
    await here.choose_book(run)
    await here.act(run, "record-thought", {"page": 1, "thought": CANARY})
    await here.act(run, "record-thought", {"page": CANARY, "thought": CANARY, CANARY: 1})
    await here.get(here.member, "/v1/me/records")
    await here.get(here.stranger, run)
    wanted = {"title": CANARY, "scopes": ["read"], "seconds": 3600}
    path = f"/v1/alliances/{here.alliance}/service-tokens"
    return (await here.post(here.steward, path, wanted)).json()["token"]


@pytest.mark.parametrize(
    "path", ["/v1/runs/%0a%7B%22event%22%3A1%7D", "/v1/%0d%0aanswered", "/v1/runs?x=%0a%0aforged"]
)
async def test_nobody_writes_a_line_of_their_own(here: World, path: str) -> None:
    before = len(lines(here))
    mine = here.headers(here.member, traceparent="00-forged-line-01", Accept_Language="en\tx")
    await here.client.get(path, headers=mine)
    new = lines(here)[before:]
    assert len(new) == 1
    assert new[0]["event"] == "answered"
    assert "forged" not in str(new)
