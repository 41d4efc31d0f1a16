"""Entries: the forms people fill in, and the facts that are recorded.

Where one act is one fact, one class is both: a form that ``records`` a permanent name. A fact that
no form records as it stands is a class of its own, and a handler yields it.
"""

from datetime import datetime
from typing import Any, ClassVar, Self, dataclass_transform
from uuid import UUID

import msgspec
from msgspec import Struct


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _Frozen(type(Struct)):
    """Makes every subclass frozen and keyword-only, without each having to say so."""

    __records__: str | None
    __version__: int
    __unsigned__: bool
    __sealed__: frozenset[str]

    def __new__(
        cls, name: str, bases: tuple[type, ...], space: dict[str, Any], **options: Any
    ) -> Any:
        options.setdefault("frozen", True)
        options.setdefault("kw_only", True)
        options.setdefault("forbid_unknown_fields", True)
        records = options.pop("records", None)
        version = options.pop("version", 1)
        unsigned = options.pop("unsigned", False)
        sealed = options.pop("sealed", ())
        made = super().__new__(cls, name, bases, space, **options)
        made.__records__ = records
        made.__version__ = version
        made.__unsigned__ = unsigned
        made.__sealed__ = frozenset(sealed)
        return made


class Was(Struct, frozen=True):
    """What core knows of a fact when it is folded: who, when, in which order."""

    id: UUID
    """The fact's own id, which is also the id of whatever it brought into being."""
    revision: int
    at: datetime
    """When it was recorded, UTC."""
    by: UUID
    acting_for: UUID | None = None


class State(Struct, metaclass=_Frozen):
    """The least that the rules of a method must remember. It holds no personal value."""

    def but(self, **changes: Any) -> Self:
        """The same, but for these fields."""
        return msgspec.structs.replace(self, **changes)


class Entry(Struct, metaclass=_Frozen):
    """A form, a fact, or both. Its docstring's first line is its title.

    Class arguments: ``records="note-recorded"`` gives the permanent name under which it is recorded
    (without it, it is only a form); ``version=2`` is the version of its shape.

    ``unsigned=True``: what others read of it stands in views alone, without author, order and time.
    For them it is in no history and no notice, and TextGuard's remarks are its author's alone.
    ``sealed=("room",)``: fields that rules need and nobody is shown again, not even the author.
    """

    __records__: ClassVar[str | None]
    __version__: ClassVar[int]
    __unsigned__: ClassVar[bool]
    __sealed__: ClassVar[frozenset[str]]

    def apply(self, s: Any, was: Was) -> Any:
        """The state after this fact. Total and pure: it must never refuse."""
        return s


def title_of(entry: type[Entry]) -> str:
    """The first line of its docstring, which is what people read above the form."""
    return (entry.__doc__ or entry.__name__).strip().splitlines()[0].rstrip(".")


class Piece(Struct, metaclass=_Frozen):
    """A piece of an entry or of a state that has no life of its own."""

    def but(self, **changes: Any) -> Self:
        """The same, but for these fields."""
        return msgspec.structs.replace(self, **changes)
