"""What a body must be before anything else decodes it: I-JSON (RFC 7493), small and flat enough.

JSON leaves open what to do with two equal keys, lone surrogates, NUL and huge integers, and every
decoder does something else. A log that is proved byte by byte cannot leave it open.
"""

import json
import re
from typing import Any, NoReturn

BODY_BYTES_MAX = 64 * 1024
"""Inclusive: the largest body of one action, in bytes."""
DEPTH_MAX = 32
"""Inclusive: how many arrays and objects may lie within each other."""
INTEGER_MAX = 2**53 - 1
"""Inclusive, in both directions: what every client can hold exactly."""

_INTEGER_DIGITS_MAX = len(str(INTEGER_MAX)) + 1
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_NUL = re.compile(rb"\\u0000")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[{\[]|[}\]]', re.DOTALL)


class NotStrict(ValueError):
    """The body is not a JSON text that every decoder reads alike. The message is for people."""


def check(body: bytes, depth_max: int = DEPTH_MAX) -> Any:
    """Read a body strictly.

    Args:
        body: the raw bytes; the caller has checked their number.
        depth_max: how deep it may be nested, inclusive.

    Returns:
        The value, as plain Python.

    Raises:
        NotStrict: no UTF-8, no JSON, nested too deeply, two equal keys in an object, an integer
            beyond `INTEGER_MAX`, a number that is not finite, a lone surrogate, or NUL.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise NotStrict(f"Byte {error.start} is not UTF-8.") from None
    # A cheap upper bound first: hardly any body has that many brackets.
    if body.count(b"{") + body.count(b"[") > depth_max and _too_deep(text, depth_max):
        raise NotStrict(f"It is nested more than {depth_max} deep.")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotStrict(f"Character {error.pos}: {error.msg}.") from None
    if _SURROGATE.search(body) or _NUL.search(body):
        _refuse_unwritable(value)
    return value


def _too_deep(text: str, depth_max: int) -> bool:
    """Whether brackets outside of strings lie deeper than that; the text need not be JSON."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        match found[0]:
            case "{" | "[":
                depth += 1
                if depth > depth_max:
                    return True
            case "}" | "]":
                depth -= 1
            case _:
                continue
    return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise NotStrict(f"The key {json.dumps(twice)} stands twice in one object.")
    return made


def _integer(digits: str) -> int:
    if len(digits) <= _INTEGER_DIGITS_MAX:
        number = int(digits)
        if -INTEGER_MAX <= number <= INTEGER_MAX:
            return number
    raise NotStrict("An integer is beyond 2^53 - 1: not every client can hold it.")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise NotStrict("A number is too large.")
    return number


def _no_constant(name: str) -> NoReturn:
    raise NotStrict(f"{name} is not JSON.")


def _refuse_unwritable(value: Any) -> None:
    """Escapes that mean no character may hide in keys and in texts."""
    match value:
        case str():
            if "\0" in value:
                raise NotStrict("A text holds NUL.")
            if any("\ud800" <= char <= "\udfff" for char in value):
                raise NotStrict("A text holds half of a surrogate pair.")
        case dict():
            for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
                _refuse_unwritable(key)
                _refuse_unwritable(inner)
        case list():
            for inner in value:  # pyright: ignore[reportUnknownVariableType]
                _refuse_unwritable(inner)
        case _:
            return


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once,
    parse_int=_integer,
    parse_float=_finite,
    parse_constant=_no_constant,
)
