"""What was captured offline is judged piece by piece; what is refused comes back to its author."""

import json
from typing import Any

import pytest
from tests.api.test_refusals import is_problem
from tests.api.world import World

from enquiry.log.promise import Unavailable
from enquiry.method.rules import Reject
from enquiry.runtime.system import System
from enquiry_api.offline import BATCH_BYTES_MAX, ITEMS_MAX

OCCURRED = "2026-11-19T11:58:00Z"


def item(key: str, action: str = "reading-circle/record-thought", **body: Any) -> dict[str, Any]:
    filled = {"page": 1, "thought": f"A thought, {key}"} | body
    return {"action": action, "key": key, "occurred_at": OCCURRED, "body": filled}


async def thoughts(here: World, run: str) -> int:
    return (await here.get(here.member, f"{run}/views/thoughts")).json()["thoughts"]


async def send(here: World, run: str, *items: dict[str, Any]) -> Any:
    return await here.post(here.member, f"{run}/offline", {"items": list(items)})


async def test_each_is_judged_on_its_own_and_in_order(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    answer = await send(here, run, item("a"), item("b", page=500), item("c", page="x"), item("d"))
    assert answer.status_code == 200
    judged = answer.json()["items"]
    assert [(one["key"], one["outcome"], one["status"]) for one in judged] == [
        ("a", "accepted", 201),
        ("b", "refused", 409),
        ("c", "refused", 422),
        ("d", "accepted", 201),
    ]
    assert judged[0]["done"]["revision"] < judged[3]["done"]["revision"]
    assert judged[1]["problem"]["code"] == "PAGE_BEYOND_THE_END"
    assert await thoughts(here, run) == 2


async def test_what_is_refused_comes_back_word_for_word_and_changes_nothing(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    before = (await here.get(here.member, run)).json()["position"]
    draft = item("b", page=500, thought="  Ä  draft ")
    answer = await send(here, run, draft)
    assert answer.json()["items"][0]["draft"] == draft
    assert (await here.get(here.member, run)).json()["position"] == before
    assert "draft " not in here.written.getvalue().decode()


async def test_what_is_refused_is_kept_for_its_author_alone_with_its_reason(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    answer = await send(here, run, item("a"), item("b", page=500))
    taken, refused = answer.json()["items"]
    assert "kept" not in taken
    [listed] = (await here.get(here.member, "/v1/drafts")).json()["items"]
    assert listed["stage"] == "kept"
    shown = (await here.get(here.member, f"{refused['kept']}/views/draft")).json()
    assert shown["code"] == "PAGE_BEYOND_THE_END"
    assert json.loads(shown["body"])["thought"] == "A thought, b"
    for person in (here.steward, here.tokens.operator, here.stranger):
        assert (await here.get(person, f"{refused['kept']}/views/draft")).status_code == 404
        assert (await here.get(person, "/v1/drafts")).json()["items"] == []


async def test_sending_a_batch_again_keeps_no_second_draft(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    first, second = [await send(here, run, item("b", page=500)) for _ in range(2)]
    assert first.json()["items"][0]["kept"] == second.json()["items"][0]["kept"]
    assert len((await here.get(here.member, "/v1/drafts")).json()["items"]) == 1


async def test_its_author_drops_a_draft_and_it_cannot_be_read_any_more(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    [refused] = (await send(here, run, item("b", page=500))).json()["items"]
    place = refused["kept"]
    tag = (await here.get(here.member, place)).headers["ETag"]
    path = f"{place}/actions/drafts/drop-draft"
    assert (await here.post(here.member, path, {}, If_Match=tag)).status_code == 201
    assert (await here.get(here.member, f"{place}/views/draft")).json()["body"] == ""


async def test_nothing_is_kept_of_a_run_that_one_may_not_know(here: World) -> None:
    run = await here.open_circle()
    answer = await here.post(here.stranger, f"{run}/offline", {"items": [item("a")]})
    assert answer.json()["items"][0]["kept"] is None


async def test_a_batch_can_be_sent_again(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    await send(here, run, item("a"))
    again = await send(here, run, item("a"), item("b"))
    assert [one["status"] for one in again.json()["items"]] == [200, 201]
    assert await thoughts(here, run) == 2


@pytest.mark.parametrize(
    "action", ["reading-circle/choose-book", "reading-circle/nothing", "nothing/record-thought"]
)
async def test_only_what_may_be_captured_offline_is_taken(here: World, action: str) -> None:
    run = await here.open_circle()
    answer = await send(here, run, item("a", action))
    refused = answer.json()["items"][0]
    assert (refused["status"], refused["problem"]["code"]) == (422, "VALIDATION_FAILED")


async def test_a_batch_for_a_run_that_one_may_not_know_finds_nothing(here: World) -> None:
    run = await here.open_circle()
    answer = await here.post(here.stranger, f"{run}/offline", {"items": [item("a")]})
    assert answer.json()["items"][0]["problem"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
async def test_nothing_was_captured_before_there_were_devices(here: World, when: str) -> None:
    run = await here.open_circle()
    answer = await send(here, run, {**item("a"), "occurred_at": when})
    refused = answer.json()["items"][0]
    assert (refused["status"], refused["problem"]["code"]) == (422, "VALIDATION_FAILED")
    assert refused["draft"]["occurred_at"] == when


@pytest.mark.parametrize(
    "batch",
    [
        {},
        {"items": []},
        {"items": [item(str(n)) for n in range(ITEMS_MAX + 1)]},
        {"items": [item("")]},
        {"items": [{**item("a"), "occurred_at": "2026-11-19T11:58:00"}]},
        {"items": [{**item("a"), "more": 1}]},
        {"items": [item("a", "record-thought")]},
    ],
)
async def test_a_batch_that_is_none_is_refused_as_a_whole(here: World, batch: Any) -> None:
    run = await here.open_circle()
    is_problem(await here.post(here.member, f"{run}/offline", batch), 422, "VALIDATION_FAILED")


async def test_the_largest_batch_is_taken(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    answer = await send(here, run, *(item(str(n)) for n in range(ITEMS_MAX)))
    assert {one["status"] for one in answer.json()["items"]} == {201}


async def test_a_batch_is_bounded_in_bytes(here: World) -> None:
    run = await here.open_circle()
    answer = await here.raw(f"{run}/offline", b" " * (BATCH_BYTES_MAX + 1))
    is_problem(answer, 413, "BODY_TOO_LARGE")


async def test_equal_keys_deep_inside_spoil_the_whole_batch(here: World) -> None:
    run = await here.open_circle()
    body = b'{"items": [{"action": "a/b", "key": "k", "occurred_at": "x", "body": {"a":1,"a":2}}]}'
    is_problem(await here.raw(f"{run}/offline", body), 400, "MALFORMED_JSON")


async def test_when_the_log_is_gone_everything_behind_comes_back(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    real = here.app.edge.system.act
    asked: list[str] = []

    async def act(command: Any) -> Any:
        asked.append(command.key)
        if command.key == "b":
            raise Unavailable
        return await real(command)

    here.app.edge.system.act = act
    answer = await send(here, run, item("a"), item("b"), item("c"))
    assert [one["status"] for one in answer.json()["items"]] == [201, 503, 503]
    assert asked == ["a", "b"]
    assert isinstance(here.app.edge.system, System)


async def test_of_somebody_who_has_withdrawn_nothing_is_kept_either(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    real = here.app.edge.system.act

    async def act(command: Any) -> Any:
        if command.kind == "record-thought":
            raise Reject("CONSENT_WITHDRAWN", "They do not take part any more.")
        return await real(command)

    here.app.edge.system.act = act
    [refused] = (await send(here, run, item("a"))).json()["items"]
    assert (refused["problem"]["code"], refused["kept"]) == ("CONSENT_WITHDRAWN", None)
    assert (await here.get(here.member, "/v1/drafts")).json()["items"] == []
