"""Turning planned facts into bytes: personal values out, references in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method.ctx import Ctx
from enquiry.method.decide import Planned
from enquiry.method.entry import Entry
from enquiry.method.guardrails import has_guarded
from enquiry.method.live import Envelope
from enquiry.method.texts import MARK, TextAt, rewrite, slots_of


class PersonalValue(Struct, frozen=True):
    """A value that is to be sealed beside the body."""

    slot: int
    path: str
    """JSON Pointer of the field within the fact."""
    subject: UUID
    kind: str
    plaintext: str


def separated(entry: Entry, author: UUID) -> tuple[bytes, tuple[PersonalValue, ...]]:
    """The fact as JSON, a numbered reference in place of each personal value; and the values."""
    if not slots_of(type(entry)):
        return msgspec.json.encode(entry), ()
    values: list[PersonalValue] = []

    def part(at: TextAt) -> str:
        subject = _subject(at, author)
        if subject is None:
            return at.value
        slot = len(values)
        values.append(PersonalValue(slot, at.pointer, subject, at.field.kind, at.value))
        return f"{MARK}{slot}"

    return msgspec.json.encode(rewrite(entry, part)), tuple(values)


def body_of(
    planned: Planned,
    data: bytes,
    ctx: Ctx,
    *,
    revision: int,
    salt: bytes,
    lang: str = "",
    keys: Mapping[str, str] | None = None,
) -> bytes:
    """The exact bytes under which a planned fact is stored.

    Args:
        planned: The fact, as ``decide`` planned it.
        data: What ``separated`` made of its entry.
        ctx: The surroundings of the act.
        revision: Its number in its stream.
        salt: 16 random bytes; empty where nothing has to be kept from guessing (tests).
        lang: BCP 47 tag of its texts.
        keys: Commitments of data keys that it is the first to use, by key id.
    """
    envelope = Envelope(
        by=ctx.actor,
        data=msgspec.Raw(data),
        act=ctx.id,
        stream=planned.stream,
        revision=revision,
        version=type(planned.entry).__version__,
        acting_for=ctx.acting_for,
        occurred_at=ctx.occurred_at,
        cast=planned.cast,
        about=planned.about,
        lang=lang,
        words=ctx.words if has_guarded(type(planned.entry)) else "",
        keys=keys or {},
        salt=salt,
        track=planned.track,
    )
    return msgspec.json.encode(envelope)


def _subject(at: TextAt, author: UUID) -> UUID | None:
    name = at.field.subject
    if name is None:
        return None
    if name == "by":
        return author
    subject: Any = getattr(at.owner, name)
    if not isinstance(subject, UUID):
        raise TypeError(f"{at.pointer}: the subject field {name} holds no person")
    return subject


class Ref(Struct, frozen=True):
    """A reference to a sealed value: which event, which slot."""

    position: int
    slot: int


def ref_of(value: str) -> Ref | None:
    """The reference that this string is, or ``None`` for an ordinary string."""
    if not value.startswith(MARK):
        return None
    position, _, slot = value[1:].partition(".")
    return Ref(int(position), int(slot))


def refs_in(value: Any) -> set[Ref]:
    """Every reference inside plain JSON values."""
    found: set[Ref] = set()
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            ref = ref_of(item)
            if ref is not None:
                found.add(ref)
        elif isinstance(item, Mapping):
            todo.extend(item.values())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        elif isinstance(item, (list, tuple)):
            todo.extend(item)  # pyright: ignore[reportUnknownArgumentType]
    return found


def opened(value: Any, texts: Mapping[Ref, Any]) -> Any:
    """The same JSON values with every reference replaced by its text or placeholder."""
    if isinstance(value, str):
        ref = ref_of(value)
        return value if ref is None else texts[ref]
    if isinstance(value, Mapping):
        return {k: opened(v, texts) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return [opened(v, texts) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value
