"""A clock to turn by hand, a key file, and a log that can be reached into."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from enquiry.log.memory import MemoryLog
from enquiry.log.promise import Append, NewEvent, SealedValue, WrappedKey
from enquiry.privacy.keys import At, Keyring, SealedBatch
from enquiry.privacy.sealing import Context, Envelope
from enquiry.privacy.source import KeyFile

ALLIANCE, STREAM = UUID(int=1), UUID(int=2)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class OpenLog(MemoryLog):
    """A log that counts questions, and lets a test play a thief, a backup or a loss."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    @property
    def values(self) -> dict[At, SealedValue]:
        return self._sealed

    @property
    def keys(self) -> dict[UUID, WrappedKey]:
        return {id_: key for id_, (_, key) in self._keys.items()}

    def put_key(self, id_: UUID, **changed: object) -> None:
        alliance, key = self._keys[id_]
        self._keys[id_] = alliance, replace(key, **changed)

    def lose_keys(self) -> None:
        self._keys.clear()

    async def find_key(self, stream: UUID, subject: UUID, kind: str) -> WrappedKey | None:
        self.asked += 1
        return await super().find_key(stream, subject, kind)

    async def wrapped_key(self, key: UUID) -> WrappedKey | None:
        self.asked += 1
        return await super().wrapped_key(key)


@pytest.fixture
def new_envelope() -> Callable[..., Envelope]:
    def new(stream: UUID = STREAM) -> Envelope:
        return Envelope(
            alliance=ALLIANCE,
            stream=stream,
            event=uuid4(),
            kind="learning-walk/note-recorded",
            schema=1,
        )

    return new


@pytest.fixture
def append_of() -> Callable[..., Append]:
    """One append of one event that carries the first values of a batch."""

    def make(
        envelope: Envelope, batch: SealedBatch, revision: int = 1, key: bytes | None = None
    ) -> Append:
        event = NewEvent(
            stream=envelope.stream,
            revision=revision,
            id=envelope.event,
            kind=envelope.kind,
            body=b"{}",
            sealed=batch.values[0],
        )
        return Append(
            alliance=envelope.alliance,
            events=(event,),
            expected={envelope.stream: revision - 1},
            recorded_at=0,
            key=key,
            keys=batch.keys,
        )

    return make


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log() -> OpenLog:
    return OpenLog()


@pytest.fixture
def source(tmp_path: Path) -> KeyFile:
    return KeyFile.create(tmp_path / "key-encryption-keys")


@pytest.fixture
def new_keyring(log: OpenLog, source: KeyFile, clock: Clock) -> Callable[[], Keyring]:
    return lambda: Keyring(log, source, clock)


@pytest.fixture
def keyring(new_keyring: Callable[[], Keyring]) -> Keyring:
    return new_keyring()


def places(envelope, values, position=1):
    """What is wanted of an event at a position, as a view would ask for it."""
    return {
        (position, slot): Context(envelope, slot, value.path, value.subject, value.kind)
        for slot, value in enumerate(values)
    }


@pytest.fixture
def record(log, append_of, new_envelope):
    """Seal values in an event of their own, append it, and give its envelope."""

    async def record(keyring, values, revision=1, envelope=None):
        envelope = envelope or new_envelope()
        batch = await keyring.seal([(envelope, values)])
        batch.commit(await log.append(append_of(envelope, batch, revision)))
        return envelope

    return record


@pytest.fixture
def read(log):
    """Open everything an event holds, by slot."""

    async def read(keyring, envelope, values, position=1):
        opened = await keyring.unseal(places(envelope, values, position), log.values)
        return [opened[position, slot] for slot in range(len(values))]

    return read
