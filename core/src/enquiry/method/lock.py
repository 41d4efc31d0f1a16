"""``method.lock``: the shape of every released version, so that none changes by accident.

A JSON file: each version of a method (``peer-triad@1``) with the digest of its shape and the shape
itself, so that a review shows what changed, and not only that something did.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import msgspec

from enquiry.method.digest import digest_of, shape
from enquiry.method.flaw import Flaw
from enquiry.method.method import Method

NAME = "method.lock"


class Locked(msgspec.Struct, frozen=True):
    """A released version."""

    digest: str
    shape: dict[str, Any]


def locked(text: bytes) -> dict[str, Locked]:
    """Read a lock.

    Raises:
        msgspec.ValidationError: it is no lock, or somebody edited it: a digest does not fit.
    """
    found = msgspec.json.decode(text, type=dict[str, Locked])
    for name, version in found.items():
        if digest_of(version.shape) != version.digest:
            raise msgspec.ValidationError(f"{name}: the digest is not that of the shape")
    return found


def lock(methods: Iterable[Method], before: Mapping[str, Locked]) -> bytes:
    """The lock with these methods in it as they are now; other versions stay as they were."""
    made = dict(before)
    for method in methods:
        plain = _plain(shape(method))
        made[_name(method)] = Locked(digest_of(plain), plain)
    encoded = msgspec.json.encode(made, order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def check(method: Method, known: Mapping[str, Locked] | None) -> tuple[Flaw, ...]:
    """P11: the shape is the one that was locked for this version."""
    name = _name(method)
    if known is None or name not in known:
        says = "it is not in method.lock; release it with: enquiry freeze"
        return (Flaw("P11", name, says),)
    plain = _plain(shape(method))
    if digest_of(plain) == known[name].digest:
        return ()
    changed = list(differences(known[name].shape, plain))
    shown = "; ".join(changed[:5]) + (f"; and {len(changed) - 5} more" if changed[5:] else "")
    says = f"its shape changed without a new version: {shown}. Runs of {name} rely on the old one."
    return (Flaw("P11", name, says),)


def _name(method: Method) -> str:
    return f"{method.id}@{method.version}"


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Where two plain values differ, one short line for each place."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        was, now = cast("Mapping[str, Any]", before), cast("Mapping[str, Any]", after)
        for key in sorted({*was, *now}):
            here = f"{path}/{key}"
            if key not in now:
                yield f"{here} is gone"
            elif key not in was:
                yield f"{here} is new"
            else:
                yield from differences(was[key], now[key], here)
    elif before != after:
        yield f"{path}: {_short(before)} became {_short(after)}"


def _short(value: Any) -> str:
    encoded = msgspec.json.encode(value).decode()
    return encoded if len(encoded) <= 60 else f"{encoded[:57]}..."
