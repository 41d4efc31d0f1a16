"""Every address that the OpenAPI document lists, and with what its blanks are filled."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from msgspec import Struct

from enquiry_api.installed import STREAMS

WORDS = dict(STREAMS)
"""The word in the addresses of each kind of stream."""
_BLANK = re.compile(r"\{(\w+)\}")


class Route(Struct, frozen=True):
    """One verb at one address."""

    verb: str
    path: str
    """With blanks in braces."""
    takes: frozenset[str] = frozenset()
    """Names of its query parameters."""
    needs: frozenset[str] = frozenset()
    """Names of those without which nothing is answered."""

    @property
    def blanks(self) -> tuple[str, ...]:
        """Names of what is to be filled in."""
        return tuple(_BLANK.findall(self.path))

    def of(self, word: str) -> bool:
        """Whether it is about one stream of a kind."""
        return self.path == f"/v1/{word}/{{id}}" or self.path.startswith(f"/v1/{word}/{{id}}/")

    def fits(self, path: str) -> bool:
        """Whether a path that was asked for is this one, filled in."""
        pattern = _BLANK.sub("[^/]+", self.path.replace(".", r"\."))
        return re.fullmatch(pattern, path.partition("?")[0]) is not None

    def filled(self, **values: str) -> str:
        """The path with its blanks filled in."""
        path = _BLANK.sub(lambda blank: quote(values[blank[1]], safe=""), self.path)
        needed = "&".join(f"{name}=1" for name in sorted(self.needs))
        return f"{path}?{needed}" if needed else path


def _takes(operation: Mapping[str, Any], *, needed: bool = False) -> frozenset[str]:
    return frozenset(
        param["name"]
        for param in operation.get("parameters", ())
        if param.get("in") == "query" and (param.get("required") or not needed)
    )


class Routes:
    """Every route of a server."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """As its OpenAPI document lists them."""
        self.every = tuple(
            Route(verb.upper(), path, _takes(one), _takes(one, needed=True))
            for path, verbs in document["paths"].items()
            for verb, one in verbs.items()
            if verb in ("get", "post", "put", "patch", "delete")
        )
        self.called: set[Route] = set()

    def note(self, verb: str, path: str) -> None:
        """Remember that an address was asked for."""
        for route in self.every:
            if route.verb == verb and route not in self.called and route.fits(path):
                self.called.add(route)

    def reading(self, word: str) -> Iterator[Route]:
        """What shows one stream of a kind."""
        return (route for route in self.every if route.verb == "GET" and route.of(word))

    def acting(self, word: str) -> Iterator[Route]:
        """What changes one stream of a kind."""
        return (route for route in self.every if route.verb != "GET" and route.of(word))

    def elsewhere(self) -> Iterator[Route]:
        """Whatever is about no single stream, but for the endless one."""
        for route in self.every:
            if route.path == "/v1/events" or any(route.of(word) for word in WORDS.values()):
                continue
            yield route


def address(word: str, stream: UUID) -> str:
    """Where a stream is."""
    return f"/v1/{word}/{stream}"
