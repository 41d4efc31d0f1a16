"""``enquiry version``: what is installed, for a report of a problem."""

import platform
from importlib.metadata import distributions

import rich_click as click

from enquiry.engines.programs import NATS_WHEEL, POSTGRES_WHEEL


@click.command("version")
def version_command() -> None:
    """Show the versions of Enquiry, its plug-ins, Python and the engines."""
    for name, number in versions():
        click.echo(f"{name} {number}")


def versions() -> list[tuple[str, str]]:
    """Names and versions: ours first, in alphabetical order, then what they stand on."""
    installed = {found.name: found.version for found in distributions()}
    # Plug-ins from elsewhere follow the custom of the name.
    ours = sorted(item for item in installed.items() if item[0].startswith("enquiry-"))
    wheels = [(name, installed[name]) for name in (POSTGRES_WHEEL, NATS_WHEEL) if name in installed]
    return [*ours, ("python", platform.python_version()), *wheels]
