"""Reading: what this viewer may see, once; at any time; no later than they ask."""

from datetime import timedelta

import pytest
from tests.api.world import NOON, World, world

from enquiry.runtime.system import System
from enquiry.runtime.terms import Behind

THOUGHT = {"page": 12, "thought": "The gold stands for what he has lost."}


async def test_a_stream_says_what_can_be_done_where_and_with_which_form(here: World) -> None:
    run = await here.open_circle()
    seen = (await here.get(here.member, run)).json()
    actions = {action["kind"]: action for action in seen["actions"]}
    choose, think = actions["choose-book"], actions["record-thought"]
    assert choose["allowed"]
    assert choose["requires_if_match"]
    assert choose["href"] == f"{run}/actions/reading-circle/choose-book"
    assert choose["form"]["properties"]["pages"]["maximum"] == 2000
    assert not choose["form"]["additionalProperties"]
    assert (think["allowed"], think["code"]) == (False, "BOOK_MISSING")
    assert think["reason"] == "Choose a book first."
    assert think["offline"]


async def test_every_link_of_a_stream_leads_somewhere(here: World) -> None:
    run = await here.open_circle()
    seen = (await here.get(here.member, run)).json()
    there = [link["href"] for name, link in seen["links"].items() if name in ("self", "history")]
    there += [seen["links"]["method"]["href"], seen["links"]["alliance"]["href"]]
    there += [view["href"] for view in seen["views"].values()]
    for path in there:
        answer = await here.get(here.member, path)
        assert answer.status_code == 200, path


async def test_the_tag_is_the_revision_and_a_digest_of_what_is_shown(here: World) -> None:
    run = await here.open_circle()
    tag = (await here.get(here.member, run)).headers["ETag"]
    revision, _, digest = tag.strip('"').partition(".")
    assert revision == str((await here.get(here.member, run)).json()["revision"])
    assert len(digest) == 24
    other = await here.get(here.steward, f"/v1/alliances/{here.alliance}")
    mine = await here.get(here.member, f"/v1/alliances/{here.alliance}")
    assert other.headers["ETag"] != mine.headers["ETag"]


@pytest.mark.parametrize("held", ["{0}", "W/{0}", '"other", {0}', "*"])
async def test_what_the_client_holds_already_is_not_sent_again(here: World, held: str) -> None:
    run = await here.open_circle()
    tag = (await here.get(here.member, run)).headers["ETag"]
    again = await here.get(here.member, run, If_None_Match=held.format(tag))
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Content-Type" not in again.headers


async def test_what_has_changed_is_sent(here: World) -> None:
    run = await here.open_circle()
    tag = (await here.get(here.member, run)).headers["ETag"]
    await here.choose_book(run)
    assert (await here.get(here.member, run, If_None_Match=tag)).status_code == 200


async def test_head_is_get_without_the_body(here: World) -> None:
    run = await here.open_circle()
    get = await here.get(here.member, run)
    head = await here.client.head(run, headers=here.headers(here.member))
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


async def test_what_one_viewer_sees_is_kept_by_nobody_in_between(here: World) -> None:
    run = await here.open_circle()
    seen = await here.get(here.member, run)
    assert seen.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in seen.headers["Vary"]


async def test_a_past_position_shows_the_past(here: World) -> None:
    run = await here.open_circle()
    before = (await here.get(here.member, run)).json()["position"]
    await here.choose_book(run)
    past = (await here.get(here.member, f"{run}/views/thoughts?at={before}")).json()
    now = (await here.get(here.member, f"{run}/views/thoughts")).json()
    assert (past["book"], now["book"]) == (None, "Silas Marner")


async def test_a_past_time_shows_the_past(here: World) -> None:
    run = await here.open_circle()
    tag = (await here.get(here.member, run)).headers["ETag"]
    later = (NOON + timedelta(hours=1)).isoformat()
    body = {"book": "Emma", "pages": 400}
    await here.act(run, "choose-book", body, If_Match=tag, Enquiry_Now=later)
    for at in ("2026-11-19T12:30:00Z", "2026-11-19T13:30:00+01:00", "2026-11-19T13:30:00%2B01:00"):
        seen = await here.get(here.member, f"{run}?at={at}", Enquiry_Now=later)
        assert seen.json()["revision"] == 2, at


async def test_before_it_began_there_is_nothing(here: World) -> None:
    run = await here.open_circle()
    seen = await here.get(here.member, f"{run}?at=1")
    assert (seen.status_code, seen.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "query",
    [
        "att=1",
        "at=yesterday",
        "at=2026-11-19T12:30:00",
        "at=-1",
        "at=1.5",
        "at=99999999999999999",
        "at=1&at=2",
        "at=",
        "at=%ff",
    ],
)
async def test_a_query_that_is_not_understood_is_refused(here: World, query: str) -> None:
    run = await here.open_circle()
    seen = await here.get(here.member, f"{run}?{query}")
    assert (seen.status_code, seen.json()["code"]) == (400, "QUERY_INVALID")


