"""A whole application over the real system with the log in memory, and people to use it."""

import io
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from joserfc.jwk import OKPKey
from tests.api.circle import CIRCLE
from tests.api.conforms import Document

from enquiry.kernel.methods import KERNEL
from enquiry.log.memory import MemoryLog
from enquiry.method.method import Method
from enquiry.method.registry import load
from enquiry.privacy.source import KeyFile
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System
from enquiry_api.app import Application, create_app
from enquiry_api.clock import StoryClock
from enquiry_api.identity import LocalTokens
from enquiry_api.logs import json_logger

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
ORIGIN = "http://localhost"
DOCUMENTS: dict[object, Document] = {}
"""Making one takes longer than most tests."""


class World:
    """The application with an alliance in it, a steward, a member and a stranger."""

    def __init__(self, app: Application, tokens: LocalTokens, written: io.BytesIO) -> None:
        self.app = app
        self.tokens = tokens
        self.written = written
        """What was logged."""
        self.steward, self.member, self.stranger = uuid4(), uuid4(), uuid4()
        self.alliance = uuid4()
        self._keys = itertools.count()
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, event_hooks={"response": [self._judge]}
        )

    async def _judge(self, answer: httpx.Response) -> None:
        await answer.aread()
        served = frozenset(endpoint.name for endpoint in self.app.endpoints)
        if served not in DOCUMENTS:
            DOCUMENTS[served] = Document(self.app)
        DOCUMENTS[served].judge(answer)

    def token(self, person: UUID, **claims: Any) -> str:
        return self.tokens.mint(person, 3600, **claims)[0]

    def headers(self, person: UUID | None, **more: str) -> dict[str, str]:
        """Who asks, at which time; ``more`` by name with underscores."""
        said = {"Enquiry-Now": NOON.isoformat()}
        if person is not None:
            operator = person == self.tokens.operator
            said["Authorization"] = f"Bearer {self.token(person, operator=operator)}"
        return said | {name.replace("_", "-"): value for name, value in more.items()}

    async def get(self, person: UUID | None, path: str, **more: str) -> httpx.Response:
        return await self.client.get(path, headers=self.headers(person, **more))

    async def post(
        self, person: UUID | None, path: str, body: Any = None, **more: str
    ) -> httpx.Response:
        """Post JSON; a key is made up where none is said."""
        more.setdefault("Idempotency_Key", f"key-{next(self._keys)}")
        headers = self.headers(person, **more)
        return await self.client.post(path, json={} if body is None else body, headers=headers)

    async def raw(self, path: str, content: bytes, **more: str) -> httpx.Response:
        """Post these very bytes, as the member."""
        more.setdefault("Idempotency_Key", f"key-{next(self._keys)}")
        more.setdefault("Content_Type", "application/json")
        return await self.client.post(
            path, content=content, headers=self.headers(self.member, **more)
        )

    async def found_alliance(self) -> None:
        """An alliance with one school, its steward, and one member."""
        made = await self.post(
            self.tokens.operator,
            "/v1/alliances/actions/alliance/create-alliance",
            {"name": "Calder", "steward": str(self.steward), "steward_name": "Ines Falk"},
        )
        assert made.status_code == 201, made.text
        self.alliance = UUID(made.json()["stream"])
        school = await self.at_alliance("add-school", name="Beck Road", zone="Europe/London")
        for person, name in ((self.steward, "Ines Falk"), (self.member, "Petra Novák")):
            if person == self.member:
                await self.at_alliance("add-person", name=name, person=str(person))
            await self.at_alliance(
                "grant-membership",
                person=str(person),
                school=school["act"],
                standings=["teacher"],
                since="2026-09-01",
            )

    async def at_alliance(self, kind: str, **body: Any) -> Any:
        path = f"/v1/alliances/{self.alliance}"
        seen = await self.get(self.steward, path)
        done = await self.post(
            self.steward, f"{path}/actions/alliance/{kind}", body, If_Match=seen.headers["ETag"]
        )
        assert done.status_code == 201, done.text
        return done.json()

    async def open_circle(self) -> str:
        """A reading circle of the member; returns its address."""
        done = await self.post(
            self.member,
            f"/v1/runs/actions/reading-circle/open-circle?alliance={self.alliance}",
            {"name": "Slow readers"},
        )
        assert done.status_code == 201, done.text
        return done.json()["href"]

    async def choose_book(self, run: str, pages: int = 100) -> httpx.Response:
        tag = (await self.get(self.member, run)).headers["ETag"]
        body = {"book": "Silas Marner", "pages": pages}
        return await self.act(run, "choose-book", body, If_Match=tag)

    async def act(self, run: str, kind: str, body: Any, **more: str) -> httpx.Response:
        return await self.post(self.member, f"{run}/actions/reading-circle/{kind}", body, **more)


@asynccontextmanager
async def world(
    folder: Path, methods: Sequence[Method] = (CIRCLE,), **settings: Any
) -> AsyncIterator[World]:
    """The application for the time of one test."""
    log = MemoryLog()
    registry = load(builtins=(*KERNEL, *methods), points=())
    clock = settings.pop("clock", None) or StoryClock()
    listing = Scan(log, Streams(log, registry))
    system = System(log, registry, KeyFile.create(folder / "keys"), listing, clock.now)
    system = settings.pop("system", lambda real: real)(system)
    await system.start()
    written = io.BytesIO()
    tokens = LocalTokens(OKPKey.generate_key("Ed25519"))
    app = create_app(
        system,
        [compiled.method for compiled in registry.methods.values()],
        settings.pop("identity", tokens),
        clock=clock,
        log=json_logger(written),
        **settings,
    )
    made = World(app, tokens, written)
    try:
        async with made.client:
            yield made
    finally:
        await system.stop()
