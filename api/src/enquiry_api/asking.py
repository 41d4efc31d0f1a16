"""One request, read strictly: what was sent beside the body, the body, who asks, and when."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from enquiry.method.rules import Reject
from enquiry.runtime.terms import Asker
from enquiry_api import strictjson
from enquiry_api.params import Param
from enquiry_api.problems import Refused

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
JSON_MEDIA = "application/json"


class Ask(Struct, frozen=True, kw_only=True):
    """A request, ready to be answered."""

    verb: str
    path: str
    where: Mapping[str, Any]
    """Path parameters by name, as text."""
    said: Mapping[str, Any]
    """Query parameters and headers by name, as values; only those that were sent."""
    asker: Asker
    """Nobody in particular (`NOBODY`) at an address that is open to everybody."""
    expires: int | None
    """When the token expires, seconds since 1970."""
    now: datetime
    trace_id: str
    body: bytes = b""
    session: str = ""
    """At a page for people: what the forms of this session bring along, 64 hex digits. Nobody can
    know it without the token, so that no other site can post them."""


class Headers:
    """The headers of a request. One that stands twice is noticed when it is read."""

    __slots__ = ("_by_name", "_raw")

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        """Index them; ``raw`` is as the server gives it, names in lower case."""
        self._raw = raw
        self._by_name = dict(raw)

    def get(self, name: bytes) -> str | None:
        """The one value of this header; ``name`` is in lower case.

        Raises:
            Refused: ``HEADER_INVALID``, if it stands twice.
        """
        value = self._by_name.get(name)
        if value is None:
            return None
        if len(self._by_name) != len(self._raw) and sum(name == n for n, _ in self._raw) > 1:
            sentence = "The header stands twice."
            raise Refused("HEADER_INVALID", sentence, header=name.decode("latin-1").title())
        return value.decode("latin-1").strip()


def keyed(params: Iterable[Param]) -> dict[bytes, Param]:
    """Parameters by the names that they have on the wire, for `headers_said`."""
    return {param.name.lower().encode(): param for param in params}


def headers_said(params: Mapping[bytes, Param], headers: Headers) -> dict[str, Any]:
    """Every declared header that was sent, as a value.

    Raises:
        Refused: one is required and missing, stands twice, or cannot be read.
    """
    said: dict[str, Any] = {}
    for name, param in params.items():
        text = headers.get(name)
        if text is None:
            if param.required:
                raise _missing(param)
            continue
        try:
            said[param.name] = param.read(text)
        except ValueError as error:
            raise Refused("HEADER_INVALID", str(error), header=param.name) from None
    return said


def _missing(param: Param) -> Refused:
    if param.missing is not None:
        return Refused(param.missing, header=param.name)
    return Refused("HEADER_INVALID", "The header is required.", header=param.name)


def query_said(params: tuple[Param, ...], raw: bytes) -> dict[str, Any]:
    """Every query parameter that was sent, as a value.

    Raises:
        Refused: one is not declared, stands twice, is required and missing, or cannot be read.
    """
    said: dict[str, Any] = {}
    known = {param.name: param for param in params}
    for name, text in _pairs(raw):
        param = known.get(name)
        if param is None:
            listed = ", ".join(known) or "none"
            raise Refused(
                "QUERY_INVALID", f"This address knows these parameters: {listed}.", parameter=name
            )
        if name in said:
            raise Refused("QUERY_INVALID", "The parameter stands twice.", parameter=name)
        try:
            said[name] = param.read(text)
        except ValueError as error:
            raise Refused("QUERY_INVALID", str(error), parameter=name) from None
    for param in params:
        if param.required and param.name not in said:
            raise Refused("QUERY_INVALID", "The parameter is required.", parameter=param.name)
    return said


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    if not raw:
        return []
    try:
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20
        )
    except ValueError:
        raise Refused("QUERY_INVALID", "The query cannot be read.") from None


async def body_of(
    receive: Receive, headers: Headers, bytes_max: int, media: str = JSON_MEDIA
) -> bytes:
    """The raw body.

    Args:
        receive: the server's side of the connection.
        headers: of the request.
        bytes_max: the most that is taken, inclusive; not a byte more is kept in memory than the
            server hands over at once.
        media: of which type it must be.

    Raises:
        Refused: ``MEDIA_TYPE_UNSUPPORTED`` or ``BODY_TOO_LARGE``.
    """
    check_media(headers, media)
    length = headers.get(b"content-length")
    if length is not None and length.isdigit() and int(length) > bytes_max:
        raise _too_large(bytes_max)
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused("MALFORMED_JSON", "The connection ended before the body did.")
        body += message.get("body", b"")
        if len(body) > bytes_max:
            raise _too_large(bytes_max)
        if not message.get("more_body"):
            return body


def _too_large(bytes_max: int) -> Refused:
    return Refused("BODY_TOO_LARGE", f"The body may have {bytes_max} bytes at most.")


def check_media(headers: Headers, media: str = JSON_MEDIA) -> None:
    """Whether the body says that it is of this type in UTF-8, as it is.

    Raises:
        Refused: ``MEDIA_TYPE_UNSUPPORTED``.
    """
    said = headers.get(b"content-type")
    if said != media:
        kind, _, parameters = (said or "").partition(";")
        charset = parameters.strip().lower().replace('"', "")
        if kind.strip().lower() != media or charset not in ("", "charset=utf-8"):
            raise Refused("MEDIA_TYPE_UNSUPPORTED", header="Content-Type")
    if headers.get(b"content-encoding") not in (None, "identity"):
        raise Refused("MEDIA_TYPE_UNSUPPORTED", header="Content-Encoding")


def strict(body: bytes, depth_max: int = strictjson.DEPTH_MAX) -> Any:
    """The body as plain values, once it is known that every program reads it alike.

    Raises:
        Refused: ``MALFORMED_JSON``.
    """
    try:
        return strictjson.check(body, depth_max)
    except strictjson.NotStrict as error:
        raise Refused("MALFORMED_JSON", str(error)) from None


def absent() -> Reject:
    """What is not there, and what one may not know to be there."""
    return Reject("NOT_FOUND", "There is nothing here, or nothing that you may see.")
