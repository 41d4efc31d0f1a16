"""Applications with an alliance in them: over a log in memory, and over PostgreSQL with proofs."""

import io
from collections.abc import AsyncIterator

import pytest
from joserfc.jwk import OKPKey
from tests.api.circle import CIRCLE
from tests.api.world import World, world
from tests.audit.signing import until

from enquiry.kernel.methods import KERNEL
from enquiry.method.registry import load
from enquiry.runtime.start import running
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.identity import LocalTokens
from enquiry_api.logs import json_logger


@pytest.fixture
async def here(tmp_path) -> AsyncIterator[World]:
    """The application over a log in memory: nothing is signed."""
    async with world(tmp_path) as made:
        await made.found_alliance()
        yield made


@pytest.fixture
async def proved(database, tmp_path, monkeypatch) -> AsyncIterator[World]:
    """The application over PostgreSQL, with a signer."""
    registry = load(builtins=(*KERNEL, CIRCLE), points=())
    monkeypatch.setattr("enquiry.runtime.start.installed", lambda **_: registry)
    clock = StoryClock()
    async with running(tmp_path, database, clock=clock.now, timers=False) as system:
        tokens = LocalTokens(OKPKey.generate_key("Ed25519"))
        methods = [compiled.method for compiled in system.registry.methods.values()]
        written = io.BytesIO()
        app = create_app(system, methods, tokens, clock=clock, log=json_logger(written))
        made = World(app, tokens, written)
        async with made.client:
            await made.found_alliance()
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
