"""What the installed methods are: roles, stages, moves and forms, rules, and who reads what."""

from typing import Any

import msgspec
from msgspec import Struct

from enquiry.method.describe import describe
from enquiry.method.method import Method
from enquiry_api.answers import SHARED, SVG, TEXT, Answer, encode, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.codes import CodeEntry
from enquiry_api.edge import Access, Edge, Endpoint, Reply
from enquiry_api.installed import STREAMS, Installed, move_address
from enquiry_api.params import IF_NONE_MATCH, STAGE, Param, whole
from enquiry_api.problems import Refused
from enquiry_api.reading import ref

Json = dict[str, Any]

_OPEN_HEADERS = ("ETag", "Cache-Control")
_NOT_MODIFIED = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))
_ID = Param(
    name="id",
    place="path",
    says="Id of the method.",
    schema={"type": "string", "minLength": 1},
    read=str,
    required=True,
)
_VERSION = Param(
    name="version",
    place="path",
    says="Its version.",
    schema={"type": "integer", "minimum": 1, "maximum": 9999},
    read=whole(1, 9999),
    required=True,
)
_CODE = Param(
    name="code",
    place="path",
    says="The code.",
    schema={"type": "string", "minLength": 1},
    read=str,
    required=True,
)


class MethodLine(Struct, frozen=True):
    """An installed method version in the list."""

    id: str
    version: int
    title: str
    stream: str
    """What it opens: run, enquiry or alliance."""
    status: str
    """``ready``, or what is the matter with it."""
    href: str


class MethodList(Struct, frozen=True):
    """Every installed method version."""

    items: tuple[MethodLine, ...]


class ShownMethod(Struct, frozen=True, kw_only=True):
    """A method version, whole."""

    id: str
    version: int
    title: str
    source: str
    stream: str
    status: str
    roles: tuple[Json, ...]
    """Each with name, title, at_least and at_most."""
    stages: tuple[Json, ...]
    """Each with name, title and final; the first is where it begins."""
    tracks: tuple[Json, ...]
    """Small statecharts that run once for each of several parallel things."""
    options: Json | None
    """JSON Schema of what is chosen at its opening."""
    moves: tuple[Json, ...]
    """What people can do: kind, title, help, by, at, to, decision, opens, offline ..., rules (each
    with code, step, sentence and source), schema (of the form, with hints) and href."""
    facts: tuple[Json, ...]
    """What is recorded, each with its audience: who will be able to read it, and when."""
    retention: tuple[Json, ...]
    """How long what is written is kept: kind of key, what it is, kept (a sentence)."""
    warnings: tuple[Json, ...]
    views: tuple[Json, ...]
    links: dict[str, str]
    """Its statechart as ``svg`` and as ``mermaid``."""


class CodeList(Struct, frozen=True):
    """Every code there is."""

    items: tuple[CodeEntry, ...]


def _open(edge: Edge, value: Any, ask: Ask, owner: str = "") -> Answer:
    words = edge.words(ask)
    said = value if words.plain else words.all(msgspec.to_builtins(value), owner)
    return tagged(Answer(200, encode(said), SHARED), ask.said.get("If-None-Match"))


def _address(method: Method) -> str:
    return f"/v1/methods/{method.id}/versions/{method.version}"


def _method_of(edge: Edge, ask: Ask) -> Method:
    try:
        version = _VERSION.read(ask.where["version"])
    except ValueError:
        raise absent() from None
    found = edge.installed.method(ask.where["id"], version)
    if found is None:
        raise absent()
    return found


async def _list(edge: Edge, ask: Ask) -> Answer:
    lines = tuple(
        MethodLine(m.id, m.version, m.title, m.stream, edge.installed.status(m), _address(m))
        for m in edge.installed.methods
    )
    return _open(edge, MethodList(lines), ask)


async def _read(edge: Edge, ask: Ask) -> Answer:
    method = _method_of(edge, ask)
    return _open(edge, shown_method(edge.installed, method), ask, method.id)


async def _svg(edge: Edge, ask: Ask) -> Answer:
    from enquiry.method.diagram import svg

    method, stage = _method_of(edge, ask), ask.said.get("stage")
    if stage is not None and method.stage(stage) is None:
        raise Refused("QUERY_INVALID", "The method has no such stage.", parameter="stage")
    drawn = svg(method, stage).encode()
    return tagged(Answer(200, drawn, SHARED, SVG), ask.said.get("If-None-Match"))


async def _mermaid(edge: Edge, ask: Ask) -> Answer:
    from enquiry.method.diagram import mermaid

    written = mermaid(_method_of(edge, ask)).encode()
    return tagged(Answer(200, written, SHARED, TEXT), ask.said.get("If-None-Match"))


async def _codes(edge: Edge, ask: Ask) -> Answer:
    return _open(edge, CodeList(tuple(edge.installed.codes.values())), ask)


async def _code(edge: Edge, ask: Ask) -> Answer:
    found = edge.installed.codes.get(ask.where["code"])
    if found is None:
        raise absent()
    return _open(edge, found, ask)


def shown_method(installed: Installed, method: Method) -> ShownMethod:
    """A method version with everything a frontend may want to know of it."""
    told = describe(method)
    word = STREAMS.get(method.stream)
    address = _address(method)
    moves = [
        {**move, "href": move_address(word, method.id, move["kind"], opens=move["opens"])}
        for move in told["moves"]
        if word and installed.offered(method.id, method.version, move["kind"])
    ]
    links = {"svg": f"{address}/diagram.svg", "mermaid": f"{address}/diagram.mmd"}
    whole = {**told, "moves": moves, "status": installed.status(method), "links": links}
    return msgspec.convert(whole, ShownMethod)


def endpoints() -> tuple[Endpoint, ...]:
    """Every address that tells of methods and codes. They are open: they say nothing of anybody."""

    def made(
        path: str, name: str, title: str, handle: Any, reply: Reply, *given: Param
    ) -> Endpoint:
        there = (404,) if "{" in path else ()
        return Endpoint(
            verb="GET",
            path=path,
            name=name,
            title=title,
            tag="methods" if "method" in name else "codes",
            handle=handle,
            replies=(reply, _NOT_MODIFIED),
            access=Access.OPEN,
            params=(*given, IF_NONE_MATCH),
            problems=there,
        )

    one = "/v1/methods/{id}/versions/{version}"
    drawn = Reply(status=200, says="Its statechart.", media=SVG, headers=_OPEN_HEADERS)
    written = Reply(status=200, says="Its statechart.", media=TEXT, headers=_OPEN_HEADERS)
    return (
        made("/v1/methods", "list-methods", "Installed methods", _list, _json("MethodList")),
        made(one, "read-method", "One method version", _read, _json("ShownMethod"), _ID, _VERSION),
        made(
            f"{one}/diagram.svg",
            "draw-method",
            "Its statechart (SVG)",
            _svg,
            drawn,
            _ID,
            _VERSION,
            STAGE,
        ),
        made(
            f"{one}/diagram.mmd",
            "write-method",
            "Its statechart (Mermaid)",
            _mermaid,
            written,
            _ID,
            _VERSION,
        ),
        made("/v1/codes", "list-codes", "Every code", _codes, _json("CodeList")),
        made("/v1/codes/{code}", "read-code", "One code", _code, _json("CodeEntry"), _CODE),
    )


def _json(name: str) -> Reply:
    return Reply(status=200, says="Here it is.", schema=ref(name), headers=_OPEN_HEADERS)
