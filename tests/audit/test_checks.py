"""What a browser checks proofs with, run in Node: the same answers as the server's trees."""

import json
import shutil
import subprocess
from base64 import b64encode
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
from enquiry.audit.verifier.notes import Rejected, policy

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


def test_what_is_beyond_the_tree_or_before_it_is_proved_by_nothing() -> None:
    proof = path(tree.inclusion(2, 3))
    case = {"ask": "included", "size": 3, "leaf": LEAVES[2].hex(), "path": proof}
    beyond = [{**case, "index": index} for index in (3, 4, -1)]
    root, case = LEAVES[0].hex(), {"ask": "extended", "root": LEAVES[0].hex(), "path": []}
    pairs = [{**case, "old": old, "size": size} for old, size in ((0, 3), (4, 3), (-1, 3))]
    assert asked([*beyond, *pairs]) == [None] * 6
    assert asked([{**case, "old": 3, "size": 3}]) == [[root, root]]
    assert asked([{**case, "old": 3, "size": 3, "path": [root]}]) == [None]


def encoded(y: int, sign: int) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def line(public: bytes, since: str = "0 -") -> str:
    raw, name = b"\x01" + public, "enquiry/here"
    id_ = sha256(name.encode() + b"\n" + raw).digest()[:4]
    return f"{name}+{id_.hex()}+{b64encode(raw).decode()} {since}"


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def x_of(y: int) -> int | None:
    """An x of the curve -xx + yy = 1 + d xx yy (RFC 8032, 5.1); ``None``: there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return None if (x * x - square) % P else min(x, P - x)


def plus(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, two
    cross = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P)
    return x % P, y % P


def small_ys() -> set[int]:
    """Of every point whose order divides 8: a point of the curve, times the order of its base."""
    order = 2**252 + 27742317777372353535851937790883648493
    found: set[int] = set()
    for y in range(2, 40):
        if (x := x_of(y)) is None:
            continue
        here, total = (x, y), (0, 1)
        for bit in bin(order)[2:]:
            total = plus(total, total)
            total = plus(total, here) if bit == "1" else total
        found.add(total[1])
    return found


def test_a_policy_with_a_key_of_small_order_is_rejected_by_both() -> None:
    ys = small_ys()
    assert len(ys) == 5
    every = {y + more * P for y in ys for more in (0, 1) if y + more * P < 2**255}
    lines = [line(encoded(y, sign)) for y in sorted(every) for sign in (0, 1)]
    assert len(lines) == 14
    told = asked([{"ask": "head", "note": "", "keys": one} for one in lines])
    assert {one.partition(":")[0] for one in told} == {"a key is of small order"}
    for one in lines:
        with pytest.raises(Rejected, match="small order"):
            policy(one)


def test_a_key_that_stands_twice_in_a_policy_is_rejected_by_both() -> None:
    public = sha256(b"some key").digest()
    twice = "\n".join((line(public, "0 0"), line(public)))
    assert asked([{"ask": "head", "note": "", "keys": twice}]) == ["a key stands twice in a policy"]
    with pytest.raises(Rejected, match="stands twice"):
        policy(twice)


def test_a_number_has_at_most_fifteen_digits_for_both() -> None:
    public = sha256(b"some key").digest()
    most, more = line(public, f"0 {10**15 - 1}"), line(public, f"0 {10**15}")
    assert asked([{"ask": "head", "note": "", "keys": k} for k in (most, more)]) == [
        "this is no checkpoint",
        "something is no number",
    ]
    assert policy(most)[0].until == 10**15 - 1
    with pytest.raises(Rejected, match="no number"):
        policy(more)
