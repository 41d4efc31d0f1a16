"""What is recorded, told to people: JSON values as headings, lists and tables; nothing is left out.

Values in, values out. A template writes them; it never decides what they mean.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, cast
from uuid import UUID

from msgspec import Struct

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_COLUMNS_MAX = 6
"""Inclusive: what has more fields is told as a list of them, not as a row."""

Who = Callable[[UUID], str]
"""What somebody is called before this reader; empty for an id that is of no person."""

_WITHHELD = {
    "not-yours": "not shown: you may not read it",
    "value-absent": "deleted: this value alone",
    "key-absent": "not shown: its key is not known; operators must look into it",
    "not-authentic": "not shown: it was altered or moved; operators must look into it",
}


class Shown(Struct, frozen=True):
    """One value, ready to be written."""

    form: Literal["text", "quiet", "time", "id", "list", "fields", "table"]
    """``quiet``: what is not there, or is withheld; ``id``: with the whole id beside it."""
    text: str = ""
    whole: str = ""
    """The machine's form of a time or id."""
    heads: tuple[str, ...] = ()
    """Names of the fields, or of the columns."""
    parts: tuple["Shown", ...] = ()
    """Values of the fields, items of the list, or cells row by row."""

    @property
    def rows(self) -> list[tuple["Shown", ...]]:
        """The cells of a table, row by row."""
        wide = len(self.heads)
        return [self.parts[at : at + wide] for at in range(0, len(self.parts), wide)]


def words(name: str) -> str:
    """A field's name for people: ``opened_at`` is ``Opened at``."""
    plain = name.replace("_", " ").replace("-", " ").strip()
    return plain[:1].upper() + plain[1:]


def day_and_time(at: datetime) -> str:
    """An instant to the second, such as ``9 Nov 2026, 14:05:09 UTC``."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"


def short(id_: object) -> str:
    """The beginning of an id: enough to tell a few apart, never to name one."""
    return str(id_)[:8]


def brief(about: str | None) -> str:
    """What a warning is about: short, if it is an id."""
    if not about:
        return "the whole"
    return short(about) if _ID.fullmatch(about) else about


def shown(value: Any, who: Who) -> Shown:
    """A JSON value, ready to be written."""
    match value:
        case None | "" | []:
            return Shown("quiet", "nothing")
        case Mapping() if not value:
            return Shown("quiet", "nothing")
        case bool():
            return Shown("text", "yes" if value else "no")
        case {"placeholder": str(kind)}:
            return Shown("quiet", _placeholder(kind, cast("Mapping[str, Any]", value)))
        case Mapping():
            fields = cast("Mapping[str, Any]", value)
            heads = tuple(_name(name, who) for name in fields)
            return Shown("fields", heads=heads, parts=_each(fields.values(), who))
        case list() | tuple():
            return _several(cast("Sequence[Any]", value), who)
        case _:
            return _text(str(value), who)


def _each(values: Any, who: Who) -> tuple[Shown, ...]:
    return tuple(shown(one, who) for one in values)


def _placeholder(kind: str, value: Mapping[str, Any]) -> str:
    if kind == "erased":
        return "erased: nobody can read it any more"
    return _WITHHELD.get(str(value.get("reason")), "not shown")


def _name(name: str, who: Who) -> str:
    """A key of a mapping: a field's name, or whatever the mapping is by."""
    return called(name, who) if _ID.fullmatch(name) else words(name)


def called(id_: str, who: Who) -> str:
    """An id as people say it."""
    return who(UUID(id_)) or short(id_)


def _several(values: Sequence[Any], who: Who) -> Shown:
    rows = [cast("Mapping[str, Any]", one) for one in values if isinstance(one, Mapping)]
    heads = tuple(dict.fromkeys(name for row in rows for name in row))
    even = len(rows) == len(values) and "placeholder" not in heads
    flat = all(_is_flat(cell) for row in rows for cell in row.values())
    if even and flat and len(heads) <= _COLUMNS_MAX:
        cells = (row.get(name) for row in rows for name in heads)
        return Shown("table", heads=tuple(map(words, heads)), parts=_each(cells, who))
    return Shown("list", parts=_each(values, who))


