"""A body that two programs could read differently is refused before anything else looks at it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enquiry_api.strictjson import DEPTH_MAX, INTEGER_MAX, NotStrict, check

AMBIGUOUS = {
    "two equal keys": b'{"a": 1, "a": 2}',
    "two equal keys, one escaped": b'{"a": 1, "\\u0061": 2}',
    "two equal keys further in": b'{"x": [{"a": 1, "a": 1}]}',
    "half of a surrogate pair": b'{"a": "\\ud800"}',
    "the other half": b'{"a": "\\uDFFF"}',
    "half of a pair in a key": b'{"\\ud800": 1}',
    "an escaped NUL": b'{"a": ["\\u0000"]}',
    "an escaped NUL in a key": b'{"\\u0000": 1}',
    "a raw NUL": b'{"a": "\x00"}',
    "a raw line break in a text": b'{"a": "x\ny"}',
    "an integer beyond 2^53": b'{"a": 9007199254740993}',
    "2^53 itself": b'{"a": 9007199254740992}',
    "a negative one beyond it": b'{"a": -9007199254740993}',
    "thousands of digits": b'{"a": ' + b"9" * 5000 + b"}",
    "a number that is infinite": b'{"a": 1e999}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "one level too deep": b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1),
    "a hundred thousand levels": b"[" * 100_000,
    "a level too deep, brackets in texts before it": b'["]]]]",' + b"[" * 32 + b"]" * 33,
    "bytes that are not UTF-8": b'{"a": "\xff"}',
    "an encoded surrogate": b'{"a": "\xed\xa0\x80"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "nothing": b"",
    "something behind the end": b"{} {}",
    "a comma too many": b'{"a": 1,}',
    "a leading zero": b'{"a": 012}',
    "a comment": b"{} // nothing",
}
PLAIN = {
    "an empty object": b"{}",
    "the largest integers": b"[%d, -%d]" % (INTEGER_MAX, INTEGER_MAX),
    "a whole surrogate pair": b'"\\ud83d\\ude00"',
    "a backslash before u0000": b'"\\\\u0000"',
    "the same key in two objects": b'[{"a": 1}, {"a": 2}]',
    "as deep as allowed": b"[" * DEPTH_MAX + b"]" * DEPTH_MAX,
    "many brackets beside each other": b"[" + b",".join([b"[]"] * 500) + b"]",
    "many brackets in a text": b'"' + b"[" * 500 + b'"',
    "an escaped quote before brackets": b'["\\"' + b"[" * 40 + b'"]',
}


@pytest.mark.parametrize("body", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_what_can_be_read_in_two_ways_is_refused(body: bytes) -> None:
    with pytest.raises(NotStrict):
        check(body)


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN.keys())
def test_what_everybody_reads_alike_passes(body: bytes) -> None:
    assert check(body) == json.loads(body)


def test_the_doubled_key_is_named() -> None:
    with pytest.raises(NotStrict, match='"note" stands twice'):
        check(b'{"a": {"note": 1, "b": 2, "note": 3}}')


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-INTEGER_MAX, INTEGER_MAX)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(values, st.booleans())
def test_every_ordinary_value_comes_through(value: object, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    if "\\u0000" not in text:
        assert check(text.encode()) == value


@given(st.binary(max_size=60))
def test_no_bytes_break_it(body: bytes) -> None:
    with suppress(NotStrict):
        assert check(body) == json.loads(body)
