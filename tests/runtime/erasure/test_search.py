"""A whole story on a real server; then somebody is erased, and every place is searched for them.

What is searched for: every text that was sealed under a key of that person, word for word, their
name, the bytes of their wrapped keys, and every ciphertext. Where: every column of every table of
every schema, every file of the data folder (the database cluster, the JetStream store, the keys,
the signer), what was logged, and a bundle.
"""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
from msgspec import Struct

from enquiry.audit.export import Wanted, export
from enquiry.audit.replay import Replay
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.engines import engines
from enquiry.kernel.alliance.state import Alliance
from enquiry.log.leaf import leaf
from enquiry.log.promise import KeyRecord
from enquiry.privacy.keys import Keyring
from enquiry.privacy.source import KeyFile
from enquiry.runtime.erasure.flow import Erasures
from enquiry.runtime.start import ledger_file, running
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System
from enquiry.runtime.texts import contexts
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.identity import LocalTokens, signing_key
from enquiry_api.journeys.player import Player
from enquiry_api.journeys.story import read_story
from enquiry_api.logs import json_logger
from enquiry_api.server import address, listen, serving

STORY = Path(__file__).parents[2] / "journeys" / "triad.yaml"
LEAST = 10
"""Characters. A shorter text may be a word of ours; as a sealed value it is looked for as well."""
PARTS = ("", "/history")
KEYS = "keys/key-encryption-keys"


class Served(Struct):
    """A server after its story."""

    data: Path
    system: System
    url: str
    database: str
    tokens: LocalTokens
    clock: StoryClock
    written: io.BytesIO


@asynccontextmanager
async def told(data: Path) -> AsyncIterator[Served]:
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(engines(data))
        clock, written = StoryClock(), io.BytesIO()
        begun = running(data, own.database_url, own.nats_url, clock=clock.now, timers=False)
        system = await stack.enter_async_context(begun)
        tokens = LocalTokens(signing_key(data / "tokens.pem"))
        methods = [compiled.method for compiled in system.registry.methods.values()]
        app = create_app(system, methods, tokens, clock=clock, log=json_logger(written))
        bound = listen("127.0.0.1", 0)
        await stack.enter_async_context(serving(app, bound))
        token, _ = tokens.mint(tokens.operator, 3600, operator=True)
        player = Player(address(bound), token)
        try:
            await asyncio.to_thread(player.play, read_story(STORY))
        finally:
            player.close()
        yield Served(data, system, address(bound), own.database_url, tokens, clock, written)


async def sealed_texts(served: Served) -> dict[tuple[UUID, UUID], set[str]]:
    """Everything that can be read of anybody, by alliance and subject of the key."""
    log, registry = served.system.log, served.system.registry
    keyring = Keyring(log, KeyFile.open(served.data / KEYS), time.monotonic)
    streams = Streams(log, registry)
    found: dict[tuple[UUID, UUID], set[str]] = {}
    events = await log.read_all(0, 10_000)
    loaded = await streams.fresh({event.stream for event in events})
    for event in events:
        compiled = loaded[event.stream].compiled
        recorded = compiled.facts.recorded(event) if compiled is not None else None
        if recorded is None:
            continue
        wanted = contexts(event, recorded)
        texts = await keyring.unseal(wanted, await log.sealed([event.position]))
        for at, context in wanted.items():
            if isinstance(text := texts[at], str):
                found.setdefault((event.alliance, context.subject), set()).add(text)
    return found


def long_enough(texts: set[str]) -> list[str]:
    return sorted(text for text in texts if len(text) >= LEAST)


async def _alliance(served: Served, alliance: UUID) -> Alliance:
    state = await served.system._reader.state(alliance)
    assert isinstance(state, Alliance)
    return state


async def asks_and_is_granted(served: Served, alliance: UUID, person: UUID) -> None:
    """Over HTTP, by the one pattern for commands."""
    state = await _alliance(served, alliance)
    steward = next(one for one in state.stewards if one != person)
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:

        async def act(who: UUID, kind: str, body: dict[str, object]) -> dict[str, object]:
            headers = {
                "Authorization": f"Bearer {served.tokens.mint(who, 3600)[0]}",
                "Idempotency-Key": f"{kind}-{who}",
                "Enquiry-Now": served.clock.now().isoformat(),
            }
            path = f"/v1/alliances/{alliance}"
            seen = await client.get(path, headers=headers)
            headers["If-Match"] = seen.headers["ETag"]
            done = await client.post(f"{path}/actions/alliance/{kind}", json=body, headers=headers)
            assert done.status_code == 201, done.text
            return done.json()

        asked = await act(person, "request-erasure", {})
        request = asked["events"][0]["id"]  # pyright: ignore[reportIndexIssue]
        await act(steward, "grant-erasure", {"request": request, "keeps": []})


