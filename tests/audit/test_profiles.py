"""Bundles in four profiles and of four extents: what each shows, and that both verifiers agree."""

import json
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from tests.audit.signing import bundle, judged, note_event, policy_of, record, record_sealed
from tests.audit.tars import files, packed, relisted
from tests.house.tree import ROOT
from tests.log.examples import HILLSIDE, MONDAY, stream_of

from enquiry.audit.export import Wanted, export, export_entry
from enquiry.audit.keys import policy_line
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check
from enquiry.log.promise import Append

NODE = shutil.which("node")
PROGRAM = ROOT / "core/src/enquiry/audit/independent/verify.mjs"


def alike(desk, path: Path) -> int:
    """The exit code of both verifiers, which is one."""
    code = judged(desk, path).code
    if NODE is None:
        pytest.skip("node is not here: the second verifier is NOT tested")
    origin = f"enquiry/{desk.log.id}/{HILLSIDE}"
    lines = [policy_line(origin, one) for one in desk.ring.validities(HILLSIDE)]
    (path.parent / "policy").write_text("\n".join(lines))
    words = [NODE, PROGRAM, path, path.parent / "policy", "--json"]
    done = subprocess.run(words, capture_output=True, timeout=60, check=False)
    assert done.returncode == code, done.stdout
    return code


def folders(path: Path) -> set[str]:
    """Which sorts of file a bundle holds."""
    return {name.split("/")[2] for name in files(path.read_bytes()) if "/data/" in name} | {
        "entries" for name in files(path.read_bytes()) if "/tile/entries/" in name
    }


def refitted(parts: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """Another file, with manifests that fit and the signature that there was."""
    made = relisted({**parts, name: content})
    return made | {"bag/manifest.note": parts["bag/manifest.note"]}


@pytest.fixture
async def signed(desk):
    await record(desk.log, 300)
    await record_sealed(desk.log, b"one", b"two")
    await desk.signer.round()
    return desk


@pytest.mark.parametrize(
    ("profile", "code", "shows"),
    [
        ("proof-only", 2, set()),
        ("structure", 0, {"entries", "bodies"}),
        ("pseudonymised", 2, {"entries"}),
        ("full", 0, {"entries", "bodies", "sealed"}),
    ],
)
async def test_each_profile_shows_what_it_says_and_no_more(signed, tmp_path, profile, code, shows):
    path = await bundle(signed, tmp_path / "b.tar", profile=profile)
    assert alike(signed, path) == code
    assert folders(path) == {"checkpoint", "keys", "platform", "tile"} | shows
    again = await bundle(signed, tmp_path / "again.tar", profile=profile)
    assert again.read_bytes() == path.read_bytes()


async def test_a_bundle_that_calls_itself_proof_only_is_not_believed(signed, tmp_path):
    parts = files((await bundle(signed, tmp_path / "b.tar")).read_bytes())
    info = parts["bag/bag-info.txt"].replace(b"Profile: structure", b"Profile: proof-only")
    assert info != parts["bag/bag-info.txt"]
    (tmp_path / "c.tar").write_bytes(packed(refitted(parts, "bag/bag-info.txt", info)))
    assert alike(signed, tmp_path / "c.tar") == 1
    info = info.replace(b"proof-only", b"anything")
    (tmp_path / "c.tar").write_bytes(packed(refitted(parts, "bag/bag-info.txt", info)))
    assert alike(signed, tmp_path / "c.tar") == 1


async def by_somebody(desk, number: int):
    """Notes of which every third is by one person, and one more names them."""
    person, stream = uuid4(), stream_of("theirs")
    events = []
    for n in range(number):
        event = note_event(stream, n + 1, **({"about": str(person)} if n == 1 else {}))
        if n % 3 == 0:
            body = json.loads(event.body) | {"by": str(person)}
            event = type(event)(stream, n + 1, event.id, event.kind, json.dumps(body).encode())
        events.append(event)
    await desk.log.append(Append(HILLSIDE, tuple(events), {stream: 0}, MONDAY))
    await desk.signer.round()
    return person


async def test_of_a_person_there_is_what_they_recorded_and_what_names_them(desk, tmp_path):
    await record(desk.log, 5)
    person = await by_somebody(desk, 9)
    path = await bundle(desk, tmp_path / "b.tar", person=person)
    assert alike(desk, path) == 0
    report = judged(desk, path)
    assert any(line.startswith("entries: 4 (some)") for line in report.checked)
    assert any("10 events that are not in the bundle" in line for line in report.beyond)
    assert path.read_bytes().count(str(person).encode()) == 4
    nobody = await bundle(desk, tmp_path / "n.tar", person=uuid4())
    assert alike(desk, nobody) == 1


async def test_events_of_a_person_that_changed_places_are_noticed(desk, tmp_path):
    person = await by_somebody(desk, 9)
    parts = files((await bundle(desk, tmp_path / "b.tar", person=person)).read_bytes())
    [name] = [name for name in parts if "/bodies/" in name]
    first = int.from_bytes(parts[name][:4], "big") + 4
    second = int.from_bytes(parts[name][first : first + 4], "big") + 4
    pack = parts[name]
    parts[name] = pack[first : first + second] + pack[:first] + pack[first + second :]
    (tmp_path / "c.tar").write_bytes(packed(relisted(parts)))
    assert alike(desk, tmp_path / "c.tar") == 1


async def test_every_export_is_in_the_platform_tree_without_a_person(signed, tmp_path):
    person = uuid4()
    wanted = Wanted(HILLSIDE, person=person, profile="proof-only")
    with (tmp_path / "b.tar").open("wb") as file:
        found = await export(signed.log, signed.store, wanted, file, signed.ring)
    entry = export_entry(uuid4(), 7, "command", wanted, found)
    assert entry.startswith(b"EQP1 export\n")
    assert str(person).encode() not in entry
    before = await signed.store.newest(signed.log.id)
    await signed.store.add_platform_entry(entry)
    signer = signed.restarted()
    await signer.round()
    after = await signed.store.newest(signed.log.id)
    assert after[0] > before[0]
    assert await signed.store.platform_number(entry) is not None


async def test_what_is_told_is_sealed_by_the_signature_alone(signed, tmp_path):
    async def tell(events):
        return [{"sequence": event.sequence} for event in events]

    wanted = Wanted(HILLSIDE, profile="pseudonymised")
    with (tmp_path / "b.tar").open("wb") as file:
        await export(signed.log, signed.store, wanted, file, signed.ring, None, tell)
    assert alike(signed, tmp_path / "b.tar") == 2
    assert any(line.startswith("told:") for line in judged(signed, tmp_path / "b.tar").beyond)
    parts = files((tmp_path / "b.tar").read_bytes())
    lines = b"".join(part for name, part in parts.items() if "/told/" in name).splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == list(range(302))
    changed = parts["bag/data/told/000"] + b"{}\n"
    made = packed(refitted(parts, "bag/data/told/000", changed))
    assert check(Archive(made), policy_of(signed)).code == 1
