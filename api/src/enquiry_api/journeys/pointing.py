"""JSON Pointers into what came back, with ``*`` for every item of a list."""

from typing import Any, cast


def found(value: Any, pointer: str) -> list[Any]:
    """Everything that the pointer leads to; nothing if it leads nowhere.

    Args:
        value: plain JSON values.
        pointer: as in RFC 6901, but that ``*`` stands for every item of a list or mapping.
    """
    here = [value]
    if pointer in ("", "/"):
        return here
    for raw in pointer.removeprefix("/").split("/"):
        step = raw.replace("~1", "/").replace("~0", "~")
        here = [inner for one in here for inner in _next(one, step)]
    return here


def _next(value: Any, step: str) -> list[Any]:
    match value:
        case dict():
            return _in_mapping(cast("dict[str, Any]", value), step)
        case list():
            return _in_list(cast("list[Any]", value), step)
        case _:
            return []


def _in_mapping(value: dict[str, Any], step: str) -> list[Any]:
    if step == "*":
        return list(value.values())
    return [value[step]] if step in value else []


def _in_list(value: list[Any], step: str) -> list[Any]:
    if step == "*":
        return list(value)
    if step.isascii() and step.isdigit() and int(step) < len(value):
        return [value[int(step)]]
    return []
