"""What proving costs an append, a signer and a verifier; how long a proof is, and how late.

    python -m benchmarks.proofs [--seconds 5] [--events 100000] [--callers 64] [--url URL]

Appends run in turns with and without a signer beside them, in one process, as under the server.
What leaf and sealing add is measured by itself and told as a share of the median latency; building
and verifying stand beside a bare loop of SHA-256 over as many entries and bodies. The delay is from
the acknowledgement of an event to the checkpoint that covers it; 99 % are to be within two seconds.
Verification is of a whole bundle, in Python and, where Node is, in JavaScript.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import msgspec
import uvloop
from uuid_utils.compat import uuid7

import enquiry.audit
from benchmarks._peer import KIND, database
from enquiry.audit import tree
from enquiry.audit.anchors import Anchors
from enquiry.audit.export import Wanted, export
from enquiry.audit.keys import KeyRing, policy_line
from enquiry.audit.proofs import Proofs, inclusion_text
from enquiry.audit.signer import Signer
from enquiry.audit.store import TreeStore
from enquiry.audit.tiles import Tile, Tiles
from enquiry.audit.verifier import merkle
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import policy
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, NewEvent
from enquiry.privacy.sealing import Context, DataKey, Envelope, seal

REPEATS = 3
ALLIANCES = 8
"""That are busy at the same time while delays are measured."""
SIZES = (10_000, 100_000, 1_000_000)
PROOFS = 2_000
BATCH = 500
SEALED = 20_000
VERIFIER = Path(enquiry.audit.__file__).parent / "independent" / "verify.mjs"


class Place(NamedTuple):
    """A log and its trees, in schemas and a folder of their own."""

    schema: str
    log: PostgresLog
    store: TreeStore
    folder: Path


def main(argv: Sequence[str]) -> dict[str, Any]:
    """Measure; medians where something is repeated."""
    parser = argparse.ArgumentParser(prog="benchmarks.proofs")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--events", type=int, default=100_000, help="in the bundle")
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--url", help="a PostgreSQL of yours; otherwise one is started")
    options = parser.parse_args(argv)
    return sizes() | uvloop.run(_measure(options))


# Proofs, without a database


def sizes() -> dict[str, float]:
    """How long proofs are, and how long they take, in trees of several sizes."""
    figures: dict[str, float] = {}
    for size in SIZES:
        leaves = [sha256(b"%d" % n).digest() for n in range(size)]
        began = time.perf_counter()
        grown, levels = tree.grown(tree.Frontier(), leaves)
        figures[f"tree_{size}_build_leaves_per_second"] = size / (time.perf_counter() - began)
        tiles = _tiles(levels)
        note = f"enquiry/{uuid4()}/{uuid4()}\n{size}\n{'A' * 43}=\n\n\u2014 x {'A' * 92}\n"
        step = size // PROOFS
        began = time.perf_counter()
        proofs = [tree.proof(tree.inclusion(n * step, size), tiles.hash_of) for n in range(PROOFS)]
        figures[f"proof_{size}_make_us"] = (time.perf_counter() - began) / PROOFS * 1e6
        figures[f"proof_{size}_hashes_max"] = max(map(len, proofs))
        figures[f"proof_{size}_bytes_max"] = max(
            len(inclusion_text(n * step, proof, note).encode()) for n, proof in enumerate(proofs)
        )
        began = time.perf_counter()
        for n, proof in enumerate(proofs):
            if not merkle.is_included(n * step, size, leaves[n * step], proof, grown.root):
                raise AssertionError("a proof does not prove")
        figures[f"proof_{size}_check_us"] = (time.perf_counter() - began) / PROOFS * 1e6
    return figures


def _tiles(levels: dict[int, list[bytes]]) -> Tiles:
    held: dict[Tile, bytes] = {}
    for level, hashes in levels.items():
        for number in range(0, len(hashes), 256):
            held[Tile(level, number // 256)] = b"".join(hashes[number : number + 256])
    return Tiles(held)


# With a database


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    async with database(options.url) as url:
        figures = await _leaf_cost(url)
        figures |= await _append_cost(url, options)
        figures |= _shares(figures, options.callers)
        async with _place(url) as place:
            figures |= await _delay(place, options)
        async with _place(url) as place:
            figures |= await _whole(place, options.events)
    return figures


@asynccontextmanager
async def _place(url: str) -> AsyncGenerator[Place]:
    schema = f"bench_{uuid4().hex}"
    with tempfile.TemporaryDirectory() as folder:
        async with await PostgresLog.open(url, schema=schema) as log:
            store = await TreeStore.open(url, schema=f"{schema}_audit", log_schema=schema)
            try:
                yield Place(schema, log, store, Path(folder))
            finally:
                await store.close()
    connection = await asyncpg.connect(url)
    await connection.execute(f"DROP SCHEMA {schema} CASCADE; DROP SCHEMA {schema}_audit CASCADE")
    await connection.close()


@asynccontextmanager
async def _signing(place: Place) -> AsyncGenerator[Signer]:
    anchors = Anchors(place.folder / "last")
    ring = KeyRing.create(place.folder / "keys.json")
    signer = Signer(place.log, place.store, anchors, ring)
    task = asyncio.create_task(signer.run())
    try:
        yield signer
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        anchors.close()
    if signer.refused:
        raise AssertionError(signer.refused)


async def _leaf_cost(url: str) -> dict[str, float]:
    """Microseconds that hashing a leaf adds to an insert, out of many rows of one statement."""
    async with _place(url) as place:
        await _fill(place.log, uuid4(), 20_000)
        connection = await asyncpg.connect(url)
        await connection.execute(f"SET search_path TO {place.schema}; SET jit = off")
        plain = "SELECT count(state), count(seals) FROM stored_events"
        hashed = (
            "SELECT count(leaf_v1(alliance, sequence, notification_id, recorded_at, event_id,"
            " topic, state, seals)) FROM stored_events"
        )
        found = {
            query: min([await _timed(connection, query) for _ in range(5)])
            for query in (plain, hashed)
        }
        await connection.close()
    return {"leaf_in_append_us": (found[hashed] - found[plain]) / 20_000 * 1e6}


async def _timed(connection: asyncpg.Connection, query: str) -> float:
    began = time.perf_counter()
    await connection.fetch(query)
    return time.perf_counter() - began


async def _append_cost(url: str, options: argparse.Namespace) -> dict[str, float]:
    """Appends per second with and without a signer in the same process."""
    rates: dict[bool, list[float]] = {True: [], False: []}
    took: list[float] = []
    async with _place(url) as place:
        for _ in range(REPEATS):
            for signed in (False, True):
                async with contextlib.AsyncExitStack() as stack:
                    if signed:
                        await stack.enter_async_context(_signing(place))
                    done = await _append(place.log, options.callers, options.seconds)
                    rates[signed].append(len(done) / options.seconds)
                    took += [] if signed else [one[3] for one in done]
    bare, with_signer = statistics.median(rates[False]), statistics.median(rates[True])
    return {
        f"append_{options.callers}_without_signer_per_second": bare,
        f"append_{options.callers}_with_signer_per_second": with_signer,
        "append_with_signer_share": with_signer / bare,
        f"append_{options.callers}_p50_us": statistics.median(took) * 1e6,
    }


def _shares(found: Mapping[str, float], callers: int) -> dict[str, float]:
    """What leaf and sealing are of an append's latency; below 0.05 together is the aim."""
    key = DataKey(uuid4(), os.urandom(32))
    envelope = Envelope(uuid4(), uuid4(), uuid4(), KIND, 1)
    context = Context(envelope, 0, "/text", uuid4(), "contribution")
    began = time.perf_counter()
    for _ in range(SEALED):
        seal(key, "x" * 150, context)
    sealing = (time.perf_counter() - began) / SEALED * 1e6
    latency = found[f"append_{callers}_p50_us"]
    return {
        "sealing_in_append_us": sealing,
        "leaf_and_sealing_share_of_latency": (found["leaf_in_append_us"] + sealing) / latency,
    }


