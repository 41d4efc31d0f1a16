"""A small HTTP client: one connection, kept open; the standard library is enough."""

import http.client
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

TIMEOUT_SECONDS = 30.0


class Unreachable(Exception):
    """The server cannot be reached, or does not speak as it should."""


class Answered(Struct, frozen=True):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Any
    """As plain values; ``None`` if there is none."""

    @property
    def told(self) -> dict[str, Any]:
        """The body, if it is an object; else an empty one."""
        return cast("dict[str, Any]", self.body) if isinstance(self.body, dict) else {}


class Caller:
    """Calls one server."""

    def __init__(self, url: str) -> None:
        """``url``: ``http://host:port``.

        Raises:
            Unreachable: that is no such address.
        """
        parts = urlsplit(url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        if parts.scheme not in kinds or not parts.hostname:
            raise Unreachable(f"{url} is no address of a server")
        self._url = url
        self._connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)

    def call(self, verb: str, path: str, headers: Mapping[str, str], body: Any = None) -> Answered:
        """Send a request and wait for its answer.

        Raises:
            Unreachable: no answer came.
        """
        sent = dict(headers)
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            sent["Content-Type"] = "application/json"
        for attempt in (1, 2):
            try:
                self._connection.request(verb, path, content, sent)
                answer = self._connection.getresponse()
                raw = answer.read()
            except (OSError, http.client.HTTPException) as error:
                # A connection that was kept open may have been closed meanwhile: once more, then.
                self._connection.close()
                if attempt == 2:
                    raise Unreachable(f"{self._url}: {error or type(error).__name__}") from None
                continue
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, said, _decoded(raw, said, self._url))
        raise AssertionError

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()


def _decoded(raw: bytes, headers: Mapping[str, str], url: str) -> Any:
    if not raw or "json" not in headers.get("content-type", ""):
        return None
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise Unreachable(f"{url} does not answer in JSON") from None
