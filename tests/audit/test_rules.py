"""Each rule about events alone: the history is signed by the right key, and breaks one rule."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.house.tree import ROOT

from enquiry.audit import tree
from enquiry.audit.bag import FORMAT, Bag
from enquiry.audit.export import packed
from enquiry.audit.keys import KeyRing, policy_line
from enquiry.audit.notes import Checkpoint
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import policy
from enquiry.log.leaf import entry, seals
from enquiry.log.promise import SealedValue, StoredEvent

NODE = shutil.which("node")
PROGRAM = ROOT / "core/src/enquiry/audit/independent/verify.mjs"
HILLSIDE, WALK, KEY = UUID(int=1), UUID(int=2), UUID(int=3)
ORIGIN = f"enquiry/{UUID(int=4)}/{HILLSIDE}"
LAST = 4
"""The event that breaks a rule; the others are in order."""


def event(sequence: int) -> StoredEvent:
    body = {"stream": str(WALK), "revision": sequence + 1}
    return StoredEvent(
        position=10 + sequence,
        alliance=HILLSIDE,
        sequence=sequence,
        stream=WALK,
        revision=sequence + 1,
        id=UUID(int=100 + sequence),
        kind="learning-walk/note-recorded",
        body=json.dumps(body).encode(),
        recorded_at=1000 + sequence,
        leaf=b"",
    )


def forged(folder: Path, events: list[StoredEvent], **given: object) -> tuple[Path, Path]:
    """A bundle and a policy, signed by whoever holds the key."""
    entries = [entry(one) for one in events]
    if "raw" in given:
        entries[-1] = given["raw"]
    grown, _ = tree.grown(tree.Frontier(), [tree.leaf_hash(one) for one in entries])
    ring = KeyRing.create(folder / "keys")
    checkpoint = Checkpoint(ORIGIN, grown.size, grown.root)
    name = f"000.p/{len(events)}"
    with (folder / "b.tar").open("wb") as file:
        bag = Bag(file)
        bag.add("checkpoint", ring.signed(checkpoint).encode())
        bag.add("keys", b"")
        bag.add(f"tile/0/{name}", b"".join(tree.leaf_hash(one) for one in entries))
        shown = given.get("shown", entries)
        bag.add(f"tile/entries/{name}", packed(shown, 2))
        bodies = given.get("bodies", [one.body for one in events])
        bag.add(f"bodies/{name}", packed(bodies, 4))
        if "sealed" in given:
            bag.add(f"sealed/{name}", packed(given["sealed"], 4))
        info = {
            "External-Identifier": ORIGIN,
            "Enquiry-Format": FORMAT,
            "Enquiry-Alliance": str(HILLSIDE),
            "Enquiry-Stream": str(given.get("stream", "all")),
        }
        bag.close(info, lambda text: ring.note(ORIGIN, text))
    (folder / "policy").write_text(policy_line(ORIGIN, ring.validities(HILLSIDE)[0]))
    return folder / "b.tar", folder / "policy"


def judge(folder: Path, events: list[StoredEvent], **given: object) -> list[tuple]:
    """What both verifiers find, as event and words of the first; they agree on the event."""
    path, trusted = forged(folder, events, **given)
    report = check(Archive.open(path), policy(trusted.read_text()))
    assert report.code == (1 if report.findings else 2)  # there is no platform tree here
    if NODE is not None:
        done = subprocess.run(
            [NODE, PROGRAM, path, trusted, "--json"], capture_output=True, timeout=60, check=False
        )
        told = json.loads(done.stdout)
        assert done.returncode == report.code, (told, report.lines())
        assert told["first_bad_event"] == report.first_bad
    return [(finding.event, finding.what) for finding in report.findings]


IN_ORDER = [event(sequence) for sequence in range(LAST + 1)]


def last(**changes: object) -> list[StoredEvent]:
    return [*IN_ORDER[:-1], replace(IN_ORDER[-1], **changes)]


def said(**body: object) -> bytes:
    return json.dumps({"stream": str(WALK), "revision": LAST + 1, **body}).encode()


def test_a_history_in_order_breaks_no_rule(tmp_path):
    assert judge(tmp_path, IN_ORDER) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alliance": UUID(int=9)}, "belongs to another alliance"),
        ({"sequence": 7}, "stands at another place than its own, 7"),
        ({"position": 13}, "has a position that is not above the one before"),
        ({"recorded_at": 1002}, "was recorded before the one before it"),
        ({"id": UUID(int=100)}, "has the id of another event"),
        ({"body": said(revision=7)}, "is revision 7 of its stream"),
        ({"body": said(revision=4)}, "is revision 4 of its stream"),
        ({"body": said(stream=str(UUID(int=8)))}, "is revision 5 of its stream"),
        ({"body": b"{}"}, "does not say its stream and revision"),
        ({"body": said(revision="5")}, "does not say its stream and revision"),
        ({"body": b"[" * 100_000}, "is no JSON, or nested too deeply"),
        ({"body": b"\xff"}, "is no JSON"),
        ({"seals": seals([SealedValue(n, KEY, b"") for n in (1, 0)])}, "slots that are not in"),
        ({"seals": seals([SealedValue(1, KEY, b"")] * 2)}, "slots that are not in order"),
    ],
)
def test_an_event_that_breaks_a_rule_is_named(tmp_path, changes, words):
    [(at, what)] = judge(tmp_path, last(**changes))
    assert at == LAST
    assert words in what


@pytest.mark.parametrize("raw", [b"EQL1", b"", entry(IN_ORDER[-1]) + b"x", b"x" + bytes(99)])
def test_what_was_signed_and_is_no_entry_is_named(tmp_path, raw):
    [(at, what)] = judge(tmp_path, IN_ORDER, raw=raw)
    assert at == LAST
    assert what in ("is left out", "is not laid out as an entry")


def test_a_body_that_was_not_signed_is_named(tmp_path):
    bodies = [one.body for one in IN_ORDER]
    [(at, what)] = judge(tmp_path, IN_ORDER, bodies=[*bodies[:-1], bodies[-1] + b" "])
    assert (at, what) == (LAST, "has another body than was signed")


def test_a_body_without_an_entry_is_named(tmp_path):
    shown = [*(entry(one) for one in IN_ORDER[:-1]), b""]
    found = judge(tmp_path, IN_ORDER, shown=shown, stream=WALK)
    assert found == [(LAST, "has a body and no entry")]


def test_an_event_of_another_stream_is_named(tmp_path):
    body = json.dumps({"stream": str(UUID(int=8)), "revision": 1}).encode()
    [(at, what)] = judge(tmp_path, last(body=body), stream=WALK)
    assert (at, what) == (LAST, "is of another stream than the bundle")


@pytest.mark.parametrize(
    ("sealed", "wrong"),
    [
        ([b"one", b"two"], None),
        ([b"", b"two"], None),
        ([b"", b""], None),
        ([b"two", b"one"], "another ciphertext in slot 0"),
        ([b"one"], "no place for its sealed value 1"),
        ([b"one", b"two", b"three"], "more than was sealed"),
    ],
)
def test_sealed_values_are_held_against_their_digests(tmp_path, sealed, wrong):
    values = [SealedValue(0, KEY, b"one"), SealedValue(1, KEY, b"two")]
    found = judge(tmp_path, last(seals=seals(values)), sealed=sealed)
    assert bool(found) == bool(wrong)
    assert wrong is None or wrong in found[0][1]


def test_the_digest_of_an_entry_is_that_of_the_log():
    assert tree.leaf_hash(entry(IN_ORDER[0])) == sha256(b"\0" + entry(IN_ORDER[0])).digest()
