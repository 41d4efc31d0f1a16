"""A digest of a method's shape: what must not change without a new version.

Words may change at any time: titles, questions, sentences, hints. What a running stream depends on
may not: stages, who may do what where, the fields of forms and facts, codes, who reads what.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from enquiry.method.entry import Entry
from enquiry.method.method import Method, Move, Show
from enquiry.method.schema import schema_of
from enquiry.method.texts import slots_of

_WORDS = frozenset({"title", "description", "x-ui"})


def shape(method: Method) -> dict[str, Any]:
    """Everything about a method that a running stream depends on, as plain values."""
    return {
        "id": method.id,
        "version": method.version,
        "stream": method.stream,
        "roles": {role.name: [role.at_least, role.at_most] for role in method.roles},
        "stages": [[stage.name, stage.final] for stage in method.stages],
        "tracks": {t.name: [t.within, *(stage.name for stage in t.stages)] for t in method.tracks},
        "moves": {move.kind: _move(move) for move in method.moves},
        "facts": {kind: _fact(fact) for kind, fact in method.facts.items()},
        "shows": sorted(_show(method, show) for show in method.shows),
        "views": {view.name: sorted(role.name for role in view.to) for view in method.views},
        **_undated(method),
        "upcasts": sorted(f"{kind}@{version}" for kind, version in method.upcasts),
        "options": _unworded(schema_of(method.options)) if method.options is not None else None,
    }


def _undated(method: Method) -> dict[str, Any]:
    """Views that nobody may ask for as they were; named only where there are any."""
    names = sorted(view.name for view in method.views if not view.past)
    return {"undated": names} if names else {}


def _move(move: Move) -> dict[str, Any]:
    return {
        "by": sorted(role.name for role in move.by),
        "at": sorted(stage.name for stage in move.at),
        "to": sorted(stage.name for stage in move.to),
        "rules": [f"{rule.code}@{rule.step.name.lower()}" for rule in move.rules],
        "records": sorted(str(fact.__records__) for fact in move.facts),
        "flags": sorted(
            name
            for name in ("decision", "opens", "after_close", "offline", "deviation")
            if getattr(move, name)
        ),
        "form": _unworded(schema_of(move.entry)),
    }


def _fact(fact: type[Entry]) -> dict[str, Any]:
    told = {
        "version": fact.__version__,
        "fields": _unworded(schema_of(fact)),
        "guarded": sorted(_guarded(slots_of(fact), "")),
    }
    if fact.__unsigned__:
        told["unsigned"] = True
    if fact.__sealed__:
        told["sealed"] = sorted(fact.__sealed__)
    return told


def _guarded(slots: Any, prefix: str) -> list[str]:
    found: list[str] = []
    for slot in slots:
        if slot.inner:
            found += _guarded(slot.inner, f"{prefix}{slot.name}.")
        elif slot.field is not None and slot.field.guard:
            found.append(f"{prefix}{slot.name}: {slot.field.guard}")
    return found


def _show(method: Method, show: Show) -> str:
    names = {fact: kind for kind, fact in method.facts.items()}
    to = " ".join(sorted(role.name for role in show.to))
    since = f" since {show.since.name}" if show.since is not None else ""
    when = " when" if show.when is not None else ""
    hide = f" without {' '.join(sorted(show.hide))}" if show.hide else ""
    held = " today" if show.today else ""
    return f"{names.get(show.fact, show.fact.__name__)} to {to}{held}{since}{when}{hide}"


def _unworded(value: Any) -> Any:
    """A schema without what only people read. A field of the same name as a keyword stays."""
    if isinstance(value, Mapping):
        plain = cast("Mapping[str, Any]", value)
        kept = {key: _unworded(item) for key, item in plain.items() if key not in _WORDS}
        if isinstance(plain.get("properties"), Mapping):
            kept["properties"] = {k: _unworded(v) for k, v in plain["properties"].items()}
        return kept
    if isinstance(value, (list, tuple)):
        return [_unworded(item) for item in cast("list[Any]", value)]
    return value


def digest_of(shape: Any) -> str:
    """SHA-256 over plain values, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(shape, order="deterministic")).hexdigest()


def shape_digest(method: Method) -> str:
    """SHA-256 over the shape, in hexadecimal."""
    return digest_of(shape(method))
