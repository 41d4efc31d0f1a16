"""Fill in forms at random: within the limits of their fields, with ids and people that exist.

What was accepted before is remembered (which kind of id belongs in which field, which numbers and
words), so that a walk gets through forms that a blind guess would never fill in.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec import inspect as shapes

from enquiry.method.entry import Entry
from enquiry.method.fields import Field, mark_of

Body = dict[str, Any]
_WORDS = ("light", "table", "window", "paper", "circle", "quiet", "slow", "shared", "small")
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


class Known(Struct, frozen=True):
    """An id that exists, and where it comes from."""

    id: UUID
    source: str
    """``person``, ``fact learning-walk/note-recorded``, ``world`` ..."""


class Surroundings(Struct, frozen=True):
    """What a form can refer to at this moment."""

    people: tuple[UUID, ...]
    cast: tuple[UUID, ...]
    """People who hold a role now."""
    ids: tuple[Known, ...]
    """Newest last."""
    words: tuple[str, ...]
    """Strings that mean something here: roles, stages, keys."""
    numbers: tuple[int, ...]
    now: datetime


class Habits:
    """What was accepted so far, by move and field."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.sources: dict[tuple[str, str], list[str]] = {}
        self.values: dict[tuple[str, str], list[Any]] = {}
        self.serial = 0

    def learn(self, kind: str, body: Body, ids: Mapping[str, str]) -> None:
        """Remember a body that was accepted; ``ids`` tells the source of each id."""
        for path, value in leaves(body):
            if isinstance(value, str) and value in ids:
                _keep(self.sources, (kind, path), ids[value])
                if ids[value].endswith("world"):
                    _keep(self.values, (kind, path), value)
            elif isinstance(value, (str, int)) and not _is_text(value):
                _keep(self.values, (kind, path), value)

    def marker(self) -> str:
        """A made-up word that occurs nowhere else, to find a text again by it."""
        self.serial += 1
        number, parts = self.serial, list[str]()
        for _ in range(4):
            number, rest = divmod(number * 37 + 11, len(_SYLLABLES))
            parts.append(_SYLLABLES[rest])
            number += self.serial
        return "".join(parts) + _SYLLABLES[self.serial % len(_SYLLABLES)] + _letters(self.serial)


@cache
def _described(entry: type[Entry]) -> Any:
    return shapes.type_info(entry)


def _letters(number: int) -> str:
    out = ""
    while number:
        number, rest = divmod(number, 26)
        out += chr(ord("a") + rest)
    return f"qu{out}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and " " in value


