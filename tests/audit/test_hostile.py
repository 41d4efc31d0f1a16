"""The verifier against what somebody made up: it judges, it never crashes, it never grows."""

import gzip
import tarfile

import pytest
from tests.audit.signing import bundle, judged, policy_of, record, record_sealed
from tests.audit.tars import files, packed, relisted

from enquiry.audit.verifier import archive as archives
from enquiry.audit.verifier.archive import Archive, Unreadable
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.entries import entry, place
from enquiry.audit.verifier.notes import Rejected, head, policy, proof, signers, unsigned_head


@pytest.fixture
async def made(desk, tmp_path) -> bytes:
    await record(desk.log, 3)
    await record_sealed(desk.log, b"one")
    await desk.signer.round()
    return (await bundle(desk, tmp_path / "b.tar", sealed=True)).read_bytes()


async def test_no_bit_of_a_bundle_can_be_changed_unseen(desk, made):
    keys = policy_of(desk)
    assert check(Archive(made), keys).code == 0
    parts = files(made)
    for name, content in parts.items():
        for at in range(0, len(content), max(1, len(content) // 25)):
            changed = bytearray(content)
            changed[at] ^= 1 << (at % 8)
            report = check(Archive(packed({**parts, name: bytes(changed)})), keys)
            assert report.code == 1, (name, at)


async def test_nor_with_manifests_that_were_made_to_fit(desk, made):
    keys = policy_of(desk)
    parts = files(made)
    for name, content in parts.items():
        if not name.startswith("bag/data/") or name in ("bag/data/keys", "bag/data/platform/keys"):
            continue
        for at in range(0, len(content), max(1, len(content) // 40)):
            changed = bytearray(content)
            changed[at] ^= 1 << (at % 8)
            made_to_fit = relisted({**parts, name: bytes(changed)})
            assert check(Archive(packed(made_to_fit)), keys).code == 1, (name, at)


async def test_no_file_can_be_left_out_or_added_unseen(desk, made):
    keys = policy_of(desk)
    parts = files(made)
    for name in parts:
        rest = {other: one for other, one in parts.items() if other != name}
        assert check(Archive(packed(rest)), keys).code in (1, 2), name
        if name.startswith("bag/data/") and name != "bag/data/keys":
            assert check(Archive(packed(relisted(rest))), keys).code in (1, 2), name
    assert check(Archive(packed({**parts, "bag/data/more": b"x"})), keys).code == 1


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "bag/../x", "../bag/x", "bag/data/../../x", "bag//x", "bag/.x", "x", "bag/",
     "bag/a\\b", "bag/a b", "bag/" + "a/" * 9 + "x"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(Unreadable):
        Archive(packed({name: b"x"}))


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.GNUTYPE_LONGNAME],
)  # fmt: skip
def test_nothing_but_plain_files_is_taken(kind):
    with pytest.raises(Unreadable):
        Archive(packed({"bag/x": b""}, type=kind, linkname="bag/y"))


def test_a_compressed_bundle_is_not_opened():
    with pytest.raises(Unreadable):
        Archive(gzip.compress(packed({"bag/x": bytes(100_000)})))


def test_a_file_that_says_more_than_there_is_is_refused():
    content = packed({"bag/x": bytes(5000)})
    with pytest.raises(Unreadable):
        Archive(content[:2048])
    with pytest.raises(Unreadable, match="ends before"):
        Archive(packed({"bag/x": b"x"})[:1024])


def test_a_file_twice_is_refused():
    once = packed({"bag/x": b"x"})[:1024]
    with pytest.raises(Unreadable, match="twice"):
        Archive(once + packed({"bag/x": b"y"}))


def test_too_many_and_too_large_files_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "FILES_MAX", 3)
    monkeypatch.setattr(archives, "FILE_BYTES_MAX", 10)
    assert len(Archive(packed({f"bag/{n}": b"" for n in range(3)})).names()) == 3
    with pytest.raises(Unreadable, match="too many"):
        Archive(packed({f"bag/{n}": b"" for n in range(4)}))
    with pytest.raises(Unreadable, match="too large"):
        Archive(packed({"bag/x": bytes(11)}))


@pytest.mark.parametrize("content", [b"", b"\0" * 10_240, b"x" * 600, bytes(range(256)) * 8])
def test_what_is_no_tar_is_no_bundle(content):
    try:
        report = check(Archive(content))
    except Unreadable:
        return
    assert report.code == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[" * 500_000, b'{"a":' * 200_000, b"[]", b"{}", b"\xff", b'{"stream":1}',
     b'{"stream":"x","revision":"y"}', b"1" * 5000],
)  # fmt: skip
def test_a_body_of_any_depth_is_read_without_harm(body):
    assert place(body)[2]


@pytest.mark.parametrize("raw", [b"", b"EQL1", b"EQL1" + bytes(92), b"EQL1" + b"\xff" * 200])
def test_what_is_no_entry_is_not_taken_apart(raw):
    assert entry(raw) is None


@pytest.mark.parametrize(
    "note",
    ["", "\n", "a\n\n\u2014 x y\n", "a\n\n", "a\n\n\u2014 x AAAA\n",
     "a" * 70_000 + "\n\n\u2014 x AAAAAA==\n", "a\n\n- x AAAAAAAA\n", "a\n\n\u2014 x AAAAAAAA y\n"],
)  # fmt: skip
def test_what_is_no_note_is_refused(note):
    with pytest.raises(Rejected):
        signers(note, "x", [])


@pytest.mark.parametrize("size", ["-1", "01", "1e3", "1 ", "9" * 19, "\u0661", ""])
def test_what_is_no_size_is_refused(size):
    with pytest.raises(Rejected):
        unsigned_head(f"o\n{size}\n{'A' * 43}=\n\n\u2014 o AAAAAAAA\n")


@pytest.mark.parametrize(
    "text",
    ["", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex x\n\nn\n", "x\nindex 1\n\nn"],
)  # fmt: skip
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(Rejected):
        proof(text)


@pytest.mark.parametrize("line", ["x", "a+b+c 1 -", "a+00000000+AAAA 1 -", "a+00000000 1 -"])
def test_what_is_no_key_is_refused(line):
    with pytest.raises(Rejected):
        policy(line)


async def test_a_signature_that_is_not_good_rejects_the_whole_note(desk, made):
    note = files(made)["bag/data/checkpoint"].decode()
    keys = policy_of(desk)
    assert head(note, keys).size == 4
    with pytest.raises(Rejected, match="not good"):
        head(note.replace("\n4\n", "\n5\n"), keys)
    stranger = note + "\u2014 stranger AAAAAAAAAAAA\n"
    assert head(stranger, keys).size == 4


async def test_every_finding_is_counted_and_few_are_told(desk, tmp_path):
    await record(desk.log, 300)
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar")
    parts = files(path.read_bytes())
    empty = {name: b"" if "/entries/" in name else one for name, one in parts.items()}
    report = check(Archive(packed(relisted(empty))), policy_of(desk))
    assert (len(report.findings), report.first_bad) == (100, 0)
    assert report.more > 200
    assert judged(desk, path).code == 0
