"""Whoever follows hears what changed, from where they stopped, until they or the server leave."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.api.test_refusals import is_problem
from tests.api.world import World

from enquiry.runtime.terms import Change, Reset
from enquiry_api import live

SOON = 5.0
"""Seconds after which something that should come is taken not to come."""


class Listener:
    """A client of the live feed that speaks to the application itself."""

    def __init__(self, here: World, path: str, headers: dict[str, str]) -> None:
        self.leaving = asyncio.Event()
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()
        route, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": "GET",
            "path": route,
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }
        self.task = asyncio.ensure_future(here.app(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.chunks.put_nowait(message["body"])

    async def event(self) -> dict[str, str]:
        """The next event that is no comment."""
        while True:
            chunk = (await asyncio.wait_for(self.chunks.get(), SOON)).decode()
            fields = dict(line.split(": ", 1) for line in chunk.splitlines() if line)
            if "event" in fields:
                return fields

    async def ended(self) -> str:
        """Wait for the end; what was sent last."""
        await asyncio.wait_for(self.task, SOON)
        rest = [self.chunks.get_nowait() for _ in range(self.chunks.qsize())]
        return b"".join(rest).decode()


@asynccontextmanager
async def following(
    here: World, who: Any, path: str = "/v1/events", **more: str
) -> AsyncIterator[Listener]:
    listener = Listener(here, path, here.headers(who, **more))
    try:
        await asyncio.wait_for(listener.chunks.get(), SOON)
        yield listener
    finally:
        listener.leaving.set()
        await asyncio.wait_for(listener.task, SOON)


async def test_a_change_is_told_by_its_position_and_says_what_to_read_again(here: World) -> None:
    run = await here.open_circle()
    async with following(here, here.member) as listener:
        done = await here.choose_book(run)
        event = await listener.event()
    assert listener.status == 200
    assert listener.headers[b"content-type"].startswith(b"text/event-stream")
    assert (event["event"], event["id"]) == ("change", done.headers["Enquiry-Position"])
    data = json.loads(event["data"])
    assert data["href"] == run
    assert data["kind"] == "run"
    assert "Silas" not in event["data"]


async def test_nothing_is_told_to_those_who_may_not_know(here: World) -> None:
    run = await here.open_circle()
    async with following(here, here.stranger) as theirs, following(here, here.member) as ours:
        await here.choose_book(run)
        await ours.event()
        told = [theirs.chunks.get_nowait() for _ in range(theirs.chunks.qsize())]
    assert all(chunk.startswith(b":") for chunk in told)


@pytest.mark.parametrize("how", ["header", "query", "both"])
async def test_whoever_comes_back_goes_on_where_they_were(here: World, how: str) -> None:
    run = await here.open_circle()
    seen = str((await here.get(here.member, run)).json()["position"])
    done = await here.choose_book(run)
    path = "/v1/events" if how == "header" else f"/v1/events?after={seen if how == 'query' else 0}"
    more = {} if how == "query" else {"Last_Event_ID": seen}
    async with following(here, here.member, path, **more) as listener:
        event = await listener.event()
    assert event["id"] == done.headers["Enquiry-Position"]


async def test_whoever_cannot_go_on_is_told_to_read_everything_again(here: World) -> None:
    async with following(here, here.member, Last_Event_ID="999999") as listener:
        event = await listener.event()
    assert event["event"] == "reset"
    assert json.loads(event["data"]) == {"position": int(event["id"])}


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "99999999999999999999"])
async def test_a_place_that_is_none_is_refused(here: World, last: str) -> None:
    is_problem(await here.get(here.member, "/v1/events", Last_Event_ID=last), 400, "HEADER_INVALID")


async def test_streams_end_when_the_server_stops_and_none_opens_then(here: World) -> None:
    async with following(here, here.member) as listener:
        here.app.edge.streams.end()
        last = await listener.ended()
    assert ": goodbye" in last
    assert "retry:" in last
    is_problem(await here.get(here.member, "/v1/events"), 503, "UNAVAILABLE")
    assert (await here.client.get("/readyz")).status_code == 503


async def test_a_client_that_has_gone_is_not_counted(here: World) -> None:
    async with following(here, here.member):
        assert "enquiry_http_streams 1.0" in (await here.client.get("/metrics")).text
    assert "enquiry_http_streams 0.0" in (await here.client.get("/metrics")).text


async def test_a_person_has_so_many_streams_and_no_more(here: World) -> None:
    for _ in range(live.STREAMS_EACH_MAX):
        here.app.edge.streams.enter(here.member)
    answer = await here.get(here.member, "/v1/events")
    is_problem(answer, 429, "TOO_MANY_REQUESTS")
    assert "Retry-After" in answer.headers
    here.app.edge.streams.leave(here.member)
    async with following(here, here.member):
        pass


class Feed:
    """A feed that says what it is told to."""

    def __init__(self, *items: Any) -> None:
        self.items = list(items)
        self.closed = False

    def __aiter__(self) -> "Feed":
        return self

    async def __anext__(self) -> Any:
        if not self.items:
            await asyncio.Event().wait()
        item = self.items.pop(0)
        if isinstance(item, Exception):
            raise item
        return item

    async def aclose(self) -> None:
        self.closed = True


async def heard(here: World, feed: Feed, **settings: Any) -> tuple[str, list[Exception]]:
    """What a stream over this feed sends until it ends by itself."""
    failures: list[Exception] = []
    sent: list[bytes] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    stream = live.Live(
        feed,
        here.app.edge.streams,
        here.member,
        settings.pop("expires", None),
        failures.append,
        **settings,
    )
    await asyncio.wait_for(stream({"type": "http", "method": "GET"}, receive, send), SOON)
    assert feed.closed
    return b"".join(sent).decode(), failures


async def test_a_feed_that_breaks_ends_the_stream_and_is_told_to_us_alone(here: World) -> None:
    change = Change(7, here.alliance, "alliance", 3)
    sent, failures = await heard(here, Feed(change, RuntimeError("secret")))
    assert "id: 7" in sent
    assert "secret" not in sent
    assert [type(failure) for failure in failures] == [RuntimeError]


async def test_a_stream_ends_with_its_token(here: World) -> None:
    times = iter([1000.0, 1000.0, 2000.0])
    feed = Feed(Reset(3), Reset(4), Reset(5))
    sent, failures = await heard(here, feed, expires=1500, seconds_now=lambda: next(times))
    assert "id: 4" in sent
    assert "id: 5" not in sent
    assert failures == []


async def test_silence_is_filled_with_comments(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.01)
    times = iter([1.0, 1.0, 1.0, 10_000.0])
    sent, _ = await heard(here, Feed(), expires=100, seconds_now=lambda: next(times))
    assert sent.count(": still here") == 3


def test_a_calendar_has_no_address_to_read_again() -> None:
    from uuid import uuid4

    event = live.wire(Change(7, uuid4(), "calendar", 3)).decode()
    assert "href" not in event
