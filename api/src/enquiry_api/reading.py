"""Reading: one pattern for alliances, enquiries and runs; the inbox; the live feed."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from enquiry_api import params, shown
from enquiry_api.answers import PRIVATE, Answer, encode, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.installed import STREAMS
from enquiry_api.live import Live
from enquiry_api.logs import whereabouts
from enquiry_api.params import (
    AFTER,
    ALLIANCE,
    AT,
    CURSOR,
    LAST_EVENT_ID,
    LIMIT,
    PAGE_DEFAULT,
    READING,
    STREAM,
    Param,
)

_READ_HEADERS = ("ETag", "Cache-Control")
_NOT_MODIFIED = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))
_VIEW_NAME = Param(
    name="name",
    place="path",
    says="Which view; the stream lists those that you may ask for.",
    schema={"type": "string", "minLength": 1, "maxLength": 100},
    read=str,
    required=True,
)


def ref(name: str) -> dict[str, str]:
    """A reference to a component of the OpenAPI document."""
    return {"$ref": f"#/components/schemas/{name}"}


def stream_of(ask: Ask) -> UUID:
    """The stream that the address names; what is no id is not there."""
    try:
        return params.uuid_of(ask.where["id"])
    except ValueError:
        raise absent() from None


def limit_of(ask: Ask) -> int:
    """How many items are wanted."""
    return ask.said.get("limit", PAGE_DEFAULT)


def _read(value: object, ask: Ask, revision: int | None = None) -> Answer:
    answer = Answer(200, encode(value), PRIVATE)
    return tagged(answer, ask.said.get("If-None-Match"), revision)


def _page_headers(answer: Answer, ask: Ask, next_cursor: str | None) -> Answer:
    if next_cursor is None:
        return answer
    kept = "".join(
        f"{name}={value}&" for name, value in ask.said.items() if name in ("alliance", "limit")
    )
    link = f'<{ask.path}?{kept}cursor={next_cursor}>; rel="next"'.encode()
    return Answer(answer.status, answer.body, (*answer.headers, (b"link", link)), answer.media)


def _lists(stream: str) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    async def handle(edge: Edge, ask: Ask) -> Answer:
        cursor, alliance = ask.said.get("cursor"), ask.said.get("alliance")
        page = await edge.system.streams(ask.asker, stream, cursor, limit_of(ask), alliance)
        return _page_headers(_read(shown.listed(page), ask), ask, page.next)

    return handle


def _reads(stream: str) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    async def handle(edge: Edge, ask: Ask) -> Answer:
        rep = await edge.system.read(ask.asker, stream_of(ask), ask.now, ask.said.get("at"))
        if rep.stream != stream:
            raise absent()
        words = await edge.words_within(ask, rep.alliance)
        return _read(shown.shown(edge.installed, rep, words), ask, rep.revision)

    return handle


async def _history(edge: Edge, ask: Ask) -> Answer:
    cursor, at = ask.said.get("cursor"), ask.said.get("at")
    page = await edge.system.history(ask.asker, stream_of(ask), cursor, limit_of(ask), at)
    return _page_headers(_read(shown.history(page), ask), ask, page.next)


async def _view(edge: Edge, ask: Ask) -> Answer:
    at, name = ask.said.get("at"), ask.where["name"]
    return _read(await edge.system.view(ask.asker, stream_of(ask), name, ask.now, at), ask)


async def _inbox(edge: Edge, ask: Ask) -> Answer:
    page = await edge.system.inbox(ask.asker, ask.now, ask.said.get("cursor"), limit_of(ask))
    words = {one: await edge.words_within(ask, one) for one in {i.run.alliance for i in page.items}}
    return _page_headers(_read(shown.inbox(edge.installed, page, words), ask), ask, page.next)


async def _events(edge: Edge, ask: Ask) -> Live:
    after = ask.said.get("Last-Event-ID", ask.said.get("after"))

    def failed(error: Exception) -> None:
        edge.log.error(
            "stream failed",
            trace_id=ask.trace_id,
            error=type(error).__name__,
            where=whereabouts(error),
        )

    changes = edge.system.changes(ask.asker, after)
    return Live(changes, edge.streams, ask.asker.person, ask.expires, failed)


def endpoints() -> tuple[Endpoint, ...]:
    """Every address that shows something."""
    return (*(e for stream in STREAMS for e in _of_stream(stream)), _INBOX, _EVENTS)


def _of_stream(stream: str) -> tuple[Endpoint, ...]:
    word = STREAMS[stream]
    tenant = () if stream == "alliance" else (ALLIANCE,)
    return (
        Endpoint(
            verb="GET",
            path=f"/v1/{word}",
            name=f"list-{word}",
            title=f"The {word} that you may see",
            tag=word,
            handle=_lists(stream),
            params=(*tenant, CURSOR, LIMIT, *READING),
            replies=(
                _json("Part of the list, newest change first.", "ShownList", "Link"),
                _NOT_MODIFIED,
            ),
            problems=(503,),
        ),
        Endpoint(
            verb="GET",
            path=f"/v1/{word}/{{id}}",
            name=f"read-{stream}",
            title=f"One {stream}, and what you can do in it now",
            tag=word,
            handle=_reads(stream),
            params=(STREAM, AT, *READING),
            replies=(_json("As you may see it.", "ShownStream"), _NOT_MODIFIED),
            problems=(404, 503),
        ),
        Endpoint(
            verb="GET",
            path=f"/v1/{word}/{{id}}/history",
            name=f"read-{stream}-history",
            title=f"What happened in the {stream}, as far as you may see it",
            tag=word,
            handle=_history,
            params=(STREAM, AT, CURSOR, LIMIT, *READING),
            replies=(_json("Part of it, oldest first.", "ShownHistory", "Link"), _NOT_MODIFIED),
            problems=(404, 503),
        ),
        Endpoint(
            verb="GET",
            path=f"/v1/{word}/{{id}}/views/{{name}}",
            name=f"read-{stream}-view",
            title=f"One view of the {stream}",
            tag=word,
            handle=_view,
            params=(STREAM, _VIEW_NAME, AT, *READING),
            replies=(
                Reply(status=200, says="The view.", schema={}, headers=_READ_HEADERS),
                _NOT_MODIFIED,
            ),
            problems=(404, 503),
        ),
    )


def _json(says: str, name: str, *headers: str) -> Reply:
    return Reply(status=200, says=says, schema=ref(name), headers=(*_READ_HEADERS, *headers))


_INBOX = Endpoint(
    verb="GET",
    path="/v1/inbox",
    name="read-inbox",
    title="What you can do now, in everything you take part in",
    tag="you",
    handle=_inbox,
    params=(CURSOR, LIMIT, *READING),
    replies=(_json("Part of it.", "ShownInbox", "Link"), _NOT_MODIFIED),
    problems=(503,),
)
_EVENTS = Endpoint(
    verb="GET",
    path="/v1/events",
    name="follow-events",
    people=True,
    title="Follow what changes, live (server-sent events)",
    tag="you",
    handle=_events,
    params=(AFTER, LAST_EVENT_ID),
    replies=(
        Reply(
            status=200,
            says=(
                "An endless stream. `change`: read the stream at `href` again. `reset`: read"
                " everything again. The id of an event is its position."
            ),
            media=b"text/event-stream",
        ),
    ),
    problems=(503,),
)
