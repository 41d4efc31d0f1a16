"""Plug-ins are loaded one by one; a broken one is put aside with its reason."""

import sys
import types
from importlib.metadata import Distribution, EntryPoint

import pytest
from tests.method import turns, walk, zoo

from enquiry import hookimpl
from enquiry.method.method import Method
from enquiry.method.registry import Quarantined, load

GOOD = walk.METHOD
OTHER = turns.METHOD


class Dist(Distribution):
    """A distribution that is nowhere installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read_text(self, filename: str) -> str | None:
        if filename != "METADATA":
            return None
        return (
            f"Metadata-Version: 2.1\nName: {self._name}\nVersion: 1.2\n"
            f"Project-URL: Homepage, https://{self._name}.example\n"
            f"Project-URL: Issue Tracker, https://{self._name}.example/issues\n"
        )

    def locate_file(self, path):
        return path


@pytest.fixture
def plugin(monkeypatch):
    """Install a module as a plug-in; the answer is its entry point."""

    def install(name: str, dist: str | None = None, **names: object) -> EntryPoint:
        module = types.ModuleType(f"enquiry_test_{name}")
        vars(module).update(names)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        point = EntryPoint(name, module.__name__, "enquiry.v1")
        return point._for(Dist(dist or f"enquiry-{name}"))

    return install


def _bringing(*methods: object):
    @hookimpl
    def enquiry_methods():
        return list(methods)

    return enquiry_methods


def _with(method: Method, **changes) -> Method:
    return type(method)(**{f: getattr(method, f) for f in method.__struct_fields__} | changes)


def test_a_plug_in_brings_its_methods(plugin) -> None:
    registry = load(points=[plugin("walk", enquiry_methods=_bringing(GOOD))])
    assert registry.methods.keys() == {("small-walk", 1)}
    (listed,) = registry.listed
    assert (listed.status, listed.distribution, listed.version) == ("ready", "enquiry-walk", "1.2")
    assert listed.methods == (("small-walk", 1),)
    assert not registry.degraded


def test_several_versions_live_side_by_side(plugin) -> None:
    newer = _with(GOOD, version=2)
    registry = load(points=[plugin("walk", enquiry_methods=_bringing(GOOD, newer))])
    assert registry.latest("small-walk").method.version == 2
    assert registry.methods["small-walk", 1].method.version == 1
    assert registry.latest("no-such-method") is None


def _raises(*_: object) -> object:
    raise RuntimeError("the dog ate it")


def _exits(*_: object) -> object:
    sys.exit(3)


@hookimpl
def enquiry_methodz():
    """A hook whose name is misspelt."""
    return [GOOD]


@hookimpl
def with_default(anything=1):
    """A hook with an argument that is never passed."""
    return [GOOD]


def undecorated():
    """A hook without its mark."""
    return [GOOD]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"enquiry_methods": hookimpl(_raises)}, "the dog ate it"),
        ({"enquiry_methods": hookimpl(_exits)}, "SystemExit"),
        ({"enquiry_methodz": enquiry_methodz}, "enquiry_methodz"),
        ({"enquiry_methods": undecorated}, "declares no hook"),
        ({"enquiry_methods": _bringing("a method")}, "is not a Method"),
        ({"enquiry_methods": _bringing()}, "brings no method"),
        ({"enquiry_methods": _bringing(GOOD, GOOD)}, "twice"),
        ({"enquiry_methods": _bringing(zoo.NEVER_ASKED)}, "M05"),
        ({"enquiry_methods": _bringing(zoo.UNMARKED)}, "M06"),
        ({}, "declares no hook"),
    ],
)
def test_a_broken_plug_in_is_quarantined_and_the_next_one_still_loads(
    plugin, names, reason
) -> None:
    points = [
        plugin("a_broken_one", **names),
        plugin("b_good", enquiry_methods=_bringing(OTHER)),
    ]
    registry = load(points=points)
    broken, good = registry.listed
    assert broken.status == "quarantined"
    assert reason in broken.reason
    assert broken.issues == "https://enquiry-a_broken_one.example/issues"
    assert good.status == "ready"
    assert registry.methods.keys() == {("small-turns", 1)}
    assert registry.degraded


def test_an_import_that_fails_is_the_reason() -> None:
    point = EntryPoint("gone", "enquiry_test_that_is_not_there", "enquiry.v1")
    (listed,) = load(points=[point]).listed
    assert listed.status == "quarantined"
    assert "ModuleNotFoundError" in listed.reason


def test_a_hook_argument_with_a_default_is_refused(plugin) -> None:
    point = plugin("defaulted", enquiry_methods=with_default)
    (listed,) = load(points=[point]).listed
    assert listed.status == "quarantined"
    assert "anything" in listed.reason


def test_a_wrapper_is_refused(plugin) -> None:
    @hookimpl(wrapper=True)
    def enquiry_methods():
        return (yield)

    (listed,) = load(points=[plugin("wrapping", enquiry_methods=enquiry_methods)]).listed
    assert "wrapper" in listed.reason


def test_two_plug_ins_with_one_method_are_both_put_aside(plugin) -> None:
    """Nobody may win by the order of names: the names of facts are permanent."""
    points = [
        plugin("a", enquiry_methods=_bringing(GOOD)),
        plugin("b", enquiry_methods=_bringing(_with(GOOD, version=7))),
        plugin("c", enquiry_methods=_bringing(OTHER)),
    ]
    registry = load(points=points)
    assert [listed.status for listed in registry.listed] == ["quarantined", "quarantined", "ready"]
    assert "also brought by b (enquiry-b)" in registry.listed[0].reason
    assert registry.methods.keys() == {("small-turns", 1)}


def test_a_plug_in_cannot_take_the_place_of_a_built_in(plugin) -> None:
    points = [plugin("walk", enquiry_methods=_bringing(_with(GOOD, version=2)))]
    registry = load(builtins=[GOOD], points=points)
    assert registry.methods.keys() == {("small-walk", 1)}
    assert [listed.status for listed in registry.listed] == ["built-in", "quarantined"]


def test_only_what_is_allowed_is_even_imported(plugin) -> None:
    point = EntryPoint("gone", "enquiry_test_that_is_not_there", "enquiry.v1")
    good = plugin("walk", enquiry_methods=_bringing(GOOD))
    registry = load(points=[point, good], allow=["enquiry-walk"])
    assert [listed.status for listed in registry.listed] == ["blocked", "ready"]
    assert load(points=[point, good], allow=[]).methods == {}


def test_strict_mode_names_every_broken_plug_in(plugin) -> None:
    points = [plugin(name, enquiry_methods=undecorated) for name in ("one", "two")]
    with pytest.raises(Quarantined) as found:
        load(points=points, strict=True)
    assert {listed.name for listed in found.value.plugins} == {"one", "two"}
    assert "enquiry-one" in str(found.value)


def test_the_order_of_entry_points_does_not_matter(plugin) -> None:
    points = [
        plugin("walk", enquiry_methods=_bringing(GOOD)),
        plugin("turns", enquiry_methods=_bringing(OTHER)),
    ]
    assert load(points=points).listed == load(points=points[::-1]).listed
