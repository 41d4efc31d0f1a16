"""Whatever is wrong, the answer is a problem document that says what, and leaks nothing."""

from pathlib import Path
from typing import Any

import pytest
from tests.api.test_strictjson import AMBIGUOUS
from tests.api.world import World, world

from enquiry.log.promise import Unavailable
from enquiry.runtime.system import System
from enquiry_api.limits import Admission
from enquiry_api.strictjson import BODY_BYTES_MAX

SECRET = "Maisie was crying"


def is_problem(answer: Any, status: int, code: str) -> None:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["type"] == f"/v1/codes/{code}"
    assert told["title"]
    assert told["detail"]
    assert len(told["trace_id"]) == 32


@pytest.mark.parametrize("body", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_a_body_that_can_be_read_in_two_ways_is_refused(here: World, body: bytes) -> None:
    run = await here.open_circle()
    done = await here.raw(f"{run}/actions/reading-circle/record-thought", body[:BODY_BYTES_MAX])
    is_problem(done, 400, "MALFORMED_JSON")


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"true"])
async def test_json_that_is_no_object_fits_no_form(here: World, body: bytes) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    done = await here.raw(f"{run}/actions/reading-circle/record-thought", body)
    is_problem(done, 422, "VALIDATION_FAILED")


def padded(size: int) -> bytes:
    body = b'{"page": 1, "thought": "x"}'
    return body + b" " * (size - len(body))


