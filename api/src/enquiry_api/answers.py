"""What goes back: bytes, a status and headers; with a tag, so that nothing is sent twice."""

import hashlib
from typing import Any, cast

import msgspec
from litestar.response.base import ASGIResponse, Response
from litestar.types import HTTPScope, Receive, Scope, Send
from msgspec import Struct

JSON = b"application/json"
HTML = b"text/html; charset=utf-8"
SVG = b"image/svg+xml"
TEXT = b"text/plain; charset=utf-8"

Header = tuple[bytes, bytes]
PRIVATE: tuple[Header, ...] = (
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization, Accept-Language"),
)
"""What one viewer may see is kept by nobody in between, and asked for anew every time."""
SHARED: tuple[Header, ...] = ((b"cache-control", b"no-cache"), (b"vary", b"Accept-Language"))
"""The same for everybody; asked for anew every time, which costs a 304."""
NEVER_KEPT: tuple[Header, ...] = ((b"cache-control", b"no-store"),)

_encoder = msgspec.json.Encoder()


class Answer(Struct, frozen=True):
    """An answer that is ready to be sent."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()
    media: bytes = JSON


def encode(value: Any) -> bytes:
    """A value as JSON, the same bytes for the same value."""
    return _encoder.encode(value)


def digest(body: bytes) -> str:
    """Enough of a digest to tell representations of one thing apart: 96 bits, in hexadecimal."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def tagged(answer: Answer, if_none_match: str | None, revision: int | None = None) -> Answer:
    """The answer with its ETag; or 304 without a body, if the client holds this already.

    The tag is ``"<revision>.<digest>"`` for a stream and ``"<digest>"`` for everything else.
    """
    tag = digest(answer.body) if revision is None else f"{revision}.{digest(answer.body)}"
    headers = (*answer.headers, (b"etag", f'"{tag}"'.encode()))
    if if_none_match is not None and _holds(if_none_match, tag):
        return Answer(304, b"", headers)
    return Answer(answer.status, answer.body, headers, answer.media)


def _holds(if_none_match: str, tag: str) -> bool:
    if if_none_match == "*":
        return True
    held = (one.strip().removeprefix("W/") for one in if_none_match.split(","))
    return f'"{tag}"' in held


def verb_of(scope: Scope) -> str:
    """The verb of a request."""
    return cast("HTTPScope", scope)["method"]


class Wire(ASGIResponse):
    """An `Answer` on its way: nothing is looked at again, nothing is encoded again."""

    __slots__ = ("_answer", "_more")

    def __init__(self, answer: Answer, more: tuple[Header, ...] = ()) -> None:
        """Everything was decided before, so nothing of what the base prepares is needed.

        Args:
            answer: what goes back.
            more: headers that it goes back with, whatever it says.
        """
        self.status_code = answer.status
        self._answer = answer
        self._more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; to HEAD, all but the body."""
        answer = self._answer
        headers: list[Header] = [*answer.headers, *self._more]
        if answer.status not in (204, 304):
            headers.append((b"content-type", answer.media))
            headers.append((b"content-length", str(len(answer.body)).encode()))
            headers.append((b"x-content-type-options", b"nosniff"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = b"" if verb_of(scope) == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body, "more_body": False})


class Late(Response[bytes]):
    """An `Answer` where only a `Response` is taken: for what never reached an address."""

    def __init__(self, answer: Answer) -> None:
        """Everything was decided before."""
        super().__init__(content=answer.body, status_code=answer.status)
        self._answer = answer

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        """The answer, on its way."""
        return Wire(self._answer)
