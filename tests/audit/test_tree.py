"""The tree against the words of RFC 6962, and the verifier against the published vectors."""

import json
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit import naive
from tests.house.tree import SHARED

from enquiry.audit import tree
from enquiry.audit.tiles import Missing, Tile, Tiles, needed, parsed, path, tiles_of
from enquiry.audit.verifier import merkle

VECTORS = SHARED / "vectors" / "rfc6962-proofs.json"
SIZES = st.integers(0, 700)


def leaves(count: int) -> list[bytes]:
    return [sha256(b"leaf %d" % n).digest() for n in range(count)]


def stored(hashes: list[bytes], *cuts: int) -> tuple[tree.Frontier, Tiles, dict[Tile, bytes]]:
    """A tree that grew in several steps, and its tiles."""
    grown = tree.Frontier()
    levels: dict[int, bytes] = {}
    edges = sorted({0, len(hashes), *(min(cut, len(hashes)) for cut in cuts)})
    for first, last in pairwise(edges):
        grown, news = tree.grown(grown, hashes[first:last])
        for level, added in news.items():
            levels[level] = levels.get(level, b"") + b"".join(added)
    held = {
        Tile(level, at // 8192): hashes[at : at + 8192]
        for level, hashes in levels.items()
        for at in range(0, len(hashes), 8192)
    }
    return grown, Tiles(held), held


@given(SIZES, st.lists(SIZES, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_tree_that_grew_in_any_steps_has_the_root_of_the_standard(size, cuts):
    hashes = leaves(size)
    grown, _, _ = stored(hashes, *cuts)
    assert (grown.size, grown.root) == (size, naive.root(hashes))
    assert len(grown.peaks) == size.bit_count()


@given(st.integers(1, 700), st.data())
@settings(max_examples=60, deadline=None)
def test_every_leaf_is_proved_with_the_path_of_the_standard(size, data):
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    grown, tiles, _ = stored(hashes)
    proved = tree.proof(tree.inclusion(index, size), tiles.hash_of)
    assert list(proved) == naive.path(index, hashes)
    assert merkle.is_included(index, size, hashes[index], proved, grown.root)


@given(st.integers(1, 700), st.data())
@settings(max_examples=60, deadline=None)
def test_every_extension_is_proved_with_the_proof_of_the_standard(size, data):
    old = data.draw(st.integers(1, size))
    hashes = leaves(size)
    grown, tiles, _ = stored(hashes)
    proved = tree.proof(tree.consistency(old, size), tiles.hash_of)
    assert list(proved) == naive.proof(old, hashes)
    assert merkle.extends(old, size, proved, naive.root(hashes[:old]), grown.root)


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_else_is_proved(size, data):
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    hashes = leaves(size)
    grown, tiles, _ = stored(hashes)
    path_ = tree.proof(tree.inclusion(index, size), tiles.hash_of)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index) | st.just(-1))
    assert not merkle.is_included(other, size, hashes[index], path_, grown.root)
    assert not merkle.is_included(index, size, bytes(32), path_, grown.root)
    assert not merkle.is_included(index, size, hashes[index], (*path_, bytes(32)), grown.root)
    proof = tree.proof(tree.consistency(old, size), tiles.hash_of)
    assert not merkle.extends(old, size, proof, bytes(32), grown.root)
    assert not merkle.extends(old, size, (*proof, bytes(32)), naive.root(hashes[:old]), grown.root)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 70_000])
def test_tiles_hold_what_the_layout_says(size):
    hashes = leaves(size)
    _, _, held = stored(hashes)
    assert {tile: len(part) // 32 for tile, part in held.items()} == dict(tiles_of(size))
    for tile in list(held)[-3:]:
        assert held[tile] == naive.tile(tile.level, tile.number, hashes)


def test_a_tree_of_seventy_thousand_has_the_tiles_that_the_specification_counts():
    found = list(tiles_of(70_000))
    widths = {level: [w for t, w in found if t.level == level] for level in (0, 1, 2)}
    assert widths == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}


@given(st.integers(1, 70_000), st.data())
@settings(max_examples=30, deadline=None)
def test_the_frontier_comes_back_from_few_tiles(size, data):
    _, _, held = BIG
    spans = (tree.span(0, size),)
    few = needed(spans)
    assert len(few) <= size.bit_length() // 8 + 1
    found = tree.frontier(size, Tiles({tile: held[tile] for tile in few}).hash_of)
    assert found == tree.grown(tree.Frontier(), leaves(size))[0]


BIG = stored(leaves(70_000))


def test_a_hash_that_is_in_no_tile_is_missed():
    _, tiles, _ = stored(leaves(300))
    with pytest.raises(Missing):
        tiles.hash_of(tree.Node(0, 300))
    with pytest.raises(Missing):
        tiles.hash_of(tree.Node(9, 0))


@pytest.mark.parametrize(
    ("tile", "width", "text"),
    [
        (Tile(0, 1_234_067), 256, "0/x001/x234/067"),
        (Tile(0, 0), 256, "0/000"),
        (Tile(1, 0), 17, "1/000.p/17"),
        (Tile(63, 999), 1, "63/999.p/1"),
        (Tile(0, 1000), 255, "0/x001/000.p/255"),
    ],
)
def test_a_tile_stands_where_the_specification_says(tile, width, text):
    assert path(tile, width) == text
    assert parsed(text) == (tile, width)


@pytest.mark.parametrize(
    "text",
    ["", "0", "00/000", "64/000", "0/0", "0/x000/000", "0/001/000", "0/000.p/256", "0/000.p/0",
     "0/000.p/01", "0/../000", "0/000/", "-1/000", "0/٠٠٠"],
)  # fmt: skip
def test_what_is_no_path_of_a_tile_is_refused(text):
    with pytest.raises(ValueError, match="not a tile"):
        parsed(text)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_a_leaf_that_is_not_there_has_no_proof(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_what_is_no_extension_has_no_proof(old, new):
    with pytest.raises(ValueError, match="does not extend"):
        tree.consistency(old, new)


def vectors() -> dict[str, dict]:
    if not VECTORS.exists():
        pytest.skip("../shared/vectors is not there: the published vectors are NOT checked")
    return json.loads(VECTORS.read_text())["vectors"]


def decoded(text: str | None) -> bytes:
    return b64decode(text or "")


def test_every_published_vector_is_judged_as_it_says():
    wrong, judged = [], 0
    for name, case in vectors().items():
        path_ = [decoded(one) for one in case["proof"] or ()]
        if "leafIdx" in case:
            judgement = merkle.is_included(
                case["leafIdx"],
                case["treeSize"],
                decoded(case["leafHash"]),
                path_,
                decoded(case["root"]),
            )
        else:
            judgement = merkle.extends(
                case["size1"],
                case["size2"],
                path_,
                decoded(case["root1"]),
                decoded(case["root2"]),
            )
        judged += 1
        if judgement is case["wantErr"]:
            wrong.append(f"{name}: {case['desc']}")
    assert wrong == []
    assert judged >= 196
