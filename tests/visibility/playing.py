"""A real server with stories in it: every personal text planted, every command remembered."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct
from tests.visibility.canaries import planted, unplanted
from tests.visibility.matrix import matrix

from enquiry.runtime.start import running
from enquiry.runtime.system import System
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.identity import LocalTokens, signing_key
from enquiry_api.journeys.calling import Answered
from enquiry_api.journeys.names import Names
from enquiry_api.journeys.player import Player
from enquiry_api.journeys.scenes import Scene
from enquiry_api.logs import json_logger
from enquiry_api.server import address, listen, serving


class Served(Struct, frozen=True):
    """A server that is up."""

    url: str
    operator: str
    """The operator's token."""
    mint: Callable[[UUID], str]
    system: System
    log: Path
    """Where it writes its requests down."""


@asynccontextmanager
async def served(folder: Path, database: str, nats: str) -> AsyncGenerator[Served]:
    """The whole system over real engines, and its HTTP edge, with a clock that stories set."""
    clock = StoryClock()
    identity = LocalTokens(signing_key(folder / "tokens.pem"))
    log = folder / "requests.log"

    def mint(person: UUID) -> str:
        return identity.mint(person, 3600)[0]

    with log.open("wb") as written:
        known = tuple(matrix().methods)  # of any other the matrix says that it is missing
        async with running(
            folder, database, nats, clock=clock.now, timers=False, allow=known, strict=True
        ) as system:
            methods = [compiled.method for compiled in system.registry.methods.values()]
            app = create_app(system, methods, identity, clock=clock, log=json_logger(written))
            bound = listen("127.0.0.1", 0)
            async with serving(app, bound):
                operator, _ = identity.mint(identity.operator, 3600, operator=True)
                yield Served(address(bound), operator, mint, system, log)


class Sent(Struct, frozen=True):
    """A command of a story that was accepted."""

    who: str
    path: str
    headers: dict[str, str]
    body: Any
    answer: dict[str, Any]


class PlantingPlayer(Player):
    """Plays stories with a word of its own in every personal text."""

    def __init__(self, here: Served) -> None:
        """Play against this server, and look around between two scenes (`between`)."""
        super().__init__(here.url, here.operator)
        self.here = here
        self.sent: list[Sent] = []
        self.now = "2026-09-01T09:00:00Z"
        self.between: Callable[[Scene, Names, str], None] = _look_at_nothing
        self.seen_names: list[Names] = []

    def _scene(self, scene: Scene, names: Names) -> None:
        if names not in self.seen_names:
            self.seen_names.append(names)
        self.between(scene, names, "before")
        super()._scene(scene, names)
        self.between(scene, names, "after")

    def _call(
        self,
        scene: Scene,
        names: Names,
        verb: str,
        path: str,
        headers: dict[str, str],
        body: Any = None,
    ) -> Answered:
        _, _, done = path.partition("/actions/")
        self.now = scene.now.isoformat().replace("+00:00", "Z")
        if not done:
            return _plain(super()._call(scene, names, verb, path, headers, body))
        method, kind = done.partition("?")[0].split("/")
        compiled = self.here.system.registry.latest(method)
        move = compiled.move(kind) if compiled is not None else None
        if move is not None:
            body = planted(body, move.entry, headers["Idempotency-Key"], kind)
        answer = super()._call(scene, names, verb, path, headers, body)
        if answer.status == 201:
            said = {**headers, "Enquiry-Now": self.now}
            self.sent.append(Sent(scene.who, path, said, body, answer.told))
        return _plain(answer)

    def everybody(self) -> dict[str, UUID]:
        """Everybody in what was played, by name; the same name in two plays stands twice."""
        found: dict[str, UUID] = {}
        for names in self.seen_names:
            for name, person in names.people().items():
                key = name if found.get(name, person.id) == person.id else f"{name}-{uuid4()}"
                found[key] = person.id
        return found


def _plain(answer: Answered) -> Answered:
    """An answer as the story knows it, without what was planted."""
    return Answered(answer.status, answer.headers, unplanted(answer.body))


def _look_at_nothing(scene: Scene, names: Names, when: str) -> None:
    del scene, names, when
