"""A sealed value opens in its own place, with its own key, unaltered; and nowhere else."""

import os
import struct
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enquiry.privacy.sealing import (
    KEY_BYTES,
    NONCE_BYTES,
    STEP_BYTES,
    Context,
    DataKey,
    Envelope,
    NotAuthentic,
    NotText,
    commitment,
    seal,
    unseal,
)

KEY = DataKey(UUID(int=9), b"k" * KEY_BYTES)
ENVELOPE = Envelope(
    alliance=UUID(int=1),
    stream=UUID(int=2),
    event=UUID(int=3),
    kind="learning-walk/note-recorded",
    schema=1,
)
CONTEXT = Context(ENVELOPE, slot=0, path="note", subject=UUID(int=4), kind="contribution")

# Texts as JSON may bring them: any code point but a surrogate, NUL and padding included.
TEXTS = st.text() | st.text(alphabet="\x00\x80ā€", max_size=3 * STEP_BYTES)
CONTEXTS = st.builds(
    Context,
    st.builds(
        Envelope,
        alliance=st.uuids(),
        stream=st.uuids(),
        event=st.uuids(),
        kind=st.text(max_size=20),
        schema=st.integers(0, 2**32 - 1),
    ),
    slot=st.integers(0, 2**15 - 1),
    path=st.text(max_size=20),
    subject=st.uuids(),
    kind=st.text(max_size=20),
)


@given(TEXTS, CONTEXTS)
def test_a_text_comes_back_as_it_was_sealed(text, context):
    assert unseal(KEY, seal(KEY, text, context), context) == text


@settings(max_examples=20)
@given(st.text(max_size=40))
def test_no_altered_bit_goes_unnoticed(text):
    sealed = seal(KEY, text, CONTEXT)
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NotAuthentic):
            unseal(KEY, bytes(altered), CONTEXT)


def test_no_shortened_or_lengthened_value_opens():
    sealed = seal(KEY, "a note", CONTEXT)
    for length in range(len(sealed)):
        with pytest.raises(NotAuthentic):
            unseal(KEY, sealed[:length], CONTEXT)
    with pytest.raises(NotAuthentic):
        unseal(KEY, sealed + b"\0", CONTEXT)


def with_another(whole: msgspec.Struct, name: str) -> msgspec.Struct:
    """The same but for one field, whose other value is as long as the first."""
    others = {UUID: lambda _: uuid4(), int: lambda n: n + 1, str: lambda s: s[::-1]}
    value = getattr(whole, name)
    return msgspec.structs.replace(whole, **{name: others[type(value)](value)})


@pytest.mark.parametrize(
    "moved",
    [
        *(with_another(CONTEXT, name) for name in Context.__struct_fields__[1:]),
        *(
            msgspec.structs.replace(CONTEXT, envelope=with_another(ENVELOPE, name))
            for name in Envelope.__struct_fields__
        ),
    ],
    ids=[*Context.__struct_fields__[1:], *Envelope.__struct_fields__],
)
def test_a_value_does_not_open_in_another_place(moved):
    sealed = seal(KEY, "a note", CONTEXT)
    assert moved != CONTEXT
    with pytest.raises(NotAuthentic):
        unseal(KEY, sealed, moved)


@given(CONTEXTS, CONTEXTS)
def test_no_two_places_are_taken_for_one(one, other):
    sealed = seal(KEY, "a note", one)
    if one != other:
        with pytest.raises(NotAuthentic):
            unseal(KEY, sealed, other)


def test_names_that_run_together_are_still_two_places():
    split = [("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd"), ("abcd", "", "")]
    contexts = [
        msgspec.structs.replace(
            CONTEXT, envelope=msgspec.structs.replace(ENVELOPE, kind=event), kind=kind, path=path
        )
        for event, kind, path in split
    ]
    for one in contexts:
        sealed = seal(KEY, "a note", one)
        for other in contexts:
            if other != one:
                with pytest.raises(NotAuthentic):
                    unseal(KEY, sealed, other)


def test_another_key_does_not_open_a_value():
    sealed = seal(KEY, "a note", CONTEXT)
    with pytest.raises(NotAuthentic):
        unseal(DataKey(KEY.id, b"x" * KEY_BYTES), sealed, CONTEXT)


def test_the_same_key_under_another_id_does_not_open_a_value():
    sealed = seal(KEY, "a note", CONTEXT)
    with pytest.raises(NotAuthentic):
        unseal(DataKey(uuid4(), b"k" * KEY_BYTES), sealed, CONTEXT)


def test_a_key_of_another_length_is_refused():
    for length in (0, 16, 24, 31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            DataKey(uuid4(), b"k" * length)


@given(st.integers(0, 4 * STEP_BYTES))
def test_a_sealed_value_tells_its_length_only_in_whole_steps(length):
    sealed = len(seal(KEY, "x" * length, CONTEXT))
    steps = length // STEP_BYTES + 1
    assert sealed == 1 + NONCE_BYTES + steps * STEP_BYTES + 16


def test_an_empty_text_and_a_long_word_look_alike():
    assert len(seal(KEY, "", CONTEXT)) == len(seal(KEY, "x" * (STEP_BYTES - 1), CONTEXT))
    assert len(seal(KEY, "", CONTEXT)) < len(seal(KEY, "x" * STEP_BYTES, CONTEXT))


@pytest.mark.parametrize("text", ["\ud800", "before \udfff after", "\udc00\ud800"])
def test_a_lone_surrogate_is_refused_and_the_refusal_does_not_quote_it(text):
    with pytest.raises(NotText) as refusal:
        seal(KEY, "Moana Parata " + text, CONTEXT)
    assert refusal.value.__context__ is None
    assert refusal.value.__cause__ is None
    assert "Moana" not in str(refusal.value)


@pytest.mark.parametrize("slot", [-1, 2**16])
def test_a_slot_out_of_bounds_is_refused(slot):
    with pytest.raises(struct.error):
        seal(KEY, "a note", msgspec.structs.replace(CONTEXT, slot=slot))


def nonces(count: int) -> list[bytes]:
    return [seal(KEY, "", CONTEXT)[1 : 1 + NONCE_BYTES] for _ in range(count)]


def test_fifty_thousand_nonces_do_not_repeat():
    assert len(set(nonces(50_000))) == 50_000


def test_a_forked_process_does_not_repeat_the_nonces_of_its_parent():
    count = 1000
    before = nonces(1)  # whatever would be set up at the first use is set up now
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # nothing of the test runner may run here
        try:
            with os.fdopen(write, "wb") as pipe:
                pipe.write(b"".join(nonces(count)))
        finally:
            os._exit(0)
    os.close(write)
    own = nonces(count)
    with os.fdopen(read, "rb") as pipe:
        sent = pipe.read()
    os.waitpid(child, 0)
    theirs = [sent[i : i + NONCE_BYTES] for i in range(0, len(sent), NONCE_BYTES)]
    assert len(theirs) == count
    assert len(set(before + own + theirs)) == 1 + 2 * count


def test_a_commitment_is_the_same_for_the_same_key_and_id_only():
    one, two = b"1" * KEY_BYTES, b"2" * KEY_BYTES
    recorded = commitment(one, KEY.id)
    assert len(recorded) == 32
    assert recorded == commitment(one, KEY.id)
    assert recorded != commitment(two, KEY.id)
    assert recorded != commitment(one, uuid4())