def _is_flat(value: Any) -> bool:
    """Whether it fits into a cell."""
    if isinstance(value, Mapping):
        return "placeholder" in value
    if isinstance(value, list | tuple):
        return not any(isinstance(one, Mapping | list | tuple) for one in cast("list[Any]", value))
    return True


def _text(text: str, who: Who) -> Shown:
    if _ID.fullmatch(text):
        name = who(UUID(text))
        return Shown("text", name) if name else Shown("id", short(text), whole=text)
    if _TIME.fullmatch(text):
        return Shown("time", day_and_time(datetime.fromisoformat(text)), whole=text)
    return Shown("text", text)


class Difference(Struct, frozen=True):
    """What is not the same at two moments."""

    where: str
    """Names of the fields that lead to it, such as ``Visits › 2 › Host``."""
    before: str | None
    """``None``: it was not there."""
    after: str | None

    @property
    def says(self) -> str:
        """The same as one word."""
        if self.before is None:
            return "came"
        return "went" if self.after is None else "changed"


def differences(
    before: Any, after: Any, who: Who, at: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """What is not the same, in the order of the later one, what went at the end.

    What came or went as a whole is told as a whole, if it has no parts that have parts.
    """
    if before == after or (_is_nothing(before) and _is_nothing(after)):
        return
    if _is_row(before) and _is_row(after) and not _both_fields(before, after):
        yield Difference(" › ".join(at), _line(before, who), _line(after, who))
        return
    old, new = _parts(before, who), _parts(after, who)
    for name in dict.fromkeys((*new, *old)):
        yield from differences(old.get(name), new.get(name), who, (*at, name))


def _is_nothing(value: Any) -> bool:
    """Whether there is nothing to tell; a number or a no is something."""
    return value is None or (isinstance(value, str | list | tuple | Mapping) and not value)


def _is_row(value: Any) -> bool:
    """Whether it is told in one line: it has no parts, or none of them has."""
    if isinstance(value, Mapping):
        cells = cast("Mapping[str, Any]", value)
        return all(_is_flat(cell) for cell in cells.values())
    return _is_flat(value)


def _both_fields(before: Any, after: Any) -> bool:
    """Whether the two can be compared field by field."""
    return all(isinstance(one, Mapping) and "placeholder" not in one for one in (before, after))


def _line(value: Any, who: Who) -> str | None:
    if _is_nothing(value):
        return None
    told = shown(value, who)
    match told.form:
        case "list":
            return ", ".join(part.text for part in told.parts)
        case "fields":
            named = zip(told.heads, told.parts, strict=True)
            return "; ".join(
                f"{name}: {', '.join(p.text for p in part.parts) or part.text}"
                for name, part in named
                if part.form != "quiet"
            )
        case _:
            return told.text


def _parts(value: Any, who: Who) -> dict[str, Any]:
    """The parts of a value by name; of what is not there, none."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return {_name(name, who): one for name, one in fields.items()}
    if isinstance(value, list | tuple):
        return dict(_numbered(cast("Sequence[Any]", value), who))
    return {} if value is None else {"": value}


def _numbered(values: Sequence[Any], who: Who) -> list[tuple[str, Any]]:
    """Items by the id that each has of its own, else by number: one more at the beginning is then
    not told as a change of everything."""
    ids = [_own_id(one) for one in values]
    if values and None not in ids and len(set(ids)) == len(ids):
        return [(called(cast(str, id_), who), one) for id_, one in zip(ids, values, strict=True)]
    return [(str(number), one) for number, one in enumerate(values, start=1)]


def _own_id(value: Any) -> str | None:
    if isinstance(value, Mapping):
        first = next(iter(cast("Mapping[str, Any]", value).values()), None)
        return first if isinstance(first, str) and _ID.fullmatch(first) else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None