async def _append(
    log: PostgresLog, callers: int, seconds: float, pause: float = 0.0
) -> list[tuple[UUID, int, float, float]]:
    """Append single events; tells alliance, position, when it was acknowledged, seconds."""
    done: list[tuple[UUID, int, float, float]] = []
    until = time.perf_counter() + seconds

    async def call(alliance: UUID) -> None:
        stream, revision = uuid4(), 0
        while time.perf_counter() < until:
            revision += 1
            event = _event(stream, revision)
            now = time.time_ns() // 1_000
            wanted = Append(alliance, (event,), {stream: revision - 1}, now)
            asked = time.perf_counter()
            appended = await log.append(wanted)
            done.append((alliance, appended.last, (now := time.perf_counter()), now - asked))
            if pause:
                await asyncio.sleep(pause)

    alliances = [uuid4() for _ in range(ALLIANCES)]
    await asyncio.gather(*(call(alliances[n % ALLIANCES]) for n in range(callers)))
    return done


def _event(stream: UUID, revision: int) -> NewEvent:
    body = {
        "by": str(stream),
        "data": {"text": "x" * 150},
        "act": str(stream),
        "stream": str(stream),
        "revision": revision,
        "salt": "c2FsdHNhbHRzYWx0c2FsdA==",
    }
    return NewEvent(stream, revision, uuid7(), KIND, msgspec.json.encode(body))


