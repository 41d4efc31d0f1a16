"""One's own records, to take along: all that is one's own, nothing of others, nothing withdrawn."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import jsonschema_rs
import pytest
from tests.api.gathered import Gathered, gathering

from enquiry.runtime.records import Records
from enquiry_api import records
from enquiry_api.server import address, listen, serving

MINE = "/v1/me/records"
OURS = "Nine of twelve pupils asked each other first"
THEIRS = "Three pupils went to the board"


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Gathered]:
    async with gathering(tmp_path) as made:
        await made.notes("Kelly", OURS)
        await made.notes("Hamish", THEIRS)
        yield made


class Bag:
    """What came in the zip."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}

    def json(self, path: str) -> Any:
        return json.loads(self.files[path])

    @property
    def contents(self) -> Any:
        return self.json("data/contents.json")

    def items(self, kind: str) -> list[Any]:
        files = [self.json(one["path"]) for one in self.contents["streams"]]
        every = [item for file in files for item in file["items"]]
        return [item for item in every if item["kind"] == kind]

    def says(self, text: str) -> bool:
        return any(text.encode() in body for body in self.files.values())


async def take(told: Gathered, name: str, query: str = "") -> Bag:
    got = await told.here.get(told.people[name], MINE + query)
    assert got.status_code == 200, got.text
    assert got.headers["Content-Type"] == "application/zip"
    return Bag(got.content)


async def withdraw(told: Gathered) -> None:
    """Declan, whose lesson it was, withdraws."""
    await told.does("Declan", "withdraw-consent", purposes=["be_observed"])


async def test_what_somebody_wrote_is_among_their_records(told: Gathered) -> None:
    bag = await take(told, "Kelly")
    [note] = bag.items("gathering/noted")
    assert note["data"]["text"] == OURS
    assert (note["roles"], note["lang"]) == (["walker"], "en")
    assert OURS in bag.files["data/index.html"].decode()
    assert len(bag.items("run/protocol-adopted")) == 1


async def test_nothing_of_others_is_among_them(told: Gathered) -> None:
    await told.certify("Petra", "Hamish")
    bag = await take(told, "Kelly")
    assert not bag.says(THEIRS)
    for name in ("Declan", "Hamish", "Petra", "Ines"):
        assert not bag.says(name)
        assert not bag.says(told.who(name))
    [note] = bag.items("gathering/noted")
    assert note["data"]["about"] == {"somebody": ["host"]}
    assert bag.contents["certificates"] == []


async def test_a_name_that_a_steward_wrote_stays_with_its_owner(told: Gathered) -> None:
    bag = await take(told, "Ines")
    names = [item["data"]["name"] for item in bag.items("alliance/person-added")]
    withheld = {"placeholder": "withheld", "reason": "about-somebody-else"}
    assert withheld in names
    assert not bag.says("Kelly Shaw")


async def test_what_was_withdrawn_is_not_taken_along(told: Gathered) -> None:
    await withdraw(told)
    bag = await take(told, "Kelly")
    assert bag.items("gathering/noted") == []
    assert not bag.says(OURS)


async def test_what_was_erased_is_not_taken_along(told: Gathered) -> None:
    system = told.here.app.edge.system
    run, kelly = UUID(told.run[-36:]), told.people["Kelly"]
    key = await system.log.find_key(run, kelly, "contribution")
    assert key is not None
    await system.log.shred([key.id])
    system.forget([key.id])
    assert (await take(told, "Kelly")).items("gathering/noted") == []


async def test_one_position_gives_the_same_bytes_again(told: Gathered) -> None:
    first = await take(told, "Kelly")
    at = f"?at={first.contents['position']}"
    await told.notes("Kelly", "A later note")
    await told.notes("Hamish", "A later note of his")
    again = await take(told, "Kelly", at)
    assert again.body == first.body
    assert (await take(told, "Kelly")).body != first.body


async def test_the_past_is_taken_under_todays_withdrawals(told: Gathered) -> None:
    first = await take(told, "Kelly")
    await withdraw(told)
    again = await take(told, "Kelly", f"?at={first.contents['position']}")
    assert not again.says(OURS)