async def test_history_is_told_in_parts_and_in_order(here: World) -> None:
    run = await here.open_circle()
    await here.choose_book(run)
    for _ in range(3):
        await here.act(run, "record-thought", THOUGHT)
    kinds: list[str] = []
    path = f"{run}/history?limit=2"
    while path:
        page = await here.get(here.member, path)
        assert len(page.json()["items"]) <= 2
        kinds += [item["kind"].partition("/")[2] for item in page.json()["items"]]
        path = page.links["next"]["url"] if "next" in page.links else ""
        assert bool(path) == (page.json()["next_cursor"] is not None)
    assert kinds == ["opened", "circle-opened", "book-chosen", *["thought-recorded"] * 3]


async def test_runs_are_listed_to_those_who_may_see_them(here: World) -> None:
    runs = [await here.open_circle() for _ in range(3)]
    page = await here.get(here.member, "/v1/runs?limit=2")
    assert [item["href"] for item in page.json()["items"]] == [runs[2], runs[1]]
    rest = await here.get(here.member, page.links["next"]["url"])
    assert [item["href"] for item in rest.json()["items"]] == [runs[0]]
    assert (await here.get(here.stranger, "/v1/runs")).json()["items"] == []
    theirs = await here.get(here.member, f"/v1/runs?alliance={here.alliance}")
    assert len(theirs.json()["items"]) == 3
    none = await here.get(here.member, "/v1/runs?alliance=00000000-0000-0000-0000-000000000000")
    assert none.json()["items"] == []


@pytest.mark.parametrize("limit", ["0", "201", "1.5", "ten", "-1"])
async def test_a_part_has_1_to_200_items(here: World, limit: str) -> None:
    page = await here.get(here.member, f"/v1/runs?limit={limit}")
    assert (page.status_code, page.json()["code"]) == (400, "QUERY_INVALID")


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/inbox", "{0}/history"])
async def test_a_cursor_of_ones_own_making_is_refused(here: World, path: str) -> None:
    run = await here.open_circle()
    page = await here.get(here.member, f"{path.format(run)}?cursor=~")
    assert (page.status_code, page.json()["code"]) == (400, "QUERY_INVALID")


async def test_the_inbox_names_what_can_be_done_now(here: World) -> None:
    run = await here.open_circle()
    page = await here.get(here.member, "/v1/inbox")
    item = page.json()["items"][0]
    assert item["run"]["href"] == run
    assert "choose-book" in [action["kind"] for action in item["actions"]]
    assert all(action["allowed"] for action in item["actions"])
    assert all("form" not in action for action in item["actions"])


async def test_a_stream_of_another_kind_is_not_there(here: World) -> None:
    run = await here.open_circle()
    for path in (run.replace("runs", "enquiries"), f"/v1/runs/{here.alliance}"):
        seen = await here.get(here.steward, path)
        assert (seen.status_code, seen.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("id_", ["1", "x" * 36, "{0}", "urn:uuid:{0}", "%00"])
async def test_what_is_no_id_is_not_there(here: World, id_: str) -> None:
    named = id_.format("0192f0c0-1234-7000-8000-0123456789ab")
    seen = await here.get(here.member, f"/v1/runs/{named}")
    assert seen.status_code == 404


async def test_a_read_waits_for_the_position_it_asks_for(here: World) -> None:
    run = await here.open_circle()
    done = await here.choose_book(run)
    position = done.headers["Enquiry-Position"]
    seen = await here.get(here.member, run, Enquiry_Min_Position=position, Prefer="wait=1")
    assert seen.status_code == 200


async def test_views_that_are_behind_say_when_to_come_again(here: World) -> None:
    run = await here.open_circle()
    seen = await here.get(here.member, run, Enquiry_Min_Position="99999", Prefer="wait=0")
    assert (seen.status_code, seen.json()["code"]) == (503, "VIEWS_BEHIND")
    assert int(seen.headers["Retry-After"]) >= 1


class Waits(System):
    """Remembers how long it was asked to wait."""

    asked: list[float]

    async def reached(self, position: int, seconds: float) -> None:
        self.asked.append(seconds)
        raise Behind


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [({}, 2.0), ({"Prefer": "wait=7"}, 7.0), ({"Prefer": "respond-async, WAIT=500"}, 30.0)],
)
async def test_a_wait_has_an_end(tmp_path, prefer: dict[str, str], seconds: float) -> None:
    def waits(real: System) -> System:
        real.__class__ = Waits
        real.asked = []
        return real

    async with world(tmp_path, system=waits) as here:
        await here.get(here.member, "/v1/runs", Enquiry_Min_Position="1", **prefer)
        assert here.app.edge.system.asked == [seconds]
