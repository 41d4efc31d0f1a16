"""Every label of a method that people read, under a key that stays: for translations.

The English text stands where it is used (a form, a rule, a role). The key says whose label it is
and where it stands, so that a reworded sentence keeps its key and a translator sees what changed.
Labels of the common parts belong to the part and not to each method that uses it.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, cast

from enquiry.method.describe import condition
from enquiry.method.entry import title_of
from enquiry.method.method import Method, Move
from enquiry.method.roles import Role
from enquiry.method.schema import schema_of

Labels = Mapping[str, str]
"""English text by key."""
_PARTS = {
    "enquiry.method": "core",
    "enquiry.kernel.run": "run",
    "enquiry.kernel.enquiry": "enquiry",
    "enquiry.kernel.alliance": "alliance",
}
_KERNEL = "enquiry.kernel"


def owner_of(method: Method, made: Any) -> str:
    """Whose label it is: a part of the kernel's by the module it comes from, else the method's."""
    module: str = getattr(made, "__module__", "") or ""
    for package, part in _PARTS.items():
        if module == package or module.startswith(f"{package}."):
            first, *more = module.removeprefix(package).strip(".").split(".")
            # A package within a part (the norms of an enquiry) has rules by names of its own.
            return f"{part}-{first}" if more else part
    return "run" if module.startswith(f"{_KERNEL}.") else method.id


def words_of(name: str) -> str:
    """A name as words: what people read where no title was given."""
    return name.replace("-", " ").replace("_", " ")


def labels(method: Method) -> dict[str, str]:
    """Every label of the method, in the order in which it is defined."""
    found: dict[str, str] = {}
    for key, text in _labels(method):
        if text:
            put(found, key, text)
    return found


def put(found: dict[str, str], key: str, text: str) -> None:
    """Add a label; a second text of one place (two parts with one rule) is told by its digest."""
    if found.setdefault(key, text) != text:
        found[f"{key}.{short(text)}"] = text


def short(text: str) -> str:
    """Enough of a digest to tell the texts of one place apart: 32 bits, in hexadecimal."""
    return sha256(text.encode()).hexdigest()[:8]


def _labels(method: Method) -> Iterator[tuple[str, str]]:
    yield f"{method.id}.title", method.title
    for role in method.roles:
        yield f"{method.id}.role.{role.name}", role.title or words_of(role.name)
        yield f"{method.id}.role-name.{role.name}", words_of(role.name)
    for track in method.tracks:
        yield f"{method.id}.track.{track.name}", track.title or words_of(track.name)
    stages = (*method.stages, *(stage for track in method.tracks for stage in track.stages))
    for stage in stages:
        place = stage.name if stage.track is None else f"{stage.track}.{stage.name}"
        yield f"{method.id}.stage.{place}", stage.title or words_of(stage.name)
    for move in method.moves:
        yield from _move(method, move)
    for kind, fact in method.facts.items():
        owner = owner_of(method, fact)
        name = kind.rpartition("/")[2]
        yield f"{owner}.fact.{name}.title", title_of(fact)
        yield from _fields(f"{owner}.fact.{name}", schema_of(fact))
    for show in method.shows:
        yield from _show(method, show)
    for view in method.views:
        owner = owner_of(method, view.build)
        yield f"{owner}.view.{view.name}.title", view.title
        for fact, why in view.reveals.items():
            yield f"{method.id}.view.{view.name}.reveals.{_name(fact)}", why


def _move(method: Method, move: Move) -> Iterator[tuple[str, str]]:
    owner = owner_of(method, move.entry)
    here = f"{owner}.move.{move.kind}"
    yield f"{here}.title", move.title
    yield f"{here}.help", move.help
    yield from _fields(here, schema_of(move.entry))
    for rule in move.rules:
        yield f"{owner_of(method, rule.holds)}.rule.{rule.name.strip('_')}", rule.sentence


def _show(method: Method, show: Any) -> Iterator[tuple[str, str]]:
    if show.when is not None:
        name = getattr(show.when, "__name__", "").strip("_<>")
        yield f"{owner_of(method, show.when)}.condition.{name}", condition(show.when)


def _fields(here: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Questions and placeholders, with the path of the field as part of the key."""
    for name, inner in schema.get("properties", {}).items():
        yield from _field(f"{here}.{name}", inner)


def _field(here: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield f"{here}.ask", schema.get("title", "")
    hints = cast("Mapping[str, Any]", schema.get("x-ui") or {})
    yield f"{here}.placeholder", str(hints.get("placeholder") or "")
    yield from _fields(here, schema)
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, Mapping):
            yield from _field(f"{here}.each", cast("Mapping[str, Any]", inner))
    for number, inner in enumerate(schema.get("anyOf", ()), start=1):
        yield from _field(f"{here}.or-{number}", inner)


def _name(fact: Any) -> str:
    return (fact.__records__ or fact.__name__).rpartition("/")[2]


def circles(roles: tuple[Role, ...]) -> dict[str, str]:
    """Labels of the circles around a stream."""
    return {f"circle.{role.name}": role.title or words_of(role.name) for role in roles}
