"""``enquiry methods``: which methods are installed, and what became of each plug-in."""

import click
import msgspec

from enquiry.cli.named import AS_JSON, registry
from enquiry.method.registry import Listed, Quarantined


@click.command("methods")
@AS_JSON
def methods_command(as_json: bool) -> None:
    """List the methods that are installed, and the plug-ins that cannot be used, with the reason.

    ENQUIRY_PLUGINS names the plug-ins to load, separated by commas. With ENQUIRY_STRICT=1 one that
    cannot be used is an error.
    """
    try:
        listed = registry().listed
    except Quarantined as quarantined:
        raise click.ClickException(str(quarantined)) from quarantined
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(listed), indent=2))
        return
    for plugin in listed:
        click.echo(_line(plugin))
        if plugin.reason:
            click.echo(f"    {plugin.reason}")
        if plugin.issues and plugin.status == "quarantined":
            click.echo(f"    Tell its authors: {plugin.issues}")


def _line(plugin: Listed) -> str:
    brought = ", ".join(f"{id_}@{version}" for id_, version in plugin.methods)
    source = f"{plugin.distribution} {plugin.version}".strip()
    return f"{plugin.status:<12} {brought or plugin.name:<28} {source}"
