"""Proofs over HTTP: for members and whoever runs the platform, and nobody else."""

import io
from base64 import b64decode
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import OKPKey
from tests.api.world import World
from tests.audit.signing import until

from enquiry.audit.verifier import merkle
from enquiry.audit.verifier.notes import head, policy, proof
from enquiry.runtime.start import running
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.identity import LocalTokens
from enquiry_api.logs import json_logger


@pytest.fixture
async def here(database, tmp_path) -> AsyncIterator[World]:
    """A server over PostgreSQL with an alliance, a member and a stranger."""
    clock = StoryClock()
    async with running(tmp_path, database, clock=clock.now, timers=False) as system:
        written = io.BytesIO()
        tokens = LocalTokens(OKPKey.generate_key("Ed25519"))
        methods = [compiled.method for compiled in system.registry.methods.values()]
        app = create_app(system, methods, tokens, clock=clock, log=json_logger(written))
        made = World(app, tokens, written)
        async with made.client:
            await made.found_alliance()
            await signed(made)
            yield made


async def signed(here: World) -> int:
    """Wait until everything is signed; returns how many events that are."""
    system = here.app.edge.system
    size = len(await system.log.read_alliance(here.alliance, 0, 1000))

    async def done() -> bool:
        found = await system.trees.newest(here.alliance)
        return found is not None and found[0] == size

    await until(done)
    return size


async def asked(here: World, path: str, person: UUID | None = None):
    return await here.get(person or here.member, f"/v1/alliances/{here.alliance}/log/{path}")


async def test_a_member_proves_every_event(here):
    keys = policy((await asked(here, "keys")).text)
    note = await asked(here, "checkpoint")
    assert note.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = head(note.text, keys)
    events = await here.app.edge.system.log.read_alliance(here.alliance, 0, 1000)
    assert said.size == len(events) > 5
    for event in events:
        answer = await asked(here, f"inclusion?sequence={event.sequence}")
        shown = proof(answer.text)
        assert head(shown.note, keys) == said
        assert merkle.is_included(shown.at, said.size, event.leaf, shown.hashes, said.root)
        assert event.body not in answer.content


async def test_a_member_proves_that_history_only_grew(here):
    keys = policy((await asked(here, "keys")).text)
    old = head((await asked(here, "checkpoint")).text, keys)
    await here.at_alliance("add-school", name="Third", zone="Europe/London")
    await signed(here)
    new = head((await asked(here, "checkpoint")).text, keys)
    answer = await asked(here, f"consistency?old={old.size}&new={new.size}")

    path = [b64decode(line) for line in answer.text.splitlines()]
    assert merkle.extends(old.size, new.size, path, old.root, new.root)


async def test_tiles_are_where_the_layout_says(here):
    size = head(
        (await asked(here, "checkpoint")).text, policy((await asked(here, "keys")).text)
    ).size
    events = await here.app.edge.system.log.read_alliance(here.alliance, 0, 1000)
    answer = await asked(here, f"tile/0/000.p/{size}")
    assert answer.content == b"".join(event.leaf for event in events)
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (await asked(here, "tile/0/000.p/2")).content == answer.content[:64]
    for path in (f"tile/0/000.p/{size + 1}", "tile/0/000", "tile/1/000.p/1", "tile/x/000.p/1",
                 "tile/0/x000/000.p/1", "tile/0/x001/x000/000.p/1", "tile/64/000.p/1"):  # fmt: skip
        assert (await asked(here, path)).status_code == 404, path


@pytest.mark.parametrize(
    "path",
    ["checkpoint", "keys", "inclusion?sequence=0", "consistency?old=1&new=2", "tile/0/000.p/1"],
)  # fmt: skip
async def test_strangers_learn_nothing_and_the_platform_learns_digests(here, path):
    nowhere = await here.get(here.stranger, f"/v1/alliances/{uuid4()}/log/{path}")
    refused = await asked(here, path, here.stranger)
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    same = ("code", "title", "detail", "status")
    assert [refused.json()[k] for k in same] == [nowhere.json()[k] for k in same]
    assert (await asked(here, path)).status_code == 200
    assert (await asked(here, path, here.tokens.operator)).status_code == 200
    unknown = await here.client.get(f"/v1/alliances/{here.alliance}/log/{path}")
    assert unknown.status_code == 401


async def test_who_left_learns_nothing_more(here):
    people = here.app.edge.system
    school = next(iter((await people._streams.get(here.alliance)).live.state.schools))
    await here.at_alliance(
        "end-membership", person=str(here.member), school=str(school), until="2026-10-01"
    )
    assert (await asked(here, "checkpoint")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("inclusion?sequence=9999", 404),
        ("inclusion?sequence=-1", 400),
        ("inclusion", 400),
        ("consistency?old=0&new=2", 400),
        ("consistency?old=3&new=2", 404),
        ("consistency?old=1&new=9999", 404),
    ],
)
async def test_what_is_not_signed_is_not_there(here, path, status):
    assert (await asked(here, path)).status_code == status


async def test_a_checkpoint_that_is_held_is_not_sent_again(here):
    first = await asked(here, "checkpoint")
    path = f"/v1/alliances/{here.alliance}/log/checkpoint"
    again = await here.get(here.member, path, If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
