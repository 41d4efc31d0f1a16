"""What sealing costs: one field of 800 bytes, against bare AES-256-GCM, and through the keyring.

    python benchmarks/sealing.py

Microseconds each, best and median of 9 rounds; the machine's other work shows in their distance.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enquiry.log.promise import Appended, WrappedKey
from enquiry.privacy.keys import Keyring, Personal
from enquiry.privacy.sealing import Context, DataKey, Envelope, commitment, seal, unseal
from enquiry.privacy.source import KeyFile

ROUNDS = 9
REPEATS = 5_000
FIELDS = 50
TEXT = "x" * 800


class Records:
    """Wrapped keys in a dictionary, so that the log's own time is left out."""

    def __init__(self) -> None:
        self.keys: dict[UUID, WrappedKey] = {}

    async def find_key(self, stream: UUID, subject: UUID, kind: str) -> WrappedKey | None:
        wanted = (stream, subject, kind)
        for key in self.keys.values():
            if (key.stream, key.subject, key.kind) == wanted:
                return key
        return None

    async def wrapped_key(self, key: UUID) -> WrappedKey | None:
        return self.keys.get(key)


FIGURES: dict[str, float] = {}


def report(name: str, rounds: list[float]) -> None:
    FIGURES[f"{name} (median us)"] = statistics.median(rounds)
    print(f"{name:<52} {min(rounds):8.2f} {statistics.median(rounds):8.2f}")


def measure(name: str, work: Callable[[], object], repeats: int = REPEATS) -> None:
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        rounds.append((time.perf_counter() - start) / repeats * 1e6)
    report(name, rounds)


def one_field(envelope: Envelope) -> None:
    secret, plain = os.urandom(32), TEXT.encode()
    cipher, key = AESGCM(secret), DataKey(uuid4(), secret)
    context = Context(envelope, 0, "text", uuid4(), "contribution")
    bound, nonce = bytes(150), os.urandom(12)
    bare, sealed = cipher.encrypt(nonce, plain, bound), seal(key, TEXT, context)
    measure("bare encrypt, fresh nonce", lambda: cipher.encrypt(os.urandom(12), plain, bound))
    measure("seal", lambda: seal(key, TEXT, context))
    measure("bare decrypt", lambda: cipher.decrypt(nonce, bare, bound))
    measure("unseal", lambda: unseal(key, sealed, context))
    measure("commitment (once for each key)", lambda: commitment(secret, key.id))
    print(f"an 800-byte text is stored in {len(sealed)} bytes; bare: {12 + len(bare)}")


async def one_page(envelope: Envelope) -> None:
    """Fifty fields of ten people, as a write and as a page; per field."""
    people = [uuid4() for _ in range(10)]
    values = [Personal(f"f{i}", people[i % 10], "contribution", TEXT) for i in range(FIELDS)]
    records, rounds = Records(), dict[str, list[float]]()
    source = KeyFile({uuid4(): os.urandom(32)})
    keyring = Keyring(records, source, time.monotonic)
    batch = await keyring.seal([(envelope, values)])
    records.keys = {key.id: key for key in batch.keys}
    batch.commit(Appended(1, 1, 0))
    sealed = {(1, value.slot): value for value in batch.values[0]}
    wanted = {
        (1, slot): Context(envelope, slot, value.path, value.subject, value.kind)
        for slot, value in enumerate(values)
    }
    for _ in range(ROUNDS * 20):
        start = time.perf_counter()
        await keyring.seal([(envelope, values)])
        middle = time.perf_counter()
        await keyring.unseal(wanted, sealed)
        end = time.perf_counter()
        rounds.setdefault("keyring: seal, keys in memory", []).append(middle - start)
        rounds.setdefault("keyring: unseal, keys in memory", []).append(end - middle)
        keyring.clear()
        start = time.perf_counter()
        await keyring.unseal(wanted, sealed)
        end = time.perf_counter()
        rounds.setdefault("keyring: unseal, 10 keys unwrapped", []).append(end - start)
        fresh = Keyring(Records(), source, time.monotonic)
        start = time.perf_counter()
        await fresh.seal([(envelope, values)])
        end = time.perf_counter()
        rounds.setdefault("keyring: seal, 10 keys made", []).append(end - start)
    for name, seconds in rounds.items():
        report(f"{name}, a field of {FIELDS}", [each / FIELDS * 1e6 for each in seconds])


def main(argv: list[str]) -> dict[str, float]:
    """Measure; nothing can be chosen."""
    argparse.ArgumentParser(prog="benchmarks.sealing").parse_args(argv)
    envelope = Envelope(uuid4(), uuid4(), uuid4(), "learning-walk/note-recorded", 1)
    print(f"{'microseconds':<52} {'best':>8} {'median':>8}")
    one_field(envelope)
    asyncio.run(one_page(envelope))
    return dict(FIGURES)


if __name__ == "__main__":
    main(sys.argv[1:])
