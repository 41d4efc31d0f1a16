"""Signing keys: the note format, the file, rotation with ranges of sizes."""

from base64 import b64decode
from uuid import UUID

import pytest

from enquiry.audit.files import FolderRefused
from enquiry.audit.keys import KeyRing, Validity
from enquiry.audit.notes import Checkpoint, NoteKey, checkpoint_of, verifier_key

HILLSIDE, RIVERBANK = UUID(int=1), UUID(int=2)
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)


def test_the_known_example_of_a_signed_note_comes_out_to_the_letter():
    key = NoteKey(b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:])
    name = "PeterNeumann"
    assert verifier_key(name, key.public) == (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    )
    signature = (
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ryy"
        "BwJnAM="
    )
    assert key.signed(name, TEXT) == f"{TEXT}\n\u2014 {name} {signature}\n"


def test_a_key_does_not_show_itself():
    seed = bytes(range(32))
    assert seed.hex() not in repr(NoteKey(seed))


def test_a_checkpoint_has_three_lines():
    checkpoint = Checkpoint("enquiry/x", 7, bytes(32))
    assert checkpoint.body == f"enquiry/x\n7\n{'A' * 43}=\n"
    assert checkpoint_of(NoteKey(bytes(32)).signed("enquiry/x", checkpoint.body)) == checkpoint


@pytest.mark.parametrize("note", ["", "a\nb\nc\n", "a\n1\nAAAA\n", f"a\n01\n{'A' * 43}=\n"])
def test_what_is_no_checkpoint_is_refused(note):
    with pytest.raises(ValueError):
        checkpoint_of(note)


def test_a_retired_key_may_sign_nothing_beyond_what_it_signed(tmp_path):
    first = KeyRing.create(tmp_path / "keys")
    second = first.rotated({HILLSIDE: 10})
    third = second.rotated({HILLSIDE: 10, RIVERBANK: 4})
    assert KeyRing.open(tmp_path / "keys").public == third.public
    one, two, three = third.public
    assert third.validities(HILLSIDE) == (Validity(one, 1, 10), Validity(three, 11, None))
    assert third.validities(RIVERBANK) == (Validity(two, 1, 4), Validity(three, 5, None))
    assert first.validities(RIVERBANK) == (Validity(one, 1, None),)


def test_the_newest_key_signs(tmp_path):
    ring = KeyRing.create(tmp_path / "keys")
    checkpoint = Checkpoint("enquiry/x", 7, bytes(32))
    before = ring.signed(checkpoint)
    assert KeyRing.open(tmp_path / "keys").signed(checkpoint) == before
    assert ring.rotated({}).signed(checkpoint) != before


def test_keys_are_made_once(tmp_path):
    assert KeyRing.create(tmp_path / "keys").public == KeyRing.create(tmp_path / "keys").public
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"{}", b'{"epochs":[]}', b'{"epochs":[{"seed":"AA=="}]}'])
def test_a_file_that_holds_no_keys_is_refused(tmp_path, content):
    (tmp_path / "keys").write_bytes(content)
    (tmp_path / "keys").chmod(0o600)
    with pytest.raises(FolderRefused, match="does not hold"):
        KeyRing.open(tmp_path / "keys")


def test_keys_that_others_may_read_are_refused(tmp_path):
    KeyRing.create(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o640)
    with pytest.raises(FolderRefused, match="mode 600"):
        KeyRing.open(tmp_path / "keys")
