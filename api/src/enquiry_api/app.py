"""The application: every address, put together from its parts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from litestar import Litestar, Request
from litestar.config.cors import CORSConfig
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_404_NOT_FOUND,
    HTTP_405_METHOD_NOT_ALLOWED,
    HTTP_500_INTERNAL_SERVER_ERROR,
)
from msgspec.structs import replace

from enquiry.method.method import Method
from enquiry.method.rules import Reject
from enquiry.runtime.entrance import Entrance, MemoryEntrance
from enquiry.runtime.system import System
from enquiry_api import (
    accesses,
    acting,
    certificates,
    everywhere,
    exports,
    health,
    index,
    labelled,
    machines,
    me,
    methods,
    offline,
    pictures,
    proofs,
    purposes,
    reading,
    records,
    serving,
    timetable,
    tokens,
)
from enquiry_api.answers import Answer, Late
from enquiry_api.asking import Headers
from enquiry_api.auditing import pages as auditing
from enquiry_api.clock import Clock, WallClock
from enquiry_api.edge import Edge, Endpoint
from enquiry_api.identity import Identity
from enquiry_api.installed import Installed
from enquiry_api.limits import Admit, Budgets
from enquiry_api.live import Streams
from enquiry_api.logs import json_logger
from enquiry_api.metrics import Metrics
from enquiry_api.params import EVERYWHERE
from enquiry_api.problems import Refused
from enquiry_api.serving import Prepared
from enquiry_api.words import Languages

EXPOSED = (
    "ETag",
    "Location",
    "Link",
    "Enquiry-Position",
    "Idempotent-Replayed",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Deprecation",
    "Sunset",
    "WWW-Authenticate",
)
"""Headers that a browser shows to a frontend from elsewhere only if they are named."""
_STRAY_CODES = {
    HTTP_400_BAD_REQUEST: "HEADER_INVALID",
    HTTP_404_NOT_FOUND: "NO_SUCH_ADDRESS",
    HTTP_405_METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED",
}
_SIMPLE_HEADERS = ("Authorization", "Content-Type", "traceparent")


class Application(Litestar):
    """The application, and what its server must know of it."""

    edge: Edge
    endpoints: tuple[Endpoint, ...]


def create_app(
    system: System,
    installed: Sequence[Method],
    identity: Identity,
    *,
    clock: Clock | None = None,
    origins: Sequence[str] = ("*",),
    statuses: Mapping[str, str] | None = None,
    admit: Admit | None = None,
    budgets: Budgets | None = None,
    entrance: Entrance | None = None,
    log: structlog.typing.FilteringBoundLogger | None = None,
) -> Application:
    """Put the application together.

    Args:
        system: everything behind the edge.
        installed: every installed method version.
        identity: turns tokens into people.
        clock: what time it is; the machine's, if it is not given.
        origins: from where browsers may use it. Tokens are never sent by themselves, so that ``*``
            is safe; name your own frontend's to let it use a cookie.
        statuses: what is the matter with a method, by ``id@version``.
        admit: says how much anybody may ask for; without it, nothing is limited.
        budgets: the same for what costs much; as it stands in `limits`, if it is not given.
        entrance: keeps tokens of machines and the access log; in memory, if it is not given.
        log: where requests are written down; standard error, if it is not given.
    """
    metrics = Metrics()
    edge = Edge(
        system=system,
        installed=Installed(installed, statuses),
        identity=identity,
        clock=clock or WallClock(),
        metrics=metrics,
        streams=Streams(metrics.streams),
        log=log or json_logger(),
        languages=Languages(installed),
        admit=admit,
        budgets=budgets or Budgets(),
        entrance=entrance or MemoryEntrance(),
    )
    endpoints = _endpoints(edge)
    strays: dict[int | type[Exception], Any] = {Exception: _stray(edge)}
    app = Application(
        route_handlers=[_handler(edge, endpoint) for endpoint in endpoints],
        exception_handlers=strays,
        cors_config=_cors(origins, endpoints),
        openapi_config=None,
        logging_config=None,
    )
    app.edge, app.endpoints = edge, endpoints
    return app


def _endpoints(edge: Edge) -> tuple[Endpoint, ...]:
    told = (
        *reading.endpoints(),
        *acting.endpoints(edge.installed),
        offline.endpoint(),
        *timetable.endpoints(),
        *certificates.endpoints(),
        *pictures.endpoints(),
        *exports.endpoints(),
        *records.endpoints(),
        *everywhere.endpoints(),
        *proofs.endpoints(),
        *auditing.endpoints(),
        *methods.endpoints(),
        *labelled.endpoints(),
        me.endpoint(),
        *accesses.endpoints(),
        *machines.endpoints(),
        *tokens.endpoints(edge),
        *health.endpoints(),
    )
    return (*told, *index.endpoints(edge.installed, told))


def _handler(edge: Edge, endpoint: Endpoint) -> HTTPRouteHandler:
    prepared = Prepared(endpoint)

    async def handle(request: Request[Any, Any, Any]) -> ASGIResponse:
        return await serving.answer(edge, prepared, request.scope, request.receive)

    verbs: Any = ["GET", "HEAD"] if endpoint.verb == "GET" else [endpoint.verb]
    path = endpoint.path.replace("}", ":str}")
    # The answer brings its own status; what stands here keeps the framework from choosing one.
    return HTTPRouteHandler(path, http_method=verbs, name=endpoint.name, status_code=200)(handle)


_Stray = Callable[[Request[Any, Any, Any], Exception], Late]


def _stray(edge: Edge) -> _Stray:
    """Answers what never reached an address: unknown ones, unknown verbs, what broke before."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Late:
        headers = Headers(tuple(request.scope["headers"]))
        trace_id = serving.trace_of(headers)
        words = serving.words_for(edge, headers)
        made = serving.refused(edge, _told(error, headers), request.scope["path"], trace_id, words)
        serving.note(edge, trace_id, request.scope["method"], "none", made.status, 0.0)
        return Late(_allowing(made, error) if made.status == HTTP_405_METHOD_NOT_ALLOWED else made)

    return handle


def _told(error: Exception, headers: Headers) -> Exception:
    """What is said of an error that came before any address was reached."""
    try:
        purposes.check(purposes.declared(headers.get(purposes.HEADER_KEY), None))
    except (Reject, Refused) as refusal:
        return refusal
    status = (
        error.status_code if isinstance(error, HTTPException) else HTTP_500_INTERNAL_SERVER_ERROR
    )
    code = _STRAY_CODES.get(status)
    return Refused(code) if code else error


def _allowing(made: Answer, error: Exception) -> Answer:
    """The answer with the verbs that the address does know."""
    known = error.headers if isinstance(error, HTTPException) else None
    verbs = (known or {}).get("allow", "")
    return replace(made, headers=(*made.headers, (b"allow", verbs.encode())))


def _cors(origins: Sequence[str], endpoints: tuple[Endpoint, ...]) -> CORSConfig:
    said = {p.name for e in endpoints for p in e.params if p.place == "header"}
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "HEAD", "POST", "DELETE"],
        allow_headers=sorted({*said, *_SIMPLE_HEADERS, *(p.name for p in EVERYWHERE)}),
        expose_headers=list(EXPOSED),
        allow_credentials="*" not in origins,
        max_age=600,
    )