async def secrets_of(served: Served, keys: list[KeyRecord]) -> list[bytes]:
    """Their wrapped keys and every ciphertext under them."""
    connection = await asyncpg.connect(served.database)
    try:
        ids = [key.id for key in keys]
        wrapped = await connection.fetch(
            "SELECT wrapped FROM enquiry.subject_keys WHERE id = ANY ($1)", ids
        )
        sealed = await connection.fetch(
            "SELECT ciphertext FROM enquiry.sealed WHERE key = ANY ($1)", ids
        )
    finally:
        await connection.close()
    return [row[0] for row in (*wrapped, *sealed)]


async def tables(url: str) -> dict[str, str]:
    """Every row of every table of every schema of ours, as text."""
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            " AND table_type = 'BASE TABLE'"
        )
        return {
            f"{schema}.{name}": "\n".join(
                row[0]
                for row in await connection.fetch(f'SELECT t::text FROM "{schema}"."{name}" t')
            )
            for schema, name in names
        }
    finally:
        await connection.close()


async def vacuumed(url: str) -> None:
    """As far as an owner can see to it: tables without dead rows, pages on disk."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM (FULL) enquiry.sealed")
        await connection.execute("VACUUM (FULL) enquiry.subject_keys")
    finally:
        await connection.close()


def files(data: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(data.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(data)), path.read_bytes()


def found_in(content: bytes, wanted: list[bytes]) -> list[bytes]:
    return [one for one in wanted if one in content]


async def nobody_reads(
    served: Served, alliance: UUID, streams: set[UUID], words: list[str]
) -> None:
    """Everybody of the alliance looks at these runs; each opens and shows none of the words."""
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        seen = 0
        for one in (await _alliance(served, alliance)).people:
            headers = {
                "Authorization": f"Bearer {served.tokens.mint(one, 3600)[0]}",
                "Enquiry-Now": served.clock.now().isoformat(),
            }
            for path in (f"/v1/runs/{stream}{part}" for stream in streams for part in PARTS):
                got = await client.get(path, headers=headers)
                assert got.status_code in (200, 404), got.text
                assert not [word for word in words if word in got.text]
                seen += got.status_code == 200
        assert seen > 0


async def test_nothing_of_an_erased_person_is_left_in_any_table_file_or_stream(
    scratch: Path, tmp_path: Path
) -> None:
    data = scratch / "data"
    async with told(data) as served:
        log = served.system.log
        everybody = await sealed_texts(served)
        alliance, person = max(everybody, key=lambda one: len(long_enough(everybody[one])))
        of_others = set().union(*(everybody[one] for one in everybody if one[1] != person))
        words = long_enough(everybody[alliance, person] - of_others)
        keys = list(await log.keys_of(alliance, person))
        assert len(words) >= 4, "the story must have something to forget"
        secrets = await secrets_of(served, keys)
        assert len(secrets) > len(keys) >= 2
        before = "".join((await tables(served.database)).values())
        assert all(secret.hex() in before for secret in secrets)
        leaves = [event.leaf for event in await log.read_alliance(alliance, 0, 10_000)]

        await asks_and_is_granted(served, alliance, person)
        eraser = Erasures(log, served.system.registry, ledger_file(data), served.system.forget)
        (done,) = await eraser.round(served.clock.now())
        assert done.done
        await vacuumed(served.database)

        texts = [word.encode() for word in words]
        for name, content in (await tables(served.database)).items():
            assert not [s for s in secrets if s.hex() in content], name
            assert not [word for word in words if word in content], name
        assert not found_in(served.written.getvalue(), texts)
        after = await log.read_alliance(alliance, 0, 10_000)
        assert [event.leaf for event in after][: len(leaves)] == leaves
        assert [leaf(event) for event in after] == [event.leaf for event in after]
        left = await sealed_texts(served)
        assert (alliance, person) not in left
        assert {one: left[one] for one in everybody if one[1] != person} == {
            one: texts for one, texts in everybody.items() if one[1] != person
        }

        bundle = tmp_path / "whole.eqaudit.tar"
        assert served.system.trees is not None
        assert served.system.signer is not None
        await served.system.signer.round()
        methods = served.system.registry.methods
        replay = Replay(lambda method, version: methods.get((method, version)))
        with bundle.open("wb") as file:
            await export(
                log, served.system.trees, Wanted(alliance, sealed=True), file, None, replay
            )
        assert replay.unfolded == {}
        assert not found_in(bundle.read_bytes(), [*texts, *secrets])
        report = check(Archive.open(bundle))
        assert not report.findings, report.lines()
        await nobody_reads(served, alliance, {key.stream for key in keys} - {alliance}, words)
    # Everything has stopped, and lies on disk: the words were in clear nowhere, at no time.
    whose = str(person).encode()
    assert any(whose in content for _, content in files(data)), "the search must see what is there"
    for name, content in files(data):
        assert not found_in(content, texts), name
        if "/pg_wal/" not in name:
            assert not found_in(content, secrets), name
