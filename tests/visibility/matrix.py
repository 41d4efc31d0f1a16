"""The matrix of who sees what (domain 4.1) as a value, read strictly from its file."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML

from enquiry.method.describe import condition
from enquiry.method.method import Method, Show, View

FILE = Path(__file__).with_name("matrix.yaml")
_GRANT = re.compile(
    r"(?P<as>now|then)(?:, since (?P<since>\w+))?(?:, without (?P<hide>[\w ]+))?(?:: (?P<if>.+))?"
)


class Grant(Struct, frozen=True, order=True):
    """That whoever stands in a column reads an object."""

    today: bool
    """Whoever stands there now; else whoever stood there when it was recorded."""
    since: str = ""
    """Only once this stage has been entered."""
    hide: tuple[str, ...] = ()
    """Fields they do not get; ``by`` is the author."""
    condition: str = ""
    """In the words that writers are told; empty: always."""


class Object(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of object: facts that the same people read."""

    name: str
    of: tuple[str, ...] | str
    """The methods it belongs to; ``runs``: every method whose streams are runs."""
    facts: tuple[str, ...]
    line: str = ""
    """The line of the requirement that it is one of."""
    seen: dict[str, tuple[str, ...] | str] = {}
    unsigned: bool = False
    """Others read it in views alone, without author, order and time."""
    sealed: tuple[str, ...] = ()
    """Fields that nobody is shown again, not even the author."""
    numbers: str = ""
    """The view in which those who get numbers only find them."""
    short: dict[str, str] = {}
    """Columns that the line lets read and this object does not, and why that is right."""
    beyond: dict[str, str] = {}
    """Columns that this object lets read and the line does not, and why that is right."""

    def grants(self) -> dict[str, frozenset[Grant]]:
        """By column."""
        found: dict[str, set[Grant]] = {}
        for columns, said in self.seen.items():
            for one in (said,) if isinstance(said, str) else said:
                for column in columns.split(", "):
                    found.setdefault(column, set()).add(_grant(one))
        return {column: frozenset(several) for column, several in found.items()}


def _grant(said: str) -> Grant:
    found = _GRANT.fullmatch(said)
    if found is None:
        raise ValueError(f"{said!r} is no grant")
    hide = tuple(sorted((found["hide"] or "").split()))
    return Grant(found["as"] == "now", found["since"] or "", hide, found["if"] or "")


class Model(Struct, frozen=True, rename={"condition": "if"}, forbid_unknown_fields=True):
    """Who may ask for a read model."""

    to: tuple[str, ...]
    condition: str = ""
    line: str = ""
    numbers: tuple[str, ...] = ()
    """Columns for whom it holds no more than numbers and dates."""
    without: tuple[str, ...] = ()
    """Columns within one of these to whom it is not open all the same."""


