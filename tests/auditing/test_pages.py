"""The auditor's page over HTTP: what it shows to whom, and what it holds a browser to."""

import json
import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from tests.api.world import World
from tests.auditing.conftest import signed

from enquiry.audit.verifier import merkle
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import head, policy
from enquiry.audit.verifier.notes import proof as proof_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"


async def circle(
    here: World, book: str = "Silas Marner", books: int = 1, *, close: bool = False
) -> str:
    """A reading circle with a story; returns its address on the page."""
    done = await here.post(
        here.member,
        f"/v1/runs/actions/reading-circle/open-circle?alliance={here.alliance}",
        {"name": "Slow readers"},
    )
    assert done.status_code == 201, done.text
    run = done.json()["href"]
    for number in range(books):
        await decided(here, run, "choose-book", {"book": book, "pages": 100 + number})
    if close:
        await decided(here, run, "close-circle", {})
    return f"/audit/runs/{run.rpartition('/')[2]}"


async def decided(here: World, run: str, kind: str, body: dict[str, object]) -> None:
    tag = (await here.get(here.member, run)).headers["ETag"]
    done = await here.act(run, kind, body, If_Match=tag)
    assert done.status_code == 201, done.text


def forms_of(page: str) -> str:
    return re.search(r'name="session" value="([0-9a-f]{64})"', page)[1]


# Who sees it


async def test_whoever_is_not_signed_in_is_asked_to(here: World) -> None:
    run = await circle(here)
    for path in ("/audit", run, f"{run}/compare", f"{run}/events/1"):
        answer = await here.get(None, path)
        assert answer.status_code == 401
        assert 'name="token"' in answer.text
        assert "Slow readers" not in answer.text


async def test_a_member_chooses_what_they_may_see(here: World) -> None:
    run = await circle(here)
    page = (await here.get(here.member, "/audit")).text
    assert f'href="{run}"' in page
    assert f'href="/audit/alliances/{here.alliance}"' in page


@pytest.mark.parametrize("more", ["", "/compare", "/events/1"])
async def test_a_stranger_finds_nothing_and_the_same_as_where_nothing_is(
    here: World, more: str
) -> None:
    run = await circle(here)
    nowhere = f"/audit/runs/{uuid4()}{more}"
    pages = [await here.get(here.stranger, path) for path in (run + more, nowhere)]
    assert [one.status_code for one in pages] == [404, 404]
    bare = [re.sub(r"[0-9a-f]{32}", "", one.text) for one in pages]
    assert bare[0] == bare[1]


async def test_a_stream_is_not_there_under_the_word_of_another_kind(here: World) -> None:
    run = await circle(here)
    for path in (run.replace("runs", "enquiries"), run.replace("runs", "concerns")):
        assert (await here.get(here.member, path)).status_code == 404


async def test_each_sees_what_their_part_lets_them(here: World) -> None:
    run = await circle(here)
    assert (await here.get(here.steward, f"/audit/alliances/{here.alliance}")).status_code == 200
    assert (await here.get(here.steward, run)).status_code == 404


# What it shows


async def test_the_timeline_says_who_what_when_and_under_which_rules(proved: World) -> None:
    run = await circle(proved)
    size = await signed(proved)
    page = (await proved.get(proved.member, run)).text
    rows = page.split('<table class="timeline">')[1].split("</table>")[0]
    assert "Petra Novák" in rows
    assert "Choose what is read" in rows
    assert "19 Nov 2026, 12:00:00 UTC" in rows
    assert "reading-circle 1" in rows
    assert "not yet signed" not in rows
    assert f"{size} events of the alliance" in page


async def test_at_an_earlier_moment_the_stage_and_what_could_be_read_are_those_of_then(
    here: World,
) -> None:
    run = await circle(here, books=3, close=True)
    now, then = [(await here.get(here.member, f"{run}{q}")).text for q in ("", "?event=1")]
    assert "Silas Marner" in now.split('id="timeline"')[0]
    assert "Silas Marner" not in then.split('id="timeline"')[0]
    stages = [re.search(r"diagram\.svg\?stage=([\w:-]+)", page)[1] for page in (then, now)]
    assert stages[0] != stages[1]


async def test_the_slider_goes_from_the_first_to_the_last_event_with_a_tick_at_each(
    here: World,
) -> None:
    run = await circle(here, books=2)
    page = (await here.get(here.member, f"{run}?event=2")).text
    slider = re.search(r"<input id=\"event\"[^>]+>", page)[0]
    ticks = re.findall(r'<option value="(\d+)" label=', page)
    assert f'min="{ticks[0]}" max="{ticks[-1]}" value="2"' in slider
    assert len(ticks) == len(set(ticks)) > 3


async def test_a_time_between_two_events_shows_what_the_earlier_one_left(here: World) -> None:
    run = await circle(here)
    late, early = [
        (await here.get(here.member, f"{run}?time={at}")).text
        for at in ("2027-01-01T00:00", "2020-01-01T00:00:00")
    ]
    assert "Event 1 of" in early
    total = re.search(r"Event (\d+) of (\d+)", late)
    assert total[1] == total[2] != "1"


