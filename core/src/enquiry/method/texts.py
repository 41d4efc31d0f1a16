"""Finding, checking, sealing and marking the texts inside an entry."""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from enquiry.method.fields import Field, mark_of

MARK = "\ufdd0"
"""A Unicode noncharacter. No text of a person may hold it, so no text looks like a reference."""


class TextAt(Struct, frozen=True):
    """One text of an entry: where it stands, what it says, what its field says about it."""

    path: tuple[str | int, ...]
    value: str
    field: Field
    owner: Any
    """The struct in which the field stands, to look up its siblings."""

    @property
    def pointer(self) -> str:
        """JSON Pointer of the text within the body."""
        return "".join(f"/{step}" for step in self.path)


class _Slot(Struct, frozen=True):
    name: str
    many: bool
    field: Field | None
    inner: "tuple[_Slot, ...]"


def _resolve(t: Any, field: Field | None) -> tuple[Any, Field | None]:
    """Strip metadata and optionality; keep the innermost field marking."""
    while True:
        if isinstance(t, msgspec.inspect.Metadata):
            field = mark_of(t) or field
            t = t.type
        elif isinstance(t, msgspec.inspect.UnionType):
            rest: list[Any] = [x for x in t.types if not isinstance(x, msgspec.inspect.NoneType)]
            if len(rest) != 1:
                return t, field
            t = rest[0]
        else:
            return t, field


def _slots(struct: msgspec.inspect.StructType) -> tuple[_Slot, ...]:
    found: list[_Slot] = []
    for f in struct.fields:
        t, field = _resolve(f.type, None)
        many = isinstance(t, msgspec.inspect.VarTupleType)
        if isinstance(t, msgspec.inspect.VarTupleType):
            t, field = _resolve(t.item_type, field)
        if isinstance(t, msgspec.inspect.StructType):
            inner = _slots(t)
            if inner:
                found.append(_Slot(f.encode_name, many, None, inner))
        elif isinstance(t, msgspec.inspect.StrType):
            found.append(_Slot(f.encode_name, many, field, ()))
    return tuple(found)


@cache
def slots_of(entry: type[Any]) -> tuple[Any, ...]:
    """The plan by which the texts of this entry type are found."""
    info = msgspec.inspect.type_info(entry)
    return _slots(info) if isinstance(info, msgspec.inspect.StructType) else ()


def texts(entry: Any) -> Iterator[TextAt]:
    """Every text of the entry, in the order of its fields."""
    yield from _walk(entry, slots_of(type(entry)), ())  # pyright: ignore[reportUnknownArgumentType]


def _walk(owner: Any, slots: tuple[_Slot, ...], path: tuple[str | int, ...]) -> Iterator[TextAt]:
    for slot in slots:
        value = getattr(owner, slot.name)
        if value is None or value is msgspec.UNSET:
            continue
        items = enumerate(value) if slot.many else ((None, value),)
        for index, item in items:
            here = (*path, slot.name) if index is None else (*path, slot.name, index)
            if slot.inner:
                yield from _walk(item, slot.inner, here)
            else:
                yield TextAt(here, item, slot.field or Field(slot.name), owner)


def rewrite(entry: Any, change: Callable[[TextAt], str]) -> dict[str, Any]:
    """The entry as plain JSON values, each text replaced by what ``change`` makes of it."""
    plain: dict[str, Any] = _in_lists(msgspec.to_builtins(entry))
    for at in texts(entry):
        holder: Any = plain
        for step in at.path[:-1]:
            holder = holder[step]
        holder[at.path[-1]] = change(at)
    return plain


def _in_lists(value: Any) -> Any:
    """JSON values with lists where msgspec leaves tuples, so that an item can be replaced."""
    if isinstance(value, (tuple, list)):
        return [_in_lists(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {key: _in_lists(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value


def flaw(value: str) -> str | None:
    """What is wrong with a text as such, or ``None``: blank, control or unassigned characters."""
    if not value.strip():
        return "Write something: the text is blank."
    for char in value:
        if char in "\n\t":
            continue
        category = unicodedata.category(char)
        if category in ("Cc", "Cs") or (category == "Cn" and _noncharacter(ord(char))):
            return "The text holds a character that cannot be written or read."
    return None


def _noncharacter(code: int) -> bool:
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def normalised(value: str) -> str:
    """NFC, with white space trimmed from both ends."""
    value = value.strip()
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def unmarked(entry: type) -> list[str]:
    """Names of string fields that say neither whose they are nor why they are nobody's."""

    def look(slots: tuple[_Slot, ...], prefix: str) -> Iterator[str]:
        for slot in slots:
            if slot.inner:
                yield from look(slot.inner, f"{prefix}{slot.name}.")
            elif slot.field is None or not (slot.field.subject or slot.field.why_plain):
                yield prefix + slot.name

    return list(look(slots_of(entry), ""))
