"""The document is exact: a machine that knows nothing else calls it all, and nothing differs."""

import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
import schemathesis
from anyio.from_thread import BlockingPortal
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from joserfc.jwk import OKPKey
from schemathesis import GenerationMode, checks
from tests.api.circle import CIRCLE
from tests.api.world import NOON, World, world

from enquiry.kernel.methods import KERNEL
from enquiry.runtime.entrance import MemoryEntrance
from enquiry.runtime.start import installed
from enquiry.runtime.system import System
from enquiry_api import openapi
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.doors import Doors
from enquiry_api.identity import LocalTokens
from enquiry_api.machines import Machines
from enquiry_api.server import address, listen, serving

EXAMPLES = 6
METHODS = [
    CIRCLE,
    *(c.method for c in installed().methods.values() if c.method not in KERNEL),
]
"""The real methods of every installed plug-in, and one of which everything can be reached."""
SECONDS = 20.0
"""Within which every single answer must have come."""
ENDLESS = "/v1/events"
"""Listened to in test_live.py."""


def _operations() -> dict[str, Any]:
    """Every operation of the document, by verb and path."""
    identity = LocalTokens(OKPKey.generate_key("Ed25519"))
    app = create_app(cast(System, None), [*KERNEL, *METHODS], identity, clock=StoryClock())
    document = openapi.document(app.edge.installed, app.endpoints)
    schema = schemathesis.openapi.from_dict(document)
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found if operation.path != ENDLESS}


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OPERATIONS = _operations()


class Target(NamedTuple):
    """What is called."""

    url: str
    headers: Iterator[dict[str, str]]
    """What somebody sends along: people of several roles in turn, and a machine."""
    ids: dict[str, str]
    """Of streams that are there, by the word in their address."""


@asynccontextmanager
async def served() -> AsyncIterator["Target"]:
    """A real server with an alliance and a run in it."""
    with tempfile.TemporaryDirectory() as folder:
        local, entrance = LocalTokens(OKPKey.generate_key("Ed25519")), MemoryEntrance()
        doors = Doors(local, None, Machines(entrance, lambda: NOON))
        async with world(Path(folder), METHODS, identity=doors, entrance=entrance) as here:
            here.tokens = local
            await here.found_alliance()
            run = await here.open_circle()
            # Of one page, so that the rule about pages refuses most of what fits the form.
            await here.choose_book(run, pages=1)
            bound = listen("127.0.0.1", 0)
            async with serving(here.app, bound):
                tokens = await _tokens(here)
                said = [
                    {"Authorization": f"Bearer {t}", "Enquiry-Now": NOON.isoformat()}
                    for t in tokens
                ]
                headers = cycle(said)
                ids = {"runs": run.rpartition("/")[2], "alliances": str(here.alliance)}
                yield Target(address(bound), headers, ids)


async def _tokens(here: World) -> list[str]:
    """A member most often, for whom there is most to reach; others in between."""
    wanted = {"title": "Sync", "scopes": ["read", "act", "proofs", "exports"], "seconds": 86_400}
    path = f"/v1/alliances/{here.alliance}/service-tokens"
    machine = (await here.post(here.steward, path, wanted)).json()["token"]
    member, operator = here.token(here.member), here.token(here.tokens.operator, operator=True)
    others = (here.token(here.steward), here.token(here.stranger), operator, machine)
    return [token for other in others for token in (member, other)]


@pytest.fixture(scope="module")
def api(portal: BlockingPortal) -> Iterator[Target]:
    with portal.wrap_async_context_manager(served()) as target:
        yield target


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_served_is_what_is_described(label: str, mode: GenerationMode, api: Target) -> None:
    path = OPERATIONS[label].path
    there = next((id_ for word, id_ in api.ids.items() if path.startswith(f"/v1/{word}/")), None)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        # Positions of the future are waited for in vain; test_reading.py waits for them.
        if str(case.headers.get("Enquiry-Min-Position", "")).isdigit():
            del case.headers["Enquiry-Min-Position"]
        if there and _UUID.fullmatch(str(case.path_parameters.get("id"))):
            case.path_parameters["id"] = there
        answer = case.call(base_url=api.url, headers=next(api.headers), timeout=SECONDS)
        # Most of what fits a form is still refused by a rule: that is what rules are for.
        excluded = [checks.positive_data_acceptance]
        if answer.status_code in (412, 413):
            # A stale revision, or too many bytes, is refused before the form is looked at.
            excluded.append(checks.negative_data_rejection)
        case.validate_response(answer, excluded_checks=excluded)
        assert answer.status_code != 500

    with suppress(Unsatisfiable):  # where nothing is sent, nothing can be sent wrongly
        run()
