"""JSON Schema 2020-12 of forms, facts and views, flat and with hints for whoever draws the form.

``x-ui`` holds hints from a closed list, ``x-personal`` whose value it is, ``x-address`` that the
field says which object is meant. A form is usable without any of them.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec
from msgspec import NODEFAULT, UNSET, Struct
from msgspec import inspect as shapes

from enquiry.method.method import Move

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]

_PLAIN: Mapping[type, Json] = {
    shapes.AnyType: {},
    shapes.RawType: {},
    shapes.NoneType: {"type": "null"},
    shapes.BoolType: {"type": "boolean"},
    shapes.UUIDType: {"type": "string", "format": "uuid"},
    shapes.DateType: {"type": "string", "format": "date"},
    shapes.TimeType: {"type": "string", "format": "time"},
    shapes.DateTimeType: {"type": "string", "format": "date-time"},
    shapes.TimeDeltaType: {"type": "string", "format": "duration"},
    shapes.DecimalType: {"type": "string", "format": "decimal"},
    shapes.BytesType: {"type": "string", "contentEncoding": "base64"},
}
_LIMITS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
}


def schema(move: Move) -> Json:
    """The form of a move: one closed, flat object."""
    made = {"$schema": DIALECT, "title": move.title, **schema_of(move.entry)}
    return {**made, "description": move.help} if move.help else made


def schema_of(made: Any) -> Json:
    """The schema of any type that msgspec can encode, with nothing left to look up.

    Raises:
        ValueError: the type contains itself, so it has no flat schema.
    """
    return _of(shapes.type_info(made), ())


def _of(t: Any, inside: tuple[type, ...]) -> Json:
    if isinstance(t, shapes.Metadata):
        return {**_of(t.type, inside), **cast("Json", t.extra_json_schema or {})}
    kind = type(t)  # pyright: ignore[reportUnknownVariableType]
    build = _BUILT.get(kind)  # pyright: ignore[reportUnknownArgumentType]
    return dict(_PLAIN[kind]) if build is None else build(t, inside)


def _map(t: Any, inside: tuple[type, ...]) -> Json:
    return {"type": "object", "additionalProperties": _of(t.value_type, inside)}


def _tuple(t: Any, inside: tuple[type, ...]) -> Json:
    items = [_of(item, inside) for item in t.item_types]
    return {"type": "array", "prefixItems": items, "items": False}


def _list(t: Any, inside: tuple[type, ...]) -> Json:
    return {"type": "array", "items": _of(t.item_type, inside), **_sized(t, "Items")}


def _choice(t: Any, inside: tuple[type, ...]) -> Json:
    del inside
    if isinstance(t, shapes.EnumType):
        return {"enum": [member.value for member in t.cls]}
    return {"enum": list(t.values)}


def _string(t: Any, inside: tuple[type, ...]) -> Json:
    del inside
    return {"type": "string", **_sized(t, "Length"), **_limited(t)}


def _number(t: Any, inside: tuple[type, ...]) -> Json:
    del inside
    name = "integer" if isinstance(t, shapes.IntType) else "number"
    return {"type": name, **_limited(t)}


def _limited(t: Any) -> Json:
    given = {_LIMITS[name]: getattr(t, name, None) for name in _LIMITS}
    return {name: value for name, value in given.items() if value is not None}


def _sized(t: Any, what: str) -> Json:
    given = {f"min{what}": t.min_length, f"max{what}": t.max_length}
    return {name: value for name, value in given.items() if value is not None}


def _union(t: Any, inside: tuple[type, ...]) -> Json:
    """``X | None`` stays flat: the same schema that also takes null."""
    rest = [_of(inner, inside) for inner in t.types if not isinstance(inner, shapes.NoneType)]
    if len(rest) == len(t.types):
        return {"anyOf": rest}
    if len(rest) > 1:
        return {"anyOf": [*rest, {"type": "null"}]}
    one = rest[0]
    if "enum" in one:
        return {**one, "enum": [*one["enum"], None]}
    return {**one, "type": [one["type"], "null"]} if "type" in one else one


def _object(t: Any, inside: tuple[type, ...]) -> Json:
    if t.cls in inside:
        raise ValueError(f"{t.cls.__name__} contains itself")
    properties: Json = {}
    for f in t.fields:
        properties[f.encode_name] = _of(f.type, (*inside, t.cls))
        if f.default not in (NODEFAULT, UNSET, None) and not isinstance(f.default, Struct):
            properties[f.encode_name]["default"] = msgspec.to_builtins(f.default)
    made: Json = {"type": "object", "properties": properties}
    required = [f.encode_name for f in t.fields if f.required]
    if required:
        made["required"] = required
    return {**made, "additionalProperties": False} if t.forbid_unknown_fields else made


_BUILT: Mapping[type, Callable[[Any, tuple[type, ...]], Json]] = {
    shapes.UnionType: _union,
    shapes.StructType: _object,
    shapes.DictType: _map,
    shapes.TupleType: _tuple,
    shapes.VarTupleType: _list,
    shapes.ListType: _list,
    shapes.SetType: _list,
    shapes.FrozenSetType: _list,
    shapes.EnumType: _choice,
    shapes.LiteralType: _choice,
    shapes.StrType: _string,
    shapes.IntType: _number,
    shapes.FloatType: _number,
}
