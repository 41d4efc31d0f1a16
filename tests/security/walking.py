"""Every address of the application, with what it takes to ask for it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from ruamel.yaml import YAML
from tests.api.world import World

from enquiry_api.edge import Endpoint

ROUTES: dict[str, list[str]] = YAML(typ="safe").load(
    (Path(__file__).parent / "routes.yaml").read_text()
)
ENDLESS = "follow-events"
"""An open stream; listened to in tests/api/test_live.py."""
_WORDS = {"word": "alliances", "version": "1", "revision": "1", "level": "0", "part0": "000"}
_QUERY = {"sequence": "0", "old": "1", "new": "2", "alliance": str(uuid4())}


def is_action(endpoint: Endpoint) -> bool:
    """Whether it is an action of a method."""
    return "/actions/" in endpoint.path


def is_page(endpoint: Endpoint) -> bool:
    """Whether it is a page for people, whose forms belong to a session (tests/api/auditing)."""
    return endpoint.path.startswith("/audit")


def who(endpoint: Endpoint) -> str | None:
    """Who may come, by the list; actions are for people."""
    if is_action(endpoint):
        return "person"
    return next((one for one, names in ROUTES.items() if endpoint.name in names), None)


async def ask(
    here: World,
    endpoint: Endpoint,
    headers: dict[str, str],
    id_: str = str(uuid4()),
    body: Any = None,
) -> httpx.Response:
    """Ask for an address with everything it wants, and this id where it wants one."""
    path = endpoint.path
    for part in endpoint.path.split("/"):
        if part.startswith("{"):
            name = part[1:-1]
            path = path.replace(part, id_ if name == "id" else _WORDS.get(name, "x"))
    wanted = {p.name for p in endpoint.params if p.place == "query" and p.required}
    query = {name: _QUERY.get(name, "1") for name in wanted}
    said = headers | {"Idempotency-Key": f"key-{uuid4()}"}
    if endpoint.body is not None:
        said |= {"Content-Type": "application/json"}
        content = b"{}" if body is None else body
        return await here.client.request(
            endpoint.verb, path, params=query, headers=said, content=content
        )
    return await here.client.request(endpoint.verb, path, params=query, headers=said)
