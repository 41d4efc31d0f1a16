"""``enquiry freeze``: keep the shape of a version, and a history of it, for releases to come."""

from pathlib import Path

import click

from enquiry.cli.named import examples, methods, which_methods
from enquiry.method import lock
from enquiry.method.lock import NAME, Locked
from enquiry.method.method import Method
from enquiry.testing import histories
from enquiry.testing.histories import FOLDER
from enquiry.testing.kit import examination
from enquiry.testing.walker import Walk

_ANEW = click.option("--anew", is_flag=True, help="Replace a version that is frozen already.")


@click.command("freeze")
@which_methods
@_ANEW
def freeze_command(
    references: tuple[str, ...], dist: str | None, about: str | None, folder: Path, anew: bool
) -> None:
    """Write method.lock and a golden history: from then on, checks compare with them.

    Do it when a version is released. It changes no more from then on: a new shape is a new version.
    """
    brought, found = examples(about), methods(references, dist)
    file = folder / NAME
    known = lock.locked(file.read_bytes()) if file.exists() else dict[str, Locked]()
    if not anew:
        for method in found:
            if f"{method.id}@{method.version}" in known and lock.check(method, known):
                says = f"{method.id}@{method.version} is frozen in another shape"
                raise click.ClickException(f"{says}: make a new version, or say --anew")
    file.write_bytes(lock.lock(found, known))
    click.echo(f"{file}: {', '.join(f'{m.id}@{m.version}' for m in found)}")
    for method in found:
        examined = examination(
            method, world=brought.world, bodies=brought.bodies, starts=brought.starts
        )
        examined.flaws("P03")
        _write(method, folder / "tests" / FOLDER, max(examined.walks, key=_richness))


def _richness(walk: Walk) -> tuple[int, int]:
    """A history is worth the more, the more kinds of events it holds."""
    return len({event.kind for event in walk.end.events}), len(walk.end.events)


def _write(method: Method, folder: Path, walk: Walk) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{method.id}-{method.version}.jsonl"
    file.write_bytes(histories.written(walk.end.compiled, walk.end.events))
    click.echo(f"{file}: {len(walk.end.events)} events")
