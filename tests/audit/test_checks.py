"""What a browser checks proofs with, run in Node: the same answers as the server's trees."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.audit.signing import record
from tests.house.tree import ROOT
from tests.log.examples import HILLSIDE

from enquiry.audit import tree
from enquiry.audit.keys import policy_line
from enquiry.audit.tiles import Tile, Tiles

NODE = shutil.which("node")
PURE = ROOT / "core/src/enquiry/audit/independent/proofs.mjs"
PROGRAM = Path(__file__).with_name("checks.mjs")
SIZES = (1, 2, 3, 7, 8, 9, 31, 64, 65)
LEAVES = [sha256(bytes([n])).digest() for n in range(65)]
pytestmark = pytest.mark.skipif(
    NODE is None, reason="node is not here: what a browser checks with is NOT tested alone"
)


def asked(cases: list[dict[str, Any]]) -> list[Any]:
    done = subprocess.run(
        [NODE, PROGRAM, PURE], input=json.dumps(cases).encode(), capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


HELD = Tiles({Tile(0, 0): b"".join(LEAVES)})


def path(spans: Any) -> list[str]:
    return [one.hex() for one in tree.proof(spans, HELD.hash_of)]


def naive(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + naive(leaves[:half]) + naive(leaves[half:])).digest()


def test_a_leaf_and_a_root_are_those_of_the_format() -> None:
    cases = [{"ask": "leaf", "entry": b"entry".hex()}]
    cases += [{"ask": "root", "leaves": [one.hex() for one in LEAVES[:n]]} for n in SIZES]
    leaf, *roots = asked(cases)
    assert leaf == sha256(b"\x00entry").hexdigest()
    assert roots == [naive(LEAVES[:n]).hex() for n in SIZES]


def test_every_leaf_is_proved_to_be_in_the_tree_and_in_no_other_place() -> None:
    cases, roots = [], []
    for size in SIZES:
        for index in range(size):
            proof = path(tree.inclusion(index, size))
            case = {"ask": "included", "index": index, "size": size, "path": proof}
            cases.append({**case, "leaf": LEAVES[index].hex()})
            roots.append(naive(LEAVES[:size]).hex())
    assert asked(cases) == roots
    moved = [
        {**case, "leaf": LEAVES[(case["index"] + 1) % 65].hex()} for case in cases if case["path"]
    ]
    expected = [root for case, root in zip(cases, roots, strict=True) if case["path"]]
    told = asked(moved)
    assert all(one != root for one, root in zip(told, expected, strict=True))
    short = [{**case, "path": case["path"][1:]} for case in cases if case["path"]]
    assert set(asked(short)) == {None}


def test_every_older_tree_is_proved_to_be_the_beginning_of_the_newer() -> None:
    pairs = [(old, new) for new in SIZES for old in range(1, new)]
    cases = [
        {
            "ask": "extended",
            "old": old,
            "size": new,
            "root": naive(LEAVES[:old]).hex(),
            "path": path(tree.consistency(old, new)),
        }
        for old, new in pairs
    ]
    roots = [[naive(LEAVES[:old]).hex(), naive(LEAVES[:new]).hex()] for old, new in pairs]
    assert asked(cases) == roots
    assert set(map(str, asked([{**one, "path": one["path"][:-1]} for one in cases]))) == {"None"}
    more = [{**one, "path": [*one["path"], LEAVES[0].hex()]} for one in cases]
    assert set(map(str, asked(more))) == {"None"}


async def test_a_checkpoint_counts_only_under_a_key_that_may_sign_it(desk) -> None:
    await record(desk.log, 5)
    await desk.signer.round()
    note = (await desk.store.newest(HILLSIDE))[1]
    origin = f"enquiry/{desk.log.id}/{HILLSIDE}"
    keys = "\n".join(policy_line(origin, one) for one in desk.ring.validities(HILLSIDE))
    late = keys.rsplit(" ", 2)[0] + " 6 -"
    spoiled = note.replace("\n5\n", "\n4\n")
    cases = [(note, keys), (note, late), (spoiled, keys), (note, "")]
    told = asked([{"ask": "head", "note": n, "keys": k} for n, k in cases])
    assert told == [
        5,
        "the key may not sign a tree of 5",
        f"the signature of {origin} is not good",
        f"no known key of {origin} has signed this checkpoint",
    ]