async def test_a_body_of_just_the_size_is_taken(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    path = f"{run}/actions/reading-circle/record-thought"
    assert (await here.raw(path, padded(BODY_BYTES_MAX))).status_code == 201


async def test_a_body_one_byte_larger_is_not(here: World) -> None:
    run = await here.open_circle()
    done = await here.raw(
        f"{run}/actions/reading-circle/record-thought", padded(BODY_BYTES_MAX + 1)
    )
    is_problem(done, 413, "BODY_TOO_LARGE")
    assert done.headers["Connection"] == "close"


async def test_a_body_that_does_not_say_its_size_is_stopped_at_the_limit(here: World) -> None:
    run = await here.open_circle()
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 100 * BODY_BYTES_MAX:
            sent += 8192
            yield b" " * 8192

    headers = here.headers(here.member, Idempotency_Key="k", Content_Type="application/json")
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.client.post(path, content=endless(), headers=headers)
    is_problem(done, 413, "BODY_TOO_LARGE")
    assert sent <= 2 * BODY_BYTES_MAX


async def test_a_body_that_ends_with_the_connection_is_no_body(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    messages = iter(
        [
            {"type": "http.request", "body": b'{"page": 1, "thought": "x"}', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    statuses: list[int] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    headers = here.headers(here.member, Idempotency_Key="k", Content_Type="application/json")
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{run}/actions/reading-circle/record-thought",
        "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
    }
    await here.app(scope, receive, send)
    assert statuses[0] == 400
    assert (await here.get(here.member, f"{run}/views/thoughts")).json()["thoughts"] == 0


@pytest.mark.parametrize(
    "media",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"],
)
async def test_what_does_not_say_that_it_is_json_is_not_read(here: World, media: str) -> None:
    run = await here.open_circle()
    path = f"{run}/actions/reading-circle/record-thought"
    is_problem(await here.raw(path, b"{}", Content_Type=media), 415, "MEDIA_TYPE_UNSUPPORTED")


@pytest.mark.parametrize(
    "media", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']
)
async def test_json_in_utf_8_may_say_so(here: World, media: str) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.raw(path, padded(40), Content_Type=media)
    assert done.status_code == 201


async def test_a_compressed_body_is_not_read(here: World) -> None:
    run = await here.open_circle()
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.raw(path, b"{}", Content_Encoding="gzip")
    is_problem(done, 415, "MEDIA_TYPE_UNSUPPORTED")


@pytest.mark.parametrize("path", ["/", "/v2", "/v1/run", "/v1/runs/x/y"])
async def test_an_unknown_address_is_a_problem(here: World, path: str) -> None:
    is_problem(await here.get(here.member, path), 404, "NO_SUCH_ADDRESS")


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "POST"])
async def test_an_unknown_verb_is_a_problem_that_names_the_known_ones(
    here: World, verb: str
) -> None:
    answer = await here.client.request(verb, "/v1/runs")
    is_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer.headers["Allow"]


async def test_the_trace_of_the_caller_is_kept(here: World) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    parent = f"00-{trace}-b7ad6b7169203331-01"
    answer = await here.get(here.member, "/v1/runs/x", traceparent=parent)
    assert answer.json()["trace_id"] == trace


@pytest.mark.parametrize("parent", ["nonsense", f"00-{'0' * 32}-b7ad6b7169203331-01"])
async def test_a_trace_that_is_none_is_replaced(here: World, parent: str) -> None:
    answer = await here.get(here.member, "/v1/runs/x", traceparent=parent)
    assert len(answer.json()["trace_id"]) == 32
    assert set(answer.json()["trace_id"]) != {"0"}


class Unreachable(System):
    """Its log cannot be reached."""

    async def act(self, command: Any) -> Any:
        raise Unavailable

    async def read(self, *_: Any) -> Any:
        raise Unavailable


class Broken(System):
    """Its defect quotes what somebody wrote."""

    async def act(self, command: Any) -> Any:
        raise RuntimeError(SECRET)


def becomes(kind: type[System]) -> Any:
    def change(real: System) -> System:
        real.__class__ = kind
        return real

    return change


PATH = "/v1/runs/0192f0c0-1234-7000-8000-0123456789ab"


async def test_a_log_that_cannot_be_reached_says_when_to_come_again(tmp_path: Path) -> None:
    async with world(tmp_path, system=becomes(Unreachable)) as here:
        done = await here.act(PATH, "record-thought", {"page": 1, "thought": "x"})
        is_problem(done, 503, "UNAVAILABLE")
        assert int(done.headers["Retry-After"]) >= 1
        is_problem(await here.get(here.member, PATH), 503, "UNAVAILABLE")


async def test_a_defect_tells_nothing_to_the_caller_and_no_content_to_the_log(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, system=becomes(Broken)) as here:
        done = await here.act(PATH, "record-thought", {"page": 1, "thought": "x"})
        is_problem(done, 500, "INTERNAL_ERROR")
        assert SECRET not in done.text
        written = here.written.getvalue().decode()
        assert done.json()["trace_id"] in written
        assert "RuntimeError" in written
        assert SECRET not in written


async def test_what_people_write_and_who_they_are_never_reach_the_log(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    body = {"page": 1, "thought": SECRET}
    assert (await here.act(run, "record-thought", body)).status_code == 201
    assert (await here.act(run, "record-thought", {**body, "x": SECRET})).status_code == 422
    await here.get(here.member, f"/v1/{SECRET}")
    await here.get(here.member, f"/v1/runs?x={SECRET}")
    written = here.written.getvalue().decode()
    assert written.count("answered") > 5
    assert "Maisie" not in written
    assert "Petra" not in written
    assert here.token(here.member) not in written


async def test_a_limit_answers_429_and_says_how_long(tmp_path: Path) -> None:
    async with world(tmp_path, admit=lambda _: Admission(7)) as here:
        answer = await here.get(here.member, "/v1/runs")
        is_problem(answer, 429, "TOO_MANY_REQUESTS")
        assert answer.headers["Retry-After"] == "7"
        assert (await here.get(None, "/v1/methods")).status_code == 200


async def test_every_code_that_the_edge_gives_can_be_looked_up(here: World) -> None:
    for code in ("MALFORMED_JSON", "NOT_FOUND", "BOOK_MISSING", "FOCUS_DRIFT", "VIEWS_BEHIND"):
        found = await here.get(None, f"/v1/codes/{code}")
        assert (found.status_code, found.json()["code"]) == (200, code)
    assert (await here.get(None, "/v1/codes/NONSENSE")).status_code == 404


async def test_a_browser_from_elsewhere_may_ask_and_read_our_headers(here: World) -> None:
    asked = {
        "Origin": "https://frontend.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,if-match,idempotency-key,content-type",
    }
    preflight = await here.client.options("/v1/runs", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    answer = await here.get(here.member, "/v1/runs", Origin="https://frontend.example")
    exposed = answer.headers["Access-Control-Expose-Headers"]
    for name in ("ETag", "Location", "Link", "Enquiry-Position", "Idempotent-Replayed"):
        assert name in exposed
    problem = await here.get(here.member, "/nowhere", Origin="https://frontend.example")
    assert problem.headers["Access-Control-Allow-Origin"] == "*"


async def test_named_origins_alone_may_ask_where_they_are_named(tmp_path: Path) -> None:
    async with world(tmp_path, origins=["https://ours.example"]) as here:
        ours = await here.get(here.member, "/v1/runs", Origin="https://ours.example")
        theirs = await here.get(here.member, "/v1/runs", Origin="https://theirs.example")
        assert ours.headers["Access-Control-Allow-Origin"] == "https://ours.example"
        assert "Access-Control-Allow-Origin" not in theirs.headers
