"""Find the methods that installed plug-ins bring, each plug-in inside its own error boundary.

One that cannot be imported, misspells a hook, or brings a method that fails the static checks is
quarantined: it stays in the list with the reason, and nothing else notices.
"""

import inspect
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

import pluggy
from msgspec import Struct

from enquiry.method import hookspecs
from enquiry.method.compiled import Compiled
from enquiry.method.lint import explain, lint
from enquiry.method.method import Method

Status = Literal["ready", "built-in", "quarantined", "blocked"]


class Listed(Struct, frozen=True):
    """A plug-in as it is shown to whoever operates the platform."""

    name: str
    """Of its entry point, or of the built-in method."""
    distribution: str
    version: str
    status: Status
    reason: str = ""
    """Why it is quarantined or blocked."""
    issues: str = ""
    """Where its authors want to hear of it, from the metadata of the distribution."""
    methods: tuple[tuple[str, int], ...] = ()
    """Id and version of each method that it brings."""


class Registry(Struct, frozen=True):
    """Every method that can be used, and every plug-in that was found."""

    methods: Mapping[tuple[str, int], Compiled]
    """By (id, version)."""
    listed: tuple[Listed, ...]

    def latest(self, id_: str) -> Compiled | None:
        """The newest version of a method, for runs that are opened now."""
        versions = [version for known, version in self.methods if known == id_]
        return self.methods[id_, max(versions)] if versions else None

    @property
    def for_runs(self) -> frozenset[tuple[str, int]]:
        """Id and version of every method by which a run can be opened."""
        return frozenset(known for known, one in self.methods.items() if one.method.stream == "run")

    @property
    def degraded(self) -> bool:
        """Whether any plug-in is quarantined."""
        return any(plugin.status == "quarantined" for plugin in self.listed)


class Quarantined(Exception):
    """Strict mode: at least one plug-in cannot be used. The message names each, with its reason."""

    def __init__(self, plugins: tuple[Listed, ...]) -> None:
        """``plugins``: those that cannot be used."""
        super().__init__("; ".join(f"{p.name} ({p.distribution}): {p.reason}" for p in plugins))
        self.plugins = plugins


class Unfit(Exception):
    """A plug-in does not keep to the contract; the message says in what."""


class _Found(Struct, frozen=True):
    """One plug-in after it was loaded: what it brings, or why it brings nothing."""

    listed: Listed
    compiled: tuple[Compiled, ...] = ()


def load(
    *,
    builtins: Iterable[Method] = (),
    allow: Collection[str] | None = None,
    strict: bool = False,
    points: Iterable[EntryPoint] | None = None,
) -> Registry:
    """Load every plug-in of the group ``enquiry.v1``.

    Args:
        builtins: Methods that are there without a plug-in. A plug-in cannot take their place.
        allow: Names of entry points or distributions that may be loaded; ``None``: all of them.
        strict: Raise when a plug-in is quarantined: for tests and for those who develop one.
        points: Entry points to load in place of the installed ones.

    Raises:
        Quarantined: in strict mode, with every plug-in that cannot be used.
    """
    found = [_built_in(method) for method in builtins]
    named = entry_points(group=hookspecs.GROUP) if points is None else points
    for point in sorted(named, key=lambda p: (p.name, _distribution(p))):
        found.append(_loaded(point, allow))
    found = _without_duplicates(found)
    bad = tuple(one.listed for one in found if one.listed.status == "quarantined")
    if strict and bad:
        raise Quarantined(bad)
    methods = {_key(c.method): c for one in found for c in one.compiled}
    return Registry(methods, tuple(one.listed for one in found))


def _key(method: Method) -> tuple[str, int]:
    return method.id, method.version


def _built_in(method: Method) -> _Found:
    listed = Listed(method.id, "enquiry-core", "", "built-in", methods=(_key(method),))
    return _Found(listed, (Compiled(method),))


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""


def _listed(point: EntryPoint, status: Status, reason: str = "") -> Listed:
    """What the metadata say, before anything is imported."""
    if point.dist is None:
        return Listed(point.name, "", "", status, reason)
    return Listed(
        point.name, point.dist.name, point.dist.version, status, reason, _issues(point.dist)
    )