@pytest.mark.parametrize("query", ["event=0", "event=x", "time=yesterday", "part=0", "nothing=1"])
async def test_what_the_address_cannot_mean_is_refused_as_a_page(here: World, query: str) -> None:
    answer = await here.get(here.member, f"{await circle(here)}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "QUERY_INVALID" in answer.text


async def test_two_moments_are_compared_in_words(here: World) -> None:
    run = await circle(here, close=True)
    page = (await here.get(here.member, f"{run}/compare?from=1")).text
    assert re.search(r"Between the two, \d+ events were recorded; the stage went from", page)
    assert re.search(r"<ins>[^<]*Silas Marner", page)
    swapped = (await here.get(here.member, f"{run}/compare?from=99&to=1")).text
    assert swapped == page
    same = (await here.get(here.member, f"{run}/compare?from=1&to=1")).text
    assert "Both moments are the same." in same
    assert "Nothing that you may read differs." in same


async def test_a_long_timeline_comes_in_parts(here: World) -> None:
    run = await circle(here, books=60)
    page = (await here.get(here.member, run)).text
    assert "part 2 of 2" in page
    first = (await here.get(here.member, f"{run}?part=1")).text
    assert "part 1 of 2" in first
    assert first.count('<th scope="row">Choose what is read') > 40


# What it holds a browser to


async def test_what_people_wrote_is_text_and_never_markup(here: World) -> None:
    run = await circle(here, book=HOSTILE)
    events = len(
        (await here.get(here.member, f"/v1{run.removeprefix('/audit')}/history")).json()["items"]
    )
    for path in (run, f"{run}/compare", f"{run}/events/{events}"):
        page = (await here.get(here.member, path)).text
        assert "alert(1)" in page
        assert "<script>" not in page
        assert "<img src=x" not in page


async def test_nothing_is_inline_or_from_elsewhere_and_nothing_is_kept(proved: World) -> None:
    run = await circle(proved)
    await signed(proved)
    for path in ("/audit/sign-in", "/audit", run, f"{run}/compare", f"{run}/events/1"):
        answer = await proved.get(proved.member, path)
        rules = answer.headers["content-security-policy"]
        assert rules.startswith("default-src 'none';")
        assert "unsafe" not in rules
        assert "frame-ancestors 'none'" in rules
        assert answer.headers["cache-control"] == "no-store"
        page = answer.text
        addresses = re.findall(r'(?:href|src|action|srcset|poster)="([^"]*)"', page)
        assert len(addresses) > 4
        outside = [a for a in addresses if not re.match(r"/(?!/)|#|\?|data:,$", a)]
        assert outside == []
        assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []
        assert re.findall(r"<script(?![^>]+src=)", page) == []
    for name in ("page.css", "page.mjs", "proofs.mjs"):
        file = await proved.get(None, f"/audit/files/{name}")
        assert file.status_code == 200
        assert not re.search(r"https?://|url\(|@import", file.text)


# Proofs


async def test_the_proof_on_the_page_holds(proved: World) -> None:
    run = await circle(proved)
    await signed(proved)
    page = (await proved.get(proved.member, f"{run}/events/1")).text
    text, keys = (
        re.search(rf'<pre id="{i}"[^>]*>(.*?)</pre>', page, re.S)[1] for i in ("path", "keys")
    )
    entry = b64decode(re.search(r'<code id="entry">([^<]+)<', page)[1].replace("&#43;", "+"))
    found = proof_of(text)
    said = head(found.note, policy(keys))
    leaf = sha256(b"\0" + entry).digest()
    assert leaf.hex() in page
    assert merkle.is_included(found.at, said.size, leaf, found.hashes, said.root)


async def test_an_event_that_is_not_there_or_not_for_the_reader_is_absent(here: World) -> None:
    run = await circle(here)
    for wrong in ("999", "0", "x", "１"):
        assert (await here.get(here.member, f"{run}/events/{wrong}")).status_code == 404


async def test_what_a_browser_saw_before_is_proved_to_go_on(proved: World) -> None:
    size = await signed(proved)
    path = f"/audit/alliances/{proved.alliance}/extension?old=1&new={size}"
    answer = await proved.get(proved.member, path)
    assert answer.status_code == 200
    assert len(answer.text.split()) > 1
    assert (await proved.get(proved.stranger, path)).status_code == 404
    assert (await proved.get(proved.member, f"{path}9")).status_code == 404


# Signing in and out, and taking along


async def sign_in(here: World, token: str, **headers: str):
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"token": token, "back": f"/audit/alliances/{here.alliance}"}
    return await here.client.post("/audit/session", data=body, headers=more)


async def test_a_token_becomes_a_cookie_of_this_page_alone(here: World) -> None:
    answer = await sign_in(here, here.token(here.member))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/audit/alliances/{here.alliance}"
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("Path=/audit;", "HttpOnly", "SameSite=Strict"))
    assert "Secure" not in cookie
    page = await here.client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Petra Novák" in page.text
    assert (await here.client.get("/v1/inbox")).status_code == 401