async def _fill(log: PostgresLog, alliance: UUID, events: int) -> None:
    for first in range(0, events, BATCH):
        stream = uuid4()
        some = tuple(_event(stream, n + 1) for n in range(min(BATCH, events - first)))
        await log.append(Append(alliance, some, {stream: 0}, time.time_ns() // 1_000))


async def _delay(place: Place, options: argparse.Namespace) -> dict[str, float]:
    """How long after its acknowledgement an event is under a signed checkpoint."""
    covered: dict[UUID, list[tuple[int, float]]] = {}
    publish = place.store.publish

    async def timed(tree_: UUID, size: int, note: str, entry: bytes | None) -> None:
        await publish(tree_, size, note, entry)
        covered.setdefault(tree_, []).append((size, time.perf_counter()))

    place.store.publish = timed
    async with _signing(place):
        done = await _append(place.log, options.callers, max(options.seconds, 5.0), pause=0.02)
        await asyncio.sleep(4)
    waits: list[float] = []
    seen: dict[UUID, int] = {}
    for alliance, _, at, _ in sorted(done, key=lambda one: one[1]):
        sequence = seen.get(alliance, 0)
        seen[alliance] = sequence + 1
        waits.append(next(when for size, when in covered[alliance] if size > sequence) - at)
    waits.sort()
    return {
        "delay_events_per_second": len(done) / max(options.seconds, 5.0),
        "delay_p50_ms": waits[len(waits) // 2] * 1_000,
        "delay_p99_ms": waits[len(waits) * 99 // 100] * 1_000,
        "delay_within_2s_share": sum(wait <= 2.0 for wait in waits) / len(waits),
    }


async def _whole(place: Place, events: int) -> dict[str, float]:
    """Sign, export and verify one long history."""
    alliance = uuid4()
    await _fill(place.log, alliance, events)
    anchors = Anchors(place.folder / "last")
    ring = KeyRing.create(place.folder / "keys.json")
    figures: dict[str, float] = {}
    began = time.perf_counter()
    await Signer(place.log, place.store, anchors, ring).round()
    figures["sign_backlog_events_per_second"] = events / (time.perf_counter() - began)
    anchors.close()
    path = place.folder / "bundle.tar"
    began = time.perf_counter()
    with path.open("wb") as file:
        found = await export(place.log, place.store, Wanted(alliance), file, ring)
    figures["export_events_per_second"] = events / (time.perf_counter() - began)
    figures["bundle_bytes_per_event"] = path.stat().st_size / events
    lines = [policy_line(found.origin, one) for one in ring.validities(alliance)]
    began = time.perf_counter()
    if (code := check(Archive.open(path), policy("\n".join(lines))).code) != 0:
        raise AssertionError(f"the bundle is not valid: {code}")
    figures["verify_events_per_second"] = events / (time.perf_counter() - began)
    figures |= _limit(events, figures["verify_events_per_second"])
    proofs = Proofs(place.store, alliance)
    began = time.perf_counter()
    for n in range(200):
        await proofs.inclusion(n * (events // 200))
    figures["proof_from_database_ms"] = (time.perf_counter() - began) / 200 * 1_000
    (place.folder / "policy").write_text("\n".join(lines))
    return figures | await asyncio.to_thread(_in_node, path, place.folder / "policy", events)


def _limit(events: int, verified: float) -> dict[str, float]:
    """A bare loop of SHA-256 over entry, body and node: what cannot be saved."""
    entry, body, pair = b"e" * 125, b"b" * 350, b"p" * 65
    began = time.perf_counter()
    for _ in range(events):
        sha256(entry).digest(), sha256(body).digest(), sha256(pair).digest()
    bare = events / (time.perf_counter() - began)
    return {"sha256_alone_events_per_second": bare, "verify_share_of_sha256": verified / bare}


def _in_node(path: Path, trusted: Path, events: int) -> dict[str, float]:
    node = shutil.which("node")
    if node is None:
        print("node is not here: the second verifier is not measured", file=sys.stderr)
        return {}
    began = time.perf_counter()
    subprocess.run([node, VERIFIER, path, trusted], check=True, capture_output=True)
    return {"verify_in_node_events_per_second": events / (time.perf_counter() - began)}


if __name__ == "__main__":
    for name, value in main(sys.argv[1:]).items():
        print(f"{name:45} {value:,.3f}")
