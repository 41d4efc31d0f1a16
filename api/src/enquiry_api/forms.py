"""The JSON Schema of a move's form, as frontends take it and as the OpenAPI document holds it."""

from typing import Any

import msgspec
from msgspec import Raw

from enquiry.method.method import Method, Move
from enquiry.method.schema import schema


def form(move: Move) -> Raw:
    """The form with its hints: one flat, closed JSON Schema, encoded."""
    return Raw(msgspec.json.encode(schema(move)))


def component_name(method: Method, move: Move) -> str:
    """Name of a form in the OpenAPI document: no two forms share one."""
    return f"{method.id}.v{method.version}.{move.kind}"


def component(move: Move) -> dict[str, Any]:
    """The form as a component of the OpenAPI document, which states the dialect for all."""
    made = dict(schema(move))
    made.pop("$schema", None)
    return made
