"""A digest of a method's shape: what must not change without a new version."""

import hashlib
from typing import Any

import msgspec

from enquiry.method.method import Method, Move


def shape(method: Method) -> dict[str, Any]:
    """Everything about a method that a running stream depends on, as plain values."""
    return {
        "id": method.id,
        "version": method.version,
        "stages": [(stage.name, stage.final) for stage in method.stages],
        "tracks": [(t.name, t.within, [stage.name for stage in t.stages]) for t in method.tracks],
        "moves": [_move(move) for move in method.moves],
        "facts": {kind: msgspec.json.schema(fact) for kind, fact in method.facts.items()},
        "shows": [
            (show.fact.__name__, [role.name for role in show.to], list(show.hide))
            for show in method.shows
        ],
        "views": [(view.name, [role.name for role in view.to]) for view in method.views],
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "kind": move.kind,
        "by": [role.name for role in move.by],
        "at": [stage.name for stage in move.at],
        "to": [stage.name for stage in move.to],
        "rules": [(rule.name, rule.code, int(rule.step)) for rule in move.rules],
        "decision": move.decision,
        "form": msgspec.json.schema(move.entry),
    }


def shape_digest(method: Method) -> str:
    """SHA-256 over the shape, in hexadecimal."""
    canonical = msgspec.json.encode(shape(method), order="deterministic")
    return hashlib.sha256(canonical).hexdigest()