async def test_over_https_the_cookie_stays_there(here: World) -> None:
    answer = await sign_in(here, here.token(here.member), Origin="https://audit.example")
    assert answer.headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize("token", ["", "nobody", "a.b.c", "x" * 5000, "a\r\nSet-Cookie: b"])
async def test_a_token_that_is_none_signs_nobody_in(here: World, token: str) -> None:
    answer = await sign_in(here, token)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "Not signed in." in answer.text


async def test_after_signing_in_nobody_is_sent_elsewhere(here: World) -> None:
    for back in ("https://evil.example", "//evil.example", "/v1/inbox", "/audit/../v1"):
        body = {"token": here.token(here.member), "back": back}
        answer = await here.client.post("/audit/session", data=body)
        assert answer.headers["location"] == "/audit"


async def test_a_form_from_another_site_is_refused(here: World) -> None:
    answer = await sign_in(here, here.token(here.member), Sec_Fetch_Site="cross-site")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("form", [{"other": "1"}, {"session": ""}, {"session": "0" * 64}])
async def test_a_post_without_what_only_the_session_knows_does_nothing(
    here: World, form: dict[str, str]
) -> None:
    run = await circle(here)
    await sign_in(here, here.token(here.member))
    for path in (f"{run}/export", f"{run}/bundle", "/audit/session/end"):
        answer = await here.client.post(path, data=form)
        assert answer.status_code == 403
        assert "Open the page again" in answer.text


async def test_what_is_of_another_session_is_refused(here: World) -> None:
    run = await circle(here)
    other = forms_of((await here.get(here.steward, "/audit")).text)
    await sign_in(here, here.token(here.member))
    assert (await here.client.post(f"{run}/export", data={"session": other})).status_code == 403


async def test_signing_out_ends_it(here: World) -> None:
    await sign_in(here, here.token(here.member))
    page = await here.client.get("/audit")
    answer = await here.client.post("/audit/session/end", data={"session": forms_of(page.text)})
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert (await here.client.get("/audit")).status_code == 401


async def test_the_timeline_is_taken_along_with_a_proof_of_every_event(proved: World) -> None:
    run = await circle(proved)
    await signed(proved)
    await sign_in(proved, proved.token(proved.member))
    session = forms_of((await proved.client.get(run)).text)
    answer = await proved.client.post(f"{run}/export", data={"session": session})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="run-')
    told = json.loads(answer.content)
    said = head(told["checkpoint"], policy(told["keys"]))
    history = (await proved.get(proved.member, run.replace("/audit", "/v1") + "/history")).json()
    assert [e["revision"] for e in told["events"]] == [i["revision"] for i in history["items"]]
    for event in told["events"]:
        found = proof_of(f"{event['proof']}\n\n{told['checkpoint']}")
        leaf = bytes.fromhex(event["leaf"])
        assert merkle.is_included(found.at, said.size, leaf, found.hashes, said.root)


async def test_the_proofs_are_taken_along_as_a_bundle_and_that_is_on_record(
    proved: World, tmp_path: Path
) -> None:
    run = await circle(proved)
    size = await signed(proved)
    await sign_in(proved, proved.token(proved.member))
    page = (await proved.client.get(run)).text
    answer = await proved.client.post(f"{run}/bundle", data={"session": forms_of(page)})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('.eqaudit.tar"')
    (tmp_path / "b.tar").write_bytes(answer.content)
    report = check(Archive.open(tmp_path / "b.tar"))
    assert report.findings == []
    entries = await proved.app.edge.system.trees.platform_entries(0, 100)
    (taken,) = [entry for _, entry in entries if entry.startswith(b"EQP1 export\n")]
    assert str(proved.member).encode() in taken
    assert f"\n{size}\n".encode() in taken


async def test_what_is_taken_along_from_the_page_is_written_down(proved: World) -> None:
    run = await circle(proved)
    await signed(proved)
    await sign_in(proved, proved.token(proved.member))
    for what in ("export", "bundle"):
        session = forms_of((await proved.client.get(run)).text)
        taken = await proved.client.post(f"{run}/{what}", data={"session": session})
        assert taken.status_code == 200
    told = (await proved.get(proved.member, "/v1/me/accesses")).json()["items"]
    routes = [one["route"] for one in told if one["kind"] == "export"]
    assert sorted(routes) == ["export-proofs", "export-timeline"]
    costly = {one.name for one in proved.app.endpoints if one.budget == "exports"}
    assert costly >= {*routes}


async def test_where_nothing_is_signed_no_bundle_is_to_be_had(here: World) -> None:
    run = await circle(here)
    await sign_in(here, here.token(here.member))
    session = forms_of((await here.client.get(run)).text)
    answer = await here.client.post(f"{run}/bundle", data={"session": session})
    assert answer.status_code == 404
