"""``enquiry labels``: what is translated, what is not, and catalogues brought up to date."""

from importlib.resources import files
from pathlib import Path

import click

from enquiry.cli.named import registry
from enquiry.method.method import Method
from enquiry_api.labels import Coverage, by_package, lint, update


@click.command("labels")
@click.option(
    "--update", "lang", metavar="TAG", help="Bring the catalogues of a language up to date."
)
@click.option("--package", "only", metavar="NAME", help="Only this package.")
def labels_command(lang: str | None, only: str | None) -> None:
    """Say how far the labels of the installed packages are translated.

    Fails if a catalogue names a key that stands for nothing.
    """
    methods = tuple(compiled.method for compiled in registry().methods.values())
    if lang is not None:
        _update(methods, lang, only)
    found = [one for one in lint(methods) if only in (None, one.package)]
    for one in found:
        click.echo(_line(one))
    unknown = [f"{one.package} {one.lang}: {key}" for one in found for key in one.unknown]
    if unknown:
        raise click.ClickException("keys that stand for nothing: " + ", ".join(unknown))


def _line(one: Coverage) -> str:
    reworded = f", {len(one.reworded)} reworded since" if one.reworded else ""
    return f"{one.package:<30} {one.lang:<5} {one.translated} of {one.labels}{reworded}"


def _update(methods: tuple[Method, ...], lang: str, only: str | None) -> None:
    for package, told in by_package(methods).items():
        if only not in (None, package):
            continue
        name, content = update(package, lang, told)
        path = Path(str(files(package))) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
