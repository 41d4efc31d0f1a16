"""From a request to its answer: who, when, what for; the address's own part; what went wrong.

The order is fixed. What is judged here is steps 1 and 2 of the check order (the envelope, the
person) and the purpose; everything behind it is judged where the log is.
"""

import hashlib
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar.response.base import ASGIResponse

from enquiry.method.rules import Reject
from enquiry.runtime.terms import Asker
from enquiry_api import accesses, purposes
from enquiry_api.answers import NEVER_KEPT, Answer, Wire
from enquiry_api.asking import Ask, Headers, Receive, body_of, headers_said, keyed, query_said
from enquiry_api.edge import Access, Edge, Endpoint
from enquiry_api.identity import Caller
from enquiry_api.limits import Admission, both
from enquiry_api.logs import whereabouts
from enquiry_api.params import EVERYWHERE, WAIT_DEFAULT, Param
from enquiry_api.problems import MEDIA_TYPE, Refusal, Refused, refusal_of
from enquiry_api.records import Download
from enquiry_api.words import PLAIN, Words, accepted

NOBODY = Asker(UUID(int=0))
"""Whoever asks for what is open to everybody."""
COOKIE = "enquiry_token"
"""Where a browser has its token, whose pages and event source send no headers; it lets them read,
and post the forms of pages, which bring along what no other site can know (`Ask.session`)."""

_TRACE = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Prepared:
    """An address, with what is looked up once and not at every request."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Part its parameters by where they stand."""
        self.endpoint = endpoint
        self.query: tuple[Param, ...] = _of(endpoint, "query")
        everywhere = () if endpoint.access is Access.HEALTH else EVERYWHERE
        self.headers = keyed((*_of(endpoint, "header"), *everywhere))


def _of(endpoint: Endpoint, place: str) -> tuple[Param, ...]:
    return tuple(param for param in endpoint.params if param.place == place)


async def answer(
    edge: Edge, prepared: Prepared, scope: Mapping[str, Any], receive: Receive
) -> ASGIResponse:
    """Answer one request; whatever happens, there is an answer."""
    started = time.perf_counter()
    headers = Headers(scope["headers"])
    trace_id = trace_of(headers)
    admission = Admission()
    try:
        caller = await _caller(edge, prepared.endpoint, scope["method"], headers)
        admission = _limits(edge, prepared.endpoint, caller)
        _admitted(admission)
        ask = await _ask(edge, prepared, scope, receive, headers, caller, trace_id)
        _scoped(prepared.endpoint, caller)
        made = await _handled(edge, prepared.endpoint, ask)
    except Exception as error:  # noqa: BLE001 - the edge is where every error becomes an answer
        words, told = words_for(edge, headers), prepared.endpoint.page or problem
        made = refused(edge, error, scope["path"], trace_id, words, told)
    status = made.status if isinstance(made, Answer) else made.status_code
    seconds = time.perf_counter() - started
    if not prepared.endpoint.confidential:
        note(edge, trace_id, scope["method"], prepared.endpoint.path, status, seconds)
    return Wire(made, admission.headers) if isinstance(made, Answer) else made


def note(edge: Edge, trace_id: str, verb: str, route: str, status: int, seconds: float) -> None:
    """Count an answer and write it down: the pattern of its address, never the address itself."""
    edge.metrics.answered(verb, route, status, seconds)
    edge.log.info(
        "answered",
        trace_id=trace_id,
        verb=verb,
        route=route,
        status=status,
        ms=round(seconds * 1000, 2),
    )


def words_for(edge: Edge, headers: Headers) -> Words:
    """How to speak to whoever sent these headers."""
    try:
        return edge.languages.words(accepted(headers.get(b"accept-language") or ""))
    except Refused:
        return PLAIN


def refused(
    edge: Edge,
    error: Exception,
    path: str,
    trace_id: str,
    words: Words = PLAIN,
    told: Callable[[Refusal], Answer] | None = None,
) -> Answer:
    """The answer to something that went wrong; counted, and written down if it is our own fault."""
    refusal = refusal_of(error, path, trace_id).said(words)
    edge.metrics.refused(refusal.problem.code)
    if refusal.status == 500:
        edge.log.error(
            "failed", trace_id=trace_id, error=type(error).__name__, where=whereabouts(error)
        )
    return (told or problem)(refusal)


def problem(refusal: Refusal) -> Answer:
    """A refusal as an answer."""
    headers = (*NEVER_KEPT, *refusal.headers)
    return Answer(refusal.status, refusal.body(), headers, MEDIA_TYPE)


def trace_of(headers: Headers) -> str:
    """The trace to which the request belongs (W3C Trace Context), or a new one: 32 hex digits."""
    try:
        found = _TRACE.fullmatch(headers.get(b"traceparent") or "")
    except Refused:
        found = None
    return found[1] if found else os.urandom(16).hex()


