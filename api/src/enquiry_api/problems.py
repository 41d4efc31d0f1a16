"""What went wrong, as a problem document (RFC 9457) that people and programs can both read."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from enquiry.log.promise import Unavailable
from enquiry.method.rules import Reject
from enquiry.runtime.terms import Behind
from enquiry_api.codes import EDGE, status_of, title_of
from enquiry_api.words import Words

MEDIA_TYPE = b"application/problem+json"
RETRY_SECONDS = 1
"""What a client is told to wait when the log or the views are not there."""


class Flaw(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong, and where. One of the three places is given, or none."""

    detail: str
    code: str
    pointer: str | None = None
    """JSON Pointer into the body; the empty string is the whole of it."""
    parameter: str | None = None
    """Name of a query parameter."""
    header: str | None = None


class Problem(Struct, frozen=True, kw_only=True):
    """Why a request was refused. Nothing was recorded."""

    type: str
    """Address of the code in the catalogue, relative to this server."""
    title: str
    """The same for every occurrence of the code."""
    status: int
    detail: str
    """What is the matter this time, as a sentence for people."""
    instance: str
    """The path that was asked for."""
    code: str
    """Stable: programs test for it."""
    errors: tuple[Flaw, ...] = ()
    details: tuple[Any, ...] = ()
    """Every unmet condition, where there are several."""
    params: Mapping[str, Any] = {}
    """Numbers and names for a sentence in the reader's own language."""
    trace_id: str


class Refused(Exception):
    """The edge itself refuses, with one of its own codes."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        parameter: str | None = None,
        header: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """``detail`` says what is the matter; without it the catalogue's meaning is given."""
        super().__init__(code)
        self.code = code
        self.detail = detail or EDGE[code].meaning
        self.parameter = parameter
        self.header = header
        self.retry_after = retry_after


class Refusal(Struct, frozen=True):
    """A problem, and the headers that belong to it."""

    problem: Problem
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    def said(self, words: Words) -> "Refusal":
        """The same in other words; its code never changes."""
        if words.plain:
            return self
        told = replace(
            self.problem,
            title=words.say(self.problem.title),
            detail=words.say(self.problem.detail),
            errors=tuple(replace(one, detail=words.say(one.detail)) for one in self.problem.errors),
        )
        return replace(self, problem=told)

    def body(self) -> bytes:
        """The document."""
        return msgspec.json.encode(self.problem)


def refusal_of(error: Exception, instance: str, trace_id: str) -> Refusal:
    """The problem that tells of an error.

    Args:
        error: whatever was raised. What is not known here is our own fault, and says nothing more.
        instance: path of the request.
        trace_id: by which the request is found in the logs.
    """
    match error:
        case Reject():
            return _domain(error, instance, trace_id)
        case Refused():
            return _edge(error, instance, trace_id)
        case Behind():
            behind = Refused("VIEWS_BEHIND", retry_after=RETRY_SECONDS)
            return _edge(behind, instance, trace_id)
        case Unavailable():
            unavailable = Refused("UNAVAILABLE", retry_after=RETRY_SECONDS)
            return _edge(unavailable, instance, trace_id)
        case _:
            return _edge(Refused("INTERNAL_ERROR"), instance, trace_id)


def _domain(reject: Reject, instance: str, trace_id: str) -> Refusal:
    status = status_of(reject.code, reject.step)
    errors: tuple[Flaw, ...] = ()
    if reject.pointer is not None:
        errors = (Flaw(reject.sentence, reject.code, pointer=reject.pointer),)
    problem = Problem(
        type=address_of(reject.code),
        title=title_of(reject.code),
        status=status,
        detail=reject.sentence,
        instance=instance,
        code=reject.code,
        errors=errors,
        details=reject.details,
        params=reject.params,
        trace_id=trace_id,
    )
    return Refusal(problem, _challenge(status))


def _edge(refused: Refused, instance: str, trace_id: str) -> Refusal:
    status = EDGE[refused.code].status
    errors: tuple[Flaw, ...] = ()
    if refused.parameter is not None or refused.header is not None:
        flaw = Flaw(
            refused.detail, refused.code, parameter=refused.parameter, header=refused.header
        )
        errors = (flaw,)
    problem = Problem(
        type=address_of(refused.code),
        title=title_of(refused.code),
        status=status,
        detail=refused.detail,
        instance=instance,
        code=refused.code,
        errors=errors,
        trace_id=trace_id,
    )
    headers = _challenge(status)
    if refused.retry_after is not None:
        headers += ((b"retry-after", str(refused.retry_after).encode()),)
    if status == 413:
        # The rest of the body is not read, so the connection cannot be used again.
        headers += ((b"connection", b"close"),)
    return Refusal(problem, headers)


def _challenge(status: int) -> tuple[tuple[bytes, bytes], ...]:
    if status != 401:
        return ()
    return ((b"www-authenticate", b'Bearer realm="enquiry"'),)


def address_of(code: str) -> str:
    """Where the catalogue explains a code."""
    return f"/v1/codes/{code}"