async def test_the_bag_is_whole_and_every_file_is_as_its_schema_says(told: Gathered) -> None:
    await told.certify("Petra", "Kelly")
    bag = await take(told, "Kelly")
    assert bag.files["bagit.txt"].startswith(b"BagIt-Version: 1.0\n")
    listed = dict(
        reversed(line.split("  ", 1))
        for line in bag.files["manifest-sha256.txt"].decode().splitlines()
    )
    payload = {name: body for name, body in bag.files.items() if name.startswith("data/")}
    assert listed == {name: hashlib.sha256(body).hexdigest() for name, body in payload.items()}
    size = sum(map(len, payload.values()))
    assert f"Payload-Oxum: {size}.{len(payload)}\n".encode() in bag.files["bag-info.txt"]
    contents = jsonschema_rs.validator_for(bag.json("data/schemas/contents.json"))
    contents.validate(bag.contents)
    written = jsonschema_rs.validator_for(bag.json("data/schemas/written.json"))
    for one in bag.contents["streams"]:
        written.validate(bag.json(one["path"]))
        shapes = bag.json(f"data/schemas/{one['method']}-{one['version']}.json")
        assert {item["kind"] for item in bag.json(one["path"])["items"]} <= shapes.keys()


async def test_certificates_are_among_them(told: Gathered) -> None:
    id_ = await told.certify("Petra", "Kelly")
    bag = await take(told, "Kelly")
    assert bag.contents["certificates"] == [f"data/certificates/{id_}.json"]
    assert b"Kelly Shaw" in bag.files[f"data/certificates/{id_}.html"]


async def noted(told: Gathered, reader: str) -> list[Any]:
    path = f"/v1/alliances/{told.here.alliance}/history?limit=200"
    history = (await told.here.get(told.people[reader], path)).json()["items"]
    return [item for item in history if item["kind"] == "alliance/records-taken"]


async def test_that_they_were_taken_is_on_record_and_only_their_owner_reads_it(
    told: Gathered,
) -> None:
    bag = await take(told, "Kelly")
    [said] = await noted(told, "Kelly")
    assert said["data"] == {
        "at_position": bag.contents["position"],
        "files": sum(name.startswith("data/") for name in bag.files),
    }
    for name in ("Ines", "Petra"):
        assert await noted(told, name) == []


async def test_asking_what_it_would_be_is_not_taking_it(told: Gathered) -> None:
    headers = told.here.headers(told.people["Kelly"])
    assert (await told.here.client.head(MINE, headers=headers)).status_code == 200
    assert await noted(told, "Kelly") == []


async def test_a_stranger_has_nothing_and_leaves_no_trace(told: Gathered) -> None:
    told.people["nobody"] = uuid4()
    before = await told.here.app.edge.system.log.head()
    bag = await take(told, "nobody")
    assert bag.contents["streams"] == []
    assert await told.here.app.edge.system.log.head() == before


async def test_nobody_takes_them_without_end(told: Gathered) -> None:
    told.people["nobody"] = uuid4()
    for _ in range(records.MOST):
        await take(told, "nobody")
    late = await told.here.get(told.people["nobody"], MINE)
    assert (late.status_code, late.json()["code"]) == (429, "TOO_MANY_REQUESTS")


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, call: int, happens: Callable[[], Awaitable[None]]
) -> None:
    """Something happens just before the records are checked for the ``call``-th time."""
    checks, real = [0], Records.stands

    async def stands(self: Records, *args: Any) -> bool:
        checks[0] += 1
        if checks[0] == call:
            await happens()
        return await real(self, *args)

    monkeypatch.setattr(Records, "stands", stands)


async def test_a_withdrawal_while_they_are_made_is_seen(told: Gathered, monkeypatch) -> None:
    meanwhile(monkeypatch, 1, lambda: withdraw(told))
    bag = await take(told, "Kelly")
    assert not bag.says(OURS)
    assert len(await noted(told, "Kelly")) == 1


async def test_a_withdrawal_cuts_an_open_download_off(told: Gathered, monkeypatch) -> None:
    monkeypatch.setattr(records, "PIECE_BYTES", 512)
    meanwhile(monkeypatch, 4, lambda: withdraw(told))
    bound = listen("127.0.0.1", 0)
    async with serving(told.here.app, bound), httpx.AsyncClient(timeout=10) as client:
        headers = told.here.headers(told.people["Kelly"])
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(address(bound) + MINE, headers=headers)


async def test_what_others_do_meanwhile_does_not_cut_it_off(told: Gathered, monkeypatch) -> None:
    async def writes() -> None:
        await told.notes("Hamish", "Written while Kelly downloads")

    monkeypatch.setattr(records, "PIECE_BYTES", 512)
    meanwhile(monkeypatch, 4, writes)
    bound = listen("127.0.0.1", 0)
    async with serving(told.here.app, bound), httpx.AsyncClient(timeout=10) as client:
        headers = told.here.headers(told.people["Kelly"])
        got = await client.get(address(bound) + MINE, headers=headers)
    assert Bag(got.content).items("gathering/noted")
