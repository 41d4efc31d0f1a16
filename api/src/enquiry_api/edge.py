"""What the application is made of: its parts (`Edge`) and its addresses (`Endpoint`)."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Literal, TypeAlias
from uuid import UUID

import structlog
from litestar.response.base import ASGIResponse
from msgspec import Struct

from enquiry.runtime.entrance import Entrance
from enquiry.runtime.system import System
from enquiry_api.answers import JSON, Answer
from enquiry_api.asking import JSON_MEDIA, Ask
from enquiry_api.clock import Clock
from enquiry_api.identity import Identity, LocalTokens
from enquiry_api.installed import Installed
from enquiry_api.limits import Admit, Budget, Budgets
from enquiry_api.live import Streams
from enquiry_api.metrics import Metrics
from enquiry_api.params import ACCEPT_LANGUAGE, Param
from enquiry_api.problems import Refusal
from enquiry_api.strictjson import BODY_BYTES_MAX
from enquiry_api.words import Languages, Words


class Edge(Struct, frozen=True, kw_only=True):
    """The parts of one application, as plain arguments of everything that answers."""

    system: System
    installed: Installed
    identity: Identity
    clock: Clock
    metrics: Metrics
    streams: Streams
    log: structlog.typing.FilteringBoundLogger
    languages: Languages
    admit: Admit | None = None
    entrance: Entrance
    """Tokens of machines, and the access log."""
    budgets: Budgets

    def words(self, ask: Ask) -> Words:
        """How to speak to whoever asks, where no school of theirs is known."""
        return self.languages.words(ask.said.get(ACCEPT_LANGUAGE.name, ()))

    async def words_within(self, ask: Ask, alliance: UUID) -> Words:
        """The same, with the words of their own school in this alliance."""
        own = await self.system.school_words(ask.asker, alliance, ask.now)
        return self.languages.words(ask.said.get(ACCEPT_LANGUAGE.name, ()), own)

    @property
    def local_tokens(self) -> LocalTokens | None:
        """The signer of local tokens, where identity is local."""
        found = getattr(self.identity, "local", self.identity)
        return found if isinstance(found, LocalTokens) else None


class Access(StrEnum):
    """Who may come to an address."""

    HEALTH = "health"
    """Machines that watch: no token, and no purpose is asked."""
    OPEN = "open"
    """Everybody: it says nothing about anybody."""
    LINK = "link"
    """Whoever has a secret link: the address itself says who they are."""
    PERSON = "person"
    """Whoever has a token. What they may see and do is judged behind it."""
    OPERATOR = "operator"
    """Whoever runs the platform."""


class Body(Struct, frozen=True, kw_only=True):
    """What a request carries."""

    schema: Mapping[str, Any]
    """JSON Schema; it may refer to the components of the document."""
    says: str = ""
    bytes_max: int = BODY_BYTES_MAX
    """Inclusive."""
    media: str = JSON_MEDIA


class Reply(Struct, frozen=True, kw_only=True):
    """An answer that is no problem."""

    status: int
    says: str
    schema: Mapping[str, Any] | None = None
    """JSON Schema of its body; ``None``: it has none, or it is no JSON."""
    media: bytes | None = JSON
    """``None``: no body."""
    headers: tuple[str, ...] = ()
    """Names of headers that it brings (see `enquiry_api.openapi.headers`)."""


class Endpoint(Struct, frozen=True, kw_only=True):
    """One verb at one address: how it is answered, and what the OpenAPI document says of it."""

    verb: Literal["GET", "POST", "DELETE"]
    path: str
    """With parameters in braces."""
    name: str
    """Operation id; unique."""
    title: str
    tag: str
    handle: "Handle"
    replies: tuple[Reply, ...]
    access: Access = Access.PERSON
    params: tuple[Param, ...] = ()
    body: Body | None = None
    problems: tuple[int, ...] = ()
    """Statuses of problems beyond those that every address of its access can give."""
    help: str = ""
    confidential: bool = False
    """That it was used is neither counted nor written down."""
    budget: Budget | None = None
    """What it costs much of: counted on its own, for each token and each alliance."""
    watched: str | None = None
    """Under which name the access log tells that it was given or refused; ``None``: it does not."""
    people: bool = False
    """For people only: a machine is refused, whatever its scopes."""
    page: Callable[[Refusal], Answer] | None = None
    """How it tells of a refusal where people meet it in a browser; ``None``: as a problem. What its
    forms post is taken with the cookie of the session, too: it checks `Ask.session` itself."""

    @property
    def scope(self) -> str | None:
        """What a machine's token must hold to come here; ``None``: no machine may."""
        if self.people or self.access is Access.OPERATOR or self.path.startswith("/v1/me/"):
            return None
        if self.budget is not None:
            return self.budget
        return "read" if self.verb == "GET" else "act"

    def refusals(self) -> tuple[int, ...]:
        """Every status with which it may refuse, in order."""
        statuses = {500, *self.problems}
        if self.access is not Access.HEALTH:
            statuses |= {400, 403}
        if self.access in (Access.PERSON, Access.OPERATOR):
            statuses |= {401, 429, 503}
        if self.access is Access.LINK:
            statuses.add(429)
        if self.body is not None:
            statuses |= {413, 415}
        return tuple(sorted(statuses))


Handle: TypeAlias = Callable[[Edge, Ask], Awaitable[Answer | ASGIResponse]]
