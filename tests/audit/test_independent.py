"""The second verifier, in JavaScript: it says the same as the first, bundle for bundle."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.audit.signing import bundle, judged, record, record_sealed
from tests.audit.tars import files, packed, relisted
from tests.house.tree import ROOT
from tests.log.examples import HILLSIDE

from enquiry.audit.keys import policy_line
from enquiry.audit.notes import Checkpoint
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import policy

NODE = shutil.which("node")
PROGRAM = ROOT / "core/src/enquiry/audit/independent/verify.mjs"
pytestmark = pytest.mark.skipif(
    NODE is None, reason="node is not here: the second verifier is NOT tested"
)


def said(*words: Path) -> tuple[int, dict]:
    done = subprocess.run(
        [NODE, PROGRAM, *words, "--json"], capture_output=True, timeout=120, check=False
    )
    assert done.stderr == b""
    return done.returncode, json.loads(done.stdout)


def lines_of(desk) -> str:
    origin = f"enquiry/{desk.log.id}/{HILLSIDE}"
    return "\n".join(policy_line(origin, one) for one in desk.ring.validities(HILLSIDE))


@pytest.fixture
def trusted(desk, tmp_path) -> Path:
    path = tmp_path / "policy"
    path.write_text(lines_of(desk))
    return path


@pytest.mark.parametrize("number", [1, 255, 256, 700])
async def test_both_find_a_bundle_valid(desk, tmp_path, trusted, number):
    await record(desk.log, number)
    await record_sealed(desk.log, b"one", b"two")
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar", sealed=True)
    code, told = said(path, trusted)
    assert (code, told["findings"], judged(desk, path).code) == (0, [], 0)
    assert any(line.startswith("platform: the checkpoint is entry") for line in told["checked"])
    assert f"entries: {number + 2}, bodies: {number + 2}, sealed values: 2" in told["checked"]


async def test_both_find_a_bundle_of_one_run_valid(desk, tmp_path, trusted):
    run = await record(desk.log, 5)
    await record(desk.log, 300, name="another")
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar", stream=run)
    assert said(path, trusted)[0] == judged(desk, path).code == 0


async def test_both_say_what_they_could_not_check(desk, tmp_path, trusted):
    await record(desk.log, 5)
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar")
    assert said(path)[0] == check(Archive.open(path)).code == 2
    bare = await bundle(desk, tmp_path / "c.tar", bodies=False)
    assert said(bare, trusted)[0] == judged(desk, bare).code == 2


async def test_both_prove_a_fork(desk, admin, tmp_path, trusted):
    await record(desk.log, 5)
    await desk.signer.round()
    (tmp_path / "known").write_text((await desk.store.newest(HILLSIDE))[1])
    await record(desk.log, 300)
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar")
    code, told = said(path, trusted, tmp_path / "known")
    assert (code, "extends: 5 events are unchanged" in told["checked"]) == (0, True)
    note = (tmp_path / "known").read_text().split("\n")
    note[2] = "A" * 43 + "="
    (tmp_path / "known").write_text("\n".join(note))
    code, told = said(path, trusted, tmp_path / "known")
    assert (code, told["findings"][0]["what"][:4]) == (1, "fork")


@pytest.mark.parametrize("column", ["state", "topic", "recorded_at", "event_id"])
async def test_both_name_the_event_that_was_changed(desk, admin, tmp_path, trusted, column):
    change = {
        "state": "state || ' '",
        "topic": "topic || 'x'",
        "recorded_at": "recorded_at + 1",
        "event_id": "gen_random_uuid()",
    }[column]
    await record(desk.log, 40)
    await desk.signer.round()
    await admin.execute(f"UPDATE stored_events SET {column} = {change} WHERE sequence = 17")
    path = await bundle(desk, tmp_path / "b.tar")
    code, told = said(path, trusted)
    report = judged(desk, path)
    assert (code, told["first_bad_event"]) == (report.code, report.first_bad) == (1, 17)


async def test_both_judge_whatever_was_changed_alike(desk, tmp_path, trusted):
    """One byte of every file, with manifests that fit: the same exit code, always."""
    await record(desk.log, 3)
    await record_sealed(desk.log, b"one")
    await desk.signer.round()
    parts = files((await bundle(desk, tmp_path / "b.tar", sealed=True)).read_bytes())
    keys = policy(lines_of(desk))
    differ = []
    for name, content in parts.items():
        for at in sorted({0, len(content) // 3, len(content) - 1}):
            changed = bytearray(content)
            changed[at] ^= 1
            made = packed(relisted({**parts, name: bytes(changed)}))
            (tmp_path / "c.tar").write_bytes(made)
            one, two = said(tmp_path / "c.tar", trusted)[0], check(Archive(made), keys).code
            if one != two:
                differ.append((name, at, content[at - 3 : at + 3], one, two))
    assert differ == []


async def test_neither_believes_that_a_bundle_is_enormous(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    parts = files((await bundle(desk, tmp_path / "b.tar")).read_bytes())
    origin = f"enquiry/{desk.log.id}/{HILLSIDE}"
    huge = Checkpoint(origin, 10**14, bytes(32))
    parts["bag/data/checkpoint"] = desk.ring.signed(huge).encode()
    (tmp_path / "c.tar").write_bytes(made := packed(relisted(parts)))
    assert said(tmp_path / "c.tar")[0] == check(Archive(made)).code == 1


@pytest.mark.parametrize("content", [b"", b"no", b"\0" * 10_240, b"x" * 600])
def test_what_is_no_bundle_is_invalid(tmp_path, content):
    (tmp_path / "b.tar").write_bytes(content)
    assert said(tmp_path / "b.tar")[0] == 1


def test_asked_wrongly_it_exits_with_three(tmp_path):
    (tmp_path / "policy").write_text("nothing")
    for words in ([], [tmp_path / "nowhere"], [tmp_path / "policy", tmp_path / "policy"]):
        done = subprocess.run([NODE, PROGRAM, *words], capture_output=True, timeout=60, check=False)
        assert done.returncode == 3
