"""Somebody who asks a real server over HTTP, and remembers every word and id that came back."""

import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import Struct, field
from tests.visibility.canaries import ids_in, readable, words_in

TIMEOUT_SECONDS = 30.0


class Viewer(Struct, frozen=True):
    """Somebody who looks."""

    name: str
    id: UUID | None
    """``None``: whoever shows no token."""
    token: str | None


class Got(Struct, frozen=True):
    """An answer as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body as plain values; ``None`` if it is no JSON."""
        if "json" not in self.headers.get("content-type", ""):
            return None
        return msgspec.json.decode(self.text)

    def alike(self) -> tuple[int, str, str]:
        """What must be the same in two answers that are not to be told apart: all but where and
        when it was asked."""
        # The length follows from the address, which the body repeats.
        told = ("date", "server", "content-length")
        kept = {n: v for n, v in self.headers.items() if n not in told and "ratelimit" not in n}
        body = self.json
        if isinstance(body, dict):
            said: dict[str, Any] = body  # pyright: ignore[reportUnknownVariableType]
            body = {n: v for n, v in said.items() if n not in ("instance", "trace_id")}
        return self.status, str(sorted(kept.items())), msgspec.json.encode(body).decode()


class Seen(Struct):
    """Everything that one viewer was shown, and where first."""

    words: dict[str, str] = field(default_factory=dict)
    ids: dict[UUID, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Other words that were looked for: names of people."""


class Asker:
    """One connection to a server, for everybody in turn."""

    def __init__(self, url: str, names: re.Pattern[str] | None = None) -> None:
        """Ask the server at ``url``; look for ``names``, too."""
        parts = urlsplit(url)
        self._at = parts.hostname or "", parts.port or 80
        self._connection = self._connected()
        self.names = names
        self.seen: dict[str, Seen] = {}
        self.asked = 0
        self.also: Callable[[Viewer, str, Got], None] = _nothing_more

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self._at, timeout=TIMEOUT_SECONDS)

    def ask(
        self,
        viewer: Viewer,
        verb: str,
        path: str,
        now: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Got:
        """Send a request and remember what its answer shows.

        What stands in the request itself is no news to whoever sent it.
        """
        said = {**(headers or {}), "Enquiry-Now": now}
        if viewer.token is not None:
            said["Authorization"] = f"Bearer {viewer.token}"
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            said["Content-Type"] = "application/json"
        got = self._sent(verb, path, content, said)
        self.asked += 1
        known = path + (content.decode() if content is not None else "") + str(headers or "")
        self.note(viewer, f"{verb} {path}", got, known)
        self.also(viewer, path, got)
        return got

    def _sent(self, verb: str, path: str, content: bytes | None, said: dict[str, str]) -> Got:
        for attempt in (1, 2):
            try:
                self._connection.request(verb, path, content, said)
                answer = self._connection.getresponse()
                raw = answer.read()
            except (OSError, http.client.HTTPException):
                # A connection that was kept open may have been closed meanwhile: once more.
                self._connection.close()
                self._connection = self._connected()
                if attempt == 2:
                    raise
                continue
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Got(answer.status, headers, readable(raw, headers.get("content-type", "")))
        raise AssertionError

    def note(self, viewer: Viewer, where: str, got: Got, known: str = "") -> None:
        """Remember what an answer shows, in its headers and in its body."""
        told = got.text + "\n" + "\n".join(got.headers.values())
        seen = self.seen.setdefault(viewer.name, Seen())
        for word in words_in(told) - words_in(known):
            seen.words.setdefault(word, where)
        for id_ in ids_in(told) - ids_in(known):
            seen.ids.setdefault(id_, where)
        if self.names is not None:
            for name in {*self.names.findall(told)} - {*self.names.findall(known)}:
                seen.texts.setdefault(name, where)

    def open(self, viewer: Viewer, path: str) -> http.client.HTTPConnection:
        """A connection on which live updates arrive until it is closed."""
        connection = self._connected()
        connection.request("GET", path, headers={"Authorization": f"Bearer {viewer.token}"})
        assert connection.getresponse().status == 200
        return connection

    def follow(self, viewer: Viewer, path: str, now: str) -> list[dict[str, Any]]:
        """Live updates from an old id on, until there is nothing new."""
        connection = self._connected()
        said = {"Enquiry-Now": now, "Authorization": f"Bearer {viewer.token}"}
        try:
            connection.request("GET", path, headers=said)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            lines: list[str] = []
            while answer.status == 200 and (line := answer.readline().decode()):
                if line.startswith(": still here"):
                    break
                lines.append(line)
        finally:
            connection.close()
        self.note(viewer, f"GET {path}", Got(answer.status, headers, "".join(lines)), path)
        return list(notices(lines))

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()


def notices(lines: list[str]) -> Iterator[dict[str, Any]]:
    """The data of server-sent events, each with the name of its event."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: "):
            yield {"event": name, **msgspec.json.decode(line.removeprefix("data: "))}


def _nothing_more(viewer: Viewer, path: str, got: Got) -> None:
    del viewer, path, got
