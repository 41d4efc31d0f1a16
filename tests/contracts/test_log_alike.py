"""PostgreSQL against the reference: the same batches, in the same order, must come to the same."""

import random
from uuid import UUID, uuid4

from msgspec.structs import asdict, replace
from tests.log.examples import HILLSIDE, MONDAY, RIVERBANK, data_key, event, outcomes, stream_of
from tests.log.sessions import drop

from enquiry.log.memory import MemoryLog
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, Appended, Log, SealedValue, WrappedKey

SEEDS = range(25)
BATCHES = 8
STREAMS = [stream_of(name) for name in ("walk", "rounds", "triad", "study", "calendar")]
SUBJECTS = [stream_of(name) for name in ("amira", "ben")]


async def test_postgresql_and_memory_come_to_the_same_whatever_is_offered(postgres_url):
    for seed in SEEDS:
        chance = random.Random(seed)
        memory = MemoryLog()
        schema = f"log_{uuid4().hex}"
        async with await PostgresLog.open(postgres_url, schema=schema) as postgres:
            author = Author(chance)
            for _ in range(BATCHES):
                batch = [await author.append(memory) for _ in range(chance.randint(1, 12))]
                told = [tell(r) for r in await outcomes(memory, *batch)]
                assert [tell(r) for r in await outcomes(postgres, *batch)] == told, seed
                author.learn(batch)
                doomed = chance.sample(author.keys, min(len(author.keys), chance.randint(0, 1)))
                ids = [key.id for key in doomed]
                assert await postgres.shred(ids) == await memory.shred(ids), seed
            assert await everything(postgres, author) == await everything(memory, author), seed
        await drop(postgres_url, schema)


class Author:
    """Writes appends of which many lose: stale revisions, used keys, foreign streams, lost keys."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.keys: list[WrappedKey] = []
        self.written: list[Append] = []
        self.running: dict[UUID, int] = {}

    async def append(self, log: Log) -> Append:
        """An append as somebody might write it who knows the log, and his neighbours, roughly."""
        chance = self.chance
        if self.written and chance.random() < 0.15:
            repeated = chance.choice(self.written)
            return replace(repeated, fingerprint=chance.choice([b"f", b"g"]))
        streams = chance.sample(STREAMS, chance.choice([1, 1, 2, 3]))
        expected = {}
        for stream, revision in (await log.revisions(streams)).items():
            known = max(revision, self.running.get(stream, 0))
            expected[stream] = max(0, known + chance.choice([0] * 8 + [-1, 1]))
        events, keys = [], []
        for stream in streams[: chance.randint(1, len(streams))]:
            for _ in range(chance.choice([1, 1, 2])):
                revision = expected[stream] + 1 + sum(e.stream == stream for e in events)
                sealed = self.sealed(stream, keys) if chance.random() < 0.4 else ()
                events.append(event(stream, revision, *sealed))
                self.running[stream] = revision
        chance.shuffle(keys)
        return Append(
            alliance=chance.choice([HILLSIDE] * 5 + [RIVERBANK]),
            events=tuple(events),
            expected=expected,
            recorded_at=MONDAY + chance.randint(0, 100),
            key=b"k%d" % chance.randint(0, 20) if chance.random() < 0.5 else None,
            fingerprint=b"f",
            keys=tuple(keys),
        )

    def sealed(self, stream: UUID, keys: list[WrappedKey]) -> list[SealedValue]:
        chance = self.chance
        known = [key for key in self.keys if key.stream == stream] + keys
        if not known or chance.random() < 0.3:
            key = data_key(stream, chance.choice(SUBJECTS))
            if all((k.stream, k.subject) != (key.stream, key.subject) for k in keys):
                keys.append(key)
            known = [key]
        slots = sorted(chance.sample(range(4), chance.randint(1, 3)))
        return [SealedValue(s, chance.choice(known).id, chance.randbytes(9)) for s in slots]

    def learn(self, batch: list[Append]) -> None:
        """Remember what was offered: keys and appends are offered again later."""
        self.keys += [key for append in batch for key in append.keys]
        self.written += [append for append in batch if append.key]
        self.running.clear()


def tell(result: Appended | BaseException) -> object:
    if isinstance(result, Appended):
        return asdict(result)
    return type(result).__name__, vars(result)


async def everything(log: Log, author: Author) -> object:
    events = await log.read_all(0, 10_000)
    return (
        await log.head(),
        events,
        [await log.read_alliance(alliance, 0, 10_000) for alliance in (HILLSIDE, RIVERBANK)],
        [await log.read_stream(stream) for stream in STREAMS],
        await log.revisions(STREAMS),
        await log.sealed([e.position for e in events]),
        [await log.wrapped_key(key.id) for key in author.keys],
        [await log.find_key(key.stream, key.subject, key.kind) for key in author.keys],
        [await log.find(HILLSIDE, b"k%d" % n) for n in range(21)],
    )
