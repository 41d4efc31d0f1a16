"""The way in: the index, the OpenAPI document, and the same document as a page for people."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from enquiry_api import openapi, reference
from enquiry_api.answers import HTML, SHARED, Answer, encode, tagged
from enquiry_api.asking import Ask
from enquiry_api.edge import Access, Edge, Endpoint, Reply
from enquiry_api.installed import Installed
from enquiry_api.pages import POLICY
from enquiry_api.params import IF_NONE_MATCH

_HEADERS = ("ETag", "Cache-Control")
_NOT_MODIFIED = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))
_WORDS = ("alliances", "enquiries", "runs", "inbox", "events", "methods", "codes")


class Index(Struct, frozen=True):
    """Where everything is."""

    title: str
    links: dict[str, str]


def endpoints(installed: Installed, told: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """The addresses that tell about all others, and about themselves."""
    links = {word: f"/v1/{word}" for word in _WORDS}
    links |= {"timetable": "/v1/me/timetable"}
    links |= {"openapi": "/v1/openapi.json", "reference": "/v1/reference"}
    index = encode(Index("Enquiry", links))
    written: dict[str, Answer] = {}

    def document() -> Answer:
        """Written when it is first asked for: a server that is never asked starts sooner."""
        if not written:
            made = openapi.document(installed, (*told, *own))
            written["json"] = Answer(200, encode(made), SHARED)
            written["html"] = Answer(200, reference.page(made), (*SHARED, POLICY), HTML)
        return written["json"]

    def page() -> Answer:
        document()
        return written["html"]

    own = (
        _endpoint("/v1", "read-index", "Where everything is", lambda: Answer(200, index, SHARED)),
        _endpoint("/v1/openapi.json", "read-openapi", "This document", document),
        _endpoint("/v1/reference", "read-reference", "This document, as a page", page),
    )
    return own


def _endpoint(path: str, name: str, title: str, made: Callable[[], Answer]) -> Endpoint:
    page = path.endswith("reference")
    reply = Reply(
        status=200,
        says="Here it is.",
        schema=None if page else {"type": "object"},
        media=HTML if page else b"application/json",
        headers=_HEADERS,
    )
    return Endpoint(
        verb="GET",
        path=path,
        name=name,
        title=title,
        tag="index",
        handle=_tells(made),
        replies=(reply, _NOT_MODIFIED),
        access=Access.OPEN,
        params=(IF_NONE_MATCH,),
    )


def _tells(made: Callable[[], Answer]) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    async def handle(edge: Edge, ask: Ask) -> Answer:
        del edge
        return tagged(made(), ask.said.get("If-None-Match"))

    return handle