class Matrix(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it."""

    viewers: dict[str, str]
    lines: dict[str, dict[str, str]]
    warnings: dict[str, tuple[str, ...]]
    circles: dict[str, str]
    methods: dict[str, dict[str, str]]
    within: dict[str, dict[str, str]]
    """By method: columns whose people stand in another column, too."""
    objects: tuple[Object, ...]
    views: dict[str, dict[str, Model]]
    awaited: dict[str, str]

    def column(self, method: str, role: str) -> str:
        """The column in which a role or circle stands; of a strange one, its name."""
        return self.methods.get(method, {}).get(role) or self.circles.get(role, f"role {role}")

    def columns(self, method: str) -> frozenset[str]:
        """Every column in which anybody can stand, for a method."""
        return frozenset((*self.methods.get(method, {}).values(), *self.circles.values()))

    def object_of(self, method: Method, fact: str) -> Object | None:
        """The object that a fact of a method is; what is said of the method itself comes first."""
        every = [one for one in self.objects if fact in one.facts]
        own = [one for one in every if not isinstance(one.of, str) and method.id in one.of]
        common = [one for one in every if one.of == "runs" and method.stream == "run"]
        return next(iter((*own, *common)), None)

    def grants(self, method: Method, fact: str) -> dict[str, frozenset[Grant]]:
        """Who reads a fact, by column; nobody, if no object says so."""
        found = self.object_of(method, fact)
        there = self.columns(method.id)
        granted = found.grants() if found is not None else {}
        present = {column: grants for column, grants in granted.items() if column in there}
        return self.plain(method, present)

    def plain(
        self, method: Method, grants: dict[str, frozenset[Grant]]
    ) -> dict[str, frozenset[Grant]]:
        """Grants without those that somebody has anyway, by standing in another column."""
        told = dict(grants)
        for column, other in self.within.get(method.id, {}).items():
            told[column] = told.get(column, frozenset()) - told.get(other, frozenset())
        return {column: several for column, several in told.items() if several}

    def models(self, method: Method) -> dict[str, Model]:
        """Who may ask for which view of a method, but for columns that it does not know."""
        common = self.views["runs"] if method.stream == "run" else {}
        return {**common, **self.views.get(method.id, {})}


@cache
def matrix() -> Matrix:
    """The matrix of the file."""
    yaml: Any = YAML(typ="safe", pure=True)
    return msgspec.convert(yaml.load(FILE.read_text("utf-8")), Matrix)


def shown(told: Matrix, method: Method, fact: str) -> dict[str, frozenset[Grant]]:
    """Who reads a fact according to the method's own rows, by column."""
    found: dict[str, set[Grant]] = {}
    kind = method.facts[fact]
    for row in method.shows:
        if row.fact is kind:
            for role in row.to:
                found.setdefault(told.column(method.id, role.name), set()).add(_of(row))
    return told.plain(method, {column: frozenset(grants) for column, grants in found.items()})


def _of(row: Show) -> Grant:
    since = row.since.name if row.since is not None else ""
    said = condition(row.when) if row.when is not None else ""
    return Grant(row.today, since, tuple(sorted(row.hide)), said)


def asked(told: Matrix, method: Method, view: View) -> Model:
    """Who may ask for a view according to the method."""
    within = told.within.get(method.id, {})
    columns = dict.fromkeys(told.column(method.id, role.name) for role in view.to)
    to = tuple(one for one in columns if within.get(one) not in columns)
    left = tuple(one for one, other in within.items() if other in columns and one not in columns)
    return Model(to, condition(view.when) if view.when is not None else "", without=left)


def differences(told: Matrix, method: Method) -> Iterator[str]:
    """What a method grants and the matrix does not, and the other way round, as sentences."""
    for fact in method.facts:
        if fact.startswith("core/"):
            continue
        if told.object_of(method, fact) is None:
            said = _said(told, method, fact)
            yield f"{method.id}: no object holds {fact}; its rows say, rightly or not: {said}"
            continue
        one, made = told.object_of(method, fact), method.facts[fact]
        if one is not None and made.__unsigned__ is not one.unsigned:
            yield f"{method.id}: {fact} is {'' if made.__unsigned__ else 'not '}unsigned"
        if one is not None and not made.__sealed__ <= {*one.sealed}:
            yield f"{method.id}: {fact} seals {sorted(made.__sealed__)}"
        promised, granted = told.grants(method, fact), shown(told, method, fact)
        yield from _compared(f"{method.id}: {fact}", promised, granted)


def _compared(
    what: str, promised: Mapping[str, frozenset[Grant]], granted: Mapping[str, frozenset[Grant]]
) -> Iterator[str]:
    nothing: frozenset[Grant] = frozenset()
    for column in sorted({*promised, *granted}):
        here, there = promised.get(column, nothing), granted.get(column, nothing)
        for grant in sorted(there - here):
            yield f"{what}: a row lets {column} read it, which no cell allows: {words(grant)}"
        for grant in sorted(here - there):
            yield f"{what}: {column} is promised it, and no row grants it: {words(grant)}"


def words(grant: Grant) -> str:
    """A grant as it stands in the file."""
    said = "now" if grant.today else "then"
    said += f", since {grant.since}" if grant.since else ""
    said += f", without {' '.join(grant.hide)}" if grant.hide else ""
    return f"{said}: {grant.condition}" if grant.condition else said


def _said(told: Matrix, method: Method, fact: str) -> dict[str, list[str]]:
    granted = shown(told, method, fact)
    return {column: [words(one) for one in sorted(grants)] for column, grants in granted.items()}
