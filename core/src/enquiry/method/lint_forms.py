"""Static checks of the types: what state and facts are made of, what forms say of themselves."""

import enum
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Meta, Struct, structs

from enquiry.method.entry import Entry
from enquiry.method.fields import Field
from enquiry.method.flaw import Flaw
from enquiry.method.method import Method
from enquiry.method.texts import unmarked

_PLAIN = (str, int, bool, UUID, date, datetime, time, timedelta, Decimal, type(None))


def values(method: Method) -> Iterator[Flaw]:
    """M03: frozen structs of plain values, tuples and (in a state) mappings; all with defaults."""
    yield from _struct(method.state, "state", _in_state, set())
    for fact in entries(method):
        yield from _struct(fact, f"{fact.__name__}", _in_entry, set())
    for what, made in (("state", method.state), ("options", method.options)):
        missing = [f.name for f in structs.fields(made) if f.required] if made else []
        if missing:
            yield Flaw("M03", what, f"{missing[0]} needs a default: a stream starts from nothing.")


def entries(method: Method) -> tuple[type[Entry], ...]:
    """Forms and facts of the method, each once, in the order of its moves."""
    forms = [move.entry for move in method.moves]
    return tuple(dict.fromkeys((*forms, *method.facts.values())))


_Complaint = Callable[[Any], str | None]


def _struct(made: type, where: str, judge: _Complaint, seen: set[type]) -> Iterator[Flaw]:
    if made in seen:
        return
    seen.add(made)
    if not made.__struct_config__.frozen:  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        yield Flaw("M03", where, f"{made.__name__} is not frozen.")
    for name, hint in get_type_hints(made, include_extras=True).items():
        if name not in made.__struct_fields__:  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
            continue
        complaint = judge(hint)
        if complaint is not None:
            yield Flaw("M03", f"{where}, field {name}", complaint)
        for inner in _structs_in(hint):
            yield from _struct(inner, f"{where}, field {name}", judge, seen)


def _structs_in(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and issubclass(hint, Struct):
        yield hint
    for inner in get_args(hint):
        yield from _structs_in(inner)


def _bare(hint: Any) -> Any:
    """Without metadata and without ``| None``."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        rest = [t for t in get_args(hint) if t is not type(None)]
        return _bare(rest[0]) if len(rest) == 1 else hint
    return hint


def _is_plain(hint: Any) -> bool:
    if get_origin(hint) is Literal or hint in _PLAIN:
        return True
    return isinstance(hint, type) and issubclass(hint, (enum.Enum, Struct))


def _called(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)


def _in_entry(hint: Any) -> str | None:
    bare = _bare(hint)
    if _is_plain(bare):
        return None
    if get_origin(bare) is not tuple:
        return f"{_called(bare)} has no place in a fact; use plain values, Pieces, tuple[X, ...]."
    items = get_args(bare)
    if len(items) != 2 or items[1] is not Ellipsis or not _is_plain(_bare(items[0])):
        return f"{_called(bare)}: a list is tuple[X, ...] of plain values or pieces."
    if _bare(items[0]) is not _unannotated(items[0]):
        return f"{_called(bare)}: leave out what is missing, in place of an empty item."
    return None


def _unannotated(hint: Any) -> Any:
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return hint


def _in_state(hint: Any) -> str | None:
    bare = _bare(hint)
    if _is_plain(bare):
        return None
    if get_origin(bare) in (tuple, Mapping, frozenset):
        inner = (t for t in get_args(bare) if t is not Ellipsis)
        return next((says for says in map(_in_state, inner) if says is not None), None)
    return f"{_called(bare)} can be changed in place, or is not exact; use a tuple or a Mapping."


def wording(method: Method) -> Iterator[Flaw]:
    """M04: a title for each move, a question for each field of its form, no deep nesting."""
    for move in method.moves:
        where = f"move {move.kind}"
        if not (move.entry.__doc__ or "").strip():
            yield Flaw("M04", where, f"{move.entry.__name__} has no docstring to be its title.")
        for name, hint in _form_fields(move.entry):
            if not _asks(hint):
                says = "it asks nothing; mark it with text(...), plain(...) or ask(...)."
                yield Flaw("M04", f"{where}, field {name}", says)
            yield from _deep(where, name, hint)


def _form_fields(made: type) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(made, include_extras=True)
    for f in structs.fields(cast("type[Struct]", made)):
        yield f.name, hints[f.name]


def _asks(hint: Any) -> bool:
    """Whether the field, or the item it lists, carries a question."""
    metas = [meta for meta in _metas(hint) if isinstance(meta, Meta)]
    marks = [(meta.extra or {}).get("enquiry") for meta in metas]
    return any(isinstance(mark, Field) and mark.ask.strip() for mark in marks)


def _metas(hint: Any) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())
    if get_origin(hint) is Annotated:
        yield from _metas(get_args(hint)[0])
    elif get_origin(hint) in (Union, types.UnionType, tuple):
        for inner in get_args(hint):
            yield from _metas(inner)


def _deep(where: str, name: str, hint: Any) -> Iterator[Flaw]:
    for piece in _structs_in(hint):
        for inner, inner_hint in _form_fields(piece):
            if any(True for _ in _structs_in(inner_hint)):
                says = "a form has rows, and rows have fields; nothing lies deeper."
                yield Flaw("M04", f"{where}, field {name}.{inner}", says)
            if not _asks(inner_hint):
                says = "it asks nothing; mark it with text(...), plain(...) or ask(...)."
                yield Flaw("M04", f"{where}, field {name}.{inner}", says)


def marked(method: Method) -> Iterator[Flaw]:
    """M06: each string of a form or a fact is somebody's, or says why it is nobody's."""
    for entry in entries(method):
        for name in unmarked(entry):
            says = "say whose it is with text(...), or why it is nobody's with plain(because=...)."
            yield Flaw("M06", f"{entry.__name__}, field {name}", says)
        yield from _subjects(entry, entry.__name__)


def _subjects(made: type, where: str) -> Iterator[Flaw]:
    """A text names whose it is by a sibling field; the field must be there and hold a person."""
    siblings = dict(_form_fields(made))
    for name, hint in siblings.items():
        for meta in _metas(hint):
            mark = (meta.extra or {}).get("enquiry") if isinstance(meta, Meta) else None
            if not isinstance(mark, Field) or mark.subject in (None, "by"):
                continue
            if _unannotated(siblings.get(mark.subject or "")) is not UUID:
                says = f"its subject {mark.subject} is not a field with a person's id beside it."
                yield Flaw("M06", f"{where}, field {name}", says)
        for piece in _structs_in(hint):
            yield from _subjects(piece, f"{where}, field {name}")