def _issues(dist: Any) -> str:
    """The tracker that the distribution names, whatever it calls it."""
    for line in dist.metadata.get_all("Project-URL") or ():
        label, _, address = line.partition(",")
        if any(word in label.casefold() for word in ("issue", "bug", "tracker")):
            return address.strip()
    return ""


def _loaded(point: EntryPoint, allow: Collection[str] | None) -> _Found:
    if allow is not None and point.name not in allow and _distribution(point) not in allow:
        return _Found(_listed(point, "blocked", "It is not among the plug-ins to be loaded."))
    try:
        compiled = _compiled(point)
    except Unfit as unfit:
        return _Found(_listed(point, "quarantined", str(unfit)))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's module raises
        return _Found(_listed(point, "quarantined", f"{type(error).__name__}: {error}"))
    listed = _listed(point, "ready")
    brought = tuple(_key(c.method) for c in compiled)
    return _Found(_with(listed, methods=brought), compiled)


def _with(listed: Listed, **changes: Any) -> Listed:
    fields = {name: getattr(listed, name) for name in listed.__struct_fields__}
    return Listed(**{**fields, **changes})


def _compiled(point: EntryPoint) -> tuple[Compiled, ...]:
    methods = methods_of(point.load(), point.name)
    for method in methods:
        flaws = lint(method)
        if flaws:
            raise Unfit(f"{method.id}@{method.version}: {explain(flaws)}")
    return tuple(Compiled(method) for method in methods)


def methods_of(plugin: Any, name: str) -> tuple[Method, ...]:
    """Ask one plug-in, and nobody else, for its methods.

    Raises:
        Unfit: it declares no hook, misspells one, takes arguments that are never passed, or brings
            something that is no method.
        Exception: whatever its hook raises.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise Unfit(str(error)) from error
    callers = manager.get_hookcallers(plugin) or []
    if not callers:
        raise Unfit("it declares no hook: mark enquiry_methods with @hookimpl.")
    for caller in callers:
        for implementation in caller.get_hookimpls():
            _check_signature(implementation)
    return _methods(manager.hook.enquiry_methods())


def _check_signature(implementation: pluggy.HookImpl) -> None:
    name = implementation.plugin_name
    if implementation.wrapper or implementation.hookwrapper:
        raise Unfit(f"{name}: hooks contribute values; a wrapper would change those of others.")
    parameters = inspect.signature(implementation.function).parameters.values()
    defaulted = [p.name for p in parameters if p.default is not inspect.Parameter.empty]
    if defaulted:
        raise Unfit(f"{name}: the argument {defaulted[0]} has a default, so it is never passed.")


def _methods(answers: Any) -> tuple[Method, ...]:
    methods = [method for answer in answers for method in answer]
    for method in methods:
        if not isinstance(method, Method):
            raise Unfit(f"it brings a {type(method).__name__}, which is not a Method.")
    if not methods:
        raise Unfit("it brings no method.")
    twice = [key for key, count in Counter(map(_key, methods)).items() if count > 1]
    if twice:
        raise Unfit(f"it brings {twice[0][0]}@{twice[0][1]} twice.")
    return tuple(methods)


def _without_duplicates(found: list[_Found]) -> list[_Found]:
    """Two plug-ins with the same method id are both put aside: order must never decide.

    The names of facts are permanent and begin with the id, so nobody can tell whose they would be.
    """
    owners: dict[str, list[_Found]] = {}
    for one in found:
        for id_ in dict.fromkeys(c.method.id for c in one.compiled):
            owners.setdefault(id_, []).append(one)
    return [_judged(one, owners) for one in found]


def _judged(one: _Found, owners: Mapping[str, list[_Found]]) -> _Found:
    if one.listed.status == "built-in":
        return one
    for compiled in one.compiled:
        others = [o.listed for o in owners[compiled.method.id] if o is not one]
        if others:
            rival = f"{others[0].name} ({others[0].distribution})"
            reason = f"{compiled.method.id} is also brought by {rival}: remove one of them."
            return _Found(_with(one.listed, status="quarantined", reason=reason, methods=()))
    return one


__all__ = [
    "Listed",
    "Quarantined",
    "Registry",
    "Status",
    "Unfit",
    "load",
    "methods_of",
]