def _keep(kept: dict[tuple[str, str], list[Any]], key: tuple[str, str], value: Any) -> None:
    known = kept.setdefault(key, [])
    if value not in known:
        known.append(value)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value inside plain JSON values, with its path; items of a list share one."""
    if isinstance(value, Mapping):
        for name, item in cast("Mapping[str, Any]", value).items():
            yield from leaves(item, f"{path}/{name}")
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[Any]", value):
            yield from leaves(item, path)
    else:
        yield path, value


class Pen:
    """Fills in the forms of one move."""

    def __init__(self, kind: str, around: Surroundings, habits: Habits, rng: random.Random) -> None:
        """For one attempt at one move."""
        self._kind = kind
        self._around = around
        self._habits = habits
        self._rng = rng
        self._clock = around.now

    def form(self, entry: type[Entry]) -> Body:
        """A body for this form, as plain JSON values."""
        return self._struct(_described(entry), "")

    def again(self, entry: type[Entry], body: Body, pointer: str | None) -> Body:
        """The same body with the field that was refused filled in afresh, or all of it."""
        name = (pointer or "").strip("/").partition("/")[0]
        anew = self.only(entry, name)
        return {**body, **anew} if anew else self.form(entry)

    def only(self, entry: type[Entry], name: str) -> Body:
        """One field of the form, filled in; nothing where there is no such field."""
        for field in _described(entry).fields:
            if field.encode_name == name:
                return {name: self._value(field.type, f"/{name}", None)}
        return {}

    def _struct(self, info: Any, path: str) -> Body:
        made: Body = {}
        for field in info.fields:
            if not field.required and self._rng.random() < 0.3:
                continue
            here = f"{path}/{field.encode_name}"
            made[field.encode_name] = self._value(field.type, here, None)
        return made

    def _value(self, t: Any, path: str, mark: Field | None) -> Any:
        if isinstance(t, shapes.Metadata):
            return self._value(t.type, path, mark_of(t) or mark)
        if isinstance(t, shapes.UnionType):
            return self._either(t, path, mark)
        if isinstance(t, shapes.StructType):
            return self._struct(t, path)
        if isinstance(t, (shapes.VarTupleType, shapes.ListType)):
            return self._several(t, path, mark)
        if isinstance(t, shapes.UUIDType):
            return str(self._id(path, mark))
        if isinstance(t, shapes.StrType):
            return self._string(t, path, mark)
        if isinstance(t, shapes.IntType):
            return self._number(t, path)
        if isinstance(t, shapes.EnumType):
            return self.pick(member.value for member in t.cls)
        if isinstance(t, shapes.LiteralType):
            return self.pick(t.values)
        make = _SIMPLE.get(cast("type[Any]", type(t)))
        return {} if make is None else make(self)

    def _either(self, t: Any, path: str, mark: Field | None) -> Any:
        some = [one for one in t.types if not isinstance(one, shapes.NoneType)]
        if len(some) < len(t.types) and self._rng.random() < 0.3:
            return None
        return self._value(self._rng.choice(some), path, mark)

    def _several(self, t: Any, path: str, mark: Field | None) -> list[Any]:
        least = t.min_length or 0
        most = min(t.max_length if t.max_length is not None else least + 3, least + 3)
        wanted = self._rng.randint(least, most)
        made: list[Any] = []
        for _ in range(8 * wanted):
            if len(made) == wanted:
                break
            item = self._value(t.item_type, path, mark)
            if item not in made:
                made.append(item)
        return made

    def _id(self, path: str, mark: Field | None) -> UUID:
        """An id that exists: a person where people are asked for, else what was accepted before."""
        if mark is not None and mark.ui == "people":
            inside = self._around.cast if self._rng.random() < 0.6 else ()
            return self._rng.choice(inside or self._around.people)
        same = self._habits.values.get((self._kind, path))
        if same and self._rng.random() < 0.6:
            return UUID(self._rng.choice(same))
        learned = self._habits.sources.get((self._kind, path))
        pool = self._around.ids
        if learned and self._rng.random() < 0.8:
            pool = [known for known in pool if known.source in learned] or pool
        if not pool or self._rng.random() < 0.02:
            return UUID(int=self._rng.getrandbits(128), version=4)
        return self._recent(pool).id

    def _recent(self, pool: Sequence[Known]) -> Known:
        """Any of the kinds of ids first, then one of that kind, rather new than old."""
        sources = list(dict.fromkeys(known.source for known in pool))
        source = self._rng.choice(sources)
        mine = [known for known in pool if known.source == source]
        return mine[-1 - min(int(self._rng.expovariate(0.7)), len(mine) - 1)]

    def _string(self, t: Any, path: str, mark: Field | None) -> str:
        if mark is not None and mark.subject is not None:
            words = f"{self._rng.choice(_WORDS)} {self._habits.marker()} {self._rng.choice(_WORDS)}"
            return words[: t.max_length or 1000].strip()
        learned = self._habits.values.get((self._kind, path), [])
        if learned and self._rng.random() < 0.6:
            return self._rng.choice(learned)
        words = self._around.words or ("1",)
        chosen = self._rng.choice(words)
        return chosen[: t.max_length or 200]

    def _number(self, t: Any, path: str) -> int:
        low = t.ge if t.ge is not None else (t.gt + 1 if t.gt is not None else None)
        high = t.le if t.le is not None else (t.lt - 1 if t.lt is not None else None)
        learned = self._habits.values.get((self._kind, path), [])
        if learned and self._rng.random() < 0.4:
            return self._rng.choice(learned)
        hints = [n for n in self._around.numbers if (low or n) <= n <= (high or n)]
        if hints and self._rng.random() < 0.3:
            return self._rng.choice(hints)
        start = low if low is not None else min(0, high or 0)
        end = high if high is not None else start + 5
        return self._rng.randint(start, min(end, start + 3) if self._rng.random() < 0.7 else end)

    def instant(self) -> str:
        """A time soon; a second one in the same form comes after the first."""
        ahead = self._rng.choice((5, 10, 20, 30, 60, 1440, 10080))
        self._clock += timedelta(minutes=ahead)
        return self._clock.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def day(self) -> str:
        """A day from a week ago to half a year ahead; later ones come later in the form."""
        self._clock += timedelta(days=self._rng.choice((0, 1, 3, 7, 14, 60)))
        return self._clock.date().isoformat()

    def pick(self, values: Iterable[Any]) -> Any:
        """Any of these."""
        return self._rng.choice(list(values))


def _time(pen: Pen) -> str:
    return f"{pen.pick(range(7, 18)):02d}:{pen.pick((0, 15, 30)):02d}:00"


_SIMPLE: Mapping[type, Callable[[Pen], Any]] = {
    shapes.BoolType: lambda pen: pen.pick((True, True, False)),
    shapes.DateTimeType: Pen.instant,
    shapes.DateType: Pen.day,
    shapes.TimeType: _time,
    shapes.TimeDeltaType: lambda pen: f"PT{pen.pick((5, 10, 20))}M",
    shapes.DecimalType: lambda pen: str(pen.pick(range(20))),
    shapes.FloatType: lambda pen: float(pen.pick(range(20))),
}


def uuids_in(value: Any) -> Iterator[UUID]:
    """Every id inside plain JSON values, keys of mappings included."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[Any, Any]", value).items():
            yield from uuids_in(key)
            yield from uuids_in(item)
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[Any]", value):
            yield from uuids_in(item)
    elif isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        try:
            yield UUID(value)
        except ValueError:
            return


def ids_by_path(value: Any, path: str = "") -> Iterator[tuple[str, UUID]]:
    """Ids inside plain JSON values with the place where they stand; items of one kind share it."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            own = list(uuids_in(key))
            yield from ((f"keys of {path}", found) for found in own)
            yield from ids_by_path(item, f"{path}/*" if own else f"{path}/{key}")
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[Any]", value):
            yield from ids_by_path(item, path)
    else:
        yield from ((path, found) for found in uuids_in(value))


def plain(value: Any) -> Any:
    """Plain JSON values of a state; what cannot be encoded says nothing."""
    try:
        return msgspec.to_builtins(value, str_keys=True)
    except (TypeError, ValueError):
        return {}
