"""The key file: made once, whole, for its owner alone, and apart from the database."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from enquiry.privacy.sealing import NotAuthentic
from enquiry.privacy.source import KeyFile, KeyFileRefused, KeySource, KeySourceUnavailable

SECRET = b"s" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "key-encryption-keys"


async def test_a_wrapped_key_comes_back_for_what_it_was_wrapped_for(path):
    source: KeySource = KeyFile.create(path)
    wrapped = await source.wrap(SECRET, b"for this")
    assert await source.unwrap(wrapped, b"for this") == SECRET
    with pytest.raises(NotAuthentic):
        await source.unwrap(wrapped, b"for that")


async def test_no_altered_bit_of_a_wrapped_key_is_taken(path):
    source = KeyFile.create(path)
    wrapped = await source.wrap(SECRET, b"")
    for bit in range(len(wrapped) * 8):
        altered = bytearray(wrapped)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NotAuthentic, KeySourceUnavailable)):
            await source.unwrap(bytes(altered), b"")
    for length in range(len(wrapped)):
        with pytest.raises(NotAuthentic):
            await source.unwrap(wrapped[:length], b"")


async def test_a_wrapped_key_does_not_hold_the_key_in_clear(path):
    assert SECRET not in await KeyFile.create(path).wrap(SECRET, b"")


def test_a_new_key_file_is_for_its_owner_alone_whatever_the_umask(path):
    before = os.umask(0)
    try:
        KeyFile.create(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o660, 0o777])
def test_a_key_file_that_others_can_read_or_write_is_refused(path, mode):
    KeyFile.create(path)
    path.chmod(mode)
    for opened in (KeyFile.open, KeyFile.create):
        with pytest.raises(KeyFileRefused, match="mode 600"):
            opened(path)


def test_a_key_file_that_its_owner_may_only_read_is_taken(path):
    made = KeyFile.create(path)
    path.chmod(0o400)
    assert KeyFile.open(path).epoch == made.epoch


def test_a_key_file_inside_a_database_cluster_is_refused(tmp_path):
    (tmp_path / "PG_VERSION").write_text("18\n")
    deep = tmp_path / "base" / "1"
    deep.mkdir(parents=True)
    for folder in (tmp_path, deep):
        for opened in (KeyFile.open, KeyFile.create):
            with pytest.raises(KeyFileRefused, match="database cluster"):
                opened(folder / "keys")
        assert not (folder / "keys").exists()


def test_a_link_into_a_database_cluster_is_refused(tmp_path, path):
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    KeyFile.create(cluster / "keys")
    (cluster / "PG_VERSION").write_text("18\n")
    path.symlink_to(cluster / "keys")
    with pytest.raises(KeyFileRefused, match="database cluster"):
        KeyFile.open(path)


async def test_creating_twice_keeps_the_first_key(path):
    wrapped = await KeyFile.create(path).wrap(SECRET, b"")
    content = path.read_bytes()
    assert await KeyFile.create(path).unwrap(wrapped, b"") == SECRET
    assert path.read_bytes() == content


def test_of_many_that_create_at_once_all_hold_the_same_key(path, monkeypatch):
    # Nobody sees the file before everybody has decided to make it.
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    with ThreadPoolExecutor(8) as pool:
        epochs = {made.epoch for made in pool.map(KeyFile.create, [path] * 8)}
    assert epochs == {KeyFile.open(path).epoch}
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_failed_creation_leaves_nothing_behind(path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        KeyFile.create(path)
    assert list(path.parent.iterdir()) == []


def test_opening_does_not_make_a_key_file(path):
    with pytest.raises(FileNotFoundError):
        KeyFile.open(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# only a notice\n",
        b"hello\n",
        b"6f2c0a52-5c8e-4b63-8a55-6b1d6a0b9c11 c2hvcnQ=\n",
        b"6f2c0a52-5c8e-4b63-8a55-6b1d6a0b9c11 !!!!\n",
        b"not-an-id c2hvcnQ=\n",
        b"\xff\xfe",
    ],
)
def test_a_file_that_is_no_key_file_is_refused(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileRefused, match="is not a key file"):
        KeyFile.open(path)


def test_a_key_file_with_one_broken_line_is_refused_whole(path):
    KeyFile.create(path)
    with path.open("ab") as file:
        file.write(b"6f2c0a52-5c8e-4b63-8a55-6b1d6a0b9c11 c2hvcnQ=\n")
    with pytest.raises(KeyFileRefused):
        KeyFile.open(path)


async def test_a_new_epoch_wraps_and_the_old_one_still_unwraps():
    old, new = UUID(int=1), UUID(int=2)
    before = KeyFile({old: b"o" * 32})
    after = KeyFile({old: b"o" * 32, new: b"n" * 32})
    wrapped = await before.wrap(SECRET, b"")
    assert after.epoch == new
    assert await after.unwrap(wrapped, b"") == SECRET
    with pytest.raises(KeySourceUnavailable, match=str(new)):
        await before.unwrap(await after.wrap(SECRET, b""), b"")


async def test_a_lost_epoch_is_not_taken_for_an_erasure():
    wrapped = await KeyFile({UUID(int=1): b"o" * 32}).wrap(SECRET, b"")
    with pytest.raises(KeySourceUnavailable):
        await KeyFile({UUID(int=2): b"n" * 32}).unwrap(wrapped, b"")
