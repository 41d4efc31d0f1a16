"""Find the methods that somebody names on the command line."""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import click
from msgspec import Struct

from enquiry.cli.options import allowed, is_strict
from enquiry.kernel.methods import KERNEL
from enquiry.method.hookspecs import GROUP
from enquiry.method.method import Method
from enquiry.method.registry import Registry, Unfit, load, methods_of
from enquiry.testing.subject import Hint, Start
from enquiry.testing.world import World

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

P = ParamSpec("P")
R = TypeVar("R")


def which_methods(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command the arguments that say which methods are meant, and what is kept of them.

    They arrive as ``references: tuple[str, ...]``, ``dist: str | None``, ``about: str | None`` (a
    module with examples) and ``folder: Path``.
    """
    references = click.argument("references", nargs=-1, metavar="[MODULE]...")
    dist = click.option("--dist", help="Only the plug-ins of this distribution.")
    about = click.option(
        "--examples", "about", metavar="MODULE", help="Where WORLD, STARTS and BODIES are."
    )
    folder = click.option(
        "--folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="Where method.lock and tests/histories are.",
    )
    return references(dist(about(folder(function))))


class Examples(Struct, frozen=True):
    """What a plug-in brings for its own examination."""

    world: World | None = None
    starts: Sequence[Start] = ()
    bodies: Mapping[str, Hint] = {}


def registry() -> Registry:
    """Every method that is installed."""
    return load(builtins=KERNEL, allow=allowed(), strict=is_strict())


def methods(references: Collection[str], distribution: str | None) -> tuple[Method, ...]:
    """The methods that are named, or those of every plug-in that is installed.

    Args:
        references: Modules, ``module:NAME``, or paths of Python files.
        distribution: Only plug-ins of this distribution.

    Raises:
        ClickException: one of them cannot be found, imported or used.
    """
    if references:
        return tuple(method for one in references for method in _referred(one))
    points = [p for p in entry_points(group=GROUP) if _wanted(p, distribution)]
    if distribution is not None and not points:
        raise click.ClickException(f"{distribution} brings no plug-in")
    return tuple(method for point in points for method in _brought(point))


def examples(reference: str | None) -> Examples:
    """``WORLD``, ``STARTS`` and ``BODIES`` of a module, as far as it has them."""
    if reference is None:
        return Examples()
    module = _module(reference)
    return Examples(
        getattr(module, "WORLD", None),
        tuple(getattr(module, "STARTS", ())),
        getattr(module, "BODIES", {}),
    )


def _wanted(point: EntryPoint, distribution: str | None) -> bool:
    return distribution is None or (point.dist is not None and point.dist.name == distribution)


def _brought(point: EntryPoint) -> tuple[Method, ...]:
    try:
        return methods_of(point.load(), point.name)
    except Unfit as unfit:
        raise click.ClickException(f"{point.name}: {unfit}") from unfit
    except Exception as error:
        raise click.ClickException(f"{point.name}: {type(error).__name__}: {error}") from error


def _referred(reference: str) -> tuple[Method, ...]:
    where, _, name = reference.rpartition(":") if ":" in reference else (reference, "", "")
    module = _module(where)
    found = [getattr(module, name, None)] if name else list(_in_module(module))
    methods = tuple(method for method in found if isinstance(method, Method))
    if not methods:
        raise click.ClickException(f"{reference}: there is no method")
    return methods


def _in_module(module: Any) -> Iterator[Any]:
    """``METHOD``, or whatever its hook brings, or every method at its top."""
    if isinstance(getattr(module, "METHOD", None), Method):
        yield module.METHOD
    elif hasattr(module, "enquiry_methods"):
        yield from module.enquiry_methods()
    else:
        every = cast("dict[str, object]", vars(module))
        yield from (value for value in every.values() if isinstance(value, Method))


def _module(reference: str) -> Any:
    path = Path(reference)
    try:
        if path.suffix != ".py":
            sys.path.insert(0, str(Path.cwd()))
            return importlib.import_module(reference)
        return _from_file(path)
    except Exception as error:
        raise click.ClickException(f"{reference}: {type(error).__name__}: {error}") from error


def _from_file(path: Path) -> Any:
    name = path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
