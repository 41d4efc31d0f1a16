"""Neither a personal text nor a key is ever printed: not in a repr, an error or a line of log."""

import base64
import io
import logging
import pprint
import traceback
from uuid import UUID

import pytest
import structlog
from rich.console import Console

from enquiry.privacy import keys as keys_module
from enquiry.privacy import source as source_module
from enquiry.privacy.keys import Keyring, Personal
from enquiry.privacy.sealing import NotText
from enquiry.privacy.source import KeyFile

CANARY = "canary-text-7c1f"
SECRET = b"canary-secret-of-32-bytes-7c1f!!"
NOTE = Personal("text", UUID(int=10), "contribution", CANARY)


def spellings(secret: bytes) -> list[str]:
    whole = base64.b64encode(secret).decode()
    return [secret.decode(), secret.hex(), whole, repr(secret), str(list(secret))]


@pytest.fixture
def printed(caplog):
    """Print in every way that we know of, and give all that was printed."""
    caplog.set_level(logging.DEBUG)
    out = io.StringIO()
    console = Console(file=out, width=1000)
    structured = structlog.wrap_logger(
        structlog.PrintLogger(out), processors=[structlog.processors.JSONRenderer()]
    )

    def show(*things):
        for thing in things:
            out.write(f"{thing} {thing!r} {[thing]} {pprint.pformat(thing)}\n")
            console.print(thing, [thing])
            logging.getLogger("canary").warning("seen: %s %r", thing, thing)
            structured.info("seen", thing=repr(thing))
        return out.getvalue() + caplog.text

    return show


@pytest.fixture
async def everything(log, clock, monkeypatch, new_envelope, append_of):
    """Every object that holds or held a key or a text, with known random bytes for the keys."""
    monkeypatch.setattr(keys_module.os, "urandom", lambda n: SECRET[:n])
    source = KeyFile({UUID(int=7): SECRET})
    keyring = Keyring(log, source, clock)
    envelope = new_envelope()
    batch = await keyring.seal([(envelope, [NOTE])])
    batch.commit(await log.append(append_of(envelope, batch)))
    held = keyring._cache
    assert len(held) == 1
    return [
        NOTE,
        source,
        keyring,
        held,
        held._held,
        batch,
        batch._new,
        batch.keys,
        batch.values,
        vars(keyring),
        vars(held),
    ]


async def test_no_repr_shows_a_key_or_a_text(everything, printed):
    seen = printed(*everything)
    assert "DataKey(" in seen  # the canary's cage was looked into
    assert "Personal(" in seen
    assert CANARY not in seen
    for spelling in spellings(SECRET):
        assert spelling not in seen


async def test_no_error_shows_a_text(keyring, new_envelope, printed):
    with pytest.raises(NotText) as refusal:
        await keyring.seal([(new_envelope(), [NOTE._replace(text=CANARY + "\ud800")])])
    lines = "".join(traceback.format_exception(refusal.value))
    assert CANARY not in printed(refusal.value, refusal.value.args) + lines


async def test_no_error_shows_a_key(tmp_path, printed):
    path = tmp_path / "keys"
    whole = base64.b64encode(SECRET).decode()
    path.write_text(f"{UUID(int=7)} {whole}\n{UUID(int=8)} {whole[:-5]}é\n")
    path.chmod(0o600)
    with pytest.raises(source_module.KeyFileRefused) as refusal:
        KeyFile.open(path)
    assert refusal.value.__context__ is None
    lines = "".join(traceback.format_exception(refusal.value))
    for spelling in (*spellings(SECRET), whole[:-5]):
        assert spelling not in printed(refusal.value) + lines


async def test_a_sealed_event_holds_neither_key_nor_text(everything, log):
    stored = [value.ciphertext for value in log.values.values()]
    stored += [key.wrapped + key.commitment for key in log.keys.values()]
    assert len(stored) == 2
    for content in stored:
        assert CANARY.encode() not in content
        assert SECRET not in content