async def _ask(
    edge: Edge,
    prepared: Prepared,
    scope: Mapping[str, Any],
    receive: Receive,
    headers: Headers,
    caller: Caller | None,
    trace_id: str,
) -> Ask:
    endpoint = prepared.endpoint
    said = headers_said(prepared.headers, headers)
    said |= query_said(prepared.query, scope["query_string"])
    ask = Ask(
        verb=scope["method"],
        path=scope["path"],
        where=scope["path_params"],
        said=said,
        asker=caller.asker if caller else NOBODY,
        expires=caller.expires if caller else None,
        now=_now(edge, said.get("Enquiry-Now")),
        trace_id=trace_id,
        body=await _body(endpoint, receive, headers),
        session=_session(endpoint, scope["method"], headers) if caller else "",
    )
    if "Enquiry-Min-Position" in said:
        await edge.system.reached(said["Enquiry-Min-Position"], said.get("Prefer", WAIT_DEFAULT))
    return ask


async def _body(endpoint: Endpoint, receive: Receive, headers: Headers) -> bytes:
    if endpoint.body is None:
        return b""
    return await body_of(receive, headers, endpoint.body.bytes_max, endpoint.body.media)


def _session(endpoint: Endpoint, verb: str, headers: Headers) -> str:
    if endpoint.page is None:
        return ""
    token = _token(endpoint, verb, headers).encode()
    return hashlib.blake2b(token, digest_size=32, person=b"enquiry form").hexdigest()


async def _handled(edge: Edge, endpoint: Endpoint, ask: Ask) -> Answer | ASGIResponse:
    """Do what is asked; the access log is written before anything leaves, or nothing leaves."""
    try:
        made = await endpoint.handle(edge, ask)
    except Reject as error:
        await accesses.refused(edge, endpoint, ask, error)
        raise
    if edge.admit is not None and endpoint.budget is not None:
        whose = await accesses.alliance_of(edge, ask)
        if whose is not None:
            _admitted(edge.budgets.alliance(endpoint.budget, whose))
    try:
        await accesses.given(edge, endpoint, ask)
    except BaseException:
        if isinstance(made, Download):
            made.discard()
        raise
    return made


def _limits(edge: Edge, endpoint: Endpoint, caller: Caller | None) -> Admission:
    """What the holder of the token may still ask for, in all and of what costs much."""
    if edge.admit is None or caller is None:
        return Admission()
    admission = edge.admit(caller.asker)
    if endpoint.budget is None or admission.retry_after is not None:
        return admission
    return both(admission, edge.budgets.person(endpoint.budget, caller.asker))


def _scoped(endpoint: Endpoint, caller: Caller | None) -> None:
    """A machine does what its token says, at most.

    Raises:
        Reject: ``NOT_PERMITTED``.
    """
    if caller is None or caller.scopes is None or endpoint.access is Access.OPEN:
        return
    if endpoint.scope not in caller.scopes:
        raise Reject("NOT_PERMITTED", "The token of this machine is not for this.")


def _admitted(admission: Admission) -> None:
    if admission.retry_after is not None:
        raise Refused("TOO_MANY_REQUESTS", retry_after=max(1, admission.retry_after))


async def _caller(edge: Edge, endpoint: Endpoint, verb: str, headers: Headers) -> Caller | None:
    """Who asks, for a purpose that may be served; ``None`` where nobody has to say."""
    if endpoint.access is not Access.HEALTH:
        purposes.check(purposes.declared(headers.get(purposes.HEADER_KEY), None))
    if endpoint.access in (Access.HEALTH, Access.OPEN, Access.LINK):
        return None
    caller = await edge.identity.identify(_token(endpoint, verb, headers))
    purposes.check(purposes.declared(None, caller.purpose))
    if endpoint.access is Access.OPERATOR and not caller.asker.operator:
        raise Reject("NOT_PERMITTED", "Only whoever operates the platform can do this.")
    return caller


def _token(endpoint: Endpoint, verb: str, headers: Headers) -> str:
    said = headers.get(b"authorization")
    if said is not None:
        scheme, _, token = said.partition(" ")
        if scheme.lower() == "bearer" and token:
            return token.strip()
    elif verb in ("GET", "HEAD") or endpoint.page is not None:
        for cookie in (headers.get(b"cookie") or "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == COOKIE and value:
                return value
    raise Refused("UNAUTHENTICATED")


def _now(edge: Edge, said: datetime | None) -> datetime:
    if said is not None and not edge.clock.settable:
        raise Refused("CLOCK_NOT_SETTABLE", header="Enquiry-Now")
    return edge.clock.now(said)
