"""Times inside an entry: each must say its zone, or it could not be compared with any other."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct


@cache
def has_instants(entry: type[Any]) -> bool:
    """Whether a value of this type may hold a time of a day."""
    return _holds(msgspec.inspect.type_info(entry))


def _holds(t: Any) -> bool:
    if isinstance(t, msgspec.inspect.DateTimeType):
        return True
    inner: list[Any] = [getattr(t, "type", None), getattr(t, "item_type", None)]
    inner += getattr(t, "types", ())
    inner += [field.type for field in getattr(t, "fields", ())]
    return any(_holds(one) for one in inner if one is not None)


def without_zone(value: Any, path: str = "") -> Iterator[str]:
    """JSON Pointers of the times that do not say their zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            yield path
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from without_zone(getattr(value, name), f"{path}/{name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from without_zone(item, f"{path}/{index}")
