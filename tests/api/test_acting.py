"""An action goes in, and what comes back says what it did."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.api.world import NOON, World

THOUGHT = {"page": 12, "thought": "The gold stands for what he has lost."}


async def test_opening_a_run_answers_where_it_is(here: World) -> None:
    done = await here.post(
        here.member,
        f"/v1/runs/actions/reading-circle/open-circle?alliance={here.alliance}",
        {"name": "Slow readers"},
    )
    assert done.status_code == 201
    assert done.headers["Location"] == done.json()["href"]
    assert done.headers["ETag"] == f'"{done.json()["revision"]}"'
    assert int(done.headers["Enquiry-Position"]) == done.json()["position"]
    seen = await here.get(here.member, done.headers["Location"])
    assert seen.json()["roles"] == ["host"]


async def test_a_run_cannot_be_opened_nowhere(here: World) -> None:
    done = await here.post(here.member, "/v1/runs/actions/reading-circle/open-circle")
    assert done.status_code == 400
    assert done.json()["code"] == "QUERY_INVALID"
    assert done.json()["errors"][0]["parameter"] == "alliance"


async def test_a_stranger_cannot_open_a_run_in_an_alliance_that_is_not_theirs(here: World) -> None:
    path = f"/v1/runs/actions/reading-circle/open-circle?alliance={here.alliance}"
    done = await here.post(here.stranger, path, {"name": "Slow readers"})
    assert (done.status_code, done.json()["code"]) == (404, "NOT_FOUND")


async def test_a_contribution_needs_no_revision(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    done = await here.act(run, "record-thought", THOUGHT)
    assert done.status_code == 201
    assert [e["kind"] for e in done.json()["events"]] == ["reading-circle/thought-recorded"]
    assert done.json()["act"] == done.json()["events"][0]["id"]


async def test_the_same_key_and_body_answer_what_happened_the_first_time(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    first = await here.act(run, "record-thought", THOUGHT, Idempotency_Key="once")
    again = await here.act(run, "record-thought", THOUGHT, Idempotency_Key="once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.json()["position"] == first.json()["position"]
    assert again.json()["events"] == first.json()["events"]
    seen = await here.get(here.member, f"{run}/views/thoughts")
    assert seen.json()["thoughts"] == 1


async def test_the_same_key_for_something_else_is_refused(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    await here.act(run, "record-thought", THOUGHT, Idempotency_Key="once")
    other = await here.act(run, "record-thought", {**THOUGHT, "page": 2}, Idempotency_Key="once")
    assert (other.status_code, other.json()["code"]) == (422, "COMMAND_ID_REUSED")


async def test_a_refusal_is_not_remembered(here: World) -> None:
    run = await here.open_circle()
    refused = await here.act(run, "record-thought", THOUGHT, Idempotency_Key="again")
    assert (refused.status_code, refused.json()["code"]) == (409, "BOOK_MISSING")
    await here.choose_book(run)
    done = await here.act(run, "record-thought", THOUGHT, Idempotency_Key="again")
    assert done.status_code == 201


@pytest.mark.parametrize("form", ['"{0}"', '"{0}.abc_-9"', 'W/"{0}.abc"'])
async def test_a_decision_takes_a_revision_in_every_form(here: World, form: str) -> None:
    run = await here.open_circle()
    revision = (await here.get(here.member, run)).json()["revision"]
    body = {"book": "Emma", "pages": 400}
    done = await here.act(run, "choose-book", body, If_Match=form.format(revision))
    assert done.status_code == 201


async def test_a_decision_takes_the_tag_that_the_last_action_answered(here: World) -> None:
    run = await here.open_circle()
    done = await here.choose_book(run)
    closed = await here.act(run, "close-circle", {}, If_Match=done.headers["ETag"])
    assert closed.status_code == 201


@pytest.mark.parametrize("more", [{}, {"If_Match": "*"}])
async def test_a_decision_must_say_what_it_was_based_on(here: World, more: dict[str, str]) -> None:
    run = await here.open_circle()
    done = await here.act(run, "choose-book", {"book": "Emma", "pages": 400}, **more)
    assert (done.status_code, done.json()["code"]) == (428, "PRECONDITION_REQUIRED")


@pytest.mark.parametrize("tag", ["7", '"x"', '"1", "2"', '"1.a b"', "'1'", '"-1"', '"1.2.3"'])
async def test_a_tag_that_names_no_revision_is_refused(here: World, tag: str) -> None:
    run = await here.open_circle()
    done = await here.act(run, "choose-book", {"book": "Emma", "pages": 400}, If_Match=tag)
    assert (done.status_code, done.json()["code"]) == (400, "HEADER_INVALID")
    assert done.json()["errors"][0]["header"] == "If-Match"


async def test_a_decision_on_what_has_changed_is_refused(here: World) -> None:
    run = await here.open_circle()
    tag = (await here.get(here.member, run)).headers["ETag"]
    await here.choose_book(run)
    late = await here.act(run, "choose-book", {"book": "Emma", "pages": 400}, If_Match=tag)
    assert (late.status_code, late.json()["code"]) == (412, "VERSION_CONFLICT")
    assert late.json()["params"]["current"] == 3


async def test_a_note_in_between_does_not_block_a_decision(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    tag = (await here.get(here.member, run)).headers["ETag"]
    await here.act(run, "record-thought", THOUGHT)
    done = await here.act(run, "choose-book", {"book": "Emma", "pages": 400}, If_Match=tag)
    assert done.status_code == 201


async def test_the_warnings_that_an_action_raised_come_with_it(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    await here.act(run, "record-thought", THOUGHT)
    done = await here.choose_book(run, pages=50)
    assert [w["code"] for w in done.json()["warnings"]] == ["FOCUS_DRIFT"]
    assert done.json()["warnings"][0]["params"] == {"thoughts": 1}


async def test_a_field_of_the_wrong_kind_is_pointed_at(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    body = {**THOUGHT, "lines": [{"number": 1}, {"number": "2"}]}
    done = await here.act(run, "record-thought", body)
    assert (done.status_code, done.json()["code"]) == (422, "VALIDATION_FAILED")
    assert done.json()["errors"][0]["pointer"] == "/lines/1/number"


async def test_a_key_is_required(here: World) -> None:
    run = await here.open_circle()
    headers = here.headers(here.member)
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.client.post(path, json=THOUGHT, headers=headers)
    assert (done.status_code, done.json()["code"]) == (400, "IDEMPOTENCY_KEY_REQUIRED")


@pytest.mark.parametrize("key", ["", "k" * 256, "k\tk", "ké"])
async def test_a_key_is_short_and_printable(here: World, key: str) -> None:
    run = await here.open_circle()
    headers = [*here.headers(here.member).items(), ("Idempotency-Key", key.encode("latin-1"))]
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.client.post(path, json=THOUGHT, headers=headers)
    assert (done.status_code, done.json()["code"]) == (400, "HEADER_INVALID")


@pytest.mark.parametrize("key", ["k", "k" * 255])
async def test_a_key_of_1_or_255_characters_is_taken(here: World, key: str) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    done = await here.act(run, "record-thought", THOUGHT, Idempotency_Key=key)
    assert done.status_code == 201


async def test_a_header_that_stands_twice_is_refused(here: World) -> None:
    run = await here.open_circle()
    headers = [*here.headers(here.member).items(), ("Idempotency-Key", "a")]
    headers.append(("Idempotency-Key", "b"))
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.client.post(path, json=THOUGHT, headers=headers)
    assert (done.status_code, done.json()["code"]) == (400, "HEADER_INVALID")


async def test_who_may_not_know_the_run_finds_nothing(here: World) -> None:
    run = await here.open_circle()
    path = f"{run}/actions/reading-circle/record-thought"
    done = await here.post(here.stranger, path, {"nonsense": 1})
    absent = await here.post(here.stranger, path.replace(run[-12:], "0" * 12), {"nonsense": 1})
    assert (done.status_code, done.json()["code"]) == (404, "NOT_FOUND")
    told = {"instance", "trace_id"}
    assert {k: v for k, v in done.json().items() if k not in told} == {
        k: v for k, v in absent.json().items() if k not in told
    }


async def test_a_claim_from_the_future_is_refused(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    soon = (NOON + timedelta(minutes=3)).isoformat()
    done = await here.act(run, "record-thought", THOUGHT, Enquiry_Occurred_At=soon)
    assert (done.status_code, done.json()["code"]) == (400, "CLOCK_SKEW")


async def test_a_move_of_another_method_is_not_there(here: World) -> None:
    run = await here.open_circle()
    path = f"/v1/alliances/{here.alliance}/actions/reading-circle/record-thought"
    assert (await here.post(here.member, path, THOUGHT)).json()["code"] == "NO_SUCH_ADDRESS"
    path = f"{run}/actions/reading-circle/open-circle"
    assert (await here.post(here.member, path, THOUGHT)).json()["code"] == "NO_SUCH_ADDRESS"


async def test_a_school_can_be_acted_for(here: World) -> None:
    run = await here.open_circle()
    school = str(uuid4())
    await here.choose_book(run)
    done = await here.act(run, "record-thought", THOUGHT, Enquiry_Acting_For=school)
    assert done.status_code == 201
    page = await here.get(here.member, f"{run}/history")
    assert page.json()["items"][-1]["acting_for"] == school
